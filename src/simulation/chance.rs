//! Numbers that are drawn, and are the same for the same seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// The chance of one conversation. `ChaCha`'s stream is a published one: it does not change with the
/// version of a crate, and each conversation has one of its own, whoever plays it and when.
#[derive(Debug, Clone)]
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// The chance of conversation `index` of the run with this `seed`.
    pub(super) fn new(seed: u64, index: u64) -> Self {
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        stream.set_stream(index);
        Self(stream)
    }

    /// A number from 0 to `limit` less one; 0 where `limit` is.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).expect("a length fits 64 bits");
        // The remainder favours small numbers by less than one in a billion billion over our limits.
        usize::try_from(self.0.next_u64() % limit).expect("less than a length")
    }

    /// A number of `least..=most`.
    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// Whether something happens that does so `permille` times of a thousand.
    pub(super) fn is(&mut self, permille: u16) -> bool {
        self.below(1_000) < usize::from(permille)
    }

    /// One of `items`, each as likely.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub(super) fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One of `items`, each as likely as its share says.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub(super) fn by_share<'a, T>(&mut self, items: &'a [T], share: impl Fn(&T) -> usize) -> &'a T {
        let mut left = self.below(items.iter().map(&share).sum());
        for item in items {
            if left < share(item) {
                return item;
            }
            left -= share(item);
        }
        &items[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_one_that_old_seeds_mean() {
        let drawn = |seed, index| {
            let mut chance = Chance::new(seed, index);
            [chance.below(1_000), chance.below(1_000), chance.below(1_000)]
        };
        assert_eq!(drawn(7, 0), [635, 994, 745]);
        assert_ne!(drawn(7, 0), drawn(7, 1));
        assert_ne!(drawn(7, 0), drawn(8, 0));
    }

    #[test]
    fn shares_are_kept() {
        let mut chance = Chance::new(1, 1);
        let items = [(0, 1), (1, 3), (2, 0)];
        let mut drawn = [0; 3];
        for _ in 0..4_000 {
            drawn[chance.by_share(&items, |item| item.1).0] += 1;
        }
        assert_eq!(drawn[2], 0);
        assert!((2_800..3_200).contains(&drawn[1]), "{drawn:?}");
    }
}
