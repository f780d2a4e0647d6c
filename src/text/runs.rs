//! Runs of words, ready to be found in a text.

/// Runs of words as a tree, each with what it stands for: those that begin with the same words stand
/// under them. It is made once and then only looked up, so it holds no more than it must.
#[derive(Debug, Clone)]
pub struct Runs<T> {
    ended: Box<[T]>,
    /// By the next word, in order.
    longer: Box<[(Box<str>, Runs<T>)]>,
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
        let place = self.longer.binary_search_by(|(next, _)| (**next).cmp(word)).ok()?;
        Some(&self.longer[place].1)
    }

    /// The words that runs go on with, and those runs.
    pub fn next_words(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.longer.iter().map(|(word, runs)| (&**word, runs))
    }

    /// The tree of runs of which the first `depth` words are the same; they are in order.
    fn below<W: AsRef<str>>(runs: Vec<(Vec<W>, T)>, depth: usize) -> Self {
        let (mut ended, mut longer) = (Vec::new(), Vec::<(Box<str>, Vec<(Vec<W>, T)>)>::new());
        for (words, value) in runs {
            match (words.get(depth).map(AsRef::as_ref), longer.last_mut()) {
                (None, _) => ended.push(value),
                (Some(next), Some((word, same))) if **word == *next => same.push((words, value)),
                (Some(next), _) => longer.push((next.into(), vec![(words, value)])),
            }
        }
        let longer = longer.into_iter().map(|(word, same)| (word, Self::below(same, depth + 1)));
        Self { ended: ended.into(), longer: longer.collect() }
    }
}

impl<W: AsRef<str> + Ord, T> FromIterator<(Vec<W>, T)> for Runs<T> {
    fn from_iter<I: IntoIterator<Item = (Vec<W>, T)>>(runs: I) -> Self {
        let mut runs: Vec<_> = runs.into_iter().collect();
        runs.sort_by(|(left, _), (right, _)| left.cmp(right));
        Self::below(runs, 0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

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
        fn every_run_is_found_and_no_other(
            listed in proptest::collection::btree_set(
                proptest::collection::vec("[ab]{1,2}", 1..4), 0..12,
            ),
            asked in proptest::collection::vec("[ab]{1,2}", 1..4),
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
