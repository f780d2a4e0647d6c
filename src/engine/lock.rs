//! `flows.lock`: for every published version of a flow, the hash of its structure.
//!
//! Sessions remember a flow's version. Two structures under one version would leave a session at a
//! step that means something else, so a published structure never changes under its number.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::source::{FlowSource, StepSource};

/// The name of the file in the flows' folder.
pub const LOCK_FILE: &str = "flows.lock";

const PREAMBLE: &str = "\
# For each published version of a flow, the hash of its structure. Written by `kavak-bot flows check
# --lock`; not to be edited. Wording is not part of it.
";

/// The hashes of all published versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock(BTreeMap<String, BTreeMap<u32, String>>);

/// A `flows.lock` that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It is no TOML, or a value in it is no hash.
    #[error("{0}")]
    Shape(#[from] toml::de::Error),
    /// A version in it is no number.
    #[error("`{flow}.{version}`: a version is a whole number")]
    Version {
        /// The flow.
        flow: String,
        /// What stands where its version should.
        version: String,
    },
}

impl Lock {
    /// Reads a lock from its text.
    ///
    /// # Errors
    ///
    /// Where the text is no TOML of the form `flow.version = "hash"`.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let tables: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(text)?;
        let mut lock = Self::default();
        for (flow, versions) in tables {
            for (version, hash) in versions {
                let Ok(number) = version.parse() else {
                    return Err(LockError::Version { flow, version });
                };
                lock.0.entry(flow.clone()).or_default().insert(number, hash);
            }
        }
        Ok(lock)
    }

    /// The hash under which a version was published.
    #[must_use]
    pub fn hash(&self, flow: &str, version: u32) -> Option<&str> {
        self.0.get(flow)?.get(&version).map(String::as_str)
    }

    /// Adds the present structure of a flow, unless its version was published before.
    pub fn publish(&mut self, flow: &FlowSource) {
        let versions = self.0.entry(flow.flow.clone()).or_default();
        versions.entry(flow.version).or_insert_with(|| structure_hash(flow));
    }

    /// The text of the lock, the same for the same versions.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = PREAMBLE.to_owned();
        for (flow, versions) in &self.0 {
            for (version, hash) in versions {
                let _ = writeln!(text, "{flow}.{version} = \"{hash}\"");
            }
        }
        text
    }
}

/// The hash of a flow's structure, in hexadecimal: of its keys, names and values in the order of
/// the file, without comments, layout or wording. It is the same on every machine; a release that
/// adds a key to the flow language keeps it by leaving the key out where it is not used.
#[must_use]
pub fn structure_hash(flow: &FlowSource) -> String {
    digest(flow).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The first eight bytes of the hash of one step: tells whether it changed between versions.
#[must_use]
pub(super) fn step_print(step: &StepSource) -> u64 {
    digest(step).iter().take(8).fold(0, |print, byte| (print << 8) | u64::from(*byte))
}

fn digest(source: &impl Serialize) -> impl AsRef<[u8]> + std::ops::Deref<Target = [u8]> {
    let canonical = serde_json::to_vec(source).expect("sources hold only what JSON can say");
    Sha256::digest(&canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(next: &str) -> FlowSource {
        let source = format!(
            r#"{{"flow": "tea", "version": 2, "steps": {{"a": {{"say": "x", "next": "{next}"}}}}}}"#
        );
        serde_json::from_str(&source).expect("a flow")
    }

    #[test]
    fn the_first_hash_of_a_version_stays() {
        let mut lock = Lock::default();
        lock.publish(&flow("a"));
        lock.publish(&flow("b"));
        assert_eq!(lock.hash("tea", 2), Some(structure_hash(&flow("a")).as_str()));
        assert_eq!(Lock::parse(&lock.print()).expect("a lock"), lock);
    }

    #[test]
    fn a_hash_is_the_same_on_every_machine_and_for_every_release() {
        assert_eq!(
            structure_hash(&flow("a")),
            "b142699bf0d21b1fedbe36ac74e9a861607ccb6960ef161b1e324b437c391ba5"
        );
        assert_eq!(step_print(&flow("a").steps["a"]), 7_424_696_154_213_970_849);
    }

    #[test]
    fn what_is_no_lock_says_so() {
        assert!(Lock::parse("tea = 1").is_err());
        assert!(
            Lock::parse("tea.one = \"x\"").expect_err("a version").to_string().contains("tea.one")
        );
    }
}
