use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct CaseFile {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    financed: Money,
    months: Months,
    annual_rate: AnnualRate,
    monthly_payment: Money,
    last_payment: Money,
    total_interest: Money,
    total_paid_on_credit: Money,
    first_rows: Vec<CaseRow>,
    last_rows: Vec<CaseRow>,
}

#[derive(Deserialize)]
struct CaseRow {
    month: u16,
    payment: Money,
    interest: Money,
    principal: Money,
    balance: Money,
}

impl From<&CaseRow> for Row {
    fn from(row: &CaseRow) -> Self {
        let CaseRow { month, payment, interest, principal, balance } = *row;
        Self { month, payment, interest, principal, balance }
    }
}

fn plan(principal: Money, rate: &str, months: u16) -> Result<Plan, PlanError> {
    Plan::new(principal, rate.parse().unwrap(), Months::new(months).unwrap())
}

#[test]
fn the_published_cases_agree_to_the_cent() {
    let file: CaseFile =
        serde_json::from_str(include_str!("../../tests/data/amortization_cases.json")).unwrap();
    assert!(file.cases.len() >= 6);
    for case in file.cases {
        let plan = Plan::new(case.financed, case.annual_rate, case.months).unwrap();
        assert_eq!(plan.monthly_payment(), case.monthly_payment, "{}", case.id);
        assert_eq!(plan.last_payment(), case.last_payment, "{}", case.id);
        assert_eq!(plan.total_interest(), case.total_interest, "{}", case.id);
        assert_eq!(plan.total_paid(), case.total_paid_on_credit, "{}", case.id);
        let rows: Vec<Row> = plan.rows().collect();
        let expected = case.first_rows.iter().chain(&case.last_rows);
        for row in expected {
            assert_eq!(rows[usize::from(row.month) - 1], Row::from(row), "{}", case.id);
        }
    }
}

#[test]
fn no_interest_is_a_plain_division() {
    let plan = plan(Money::from_pesos(100), "0", 3).unwrap();
    assert_eq!(plan.monthly_payment(), Money::from_cents(3333));
    assert_eq!(plan.last_payment(), Money::from_cents(3334));
    assert_eq!(plan.total_interest(), Money::ZERO);
}

#[test]
fn half_a_cent_is_rounded_up() {
    // 0.05 in two payments is 0.025 each, exactly half way.
    let plan = plan(Money::from_cents(5), "0", 2).unwrap();
    assert_eq!(plan.monthly_payment(), Money::from_cents(3));
    assert_eq!(plan.last_payment(), Money::from_cents(2));
}

#[test]
fn years_sum_the_months_and_keep_a_part_year() {
    let plan = plan(Money::from_pesos(10_000), "0.10", 18).unwrap();
    let years = plan.years();
    assert_eq!(years.len(), 2);
    assert_eq!(years[0].balance, plan.rows().nth(11).unwrap().balance);
    assert_eq!(years.iter().map(|year| year.payments).sum::<Money>(), plan.total_paid());
    assert_eq!(years[1].balance, Money::ZERO);
}

#[test]
fn what_cannot_be_financed_is_refused() {
    let refused = |cents| plan(Money::from_cents(cents), "0.10", 48).unwrap_err();
    assert_eq!(refused(0), PlanError::Principal(Money::ZERO));
    assert_eq!(refused(-1), PlanError::Principal(Money::from_cents(-1)));
    assert!(matches!(refused(MAX_PRINCIPAL.cents() + 1), PlanError::Principal(_)));
    // 0.36 would be 0.0091… a month: 36 payments of one cent, and then nothing is owed.
    assert!(matches!(refused(36), PlanError::TooSmall { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn every_plan_closes(
        cents in 100_000_i64..=500_000_000,
        rate in 0_u32..=600_000,
        months in 1_u16..=Months::MAX,
    ) {
        let plan = plan(Money::from_cents(cents), &format!("0.{rate:06}"), months);
        // High rates over long terms make rounding errors grow faster than a small credit shrinks.
        prop_assume!(!matches!(plan, Err(PlanError::TooSmall { .. })) || cents > 10_000_000);
        let plan = plan.unwrap();
        let rows: Vec<Row> = plan.rows().collect();
        prop_assert_eq!(rows.len(), usize::from(months));
        prop_assert_eq!(rows.last().unwrap().balance, Money::ZERO);
        prop_assert!(plan.last_payment() > Money::ZERO);
        let mut balance = plan.principal();
        for row in &rows {
            prop_assert!(row.interest >= Money::ZERO && row.principal >= Money::ZERO);
            prop_assert_eq!(row.payment, row.interest + row.principal);
            prop_assert_eq!(row.balance, balance - row.principal);
            balance = row.balance;
        }
        prop_assert_eq!(plan.total_paid(), plan.principal() + plan.total_interest());
        prop_assert_eq!(rows.iter().map(|row| row.payment).sum::<Money>(), plan.total_paid());
        prop_assert_eq!(rows.iter().map(|row| row.principal).sum::<Money>(), plan.principal());
    }

    #[test]
    fn a_dearer_credit_never_costs_less_a_month(
        cents in 1_000_000_i64..=100_000_000,
        more in 0_i64..=10_000,
    ) {
        let payment = |cents| plan(Money::from_cents(cents), "0.10", 48).unwrap().monthly_payment();
        prop_assert!(payment(cents) <= payment(cents + more));
    }
}
