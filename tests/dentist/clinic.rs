//! The clinic: what it does, when it is open, which hours are given away. It comes from a file.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Clinic {
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) address: String,
    pub(crate) ordinals: Vec<String>,
    pub(crate) treatments: Vec<Treatment>,
    pub(crate) days: Vec<Day>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Treatment {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Folded words, any of which names it.
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Day {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The hours at which an appointment can begin.
    pub(crate) hours: Vec<u32>,
    /// Those that somebody else has.
    pub(crate) taken: Vec<u32>,
}

impl Clinic {
    pub(crate) fn of_the_tests() -> Self {
        toml::from_str(include_str!("clinic.toml")).expect("a clinic")
    }

    pub(crate) fn treatment(&self, id: &str) -> Option<&Treatment> {
        self.treatments.iter().find(|treatment| treatment.id == id)
    }

    pub(crate) fn day(&self, id: &str) -> Option<&Day> {
        self.days.iter().find(|day| day.id == id)
    }

    pub(crate) fn open_days(&self) -> impl Iterator<Item = &Day> {
        self.days.iter().filter(|day| !day.hours.is_empty())
    }
}

impl Day {
    pub(crate) fn free_hours(&self) -> impl Iterator<Item = u32> {
        self.hours.iter().copied().filter(|hour| !self.taken.contains(hour))
    }
}
