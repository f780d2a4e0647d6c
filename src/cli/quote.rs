//! `kavak-bot quote`: one credit, to the cent.

use clap::Args;
use rust_decimal::Decimal;

use super::Verdict;
use crate::cli::out::outln;
use crate::config::Settings;
use crate::credit::{Months, Percent, Plan, Policy};
use crate::money::Money;

/// Quote a credit
#[derive(Debug, Args)]
pub(super) struct Quote {
    /// Price of the car in pesos: 280000 or 280000.50
    #[arg(long)]
    price: Money,
    /// Down payment: 60000, or 20%
    #[arg(long)]
    down: String,
    /// Term in months; without it, every term on offer
    #[arg(long)]
    months: Option<u16>,
}

impl Quote {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        let policy = match Policy::load(&settings.policy_path) {
            Ok(policy) => policy,
            Err(error) => {
                eprintln!("{error}");
                return Verdict::Wrong;
            }
        };
        match self.plans(&policy) {
            Ok(plans) => {
                for plan in plans {
                    outln!("{}", line(&plan));
                }
                outln!("Es un estimado; no incluye IVA, comisiones ni seguro.");
                Verdict::Fine
            }
            Err(problem) => {
                eprintln!("{problem}");
                Verdict::Misused
            }
        }
    }

    fn plans(&self, policy: &Policy) -> Result<Vec<Plan>, String> {
        let down_payment = self.down_payment(policy)?;
        let (min, max) = policy.limits(self.price);
        if !(min..=max).contains(&down_payment) {
            return Err(format!("--down must be from {min} to {max} for a car of {}", self.price));
        }
        let offered = policy.terms();
        let terms: Vec<Months> = match self.months {
            None => offered.to_vec(),
            Some(months) => offered.iter().filter(|term| term.get() == months).copied().collect(),
        };
        if terms.is_empty() {
            let offered: Vec<String> = offered.iter().map(ToString::to_string).collect();
            return Err(format!("--months must be one of {}", offered.join(", ")));
        }
        let plan = |term: &Months| policy.plan(self.price, down_payment, *term);
        terms.iter().map(plan).collect::<Result<_, _>>().map_err(|error| error.to_string())
    }

    fn down_payment(&self, policy: &Policy) -> Result<Money, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("--down {}: {error}", self.down);
        match self.down.strip_suffix('%') {
            None => self.down.parse().map_err(|error| wrong(&error)),
            Some(percent) => {
                let percent: Decimal = percent.trim().parse().map_err(|error| wrong(&error))?;
                let percent = Percent::new(percent).map_err(|error| wrong(&error))?;
                Ok(policy.down_payment_of(self.price, percent))
            }
        }
    }
}

fn line(plan: &Plan) -> String {
    format!(
        "{} meses: {} al mes (el último, {}); interés {}, total del crédito {}",
        plan.months(),
        plan.monthly_payment().exact(),
        plan.last_payment().exact(),
        plan.total_interest().exact(),
        plan.total_paid().exact(),
    )
}
