//! Figures of one kind about one thing that differ between two passages, or between the title, the
//! text and the detail of one.
//!
//! Two figures are about one thing where they count the same unit and share a word next to them
//! ("garantía de 3 meses", "3 meses de garantía"), or stand in runs that share another figure ("7
//! días o 300 km", "10 días o 300 km"), and no year or name parts them ("en 2025", "según
//! Banxico"). Who gives a range or several figures may be quoted in part: two passages contradict
//! each other where each has a figure that the other lacks.

use std::collections::BTreeSet;

use super::figure::{Figure, figures};
use super::lexicon::Lexicon;
use super::passage::Entry;
use super::problem::{Problem, ProblemKind};

/// A title, a text or a detail, with its figures.
struct Statement<'a> {
    entry: &'a Entry,
    figures: Vec<Figure>,
    /// Where each line stands.
    lines: &'a [usize],
}

/// Every contradiction that is not told by `difiere:`, at the later of its two places, and every
/// `difiere:` that names no passage.
pub(super) fn contradictions(lexicon: &Lexicon, entries: &[Entry]) -> Vec<Problem> {
    let mut problems = misnamed(entries);
    let statements: Vec<Statement> =
        entries.iter().flat_map(|entry| statements(lexicon, entry)).collect();
    let mut told = BTreeSet::new();
    for (position, later) in statements.iter().enumerate() {
        for earlier in &statements[..position] {
            if is_meant(earlier.entry, later.entry) {
                continue;
            }
            let Some((first, second)) = clash(&earlier.figures, &later.figures) else { continue };
            let names = (&earlier.entry.passage.name, &later.entry.passage.name);
            if told.insert((names, first.unit.clone())) {
                let kind = ProblemKind::Contradiction {
                    here: second.written.clone(),
                    other: names.0.clone(),
                    there: first.written.clone(),
                    line: earlier.line(first),
                };
                problems.push(Problem { file: 0, line: later.line(second), kind });
            }
        }
    }
    problems
}

fn statements<'a>(lexicon: &Lexicon, entry: &'a Entry) -> Vec<Statement<'a>> {
    let passage = &entry.passage;
    let detail = passage.detail.as_deref().unwrap_or_default();
    let texts: [(&str, &'a [usize]); 3] =
        [(&passage.title, &[]), (&passage.text, &entry.text_lines), (detail, &entry.detail_lines)];
    let read = |(text, lines)| {
        let figures = figures(lexicon, &passage.title, text);
        Statement { entry, figures, lines }
    };
    texts.into_iter().map(read).filter(|statement| !statement.figures.is_empty()).collect()
}

impl Statement<'_> {
    fn line(&self, figure: &Figure) -> usize {
        self.lines.get(figure.line).copied().unwrap_or(self.entry.line)
    }
}

/// A figure of each that the other lacks, about one thing.
fn clash<'a>(left: &'a [Figure], right: &'a [Figure]) -> Option<(&'a Figure, &'a Figure)> {
    left.iter().find_map(|first| {
        let second = right.iter().find(|second| {
            first.value != second.value
                && are_about_one_thing(left, first, right, second)
                && lacks(left, first, right)
                && lacks(right, second, left)
        })?;
        Some((first, second))
    })
}

/// Whether `others` give no figure like this one, of `own`.
fn lacks(own: &[Figure], figure: &Figure, others: &[Figure]) -> bool {
    !others
        .iter()
        .any(|other| other.value == figure.value && are_about_one_thing(own, figure, others, other))
}

fn are_about_one_thing(left: &[Figure], one: &Figure, right: &[Figure], other: &Figure) -> bool {
    let parted = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
    };
    if one.unit != other.unit
        || parted(&one.years, &other.years)
        || parted(&one.names, &other.names)
    {
        return false;
    }
    !one.subject.is_disjoint(&other.subject) || are_twins(left, one, right, other)
}

/// Whether the runs of the two share a figure that counts something else.
fn are_twins(left: &[Figure], one: &Figure, right: &[Figure], other: &Figure) -> bool {
    let beside = |figures: &[Figure], figure: &Figure| -> Vec<(String, rust_decimal::Decimal)> {
        let run = figures.iter().filter(|near| near.run == figure.run && near.unit != figure.unit);
        run.map(|near| (near.unit.clone(), near.value)).collect()
    };
    let others = beside(right, other);
    beside(left, one).iter().any(|near| others.contains(near))
}

/// Whether one of the two says that it differs from the other.
fn is_meant(one: &Entry, other: &Entry) -> bool {
    let says = |one: &Entry, other: &Entry| {
        one.differs.iter().any(|named| named.text == other.passage.name)
    };
    says(one, other) || says(other, one)
}

fn misnamed(entries: &[Entry]) -> Vec<Problem> {
    let is_known = |name: &str| entries.iter().any(|entry| entry.passage.name == name);
    let named = entries.iter().flat_map(|entry| &entry.differs);
    named
        .filter(|named| !is_known(&named.text))
        .map(|named| {
            let kind = ProblemKind::UnknownPassage { name: named.text.clone() };
            Problem { file: 0, line: named.line, kind }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::context;

    /// What is told of two passages with these texts.
    fn told(first: &str, second: &str) -> Vec<String> {
        let file =
            format!("# T\n## a/b: Uno\nfuente: x\n{first}\n## c/d: Dos\nfuente: x\n{second}\n");
        let entries = context::read(&file).expect("a good file").entries;
        contradictions(&Lexicon::bundled(), &entries).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn different_figures_about_one_thing_are_told() {
        for (first, second) in [
            ("Incluye garantía de 3 meses.", "La garantía es de 6 meses."),
            ("Incluye garantía de 3 meses.", "Te dan seis meses de garantía."),
            ("Tienes 7 días o 300 km de prueba.", "Tienes 10 días o 300 km para probarlo."),
            ("Pasa una inspección de 240 puntos.", "La inspección revisa 250 puntos."),
            ("Profeco: 55 5568 8722.", "Llama a Profeco al 55 5568 8711."),
            ("La tasa es de 10 % anual.", "Con una tasa fija de 12 %."),
            ("El refrendo cuesta $760.", "Se pagan $810 de refrendo."),
            ("Revisa que tenga garantía de un año.", "Garantía de 24 meses."),
        ] {
            assert_eq!(told(first, second).len(), 1, "{first} {second}");
            assert_eq!(told(second, first).len(), 1, "{second} {first}");
        }
    }

    #[test]
    fn the_finding_says_both_places_and_what_to_do() {
        assert_eq!(
            told("Va.\nGarantía de 3 meses.", "Garantía de 6 meses."),
            ["line 8: this says “6 meses” and `a/b` says “3 meses” of the same thing on line 5; \
                 correct one, or write `difiere: a/b` where the sources disagree and the text says so"]
        );
    }

    #[test]
    fn other_things_other_years_and_parts_of_a_range_are_no_contradiction() {
        for (first, second) in [
            ("Garantía de 3 meses.", "El apartado dura 3 días."),
            ("Garantía de tres meses.", "Garantía de 3 meses."),
            ("Garantía de un año.", "Garantía de 12 meses."),
            ("El refrendo costó $700 en 2025.", "El refrendo cuesta $760 en 2026."),
            ("Conviene un enganche de 10 a 30 %.", "Se pide enganche de 10 %."),
            ("Pide 10 % de enganche según Banxico.", "Pide 20 % de enganche según CONDUSEF."),
        ] {
            assert_eq!(told(first, second), Vec::<String>::new());
        }
    }

    #[test]
    fn the_detail_must_agree_with_the_text() {
        assert_eq!(
            told("detalle: La garantía es de 6 meses.\nGarantía de 3 meses.", "Va.").len(),
            1
        );
    }

    #[test]
    fn what_differs_on_purpose_is_let_be_and_must_be_named_right() {
        let second = "difiere: a/b\nGarantía de 6 meses.";
        assert_eq!(told("Garantía de 3 meses.", second), Vec::<String>::new());
        let lost = told("Garantía de 3 meses.", "difiere: a/z\nNada.");
        assert_eq!(
            lost,
            ["line 7: `difiere: a/z` names no passage; write the name of the other one"]
        );
    }
}
