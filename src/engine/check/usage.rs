//! Where each text is said, and what it may use there.

use super::subject::{Place, Subject};
use crate::engine::flow::{Ask, Choice, Menu, Rung, Step, StepId, StepKind, TextKey};

/// One use of a text.
pub(super) struct Use<'a> {
    pub(super) key: &'a TextKey,
    /// The step where it is said; none where any question may be waiting.
    pub(super) at: Option<StepId>,
    pub(super) moment: Moment<'a>,
    /// Where it is named.
    pub(super) place: Place<'a>,
}

/// What happens while a text is said.
#[derive(Clone, Copy)]
pub(super) enum Moment<'a> {
    /// A question is asked, or asked again.
    Asked {
        ask: &'a Ask,
        /// Not understood for the second time: the choices of last resort are shown too.
        rescue: bool,
    },
    /// A row of this list is written.
    Row(&'a Menu),
    /// A choice is labelled.
    Label,
    /// Nothing else.
    Said,
    /// A message can be read in several ways for this slot.
    Clarify,
    /// One of those readings is written.
    Reading(&'a str),
    /// Said where these slots are filled.
    SaidWith(&'a [String]),
    /// This slot was given where nobody asked for it.
    Overheard(&'a str),
    /// The value of this slot is no more.
    Gone(&'a str),
    /// The value of this slot is now another.
    Changed(&'a str),
}

impl Moment<'_> {
    /// Whether a list has a further page, as far as a text can see that.
    pub(super) fn pages(self) -> &'static [bool] {
        if matches!(self, Self::Asked { .. }) { &[true, false] } else { &[false] }
    }
}

/// Every use of every text.
pub(super) fn uses<'a>(subject: &Subject<'a>) -> Vec<Use<'a>> {
    let mut uses = bot_uses(subject);
    slot_uses(subject, &mut uses);
    for (id, step) in subject.flows.steps() {
        let place = subject.step(step);
        match &step.kind {
            StepKind::Say { text, .. } => uses.push(Use {
                key: text,
                at: Some(id),
                moment: Moment::Said,
                place: place.join("say"),
            }),
            StepKind::Ask(ask) => ask_uses(subject, id, step, ask, &mut uses),
            StepKind::Branch(_) | StepKind::Do(_) => {}
        }
    }
    uses
}

fn ask_uses<'a>(
    subject: &Subject<'a>,
    id: StepId,
    step: &'a Step,
    ask: &'a Ask,
    uses: &mut Vec<Use<'a>>,
) {
    let place = subject.step(step);
    let mut add = |key, moment, place| uses.push(Use { key, at: Some(id), moment, place });
    let asked = Moment::Asked { ask, rescue: false };
    add(&ask.ask, asked, place.join("ask"));
    if let Some(again) = &ask.again {
        add(again, asked, place.join("again"));
    }
    if let Some(menu) = &ask.menu {
        add(&menu.line, Moment::Row(menu), place.join("menu").join("line"));
    }
    for (index, rung) in ask.no_match.iter().enumerate() {
        if let Rung::Text(key) = rung {
            let moment = Moment::Asked { ask, rescue: index > 0 };
            add(key, moment, place.join("no_match").join(index));
        }
    }
    for written in subject.options(step, ask) {
        choice_uses(written.choice, &written.place, Some(id), uses);
    }
}

fn choice_uses<'a>(
    choice: &'a Choice,
    place: &Place<'a>,
    at: Option<StepId>,
    uses: &mut Vec<Use<'a>>,
) {
    let label = choice.label.as_ref().map(|key| (key, Moment::Label, "label"));
    let said = if choice.needs.is_empty() { Moment::Said } else { Moment::SaidWith(&choice.needs) };
    let say = choice.say.as_ref().map(|key| (key, said, "say"));
    for (key, moment, part) in label.into_iter().chain(say) {
        uses.push(Use { key, at, moment, place: place.join(part) });
    }
}

fn bot_uses<'a>(subject: &Subject<'a>) -> Vec<Use<'a>> {
    let bot = &subject.flows.bot;
    let texts = &bot.texts;
    let said = [
        (&bot.notice, &["notice"][..]),
        (&texts.welcome_back, &["session", "welcome_back"]),
        (&texts.moved, &["session", "moved"]),
        (&texts.unreadable, &["session", "unreadable"]),
        (&texts.undone, &["session", "undone"]),
        (&texts.nothing_to_undo, &["session", "nothing_to_undo"]),
        (&texts.no_more, &["session", "no_more"]),
        (&texts.apology, &["session", "apology"]),
        (&texts.too_much, &["session", "too_much"]),
        (&texts.empty, &["inbound", "empty"]),
        (&texts.too_long, &["inbound", "too_long"]),
        (&texts.unanswered, &["unanswered"]),
        (&texts.digression_offer, &["digressions", "offer"]),
    ];
    let place = |keys: &[&str]| subject.bot(keys);
    let use_of = |key, place| Use { key, at: None, moment: Moment::Said, place };
    let mut uses: Vec<_> = said.iter().map(|(key, keys)| use_of(*key, place(keys))).collect();
    uses.extend(bot.list_label.iter().map(|key| use_of(key, place(&["list_label"]))));
    let media = bot.media.iter();
    uses.extend(media.map(|(kind, key)| use_of(key, place(&["inbound", "media", kind.as_str()]))));
    let choices = [subject.commands(), subject.answers(), subject.rescue()];
    for written in choices.iter().flatten() {
        choice_uses(written.choice, &written.place, None, &mut uses);
    }
    uses
}

fn slot_uses<'a>(subject: &Subject<'a>, uses: &mut Vec<Use<'a>>) {
    for (name, slot) in &subject.flows.slots {
        let place = subject.slot(name);
        let clarify = place.join("clarify");
        let asked = slot.clarify.as_ref();
        let texts = [
            (slot.noted.as_ref(), Moment::Overheard(name), place.join("noted")),
            (slot.gone.as_ref(), Moment::Gone(name), place.join("gone")),
            (slot.changed.as_ref(), Moment::Changed(name), place.join("changed")),
            (asked.map(|(ask, _)| ask), Moment::Clarify, clarify.join("ask")),
            (asked.map(|(_, label)| label), Moment::Reading(name), clarify.join("label")),
        ];
        for (key, moment, place) in texts {
            uses.extend(key.map(|key| Use { key, at: None, moment, place }));
        }
    }
}
