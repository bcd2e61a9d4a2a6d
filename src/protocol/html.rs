//! The HTML in which Teams hands over what somebody wrote, as plain text.

/// Elements that begin and end on a line of their own.
const BLOCKS: [&str; 16] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "blockquote",
    "pre",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
];
/// Elements whose content is not said.
const UNSAID: [&str; 4] = ["script", "style", "head", "template"];
/// Most characters of an entity, from `&` to `;`.
const ENTITY: usize = 10;

/// What `html` says: lines where it has lines, and after the words of a link its address. Tags that nobody closed,
/// unknown ones and what is no HTML at all are read as far as they go.
pub fn plain(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while let Some((text, from_tag)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        page.say(text);
        rest = if let Some((tag, after)) = tag(from_tag) {
            page.meet(tag);
            after
        } else {
            page.say("<");
            from_tag.strip_prefix('<').unwrap_or_default()
        };
    }
    page.say(rest);
    page.said.trim().to_owned()
}

/// The tag that `text` begins with, without its brackets, and what follows it; `None`: it is a sign and no tag.
fn tag(text: &str) -> Option<(&str, &str)> {
    if text.starts_with("<!--") {
        return Some(("", text.split_once("-->").map_or("", |(_, after)| after)));
    }
    let within = text.strip_prefix('<')?;
    within
        .strip_prefix('/')
        .unwrap_or(within)
        .starts_with(|c: char| c.is_ascii_alphabetic() || c == '!')
        .then_some(())?;
    let mut quote = None;
    let end = within.find(|c| match (quote, c) {
        (None, '"' | '\'') => {
            quote = Some(c);
            false
        }
        (Some(open), c) => {
            if open == c {
                quote = None;
            }
            false
        }
        (None, c) => c == '>',
    })?;
    Some((within.get(..end)?, within.get(end + 1..)?))
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let named = before.split_whitespace().next_back().unwrap_or_default();
        let after = after.trim_start();
        let (value, left) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after.get(1..)?.split_once(quote)?,
            _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if named.eq_ignore_ascii_case(name) {
            return Some(unescaped(value));
        }
        rest = left;
    }
    None
}

/// What was said so far.
#[derive(Default)]
struct Page {
    said: String,
    /// The element whose content is left out, and whether one is open.
    unsaid: Option<String>,
    /// Where the link that is open leads, and where its words begin.
    link: Option<(String, usize)>,
}

impl Page {
    fn say(&mut self, text: &str) {
        if self.unsaid.is_some() {
            return;
        }
        for c in unescaped(text).chars() {
            match c {
                c if c.is_whitespace() => self.space(),
                c if c.is_control() => {}
                c => self.said.push(c),
            }
        }
    }

    fn space(&mut self) {
        if !self.said.is_empty() && !self.said.ends_with(char::is_whitespace) {
            self.said.push(' ');
        }
    }

    fn line(&mut self) {
        self.said.truncate(self.said.trim_end_matches(' ').len());
        if !self.said.is_empty() && !self.said.ends_with('\n') {
            self.said.push('\n');
        }
    }

    fn meet(&mut self, tag: &str) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
        let name = tag.get(..end).unwrap_or_default().to_ascii_lowercase();
        if let Some(unsaid) = &self.unsaid {
            if closes && name == *unsaid {
                self.unsaid = None;
            }
            return;
        }
        match (name.as_str(), closes) {
            ("br", _) => {
                self.said.truncate(self.said.trim_end_matches(' ').len());
                self.said.push('\n');
            }
            ("li", false) => {
                self.line();
                self.said.push_str("- ");
            }
            ("td" | "th", false) if !self.said.is_empty() && !self.said.ends_with('\n') => {
                self.said.push_str(" | ");
            }
            ("at", false) => self.said.push('@'),
            ("emoji", false) => self.say(&attribute(tag, "alt").unwrap_or_default()),
            ("img", _) if attribute(tag, "itemtype").is_some_and(|kind| kind.ends_with("Emoji")) => {
                self.say(&attribute(tag, "alt").unwrap_or_default());
            }
            ("img", _) => self.say("[picture]"),
            ("a", false) => self.link = attribute(tag, "href").map(|address| (address, self.said.len())),
            ("a", true) => self.end_link(),
            (block, _) if BLOCKS.contains(&block) => self.line(),
            (unsaid, false) if UNSAID.contains(&unsaid) => self.unsaid = Some(name),
            _ => {}
        }
    }

    /// Says where the link leads, unless its words did.
    fn end_link(&mut self) {
        let Some((address, from)) = self.link.take() else { return };
        let words = self.said.get(from..).unwrap_or_default().trim();
        let leads = ["https://", "http://", "mailto:"].iter().any(|start| address.starts_with(start));
        let bare = |text: &str| {
            let text = text.strip_prefix("mailto:").unwrap_or(text);
            text.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned()
        };
        if leads && bare(words) != bare(&address) {
            self.say(&if words.is_empty() { address } else { format!(" ({address})") });
        }
    }
}

/// The text with its entities as the characters that they stand for; what is no entity stays as it is.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.find('&').and_then(|at| rest.split_at_checked(at)) {
        plain.push_str(before);
        let end = from.char_indices().take(ENTITY).find(|(_, c)| *c == ';').map(|(at, _)| at);
        let entity = end.and_then(|end| Some((character(from.get(1..end)?)?, from.get(end + 1..)?)));
        let (character, after) = entity.unwrap_or(('&', from.get(1..).unwrap_or_default()));
        plain.push(character);
        rest = after;
    }
    plain.push_str(rest);
    plain
}

fn character(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return char::from_u32(number.ok()?);
    }
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "euro" => '€',
        "bull" => '•',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_write_in_teams_reads_as_they_see_it() {
        assert_eq!(
            plain(
                "<div><div>Pilot of 50&nbsp;users &amp; more</div>\n<p>Next: <b>DNS</b> &lt;soon&gt;</p></div>"
            ),
            "Pilot of 50 users & more\nNext: DNS <soon>"
        );
        assert_eq!(plain("one<br>two<br/>\n<br>four"), "one\ntwo\n\nfour");
        assert_eq!(plain("<ul><li>first</li><li>second</li></ul>after"), "- first\n- second\nafter");
        assert_eq!(
            plain("<table><tr><td>EXO</td><td>300</td></tr><tr><td>SPO</td><td>5</td></tr></table>"),
            "EXO | 300\nSPO | 5"
        );
        assert_eq!(
            plain(r#"<at id="0">Ann Okafor</at> please <emoji id="smile" alt="🙂" title="Smile"></emoji>"#),
            "@Ann Okafor please 🙂"
        );
        assert_eq!(
            plain(
                r#"<p>see <img alt="image" src="https://x/y" width="9"></p><attachment id="a1"></attachment>"#
            ),
            "see [picture]"
        );
        assert_eq!(plain("<style>p { color: red }</style><script>alert('<p>')</script>seen"), "seen");
    }

    #[test]
    fn a_link_keeps_its_address() {
        assert_eq!(
            plain(r#"<a href="https://contoso.com/plan?a=1&amp;b=2" title="x">the plan</a>, please"#),
            "the plan (https://contoso.com/plan?a=1&b=2), please"
        );
        assert_eq!(plain(r#"<a href="https://contoso.com/">contoso.com</a>"#), "contoso.com");
        assert_eq!(plain(r#"<a href="mailto:eva@contoso.com">eva@contoso.com</a>"#), "eva@contoso.com");
        assert_eq!(plain(r#"<a href="javascript:alert(1)">press</a>"#), "press", "no address of the web");
        assert_eq!(plain("<a href='https://contoso.com/a'></a>"), "https://contoso.com/a");
    }

    #[test]
    fn what_is_no_html_is_text() {
        for text in ["5 < 6 and 7 > 6", "a <- b", "R&D; AT&T", "&#xD800; &#99999999; &unknown;", "<", "<a"] {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain("<!-- hidden -->seen<!-- open"), "seen");
        assert_eq!(plain("a\u{0}\u{7}b&#0;"), "ab");
    }

    proptest! {
        #[test]
        fn sr_x4_no_html_is_too_odd(html in "\\PC{0,60}", odd in "[<>/=\"'& a-z;#0-9!-]{0,80}") {
            for html in [html, odd] {
                let said = plain(&html);
                prop_assert!(!said.chars().any(|c| c.is_control() && c != '\n'));
                prop_assert_eq!(said.trim(), &said);
            }
        }
    }
}
