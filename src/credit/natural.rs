//! Whole numbers of any size: as much arithmetic as an exact payment takes.

use std::cmp::Ordering;

/// A natural number in base 2⁶⁴, lowest digit first, with no leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Natural(Vec<u64>);

impl Natural {
    /// `base` to the power of `exponent`.
    pub(super) fn power(base: u64, exponent: u16) -> Self {
        let mut power = Self::from(1);
        for _ in 0..exponent {
            power.scale(base);
        }
        power
    }

    /// `self × factor`.
    pub(super) fn times(&self, factor: u64) -> Self {
        let mut digits = Vec::with_capacity(self.0.len() + 1);
        digits.extend_from_slice(&self.0);
        let mut product = Self(digits);
        product.scale(factor);
        product
    }

    /// Becomes `self × factor`.
    fn scale(&mut self, factor: u64) {
        let mut carry = 0;
        for digit in &mut self.0 {
            let product = u128::from(*digit) * u128::from(factor) + u128::from(carry);
            [*digit, carry] = halves(product);
        }
        self.0.push(carry);
        self.trim();
    }

    /// `self - other`, which must not be the larger one.
    pub(super) fn minus(&self, other: &Self) -> Self {
        debug_assert!(other <= self, "a natural number has no sign");
        let mut borrow = false;
        let digits = self
            .0
            .iter()
            .enumerate()
            .map(|(place, &digit)| {
                let taken = other.0.get(place).copied().unwrap_or(0);
                let (without, under) = digit.overflowing_sub(taken);
                let (rest, under_again) = without.overflowing_sub(u64::from(borrow));
                borrow = under || under_again;
                rest
            })
            .collect();
        Self::trimmed(digits)
    }

    fn trimmed(digits: Vec<u64>) -> Self {
        let mut number = Self(digits);
        number.trim();
        number
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

impl From<u64> for Natural {
    fn from(value: u64) -> Self {
        Self::trimmed(vec![value])
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_size = self.0.len().cmp(&other.0.len());
        by_size.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The low and the high 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "halving is what it is for")]
const fn halves(value: u128) -> [u64; 2] {
    [value as u64, (value >> 64) as u64]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn natural(value: u128) -> Natural {
        Natural::trimmed(halves(value).to_vec())
    }

    #[test]
    fn powers_grow_past_a_machine_word() {
        assert_eq!(Natural::power(2, 128), Natural(vec![0, 0, 1]));
        assert_eq!(Natural::power(7, 0), Natural::from(1));
        assert_eq!(Natural::from(0).times(9), Natural::from(0));
    }

    proptest! {
        #[test]
        fn it_agrees_with_128_bits(
            left in 0..=u128::from(u64::MAX),
            factor in any::<u64>(),
            other in any::<u128>(),
        ) {
            let product = left * u128::from(factor);
            prop_assert_eq!(natural(left).times(factor), natural(product));
            prop_assert_eq!(natural(product).cmp(&natural(other)), product.cmp(&other));
            let (high, low) = (product.max(other), product.min(other));
            prop_assert_eq!(natural(high).minus(&natural(low)), natural(high - low));
        }
    }
}
