//! Plays one customer's side to two bots, message by message.

use std::sync::Arc;

use super::parting::{Parting, first_change, shape};
use super::recording::{Recording, Said};
use super::report::{Change, Example, shown};
use crate::conversation::{Conversation, Converse, TurnError};
use crate::engine::Session;
use crate::engine::vocabulary::Vocabulary;
use crate::message::{Answer, Channel, Content, Inbound, UserId};
use crate::store::{MemoryStore, Store};
use crate::transcript::Bot;

/// How one conversation went with both bots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Played {
    /// Messages that both answered, up to the one at which the talks parted.
    pub(super) compared: usize,
    /// Messages after that one: what the customer would have written is not known.
    pub(super) unknown: usize,
    /// Where they parted; nowhere where both said the same throughout.
    pub(super) parted: Option<(Change, Example)>,
}

/// The old and the new bot, each with a memory of its own.
pub(super) struct Pair<V: Vocabulary> {
    old: Side<V>,
    new: Side<V>,
}

struct Side<V: Vocabulary> {
    conversation: Conversation<V>,
    store: Arc<MemoryStore>,
}

impl<V: Vocabulary> Pair<V> {
    pub(super) fn of(old: &Bot<V>, new: &Bot<V>) -> Self {
        Self { old: Side::of(old), new: Side::of(new) }
    }

    /// Plays a conversation until its state or its figures part. Other words alone do not end it:
    /// the talk stands where it stood, and the next message still fits. They are told where nothing
    /// more follows.
    pub(super) async fn play(&self, recording: &Recording) -> Result<Played, TurnError> {
        let user = UserId::new(Channel::Chat, "replayed").expect("the key is short");
        let mut state = self.old.conversation.engine().state(&Session::default()).to_owned();
        let mut parted = None;
        let mut compared = 0;
        for said in &recording.messages {
            let old = self.old.answer(&user, said).await?;
            let new = self.new.answer(&user, said).await?;
            compared += 1;
            if let Some(parting) = Parting::between(&old, &new) {
                let found = || {
                    let example = example(recording, compared, said, &old, &new);
                    (change(parting, &state, &old, &new), example)
                };
                if parting != Parting::Wording {
                    parted = Some(found());
                    break;
                }
                parted.get_or_insert_with(found);
            }
            state = old.state;
        }
        self.old.store.erase(&user).await?;
        self.new.store.erase(&user).await?;
        Ok(Played { compared, unknown: recording.messages.len() - compared, parted })
    }
}

impl<V: Vocabulary> Side<V> {
    fn of(bot: &Bot<V>) -> Self {
        let Bot { engine, knowledge, models, retention } = bot.clone();
        let store = Arc::new(MemoryStore::default());
        let kept = Arc::clone(&store) as Arc<dyn Store>;
        let conversation = Conversation::new(engine, knowledge, models, kept, retention);
        Self { conversation, store }
    }

    async fn answer(&self, user: &UserId, said: &Said) -> Result<Answer, TurnError> {
        let content = said.content.clone();
        let inbound = Inbound { user: user.clone(), id: None, content, at: said.at };
        self.conversation.turn(inbound).await
    }
}

fn change(parting: Parting, state: &str, old: &Answer, new: &Answer) -> Change {
    let (was, is) = first_change(old, new);
    let lines = (parting == Parting::Wording).then(|| (shape(&shown(&was)), shape(&shown(&is))));
    let stands = |answer: &Answer| format!("{} ({})", answer.state, answer.source.as_str());
    Change { parting, at: state.to_owned(), old: stands(old), new: stands(new), lines }
}

fn example(recording: &Recording, turn: usize, said: &Said, old: &Answer, new: &Answer) -> Example {
    let message = match &said.content {
        Content::Text(words) => words.clone(),
        Content::Media { kind, caption } => format!("[{}] {caption}", kind.as_str()),
    };
    let (was, is) = first_change(old, new);
    let conversation = recording.conversation.clone();
    Example { conversation, turn, message, old: was, new: is }.masked()
}
