//! Values as JSON text.

use std::fmt::Write as _;

use serde_json::Value;

/// Writes `value` as JSON.
pub(super) fn value(value: &Value, out: &mut String) {
    if let Value::String(text) = value {
        out.push('"');
        escape(text, out);
        out.push('"');
    } else {
        let written = write!(out, "{value}");
        debug_assert!(written.is_ok(), "a String takes all text");
    }
}

/// Writes `text` as it stands between the quotes of a JSON string.
pub(super) fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut following = special.chars();
        match following.next() {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(sign @ ('"' | '\\')) => out.extend(['\\', sign]),
            Some(control) => {
                let written = write!(out, "\\u{:04x}", u32::from(control));
                debug_assert!(written.is_ok(), "a String takes all text");
            }
            None => {}
        }
        rest = following.as_str();
    }
    out.push_str(rest);
}
