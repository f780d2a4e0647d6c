//! The listed lines of a reply against the lines that came: what stays, what goes, what is new. And
//! the same of the words of two lines.

use std::collections::BTreeSet;
use std::ops::Range;

use super::pattern::{Pattern, Texts};
use super::script::Written;

/// Words of a line that are compared; of a longer one nobody sees at once what is different.
const MAX_WORDS: usize = 200;

/// One step of the way from the listed lines to those that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edit<'a> {
    /// A listed line that describes these lines.
    Kept(&'a str, Vec<&'a str>),
    /// A listed line that did not come.
    Gone(&'a str),
    /// A line that came and is not listed.
    New(&'a str),
}

/// The way with the fewest edits; a line in the place of another counts as one. Of several such ways
/// the one that keeps most listed lines, then the one whose lines in place of others have most words
/// in common with them.
///
/// Dynamic programming over both lists, as in every diff. What is special: a line with `{...}` or
/// `{text:…}` can describe several lines, and one that is only `{...}` none at all.
pub(super) fn compare<'a>(listed: &'a [Written], came: &'a str, texts: &Texts) -> Vec<Edit<'a>> {
    let came: Vec<&str> = came.split('\n').map(str::trim_end).collect();
    edits(listed, &came, "\n", texts)
}

/// Whether the listed lines describe those that came: there is nothing to compare then, which spares
/// most replies the table.
pub(super) fn describe(listed: &[Written], came: &str, texts: &Texts) -> bool {
    let Some((last, before)) = listed.split_last() else { return false };
    let plain = listed.iter().map(|line| line.pattern.words());
    let came = came.split('\n').map(str::trim_end);
    if plain.clone().all(|words| words.is_some()) {
        return plain.eq(came.map(Some));
    }
    let came: Vec<&str> = came.collect();
    // How many lines those listed so far can describe.
    let mut ends = BTreeSet::from([0]);
    for line in before {
        // What a gap reaches from the first of them holds what it reaches from the others.
        let starts = ends.into_iter().take(if line.pattern.is_gap() { 1 } else { usize::MAX });
        let from = |start: usize| {
            let reach = line.reach(came.len() - start).map(move |lines| start..start + lines);
            reach.filter(|lines| line.describes(&came[lines.clone()], "\n", texts))
        };
        ends = starts.flat_map(from).map(|lines| lines.end).collect();
    }
    // The last one has to reach to the end.
    let describes_rest = |start: usize| {
        let left = came.len() - start;
        last.reach(left).contains(&left) && last.describes(&came[start..], "\n", texts)
    };
    ends.into_iter().any(describes_rest)
}

/// The words of two lines, one in place of the other, that have no counterpart, as ranges of bytes.
/// Wildcards describe words as they describe lines.
pub(super) fn changed_words(
    listed: &str,
    came: &str,
    texts: &Texts,
) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (listed_at, came_at) = (words(listed), words(came));
    if listed_at.len().max(came_at.len()) > MAX_WORDS {
        return (joined(&listed_at), joined(&came_at));
    }
    let written = |at: &Range<usize>| {
        let words = listed[at.clone()].to_owned();
        // The line was read already, so its words hold no wildcard of an unknown kind.
        let pattern = Pattern::parse(&words).unwrap_or_default();
        Written { line: 0, words, pattern }
    };
    let units: Vec<Written> = listed_at.iter().map(written).collect();
    let came_words: Vec<&str> = came_at.iter().map(|at| &came[at.clone()]).collect();
    let (mut listed_left, mut came_left) = (listed_at.into_iter(), came_at.into_iter());
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for edit in edits(&units, &came_words, " ", texts) {
        match edit {
            Edit::Kept(_, described) => {
                listed_left.next();
                came_left.by_ref().take(described.len()).for_each(drop);
            }
            Edit::Gone(_) => gone.extend(listed_left.next()),
            Edit::New(_) => new.extend(came_left.next()),
        }
    }
    (neighbours_joined(listed, gone), neighbours_joined(came, new))
}

/// Where the words of `line` stand.
fn words(line: &str) -> Vec<Range<usize>> {
    let start_of = |word: &str| word.as_ptr().addr() - line.as_ptr().addr();
    line.split_whitespace().map(|word| start_of(word)..start_of(word) + word.len()).collect()
}

/// From the first to the last.
fn joined(ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    ranges
        .first()
        .zip(ranges.last())
        .map(|(first, last)| first.start..last.end)
        .into_iter()
        .collect()
}

/// Ranges with nothing but blanks between them as one.
fn neighbours_joined(line: &str, ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if line[last.end..range.start].trim().is_empty() => last.end = range.end,
            _ => joined.push(range),
        }
    }
    joined
}

/// [`compare`], of lines or of words; `joint` stands between those that one wildcard describes.
fn edits<'a>(listed: &'a [Written], came: &[&'a str], joint: &str, texts: &Texts) -> Vec<Edit<'a>> {
    let table = Table::new(listed, came, joint, texts);
    let (mut row, mut column) = (0, 0);
    let mut edits = Vec::new();
    while let Some(step) = table.step(row, column) {
        let next = came.get(column).copied();
        match step {
            Step::Keep(lines) => {
                let described = came[column..column + lines].to_vec();
                edits.push(Edit::Kept(&listed[row].words, described));
                column += lines;
            }
            Step::Replace => {
                edits.push(Edit::Gone(&listed[row].words));
                edits.extend(next.map(Edit::New));
                column += 1;
            }
            Step::Drop => edits.push(Edit::Gone(&listed[row].words)),
            Step::Insert => {
                edits.extend(next.map(Edit::New));
                column += 1;
            }
        }
        row += usize::from(!matches!(step, Step::Insert));
    }
    edits
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The listed line describes the next so many lines.
    Keep(usize),
    /// Another line came in place of the listed one.
    Replace,
    /// The listed line did not come.
    Drop,
    /// The next line is not listed.
    Insert,
}

/// What a line that stands beside none counts in words: as much as any other line could differ.
const WORDS_OF_A_LINE: usize = 2 * MAX_WORDS;

/// Edits, the listed lines among them, and the words in which lines differ from those in whose place
/// they are.
type Cost = (usize, usize, usize);

/// For every rest of both lists, the lowest cost and the first step of that way.
struct Table<'a> {
    listed: &'a [Written],
    came: &'a [&'a str],
    joint: &'a str,
    texts: &'a Texts,
    cells: Vec<(Cost, Option<Step>)>,
}

impl<'a> Table<'a> {
    fn new(listed: &'a [Written], came: &'a [&'a str], joint: &'a str, texts: &'a Texts) -> Self {
        let cells = vec![((0, 0, 0), None); (listed.len() + 1) * (came.len() + 1)];
        let mut table = Self { listed, came, joint, texts, cells };
        for row in (0..=listed.len()).rev() {
            for column in (0..=came.len()).rev() {
                let best = table.best(row, column);
                let cell = table.cell(row, column);
                table.cells[cell] = best;
            }
        }
        table
    }

    fn cell(&self, row: usize, column: usize) -> usize {
        row * (self.came.len() + 1) + column
    }

    fn step(&self, row: usize, column: usize) -> Option<Step> {
        self.cells[self.cell(row, column)].1
    }

    fn best(&self, row: usize, column: usize) -> (Cost, Option<Step>) {
        let cost = |row: usize, column: usize| self.cells[self.cell(row, column)].0;
        let and = |(edits, gone, words): Cost, listed: usize, differing: usize| {
            (edits + 1, gone + listed, words + differing)
        };
        let left = self.came.len() - column;
        let mut ways = Vec::new();
        if let Some(line) = self.listed.get(row) {
            for lines in line.reach(left) {
                if line.describes(&self.came[column..column + lines], self.joint, self.texts) {
                    ways.push((cost(row + 1, column + lines), Step::Keep(lines)));
                }
            }
            if left > 0 && !line.pattern.is_gap() {
                // Where the line can stay there is nothing to weigh.
                let is_stuck = ways.is_empty();
                let words =
                    if is_stuck { differing_words(&line.words, self.came[column]) } else { 0 };
                ways.push((and(cost(row + 1, column + 1), 1, words), Step::Replace));
            }
            ways.push((and(cost(row + 1, column), 1, WORDS_OF_A_LINE), Step::Drop));
        }
        if left > 0 {
            ways.push((and(cost(row, column + 1), 0, WORDS_OF_A_LINE), Step::Insert));
        }
        // Of several equally short ways the first: keeping before replacing before dropping.
        let best = ways.into_iter().min_by_key(|(cost, _)| *cost);
        best.map_or(((0, 0, 0), None), |(cost, step)| (cost, Some(step)))
    }
}

/// The words of one line that the other does not have, of both.
fn differing_words(one: &str, other: &str) -> usize {
    let lacking = |one: &str, other: &str| {
        let has = |word: &str| other.split_whitespace().any(|other| other == word);
        one.split_whitespace().take(MAX_WORDS).filter(|word| !has(word)).count()
    };
    lacking(one, other) + lacking(other, one)
}

impl Written {
    /// How many lines the listed one could describe where `left` are left.
    fn reach(&self, left: usize) -> std::ops::RangeInclusive<usize> {
        match () {
            () if self.pattern.is_gap() => 0..=left,
            () if self.pattern.spans_lines() => 1..=left,
            () => 1..=left.min(1),
        }
    }

    fn describes(&self, lines: &[&str], joint: &str, texts: &Texts) -> bool {
        match lines {
            _ if self.pattern.is_gap() => true,
            [line] => self.pattern.matches(line, texts),
            lines => self.pattern.matches(&lines.join(joint), texts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::pattern::Pattern;
    use proptest::prelude::*;

    fn listed(lines: &[&str]) -> Vec<Written> {
        let written = |(index, words): (usize, &&str)| Written {
            line: index + 1,
            words: (*words).to_owned(),
            pattern: Pattern::parse(words).unwrap(),
        };
        lines.iter().enumerate().map(written).collect()
    }

    /// Whether the edits change nothing.
    fn is_same(edits: &[Edit<'_>]) -> bool {
        edits.iter().all(|edit| matches!(edit, Edit::Kept(..)))
    }

    fn drawn(lines: &[&str], came: &str) -> String {
        let listed = listed(lines);
        let edits = compare(&listed, came, &Texts::new());
        assert_eq!(describe(&listed, came, &Texts::new()), is_same(&edits));
        let line = |edit: &Edit<'_>| match edit {
            Edit::Kept(words, _) => format!(" {words}"),
            Edit::Gone(words) => format!("-{words}"),
            Edit::New(words) => format!("+{words}"),
        };
        edits.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_changed_line_stands_beside_what_came() {
        assert_eq!(drawn(&["a", "b", "c"], "a\nx\nc"), " a\n-b\n+x\n c");
        assert_eq!(drawn(&["a", "c"], "a\nb\nc"), " a\n+b\n c");
        assert_eq!(drawn(&["a", "b", "c"], "a\nc"), " a\n-b\n c");
    }

    #[test]
    fn a_line_stands_beside_the_one_that_is_most_like_it() {
        let came = "Anotado: 20%.\nEncontré 24 autos:";
        let drawn = drawn(&["Encontré {n:int} coches:"], came);
        assert_eq!(drawn, "+Anotado: 20%.\n-Encontré {n:int} coches:\n+Encontré 24 autos:");
    }

    #[test]
    fn of_equally_short_ways_the_one_that_keeps_lines_is_taken() {
        let drawn = drawn(&["b {n:int}", "1. {...}", "{...}"], "a\nb c\n1. d\n2. e");
        assert_eq!(drawn, "+a\n-b {n:int}\n+b c\n 1. {...}\n {...}");
    }

    #[test]
    fn a_gap_swallows_no_line_that_another_could_stand_beside() {
        assert_eq!(drawn(&["a", "{...}", "c"], "a\nc"), " a\n {...}\n c");
        assert_eq!(drawn(&["A", "{...}", "C"], "a\nx\ny\nc"), "-A\n+a\n {...}\n-C\n+c");
    }

    #[test]
    fn wildcards_within_a_line_reach_over_lines() {
        assert_eq!(
            drawn(&["{...}enganche{...}", "fin"], "¿Cuánto\nde enganche?\nfin"),
            " {...}enganche{...}\n fin"
        );
    }

    /// Both lines with their changed words in brackets.
    fn marked(listed: &str, came: &str) -> [String; 2] {
        let (gone, new) = changed_words(listed, came, &Texts::new());
        [(listed, gone), (came, new)].map(|(line, ranges)| {
            ranges.iter().rev().fold(line.to_owned(), |mut line, range| {
                line.insert(range.end, ']');
                line.insert(range.start, '[');
                line
            })
        })
    }

    #[test]
    fn words_that_changed_are_told_from_those_that_did_not() {
        assert_eq!(
            marked("¿Cuánto das de pie?", "¿Cuánto das de enganche?"),
            ["¿Cuánto das de [pie?]", "¿Cuánto das de [enganche?]"]
        );
        assert_eq!(marked("a b c d", "a x  y d"), ["a [b c] d", "a [x  y] d"]);
        assert_eq!(marked("  a", "  a b"), ["  a", "  a [b]"]);
        assert_eq!(marked("a", ""), ["[a]", ""]);
    }

    #[test]
    fn a_wildcard_is_no_changed_word() {
        assert_eq!(
            marked("Encontré {n:int} autos", "Encontré 12 coches"),
            ["Encontré {n:int} [autos]", "Encontré 12 [coches]"]
        );
        assert_eq!(
            marked("de {...} a Puebla", "de aquí y ahora a León"),
            ["de {...} a [Puebla]", "de aquí y ahora a [León]"]
        );
    }

    #[test]
    fn a_line_with_very_many_words_is_changed_as_a_whole() {
        let long = "a ".repeat(MAX_WORDS + 1);
        assert_eq!(marked(&long, "a")[1], "[a]");
    }

    proptest! {
        #[test]
        fn words_without_the_changed_ones_are_the_same(
            listed in "[ab ñ]{0,12}", came in "[ab ñ]{0,12}",
        ) {
            let (gone, new) = changed_words(&listed, &came, &Texts::new());
            let kept = |line: &str, ranges: &[Range<usize>]| {
                let mut line = line.to_owned();
                for range in ranges.iter().rev() {
                    line.replace_range(range.clone(), " ");
                }
                line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
            };
            prop_assert_eq!(kept(&listed, &gone), kept(&came, &new));
        }

        #[test]
        fn the_same_lines_are_the_same(lines in proptest::collection::vec("[a-c]{0,2}", 1..6)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let listed = listed(&lines);
            let came = lines.join("\n");
            prop_assert!(is_same(&compare(&listed, &came, &Texts::new())));
        }

        #[test]
        fn every_line_that_came_is_told_once(
            lines in proptest::collection::vec("a|b|a?\\{\\.\\.\\.\\}b?", 0..6),
            came in proptest::collection::vec("a|b|c", 1..6),
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let listed = listed(&lines);
            let text = came.join("\n");
            let edits = compare(&listed, &text, &Texts::new());
            prop_assert_eq!(describe(&listed, &text, &Texts::new()), is_same(&edits));
            let told: Vec<&str> = edits.iter().flat_map(|edit| match edit {
                Edit::Kept(_, lines) => lines.clone(),
                Edit::Gone(_) => Vec::new(),
                Edit::New(line) => vec![*line],
            }).collect();
            prop_assert_eq!(told, came);
        }
    }
}
