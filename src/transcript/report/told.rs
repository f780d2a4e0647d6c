//! A report as QA reads it in a terminal, or in a file.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::{Case, Complaint, DiffLine, Mark, Report, TurnFailure, Verdict};

/// Turns of one transcript whose failures are shown; what follows a wrong turn is mostly noise.
const MAX_SHOWN_TURNS: usize = 3;

/// How a report looks.
#[derive(Debug, Clone, Default)]
pub struct Look {
    good: Style,
    bad: Style,
    heading: Style,
    listed: Style,
    came: Style,
    listed_words: Style,
    came_words: Style,
    command: Option<String>,
}

impl Look {
    /// With colours, for a terminal. The default has none.
    #[must_use]
    pub fn coloured() -> Self {
        let (red, green) = (AnsiColor::Red.on_default(), AnsiColor::Green.on_default());
        Self {
            good: green,
            bad: red.bold(),
            heading: Style::new().bold(),
            listed: red,
            came: green,
            listed_words: red.bold().invert(),
            came_words: green.bold().invert(),
            command: None,
        }
    }

    /// The same look, which says under each failure how to run that one alone: with `command`,
    /// which takes the file as one more argument.
    #[must_use]
    pub fn with_command(self, command: String) -> Self {
        Self { command: Some(command), ..self }
    }
}

/// A report in a look.
#[derive(Debug)]
pub struct Told<'a> {
    report: &'a Report,
    look: &'a Look,
}

/// What blessing changes, in a look.
#[derive(Debug)]
pub struct Changes<'a> {
    report: &'a Report,
    look: &'a Look,
}

impl Report {
    /// Every failure, then what is worth knowing, then `N passed, N failed`.
    #[must_use]
    pub fn told<'a>(&'a self, look: &'a Look) -> Told<'a> {
        Told { report: self, look }
    }

    /// The difference that [`Report::bless`] makes, file by file; nothing where it makes none.
    #[must_use]
    pub fn changes<'a>(&'a self, look: &'a Look) -> Changes<'a> {
        Changes { report: self, look }
    }
}

impl fmt::Display for Report {
    /// Without colours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told(&Look::default()).fmt(f)
    }
}

impl fmt::Display for Case {
    /// What is wrong with it; one line where nothing is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &Look::default())
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, look } = self;
        // One mistake in the flows stops everybody who is played with them.
        let (mut reasons, mut repeated) = (HashSet::new(), 0);
        for case in report.cases.iter().filter(|case| case.verdict != Verdict::Passed) {
            if let Verdict::Stopped { reason, .. } = &case.verdict
                && !reasons.insert(reason)
            {
                repeated += 1;
                case.write_heading(f, ("FAILED", look.bad))?;
                continue;
            }
            case.write(f, look)?;
            writeln!(f)?;
        }
        if repeated > 0 {
            writeln!(f, "for a reason that stands above: {repeated}")?;
        }
        for case in report.cases.iter().filter(|case| case.blessing.is_some()) {
            writeln!(f, "blessed {}: read it before you keep it", case.file.display())?;
        }
        report.write_notes(f)?;
        let (passed, failed) = (report.passed(), report.failed());
        let style = if failed == 0 { look.good } else { look.bad };
        write!(f, "{style}{passed} passed, {failed} failed{style:#}")
    }
}

impl fmt::Display for Changes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, look } = self;
        for case in &report.cases {
            let Some(blessing) = &case.blessing else { continue };
            case.write_heading(f, ("to bless", look.heading))?;
            for turn in &blessing.turns {
                turn.write(f, &case.file, look)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl Report {
    /// What is worth knowing besides the failures.
    fn write_notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unlisted: usize = self.cases.iter().map(|case| case.unlisted).sum();
        if unlisted > 0 {
            writeln!(f, "turns without a listed reply, checked by `=` alone: {unlisted}")?;
        }
        if let Some(uncovered) = &self.uncovered {
            writeln!(f, "{uncovered}")?;
        }
        for (id, files) in self.shared_ids() {
            writeln!(f, "the id {id} names several transcripts: {}", files.join(", "))?;
        }
        if let Some(seed) = self.seed {
            writeln!(f, "run in the order of --shuffle {seed}")?;
        }
        if self.not_run > 0 {
            writeln!(f, "not run after the first failure: {}", self.not_run)?;
        }
        Ok(())
    }

    /// The ids that more than one transcript has, each with their files.
    fn shared_ids(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for case in &self.cases {
            if let Some(id) = &case.id {
                files.entry(id).or_default().push(case.file.display().to_string());
            }
        }
        files.into_iter().filter(|(_, files)| files.len() > 1)
    }
}

impl Case {
    fn write(&self, f: &mut impl fmt::Write, look: &Look) -> fmt::Result {
        let is_passed = self.verdict == Verdict::Passed;
        let mark = if is_passed { ("ok", look.good) } else { ("FAILED", look.bad) };
        self.write_heading(f, mark)?;
        self.write_details(f, look)?;
        match &look.command {
            Some(command) if !is_passed => {
                writeln!(f, "to run it again: {}", self.command(command))
            }
            _ => Ok(()),
        }
    }

    fn write_heading(&self, f: &mut impl fmt::Write, mark: (&str, Style)) -> fmt::Result {
        let (mark, style) = mark;
        write!(f, "{style}{mark}{style:#} {}", self.file.display())?;
        for name in [&self.id, &self.title].into_iter().flatten() {
            write!(f, " · {name}")?;
        }
        writeln!(f)
    }

    /// `command` with the file, as a shell takes it.
    pub(super) fn command(&self, command: &str) -> String {
        let file = self.file.to_string_lossy();
        // Only a name with a zero byte cannot be quoted, and no file has one.
        format!("{command} {}", shlex::try_quote(&file).unwrap_or_default())
    }

    /// What is wrong, without the heading.
    pub(super) fn write_details(&self, f: &mut impl fmt::Write, look: &Look) -> fmt::Result {
        match &self.verdict {
            Verdict::Passed => Ok(()),
            Verdict::Malformed(report) => writeln!(f, "{report}"),
            Verdict::Stopped { line, reason } => {
                writeln!(f, "{}:{line}: {reason}", self.file.display())
            }
            Verdict::Failed(turns) => {
                for turn in turns.iter().take(MAX_SHOWN_TURNS) {
                    turn.write(f, &self.file, look)?;
                    if !turn.trace.is_empty() {
                        writeln!(f, "  here: {}", turn.trace)?;
                    }
                }
                match turns.len().saturating_sub(MAX_SHOWN_TURNS) {
                    0 => Ok(()),
                    1 => writeln!(f, "  and 1 more turn after these"),
                    more => writeln!(f, "  and {more} more turns after these"),
                }
            }
        }
    }

    /// What is wrong with it as one text, without the heading and without colours.
    #[must_use]
    pub fn details(&self) -> String {
        let mut details = String::new();
        self.write_details(&mut details, &Look::default())
            .expect("a text takes all that is written");
        details
    }
}

impl TurnFailure {
    fn write(&self, f: &mut impl fmt::Write, file: &Path, look: &Look) -> fmt::Result {
        let (file, style) = (file.display(), look.heading);
        writeln!(f, "{file}:{}: {style}{}{style:#}", self.line, self.heading)?;
        for complaint in &self.complaints {
            writeln!(f, "  {file}:{}: {}", complaint.line(), complaint.summary())?;
            if let Complaint::Replies { lines, .. } = complaint {
                for line in lines {
                    line.write(f, look)?;
                }
            }
        }
        Ok(())
    }
}

impl DiffLine {
    fn write(&self, f: &mut impl fmt::Write, look: &Look) -> fmt::Result {
        let (mark, style, words) = match self.mark {
            Mark::Both => (' ', Style::new(), Style::new()),
            Mark::Listed => ('-', look.listed, look.listed_words),
            Mark::Came => ('+', look.came, look.came_words),
        };
        if self.text.is_empty() {
            return writeln!(f, "    {}", format!("{style}{mark}{style:#}").trim_end());
        }
        write!(f, "    {style}{mark} {style:#}")?;
        for (piece, is_changed) in self.pieces() {
            let style = if is_changed { words } else { style };
            write!(f, "{style}{piece}{style:#}")?;
        }
        writeln!(f)
    }
}
