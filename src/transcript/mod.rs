//! QA's conversations as text files, and their runner.
//!
//! # The format
//!
//! One conversation a file, `NAME.chat`. The first character of a line says what it is:
//!
//! | mark | meaning |
//! |---|---|
//! | `#` | a comment; the first one is the title. `# id: TC-017` names the case |
//! | `@` | sets the scene, before anything happens: `@ clock 2026-03-02 10:00` (Mexico City), `@ catalog FILE`, `@ flows FOLDER`, `@ session FILE` (a stored session as JSON), `@ model off` (as it is where nothing is said) or `@ model FILE` (a script of what the model says, see `llm::Scripted`). Paths are relative to the file |
//! | `>` | the customer writes; a turn of its own. Alone it is an empty message |
//! | `<` | opens a reply |
//! | `\|` | goes on with the `>` or `<` above, on a new line |
//! | `=` | asserts something about the turn: see below |
//! | `!` | something happens: `duplicate`, `wait 25h` (`30m`, `2d`), `restart`, `tap ID`, `burst`, `flows FOLDER` |
//!
//! Blank lines mean nothing. Each file starts with a fresh user and a fresh store; the clock stands
//! still, and only `! wait` moves it.
//!
//! **Messages.** `[audio]`, `[image]`, `[video]`, `[sticker]`, `[location]`, `[document]`,
//! `[contact]`, `[reaction]` and `[unsupported]` are messages of that kind, with a caption after
//! the bracket; `[20000 a]` is `a` 20,000 times; `\[` is a bracket, and `\\[` is `\[`.
//!
//! **Replies.** A reply that is not listed fails, and so does one that is listed and does not come.
//! `< {...}` is any reply. A turn that asserts with `=` and lists no reply is checked by that
//! alone, and counted. A message that is not answered fails whatever is listed, and so does a blank
//! reply, one that is too long to be sent, and choices that cannot be told apart. In a reply `{n:int}` is a whole number, `{m:money}` an amount, `{...}` any
//! text, also over lines, `{text:NAME}` that text of the bot as this turn wrote it; the names
//! before `:int` and `:money` are free. A line that is only `{...}` is any number of lines, also
//! none. Blanks at the end of a line do not count.
//!
//! **Assertions.** `= state purchase.choose`, `= source flow`, `= choices Sí | De contado` (titles
//! or ids), and every slot by its name, also one that was said before its time: `= down_payment
//! 20%`, `= down_payment $43,799.80`, `= car 100234`, `= car.price 218999`, `= months none`.
//! Whatever else the chat API shows in its session goes by its name there: `= results 100234,
//! 100235`, `= session.plan.months 48`.
//!
//! **Events.** `duplicate` sends the last message again with its id: the same answer must come and
//! nothing may change. `burst` joins the `>` lines that follow it into one message, as one quiet
//! window does. `restart` keeps only what was committed. `flows` goes on with other flows.
//!
//! # The modules
//!
//! `files` finds the files and `runner` runs them on all cores; `case` takes one of them: `parse`
//! makes a `script` of it (`setting`, `message`, `pattern`, `fact` and `event` read the single lines,
//! `mistake` tells what is wrong in them), `player` plays it on a bot of `stage` (what `kept` tells of a
//! run before need not be played again), `replies` and
//! `difference` compare, `bless` has what came ready to be written. `report/` tells: `told` a
//! terminal, `page` a browser, `junit`, `json` and `tap` other programs; under a turn that failed they
//! tell what the engine did in it (`engine::trace`). `draft` writes new transcripts. `sheet` reads the
//! spreadsheets of QA: `import` makes transcripts of them, `ids` looks for cases without one.
//! `coverage` counts what passing transcripts walk of the flows, and `suggest` writes what walks the
//! rest.

mod bless;
mod case;
mod coverage;
mod difference;
mod draft;
mod event;
mod fact;
mod files;
mod finding;
mod ids;
mod import;
mod kept;
mod message;
mod mistake;
mod parse;
mod pattern;
mod player;
mod replies;
mod report;
mod runner;
mod script;
mod setting;
mod sheet;
mod stage;
mod suggest;

use std::path::PathBuf;

pub use coverage::{Coverage, Share};
pub use draft::Draft;
pub use files::{ENDING, Unreadable, find};
pub use finding::Finding;
pub use ids::{Ids, Uncovered};
pub use import::{Import, Imported, UnusedRow, WriteError, file_stem};
pub use kept::{Before, Kept};
pub use report::{
    Blessing, Case, Changes, Complaint, DiffLine, Exchange, Look, Mark, Report, Told, TurnFailure,
    Verdict,
};
pub use runner::{Runner, Wanted};
pub use sheet::SheetError;
pub use stage::{Bot, Setting, scripted};
pub use suggest::{Suggestion, Suggestions, suggest};

use crate::engine::vocabulary::Vocabulary;

/// How transcripts are run.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Options {
    /// Only those whose path, id or title holds this.
    pub filter: Option<String>,
    /// Have the replies that came ready to be written into the files, see [`Report::bless`].
    pub bless: bool,
    /// Run no more once one has failed.
    pub fail_fast: bool,
    /// Run in the order that this seed draws, instead of that of the names.
    pub shuffle: Option<u64>,
    /// A CI runs this: there nothing may be blessed.
    pub ci: bool,
    /// Count what the passing ones walk of the flows.
    pub coverage: bool,
    /// Keep how their turns went, for [`Runner::run_again`].
    pub keep: bool,
}

/// Why nothing was run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A path is not there or cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// There is no transcript.
    #[error("there is no transcript to run; their names end with `.chat`")]
    NoTranscript,
    /// There are transcripts, but none that the filter lets through.
    #[error("no transcript has `{0}` in its path, id or title")]
    FilteredOut(String),
    /// Blessing where nobody reads what is blessed.
    #[error("--bless is refused where CI is set: bless at your desk, and read what changed")]
    BlessInCi,
    /// The system gave no runtime.
    #[error("no runtime could be started: {0}")]
    Runtime(#[source] std::io::Error),
}

/// Runs the transcripts that `paths` name, on all cores; `build` gives the bot for a setting, and
/// is called once for each.
///
/// # Errors
///
/// Where nothing was run. What fails within a transcript is in the report.
pub fn run<V, B>(paths: &[PathBuf], options: &Options, build: B) -> Result<Report, RunError>
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String> + Sync,
{
    Runner::new(build).run(paths, options)
}
