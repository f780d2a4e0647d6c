//! What a question asks for, besides its subject: a price, opening hours, a telephone.
//!
//! "¿Cuánto cuesta la grúa?" shares all but one word with a passage about tow trucks, and that word
//! is the question. A passage can answer it only where its author says so.

use serde::Deserialize;

use super::index::{Index, Wanted};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    terms: Vec<String>,
}

/// The terms that ask for something.
pub(super) struct Facets {
    ids: Vec<usize>,
}

impl Facets {
    /// The list of `data/knowledge/`, as far as `index` has its terms.
    pub(super) fn bundled(index: &Index) -> Self {
        let list: List = toml::from_str(include_str!("../../data/knowledge/facets.toml"))
            .expect("a test reads the bundled list");
        Self { ids: list.terms.iter().filter_map(|term| index.id(term)).collect() }
    }

    /// Whether the passage says that it answers all that the question asks for.
    pub(super) fn are_met(&self, index: &Index, wanted: &[Wanted], passage: usize) -> bool {
        let asked = self.ids.iter().filter(|id| wanted.iter().any(|term| term.id == Some(**id)));
        asked.copied().all(|id| index.is_asked(id, passage))
    }
}

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;

    #[test]
    fn a_price_is_only_told_by_who_is_asked_for_prices() {
        let file = "# T\n## a/grua: La grúa\nfuente: x\npreguntas: ¿Cómo pido la grúa del seguro?\n\
            Llama. El precio varía.\n## a/refrendo: El refrendo\nfuente: x\n\
            preguntas: ¿Cuánto cuesta el refrendo?\nCuesta $760.\n";
        let knowledge = Knowledge::parse(file).expect("a good file");
        let name = |question| knowledge.answer(question).map(|passage| passage.name.as_str());
        assert_eq!(name("cómo pido la grúa"), Some("a/grua"));
        assert_eq!(name("qué precio tiene pedir la grúa del seguro"), None);
        assert_eq!(name("qué precio tiene el refrendo"), Some("a/refrendo"));
    }
}
