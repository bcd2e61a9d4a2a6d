//! The metrics, on a listener of their own: never on the one that Teams reaches (L7).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::BoxFuture;
use super::error::{Error, Reply, empty};

/// The text of the metrics as they are now; none when it cannot be written.
pub type Exposition = Arc<dyn Fn() -> BoxFuture<Option<String>> + Send + Sync>;

/// Scrapers at once. There are one or two.
const CONNECTIONS: usize = 16;
/// For the headers of a request.
const HEADERS: Duration = Duration::from_secs(5);
const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// Answers `GET /metrics` until `stop`.
pub async fn serve_metrics(listener: TcpListener, exposition: Exposition, stop: CancellationToken) {
    let (seats, connections) = (Arc::new(Semaphore::new(CONNECTIONS)), TaskTracker::new());
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let (Ok((stream, _)), Ok(seat)) = (accepted, Arc::clone(&seats).try_acquire_owned()) else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (exposition, stop) = (Arc::clone(&exposition), stop.clone());
        connections.spawn(async move {
            stop.run_until_cancelled(connection(stream, exposition)).await;
            drop(seat);
        });
    }
}

async fn connection(stream: TcpStream, exposition: Exposition) {
    let service = service_fn(move |request| {
        let exposition = Arc::clone(&exposition);
        async move { Ok::<_, Infallible>(answer(&request, &exposition).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    // What goes wrong on a connection is the scraper's doing and ends with it.
    drop(http.serve_connection(TokioIo::new(stream), service).await);
}

async fn answer(request: &Request<Incoming>, exposition: &Exposition) -> Reply {
    match (request.uri().path(), request.method()) {
        ("/metrics", &Method::GET) => exposition().await.map_or_else(|| empty(500), page),
        ("/metrics", _) => Error::Method("GET").reply(),
        _ => Error::NotFound.reply(),
    }
}

fn page(text: String) -> Reply {
    let mut reply = empty(200);
    reply.headers_mut().insert(CONTENT_TYPE, OPEN_METRICS);
    *reply.body_mut() = Full::from(text);
    reply
}
