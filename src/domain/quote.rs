//! A message of some chat, taken over into a status note: what fits, and where it stands.

use super::text;

/// Hosts of Teams in its clouds. A message's link leads to one of them, or it is not kept (O2).
const HOSTS: [&str; 5] = [
    "teams.microsoft.com",
    "teams.cloud.microsoft",
    "gov.teams.microsoft.us",
    "dod.teams.microsoft.us",
    "teams.microsoftonline.cn",
];
/// Most characters of a link; Teams' own have a few hundred.
const LINK_MAX: usize = 800;

/// What a note takes over of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub words: String,
    /// Whether there were more.
    pub was_cut: bool,
}

impl Quote {
    /// At most `max` characters of what a message says, without characters that cannot be kept (V2).
    pub fn of(message: &str, max: usize) -> Self {
        let kept: String = message.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let whole = text::clean(&kept).unwrap_or_default();
        if whole.chars().count() <= max {
            return Self { words: whole, was_cut: false };
        }
        let words: String = whole.chars().take(max.saturating_sub(1)).collect();
        Self { words: format!("{}…", words.trim_end()), was_cut: true }
    }
}

/// The link of a message, as a client claims it, if it is one. What follows a question mark is left out where a note
/// could not keep it.
pub fn message_link(claimed: &str) -> Option<&str> {
    let bare = claimed.split_once('?').map_or(claimed, |(bare, _)| bare);
    [claimed, bare].into_iter().find(|link| is_message_link(link))
}

/// Where a note was taken over from: the last line of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// `From a Teams message of 29 Nov 2026`.
    pub says: &'a str,
    /// The message's link.
    pub link: &'a str,
}

const FROM: &str = "From a Teams message";

/// The end of a note that was taken over from the message with this link, written on `day`.
pub fn source_line(day: Option<&str>, link: &str) -> String {
    let of = day.map(|day| format!(" of {day}")).unwrap_or_default();
    format!("\n\n{FROM}{of}: {link}")
}

/// A note's own words, and where they were taken over from. The link is one of Teams, whoever typed it (O2).
pub fn parted(body: &str) -> (&str, Option<Source<'_>>) {
    let source = |line| {
        let (says, link) = str::split_once(line, ": ")?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b' ';
        (says.starts_with(FROM) && says.bytes().all(plain) && is_message_link(link))
            .then_some(Source { says, link })
    };
    let (words, last) = body.rsplit_once('\n').unwrap_or(("", body));
    match source(last) {
        Some(source) => (words.trim_end(), Some(source)),
        None => (body, None),
    }
}

fn is_message_link(link: &str) -> bool {
    let place = link.strip_prefix("https://").and_then(|link| link.split_once("/l/message/"));
    let plain = |b: u8| b.is_ascii_graphic() && !b"\"'()<>[\\]^`{|}".contains(&b);
    place.is_some_and(|(host, path)| HOSTS.contains(&host) && !path.is_empty())
        && link.len() <= LINK_MAX
        && link.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_message_is_cut_and_says_so() {
        let short = Quote::of(" Pilot runs.\r\n\u{202E}Next: DNS\u{7} ", 100);
        assert_eq!(short, Quote { words: "Pilot runs.\nNext: DNS".to_owned(), was_cut: false });
        let long = Quote::of(&"word ".repeat(100), 12);
        assert_eq!(long, Quote { words: "word word w…".to_owned(), was_cut: true });
    }

    #[test]
    fn a_note_is_told_from_where_it_was_taken() {
        let link = "https://teams.microsoft.com/l/message/19:a@thread.tacv2/1611060744833";
        for (day, says) in
            [(Some("29 Nov 2026"), "From a Teams message of 29 Nov 2026"), (None, "From a Teams message")]
        {
            let body = format!("Pilot runs.\n\nNext: DNS{}", source_line(day, link));
            assert_eq!(parted(&body), ("Pilot runs.\n\nNext: DNS", Some(Source { says, link })));
        }
        let alone = source_line(None, link);
        assert_eq!(parted(alone.trim()).0, "", "a message without words");
        for other in [
            "Pilot runs.",
            "",
            "Pilot\nFrom a Teams message: https://evil.example/l/message/1/2",
            &format!("From a Teams message](https://evil.example): {link}"),
        ] {
            assert_eq!(parted(other), (other, None));
        }
    }

    #[test]
    fn sr_o2_only_links_to_messages_in_teams_are_kept() {
        let whole =
            "https://teams.microsoft.com/l/message/19:a@thread.tacv2/1611060744833?groupId=1&tenantId=2";
        assert_eq!(message_link(whole), Some(whole));
        let chat = "https://teams.microsoft.com/l/message/19:a@unq.gbl.spaces/16110";
        assert_eq!(message_link(&format!("{chat}?context={{\"contextType\":\"chat\"}}")), Some(chat));
        for odd in [
            "",
            "http://teams.microsoft.com/l/message/1/2",
            "https://teams.microsoft.com.evil.example/l/message/1/2",
            "https://evil.example/l/message/1/2",
            "https://teams.microsoft.com/l/chat/0/0?users=x",
            "https://user@teams.microsoft.com/l/message/1/2",
            "https://teams.microsoft.com/l/message/1 2",
            "https://teams.microsoft.com/l/message/\n",
            "https://teams.microsoft.com/l/message/",
        ] {
            assert_eq!(message_link(odd), None, "{odd}");
        }
        assert_eq!(message_link(&format!("{chat}/{}", "9".repeat(800))), None);
    }

    proptest! {
        #[test]
        fn whatever_was_written_fits_a_note(message in any::<String>(), max in 1_usize..50) {
            let quote = Quote::of(&message, max);
            prop_assert!(quote.words.chars().count() <= max);
            prop_assert_eq!(text::clean(&quote.words), Ok(quote.words.clone()));
        }
    }
}
