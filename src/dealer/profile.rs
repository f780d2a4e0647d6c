//! Who sells: `data/dealer.toml`.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

/// Who sells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// How the bot introduces itself.
    pub name: String,
    /// For whoever asks for a person.
    pub phone: String,
    /// When somebody answers it.
    pub hours: String,
    /// The privacy notice.
    pub privacy_url: String,
    /// Days of silence after which a user's data goes, as customers are told.
    pub retention_days: u16,
    /// Where cars can be seen; the first is the head office.
    pub branches: Vec<Branch>,
}

/// A place where cars can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: String,
    /// Street, number, quarter, postal code.
    pub address: String,
}

/// A dealer file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("cannot read the dealer file {}: {source}", path.display())]
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
    /// A value that no customer could use.
    #[error("{}: {what}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what would be right.
        what: String,
    },
}

impl Profile {
    /// Reads the dealer file at `path`.
    ///
    /// # Errors
    ///
    /// See [`ProfileError`].
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ProfileError::Unreadable { path: path.to_owned(), source })?;
        let profile: Self = toml::from_str(&text).map_err(|source| ProfileError::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        let refused = |what: &str| {
            Err(ProfileError::Refused { path: path.to_owned(), what: what.to_owned() })
        };
        match () {
            () if profile.name.trim().is_empty() => {
                refused("`name` is empty; write the dealer's name")
            }
            () if profile.branches.is_empty() => {
                refused("there is no [[branches]]; write one at least")
            }
            () if !(8..=3650).contains(&profile.retention_days) => {
                refused("`retention_days` must be from 8 to 3650")
            }
            () => Ok(profile),
        }
    }

    /// [`Self::retention_days`] as a length of time.
    #[must_use]
    pub fn retention(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.retention_days))
    }

    /// What templates see as `dealer`.
    #[must_use]
    pub fn seen(&self) -> Value {
        let line =
            |branch: &Branch| format!("{}, {}: {}", branch.name, branch.city, branch.address);
        let branches: Vec<String> = self.branches.iter().map(line).collect();
        let address =
            self.branches.first().map(|branch| format!("{}, {}", branch.address, branch.city));
        json!({
            "name": self.name,
            "phone": self.phone,
            "hours": self.hours,
            "address": address,
            "branches": branches.join("\n"),
            "privacy_url": self.privacy_url,
            "retention_days": self.retention_days,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_dealer_file_reads() {
        let profile = Profile::load(Path::new("data/dealer.toml")).expect("it reads");
        assert_eq!(
            profile.seen()["address"],
            "Calle del Maguey 12, Col. Las Biznagas, 06000, Ciudad de México"
        );
    }
}
