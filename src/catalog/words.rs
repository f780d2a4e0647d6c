//! What the words of a make, a model and a version say about a car.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::text::fold;

use super::name::key;
use super::{Body, Feature, Transmission};

/// The word lists for bodies, transmissions and features: `bodies.toml`, `transmissions.toml` and
/// `features.toml`.
#[derive(Debug)]
pub struct Words {
    models: HashMap<String, HashMap<String, Body>>,
    known: Vec<KnownModel>,
    shapes: Vec<Shape>,
    automatic: Vec<Phrase>,
    manual: Vec<Phrase>,
    /// What a version tells beside the columns of the file.
    features: [(Feature, Vec<Phrase>); 2],
}

/// A model of the Mexican market, on sale here or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownModel {
    /// Its make, as the list spells it.
    pub make: String,
    /// Its name, as the list spells it.
    pub model: String,
    /// Its usual shape.
    pub body: Body,
}

/// A word list that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// The file cannot be read.
    #[error("cannot read the word list {}: {source}", path.display())]
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
    /// One model stands under two bodies, so that neither can be believed.
    #[error("{}: {make} {model} stands under two bodies; keep one", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// Its make.
        make: String,
        /// The model.
        model: String,
    },
}

/// Words of a version that tell the body, and the listed bodies that they may correct: `5 PTAS`
/// makes a hatchback of a sedan, and leaves an SUV alone.
#[derive(Debug)]
struct Shape {
    phrases: Vec<Phrase>,
    body: Body,
    corrects: Vec<Body>,
}

/// One or several words in a row, folded.
type Phrase = Vec<String>;

impl Words {
    /// The lists that come with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static WORDS: LazyLock<Words> = LazyLock::new(|| {
            let bodies = include_str!("../../data/catalog/bodies.toml");
            let transmissions = include_str!("../../data/catalog/transmissions.toml");
            let features = include_str!("../../data/catalog/features.toml");
            let folder = Path::new("data/catalog");
            Words::parse([bodies, transmissions, features], folder)
                .expect("a test reads the lists we ship")
        });
        &WORDS
    }

    /// Reads the lists in `folder`.
    ///
    /// # Errors
    ///
    /// A list that is missing, malformed, or in conflict with itself.
    pub fn load(folder: &Path) -> Result<Self, WordsError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).map_err(|source| WordsError::Unreadable { path, source })
        };
        Self::parse([&read(BODIES)?, &read(TRANSMISSIONS)?, &read(FEATURES)?], folder)
    }

    /// Reads the texts of the lists, in the order of [`Self`]'s own words.
    fn parse(
        [bodies, transmissions, features]: [&str; 3],
        folder: &Path,
    ) -> Result<Self, WordsError> {
        let malformed = |name: &str, source| WordsError::Malformed {
            path: folder.join(name),
            source: Box::new(source),
        };
        let bodies: BodiesFile =
            toml::from_str(bodies).map_err(|source| malformed(BODIES, source))?;
        let transmissions: TransmissionsFile =
            toml::from_str(transmissions).map_err(|source| malformed(TRANSMISSIONS, source))?;
        let features: FeaturesFile =
            toml::from_str(features).map_err(|source| malformed(FEATURES, source))?;
        Ok(Self {
            models: by_name(&bodies.models).map_err(|(make, model)| WordsError::Twice {
                path: folder.join(BODIES),
                make,
                model,
            })?,
            known: known(&bodies.models),
            shapes: bodies.words.iter().map(ShapeSource::resolved).collect(),
            automatic: phrases(&transmissions.automatic),
            manual: phrases(&transmissions.manual),
            features: [
                (Feature::FourWheelDrive, phrases(&features.four_wheel_drive)),
                (Feature::Diesel, phrases(&features.diesel)),
            ],
        })
    }

    /// Every model that the lists know, in the order of make and model.
    #[must_use]
    pub fn known_models(&self) -> &[KnownModel] {
        &self.known
    }

    /// Whether a make has a model of this name, both as [`key`]s, on sale or not.
    pub(super) fn is_model_of(&self, make: &str, model: &str) -> bool {
        self.models.get(make).is_some_and(|models| models.contains_key(model))
    }

    /// The shape of a car: what its version's words say, where they may correct the list of
    /// models; else what the list says of the model, or of its first words (`Jetta Clásico` is a
    /// `Jetta`).
    pub(super) fn body(&self, make: &str, model: &str, version: &str) -> Option<Body> {
        let listed = self.listed(make, model);
        let words = [cut(model), cut(version)].concat();
        let told = self.shapes.iter().find(|shape| {
            let may = listed.is_none_or(|body| shape.corrects.contains(&body));
            may && shape.phrases.iter().any(|phrase| says(&words, phrase))
        });
        told.map(|shape| shape.body).or(listed)
    }

    /// The gearbox that `version` tells. Automatic wins where both are named, since the short
    /// words for manual also name trims (`GLI STD AUTO`).
    pub(super) fn transmission(&self, version: &str) -> Option<Transmission> {
        let words = cut(version);
        let told = |phrases: &[Phrase]| phrases.iter().any(|phrase| says(&words, phrase));
        if told(&self.automatic) {
            Some(Transmission::Automatic)
        } else {
            told(&self.manual).then_some(Transmission::Manual)
        }
    }

    /// The features that `version` tells, as bits.
    pub(super) fn features(&self, version: &str) -> u8 {
        let words = cut(version);
        let told = self
            .features
            .iter()
            .filter(|(_, phrases)| phrases.iter().any(|phrase| says(&words, phrase)));
        told.fold(0, |bits, (feature, _)| bits | feature.bit())
    }

    fn listed(&self, make: &str, model: &str) -> Option<Body> {
        let models = self.models.get(&key(make))?;
        let mut rest = model.trim();
        loop {
            if let Some(body) = models.get(&key(rest)) {
                return Some(*body);
            }
            rest = rest.rsplit_once(' ')?.0.trim_end();
        }
    }
}

const BODIES: &str = "bodies.toml";
const TRANSMISSIONS: &str = "transmissions.toml";
const FEATURES: &str = "features.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodiesFile {
    words: Vec<ShapeSource>,
    /// Body, make, models.
    models: HashMap<Body, HashMap<String, Vec<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeSource {
    body: Body,
    says: Vec<String>,
    corrects: Vec<Body>,
}

impl ShapeSource {
    fn resolved(&self) -> Shape {
        let Self { body, says, corrects } = self;
        Shape { phrases: phrases(says), body: *body, corrects: corrects.clone() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransmissionsFile {
    automatic: Vec<String>,
    manual: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeaturesFile {
    four_wheel_drive: Vec<String>,
    diesel: Vec<String>,
}

/// Make and model to body, or the first make and model that has two.
fn by_name(
    listed: &HashMap<Body, HashMap<String, Vec<String>>>,
) -> Result<HashMap<String, HashMap<String, Body>>, (String, String)> {
    let mut names: HashMap<String, HashMap<String, Body>> = HashMap::new();
    for (body, makes) in listed {
        for (make, models) in makes {
            let known = names.entry(key(make)).or_default();
            for model in models {
                if known.insert(key(model), *body).is_some_and(|other| other != *body) {
                    return Err((make.clone(), model.clone()));
                }
            }
        }
    }
    Ok(names)
}

fn known(listed: &HashMap<Body, HashMap<String, Vec<String>>>) -> Vec<KnownModel> {
    let mut known = Vec::new();
    for (body, makes) in listed {
        for (make, models) in makes {
            known.extend(models.iter().map(|model| KnownModel {
                make: make.clone(),
                model: model.clone(),
                body: *body,
            }));
        }
    }
    known.sort_by(|left, right| (&left.make, &left.model).cmp(&(&right.make, &right.model)));
    known
}

fn phrases(listed: &[String]) -> Vec<Phrase> {
    listed.iter().map(|phrase| cut(phrase)).collect()
}

/// The folded words of `text`: runs of letters and digits.
fn cut(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn says(words: &[String], phrase: &[String]) -> bool {
    words.windows(phrase.len()).any(|window| window == phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_in_the_folder_are_those_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/catalog");
        let words = Words::load(&folder).unwrap();
        assert_eq!(words.models, Words::built_in().models);
        assert!(!words.automatic.is_empty() && !words.manual.is_empty());
    }

    #[test]
    fn no_phrase_is_empty() {
        let words = Words::built_in();
        let shapes = words.shapes.iter().flat_map(|shape| &shape.phrases);
        let features = words.features.iter().flat_map(|(_, phrases)| phrases);
        for phrase in shapes.chain(&words.automatic).chain(&words.manual).chain(features) {
            assert!(!phrase.is_empty());
        }
    }

    #[test]
    fn the_version_corrects_the_model_within_reason() {
        let body = |make, model, version| Words::built_in().body(make, model, version);
        assert_eq!(body("Mazda", "Mazda 3", "2.5 I SPORT AUTO"), Some(Body::Sedan));
        assert_eq!(body("Mazda", "Mazda 3", "2.5 HATCHBACK S GT TA"), Some(Body::Hatchback));
        assert_eq!(body("VOLKSWAGEN", "gol", "1.6 5 PTAS. TRENDLINE"), Some(Body::Hatchback));
        assert_eq!(body("Toyota", "RAV4", "2.5 LE 5 PTAS AT"), Some(Body::Suv));
        assert_eq!(body("BMW", "Serie 4", "2.0 420I GRAN COUPE SPORT AUTO"), Some(Body::Sedan));
        assert_eq!(body("Mini", "Cooper", "1.5 CABRIO AUTO"), Some(Body::Convertible));
        assert_eq!(body("Volkswagen", "Jetta Clásico", "2.0 CL"), Some(Body::Sedan));
        assert_eq!(body("Acme", "Nada", "1.0"), None);
        assert_eq!(body("Acme", "Nada", "1.0 SEDÁN"), Some(Body::Sedan));
    }

    #[test]
    fn the_version_tells_the_gearbox_or_nothing() {
        let told = |version| Words::built_in().transmission(version);
        for version in ["1.6 ADVANCE AUTO", "2.0 SEDAN I TA", "1.4 COOL S TRONIC", "1.6 GT DCT"] {
            assert_eq!(told(version), Some(Transmission::Automatic), "{version}");
        }
        for version in ["1.6 EX MT", "2.0 CL TM", "1.6 STD"] {
            assert_eq!(told(version), Some(Transmission::Manual), "{version}");
        }
        for version in ["1.0 LS A", "3.5 LX", "2.0 AUTOMOTRIZ", "1.4 ACTIV D"] {
            assert_eq!(told(version), None, "{version}");
        }
    }

    #[test]
    fn the_version_tells_four_driven_wheels_and_diesel() {
        let told = |version| Words::built_in().features(version);
        let (four, diesel) = (Feature::FourWheelDrive.bit(), Feature::Diesel.bit());
        assert_eq!(told("2.8 DIESEL DOBLE CABINA SR AT 4WD"), four | diesel);
        assert_eq!(told("2.0 TRACK & FUN TIPTRONIC 4MOTION"), four);
        assert_eq!(told("2.5 LE DOBLE CABINA DIESEL TM"), diesel);
        assert_eq!(told("2.5 PRO-4X AUTO 4X2"), 0);
    }

    #[test]
    fn a_model_under_two_bodies_is_refused() {
        let bodies = "words = []\n[models.sedan]\nKia = [\"Rio\"]\n[models.suv]\nKia = [\"rio\"]\n";
        let gearboxes = "automatic = []\nmanual = []\n";
        let features = "four_wheel_drive = []\ndiesel = []\n";
        let error = Words::parse([bodies, gearboxes, features], Path::new("lists")).unwrap_err();
        assert!(matches!(error, WordsError::Twice { .. }), "{error}");
    }
}
