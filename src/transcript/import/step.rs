//! One row of a spreadsheet of scripts: what the customer says in it, and what the bot answers.

use super::UnusedRow;
use crate::message::Content;
use crate::transcript::draft::write_lines;
use crate::transcript::message;
use crate::transcript::pattern::{Pattern, WILDCARDS};
use crate::transcript::sheet::Row;

/// Characters of one cell; a longer one is mostly a quote that was left open.
pub(super) const MAX_CELL_CHARS: usize = 10_000;

/// One row, ready to be written.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) row: usize,
    /// Where it stands among the rows of its case; rows without a number stay where they are.
    pub(super) order: Option<u32>,
    /// Whether it bears that number itself.
    pub(super) is_numbered: bool,
    pub(super) user: Option<String>,
    bot: Option<String>,
}

impl Step {
    /// Reads a row. One without a number comes right after the one `before`.
    ///
    /// # Errors
    ///
    /// Why it cannot be used.
    pub(super) fn read(row: Row<4>, before: Option<u32>) -> Result<Self, String> {
        let Row { number, cells, surplus } = row;
        if surplus > 0 {
            return Err(format!(
                "it has more cells than the first row, {surplus} of them; a cell with a comma or \
                 semicolon needs quotes around it"
            ));
        }
        if cells.iter().any(|cell| cell.chars().nth(MAX_CELL_CHARS).is_some()) {
            return Err(format!(
                "a cell has more than {MAX_CELL_CHARS} characters; was a quote left open?"
            ));
        }
        let [_, order, user, bot] = cells;
        let (user, bot) = (words(&user), words(&bot));
        if user.is_none() && bot.is_none() {
            return Err("nobody says anything in it".to_owned());
        }
        for line in bot.iter().flat_map(|bot| bot.lines()) {
            Pattern::parse(line).map_err(|wrong| {
                format!("there is no wildcard `{}`; there is `{}`", wrong.0, WILDCARDS.join("`, `"))
            })?;
        }
        let own = position(&order)?;
        Ok(Self { row: number, order: own.or(before), is_numbered: own.is_some(), user, bot })
    }

    /// Why it cannot stand beside the steps `before` it: another message has its number, as where
    /// two cases are called the same.
    pub(super) fn taken(&self, before: &[Self]) -> Option<String> {
        let is_message = self.is_numbered && self.user.is_some();
        let same =
            |step: &&Self| step.is_numbered && step.user.is_some() && step.order == self.order;
        let other = before.iter().filter(|_| is_message).find(same)?;
        Some(format!("its case has this step already, in row {}", other.row))
    }

    pub(super) fn unheard(&self) -> UnusedRow {
        let reason = "the bot answers here before the customer has said anything".to_owned();
        UnusedRow { row: self.row, reason }
    }

    pub(super) fn write(&self, text: &mut String) {
        if let Some(user) = &self.user {
            text.push('\n');
            // What a transcript sends as media is written so in a spreadsheet too.
            let is_media = matches!(message::read(user), Ok(Content::Media { .. }));
            let user = if is_media { user.clone() } else { message::written(user) };
            write_lines(text, '>', &user);
        }
        let any = self.user.is_some().then_some("{...}");
        if let Some(bot) = self.bot.as_deref().or(any) {
            write_lines(text, '<', bot);
        }
    }
}

/// The number in a cell of the column of steps: `2`, `2.0`, `2)`, `Paso 2`.
fn position(cell: &str) -> Result<Option<u32>, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let named = cell.trim_start_matches(|sign: char| !sign.is_ascii_digit());
    let end = named.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(named.len());
    let (digits, rest) = named.split_at(end);
    let is_number = ["", ".", ")", ".0", ".-", ":"].contains(&rest.trim());
    match digits.parse() {
        Ok(number) if is_number => Ok(Some(number)),
        _ => Err(format!("its step `{}` is no number", one_line(cell))),
    }
}

/// What a cell says, line by line as a transcript takes it; none where that is nothing.
pub(super) fn words(cell: &str) -> Option<String> {
    let lines = cell.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = lines.split('\n').map(str::trim_end).collect();
    let words = lines.join("\n");
    let words = words.trim_matches('\n');
    (!words.is_empty()).then(|| words.to_owned())
}

pub(super) fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}
