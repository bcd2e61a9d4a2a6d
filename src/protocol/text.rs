//! User text inside message text: escaping, mentions, spaces (O3).

use serde_json::{Value, json};

/// Escapes `text` for a message with `textFormat: xml`, and for use inside a mention.
pub fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Escapes `text` for a message with `textFormat: markdown`: nothing in it formats, links or mentions.
///
/// Markdown's specials get a backslash; `<`, `>` and `&` become entities, because Teams reads tags in
/// markdown too (O3).
pub fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '!' | '|'
            | '~' => {
                escaped.extend(['\\', character]);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// The fragment and the entity that together mention somebody. Only for users whom the server looked up (O3).
pub fn mention(id: &str, name: &str) -> (String, Value) {
    let text = format!("<at>{}</at>", escape_xml(name));
    let entity = json!({ "type": "mention", "text": text, "mentioned": { "id": id, "name": name } });
    (text, entity)
}

/// Runs of spaces that hold a non-breaking one become one space. Line ends stay.
pub(super) fn plain_spaces(text: &str) -> String {
    let text = text.replace("&nbsp;", "\u{a0}");
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\u{a0}') {
        let (before, after) = rest.split_at(at);
        plain.push_str(before.trim_end_matches(' '));
        plain.push(' ');
        rest = after.trim_start_matches([' ', '\u{a0}']);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr_o3_user_text_neither_mentions_nor_formats() {
        assert_eq!(escape_xml("<at>Ann</at> & 'Co'"), "&lt;at&gt;Ann&lt;/at&gt; &amp; &#39;Co&#39;");
        assert_eq!(
            escape_markdown("[x](http://e) <at>A</at> *b*"),
            r"\[x\]\(http://e\) &lt;at&gt;A&lt;/at&gt; \*b\*"
        );
        let (text, entity) = mention("29:1", "A </at> & B");
        assert_eq!(text, "<at>A &lt;/at&gt; &amp; B</at>");
        assert_eq!(entity["text"], text);
        assert_eq!(entity["mentioned"]["name"], "A </at> & B");
    }

    #[test]
    fn non_breaking_spaces_are_spaces() {
        assert_eq!(plain_spaces("a\u{a0} &nbsp; b  c\n\u{a0}d"), "a b  c\n d");
    }
}
