//! What the dealer offers: rate, terms, and how much must or may be paid at once.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use crate::money::Money;

use super::annuity::Annuity;
use super::{AnnualRate, MAX_PRINCIPAL, Months, Percent, Plan, PlanError};

/// The most terms a policy may offer: each is a line of the table that customers compare.
const MAX_TERMS: usize = 12;

/// A credit policy, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    annual_rate: AnnualRate,
    terms: Vec<Months>,
    /// Those of the terms, in their order: each is the same for all amounts.
    annuities: Vec<Annuity>,
    min_down: Percent,
    max_down: Percent,
}

/// A policy that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file cannot be read.
    #[error("cannot read the credit policy {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no TOML, or a key is missing, unknown or of the wrong type.
    #[error("{}: {source}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What and where, with the line shown.
        source: Box<toml::de::Error>,
    },
    /// Values out of their bounds, all of them.
    #[error("{}", listed(path, problems))]
    Refused {
        /// The file.
        path: PathBuf,
        /// At least one.
        problems: Vec<PolicyProblem>,
    },
}

/// A value that is out of bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyProblem {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub what: String,
}

impl Policy {
    /// Reads the policy at `path`.
    ///
    /// # Errors
    ///
    /// See [`PolicyError`]: each says the file, what is wrong and what would be right.
    pub fn load(path: &Path) -> Result<Self, PolicyError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| PolicyError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// Reads a policy from `text`; `path` is the name it has in errors.
    ///
    /// # Errors
    ///
    /// As [`Policy::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, PolicyError> {
        let file: PolicyFile = toml::from_str(text).map_err(|source| PolicyError::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        file.checked(text)
            .map_err(|problems| PolicyError::Refused { path: path.to_owned(), problems })
    }

    /// The nominal annual rate.
    #[must_use]
    pub const fn annual_rate(&self) -> AnnualRate {
        self.annual_rate
    }

    /// The terms on offer, shortest first; at least one.
    #[must_use]
    pub fn terms(&self) -> &[Months] {
        &self.terms
    }

    /// The least that must be paid at once, in percent of the price.
    #[must_use]
    pub const fn min_down_percent(&self) -> Percent {
        self.min_down
    }

    /// The most that may be paid at once, in percent of the price.
    #[must_use]
    pub const fn max_down_percent(&self) -> Percent {
        self.max_down
    }

    /// The least and the most down payment for a car of `price`, to the cent.
    #[must_use]
    pub fn limits(&self, price: Money) -> (Money, Money) {
        (self.down_payment_of(price, self.min_down), self.down_payment_of(price, self.max_down))
    }

    /// `percent` of `price`, rounded half up to the cent.
    #[must_use]
    pub fn down_payment_of(&self, price: Money, percent: Percent) -> Money {
        let (numerator, denominator) = percent.fraction();
        price.scaled(numerator, denominator)
    }

    /// The plan of a car of `price` with `down_payment` over `months`. Limits and terms on offer
    /// are the caller's to check, so that it can name them.
    ///
    /// # Errors
    ///
    /// As [`Plan::new`].
    pub fn plan(
        &self,
        price: Money,
        down_payment: Money,
        months: Months,
    ) -> Result<Plan, PlanError> {
        let annuity = self.annuity(months);
        Plan::at(&annuity, price - down_payment, self.annual_rate, months)
    }

    /// What a credit over `months` costs.
    fn annuity(&self, months: Months) -> Cow<'_, Annuity> {
        match self.terms.binary_search(&months) {
            Ok(place) => Cow::Borrowed(&self.annuities[place]),
            Err(_) => Cow::Owned(Annuity::new(self.annual_rate, months)),
        }
    }

    /// The highest price that `monthly` pesos a month buy over `months`, with `down_payment` paid
    /// at once: its payment is at most `monthly`, and the down payment is enough for it.
    ///
    /// Nothing where an amount is negative or over [`MAX_PRINCIPAL`].
    #[must_use]
    pub fn affordable_price(&self, monthly: Money, down_payment: Money, months: Months) -> Money {
        let amounts = Money::ZERO..=MAX_PRINCIPAL;
        if !amounts.contains(&monthly) || !amounts.contains(&down_payment) {
            return Money::ZERO;
        }
        let financed = self.annuity(months).buys(monthly, MAX_PRINCIPAL);
        let wanted = down_payment + financed;
        if self.limits(wanted).0 <= down_payment {
            return wanted;
        }
        highest(wanted, |price| self.limits(price).0 <= down_payment)
    }

    /// The highest price that `monthly` pesos a month buy over `months`, with `percent` of it paid
    /// at once: what to search for while the down payment is not known.
    ///
    /// Nothing where `monthly` is negative or over [`MAX_PRINCIPAL`].
    #[must_use]
    pub fn affordable_price_at(&self, monthly: Money, percent: Percent, months: Months) -> Money {
        if !(Money::ZERO..=MAX_PRINCIPAL).contains(&monthly) {
            return Money::ZERO;
        }
        let financed = self.annuity(months).buys(monthly, MAX_PRINCIPAL);
        highest(MAX_PRINCIPAL, |price| price - self.down_payment_of(price, percent) <= financed)
    }
}

/// The highest amount up to `limit` that `fits`; what is less than one that fits must fit too.
fn highest(limit: Money, fits: impl Fn(Money) -> bool) -> Money {
    let (mut low, mut high) = (0, limit.cents());
    while low < high {
        let middle = high - (high - low) / 2;
        if fits(Money::from_cents(middle)) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Money::from_cents(low)
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    annual_rate: Spanned<String>,
    terms: Spanned<Vec<i64>>,
    min_down_percent: Spanned<i64>,
    max_down_percent: Spanned<i64>,
}

impl PolicyFile {
    fn checked(&self, text: &str) -> Result<Policy, Vec<PolicyProblem>> {
        let mut problems = Vec::new();
        let mut note = |start: usize, what: String| {
            problems.push(PolicyProblem { line: line_of(text, start), what });
        };
        let annual_rate = self.annual_rate.get_ref().parse::<AnnualRate>().map_err(|error| {
            note(self.annual_rate.span().start, format!("annual_rate: {error}"));
        });
        let terms = terms(self.terms.get_ref()).map_err(|what| {
            note(self.terms.span().start, format!("terms: {what}"));
        });
        let mut percent = |name: &str, value: &Spanned<i64>| {
            let written = *value.get_ref();
            // Who pays 100 % at once needs no credit.
            let known = Percent::new(Decimal::from(written)).ok().filter(|_| written < 100);
            known.ok_or_else(|| {
                let what = format!("{name}: {written} is not a whole percentage from 0 to 99");
                note(value.span().start, what);
            })
        };
        let min_down = percent("min_down_percent", &self.min_down_percent);
        let max_down = percent("max_down_percent", &self.max_down_percent);
        if let (Ok(min), Ok(max)) = (min_down, max_down)
            && min > max
        {
            let what =
                format!("max_down_percent: {} is under min_down_percent, {}", max.get(), min.get());
            note(self.max_down_percent.span().start, what);
        }
        match (annual_rate, terms, min_down, max_down) {
            (Ok(annual_rate), Ok(terms), Ok(min_down), Ok(max_down)) if problems.is_empty() => {
                let annuities =
                    terms.iter().map(|months| Annuity::new(annual_rate, *months)).collect();
                Ok(Policy { annual_rate, terms, annuities, min_down, max_down })
            }
            _ => Err(problems),
        }
    }
}

/// The terms of the file, if each is one and they rise.
fn terms(listed: &[i64]) -> Result<Vec<Months>, String> {
    if listed.is_empty() || listed.len() > MAX_TERMS {
        return Err(format!("{} terms; list from 1 to {MAX_TERMS}", listed.len()));
    }
    let month = |term: &i64| u16::try_from(*term).ok().and_then(|term| Months::new(term).ok());
    let terms = listed
        .iter()
        .map(|term| {
            month(term).ok_or_else(|| {
                format!(
                    "{term} is not a term in months; write whole numbers from 1 to {}",
                    Months::MAX
                )
            })
        })
        .collect::<Result<Vec<Months>, String>>()?;
    if terms.is_sorted_by(|left, right| left < right) {
        Ok(terms)
    } else {
        Err("write each term once, shortest first".to_owned())
    }
}

fn line_of(text: &str, position: usize) -> usize {
    text.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}

/// One problem a line: `data/credit_policy.toml:4: what`.
fn listed(path: &Path, problems: &[PolicyProblem]) -> impl fmt::Display {
    let line =
        |problem: &PolicyProblem| format!("{}:{}: {}", path.display(), problem.line, problem.what);
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OURS: &str = include_str!("../../data/credit_policy.toml");

    fn parse(text: &str) -> Result<Policy, PolicyError> {
        Policy::parse(text, Path::new("policy.toml"))
    }

    fn ours() -> Policy {
        parse(OURS).expect("our own policy is right")
    }

    fn months(term: u16) -> Months {
        Months::new(term).unwrap()
    }

    #[test]
    fn a_plan_is_the_same_over_a_term_on_offer_and_over_another() {
        let policy = ours();
        let (price, down_payment) = (Money::from_pesos(218_999), Money::from_pesos(40_000));
        for months in [36, 37, 48, 60, 72, 12].map(months) {
            let plan = policy.plan(price, down_payment, months).unwrap();
            let anew = Plan::new(price - down_payment, policy.annual_rate(), months).unwrap();
            assert_eq!(plan, anew, "{months}");
        }
    }

    #[test]
    fn our_policy_reads_as_it_is_written() {
        let policy = ours();
        assert_eq!(policy.annual_rate().to_string(), "0.10");
        assert_eq!(policy.terms(), [36, 48, 60, 72].map(months));
        let (least, most) = policy.limits(Money::from_pesos(218_999));
        assert_eq!((least.to_string(), most.to_string()), ("21899.90".into(), "197099.10".into()));
    }

    #[test]
    fn a_percentage_of_the_price_is_rounded_half_up() {
        let third = Percent::new(Decimal::new(333, 1)).unwrap();
        let price = Money::from_cents(34_999_999);
        assert_eq!(ours().down_payment_of(price, third), Money::from_cents(11_655_000));
    }

    #[test]
    fn every_wrong_value_is_reported_with_its_line() {
        let text = "annual_rate = \"10\"\nterms = [48, 36]\nmin_down_percent = 95\nmax_down_percent = 120\n";
        let report = parse(text).unwrap_err().to_string();
        let lines: Vec<&str> = report.lines().collect();
        assert_eq!(lines.len(), 3, "{report}");
        assert!(lines[0].starts_with("policy.toml:1: annual_rate: `10` is not an annual rate"));
        assert!(lines[1].starts_with("policy.toml:2: terms: write each term once"));
        assert!(lines[2].starts_with("policy.toml:4: max_down_percent: 120 is not"));
    }

    #[test]
    fn missing_and_unknown_keys_are_named() {
        let missing = parse("annual_rate = \"0.10\"\n").unwrap_err().to_string();
        assert!(missing.contains("policy.toml") && missing.contains("terms"), "{missing}");
        let unknown = parse(&format!("{OURS}\nfee = 3\n")).unwrap_err().to_string();
        assert!(unknown.contains("fee"), "{unknown}");
        let crossed = OURS.replace("min_down_percent = 10", "min_down_percent = 95");
        assert!(parse(&crossed).unwrap_err().to_string().contains("is under min_down_percent"));
    }

    #[test]
    fn a_low_down_payment_bounds_the_price() {
        let price = ours().affordable_price(
            Money::from_pesos(50_000),
            Money::from_pesos(10_000),
            months(72),
        );
        // One cent more and the minimum, 10 %, would round up past the 10,000 that are there.
        assert_eq!(price, Money::from_cents(10_000_004));
        assert_eq!(
            ours().affordable_price(Money::from_pesos(-1), Money::ZERO, months(48)),
            Money::ZERO
        );
    }

    proptest! {
        #[test]
        fn the_affordable_price_is_the_highest(
            monthly in 100_000_i64..=3_000_000,
            percent in 10_i64..=90,
            term in prop::sample::select(vec![36_u16, 48, 60, 72]),
        ) {
            let policy = ours();
            let monthly = Money::from_cents(monthly);
            let percent = Percent::new(percent.into()).unwrap();
            let price = policy.affordable_price_at(monthly, percent, months(term));
            let payment = |price: Money| {
                let down_payment = policy.down_payment_of(price, percent);
                policy.plan(price, down_payment, months(term)).unwrap().monthly_payment()
            };
            prop_assert!(payment(price) <= monthly);
            prop_assert!(payment(price + Money::from_cents(10)) >= monthly);
            prop_assert!(payment(price + Money::from_pesos(10)) > monthly);
            let down_payment = policy.down_payment_of(price, percent);
            let known = policy.affordable_price(monthly, down_payment, months(term));
            prop_assert!(known >= price);
            let plan = policy.plan(known, down_payment, months(term)).unwrap();
            prop_assert!(plan.monthly_payment() <= monthly);
        }
    }
}
