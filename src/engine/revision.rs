//! What became of flows that were edited, told step by step, text by text, slot by slot, by the words
//! that are known at every step, by signposts and by thresholds: whoever looked at none of what differs
//! is answered as before.
//!
//! That is so because a turn reads each of these through doors that note it ([`Consulted`]), and
//! because all else that it reads of flows is compared here as a whole.
//!
//! [`Consulted`]: super::trace::Consulted

use std::borrow::Cow;
use std::collections::HashSet;

use super::flow::{Bot, Flows, Slot, Step, StepId, StepKind, TextKey};
use super::lookup::{Known, Reworded};
use super::renumber::Renumber;
use super::signpost::Signpost;
use super::threshold::{Measure, Thresholds};

/// What differs between two versions of the same flows.
#[derive(Debug, Clone, Default)]
pub struct Revision {
    /// The steps that do something else or are gone. Nobody can have been led to one that came in.
    pub steps: HashSet<String>,
    /// The texts that are worded otherwise or gone, and those in whose place another is said. Nobody
    /// can have said one that came in.
    pub texts: HashSet<String>,
    /// The slots whose settings differ, besides phrases.
    pub(super) slots: HashSet<String>,
    /// The commands, fixed answers and phrases of slots that differ.
    pub(super) words: Reworded,
    /// The signposts that point elsewhere.
    pub(super) signposts: HashSet<Signpost>,
    /// The thresholds before and now.
    thresholds: [Thresholds; 2],
}

/// The number of a step that is gone.
const GONE: StepId = StepId(u32::MAX);

impl Revision {
    /// What became of `before`; none where more differs than single steps, texts, settings of slots,
    /// words, signposts and thresholds. A version by itself is no difference: only a
    /// session that was stored under another one can tell. Nor is a text that is said beside turns: that
    /// a customer writes too much, that what was stored cannot be read, what stands on a channel's
    /// button. No turn depends on it.
    #[must_use]
    pub fn between(before: &Flows, now: &Flows) -> Option<Self> {
        // Each field has its line here: what is read of flows and not compared would be missed.
        let Flows {
            bot,
            // A turn reads of them where they begin, which is a signpost, and their version.
            flows: _,
            slots,
            steps: _,
            // A step that a session names is looked at.
            names,
            depends,
            listen,
            // Signposts, but for what is compared with the steps.
            questions: _,
            // Made of the bot's.
            commands: _,
            answers: _,
            texts,
            // Made of the texts.
            wording: _,
        } = now;
        let renumbering = Renumbering { before, now, is_needed: before.names != *names };
        let old_bot = renumbering.of(&before.bot);
        let is_same = is_same_but_for_what_is_told(bot, &old_bot)
            && slots.values().map(nature).eq(before.slots.values().map(nature))
            && *depends == before.depends
            && listen.keys().eq(before.listen.keys());
        if !is_same {
            return None;
        }
        let changed = |(id, step): &(StepId, &Step)| renumbering.changes(*id, step);
        let reworded = before.texts.iter().filter(|(key, before)| texts.get(*key) != Some(before));
        let reworded = reworded.map(|(key, _)| key.as_str());
        let exchanged = exchanged(before, now).map(TextKey::as_str);
        let elsewhere = |signpost: &Signpost<&str>| {
            let pointed = before.pointed(*signpost).map(|step| renumbering.number(step));
            now.pointed(*signpost) != pointed
        };
        let signposts = before.signposts().chain(now.signposts()).filter(elsewhere);
        Some(Self {
            steps: before.steps().filter(changed).map(|(_, step)| step.name.clone()).collect(),
            texts: reworded.chain(exchanged).map(str::to_owned).collect(),
            slots: reset(before, now).map(str::to_owned).collect(),
            words: Reworded::between(
                Known { bot: &old_bot, answers: &before.answers, slots: &before.slots },
                Known { bot, answers: &now.answers, slots },
            )?,
            signposts: signposts.map(Signpost::into_owned).collect(),
            thresholds: [before.bot.thresholds, bot.thresholds],
        })
    }

    /// Whether what was measured is too much by one of the two versions alone.
    pub(super) fn measures_otherwise(&self, measure: Measure) -> bool {
        let [before, now] = self.thresholds;
        before.are_passed_by(measure) != now.are_passed_by(measure)
    }
}

/// The steps of one version under the numbers of another.
struct Renumbering<'a> {
    before: &'a Flows,
    now: &'a Flows,
    /// Whether any has another number.
    is_needed: bool,
}

impl Renumbering<'_> {
    fn number(&self, step: StepId) -> StepId {
        if self.is_needed { self.now.find(&self.before[step].name).unwrap_or(GONE) } else { step }
    }

    fn of<'r, R: Renumber + Clone>(&self, named: &'r R) -> Cow<'r, R> {
        let mut named = Cow::Borrowed(named);
        if self.is_needed {
            named.to_mut().renumber(&|step| self.number(step));
        }
        named
    }

    /// Whether a step does something else now.
    fn changes(&self, id: StepId, before: &Step) -> bool {
        let Some(now_id) = self.now.find(&before.name) else { return true };
        let now = &self.now[now_id];
        // Its print is told too: a session names it, and another one leads a talk elsewhere.
        now.print != before.print
            || now.kind != *self.of::<StepKind>(&before.kind)
            || self.now.questions.is_excuse(now_id) != self.before.questions.is_excuse(id)
    }
}

/// Whether two bots differ in nothing but what a revision tells.
fn is_same_but_for_what_is_told(now: &Bot, before: &Bot) -> bool {
    let Bot {
        // Signposts.
        start: _,
        resume: _,
        // No turn depends on it.
        list_label: _,
        // Texts that are said in their place are told.
        notice: _,
        texts: _,
        media,
        // What they tell of a turn's measures is compared.
        thresholds: _,
        // Words.
        commands: _,
        answers: _,
        rescue,
    } = now;
    media.len() == before.media.len()
        && media.keys().all(|kind| before.media.contains_key(kind))
        && *rescue == before.rescue
}

/// A slot without its settings, and without its texts, of which only is told whether it has them.
fn nature(slot: &Slot) -> impl PartialEq {
    (&slot.name, &slot.kind, slot.texts().map(|text| text.is_some()))
}

/// The slots with other settings. Of those that hold phrases only is told which there are: what they
/// hold is words.
fn reset<'a>(before: &'a Flows, now: &'a Flows) -> impl Iterator<Item = &'a str> {
    let settings = |slot: &Slot| -> Vec<(String, String)> {
        let params = slot.params.iter().map(|(name, value)| (name.clone(), value.to_string()));
        let phrases = slot.phrases.keys().map(|name| (name.clone(), String::new()));
        params.chain(phrases).collect()
    };
    let pairs = before.slots.values().zip(now.slots.values());
    pairs.filter(move |(old, new)| settings(old) != settings(new)).map(|(old, _)| old.name.as_str())
}

/// The texts in whose place another is said now, by the bot or of a slot.
fn exchanged<'a>(before: &'a Flows, now: &'a Flows) -> impl Iterator<Item = &'a TextKey> {
    let (old, new) = (&before.bot, &now.bot);
    let pairs = [(&old.notice, &new.notice)].into_iter();
    let pairs = pairs.chain(old.texts.keys().into_iter().zip(new.texts.keys()));
    let media = old.media.iter().filter_map(|(kind, text)| Some((text, new.media.get(kind)?)));
    let slots = before.slots.values().zip(now.slots.values()).flat_map(|(old, new)| {
        old.texts().into_iter().zip(new.texts()).filter_map(|(old, new)| Some((old?, new?)))
    });
    pairs.chain(media).chain(slots).filter(|(old, new)| old != new).map(|(old, _)| old)
}
