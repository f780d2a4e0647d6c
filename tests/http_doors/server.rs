//! A server on a free port, and what it answers.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kavak_bot::channel::Status;
use kavak_bot::config::Settings;
use kavak_bot::conversation::{Converse, Desk, Receive, TurnError};
use kavak_bot::delivery::Track;
use kavak_bot::http::{
    self, App, CookieKey, Key, Operator, OperatorToken, Record, Recorded, RecordedFile, Unrecorded,
};
use kavak_bot::message::{
    Answer, Arrival, Channel, Choice, Content, Inbound, Reply, Source, UserId, View,
};
use kavak_bot::metrics::{Levels, Measure};
use kavak_bot::store::{MemoryStore, StoreError};
use kavak_bot::telemetry::Journal;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Repeats what it hears; some words make it fail.
#[derive(Default)]
pub(crate) struct Echo {
    heard: Mutex<Vec<Inbound>>,
    accepted: Mutex<Vec<Arrival>>,
    told: Mutex<Vec<(Channel, Status)>>,
}

#[async_trait]
impl Converse for Echo {
    async fn turn(&self, inbound: Inbound) -> Result<Answer, TurnError> {
        let text = match &inbound.content {
            Content::Text(text) => text.clone(),
            Content::Media { kind, caption } => format!("[{}] {caption}", kind.as_str()),
        };
        self.heard.lock().unwrap().push(inbound);
        match text.as_str() {
            "full" => {
                let reason = "no space".to_owned();
                return Err(StoreError::NotReady { reason }.into());
            }
            "crowded" => return Err(TurnError::Overloaded),
            "broken" => return Err(TurnError::Broken),
            "panic" => panic!("on purpose"),
            "slow" => tokio::time::sleep(Duration::from_millis(300)).await,
            _ => {}
        }
        let choices = vec![Choice { id: "1".to_owned(), title: "Uno".to_owned() }];
        let reply = Reply { text: format!("eco: {text}"), media: Vec::new(), choices };
        let session = View::of(&json!({"results": []}));
        let state = "menu.start".to_owned();
        Ok(Answer { replies: vec![reply], state, source: Source::Flow, session })
    }

    fn ready(&self) -> Result<(), String> {
        let broken =
            self.heard.lock().unwrap().iter().any(|i| i.content == Content::Text("full".into()));
        if broken { Err("the store in /var/lib/bot is full".to_owned()) } else { Ok(()) }
    }
}

#[async_trait]
impl Receive for Echo {
    async fn accept(&self, arrivals: Vec<Arrival>) -> Result<(), TurnError> {
        let full = Content::Text("full".to_owned());
        if arrivals.iter().any(|arrival| arrival.inbound.content == full) {
            return Err(TurnError::Overloaded);
        }
        self.accepted.lock().unwrap().extend(arrivals);
        Ok(())
    }

    async fn answer(&self, arrival: Arrival, _: Duration) -> Result<Option<Answer>, TurnError> {
        let later = arrival.inbound.content == Content::Text("later".to_owned());
        self.accept(vec![arrival.clone()]).await?;
        if later { Ok(None) } else { self.turn(arrival.inbound).await.map(Some) }
    }
}

#[async_trait]
impl Track for Echo {
    async fn told(&self, channel: Channel, statuses: Vec<Status>) -> Result<(), StoreError> {
        self.told.lock().unwrap().extend(statuses.into_iter().map(|status| (channel, status)));
        Ok(())
    }
}

#[async_trait]
impl Record for Echo {
    /// What the user said, a line each.
    async fn record(&self, user: UserId) -> Result<Option<Recorded>, Unrecorded> {
        let heard = self.heard.lock().unwrap().clone();
        let said: Vec<String> = heard
            .into_iter()
            .filter(|inbound| inbound.user == user)
            .map(|mut inbound| inbound.content.words_mut().clone())
            .collect();
        match said.last().map(String::as_str) {
            None => return Ok(None),
            Some("full") => return Err(Unrecorded("no space in /tmp".to_owned())),
            Some("slow") => tokio::time::sleep(Duration::from_millis(300)).await,
            Some(_) => {}
        }
        let file = |name: &str, text| RecordedFile { name: name.to_owned(), text };
        let transcript = file("a.chat", said.join("\n"));
        Ok(Some(Recorded { transcript, cars: file("a.csv", String::new()), same: true }))
    }
}

impl Measure for Echo {
    fn levels(&self, _: Timestamp) -> Levels {
        Levels { inbox: self.accepted.lock().unwrap().len(), ..Levels::default() }
    }
}

/// The doors of an echo, with these settings.
pub(crate) fn app(vars: &[(&str, &str)]) -> (App, Arc<Echo>) {
    let vars: HashMap<&str, &str> = vars.iter().copied().collect();
    let settings = Settings::read(|name| vars.get(name).map(|&value| value.to_owned()));
    let bot = Arc::new(Echo::default());
    let app = App {
        bot: bot.clone(),
        settings: Arc::new(settings.unwrap()),
        clock: || Timestamp::UNIX_EPOCH,
        mail: bot.clone(),
        replies: bot.clone(),
        recorder: bot.clone(),
        operator: Operator {
            desk: Desk::new(Arc::new(MemoryStore::default()), "/nowhere".into(), || {
                Timestamp::UNIX_EPOCH
            }),
            token: OperatorToken::new(&Key::new([9; 32])),
        },
        journal: Arc::new(Journal::new(&[8; 32], Timestamp::UNIX_EPOCH)),
        metrics: Arc::default(),
        levels: bot.clone(),
        cookies: CookieKey::new(Key::new([7; 32])),
        retention: SignedDuration::from_hours(7 * 24),
        title: "Autos de Prueba".to_owned(),
        session_schema: json!({"type": "object"}),
    };
    (app, bot)
}

/// A running server; it stops when this is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) bot: Arc<Echo>,
    pub(crate) stop: Option<oneshot::Sender<()>>,
    pub(crate) ended: tokio::task::JoinHandle<()>,
}

/// What came back.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Server {
    pub(crate) async fn start(vars: &[(&str, &str)]) -> Self {
        let (app, bot) = app(vars);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let connections = app.settings.limits.connections;
        let serving = http::serve(listener, http::router(app), connections, async {
            let _ = stopped.await;
        });
        Self { address, bot, stop: Some(stop), ended: tokio::spawn(serving) }
    }

    pub(crate) fn accepted(&self) -> Vec<Arrival> {
        self.bot.accepted.lock().unwrap().clone()
    }

    pub(crate) fn told(&self) -> Vec<(Channel, Status)> {
        self.bot.told.lock().unwrap().clone()
    }

    pub(crate) fn heard(&self) -> Vec<Inbound> {
        self.bot.heard.lock().unwrap().clone()
    }

    /// One request on a connection of its own; `Host` is this server unless a header says so.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answered {
        let body = body.as_ref();
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            write!(head, "Host: {}\r\n", self.address).unwrap();
        }
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        write!(head, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
        let request = [head.as_bytes(), body].concat();
        let address = self.address;
        let exchange = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address)?;
            stream.write_all(&request)?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            std::io::Result::Ok(answer)
        });
        Answered::read(&exchange.await.unwrap().unwrap())
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.send("GET", path, &[], "").await
    }

    pub(crate) async fn post_json(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answered {
        let headers = [&[("Content-Type", "application/json")], headers].concat();
        self.send("POST", path, &headers, body).await
    }

    pub(crate) async fn post_form(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answered {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &[&form, headers].concat(), body).await
    }
}

impl Answered {
    fn read(answer: &str) -> Self {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        });
        Self { status, headers: headers.collect(), body: body.to_owned() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("JSON: {}", self.body))
    }

    /// Checks status and code of an error, and that it is told in full and in JSON.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/json");
        let error = &self.json()["error"];
        assert_eq!(error["code"], code);
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
}
