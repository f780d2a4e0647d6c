//! Who judges which passage a question is for.
//!
//! They read and learn some thousand examples, which takes some hundred milliseconds: it is done
//! once somebody asks, or a server warms up.

use std::collections::HashMap;
use std::ops::Range;

use super::facet::Facets;
use super::index::{Fields, Index, Wanted};
use super::lexicon::{Lexicon, Word, words};
use super::passage::Entry;
use super::recogniser::{Counted, Example, Recogniser};
use super::spelling::Spelling;

/// How much BM25 counts beside the recogniser, whose scores are about 1 for what it knows well.
const BM25_SHARE: f32 = 0.5;
/// Longer questions are read up to here, in characters: nobody asks one thing in more.
const MAX_QUESTION_CHARS: usize = 1_000;

/// The judges of the passages of a file.
pub(super) struct Judges {
    lexicon: Lexicon,
    spelling: Spelling,
    index: Index,
    facets: Facets,
    recogniser: Recogniser,
}

/// What speaks for each passage, for one question.
pub(super) struct Judged {
    /// By passage.
    pub(super) scores: Vec<f32>,
    /// The one that most speaks for, of those that answer; none where nothing does.
    pub(super) best: Option<usize>,
    /// What speaks for the best of the silent ones.
    pub(super) silent: f32,
    /// Whether the question is an example of `best`, to the letter or nearly.
    pub(super) is_example: bool,
    pub(super) wanted: Vec<Wanted>,
}

/// How people ask for a passage, as the index and the recogniser take it.
struct Asked {
    fields: Fields,
    counted: Vec<Counted>,
}

impl Judges {
    /// Those who know `entries`.
    pub(super) fn of(entries: &[Entry]) -> Self {
        let lexicon = Lexicon::bundled();
        let mut stems = HashMap::new();
        let asked = entries.iter().map(|entry| Asked::of(&lexicon, &mut stems, entry));
        let (fields, counted): (Vec<Fields>, Vec<Vec<Counted>>) =
            asked.map(|asked| (asked.fields, asked.counted)).unzip();
        let index = Index::new(&fields);
        let spelling = Spelling::of(&lexicon, entries);
        let facets = Facets::bundled(&index);
        // Learning takes more room than all that is left of it: what is done with goes before.
        drop(fields);
        let of = |(passage, counted): (usize, Vec<Counted>)| {
            counted.into_iter().map(move |counted| Example { passage, counted })
        };
        let examples: Vec<Example> = counted.into_iter().enumerate().flat_map(of).collect();
        let recogniser = Recogniser::learn(examples, entries.len());
        Self { lexicon, spelling, index, facets, recogniser }
    }

    /// What speaks for each passage; the first `answering` of them answer.
    pub(super) fn judge(&self, question: &str, answering: usize) -> Judged {
        let words = self.words(question);
        let terms = self.lexicon.terms(&words);
        let wanted = self.index.wanted(&terms);
        let hits = self.index.search(&wanted);
        let mut scores = self.recogniser.scores(&Counted::of(&words, &terms));
        let top = hits.first().map_or(1.0, |hit| hit.score);
        for hit in &hits {
            scores[hit.passage] += BM25_SHARE * narrow(hit.score / top);
        }
        let best_of = |range: Range<usize>| {
            let best = range.max_by(|left, right| {
                scores[*left].total_cmp(&scores[*right]).then(right.cmp(left))
            });
            best.filter(|_| !hits.is_empty())
        };
        let example = hits.first().filter(|hit| hit.is_example()).map(|hit| hit.passage);
        let best = match example {
            Some(silent) if silent >= answering => None,
            Some(own) => Some(own),
            None => best_of(0..answering),
        };
        let silent = best_of(answering..scores.len()).map_or(0.0, |at| scores[at]);
        Judged { scores, best, silent, is_example: example.is_some(), wanted }
    }

    /// Whether a passage says that it gives what a question asks for: a price, opening hours.
    pub(super) fn gives(&self, passage: usize, wanted: &[Wanted]) -> bool {
        self.facets.are_met(&self.index, wanted, passage)
    }

    fn words(&self, question: &str) -> Vec<Word> {
        let end = question
            .char_indices()
            .nth(MAX_QUESTION_CHARS)
            .map_or(question.len(), |(byte, _)| byte);
        let words = words(&question[..end]);
        words.into_iter().map(|word| self.meant(self.lexicon.in_full(word))).collect()
    }

    /// `word` with its typo mended, if any; not into a stop word that only comes near, which would
    /// take the subject out of the question.
    fn meant(&self, word: Word) -> Word {
        let mended = self.spelling.mend(word.clone());
        let is_guess = mended.confidence < 1.0 && self.lexicon.is_stop(&mended.text);
        if is_guess { word } else { mended }
    }
}

impl Asked {
    /// Reads what `entry` is asked with; `stems` remembers those of words read before.
    fn of(lexicon: &Lexicon, stems: &mut HashMap<String, String>, entry: &Entry) -> Self {
        let mut counted = Vec::new();
        let mut read = |text: &str, is_asked: bool| {
            let words: Vec<Word> =
                words(text).into_iter().map(|word| lexicon.in_full(word)).collect();
            let terms = lexicon.terms_by(stems, &words);
            if is_asked && !words.is_empty() {
                counted.push(Counted::of(&words, &terms));
            }
            terms
        };
        let fields = Fields {
            examples: entry.questions.iter().map(|one| read(&one.text, true)).collect(),
            head: entry
                .words
                .split(',')
                .map(|text| (text, false))
                .chain([(entry.passage.title.as_str(), true)])
                .flat_map(|(text, is_asked)| read(text, is_asked))
                .collect(),
            body: read(&entry.passage.text, false),
        };
        // All of them at once: one listed word alone is nobody's question.
        read(&entry.words, true);
        Self { fields, counted }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a share, from 0 to 1")]
const fn narrow(share: f64) -> f32 {
    share as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::context;

    #[test]
    fn a_slip_near_a_stop_word_still_stands_for_a_subject() {
        let file = "# T\n## riesgo/profeco: Contacto\nfuente: x\n\
            preguntas: ¿Qué teléfono tiene Profeco?\nEl teléfono es 55.\n";
        let judges = Judges::of(&context::read(file).expect("a good file").entries);
        // "invento" is one letter from "intento", which is skipped.
        let words = judges.words("invento el telfono");
        assert_eq!(words[0].text, "invento");
        assert_eq!(words[2].text, "telefono");
    }
}
