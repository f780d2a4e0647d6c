//! One conversation with the bot: a fresh customer, a fresh store, a clock that only waiting moves.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::runtime::Runtime;

use super::breach::{Breach, Rule};
use super::moves::Move;
use crate::conversation::{Conversation, Converse as _};
use crate::dealer::Dealer;
use crate::engine::Session;
use crate::message::{Answer, Channel, Content, Inbound, MessageId, UserId};
use crate::store::{MemoryStore, Store, Stored};
use crate::transcript::Bot;

/// A conversation under way.
pub(super) struct Talk<'a> {
    bot: &'a Bot<Dealer>,
    runtime: &'a Runtime,
    store: Arc<MemoryStore>,
    conversation: Conversation<Dealer>,
    user: UserId,
    now: Timestamp,
    messages: usize,
    last: Option<(Inbound, Answer)>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(bot: &'a Bot<Dealer>, runtime: &'a Runtime, now: Timestamp) -> Self {
        let store = Arc::<MemoryStore>::default();
        Self {
            bot,
            runtime,
            conversation: conversation(bot, &store),
            store,
            user: UserId::new(Channel::Chat, "simulated").expect("the key is short"),
            now,
            messages: 0,
            last: None,
        }
    }

    /// Has `happens` happen; the answer where somebody wrote.
    ///
    /// # Errors
    ///
    /// A message without an answer, or a repeated one that got another.
    pub(super) fn play(&mut self, happens: &Move) -> Result<Option<Answer>, Breach> {
        match happens {
            Move::Wait(time) => self.now += *time,
            Move::Restart => self.conversation = conversation(self.bot, &self.store),
            Move::Duplicate => return self.repeat(),
            Move::Say(_) | Move::Tap(_) => {
                return happens.content().map(|content| self.send(content)).transpose();
            }
        }
        Ok(None)
    }

    /// The newest answer.
    pub(super) fn answer(&self) -> Option<&Answer> {
        self.last.as_ref().map(|(_, answer)| answer)
    }

    /// What the store holds of the customer.
    pub(super) fn session(&self) -> Session {
        match self.store.load(&self.user).map(|loaded| loaded.session) {
            Ok(Stored::Found(session)) => session,
            _ => Session::default(),
        }
    }

    fn send(&mut self, content: Content) -> Result<Answer, Breach> {
        self.messages += 1;
        let id: MessageId = format!("m{}", self.messages).parse().expect("the id is short");
        let inbound = Inbound { user: self.user.clone(), id: Some(id), content, at: self.now };
        let answer = self.turn(&inbound)?;
        self.last = Some((inbound, answer.clone()));
        Ok(answer)
    }

    fn repeat(&mut self) -> Result<Option<Answer>, Breach> {
        let Some((mut inbound, first)) = self.last.clone() else { return Ok(None) };
        inbound.at = self.now;
        let before = self.session();
        let again = self.turn(&inbound)?;
        if again != first {
            return Err(Breach::of(Rule::Duplicate, &first.state, "it got another answer"));
        }
        if self.session() != before {
            return Err(Breach::of(Rule::Duplicate, &first.state, "it changed the session"));
        }
        Ok(Some(again))
    }

    fn turn(&self, inbound: &Inbound) -> Result<Answer, Breach> {
        let taken = self.runtime.block_on(self.conversation.turn(inbound.clone()));
        taken.map_err(|error| {
            let state = self.answer().map_or("", |answer| answer.state.as_str());
            Breach::of(Rule::Answered, state, &error.to_string())
        })
    }
}

/// As a server has it: the session is held between two messages, and read only after a restart or a long
/// silence.
fn conversation(bot: &Bot<Dealer>, store: &Arc<MemoryStore>) -> Conversation<Dealer> {
    let Bot { engine, knowledge, models, retention } = bot.clone();
    let store = Arc::clone(store) as Arc<dyn Store>;
    Conversation::new(engine, knowledge, models, store, retention).holding(1)
}
