//! The listed lines of a reply against the lines that came: what stays, what goes, what is new.

use super::pattern::Texts;
use super::script::Written;

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

/// The way with the fewest edits; a line in the place of another counts as one.
///
/// Dynamic programming over both lists, as in every diff. What is special: a line with `{...}` or
/// `{text:…}` can describe several lines, and one that is only `{...}` none at all.
pub(super) fn compare<'a>(listed: &'a [Written], came: &'a str, texts: &Texts) -> Vec<Edit<'a>> {
    let came: Vec<&str> = came.split('\n').map(str::trim_end).collect();
    let table = Table::new(listed, &came, texts);
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

/// Whether the edits change nothing.
pub(super) fn is_same(edits: &[Edit<'_>]) -> bool {
    edits.iter().all(|edit| matches!(edit, Edit::Kept(..)))
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

/// For every rest of both lists, the fewest edits and the first step of that way.
struct Table<'a> {
    listed: &'a [Written],
    came: &'a [&'a str],
    texts: &'a Texts,
    cells: Vec<(usize, Option<Step>)>,
}

impl<'a> Table<'a> {
    fn new(listed: &'a [Written], came: &'a [&'a str], texts: &'a Texts) -> Self {
        let cells = vec![(0, None); (listed.len() + 1) * (came.len() + 1)];
        let mut table = Self { listed, came, texts, cells };
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

    fn best(&self, row: usize, column: usize) -> (usize, Option<Step>) {
        let cost = |row: usize, column: usize| self.cells[self.cell(row, column)].0;
        let left = self.came.len() - column;
        let mut ways = Vec::new();
        if let Some(line) = self.listed.get(row) {
            for lines in line.reach(left) {
                if line.describes(&self.came[column..column + lines], self.texts) {
                    ways.push((cost(row + 1, column + lines), Step::Keep(lines)));
                }
            }
            if left > 0 && !line.pattern.is_gap() {
                ways.push((cost(row + 1, column + 1) + 1, Step::Replace));
            }
            ways.push((cost(row + 1, column) + 1, Step::Drop));
        }
        if left > 0 {
            ways.push((cost(row, column + 1) + 1, Step::Insert));
        }
        // Of several equally short ways the first: keeping before replacing before dropping.
        let best = ways.into_iter().min_by_key(|(cost, _)| *cost);
        best.map_or((0, None), |(cost, step)| (cost, Some(step)))
    }
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

    fn describes(&self, lines: &[&str], texts: &Texts) -> bool {
        match lines {
            _ if self.pattern.is_gap() => true,
            [line] => self.pattern.matches(line, texts),
            lines => self.pattern.matches(&lines.join("\n"), texts),
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

    fn drawn(lines: &[&str], came: &str) -> String {
        let listed = listed(lines);
        let edits = compare(&listed, came, &Texts::new());
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

    proptest! {
        #[test]
        fn the_same_lines_are_the_same(lines in proptest::collection::vec("[a-c]{0,2}", 1..6)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let listed = listed(&lines);
            let came = lines.join("\n");
            prop_assert!(is_same(&compare(&listed, &came, &Texts::new())));
        }

        #[test]
        fn every_line_that_came_is_told_once(
            lines in proptest::collection::vec("a|b|\\{\\.\\.\\.\\}", 0..6),
            came in proptest::collection::vec("a|b|c", 1..6),
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let listed = listed(&lines);
            let text = came.join("\n");
            let edits = compare(&listed, &text, &Texts::new());
            let told: Vec<&str> = edits.iter().flat_map(|edit| match edit {
                Edit::Kept(_, lines) => lines.clone(),
                Edit::Gone(_) => Vec::new(),
                Edit::New(line) => vec![*line],
            }).collect();
            prop_assert_eq!(told, came);
        }
    }
}
