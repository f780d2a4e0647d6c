//! What a customer may do next: a small alphabet, taken from the flows and from what stands on the
//! screen.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::engine::flow::{ANY_NUMBER, ANY_WORDS, Choice, StepKind};
use crate::engine::landmark::Landmark;
use crate::engine::vocabulary::Vocabulary;
use crate::engine::{Engine, Heard, Pick, Session};
use crate::message::{Content, Media};

/// Words that nobody understands.
const NONSENSE: &str = "zxcv qwrt";

/// What is said after a long silence.
const AFTER_SILENCE: &str = "hola";

/// Rows of a list that are picked, at most: they lead the same way.
const ROWS: usize = 6;

/// Something that a customer does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Act {
    /// Says nothing for longer than a talk lives.
    pub(super) silence: bool,
    /// Then sends this.
    pub(super) message: Message,
}

/// Something that a customer sends.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Message {
    /// Words.
    Words(String),
    /// Media without words.
    Media(Media),
    /// More words than are read: so many of the same letter.
    Long(usize),
}

impl Message {
    pub(super) fn content(&self) -> Content {
        match self {
            Self::Words(words) => Content::Text(words.clone()),
            Self::Media(kind) => Content::Media { kind: *kind, caption: String::new() },
            Self::Long(length) => Content::Text("a".repeat(*length)),
        }
    }

    /// As a transcript writes it.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Media(kind) => format!("[{}]", kind.as_str()),
            Self::Long(length) => format!("[{length} a]"),
        }
    }
}

/// The messages that are tried everywhere.
pub(super) struct Alphabet<M> {
    acts: Vec<Act>,
    /// What each message means, whatever the step: understanding is the dear part of a turn.
    heard: RefCell<HashMap<Message, Rc<Heard<M>>>>,
}

impl<M> Alphabet<M> {
    /// The alphabet for the flows of `engine`. Of the fixed answers and of what is no text only what
    /// leads to something that is `wanted`.
    pub(super) fn of<V: Vocabulary<Message = M>>(
        engine: &Engine<V>,
        wanted: &BTreeSet<Landmark>,
    ) -> Self {
        let flows = engine.flows();
        let mut messages: Vec<Message> = Vec::new();
        let mut say = |words: String| messages.push(Message::Words(words));
        flows.slots.values().flat_map(|slot| engine.vocabulary().said(slot)).for_each(&mut say);
        flows.bot.commands.iter().filter_map(first_words).for_each(&mut say);
        say(NONSENSE.to_owned());
        let text = |choice: &&Choice| {
            let says = choice.say.as_ref().map(|key| Landmark::Text(key.as_str().to_owned()));
            choice.act.goto.is_some() || says.is_some_and(|text| wanted.contains(&text))
        };
        flows.bot.answers.iter().filter(text).filter_map(first_words).for_each(&mut say);
        let is_wanted = |kind: &'static str| wanted.contains(&Landmark::Inbound(kind));
        if is_wanted("empty") {
            messages.push(Message::Words(String::new()));
        }
        if is_wanted("too_long") {
            messages.push(Message::Long(flows.bot.thresholds.max_characters + 1));
        }
        let media = Media::ALL.into_iter().filter(|kind| is_wanted(kind.as_str()));
        messages.extend(media.map(Message::Media));
        let mut acts: Vec<Act> =
            messages.into_iter().map(|message| Act { silence: false, message }).collect();
        let back = Message::Words(AFTER_SILENCE.to_owned());
        acts.push(Act { silence: true, message: back });
        Self { acts, heard: RefCell::default() }
    }

    /// What a message means.
    pub(super) fn hear<V: Vocabulary<Message = M>>(
        &self,
        engine: &Engine<V>,
        message: &Message,
    ) -> Rc<Heard<M>> {
        let mut heard = self.heard.borrow_mut();
        let known = heard.entry(message.clone());
        Rc::clone(known.or_insert_with(|| Rc::new(engine.hear(&message.content()))))
    }

    /// What a customer may do where `session` waits.
    pub(super) fn at<V: Vocabulary<Message = M>>(
        &self,
        engine: &Engine<V>,
        session: &Session,
    ) -> Vec<Act> {
        let shown = session.talk.screen.iter();
        let (rows, others): (Vec<_>, Vec<_>) =
            shown.partition(|shown| matches!(shown.pick, Pick::Value { .. }));
        let numbers = others.into_iter().chain(rows.into_iter().take(ROWS));
        let numbers = numbers.map(|shown| shown.id.clone());
        let words = numbers.chain(unlabelled(engine, session));
        let here = words.map(|words| Act { silence: false, message: Message::Words(words) });
        here.chain(self.acts.iter().cloned()).collect()
    }
}

/// The choices of the step that waits which have no number.
fn unlabelled<V: Vocabulary>(engine: &Engine<V>, session: &Session) -> Vec<String> {
    let flows = engine.flows();
    let id = session.talk.at.as_ref().and_then(|place| flows.find(&place.step));
    let Some(StepKind::Ask(ask)) = id.map(|id| &flows[id].kind) else { return Vec::new() };
    let options = ask.options.iter().filter(|option| option.label.is_none());
    options.filter_map(first_words).collect()
}

/// The first words that a choice is made with, wildcards filled in.
fn first_words(choice: &Choice) -> Option<String> {
    let among = || {
        let (words, at_least) = &choice.among;
        (!words.is_empty()).then(|| words[..words.len().min(*at_least)].join(" "))
    };
    let phrase = choice.phrases().next().map(String::as_str).or(choice.contains.iter().next());
    let words = phrase.map(str::to_owned).or_else(among)?;
    let filled = words.split(' ').filter(|word| *word != ANY_WORDS);
    Some(
        filled
            .map(|word| if word == ANY_NUMBER { "5" } else { word })
            .collect::<Vec<_>>()
            .join(" "),
    )
}
