//! Car credit to the cent: what the dealer offers, and what it costs.
//!
//! French system (level payments): the payment is the exact one rounded half up to the cent, the
//! interest of each month is rounded half up, and the last payment takes the difference, so that
//! the balance ends at 0.00. No float takes part.

mod annuity;
mod months;
mod natural;
mod plan;
mod policy;
mod rate;

pub use months::{Months, MonthsError};
pub use plan::{MAX_PRINCIPAL, Plan, PlanError, Row, Rows, YearRow};
pub use policy::{Policy, PolicyError, PolicyProblem};
pub use rate::{AnnualRate, Percent, RateError};
