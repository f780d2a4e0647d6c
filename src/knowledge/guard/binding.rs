//! What a figure stands beside: `garantía de 3 meses` and `ampliarla 1 año` do not make
//! `garantía de 1 año`, and a number does not change its street.

use std::collections::BTreeSet;
use std::ops::Range;

use super::breach::Breach;
use super::concept::{Concepts, is_content, is_filler};
use super::figure::Figure;
use super::lists::LISTS;
use super::reading::Reading;

/// Concepts on either side of a figure that may be what it belongs to.
const BESIDE: usize = 2;

/// The concepts before and behind a figure, and those of its whole line or sentence.
struct Place {
    before: BTreeSet<usize>,
    behind: BTreeSet<usize>,
    line: BTreeSet<usize>,
}

/// Refuses figures that the passages have, but beside something else, where what the figure now
/// stands beside has another of its kind.
pub(super) fn check(said: &Reading, source: &Reading, concepts: &Concepts) -> Result<(), Breach> {
    let known: Vec<Place> =
        (0..source.figures.len()).map(|figure| place(source, concepts, figure)).collect();
    for (index, figure) in said.figures.iter().enumerate() {
        let here = place(said, concepts, index);
        // "otros 3", where the passage has 3 of something.
        let known_as = |known: &&Figure| known.is_same(figure);
        let figure = match source.figures.iter().find(known_as) {
            Some(_) => figure,
            None => {
                source.figures.iter().find(|known| figure.repeats(known, source)).unwrap_or(figure)
            }
        };
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for (other, place) in source.figures.iter().zip(&known) {
            if figure.is_same(other) {
                own.push(place);
            } else if figure.is_comparable(other) {
                others.push(place);
            }
        }
        let is_moved = if figure.is_plain() {
            is_moved(&here.before, &own, &others, |place| &place.before, |place| &place.line)
        } else {
            is_moved(&here.before, &own, &others, |place| &place.before, |place| &place.before)
                || is_moved(
                    &here.behind,
                    &own,
                    &others,
                    |place| &place.behind,
                    |place| &place.behind,
                )
        };
        if is_moved {
            return Err(Breach::Figure {
                span: said.text.written(&said.figures[index].tokens).to_owned(),
            });
        }
    }
    Ok(())
}

/// Whether `here` belongs to other figures, and nothing of it to this one alone. What a number
/// without a unit belongs to is looked for in all its line: streets have many names.
fn is_moved(
    here: &BTreeSet<usize>,
    own: &[&Place],
    others: &[&Place],
    side: impl Fn(&Place) -> &BTreeSet<usize>,
    own_side: impl Fn(&Place) -> &BTreeSet<usize>,
) -> bool {
    let has_own = |concept: &usize| own.iter().any(|place| own_side(place).contains(concept));
    let has_other = |concept: &usize| others.iter().any(|place| side(place).contains(concept));
    let is_elsewhere = here.iter().any(|it| has_other(it) && !has_own(it));
    let is_home = here.iter().any(|it| has_own(it) && !has_other(it));
    !own.is_empty() && is_elsewhere && !is_home
}

fn place(reading: &Reading, concepts: &Concepts, figure: usize) -> Place {
    let Range { start, end } = reading.figures[figure].tokens;
    let before = (0..start).rev().take_while(|at| !reading.opens(at + 1));
    let behind = (end..reading.tokens().len()).take_while(|at| !reading.opens(*at));
    let sentence = reading.sentences().into_iter().find(|sentence| sentence.contains(&start));
    let line = sentence.unwrap_or_default().filter(|at| is_meant(reading, *at));
    let line = line.filter_map(|at| concepts.of(&reading.tokens()[at].text)).collect();
    Place {
        before: beside(reading, concepts, before),
        behind: beside(reading, concepts, behind),
        line,
    }
}

/// The nearest concepts of `places`, up to the next figure that is not joined to this one.
fn beside(
    reading: &Reading,
    concepts: &Concepts,
    places: impl Iterator<Item = usize>,
) -> BTreeSet<usize> {
    let (mut found, mut is_joined) = (BTreeSet::new(), true);
    for at in places {
        let word = reading.tokens()[at].text.as_str();
        if reading.is_figure(at) {
            if !is_joined {
                break;
            }
            continue;
        }
        is_joined &= LISTS.joiners.contains(word);
        found.extend(concepts.of(word).filter(|_| is_meant(reading, at)));
        if found.len() == BESIDE {
            break;
        }
    }
    found
}

fn is_meant(reading: &Reading, at: usize) -> bool {
    let word = reading.tokens()[at].text.as_str();
    reading.is_free(at) && is_content(word) && !is_filler(word)
}
