//! The server's life: from the first connection to the last answer.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

/// How long open requests may take to finish once the server is told to stop.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(6);

/// How long the head of a request may take to arrive, and so how long a connection may be idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The pause after a connection that could not be taken, mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves at most so many `connections` at once until `stop` resolves, then takes no more and lets
/// open requests finish, for [`STOP_TIMEOUT`] at most. Connections beyond the limit wait to be
/// taken.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: usize,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let places = Arc::new(Semaphore::new(connections));
    let open = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, place) = tokio::select! {
            taken = next(&listener, &places) => match taken {
                Ok(taken) => taken,
                Err(error) => {
                    tracing::error!(%error, "a connection could not be taken");
                    sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Whose connection breaks asks again, or not: it is nothing that an operator could mend.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if timeout(STOP_TIMEOUT, open.shutdown()).await.is_err() {
        tracing::warn!("stopped with requests still open");
    }
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    // Answers are small and whole: they need not wait for more.
    stream.set_nodelay(true)?;
    Ok((stream, place))
}
