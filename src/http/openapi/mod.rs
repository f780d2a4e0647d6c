//! `GET /openapi.json` and `GET /docs`: every door, described for machines and for people.
//!
//! Schemas come from the types that are sent and the fields that are read; which door answers what
//! stands in `doors`.

mod docs;
mod doors;
mod operation;

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::Shared;
use super::access::{META_SIGNATURE, TWILIO_SIGNATURE};
use super::cookie;
use super::html::Html;
use super::problem::{Problem, ProblemBody};

const ABOUT: &str = "A WhatsApp bot that sells used cars in Mexican Spanish. It is independent of \
    Kavak.\n\nOn loopback every door is open. Exposed — bound to anything else, PUBLIC_BASE_URL \
    set, or asked through a proxy or under a foreign name — each asks for its secret.\n\nEvery \
    error is JSON of one shape. Besides those that stand with each door, an unknown path is 404 \
    and a wrong method 405, whose Allow header names the right ones.";

/// The document, in both forms.
pub(super) struct Documents {
    json: Bytes,
    docs: Html,
}

impl Documents {
    /// What is said of the doors of a bot whose sessions have this schema.
    pub(super) fn new(session: &Value) -> Self {
        let document = document(session);
        let json = serde_json::to_vec_pretty(&document).expect("a document has text keys only");
        Self { json: json.into(), docs: docs::page(&document) }
    }
}

/// `GET /openapi.json`.
pub(super) async fn show(State(doors): State<Shared>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, doors.documents().json.clone()).into_response()
}

/// `GET /docs`.
pub(super) async fn read(State(doors): State<Shared>) -> Response {
    doors.documents().docs.response()
}

/// Where a session's schema stands in the document.
pub(super) fn session(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"$ref": "#/components/schemas/Session"})
}

fn document(session: &Value) -> Value {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.definitions_path = "/components/schemas".into();
    let mut generator = settings.into_generator();
    let error = generator.subschema_for::<ProblemBody<'_>>();
    let paths = doors::paths(&mut generator);
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Session".to_owned(), session.clone());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "kavak-bot",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": doors::TAGS.map(|(name, about)| json!({"name": name, "description": about})),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": refusals(&error),
            "securitySchemes": schemes(),
        },
    })
}

/// The answers that are no answers, by their status.
fn refusals(error: &Schema) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<Problem>> = BTreeMap::new();
    for problem in Problem::samples() {
        by_status.entry(problem.status().as_u16()).or_default().push(problem);
    }
    let refusal = |problems: &[Problem]| {
        let mut codes: Vec<&str> = problems.iter().map(Problem::code).collect();
        codes.dedup();
        let reason = problems[0].status().canonical_reason().unwrap_or_default();
        let mut schema = error.clone();
        schema.insert(
            "properties".to_owned(),
            json!({"error": {"type": "object", "properties": {"code": {"enum": codes}}}}),
        );
        let headers: Map<String, Value> = problems[0]
            .header()
            .map(|(name, _)| {
                (name.to_string(), json!({"required": true, "schema": {"type": "string"}}))
            })
            .into_iter()
            .collect();
        json!({
            "description": reason,
            "headers": headers,
            "content": {"application/json": {"schema": schema}},
        })
    };
    by_status.iter().map(|(status, problems)| (status.to_string(), refusal(problems))).collect()
}

/// What opens a door that asks.
fn schemes() -> Value {
    let header = |name: &str, about: &str| json!({"type": "apiKey", "in": "header", "name": name, "description": about});
    json!({
        "api": {
            "type": "http",
            "scheme": "bearer",
            "description": "API_TOKEN, once the server is exposed.",
        },
        "operator": {
            "type": "http",
            "scheme": "bearer",
            "description": "What is kept in operator.key in DATA_DIR, in URL-safe base64; from \
                this machine alone.",
        },
        "twilio": header(
            TWILIO_SIGNATURE.as_str(),
            "Twilio's signature, where TWILIO_AUTH_TOKEN is set.",
        ),
        "meta": header(META_SIGNATURE.as_str(), "Meta's signature, where META_APP_SECRET is set."),
        "page": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie::NAME,
            "description": "Set by the first answer; it is who writes.",
        },
    })
}
