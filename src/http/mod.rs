//! Bytes to activity and answer to bytes: who is calling, and how much they may send.
//!
//! Begin with [`serve`]. A request passes [`authenticate::Gate`] before its body is read; what comes out is a
//! [`Received`], which goes to the handler, which is the bot. Nothing here knows what an activity means.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::connector::trust::ChannelIdentity;
use crate::protocol::activity::Activity;
use crate::protocol::answer::Answer;

pub mod authenticate;
mod error;
mod health;
mod messages;
mod metrics;
mod pace;
mod server;

pub use authenticate::Gate;
pub use metrics::{Exposition, serve_metrics};
pub use server::serve;

/// A future in a box.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// What answers activities. It runs in a task of its own: nobody who hangs up cuts it short.
pub type Handler = Arc<dyn Fn(Received) -> BoxFuture<Answer> + Send + Sync>;
/// The page of a path, where a browser finds one. The same for everybody, and of nobody's data.
pub type Pages = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;
/// Whether the service can work (L7).
pub type Readiness = Arc<dyn Fn() -> BoxFuture<bool> + Send + Sync>;
/// The time.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// An activity, and the proof that a channel we trust has sent it.
#[derive(Debug)]
pub struct Received {
    /// Who sent it, and where answers go.
    pub identity: ChannelIdentity,
    /// What was sent.
    pub activity: Activity,
}

/// How much and how long (L1, L2, R9).
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open connections; beyond them 503.
    pub connections: usize,
    /// Authenticated requests at work; beyond them 503.
    pub in_work: usize,
    /// Bytes of a body; beyond them 413.
    pub body_bytes: usize,
    /// From the connection to its first byte.
    pub first_byte: Duration,
    /// From the first byte of a request to the end of its headers.
    pub headers: Duration,
    /// For a whole body.
    pub body: Duration,
    /// For the handler.
    pub request: Duration,
    /// Between two requests of a connection.
    pub idle: Duration,
    /// From the stop to the end of letting in: meanwhile whoever asks is answered, told that the service is not
    /// ready, and told not to use the connection again (R9).
    pub lull: Duration,
    /// For what is under way after that.
    pub finish: Duration,
}

/// What happened since the start of this front.
#[derive(Debug, Default)]
pub struct Counts {
    /// Activities that reached the handler.
    pub received: AtomicU64,
    /// Requests that did not: refused, malformed, too large, too slow (T2).
    pub refused: AtomicU64,
    /// Connections and requests turned away because there were too many (L2).
    pub busy: AtomicU64,
    /// Handlers that panicked (L6).
    pub panics: AtomicU64,
    /// Handlers that were too slow (L2).
    pub late: AtomicU64,
}

/// Everything that a request meets.
pub struct Front {
    gate: Gate,
    handler: Handler,
    ready: Readiness,
    pages: Option<Pages>,
    now: Now,
    limits: Limits,
    counts: Arc<Counts>,
    in_work: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4_096,
            in_work: 256,
            body_bytes: 256 * 1024,
            first_byte: Duration::from_secs(5),
            headers: Duration::from_secs(10),
            body: Duration::from_secs(20),
            request: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            lull: Duration::from_millis(1_500),
            finish: Duration::from_secs(10),
        }
    }
}

impl Front {
    /// A front that lets through what `gate` lets through, and hands it to `handler`.
    pub fn new(gate: Gate, handler: Handler, ready: Readiness, now: Now, limits: Limits) -> Self {
        let in_work = Arc::new(Semaphore::new(limits.in_work));
        let counts = Arc::default();
        let tasks = TaskTracker::new();
        Self { gate, handler, ready, pages: None, now, limits, counts, in_work, tasks }
    }

    /// The same with pages for browsers.
    #[must_use]
    pub fn with_pages(mut self, pages: Pages) -> Self {
        self.pages = Some(pages);
        self
    }

    /// What happened since the start.
    pub fn counts(&self) -> Arc<Counts> {
        Arc::clone(&self.counts)
    }
}
