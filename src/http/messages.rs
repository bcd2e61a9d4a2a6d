//! `POST /api/messages`: the one place that takes activities (A1).

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_ENCODING, HeaderMap};
use hyper::{Method, Request};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::error::{Error, Reply, html, reply};
use super::health::{health, readiness};
use super::{Front, Received};
use crate::protocol::activity::Activity;
use crate::protocol::answer::Answer;
use crate::telemetry::{METRICS, TraceId};

/// The header by which whoever is in front of us names the trace that a request belongs to (W3C Trace Context).
const TRACEPARENT: &str = "traceparent";

/// Answers any request, in the trace that it names or in one of its own.
pub(super) async fn answer(front: Arc<Front>, request: Request<Incoming>) -> Reply {
    let named = request.headers().get(TRACEPARENT).and_then(|value| value.to_str().ok());
    let trace = named.and_then(TraceId::of_traceparent).unwrap_or_else(TraceId::made);
    trace.within(place(front, request)).await
}

async fn place(front: Arc<Front>, request: Request<Incoming>) -> Reply {
    let answered = match (request.uri().path(), request.method()) {
        ("/api/messages", &Method::POST) => messages(&front, request).await.map(|answer| reply(&answer)),
        ("/api/messages", _) => Err(Error::Method("POST")),
        ("/healthz", &Method::GET) => Ok(health()),
        ("/readyz", &Method::GET) => Ok(readiness(&front).await),
        ("/healthz" | "/readyz", _) => Err(Error::Method("GET")),
        (path, method) => match front.pages.as_ref().and_then(|pages| pages(path)) {
            Some(page) if method == Method::GET => Ok(html(page)),
            Some(_) => Err(Error::Method("GET")),
            None => Err(Error::NotFound),
        },
    };
    answered.unwrap_or_else(|error| {
        front.count(error);
        error.reply()
    })
}

/// Token, then body, then what one says about the other, then the handler.
async fn messages(front: &Front, request: Request<Incoming>) -> Result<Answer, Error> {
    let (head, body) = request.into_parts();
    let shown = front.gate.look(&head.headers, (front.now)()).await?;
    is_plain(&head.headers)?;
    let at_work = Arc::clone(&front.in_work).try_acquire_owned().map_err(|_| Error::Busy)?;
    let body = timeout(front.limits.body, read(body, front.limits.body_bytes)).await;
    let activity = Activity::parse(body.map_err(|_| Error::SlowBody)??)?;
    let identity = front.gate.pass(&shown, &activity)?;
    front.handle(Received { identity, activity }, at_work).await
}

/// Bodies are taken as they are: unpacking would let a small one become a large one (L1).
fn is_plain(headers: &HeaderMap) -> Result<(), Error> {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    let plain = encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if plain { Ok(()) } else { Err(Error::Encoding) }
}

/// The whole body, unless it announces or turns out to be longer than `most` bytes (L1).
async fn read(mut body: Incoming, most: usize) -> Result<Vec<u8>, Error> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > most {
        return Err(Error::TooLarge);
    }
    let mut bytes = Vec::with_capacity(announced);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::BrokenBody)?;
        let Some(data) = frame.data_ref() else { continue };
        if bytes.len() + data.len() > most {
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(data);
    }
    Ok(bytes)
}

impl Front {
    /// Runs the handler in a task of its own: its panic is caught there (L6), and it goes on when the caller hangs
    /// up or when it is too late for an answer. It keeps its place at work until it ends.
    async fn handle(&self, received: Received, at_work: OwnedSemaphorePermit) -> Result<Answer, Error> {
        self.counts.received.fetch_add(1, Relaxed);
        let handler = Arc::clone(&self.handler);
        let trace = TraceId::current().unwrap_or_else(TraceId::made);
        let task = self.tasks.spawn(trace.within(async move {
            let answer = handler(received).await;
            drop(at_work);
            answer
        }));
        let patience: Duration = self.limits.request;
        timeout(patience, task).await.map_err(|_| Error::Late)?.map_err(|_| Error::Panicked)
    }

    fn count(&self, error: Error) {
        METRICS.refused(error.to_string());
        let counts = &self.counts;
        let count = match error {
            Error::Busy => &counts.busy,
            Error::Late => &counts.late,
            Error::Panicked => &counts.panics,
            _ => &counts.refused,
        };
        count.fetch_add(1, Relaxed);
    }
}
