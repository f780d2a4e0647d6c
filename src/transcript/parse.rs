//! From the text of a transcript to what happens in it, or to all that is wrong with it.

use std::collections::HashMap;

use super::event::Event;
use super::fact::Fact;
use super::message;
use super::mistake::Mistake;
use super::pattern::{Pattern, WILDCARDS};
use super::script::{Located, Move, Scene, Script, Sent, Turn, Written};
use super::setting::{SceneLine, default_clock};
use crate::engine::problem::Problem;
use crate::message::Content;

/// What the first character of a line can be, for whoever writes another one.
const MARKS: &str = "`>` the customer, `<` the reply, `|` goes on with it, `=` asserts, \
                     `!` an event, `@` the scene, `#` a comment";

/// Mistakes that are told of one file: one with more is no transcript.
const MAX_PROBLEMS: usize = 40;

/// A transcript that cannot be read.
#[derive(Debug)]
pub(super) struct Malformed {
    /// What `# id:` says.
    pub id: Option<String>,
    /// The first comment.
    pub title: Option<String>,
    /// Everything that is wrong with it.
    pub problems: Vec<Problem>,
}

/// Reads a transcript.
///
/// # Errors
///
/// Everything that is wrong with it.
pub(super) fn parse(file: &str, text: &str) -> Result<Script, Malformed> {
    let mut reader = Reader::new(file, text);
    for (index, line) in text.lines().enumerate() {
        reader.take(index + 1, line.trim_end());
    }
    reader.finish()
}

/// The first word of what stands after a mark, and the rest.
pub(super) fn head(words: &str) -> (&str, &str) {
    let words = words.trim();
    let (name, value) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    (name, value.trim())
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
    /// The lines of what was said of the scene.
    set: HashMap<&'static str, usize>,
    /// The newest event, while no message came after it.
    event: Option<Line<'a>>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, text: &'a str) -> Self {
        let scene = Scene {
            clock: default_clock(),
            catalog: None,
            flows: None,
            model: None,
            session: None,
        };
        let script = Script { id: None, title: None, scene, moves: Vec::new() };
        Self {
            file,
            text,
            script,
            open: Open::Nothing,
            burst: Burst::Off,
            set: HashMap::new(),
            event: None,
            problems: Vec::new(),
        }
    }

    fn take(&mut self, number: usize, whole: &'a str) {
        let Some(mark) = whole.chars().next() else { return };
        if self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        let rest = &whole[mark.len_utf8()..];
        let line = Line { number, whole, words: rest.strip_prefix(' ').unwrap_or(rest) };
        if matches!(mark, '<' | '=' | '!') {
            self.end_burst();
        }
        let taken = match mark {
            '#' => self.comment(line),
            '@' => self.setting(line),
            '>' => self.message(line),
            '<' => self.reply(line),
            '|' => self.continuation(line),
            '=' => self.fact(line),
            '!' => self.event(line),
            _ => {
                let message = format!("a line cannot begin with `{mark}`");
                Err(Mistake::new("mark", whole, message, MARKS))
            }
        };
        if let Err(mistake) = taken {
            self.complain(line, &mistake);
        }
    }

    fn finish(mut self) -> Result<Script, Malformed> {
        self.end_burst();
        if self.problems.len() >= MAX_PROBLEMS {
            let message = format!("there are {MAX_PROBLEMS} mistakes above; the rest is not read");
            let advice = "is this a transcript? each line of one begins with a mark";
            let last = Line { number: self.text.lines().count(), whole: "", words: "" };
            self.complain(last, &Mistake::new("mistakes", "", message, advice));
        }
        if let Some(line) = self.event.filter(|_| self.problems.is_empty()) {
            let message = "nothing is sent after this event, so nothing shows what it did";
            let advice = "write what the customer says next after `>`";
            self.complain(line, &Mistake::new("event", line.words, message, advice));
        }
        if self.problems.is_empty() && !self.has_turns() {
            let advice = "write what the customer says after `>`";
            let message = "nobody says anything in this transcript";
            let first = Line { number: 1, whole: "", words: "" };
            self.complain(first, &Mistake::new("no-message", "", message, advice));
        }
        let Self { script, problems, .. } = self;
        if problems.is_empty() {
            return Ok(script);
        }
        Err(Malformed { id: script.id, title: script.title, problems })
    }

    fn comment(&mut self, line: Line<'a>) -> Result<(), Mistake> {
        let words = line.words.trim();
        match words.strip_prefix("id:").map(str::trim) {
            Some("") => {
                let advice = "write it like `# id: TC-017`";
                return Err(Mistake::new("id", words, "an id needs a name", advice));
            }
            Some(id) => {
                if let Some(known) = self.script.id.replace(id.to_owned()) {
                    let message = format!("this case is called `{known}` already");
                    let advice = "write one `# id:` a file";
                    return Err(Mistake::new("id", words, message, advice));
                }
            }
            None if words.is_empty() => {}
            None => drop(self.script.title.get_or_insert_with(|| words.to_owned())),
        }
        Ok(())
    }

    fn setting(&mut self, line: Line<'a>) -> Result<(), Mistake> {
        if !self.script.moves.is_empty() {
            let message = "the scene is set before anything happens";
            let advice = "move it above the first message";
            return Err(Mistake::new("scene", line.words, message, advice));
        }
        let setting = SceneLine::parse(line.words)?;
        let name = setting.name();
        if let Some(before) = self.set.insert(name, line.number) {
            let message = format!("`{name}` is said already, at line {before}");
            return Err(Mistake::new("scene", name, message, "keep one of them"));
        }
        let scene = &mut self.script.scene;
        let located = |value| Some(Located { line: line.number, value });
        match setting {
            SceneLine::Clock(clock) => scene.clock = clock,
            SceneLine::Catalog(path) => scene.catalog = located(path),
            SceneLine::Flows(path) => scene.flows = located(path),
            SceneLine::Session(path) => scene.session = located(path),
            SceneLine::ModelOff => scene.model = None,
            SceneLine::Model(path) => scene.model = located(path),
        }
        Ok(())
    }

    fn message(&mut self, line: Line<'a>) -> Result<(), Mistake> {
        self.open = Open::Message;
        let (content, mistaken) = match message::read(line.words) {
            Ok(content) => (content, Ok(())),
            // What follows still belongs to a message, so that one mistake is one problem.
            Err(mistake) => (Content::Text(String::new()), Err(mistake)),
        };
        match (self.burst, content) {
            (Burst::Off, content) => self.push_turn(line, Sent::Message(content)),
            (Burst::Announced(_), content @ Content::Text(_)) => {
                self.burst = Burst::Joining;
                self.push_turn(line, Sent::Message(content));
            }
            (Burst::Joining, Content::Text(words)) => self.go_on(line, &words),
            (_, Content::Media { .. }) => {
                let advice = "write it outside of the burst, as a message of its own";
                let message = "a burst joins words, nothing else";
                return Err(Mistake::new("burst", line.words, message, advice));
            }
        }
        mistaken
    }

    fn reply(&mut self, line: Line<'a>) -> Result<(), Mistake> {
        self.open = Open::Reply;
        let written = self.written(line);
        let turn = self.turn().ok_or_else(|| out_of_place("a reply", line))?;
        turn.replies.push(vec![written]);
        Ok(())
    }

    fn continuation(&mut self, line: Line<'a>) -> Result<(), Mistake> {
        match self.open {
            Open::Message => self.go_on(line, line.words),
            Open::Reply => {
                let written = self.written(line);
                if let Some(reply) = self.turn().and_then(|turn| turn.replies.last_mut()) {
                    reply.push(written);
                }
            }
            Open::Nothing => {
                let message = "there is nothing that `|` could go on with";
                let advice = "put it right under the `>` or `<` it belongs to";
                return Err(Mistake::new("continuation", line.words, message, advice));
            }
        }
        Ok(())
    }

    fn written(&mut self, line: Line<'a>) -> Written {
        let pattern = Pattern::parse(line.words).unwrap_or_else(|wrong| {
            let mistake = Mistake::unknown("wildcard", "wildcard", &wrong.0, WILDCARDS);
            self.complain(line, &mistake);
            Pattern::default()
        });
        Written { line: line.number, words: line.words.to_owned(), pattern }
    }

    fn fact(&mut self, line: Line<'a>) -> Result<(), Mistake> {
        self.open = Open::Nothing;
        let fact = Fact::parse(line.number, line.words)?;
        let turn = self.turn().ok_or_else(|| out_of_place("an assertion", line))?;
        turn.facts.push(fact);
        Ok(())
    }

    fn event(&mut self, line: Line<'a>) -> Result<(), Mistake> {
        self.open = Open::Nothing;
        self.event = Some(line);
        match Event::parse(line.words)? {
            Event::Duplicate if !self.has_turns() => return Err(out_of_place("a duplicate", line)),
            Event::Duplicate => self.push_turn(line, Sent::Duplicate),
            Event::Tap(id) => self.push_turn(line, Sent::Tap(id)),
            Event::Burst => self.burst = Burst::Announced(line.number),
            Event::Wait(length) => self.script.moves.push(Move::Wait(length)),
            Event::Restart => self.script.moves.push(Move::Restart),
            Event::Catalog(value) => {
                self.script.moves.push(Move::Catalog(Located { line: line.number, value }));
            }
            Event::Flows(value) => {
                self.script.moves.push(Move::Flows(Located { line: line.number, value }));
            }
        }
        Ok(())
    }

    fn push_turn(&mut self, line: Line<'a>, sent: Sent) {
        self.event = None;
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
        if let Burst::Announced(number) = self.burst {
            let whole = self.text.lines().nth(number - 1).unwrap_or_default();
            let advice = "write the messages after `>` on the lines below";
            let message = "no message comes inside this burst";
            let line = Line { number, whole, words: whole };
            self.complain(line, &Mistake::new("burst", "burst", message, advice));
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

    fn complain(&mut self, line: Line<'a>, mistake: &Mistake) {
        self.problems.push(mistake.told(self.file, self.text, line.number, line.whole));
    }
}

fn out_of_place(what: &str, line: Line<'_>) -> Mistake {
    let advice = "write what the customer says after `>` first";
    let message = format!("{what} needs a message right before it");
    Mistake::new("order", line.words, message, advice)
}

#[cfg(test)]
mod tests;
