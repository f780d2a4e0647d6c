//! Passages found by what they mean as well as by their words.
//!
//! The two orders are fused by reciprocal rank (Cormack, Clarke and Büttcher, "Reciprocal Rank
//! Fusion outperforms Condorcet and individual rank learning methods", 2009): scores of two kinds
//! need no common scale for it.

use std::cmp::Ordering;

use super::{Knowledge, Passage};

/// How much the first ranks stand out; the value of the paper.
const K: f64 = 60.0;

/// Ranks of each order that count: what is further behind is not what was asked.
const RANKS: usize = 20;

/// How near the meaning of each passage comes to a question's.
#[derive(Debug, Clone, Copy)]
pub struct Nearness<'a> {
    /// From -1 to 1, for each passage in the order of the file.
    pub of: &'a [f32],
    /// From here on a passage answers by its meaning alone.
    pub floor: f32,
}

impl Knowledge {
    /// The passage that answers `question` by its words, by its meaning or by both; otherwise as
    /// [`Knowledge::answer_after`].
    #[must_use]
    pub fn answer_near(
        &self,
        before: &str,
        question: &str,
        nearness: Nearness<'_>,
    ) -> Option<&Passage> {
        let Nearness { of, floor } = nearness;
        let judged = self.judge(question);
        // What the file says that it does not say stays unsaid, however near it comes.
        let most = judged.best.map_or(0.0, |best| judged.scores[best]);
        if judged.silent > 0.0 && judged.silent >= most {
            return None;
        }
        let mut by_words: Vec<usize> = (0..self.answering).collect();
        by_words.sort_by(|left, right| judged.scores[*right].total_cmp(&judged.scores[*left]));
        let mut by_meaning: Vec<usize> = (0..self.answering.min(of.len())).collect();
        by_meaning.sort_by(|left, right| of[*right].total_cmp(&of[*left]));
        let mut fused = vec![0.0; self.answering];
        for (rank, passage) in by_words.into_iter().take(RANKS).enumerate() {
            fused[passage] += share(rank);
        }
        for (rank, passage) in by_meaning.into_iter().take(RANKS).enumerate() {
            fused[passage] += share(rank);
        }
        let by_words = self.answer_after(before, question).map(|passage| passage.name.as_str());
        let is_sure = |passage: &usize| {
            let named = Some(self.passages[*passage].name.as_str());
            let is_near = of.get(*passage).is_some_and(|near| *near >= floor);
            named == by_words || is_near && self.judges().gives(*passage, &judged.wanted)
        };
        let best = (0..fused.len()).filter(|passage| fused[*passage] > 0.0).filter(is_sure);
        // Of equals the one that comes first in the file.
        let best = best.max_by(|left, right| match fused[*left].total_cmp(&fused[*right]) {
            Ordering::Equal => right.cmp(left),
            order => order,
        });
        best.map(|passage| &self.passages[passage])
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rank, far below 2^52")]
fn share(rank: usize) -> f64 {
    1.0 / (K + rank as f64 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# T\n## a/garantia: Garantía\nfuente: x\npreguntas: ¿Qué garantía dan?\n\
        Tres meses.\n## a/entrega: Entrega\nfuente: x\npreguntas: ¿Hacen entregas a domicilio?\n\
        Llega a tu casa.\n## a/apartado: Apartado\nfuente: x\npreguntas: ¿Cómo aparto?\n\
        Con un código.\n## no-se/apartado: Precio del apartado\nsin_respuesta: no se publica\n\
        preguntas: ¿Qué precio tiene el apartado?\n";

    fn answer<'k>(knowledge: &'k Knowledge, question: &str, of: &[f32]) -> Option<&'k str> {
        let nearness = Nearness { of, floor: 0.6 };
        knowledge.answer_near("", question, nearness).map(|passage| passage.name.as_str())
    }

    #[test]
    fn a_meaning_that_is_near_answers_without_a_shared_word() {
        let knowledge = Knowledge::parse(FILE).expect("a good file");
        let question = "¿me lo traen hasta mi puerta?";
        assert_eq!(answer(&knowledge, question, &[0.1, 0.8, 0.2]), Some("a/entrega"));
        assert_eq!(answer(&knowledge, question, &[0.1, 0.5, 0.2]), None, "not near enough");
    }

    #[test]
    fn words_answer_where_no_meaning_is_near_and_both_together_decide() {
        let knowledge = Knowledge::parse(FILE).expect("a good file");
        assert_eq!(answer(&knowledge, "¿qué garantía dan?", &[0.1, 0.2, 0.1]), Some("a/garantia"));
        assert_eq!(answer(&knowledge, "¿qué garantía dan?", &[0.7, 0.9, 0.1]), Some("a/garantia"));
        assert_eq!(answer(&knowledge, "¿qué garantía dan?", &[]), Some("a/garantia"));
    }

    #[test]
    fn a_price_is_not_told_by_who_is_near_and_has_none() {
        let knowledge = Knowledge::parse(
            "# T\n## a/grua: La grúa\nfuente: x\npreguntas: ¿Cómo pido la grúa del seguro?\n\
             Llama.\n## a/refrendo: El refrendo\nfuente: x\n\
             preguntas: ¿Cuánto cuesta el refrendo?\nCuesta $760.\n",
        );
        let knowledge = knowledge.expect("a good file");
        let question = "¿qué precio tiene pedir la grúa del seguro?";
        assert_eq!(answer(&knowledge, question, &[0.9, 0.1]), None);
        assert_eq!(answer(&knowledge, "¿cómo la pido?", &[0.9, 0.1]), Some("a/grua"));
    }

    #[test]
    fn what_the_file_says_it_does_not_say_stays_unsaid() {
        let knowledge = Knowledge::parse(FILE).expect("a good file");
        let question = "¿y qué precio tiene el apartado?";
        assert_eq!(answer(&knowledge, question, &[0.0, 0.0, 0.99]), None);
    }
}
