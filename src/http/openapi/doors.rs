//! Which door takes what, and what it answers.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::operation::Operation;
use crate::http::chat::ChatAnswer;
use crate::http::fields::{self, MESSAGE, MESSAGE_ID, NOT_BLANK, USER_ID};
use crate::http::health::Alive;
use crate::http::operator::ERRANDS;
use crate::http::page::PageAnswer;
use crate::http::record::Recorded;
use crate::message::MAX_ID_BYTES;
use crate::metrics;

/// The kinds of doors.
pub(super) const TAGS: [(&str, &str); 5] = [
    ("chat", "Talking to the bot"),
    ("whatsapp", "What WhatsApp's providers call"),
    ("health", "What watches the server"),
    ("operator", "What commands of this machine call"),
    ("docs", "This"),
];

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A media type of ours without its charset, as documents name it.
fn bare(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default()
}

/// All doors, by their paths.
pub(super) fn paths(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut paths = Map::new();
    let mut door = |path: &str, methods: Vec<(&str, Operation)>| {
        let methods = methods
            .into_iter()
            .map(|(method, operation)| (method.to_owned(), Value::from(operation)));
        paths.insert(path.to_owned(), Value::Object(methods.collect()));
    };
    door("/chat", vec![("post", chat(schema_of::<ChatAnswer<'_>>(generator)))]);
    door("/", vec![("get", html("chat", "showPage", "The chat page"))]);
    door("/page/message", vec![("post", page(schema_of::<PageAnswer<'_>>(generator)))]);
    door("/page/record", vec![("post", record(schema_of::<Recorded>(generator)))]);
    for (path, id) in [
        ("/webhook/whatsapp", "receiveFromTwilio"),
        ("/twilio/whatsapp", "receiveFromTwilioToo"),
        ("/webhook", "receiveFromTwilioAsWell"),
    ] {
        door(path, vec![("post", twilio(id))]);
    }
    door("/webhook/whatsapp/status", vec![("post", twilio_status())]);
    door("/webhook/meta", vec![("get", meta_handshake()), ("post", meta())]);
    door("/health", vec![("get", health(schema_of::<Alive>(generator)))]);
    door("/ready", vec![("get", ready(schema_of::<Alive>(generator)))]);
    door("/metrics", vec![("get", metrics())]);
    for (name, summary) in ERRANDS {
        door(&format!("/operator/{name}"), vec![("post", errand(name, summary))]);
    }
    let document = Operation::new("docs", "showDocument", "This document", "OpenAPI 3.1.");
    let document = document.answers(200, "The document", JSON, json!({"type": "object"}));
    door("/openapi.json", vec![("get", document)]);
    door("/docs", vec![("get", html("docs", "showDocs", "This document as a page"))]);
    paths
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn chat(answer: Value) -> Operation {
    let about = "One message of one user: its turn is durable when it is answered. A message that \
        is empty, up to 20,000 characters long or not understood gets guidance.";
    let example = json!({"user_id": "u1", "message": "busco un Versa", "message_id": "m1"});
    Operation::new("chat", "chat", "Say something", about)
        .may_ask_for("api")
        .takes(JSON, fields::schema(&[USER_ID, MESSAGE, MESSAGE_ID]), example)
        .answers(200, "The answer", JSON, answer)
        .refuses(&[400, 401, 413, 415, 429, 503])
}

fn page(answer: Value) -> Operation {
    let about = "One message of the user that the cookie names; without one, of a new user. A \
        browser must say that it comes from the page.";
    Operation::new("chat", "sayOnPage", "Say something on the page", about)
        .may_ask_for("page")
        .takes(JSON, fields::schema(&[MESSAGE, MESSAGE_ID]), json!({"message": "hola"}))
        .answers(200, "The answer", JSON, answer)
        .refuses(&[400, 403, 413, 415, 429, 503])
}

fn record(recorded: Value) -> Operation {
    let about = "What the user of the cookie said on the page, as a transcript for `kavak-bot test` \
        with personal data masked, and the cars that it needs. For those who try the bot on their \
        own machine: refused once the server is exposed. One at a time.";
    Operation::new("chat", "recordPage", "Make a transcript of the page's talk", about)
        .may_ask_for("page")
        .answers(200, "The files", JSON, recorded)
        .refuses(&[403, 404, 429, 503])
}

fn twilio(id: &str) -> Operation {
    let text = |about: &str| json!({"type": "string", "description": about});
    let form = json!({
        "type": "object",
        "required": ["From"],
        "properties": {
            "From": {
                "type": "string", "minLength": 1, "maxLength": MAX_ID_BYTES,
                "pattern": NOT_BLANK,
                "description": "Who writes: whatsapp:+5215512345678",
            },
            "MessageSid": {
                "type": "string", "maxLength": MAX_ID_BYTES,
                "description": "The message's id: one that comes again gets the same answer.",
            },
            "Body": text("The words"),
            "ButtonPayload": text("The id of a button that was tapped"),
            "ListId": text("The id of a row that was tapped"),
            "NumMedia": text("How many media came along"),
            "MediaContentType0": text("What the first of them is"),
            "Latitude": text("Of a place on the map"),
            "Longitude": text("Of a place on the map"),
            "MessageType": text("text, audio, image, …"),
        },
        "additionalProperties": {"type": "string"},
    });
    let example = json!({"From": "whatsapp:+5215512345678", "MessageSid": "SM1", "Body": "hola"});
    let about = "Twilio's form, answered with TwiML. What cannot be stored is answered with an \
        apology, for Twilio hands an error to nobody.";
    Operation::new("whatsapp", id, "A message through Twilio", about)
        .may_ask_for("twilio")
        .takes(FORM, form, example)
        .answers(200, "TwiML", "text/xml", json!({"type": "string"}))
        .refuses(&[400, 403, 413, 415, 503])
}

fn twilio_status() -> Operation {
    let form = json!({
        "type": "object",
        "properties": {
            "MessageSid": {"type": "string", "description": "Which of our messages"},
            "MessageStatus": {"type": "string", "description": "sent, delivered, read, failed, …"},
            "ErrorCode": {"type": "string", "description": "Why it failed"},
        },
        "additionalProperties": {"type": "string"},
    });
    let example = json!({"MessageSid": "SM1", "MessageStatus": "delivered"});
    let about = "Twilio's status callback.";
    Operation::new("whatsapp", "noteTwilioStatus", "What became of a reply", about)
        .may_ask_for("twilio")
        .takes(FORM, form, example)
        .answers_bare(204, "Noted")
        .refuses(&[400, 403, 413, 415, 503])
}

fn meta_handshake() -> Operation {
    let parameter = |name: &str| json!({"name": name, "in": "query", "required": true, "schema": {"type": "string"}});
    let parameters = ["hub.mode", "hub.verify_token", "hub.challenge"].map(parameter);
    let about = "Whether this address is ours: META_VERIFY_TOKEN must be what Meta was told.";
    Operation::new("whatsapp", "shakeHands", "Meta's handshake", about)
        .parameters(json!(parameters))
        .answers(200, "hub.challenge", "text/plain", json!({"type": "string"}))
        .refuses(&[403, 503])
}

fn meta() -> Operation {
    let body = json!({"description": "A webhook of the Cloud API. What cannot be read is logged, \
        and acknowledged all the same."});
    let example = json!({"object": "whatsapp_business_account", "entry": []});
    let about = "Messages, and what became of ours. 200 as soon as all of it is durable; anything \
        else has Meta send it again.";
    Operation::new("whatsapp", "receiveFromMeta", "Messages through Meta", about)
        .may_ask_for("meta")
        .may_take(JSON, body, example)
        .answers_bare(200, "Taken in")
        .refuses(&[400, 403, 413, 503])
}

fn health(alive: Value) -> Operation {
    Operation::new("health", "health", "Is it alive", "The process answers.")
        .answers(200, "It is", JSON, alive)
}

fn ready(alive: Value) -> Operation {
    let about = "The store is open and the flows are loaded; why not stands in the log.";
    Operation::new("health", "ready", "Can it take a turn", about)
        .answers(200, "It can", JSON, alive)
        .refuses(&[503])
}

fn metrics() -> Operation {
    let about = "What is counted and measured, in Prometheus' text format.";
    let media = bare(metrics::CONTENT_TYPE);
    Operation::new("health", "metrics", "Metrics", about)
        .may_ask_for("api")
        .answers(200, "Metrics", media, json!({"type": "string"}))
        .refuses(&[401, 503])
}

fn errand(name: &'static str, summary: &'static str) -> Operation {
    let about = "What the command of this machine asks a running server for. What it sends and \
        gets is between the two.";
    Operation::new("operator", name, summary, about)
        .asks_for("operator")
        .takes(JSON, json!({}), Value::Null)
        .answers(200, "Done", JSON, json!({}))
        .refuses(&[400, 401, 403, 413, 503])
}

fn html(tag: &str, id: &str, summary: &str) -> Operation {
    Operation::new(tag, id, summary, "It asks for nothing from elsewhere.").answers(
        200,
        "The page",
        "text/html",
        json!({"type": "string"}),
    )
}
