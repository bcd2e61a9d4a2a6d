//! What a body must satisfy before anybody reads it (A8, L1).
//!
//! One look at the bytes, without building anything: it bounds what the JSON parser will meet. That the
//! text is JSON at all is left to the parser.

use std::borrow::Cow;
use std::str::Bytes;

/// Members that one object may have (L1).
pub const MEMBERS: usize = 2_000;
/// Bytes that one string may have, as written between its quotes (L1).
pub const STRING: usize = 64 * 1024;
/// How deep objects and arrays may nest (L1).
pub const DEPTH: usize = 128;

/// Why a body is not an activity (A8, L1). All of them are answered with 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BodyError {
    /// Not UTF-8.
    #[error("not UTF-8")]
    Encoding,
    /// Not JSON, or not an object, or a field of the envelope has another type than it should.
    #[error("not an activity")]
    Malformed,
    /// A string holds half of a surrogate pair.
    #[error("lone surrogate")]
    Surrogate,
    /// The same top-level key twice: two readers could see two activities.
    #[error("duplicate top-level key")]
    DuplicateKey,
    /// Nested deeper than [`DEPTH`].
    #[error("nested too deep")]
    TooDeep,
    /// An object with more than [`MEMBERS`] members.
    #[error("too many members")]
    TooManyMembers,
    /// A string longer than [`STRING`].
    #[error("string too long")]
    StringTooLong,
    /// `type` or `conversation.id` is absent or empty, or an id holds control characters.
    #[error("required field absent")]
    Incomplete,
}

/// Looks over `bytes` and returns them as text (A8, L1).
///
/// # Errors
/// The first rule that they break.
pub fn check(bytes: &[u8]) -> Result<&str, BodyError> {
    let text = std::str::from_utf8(bytes).map_err(|_| BodyError::Encoding)?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(BodyError::Malformed);
    }
    let mut scan = text.bytes();
    let mut members: Vec<usize> = Vec::with_capacity(16); // of each object that is open
    let mut keys = Vec::with_capacity(32); // of the outermost object
    let mut last = ""; // string seen, with its quotes
    while let Some(byte) = scan.next() {
        match byte {
            b'{' | b'[' if members.len() >= DEPTH => return Err(BodyError::TooDeep),
            b'{' | b'[' => members.push(0),
            b'}' | b']' => drop(members.pop()),
            b'"' => last = string(text, &mut scan)?,
            b':' => {
                let seen = members.last_mut().ok_or(BodyError::Malformed)?;
                *seen += 1;
                if *seen > MEMBERS {
                    return Err(BodyError::TooManyMembers);
                }
                if members.len() == 1 {
                    keys.push(spelt(last)?);
                }
            }
            _ => {}
        }
    }
    keys.sort_unstable();
    if keys.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(BodyError::DuplicateKey);
    }
    Ok(text)
}

/// Takes the rest of a string whose opening quote has just been taken, and returns it with both quotes.
fn string<'a>(text: &'a str, scan: &mut Bytes<'a>) -> Result<&'a str, BodyError> {
    let start = text.len() - scan.len() - 1;
    loop {
        match scan.next().ok_or(BodyError::Malformed)? {
            b'"' => break,
            b'\\' => escape(scan)?,
            _ => {}
        }
    }
    let end = text.len() - scan.len();
    if end - start - 2 > STRING {
        return Err(BodyError::StringTooLong);
    }
    text.get(start..end).ok_or(BodyError::Malformed)
}

/// Takes what follows a backslash. A high surrogate must be followed by its low half, which comes only so.
fn escape(scan: &mut Bytes<'_>) -> Result<(), BodyError> {
    if scan.next() != Some(b'u') {
        return Ok(());
    }
    match unit(scan)? {
        0xD800..=0xDBFF => {
            let pair = (scan.next(), scan.next()) == (Some(b'\\'), Some(b'u'));
            let low = pair && (0xDC00..=0xDFFF).contains(&unit(scan)?);
            if low { Ok(()) } else { Err(BodyError::Surrogate) }
        }
        0xDC00..=0xDFFF => Err(BodyError::Surrogate),
        _ => Ok(()),
    }
}

/// Four hexadecimal digits.
fn unit(scan: &mut Bytes<'_>) -> Result<u32, BodyError> {
    (0..4).try_fold(0, |sum, _| {
        let digit = scan.next().and_then(|byte| char::from(byte).to_digit(16));
        digit.map(|digit| sum * 16 + digit).ok_or(BodyError::Malformed)
    })
}

/// A key without its quotes and escapes: `"t\u0079pe"` is `type`.
fn spelt(quoted: &str) -> Result<Cow<'_, str>, BodyError> {
    if quoted.contains('\\') {
        return serde_json::from_str(quoted).map(Cow::Owned).map_err(|_| BodyError::Malformed);
    }
    Ok(Cow::Borrowed(quoted.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr_a08_a_key_stands_once_however_it_is_spelt() {
        assert_eq!(check(br#"{"a":1,"b":{"a":2,"a":3},"c":"a"}"#).map(str::len), Ok(33));
        assert_eq!(check(br#"{"a":1,"b":2,"a":3}"#), Err(BodyError::DuplicateKey));
        assert_eq!(check(br#"{"type":1,"t\u0079pe":2}"#), Err(BodyError::DuplicateKey));
    }

    #[test]
    fn sr_l1_bounds_hold_exactly() {
        let object = |n: usize| {
            let members: Vec<_> = (0..n).map(|i| format!("\"k{i}\":0")).collect();
            format!("{{\"x\":{{{}}}}}", members.join(","))
        };
        assert!(check(object(MEMBERS).as_bytes()).is_ok());
        assert_eq!(check(object(MEMBERS + 1).as_bytes()), Err(BodyError::TooManyMembers));
        let string = |n| format!("{{\"x\":\"{}\"}}", "a".repeat(n));
        assert!(check(string(STRING).as_bytes()).is_ok());
        assert_eq!(check(string(STRING + 1).as_bytes()), Err(BodyError::StringTooLong));
        let nested = |n| format!("{{\"x\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(check(nested(DEPTH - 1).as_bytes()).is_ok());
        assert_eq!(check(nested(DEPTH).as_bytes()), Err(BodyError::TooDeep));
    }

    #[test]
    fn sr_l1_only_whole_characters() {
        assert!(check(br#"{"x":"\ud83d\ude00 \" \\ \u0041"}"#).is_ok());
        for half in [r"\ud83d", r"\ude00", r"\ud83d\ud83d", r"\ud83dx", r"\ude00\ud83d"] {
            let body = format!("{{\"x\":\"{half}\"}}");
            assert_eq!(check(body.as_bytes()), Err(BodyError::Surrogate), "{half}");
        }
        assert_eq!(check(b"{\"x\":\"\xff\"}"), Err(BodyError::Encoding));
        for other in ["", "[]", "null", "\"{}\"", "{\"x", "{\"x\\", "{\"x\\u00", "\u{feff}{}"] {
            assert_eq!(check(other.as_bytes()), Err(BodyError::Malformed), "{other}");
        }
    }
}
