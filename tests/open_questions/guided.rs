//! A guided step never asks a model: every customer's line of every transcript, open questions
//! aside, is taken by a bot whose model panics when it is called.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kavak_bot::conversation::{Conversation, Converse, Models, Wording};
use kavak_bot::dealer::Dealer;
use kavak_bot::engine::{Part, Session};
use kavak_bot::llm::{Called, Completion, Model, Prompt};
use kavak_bot::message::{Channel, Content, Inbound, UserId};
use kavak_bot::store::{MemoryStore, Store, Stored};

use super::bot::{allowance, conversation};

/// A model that nobody may ask.
struct Untouchable;

#[async_trait]
impl Model for Untouchable {
    async fn complete(&self, _: &Prompt, _: Duration) -> Called<Completion> {
        panic!("a model was asked");
    }

    fn name(&self) -> &'static str {
        "untouchable"
    }
}

fn transcripts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            transcripts(&path, found);
        } else if path.extension().is_some_and(|end| end == "chat") {
            found.push(path);
        }
    }
}

/// What the customer of a transcript writes: `>` with the `|` lines that go on with it, and taps.
fn customer(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let rest = line.get(1..).unwrap_or_default();
        match line.chars().next() {
            Some('>') => {
                lines.push(rest.trim().to_owned());
                open = true;
            }
            Some('|') if open => {
                let last = lines.last_mut().unwrap();
                last.push('\n');
                last.push_str(rest.trim());
            }
            Some('!') => {
                lines.extend(rest.trim().strip_prefix("tap ").map(str::to_owned));
                open = false;
            }
            _ => open = false,
        }
    }
    lines
}

/// A bot that may ask nobody, and one that has nobody to ask.
struct Bots {
    wording: Arc<Wording>,
}

impl Bots {
    fn new() -> Self {
        Self { wording: Arc::new(Wording::new(Arc::new(Untouchable), allowance())) }
    }

    fn bot(&self, store: &Arc<MemoryStore>, wording: bool) -> Conversation<Dealer> {
        let wording = wording.then(|| Arc::clone(&self.wording));
        conversation(Arc::clone(store) as Arc<dyn Store>, Models { wording, meaning: None })
    }

    /// Drives one transcript: how many of its turns were guided, and how many asked.
    async fn drive(&self, text: &str) -> (usize, usize) {
        let store = Arc::new(MemoryStore::default());
        let (guided, open) = (self.bot(&store, true), self.bot(&store, false));
        let user = UserId::new(Channel::Chat, "transcript").unwrap();
        let now = "2026-03-02T16:00:00Z".parse().unwrap();
        let (mut guided_turns, mut open_turns) = (0, 0);
        for line in customer(text) {
            let session = match store.load(&user).unwrap().session {
                Stored::Found(session) => session,
                _ => Session::default(),
            };
            let content = Content::Text(line.clone());
            let engine = open.engine();
            let outcome = engine.step(session, &engine.hear(&content), now);
            let asks = outcome.parts.iter().any(|part| matches!(part, Part::Open { .. }));
            let bot = if asks { &open } else { &guided };
            let inbound = Inbound { user: user.clone(), id: None, content, at: now };
            bot.turn(inbound).await.unwrap_or_else(|error| panic!("{line}: {error}"));
            if asks { open_turns += 1 } else { guided_turns += 1 }
        }
        (guided_turns, open_turns)
    }
}

#[tokio::test]
async fn no_guided_turn_of_any_transcript_asks_a_model() {
    let bots = Bots::new();
    let mut files = Vec::new();
    transcripts(Path::new("tests/transcripts"), &mut files);
    files.sort();
    let (mut guided, mut open) = (0, 0);
    for file in &files {
        let (more_guided, more_open) = bots.drive(&fs::read_to_string(file).unwrap()).await;
        guided += more_guided;
        open += more_open;
    }
    println!("{} transcripts: {guided} guided turns, {open} with an open question", files.len());
    assert!(files.len() > 500 && guided > 1_500 && open > 50, "{guided} and {open} turns");
}

/// The test above would see a call: where a question is open, the same bot does ask.
#[tokio::test]
async fn an_open_question_does_ask() {
    let store = Arc::new(MemoryStore::default());
    let bots = Bots::new();
    let inbound = Inbound {
        user: UserId::new(Channel::Chat, "ana").unwrap(),
        id: None,
        content: Content::Text(super::bot::WARRANTY.to_owned()),
        at: "2026-03-02T16:00:00Z".parse().unwrap(),
    };
    assert!(bots.bot(&store, true).turn(inbound).await.is_err());
}
