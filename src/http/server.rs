//! The accept loop: how many may come in, how long they may stay, how it ends (L2, R9).

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::messages::answer;
use super::pace::{Pace, Watched};
use super::{Front, Readiness};

/// What a connection too many is told.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
/// How long after the lull a connection is still listened to: what was on its way by then has come (R9).
const LAST_CALL: Duration = Duration::from_millis(50);
/// Bytes that the headers of a request may have together: a token is at most 16 KiB of them.
const HEADERS: usize = 32 * 1024;

/// Serves until `stop`. Then tells whoever comes during `Limits::lull` to go elsewhere, so that nobody is on the way
/// here when the door is shut, and finishes what is under way, for `Limits::finish` at most (R9).
///
/// # Errors
/// The gate may not stand open at the listener's address (A11).
pub async fn serve(listener: TcpListener, mut front: Front, stop: CancellationToken) -> io::Result<()> {
    front.gate.may_stand_at(listener.local_addr()?)?;
    front.ready = ready_until(stop.clone(), front.ready);
    let (front, connections) = (Arc::new(front), TaskTracker::new());
    let (shut, cut) = (CancellationToken::new(), CancellationToken::new());
    let seats = Arc::new(Semaphore::new(front.limits.connections));
    let let_in = |stream: TcpStream| {
        let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
            front.counts.busy.fetch_add(1, Relaxed);
            return turn_away(&stream);
        };
        let connection = connection(stream, Arc::clone(&front), stop.clone(), shut.clone());
        let cut = cut.clone();
        connections.spawn(async move {
            cut.run_until_cancelled(connection).await;
            drop(seat);
        });
    };
    let mut end = pin!(after(&stop, front.limits.lull));
    loop {
        let accepted = tokio::select! {
            () = end.as_mut() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => let_in(stream),
            Err(error) => {
                // Out of file descriptors, most likely: some will be free in a moment.
                tracing::warn!(%error, "connection not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    shut.cancel();
    // The system has shaken hands for us with whoever still waits: to close now would cut them off.
    let listener = listener.into_std()?;
    while let Ok((stream, _)) = listener.accept() {
        stream.set_nonblocking(true)?;
        let_in(TcpStream::from_std(stream)?);
    }
    drop(listener);
    connections.close();
    front.tasks.close();
    let finished = async { tokio::join!(connections.wait(), front.tasks.wait()) };
    if tokio::time::timeout(front.limits.finish, finished).await.is_err() {
        tracing::warn!(connections = connections.len(), handlers = front.tasks.len(), "cut off at stop");
        cut.cancel();
    }
    Ok(())
}

/// One connection, until it ends, is too slow, or `shut` lets it end after its present request. From `stop` on the
/// next request is its last.
async fn connection(stream: TcpStream, front: Arc<Front>, stop: CancellationToken, shut: CancellationToken) {
    // Answers are written at once; if the socket does not take it, they are only later.
    drop(stream.set_nodelay(true));
    let pace = Arc::new(Pace::new(&front.limits));
    let watched = TokioIo::new(Watched { stream, pace: Arc::clone(&pace) });
    let service = service_fn(|request| {
        let (front, pace, stop) = (Arc::clone(&front), Arc::clone(&pace), stop.clone());
        pace.begin();
        async move {
            let mut reply = answer(front, request).await;
            pace.end();
            if stop.is_cancelled() {
                reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(reply)
        }
    });
    let served = http1::Builder::new().max_buf_size(HEADERS).serve_connection(watched, service);
    let (mut served, overdue) = (pin!(served), pin!(pace.overdue()));
    tokio::select! {
        // What goes wrong on a connection is the client's doing and ends with it.
        _ = served.as_mut() => return,
        () = overdue => return,
        () = after(&shut, LAST_CALL) => {}
    }
    served.as_mut().graceful_shutdown();
    drop(served.await);
}

/// Returns so long after `token` is cancelled.
async fn after(token: &CancellationToken, pause: Duration) {
    token.cancelled().await;
    tokio::time::sleep(pause).await;
}

/// Ready as `ready` says, until `stop`.
fn ready_until(stop: CancellationToken, ready: Readiness) -> Readiness {
    Arc::new(move || if stop.is_cancelled() { Box::pin(async { false }) } else { ready() })
}

/// Says 503 if the socket takes it at once, and closes. Nothing is kept, nobody is waited for (L2).
fn turn_away(stream: &TcpStream) {
    // Read what has come: closing with unread bytes would also take back what was said.
    let mut come = [0; 2048];
    drop(stream.try_read(&mut come));
    drop(stream.try_write(FULL));
}
