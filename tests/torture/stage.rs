//! What the customers and whoever kills the server know of each other.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the server is, and whether it goes on.
#[derive(Default)]
pub(crate) struct Stage {
    server: Mutex<Option<SocketAddr>>,
    over: AtomicBool,
}

impl Stage {
    /// Where the server listens; none while there is none.
    pub(crate) fn server(&self) -> Option<SocketAddr> {
        *self.server.lock().unwrap()
    }

    /// A server is ready.
    pub(crate) fn opens(&self, address: SocketAddr) {
        *self.server.lock().unwrap() = Some(address);
    }

    /// The server is about to go.
    pub(crate) fn closes(&self) {
        *self.server.lock().unwrap() = None;
    }

    /// No message is to be begun any more.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Whether no message is to be begun any more.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}
