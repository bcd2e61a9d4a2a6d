//! What people type: cleaned once on the way in (V2), and folded for comparison.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Why a text cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A NUL or another control character that no keyboard types (V2).
    #[error("control character")]
    ControlCharacter,
}

/// The text as it is kept: NFC, line feeds only, without characters that hide or turn others, trimmed (V2).
///
/// # Errors
/// Control characters other than line feed and tab are refused, not dropped.
pub fn clean(typed: &str) -> Result<String, TextError> {
    let mut kept = String::with_capacity(typed.len());
    let mut characters = typed.nfc().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    kept.push('\n');
                }
            }
            '\n' | '\t' => kept.push(c),
            '\u{2028}' | '\u{2029}' => kept.push('\n'),
            c if c.is_control() => return Err(TextError::ControlCharacter),
            c if is_invisible(c) => {}
            c => kept.push(c),
        }
    }
    Ok(kept.trim().to_owned())
}

/// Characters that show nothing or change the direction of what follows (V2).
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

/// The text folded for search: lower case, no accents, one space between words of letters and digits.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c)).flat_map(char::to_lowercase)
    {
        match c {
            'ß' => key.push_str("ss"),
            'æ' => key.push_str("ae"),
            'ø' => key.push('o'),
            'ł' => key.push('l'),
            'ς' => key.push('σ'),
            c if c.is_alphanumeric() => key.push(c),
            _ if key.ends_with(' ') || key.is_empty() => {}
            _ => key.push(' '),
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// Whether one word mixes Latin with Cyrillic or Greek letters: a name that may pose as another (V2).
pub fn looks_alike(name: &str) -> bool {
    name.split(|c: char| !c.is_alphabetic()).any(|word| {
        let latin = word.chars().any(|c| matches!(c, 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{24F}'));
        latin && word.chars().any(|c| matches!(c, '\u{370}'..='\u{52F}'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sr_v2_hidden_characters_go_and_control_characters_are_refused() {
        assert_eq!(clean("  a\u{202E}b\u{200B}c\r\nd\re ").as_deref(), Ok("abc\nd\ne"));
        assert_eq!(clean("e\u{301}").as_deref(), Ok("é"));
        assert_eq!(clean("a\0b"), Err(TextError::ControlCharacter));
        assert_eq!(clean("\u{7}"), Err(TextError::ControlCharacter));
    }

    #[test]
    fn search_ignores_case_accents_and_punctuation() {
        assert_eq!(search_key("Čapek & Söhne — GROẞBÄCKEREI, S.A."), "capek sohne grossbackerei s a");
        assert_eq!(search_key("Contoso.OnMicrosoft.com"), "contoso onmicrosoft com");
        assert_eq!(search_key("日本ガラス"), search_key("日本ガラス"));
    }

    #[test]
    fn sr_v2_mixed_scripts_in_one_word_are_marked() {
        assert!(looks_alike("C\u{43E}ntoso"));
        assert!(!looks_alike("Contoso Россия"));
        assert!(!looks_alike("Αθήνα Foods"));
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "\\PC{0,60}") {
            if let Ok(once) = clean(&text) {
                prop_assert_eq!(clean(&once), Ok(once.clone()));
                prop_assert!(!once.chars().any(is_invisible));
            }
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
            let once = search_key(&text);
            prop_assert_eq!(search_key(&once), once);
        }
    }
}
