//! Sample values for every name that a text may use.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ptr;

use minijinja::value::merge_maps;
use serde_json::json;

use super::facts::{Facts, REFUSED};
use super::sample::Samples;
use super::subject::Subject;
use super::usage::{Moment, Use};
use crate::engine::flow::{Ask, Choice, TextKey};
use crate::engine::seen::{Seen, seen};
use crate::engine::session::MAX_LISTED;
use crate::engine::vocabulary::{Sample, Vocabulary};

/// What a customer may have written, at most as long as it is quoted.
const QUOTED: &str = "una respuesta de sesenta caracteres que aquí nadie entendió bien…";

/// A scene in which a text could be said.
#[derive(Clone)]
pub(super) struct Scene<'s> {
    pub(super) facts: Facts,
    /// The slot and the reason of the last refusal.
    pub(super) refusal: Option<&'s (String, String)>,
    /// Whether a list has a further page.
    pub(super) more: bool,
    pub(super) size: Sample,
}

/// Makes sample values.
pub(super) struct Canvas<'a> {
    pub(super) subject: Subject<'a>,
    samples: Samples,
    /// The choices of questions whose labels and rows read the same whatever is known: each of a
    /// question's texts shows them, in many scenes.
    drawn: RefCell<HashMap<Drawn, String>>,
}

/// A question with or without its last resort, whether its list goes on, and how long values are.
type Drawn = (*const Ask, bool, bool, Sample);

impl<'a> Canvas<'a> {
    /// A canvas with the samples of a vocabulary.
    pub(super) fn new(subject: Subject<'a>, vocabulary: &impl Vocabulary) -> Self {
        let samples = Samples::take(&subject, vocabulary);
        Self { subject, samples, drawn: RefCell::default() }
    }

    /// All that a text of this use sees in a scene; `lasting` is what any text sees there.
    pub(super) fn values(&self, text_use: &Use<'_>, scene: &Scene<'_>, lasting: &Seen) -> Seen {
        let samples = self.samples.of(scene.size);
        let own: Vec<(&str, Seen)> = match text_use.moment {
            Moment::Asked { ask, rescue } => {
                let options = self.options(ask, rescue, scene, lasting);
                vec![("options", options.into()), ("page", page(scene.more))]
            }
            Moment::Row(menu) => {
                let row = samples.rows(menu).first();
                vec![("item", row.map(|(fields, _)| fields.clone()).unwrap_or_default())]
            }
            Moment::Clarify => vec![("options", "1. …\n2. …".into())],
            Moment::Reading(slot) => {
                vec![("item", samples.slot(slot).cloned().unwrap_or_default())]
            }
            Moment::Label
            | Moment::Said
            | Moment::SaidWith(_)
            | Moment::Overheard(_)
            | Moment::Gone(_)
            | Moment::Changed(_) => return lasting.clone(),
        };
        over(own, lasting)
    }

    /// What any text sees in a scene, whether its list goes on or not.
    pub(super) fn lasting(&self, scene: &Scene<'_>) -> Seen {
        let samples = self.samples.of(scene.size);
        let mut values: BTreeMap<String, Seen> = self.samples.globals.iter().cloned().collect();
        values.insert("heard".to_owned(), QUOTED.into());
        values.insert("asked".to_owned(), QUOTED.into());
        values.insert("paused".to_owned(), "flow.step".into());
        let was_refused = scene.facts.contains(REFUSED);
        let refused = was_refused.then(|| samples.refusal(scene.refusal));
        values.insert(REFUSED.to_owned(), refused.unwrap_or_default());
        let (mut given, mut previous) = (BTreeMap::new(), BTreeMap::new());
        for fact in &scene.facts {
            let (of, slot) = fact.split_once('.').unwrap_or(("", fact));
            let Some(value) = samples.slot(slot).cloned() else { continue };
            match of {
                "given" => given.insert(slot.to_owned(), value),
                "previous" => previous.insert(slot.to_owned(), value),
                _ => values.insert(slot.to_owned(), value),
            };
        }
        values.insert("given".to_owned(), Seen::from_pairs(given));
        values.insert("previous".to_owned(), Seen::from_pairs(previous));
        Seen::from_pairs(values)
    }

    /// The numbered choices of a question, as the engine writes them.
    fn options(&self, ask: &Ask, rescue: bool, scene: &Scene<'_>, lasting: &Seen) -> String {
        let drawn = (ptr::from_ref(ask), rescue, scene.more, scene.size);
        if let Some(options) = self.drawn.borrow().get(&drawn) {
            return options.clone();
        }
        let options = self.draw(ask, rescue, scene, lasting);
        if self.reads_the_same(ask, rescue) {
            self.drawn.borrow_mut().insert(drawn, options.clone());
        }
        options
    }

    /// Whether the choices of a question show nothing that a scene has of its own.
    fn reads_the_same(&self, ask: &Ask, rescue: bool) -> bool {
        let labels =
            self.subject.shown_choices(ask, rescue).filter_map(|choice| choice.label.as_ref());
        let texts = labels.chain(ask.menu.as_ref().map(|menu| &menu.line));
        let mut heads =
            texts.flat_map(|key| self.subject.flows.wording.of(key)).flat_map(|text| &text.heads);
        heads
            .all(|head| head == "item" || self.samples.globals.iter().any(|(name, _)| name == head))
    }

    fn draw(&self, ask: &Ask, rescue: bool, scene: &Scene<'_>, lasting: &Seen) -> String {
        let mut lines = Vec::new();
        if let Some(menu) = &ask.menu {
            // The widest numbers that the rows of a long list can have.
            let first = if scene.more { MAX_LISTED - menu.page.min(MAX_LISTED) } else { 0 };
            let rows = self.samples.of(scene.size).rows(menu).iter().enumerate();
            lines.extend(rows.map(|(index, (fields, key))| {
                let seen = over([("item", fields.clone())], lasting);
                let line = self.longest(&menu.line, &seen);
                let counted = menu.fills.is_some() && key.is_none();
                if counted { format!("{}. {line}", first + index + 1) } else { line }
            }));
        }
        for choice in self.subject.shown_choices(ask, rescue) {
            let Some(label) = self.label(choice, lasting) else { continue };
            lines.push(format!("{}. {label}", lines.len() + 1));
        }
        lines.join("\n")
    }

    /// A choice's label; none where it has none or says nothing.
    pub(super) fn label(&self, choice: &Choice, lasting: &Seen) -> Option<String> {
        let label = self.longest(choice.label.as_ref()?, lasting);
        (!label.is_empty()).then_some(label)
    }

    /// The longest wording of a text; empty where none can be rendered, which is reported
    /// elsewhere.
    pub(super) fn longest(&self, key: &TextKey, values: &Seen) -> String {
        let wording = &self.subject.flows.wording;
        let render = |template| wording.render(template, values.clone()).ok();
        let texts = wording.of(key).iter().filter_map(render);
        texts.max_by_key(|text| text.chars().count()).unwrap_or_default()
    }
}

/// These names, and below them what lasts.
fn over<'n>(own: impl IntoIterator<Item = (&'n str, Seen)>, lasting: &Seen) -> Seen {
    merge_maps([Seen::from_pairs(own), lasting.clone()])
}

fn page(more: bool) -> Seen {
    seen(if more {
        json!({"total": 99_999, "first": 196, "last": 200, "more": true})
    } else {
        json!({"total": 1, "first": 1, "last": 1, "more": false})
    })
}
