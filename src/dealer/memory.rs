//! What was understood of messages, for whoever hears the same ones again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::message::Message;

/// Messages that are remembered, at most: some three kilobytes each.
const CAPACITY: usize = 8_192;

/// Messages that were understood, by what was written.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<String, Arc<Message>>>);

impl Memory {
    /// What `understand` makes of `text`, where that is not remembered.
    pub(super) fn get(&self, text: &str, understand: impl FnOnce() -> Message) -> Arc<Message> {
        let messages = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(message) = messages().get(text) {
            return Arc::clone(message);
        }
        let message = Arc::new(understand());
        let mut messages = messages();
        if messages.len() < CAPACITY {
            messages.insert(text.to_owned(), Arc::clone(&message));
        }
        message
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_message_is_understood_once_while_there_is_room() {
        let (memory, understood) = (Memory::default(), Cell::new(0));
        let get = |text: &str| {
            let words = || {
                understood.set(understood.get() + 1);
                Message::words_of(text)
            };
            assert_eq!(memory.get(text, words).text.original(), text);
        };
        (0..CAPACITY).for_each(|number| get(&number.to_string()));
        get("0");
        assert_eq!(understood.get(), CAPACITY);
        ["one more", "one more"].into_iter().for_each(get);
        assert_eq!(understood.get(), CAPACITY + 2);
    }
}
