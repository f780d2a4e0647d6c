//! What customers want, how they are, and the words they use: `data/simulation/customers.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

/// See the file's own notes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cast {
    pub(super) goals: Vec<Goal>,
    pub(super) personas: Vec<Persona>,
    pub(super) exits: Vec<Exit>,
    pub(super) words: Words,
}

/// What a customer wants.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Goal {
    pub(super) name: String,
    /// Of a hundred customers.
    pub(super) share: usize,
    /// How it begins.
    pub(super) opens: Vec<String>,
    /// What is said where no value is asked for.
    pub(super) insists: Vec<String>,
    /// The steps where the customer has it.
    pub(super) reaches: Vec<String>,
    /// What is said where the way of paying is asked.
    pub(super) pays: Pays,
}

/// How somebody pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Pays {
    Credit,
    Cash,
}

/// How a customer is: of a thousand messages, how many come out so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Persona {
    pub(super) name: String,
    /// Of a hundred customers.
    pub(super) share: usize,
    pub(super) typos: u16,
    pub(super) digresses: u16,
    pub(super) wavers: u16,
    pub(super) orders: u16,
    pub(super) silent: u16,
    pub(super) repeats: u16,
    pub(super) media: u16,
    pub(super) babbles: u16,
    pub(super) taps: u16,
    pub(super) restarts: u16,
}

/// A way out of every step, whatever the flows say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exit {
    pub(super) says: String,
    /// The step where it leads.
    pub(super) leads_to: String,
    /// What the session no longer shows then.
    pub(super) empties: Vec<String>,
}

/// The words for each occasion, with the file's own names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) searches: Vec<String>,
    pub(super) refines: Vec<String>,
    pub(super) more: Vec<String>,
    pub(super) picks: Vec<String>,
    pub(super) credit: Vec<String>,
    pub(super) cash: Vec<String>,
    pub(super) down_payments: Vec<String>,
    pub(super) months: Vec<String>,
    pub(super) prices: Vec<String>,
    pub(super) amounts: Vec<String>,
    pub(super) tiny: Vec<String>,
    pub(super) huge: Vec<String>,
    pub(super) changes: Vec<String>,
    pub(super) digressions: Vec<String>,
    pub(super) babble: Vec<String>,
    pub(super) captions: Vec<String>,
    pub(super) bodies: Vec<String>,
    pub(super) farewells: Vec<Vec<String>>,
    pub(super) orders: Vec<String>,
}

/// The cast that the project ships.
pub(super) static CAST: LazyLock<Cast> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/simulation/customers.toml"))
        .expect("data/simulation/customers.toml is well formed: a test reads it")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cast_reads_and_shares_are_of_a_hundred() {
        assert_eq!(CAST.goals.iter().map(|goal| goal.share).sum::<usize>(), 100);
        assert_eq!(CAST.personas.iter().map(|persona| persona.share).sum::<usize>(), 100);
        assert!(CAST.goals.iter().all(|goal| !goal.opens.is_empty() && !goal.reaches.is_empty()));
    }
}
