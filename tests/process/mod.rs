//! The real binary as a process of its own, and what is said to it over a socket.

#![allow(dead_code, reason = "each of those who start servers needs a part of it")]

mod connection;
mod server;

pub(crate) use connection::{Answer, Connection, Failure};
pub(crate) use server::{Place, Server};
