//! One id from an activity to the messages that it causes, as W3C Trace Context has it.

use std::fmt;

use tracing::Instrument as _;
use uuid::Uuid;

tokio::task_local! {
    static CURRENT: TraceId;
}

/// What ties the log lines of a turn, its rows in the outbox and the log lines of their sending together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceId(Uuid);

impl TraceId {
    /// A new one.
    pub fn made() -> Self {
        Self(Uuid::from_u128(fastrand::u128(1..)))
    }

    /// The one in a `traceparent` header; `None`: it is none, and the request gets one of ours.
    pub fn of_traceparent(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let [version, trace, parent, flags] = [(); 4].map(|()| parts.next().unwrap_or_default());
        let hex = |part: &str, digits| part.len() == digits && part.bytes().all(is_small_hex);
        let sound = hex(version, 2) && version != "ff" && hex(trace, 32) && hex(parent, 16) && hex(flags, 2);
        // A later version may say more; this one says four things.
        if !sound || (version == "00" && parts.next().is_some()) || parent.bytes().all(|b| b == b'0') {
            return None;
        }
        u128::from_str_radix(trace, 16).ok().filter(|id| *id != 0).map(|id| Self(Uuid::from_u128(id)))
    }

    /// The trace that this task works in.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|id| *id).ok()
    }

    /// Does `work` in this trace: its log lines carry the id, and so do the messages that it owes.
    pub async fn within<F: Future>(self, work: F) -> F::Output {
        // At the level of errors, so that the least talkative log names it, too.
        let span = tracing::error_span!("trace", trace_id = %self);
        CURRENT.scope(self, work.instrument(span)).await
    }

    /// The id as the database has it.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for TraceId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

/// 32 small hexadecimal digits.
impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

fn is_small_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn a_traceparent_is_taken_as_the_standard_writes_it_and_no_other_way() {
        let read = |header: &str| TraceId::of_traceparent(header).map(|id| id.to_string());
        let later = format!("01-{TRACE}-00f067aa0ba902b7-01-more");
        for good in [format!("00-{TRACE}-00f067aa0ba902b7-01"), later] {
            assert_eq!(read(&good).as_deref(), Some(TRACE), "{good}");
        }
        for bad in [
            String::new(),
            TRACE.to_owned(),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("00-{TRACE}0-00f067aa0ba902b7-01"),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_refused(header in "\\PC{0,80}") {
            if let Some(id) = TraceId::of_traceparent(&header) {
                prop_assert!(header.contains(&id.to_string()));
            }
        }
    }
}
