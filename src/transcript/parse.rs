//! From the text of a transcript to what happens in it, or to all that is wrong with it.

use std::path::PathBuf;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

use super::fact::{Fact, OF_THE_TURN};
use super::message::{self, MessageMistake};
use super::pattern::{KINDS, Pattern};
use super::script::{Located, Move, Scene, Script, Sent, Turn, Written};
use crate::engine::MEXICO_CITY_OFFSET_HOURS;
use crate::engine::document::Position;
use crate::engine::problem::Problem;
use crate::message::{Content, Source};

/// The moment of a transcript that names none: a Monday morning, far from any change of year.
const DEFAULT_CLOCK: &str = "2026-03-02 10:00";

/// What `@` can set.
const SETTINGS: [&str; 5] = ["clock", "catalog", "flows", "model", "session"];

/// What `!` can bring about.
const EVENTS: [&str; 6] = ["duplicate", "wait", "restart", "tap", "burst", "flows"];

/// What `= source` can be.
const SOURCES: [Source; 4] = [Source::Flow, Source::Knowledge, Source::Llm, Source::Fallback];

/// Reads a transcript.
///
/// # Errors
///
/// Everything that is wrong with it.
pub(super) fn parse(file: &str, text: &str) -> Result<Script, Vec<Problem>> {
    let mut reader = Reader::new(file, text);
    for (index, line) in text.lines().enumerate() {
        reader.take(index + 1, line.trim_end());
    }
    reader.finish()
}

/// What `|` would go on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Message,
    Reply,
}

/// Whether the messages that follow come inside one quiet window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Burst {
    /// No.
    Off,
    /// Yes, and none has come yet; the line of the event.
    Announced(usize),
    /// Yes, and they join the newest turn's message.
    Joining,
}

/// A line, taken apart.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    number: usize,
    /// All of it.
    whole: &'a str,
    /// What stands after the mark.
    words: &'a str,
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    script: Script,
    open: Open,
    burst: Burst,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, text: &'a str) -> Self {
        let clock = moment(DEFAULT_CLOCK).expect("the default clock is a moment");
        let scene = Scene { clock, catalog: None, flows: None, session: None };
        let script = Script { id: None, title: None, scene, moves: Vec::new() };
        Self { file, text, script, open: Open::Nothing, burst: Burst::Off, problems: Vec::new() }
    }

    fn take(&mut self, number: usize, whole: &'a str) {
        let Some(mark) = whole.chars().next() else { return };
        let rest = &whole[mark.len_utf8()..];
        let words = rest.strip_prefix(' ').unwrap_or(rest);
        let line = Line { number, whole, words };
        match mark {
            '#' => self.comment(line),
            '@' => self.setting(line),
            '>' => self.message(line),
            '<' => self.reply(line),
            '|' => self.continuation(line),
            '=' => self.fact(line),
            '!' => self.event(line),
            _ => {
                let hint = "`>` the customer, `<` the reply, `|` goes on with it, `=` asserts, \
                            `!` an event, `@` the scene, `#` a comment";
                let message = format!("a line cannot begin with `{mark}`");
                let problem = self.problem(number, 1, "mark", message).hint(hint);
                self.problems.push(problem);
            }
        }
    }

    fn finish(mut self) -> Result<Script, Vec<Problem>> {
        self.end_burst();
        let has_turns = self.script.moves.iter().any(|event| matches!(event, Move::Turn(_)));
        if self.problems.is_empty() && !has_turns {
            let problem = self
                .problem(1, 1, "no-message", "nobody says anything in this transcript")
                .hint("write what the customer says after `>`");
            self.problems.push(problem);
        }
        if self.problems.is_empty() { Ok(self.script) } else { Err(self.problems) }
    }

    fn comment(&mut self, line: Line<'a>) {
        let words = line.words.trim();
        match words.strip_prefix("id:").map(str::trim) {
            Some("") => {
                self.complain(line, "id", "an id needs a name", "write it like `# id: TC-017`");
            }
            Some(id) => self.script.id = Some(id.to_owned()),
            None if words.is_empty() => {}
            None => drop(self.script.title.get_or_insert_with(|| words.to_owned())),
        }
    }

    fn setting(&mut self, line: Line<'a>) {
        if !self.script.moves.is_empty() {
            let hint = "move it above the first message";
            return self.complain(line, "scene", "the scene is set before anything happens", hint);
        }
        let (name, value) = head(line.words);
        let path = || Some(Located { line: line.number, value: PathBuf::from(value) });
        match name {
            _ if !SETTINGS.contains(&name) => {
                self.unknown(
                    line,
                    "scene",
                    &format!("there is no setting `{name}`"),
                    name,
                    &SETTINGS,
                );
            }
            _ if value.is_empty() => {
                let hint = "write it like `@ clock 2026-03-02 10:00`";
                self.complain(line, "scene", &format!("`{name}` needs a value"), hint);
            }
            "catalog" => self.script.scene.catalog = path(),
            "flows" => self.script.scene.flows = path(),
            "session" => self.script.scene.session = path(),
            "clock" => {
                if let Some(clock) = moment(value) {
                    self.script.scene.clock = clock
                } else {
                    let hint = "write it like `@ clock 2026-03-02 10:00`, in Mexico City's time";
                    self.complain(line, "clock", &format!("`{value}` is no moment"), hint);
                }
            }
            _ if value == "off" => {}
            _ => {
                let hint = "write `@ model off`, or leave the line out";
                self.complain(line, "model", "there is no model here to answer from a file", hint);
            }
        }
    }

    fn message(&mut self, line: Line<'a>) {
        self.open = Open::Message;
        let content = match message::read(line.words) {
            Ok(content) => content,
            Err(mistake) => {
                self.burst = if self.burst == Burst::Off { Burst::Off } else { Burst::Joining };
                self.push_turn(line, Sent::Message(Content::Text(String::new())));
                return self.mistaken(line, &mistake);
            }
        };
        match (self.burst, &content) {
            (Burst::Off, _) => self.push_turn(line, Sent::Message(content)),
            (_, Content::Media { .. }) => {
                let hint = "write it outside of the burst, as a message of its own";
                self.complain(line, "burst", "a burst joins words, nothing else", hint);
            }
            (Burst::Announced(_), _) => {
                self.burst = Burst::Joining;
                self.push_turn(line, Sent::Message(content));
            }
            (Burst::Joining, Content::Text(words)) => self.go_on(line, words),
        }
    }

    fn mistaken(&mut self, line: Line<'a>, mistake: &MessageMistake) {
        let advice = "to send these words as they are, begin with `\\[`";
        match mistake {
            MessageMistake::UnknownKind(kind) => {
                let kinds: Vec<&str> =
                    crate::message::Media::ALL.iter().map(|kind| kind.as_str()).collect();
                let message = format!("there is no kind of message `{kind}`; {advice}");
                self.unknown(line, "kind", &message, kind, &kinds);
            }
            MessageMistake::TooMany => {
                self.complain(line, "kind", &mistake.to_string(), "write a smaller number");
            }
        }
    }

    fn reply(&mut self, line: Line<'a>) {
        self.end_burst();
        self.open = Open::Reply;
        let written = self.written(line);
        match self.turn() {
            Some(turn) => turn.replies.push(vec![written]),
            None => self.out_of_place(line, "a reply"),
        }
    }

    fn continuation(&mut self, line: Line<'a>) {
        match self.open {
            Open::Message => self.go_on(line, line.words),
            Open::Reply => {
                let written = self.written(line);
                if let Some(reply) = self.turn().and_then(|turn| turn.replies.last_mut()) {
                    reply.push(written);
                }
            }
            Open::Nothing => {
                let hint = "put it right under the `>` or `<` it belongs to";
                self.complain(
                    line,
                    "continuation",
                    "there is nothing that `|` could go on with",
                    hint,
                );
            }
        }
    }

    fn written(&mut self, line: Line<'a>) -> Written {
        let words = line.words.to_owned();
        let pattern = Pattern::parse(line.words).unwrap_or_else(|unknown| {
            let column = column_of_words(line) + unknown.offset;
            let message = format!("there is no wildcard of the kind `{}`", unknown.kind);
            let problem = self.problem(line.number, column, "wildcard", message);
            self.problems.push(problem.suggest(&unknown.kind, KINDS));
            Pattern::parse("").expect("no words hold no wildcard")
        });
        Written { line: line.number, words, pattern }
    }

    fn fact(&mut self, line: Line<'a>) {
        self.end_burst();
        self.open = Open::Nothing;
        let (name, wanted) = head(line.words);
        if name.is_empty() || wanted.is_empty() {
            let hint = "write it like `= state purchase.choose` or `= months 48`; `none` where there is no value";
            return self.complain(line, "assertion", "an assertion needs a name and a value", hint);
        }
        let sources = SOURCES.map(|source| serde_json::json!(source));
        let sources: Vec<&str> = sources.iter().filter_map(|source| source.as_str()).collect();
        if name == OF_THE_TURN[1] && !sources.contains(&wanted) {
            return self.unknown(
                line,
                "assertion",
                &format!("there is no source `{wanted}`"),
                wanted,
                &sources,
            );
        }
        let fact = Fact { line: line.number, name: name.to_owned(), wanted: wanted.to_owned() };
        match self.turn() {
            Some(turn) => turn.facts.push(fact),
            None => self.out_of_place(line, "an assertion"),
        }
    }

    fn event(&mut self, line: Line<'a>) {
        self.end_burst();
        self.open = Open::Nothing;
        let (name, value) = head(line.words);
        match (name, value) {
            ("duplicate", "") if self.has_turns() => self.push_turn(line, Sent::Duplicate),
            ("duplicate", "") => self.out_of_place(line, "a duplicate"),
            ("restart", "") => self.script.moves.push(Move::Restart),
            ("burst", "") => self.burst = Burst::Announced(line.number),
            ("tap", "") => self.complain(
                line,
                "event",
                "`tap` needs the id of a choice",
                "write it like `! tap 1`",
            ),
            ("tap", id) => self.push_turn(line, Sent::Message(Content::Text(id.to_owned()))),
            ("flows", "") => self.complain(
                line,
                "event",
                "`flows` needs a folder",
                "write it like `! flows ../flows-v2`",
            ),
            ("flows", folder) => {
                let value = PathBuf::from(folder);
                self.script.moves.push(Move::Flows(Located { line: line.number, value }));
            }
            ("wait", length) => match duration(length) {
                Some(length) => self.script.moves.push(Move::Wait(length)),
                None => self.complain(
                    line,
                    "event",
                    &format!("`{length}` is no length of time"),
                    "write it like `! wait 25h`, `! wait 30m` or `! wait 2d`",
                ),
            },
            _ if EVENTS.contains(&name) => {
                self.complain(
                    line,
                    "event",
                    &format!("`{name}` stands alone"),
                    "put what follows on a line of its own",
                );
            }
            _ => self.unknown(line, "event", &format!("there is no event `{name}`"), name, &EVENTS),
        }
    }

    fn push_turn(&mut self, line: Line<'a>, sent: Sent) {
        self.script.moves.push(Move::Turn(Turn {
            line: line.number,
            heading: line.whole.to_owned(),
            opened_until: line.number,
            sent,
            replies: Vec::new(),
            facts: Vec::new(),
        }));
    }

    /// One more line of the newest message.
    fn go_on(&mut self, line: Line<'a>, more: &str) {
        let Some(turn) = self.turn() else { return };
        turn.opened_until = line.number;
        if let Sent::Message(Content::Text(words) | Content::Media { caption: words, .. }) =
            &mut turn.sent
        {
            words.push('\n');
            words.push_str(more);
        }
    }

    fn end_burst(&mut self) {
        if let Burst::Announced(line) = self.burst {
            let problem = self
                .problem(line, 1, "burst", "no message comes inside this burst")
                .hint("write the messages after `>` on the lines below");
            self.problems.push(problem);
        }
        self.burst = Burst::Off;
    }

    /// The newest turn, where nothing happened since.
    fn turn(&mut self) -> Option<&mut Turn> {
        match self.script.moves.last_mut() {
            Some(Move::Turn(turn)) => Some(turn),
            _ => None,
        }
    }

    fn has_turns(&self) -> bool {
        self.script.moves.iter().any(|event| matches!(event, Move::Turn(_)))
    }

    fn out_of_place(&mut self, line: Line<'a>, what: &str) {
        let message = format!("{what} needs a message before it");
        self.complain(line, "order", &message, "write what the customer says after `>` first");
    }

    fn complain(&mut self, line: Line<'a>, rule: &'static str, message: &str, hint: &str) {
        let problem = self.problem(line.number, column_of_words(line), rule, message);
        self.problems.push(problem.hint(hint));
    }

    fn unknown(
        &mut self,
        line: Line<'a>,
        rule: &'static str,
        message: &str,
        wrong: &str,
        right: &[&str],
    ) {
        let start = line.whole.find(wrong).unwrap_or_default();
        let column = line.whole[..start].chars().count() + 1;
        let problem = self.problem(line.number, column, rule, message);
        self.problems.push(problem.suggest(wrong, right.iter().copied()));
    }

    fn problem(
        &self,
        line: usize,
        column: usize,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Problem {
        Problem::new(self.file, self.text, Position { line, column }, rule, message)
    }
}

/// The first word and the rest.
fn head(words: &str) -> (&str, &str) {
    let words = words.trim();
    let (name, value) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    (name, value.trim())
}

/// The column where the words of a line begin, or its mark where it has none.
fn column_of_words(line: Line<'_>) -> usize {
    match line.words {
        "" => 1,
        words => line.whole[..line.whole.len() - words.len()].chars().count() + 1,
    }
}

/// A moment in Mexico City.
fn moment(text: &str) -> Option<Timestamp> {
    let moment: DateTime = text.parse().ok()?;
    let zone = jiff::tz::offset(MEXICO_CITY_OFFSET_HOURS).to_time_zone();
    moment.to_zoned(zone).ok().map(|moment| moment.timestamp())
}

/// `25h`, `30m`, `2d`; a day has 24 hours.
fn duration(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    length.is_positive().then_some(length)
}
