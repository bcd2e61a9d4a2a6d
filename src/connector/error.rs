//! What the Connector's refusals mean for the sender (R4, TEAMS-PROTOCOL 2.4).

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

/// A `Retry-After` beyond this is taken for this (R4).
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// Longest code that is kept, in characters.
const LONGEST_CODE: usize = 64;

/// A call to the Connector that did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("connector: {code}")]
pub struct SendError {
    /// What to do now.
    pub verdict: Verdict,
    /// HTTP status and the channel's own code, such as `403 BotNotInConversationRoster`. No words of a message.
    pub code: String,
    /// A post that may have reached the chat although no answer says so (R7). Never set for other calls, which
    /// may be repeated without harm.
    pub may_have_arrived: bool,
}

/// What a refusal asks of the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Try again, not before `after` when the channel says so (at most one hour).
    Retry {
        /// The channel's own `Retry-After`.
        after: Option<Duration>,
    },
    /// The conversation takes nothing from us any more: 403, 404.
    Unreachable,
    /// The message is larger than the channel takes: 413, a fault of ours.
    TooBig,
    /// Not to be tried again: 400 and everything that is not listed.
    Refused,
}

impl SendError {
    /// A call that was never made, for a reason of ours.
    pub(super) fn refused(code: &str) -> Self {
        Self { verdict: Verdict::Refused, code: code.to_owned(), may_have_arrived: false }
    }

    /// A call that was never made, but may be later.
    pub(super) fn not_yet(code: String) -> Self {
        Self { verdict: Verdict::Retry { after: None }, code, may_have_arrived: false }
    }

    /// A call without an answer. `post`: it was one that must not be repeated lightly.
    pub(super) fn unanswered(error: &reqwest::Error, post: bool) -> Self {
        if error.is_builder() || error.is_redirect() {
            return Self::refused("request");
        }
        let code = match (error.is_connect(), error.is_timeout()) {
            (true, _) => "connect",
            (false, true) => "timeout",
            (false, false) => "reset",
        };
        let may_have_arrived = post && !error.is_connect();
        Self { may_have_arrived, ..Self::not_yet(code.to_owned()) }
    }

    /// A call that was answered with `status`, which is no success.
    pub(super) fn answered(
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        post: bool,
        now: DateTime<Utc>,
    ) -> Self {
        let named = code_in(body);
        let after = headers.get(RETRY_AFTER).and_then(|value| wait(value.to_str().ok()?, now));
        let verdict = match status.as_u16() {
            408 | 412 | 429 | 500 | 502 | 503 | 504 => Verdict::Retry { after },
            // One message is gone, the conversation is not.
            404 if named.as_deref() == Some("ActivityNotFoundInConversation") => Verdict::Refused,
            403 | 404 => Verdict::Unreachable,
            413 => Verdict::TooBig,
            _ => Verdict::Refused,
        };
        // 408, 412 and 429 say that nothing was taken, and so does a 503 that names the time to come back.
        let unclear = matches!(status.as_u16(), 500 | 502 | 504) || (status == 503 && after.is_none());
        let code = match named {
            Some(name) => format!("{} {name}", status.as_u16()),
            None => status.as_u16().to_string(),
        };
        Self { verdict, code, may_have_arrived: post && unclear }
    }
}

/// The wait that a `Retry-After` asks for: seconds or a date.
fn wait(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number holds is a long time, too.
        return Some(text.parse().map_or(LONGEST_WAIT, Duration::from_secs).min(LONGEST_WAIT));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    let until = date.with_timezone(&Utc) - now;
    Some(until.to_std().unwrap_or_default().min(LONGEST_WAIT))
}

/// The channel's code in either form of an error body: `{"error":{"code"}}`, or `{"errorCode","message"}` with
/// JSON inside the message. The message itself is words, and is left where it is.
fn code_in(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let code = if let Some(code) = body.pointer("/error/code") {
        code.clone()
    } else {
        let inner = body.get("message").and_then(Value::as_str);
        let inner: Option<Value> = inner.and_then(|text| serde_json::from_str(text).ok());
        let sub = inner.as_ref().and_then(|inner| inner.get("subCode").or_else(|| inner.get("code")));
        sub.or_else(|| body.get("errorCode"))?.clone()
    };
    let code = match code {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
    (!code.is_empty() && code.len() <= LONGEST_CODE && code.chars().all(plain)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after: Option<&str>, body: &str) -> SendError {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        SendError::answered(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes(), true, now)
    }

    #[test]
    fn sr_r4_every_status_has_its_verdict() {
        let retry = Verdict::Retry { after: None };
        for (status, verdict, may_have_arrived) in [
            (400, Verdict::Refused, false),
            (401, Verdict::Refused, false),
            (403, Verdict::Unreachable, false),
            (404, Verdict::Unreachable, false),
            (405, Verdict::Refused, false),
            (408, retry, false),
            (412, retry, false),
            (413, Verdict::TooBig, false),
            (429, retry, false),
            (500, retry, true),
            (501, Verdict::Refused, false),
            (502, retry, true),
            (503, retry, true),
            (504, retry, true),
            (302, Verdict::Refused, false),
        ] {
            let error = answered(status, None, "");
            assert_eq!((error.verdict, error.may_have_arrived), (verdict, may_have_arrived), "{status}");
        }
        assert!(!answered(503, Some("5"), "").may_have_arrived);
        let gone = r#"{"error":{"code":"ActivityNotFoundInConversation","message":"no"}}"#;
        assert_eq!(answered(404, None, gone).verdict, Verdict::Refused);
    }

    #[test]
    fn sr_r4_retry_after_is_seconds_or_a_date_and_at_most_an_hour() {
        let after = |text| match answered(429, Some(text), "").verdict {
            Verdict::Retry { after } => after.map(|d| d.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(after("7"), Some(7));
        assert_eq!(after("0"), Some(0));
        assert_eq!(after("86400"), Some(3600));
        assert_eq!(after("99999999999999999999999"), Some(3600));
        assert_eq!(after("Sat, 21 Nov 2026 10:02:00 GMT"), Some(120));
        assert_eq!(after("Sat, 21 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(after("Sun, 22 Nov 2026 10:00:00 GMT"), Some(3600));
        assert_eq!(after("-5"), None);
        assert_eq!(after("soon"), None);
    }

    #[test]
    fn both_error_bodies_give_a_code_and_never_their_words() {
        let code = |body| answered(403, None, body).code;
        assert_eq!(
            code(r#"{"error":{"code":"BotDisabledByAdmin","message":"secret"}}"#),
            "403 BotDisabledByAdmin"
        );
        assert_eq!(
            code(
                r#"{"errorCode":209,"message":"{\"subCode\":\"MessageWritesBlocked\",\"details\":\"secret\"}"}"#
            ),
            "403 MessageWritesBlocked"
        );
        assert_eq!(code(r#"{"errorCode":209,"message":"secret"}"#), "403 209");
        for odd in ["", "<html>", "[]", "{}", r#"{"error":{"code":"a\nb"}}"#, r#"{"error":{"code":{}}}"#] {
            assert_eq!(code(odd), "403", "{odd}");
        }
    }
}
