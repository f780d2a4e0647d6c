//! The real binary as a process of its own, and what is said to it over a socket.

mod connection;
mod server;

pub(crate) use connection::{Answer, Connection, Failure};
pub(crate) use server::{Place, Server};
