//! Runs of words, ready to be found in a text: with what each stands for, or only whether any is there.

/// Runs of words as a tree, each with what it stands for: those that begin with the same words stand
/// under them. It is made once and then only looked up, so it holds no more than it must.
#[derive(Debug, Clone)]
pub struct Runs<T> {
    ended: Box<[T]>,
    /// By the next word, in order.
    longer: Box<[Longer<T>]>,
}

/// Runs that go on with a word.
#[derive(Debug, Clone)]
struct Longer<T> {
    beginning: u64,
    word: Box<str>,
    runs: Runs<T>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { ended: Box::default(), longer: Box::default() }
    }
}

impl<T> Runs<T> {
    /// What the run of the words so far stands for, in the order of the lists; nothing where no run
    /// ends here.
    #[must_use]
    pub fn ended(&self) -> &[T] {
        &self.ended
    }

    /// The runs that go on with `word`.
    #[must_use]
    pub fn longer(&self, word: &str) -> Option<&Self> {
        let own = beginning(word);
        let first = self.longer.partition_point(|longer| longer.beginning < own);
        let same = self.longer[first..].iter().take_while(|longer| longer.beginning == own);
        let found = { same }.find(|longer| *longer.word == *word);
        found.map(|longer| &longer.runs)
    }

    /// The words that runs go on with, and those runs.
    pub fn next_words(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.longer.iter().map(|longer| (&*longer.word, &longer.runs))
    }
}

impl<T: Clone> Runs<T> {
    /// The tree of runs of which the first `depth` words are the same; they are in order.
    fn below<W: AsRef<str>>(runs: &[(Vec<W>, T)], depth: usize) -> Self {
        // What ends here stands before what goes on.
        let end = runs.partition_point(|(words, _)| words.len() == depth);
        let (ended, longer) = runs.split_at(end);
        let same =
            longer.chunk_by(|(left, _), (right, _)| left[depth].as_ref() == right[depth].as_ref());
        let longer = same.map(|same| {
            let word = same[0].0[depth].as_ref();
            let runs = Self::below(same, depth + 1);
            Longer { beginning: beginning(word), word: word.into(), runs }
        });
        Self {
            ended: ended.iter().map(|(_, value)| value.clone()).collect(),
            longer: longer.collect(),
        }
    }
}

impl<W: AsRef<str> + Ord, T: Clone> FromIterator<(Vec<W>, T)> for Runs<T> {
    fn from_iter<I: IntoIterator<Item = (Vec<W>, T)>>(runs: I) -> Self {
        let mut runs: Vec<_> = runs.into_iter().collect();
        runs.sort_by(|(left, _), (right, _)| left.cmp(right));
        Self::below(&runs, 0)
    }
}

/// The first eight bytes of a word as a number, which is in the order of the words. Most are told apart by
/// it; those that share it are compared.
fn beginning(word: &str) -> u64 {
    let mut bytes = [0; size_of::<u64>()];
    let length = word.len().min(bytes.len());
    bytes[..length].copy_from_slice(&word.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// Runs of words in plain form, of which it only matters whether any is there. They are in order, so
/// that a message is not compared with each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlainRuns {
    runs: Box<[String]>,
    /// A bit for what each begins with: most words of a message begin none of them.
    initials: u32,
}

impl PlainRuns {
    /// Whether any of them stands anywhere in `plain`, whole words alone.
    #[must_use]
    pub fn stand_in(&self, plain: &str) -> bool {
        let words = plain.match_indices(' ').map(|(blank, _)| &plain[blank + 1..]);
        let may_begin = |text: &&str| self.initials & initial(text) != 0;
        let begins = |text: &str| self.begin(text);
        !self.runs.is_empty() && [plain].into_iter().chain(words).filter(may_begin).any(begins)
    }

    /// Whether `text` begins with any of them.
    fn begin(&self, text: &str) -> bool {
        let ends = text.match_indices(' ').map(|(blank, _)| blank).chain([text.len()]);
        for begin in ends.map(|end| &text[..end]).filter(|begin| !begin.is_empty()) {
            let place = self.runs.partition_point(|run| run.as_str() < begin);
            match self.runs.get(place) {
                Some(run) if run == begin => return true,
                // A longer beginning may be one; runs with the same beginning stand together.
                Some(run) if run.starts_with(begin) => {}
                _ => return false,
            }
        }
        false
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().map(String::as_str)
    }
}

/// The bit of what a text begins with; several letters and digits share one.
fn initial(text: &str) -> u32 {
    text.bytes().next().map_or(0, |byte| 1 << (byte % 32))
}

impl FromIterator<String> for PlainRuns {
    fn from_iter<I: IntoIterator<Item = String>>(runs: I) -> Self {
        let mut runs: Vec<String> = runs.into_iter().filter(|run| !run.is_empty()).collect();
        runs.sort_unstable();
        runs.dedup();
        let initials = runs.iter().fold(0, |all, run| all | initial(run));
        Self { runs: runs.into(), initials }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Some differ only after their first eight bytes, or by a zero there.
    const WORD: &str = "[ab]{1,2}|aaaaaaaa[ab]{0,2}|a\u{0}";

    fn find<'a, T>(runs: &'a Runs<T>, words: &[&str]) -> &'a [T] {
        words.iter().try_fold(runs, |runs, word| runs.longer(word)).map_or(&[], Runs::ended)
    }

    #[test]
    fn a_run_may_begin_another_and_stand_for_several_things() {
        let lists = [("más barato", 2), ("más", 1), ("barato", 3), ("más", 0)];
        let runs: Runs<i32> =
            lists.into_iter().map(|(run, value)| (run.split(' ').collect(), value)).collect();
        assert_eq!(find(&runs, &["más"]), [1, 0]);
        assert_eq!(find(&runs, &["más", "barato"]), [2]);
        assert!(find(&runs, &["barato", "más"]).is_empty());
        assert_eq!(runs.next_words().map(|(word, _)| word).collect::<Vec<_>>(), ["barato", "más"]);
    }

    proptest! {
        #[test]
        fn plain_runs_stand_between_blanks(
            plain in "[aé! ]{0,9}",
            runs in proptest::collection::vec("[aé!]( ?[aé!]){0,3}", 0..6),
        ) {
            let padded = format!(" {plain} ");
            let any = runs.iter().any(|run| padded.contains(&format!(" {run} ")));
            prop_assert_eq!(runs.into_iter().collect::<PlainRuns>().stand_in(&plain), any);
        }

        #[test]
        fn every_run_is_found_and_no_other(
            listed in proptest::collection::btree_set(
                proptest::collection::vec(WORD, 1..4), 0..12,
            ),
            asked in proptest::collection::vec(WORD, 1..4),
        ) {
            let runs: Runs<()> = listed.iter().map(|run| (run.clone(), ())).collect();
            let listed: BTreeSet<Vec<String>> = listed;
            for run in listed.iter().chain([&asked]) {
                let words: Vec<&str> = run.iter().map(String::as_str).collect();
                prop_assert_eq!(find(&runs, &words).len(), usize::from(listed.contains(run)));
            }
        }
    }
}
