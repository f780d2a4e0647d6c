//! Guided car sales over WhatsApp: a deterministic state machine, a language model only as a
//! fallback.
//!
//! The modules in reading order, which is the way of one message from the door and back:
//!
//! - [`message`]: users, messages, replies: what crosses every boundary.
//! - [`money`]: pesos to the cent.
//! - [`text`]: folding, tokens, fuzzy matching; no language, no domain.
//! - [`spanish`]: numbers, amounts, terms, ranges, yes and no: values out of text.
//! - [`catalog`]: the cars on sale: loading, index, search.
//! - [`credit`]: the policy and the amortization, to the cent.
//! - [`engine`]: the flow interpreter; pure, knows no cars.
//! - [`dealer`]: the car-selling vocabulary that the engine speaks.
//! - [`knowledge`]: the context file and what can be answered from it.
//! - [`fetch`]: public pages, read politely.
//! - [`https`]: the connections that we open: one cryptography, answers read up to a size.
//! - [`llm`]: language models behind an OpenAI-compatible server.
//! - [`store`]: sessions and turns, durable.
//! - [`conversation`]: one turn of one user, from message to committed answer.
//! - [`channel`]: decoding and encoding for messengers: Twilio's and Meta's.
//! - [`delivery`]: replies on their way out, for channels that are answered later.
//! - [`metrics`]: what is counted and measured, for Prometheus.
//! - [`http`]: router, webhooks, chat API, page, health, metrics, and the document of all doors.
//! - [`cores`]: work spread over the cores.
//! - [`shelf`]: values that are dear to make, made once.
//! - [`transcript`]: QA's conversations as text files, and their runner.
//! - [`replay`]: recorded conversations, played through two versions and compared.
//! - [`simulation`]: random but plausible customers, and what must always hold.
//! - [`config`], [`telemetry`], [`cli`]: the edges, where everything is put together.

pub mod catalog;
pub mod channel;
pub mod cli;
pub mod config;
pub mod conversation;
pub mod cores;
pub mod credit;
pub mod dealer;
pub mod delivery;
pub mod engine;
pub mod fetch;
pub mod http;
pub mod https;
pub mod knowledge;
pub mod llm;
pub mod message;
pub mod metrics;
pub mod money;
pub mod replay;
pub mod shelf;
pub mod simulation;
pub mod spanish;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod transcript;
