//! The server's life: from the first connection to the last answer.

use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// How long open requests may take to finish once the server is told to stop.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until `stop` resolves, then takes no more connections and lets open requests finish,
/// for [`STOP_TIMEOUT`] at most.
///
/// # Errors
///
/// A listener that fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let signal = async move {
        stop.await;
        // Nobody listens once the server has ended by itself.
        let _ = stopping.send(());
    };
    let deadline = async move {
        match stopped.await {
            Ok(()) => sleep(STOP_TIMEOUT).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = axum::serve(listener, router).with_graceful_shutdown(signal) => ended,
        () = deadline => {
            tracing::warn!("stopped with requests still open");
            Ok(())
        }
    }
}
