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
