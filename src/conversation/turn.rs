//! The turn itself: what came before, what is understood, what is answered, what is committed.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::inbox::ReplyTo;
use super::open::{Answered, Asker};
use super::told::{How, Taken};
use super::traffic::Leave;
use super::{Inner, TurnError, reply};
use crate::engine::source::EffectKind;
use crate::engine::vocabulary::Vocabulary;
use crate::engine::{Engine, Outcome, Part, Session};
use crate::message::{
    Answer, Channel, Content, Dispatch, Inbound, OpenAnswer, Opinion, Reply, Source, TurnRecord,
    UserId,
};
use crate::store::{self, Commit, Loaded, Mail, Outgoing, StoreError, Stored, Version};

/// Characters of a message that are recorded, at most: what is longer was not read either.
const MAX_RECORDED: usize = 4_000;

/// How long a model may take where TwiML alone can answer: Twilio is given that within 2 s.
const TWIML_PATIENCE: Duration = Duration::from_millis(1_500);

impl<V: Vocabulary> Inner<V> {
    /// The turn itself, from the head of its user's line to the commit.
    pub(super) async fn take(
        &self,
        inbound: Inbound,
        reply_to: Option<ReplyTo>,
    ) -> Result<Taken, TurnError> {
        let _place = self.lines.enter(&inbound.user).await.ok_or(TurnError::Overloaded)?;
        let era = reply_to.as_ref().map(|reply_to| reply_to.era);
        if era.is_some_and(|era| !self.inbox.is_current(&inbound.user, era)) {
            return Err(TurnError::Erased);
        }
        if let Some(answer) = self.answered(&inbound)? {
            return Ok(Taken { answer, how: How::Before });
        }
        let Loaded { version, session } = self.load(&inbound)?;
        let (session, lost) = match session {
            Stored::New if !self.admits(&inbound) => return Err(TurnError::Overloaded),
            Stored::New => (Session::default(), false),
            // The sweep takes it away in its own time; for the customer it is gone now.
            Stored::Found(session) if self.is_over(&session, inbound.at) => {
                (Session::default(), false)
            }
            Stored::Found(session) => (session, false),
            Stored::Unreadable(reason) => {
                tracing::error!(error = %reason, "a session cannot be read and was set aside");
                (Session::default(), true)
            }
        };
        let engine = self.engine();
        let outcome = if reply_to.as_ref().is_some_and(|reply_to| reply_to.apologises) {
            engine.apologise(session, inbound.at)
        } else {
            self.step(&engine, session, &inbound)
        };
        if let Some(reply_to) = reply_to.as_ref().filter(|_| self.open.takes_time(&outcome.parts)) {
            self.show_typing(&inbound, reply_to);
        }
        let until = until(&inbound, reply_to.as_ref());
        let (answer, open) = self.answer(&engine, &outcome, lost, &inbound, until).await;
        let shown = engine.shown_on_sale(&outcome.session);
        let answer = self.let_through(&engine, answer, shown, &inbound)?;
        let mail = reply_to.map(|reply_to| mail(reply_to, &answer)).unwrap_or_default();
        let how = if mail.sends.is_empty() { How::Given } else { How::Sent };
        let user = inbound.user.clone();
        let answer = self.commit(inbound, version, outcome, answer, open, mail).await?;
        if how == How::Sent {
            // Where nobody listens it is found in the outbox.
            let _ = self.later.dispatches.send(Dispatch::Send(user)).await;
        }
        Ok(Taken { answer, how })
    }

    /// The session that the message comes to.
    fn load(&self, Inbound { user, at, .. }: &Inbound) -> Result<Loaded, StoreError> {
        match self.recent.take(user, *at) {
            Some((version, session)) => Ok(Loaded { version, session: Stored::Found(session) }),
            None => self.store.load(user),
        }
    }

    /// What the message leads to; told to whoever follows.
    fn step(&self, engine: &Engine<V>, session: Session, inbound: &Inbound) -> Outcome {
        let heard = engine.hear(&inbound.content);
        if !self.watch.follows() {
            return engine.step(session, &heard, inbound.at);
        }
        let (outcome, trace) = engine.follow(session, &heard, inbound.at);
        self.watch.followed(trace, &outcome);
        outcome
    }

    /// Whether one more user may come in that nobody knows.
    fn admits(&self, Inbound { user, at, .. }: &Inbound) -> bool {
        !user.channel().is_public() || self.traffic.admits(*at)
    }

    /// The answer, with its words withheld where there were too many before it.
    fn let_through(
        &self,
        engine: &Engine<V>,
        answer: Answer,
        shown: usize,
        Inbound { user, at, .. }: &Inbound,
    ) -> Result<Answer, TurnError> {
        if !user.channel().is_public() {
            return Ok(answer);
        }
        let costs = user.channel().costs();
        if let Some(turns) = self.traffic.uncounted(user).filter(|_| costs) {
            let turns = self.store.history(user, turns)?.turns;
            self.traffic.begin(user, *at, turns.iter().map(|turn| turn.inbound.at));
        }
        let today = if costs { Some(self.store.replies(*at)?) } else { None };
        let replies = match self.traffic.weigh(user, *at, shown, today) {
            Leave::Said => return Ok(answer),
            Leave::TooMuch => {
                let text = engine.say(&engine.flows().bot.texts.too_much, *at);
                vec![Reply { text, media: Vec::new(), choices: Vec::new() }]
            }
            Leave::Withheld => Vec::new(),
        };
        Ok(Answer { replies, ..answer })
    }

    /// Has the customer shown that the answer is being written, where the channel can.
    fn show_typing(&self, inbound: &Inbound, reply_to: &ReplyTo) {
        let Some(message) = inbound.id.clone() else { return };
        let (channel, route) = (inbound.user.channel(), reply_to.route.clone());
        // Where there is no room for it, it is only left out.
        let _ = self.later.dispatches.try_send(Dispatch::Type { channel, route, message });
    }

    fn is_over(&self, session: &Session, now: Timestamp) -> bool {
        let silence = session.last_seen.map(|seen| now.duration_since(seen));
        silence.is_some_and(|silence| silence > self.retention)
    }

    /// The answer that this message already got.
    fn answered(&self, inbound: &Inbound) -> Result<Option<Answer>, TurnError> {
        let Some(id) = &inbound.id else { return Ok(None) };
        Ok(self.store.answered(&inbound.user, id)?)
    }

    /// What is sent: the flow's words, with the open questions answered from the context file; and
    /// what is kept of those.
    async fn answer(
        &self,
        engine: &Engine<V>,
        outcome: &Outcome,
        lost: bool,
        inbound: &Inbound,
        until: Option<Instant>,
    ) -> (Answer, Vec<OpenAnswer>) {
        let now = inbound.at;
        for fault in &outcome.faults {
            tracing::error!(fault, "a reply could not be written; the customer got the apology");
        }
        let mut parts = Vec::new();
        if lost {
            parts.push(engine.say(&engine.flows().bot.texts.unreadable, now));
        }
        let asker = Asker { user: &inbound.user, now, until };
        let answers = self.open.answers(&outcome.parts, self.store.as_ref(), asker).await;
        parts.extend(reply::words(&outcome.parts, &answers));
        let open = records(&outcome.parts, answers);
        let is_worded = open.iter().any(|answer| answer.source == Source::Llm);
        let answer = Answer {
            replies: reply::messages(&parts, &outcome.choices),
            state: engine.state(&outcome.session).to_owned(),
            source: if is_worded { Source::Llm } else { outcome.source },
            session: engine.view(&outcome.session),
        };
        (answer, open)
    }

    /// What the message says of the open answers before it: 👍 or 👎 in the turn after them.
    fn opinion(&self, user: &UserId, effects: &[EffectKind]) -> Result<Option<Opinion>, TurnError> {
        let liked = effects.contains(&EffectKind::ThumbsUp);
        if !liked && !effects.contains(&EffectKind::ThumbsDown) {
            return Ok(None);
        }
        let before = self.store.history(user, 1)?.turns.pop();
        let answers = before.map(|turn| turn.open).unwrap_or_default();
        Ok((!answers.is_empty()).then_some(Opinion { liked, answers }))
    }

    /// Makes the turn durable; its answer may then be given.
    async fn commit(
        &self,
        mut inbound: Inbound,
        expected: Version,
        outcome: Outcome,
        answer: Answer,
        open: Vec<OpenAnswer>,
        mail: Mail,
    ) -> Result<Answer, TurnError> {
        clip(&mut inbound.content);
        let now = inbound.at;
        let opinion = self.opinion(&inbound.user, &outcome.effects)?;
        let erases = outcome.left().is_none();
        let turn = Commit {
            expected,
            outcome: if erases {
                store::Outcome::Erase
            } else {
                store::Outcome::Keep(outcome.session)
            },
            replies: if inbound.user.channel().costs() { count(&answer) } else { 0 },
            record: TurnRecord { inbound, answer, open, opinion },
            mail,
            now,
        };
        let user = &turn.record.inbound.user;
        if erases {
            // As with an operator's errand: what waits goes too.
            let _gates = self.inbox.enter([user]).await;
            self.store.commit(&turn).await?;
            self.inbox.forget(user);
        } else {
            self.store.commit(&turn).await?;
        }
        let Commit { outcome, record, .. } = turn;
        if let store::Outcome::Keep(session) = outcome {
            self.recent.keep(record.inbound.user, expected.next(), session);
        }
        Ok(record.answer)
    }
}

/// Until when a customer can wait for a model: as long as that may take, except where the answer
/// must leave by the door that the message came in by, and that shuts.
fn until(inbound: &Inbound, reply_to: Option<&ReplyTo>) -> Option<Instant> {
    let is_at_the_door = inbound.user.channel() == Channel::Twilio && reply_to.is_none();
    is_at_the_door.then(|| Instant::now() + TWIML_PATIENCE)
}

/// What a turn settles, and its answer as it is to be sent.
fn mail(ReplyTo { route, settles, door, .. }: ReplyTo, answer: &Answer) -> Mail {
    if door.is_some_and(|door| door.claim()) {
        return Mail { settles, sends: Vec::new() };
    }
    let send = |reply: &Reply| Outgoing { route: route.clone(), reply: reply.clone() };
    Mail { settles, sends: answer.replies.iter().map(send).collect() }
}

fn count(answer: &Answer) -> u32 {
    u32::try_from(answer.replies.len()).unwrap_or(u32::MAX)
}

/// What is kept of `answers`, which stand in the order of the `parts` that ask. A question that the
/// step forgave was none where nothing answers it: nobody was told "no lo sé".
fn records(parts: &[Part], answers: Vec<Answered>) -> Vec<OpenAnswer> {
    let is_forgiven = parts.iter().filter_map(|part| match part {
        Part::Open { unanswered, .. } => Some(unanswered.is_empty()),
        Part::Text(_) => None,
    });
    let said = answers.into_iter().zip(is_forgiven);
    let said = said.filter(|(answer, is_forgiven)| answer.text.is_some() || !is_forgiven);
    said.map(|(answer, _)| answer.record).collect()
}

fn clip(content: &mut Content) {
    let words = content.words_mut();
    if let Some((end, _)) = words.char_indices().nth(MAX_RECORDED) {
        words.truncate(end);
    }
}
