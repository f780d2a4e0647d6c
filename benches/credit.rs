//! Credit: a plan, its whole table, and the price that a monthly payment buys.

use std::path::Path;

use divan::{Bencher, black_box};
use kavak_bot::credit::{Months, Policy};
use kavak_bot::money::Money;

fn main() {
    divan::main();
}

fn policy() -> Policy {
    let text = include_str!("../data/credit_policy.toml");
    Policy::parse(text, Path::new("credit_policy.toml")).expect("our own policy is right")
}

fn months() -> Months {
    Months::new(72).expect("a term")
}

#[divan::bench]
fn plan_of_72_months(bencher: Bencher<'_, '_>) {
    let (policy, months) = (policy(), months());
    let (price, down_payment) = (Money::from_pesos(461_999), Money::from_pesos(100_000));
    bencher.bench(|| policy.plan(black_box(price), down_payment, months));
}

#[divan::bench]
fn plan_and_its_72_rows(bencher: Bencher<'_, '_>) {
    let (policy, months) = (policy(), months());
    let (price, down_payment) = (Money::from_pesos(461_999), Money::from_pesos(100_000));
    bencher.bench(|| {
        let plan = policy.plan(black_box(price), down_payment, months).expect("a plan");
        plan.rows().collect::<Vec<_>>()
    });
}

#[divan::bench]
fn affordable_price(bencher: Bencher<'_, '_>) {
    let (policy, months) = (policy(), months());
    let down_payment = Money::from_pesos(50_000);
    bencher.bench(|| {
        policy.affordable_price(black_box(Money::from_pesos(6_000)), down_payment, months)
    });
}
