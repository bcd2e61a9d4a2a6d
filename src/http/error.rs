//! Requests that do not reach the handler, and how every answer leaves.

use aws_lc_rs::digest::{SHA256, digest};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, RETRY_AFTER,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};

use crate::connector::refusal::Refusal;
use crate::protocol::answer::Answer;
use crate::protocol::body::BodyError;

pub(super) type Reply = Response<Full<Bytes>>;

/// Why a request ended early. What the caller learns of it is the status (A12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Error {
    /// Not from a channel that we trust; with the first bytes of a digest of the key's name.
    #[error("{0}")]
    Refused(Refusal, Option<u32>),
    #[error("A1 no such place")]
    NotFound,
    #[error("A1 method")]
    Method(&'static str),
    #[error("L1 too large")]
    TooLarge,
    #[error("L1 content encoding")]
    Encoding,
    #[error("L2 body too slow")]
    SlowBody,
    #[error("L1 body broken off")]
    BrokenBody,
    #[error("L2 too many requests")]
    Busy,
    #[error("L2 handler too slow")]
    Late,
    #[error("L6 handler panicked")]
    Panicked,
}

impl Error {
    /// A refusal of a token that names a key.
    pub fn refused(reason: Refusal, key_id: &str) -> Self {
        let hash = digest(&SHA256, key_id.as_bytes());
        let head = hash.as_ref().first_chunk::<4>();
        Self::Refused(reason, head.map(|head| u32::from_be_bytes(*head)))
    }

    fn status(self) -> u16 {
        match self {
            Self::Refused(reason, _) => reason.status(),
            Self::NotFound => 404,
            Self::Method(_) => 405,
            Self::TooLarge => 413,
            Self::Encoding => 415,
            Self::SlowBody => 408,
            Self::BrokenBody => 400,
            Self::Busy | Self::Late => 503,
            Self::Panicked => 500,
        }
    }

    /// The answer: a status and nothing else (A12). Says why in the log.
    pub fn reply(self) -> Reply {
        let status = self.status();
        match self {
            Self::Refused(reason, key) => tracing::warn!(%reason, ?key, status, "request refused"),
            Self::NotFound | Self::Method(_) => {}
            reason => tracing::warn!(%reason, status, "request ended early"),
        }
        let mut reply = empty(status);
        let headers = reply.headers_mut();
        match (self, status) {
            (Self::Method(allowed), _) => drop(headers.insert(ALLOW, HeaderValue::from_static(allowed))),
            (_, 401) => drop(headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            (_, 503) => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("2"))),
            _ => {}
        }
        reply
    }
}

impl From<Refusal> for Error {
    fn from(reason: Refusal) -> Self {
        Self::Refused(reason, None)
    }
}

impl From<BodyError> for Error {
    fn from(reason: BodyError) -> Self {
        Refusal::from(reason).into()
    }
}

/// A status without a body.
pub(super) fn empty(status: u16) -> Reply {
    let mut reply = Response::new(Full::default());
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = reply.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// A page for a browser, which fetches nothing and stands in no frame (O7).
pub(super) fn html(page: String) -> Reply {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let mut reply = empty(200);
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    *reply.body_mut() = Full::from(page);
    reply
}

/// The handler's answer as bytes (O7).
pub(super) fn reply(answer: &Answer) -> Reply {
    let body = match answer.body() {
        Some(Ok(body)) => body,
        Some(Err(error)) => {
            tracing::error!(%error, "answer cannot be written");
            return empty(500);
        }
        None => Vec::new(),
    };
    let mut reply = empty(answer.status());
    if !body.is_empty() {
        reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(seconds) = answer.retry_after() {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    *reply.body_mut() = Full::from(body);
    reply
}
