//! A server on a real socket, and a client that can be rude.
#![expect(clippy::disallowed_methods, reason = "the tasks of a test end with it")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tenantry::http::{Counts, Front, Gate, Handler, Limits, serve};
use tenantry::protocol::answer::Answer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A running server.
pub struct Running {
    pub address: SocketAddr,
    pub counts: Arc<Counts>,
    pub stop: CancellationToken,
    pub ended: JoinHandle<std::io::Result<()>>,
}

/// Serves on a free port of this machine; the time stands still at `now`.
pub async fn start(gate: Gate, handler: Handler, limits: Limits, now: DateTime<Utc>) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ready = Arc::new(|| Box::pin(async { true }) as _);
    let front = Front::new(gate, handler, ready, Arc::new(move || now), limits);
    let (counts, stop) = (front.counts(), CancellationToken::new());
    let ended = tokio::spawn(serve(listener, front, stop.clone()));
    Running { address, counts, stop, ended }
}

/// Counts what reaches it and accepts everything.
pub fn counting() -> (Handler, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let handler: Handler = Arc::new(move |_| {
        counted.fetch_add(1, SeqCst);
        Box::pin(async { Answer::accepted() })
    });
    (handler, count)
}

/// A request to take activities, as bytes. `headers` are lines without ends.
pub fn post(headers: &[&[u8]], body: &[u8]) -> Vec<u8> {
    let mut request = b"POST /api/messages HTTP/1.1\r\nhost: bot\r\n".to_vec();
    for header in headers {
        request.extend_from_slice(header);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    request.extend_from_slice(body);
    request
}

/// An answer, or what came of it before the connection ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Heard {
    /// 0 when there was none.
    pub status: u16,
    /// Head with its last line end.
    pub head: String,
    pub body: Vec<u8>,
}

/// Sends bytes on a connection of their own and reads one answer.
pub async fn send(address: SocketAddr, bytes: &[u8]) -> Heard {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that has heard enough closes; what it said counts.
    let _ = stream.write_all(bytes).await;
    hear(&mut stream).await
}

/// Reads one answer, for ten seconds at most.
pub async fn hear(stream: &mut TcpStream) -> Heard {
    let mut come = Vec::new();
    let mut buffer = [0; 4096];
    let head_end = |come: &[u8]| come.windows(4).position(|four| four == b"\r\n\r\n");
    let read = async {
        loop {
            if let Some(end) = head_end(&come) {
                let head = String::from_utf8_lossy(&come[..end]).to_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                let length: usize = length.map_or(0, |length| length.parse().unwrap());
                if come.len() >= end + 4 + length {
                    break;
                }
            }
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(count) => come.extend_from_slice(&buffer[..count]),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), read).await.expect("an answer or an end");
    let (head, body) = match head_end(&come) {
        Some(end) => (String::from_utf8_lossy(&come[..end + 2]).to_lowercase(), come[end + 4..].to_vec()),
        None => (String::new(), come),
    };
    let status = head.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    Heard { status, head, body }
}
