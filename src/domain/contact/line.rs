//! A contact in one line of chat, in free order: `Eva Novák eva@contoso.com ES spanish exo, migration`.
//!
//! What can be recognised is taken; what is left is the name. A word that also stands in the mailbox of the e-mail
//! address belongs to the name, whatever else it could mean: `Jordan French jordan.french@contoso.com`.

use super::super::country::countries;
use super::super::field::is_email;
use super::super::text::search_key;
use super::phrase::meaning;
use super::{ContactType, Draft, language_called};

/// Most words of a name of a country, language or service.
const PHRASE: usize = 8;

/// Reads the line: of a customer who takes part, unless it says something else. Whether surveys are to be sent is
/// left open. Nothing is refused here: [`Draft::check`] says what is wrong or missing.
pub fn read(words: &str) -> Draft {
    let mut line = Line::of(words);
    let mut draft = Draft { is_engaged: true, ..Draft::default() };
    ContactType::Customer.code().clone_into(&mut draft.contact_type);
    draft.email = line.emails().join(", ");
    draft.phone = line.phones().join(", ");
    line.mark_name(&draft.email);
    line.phrases(&mut draft);
    line.country_by_name(&mut draft);
    line.language_by_code(&mut draft);
    draft.name = line.rest();
    draft
}

/// A word of the line.
struct Word<'a> {
    text: &'a str,
    /// The text, folded.
    key: String,
    /// A comma or the like follows: no phrase goes on after it.
    is_last: bool,
    use_: Use,
}

/// What a word was understood as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Free,
    /// Surely a part of the name.
    Name,
    Taken,
}

struct Line<'a>(Vec<Word<'a>>);

impl<'a> Line<'a> {
    fn of(words: &'a str) -> Self {
        let parts =
            words.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '、'));
        let mut line: Vec<Word<'a>> = Vec::new();
        for part in parts {
            let ends = part.ends_with([',', ';', '，', '、']);
            let text = part.trim_end_matches([',', ';', '，', '、']).trim();
            if text.is_empty() {
                if let Some(last) = line.last_mut().filter(|_| ends) {
                    last.is_last = true;
                }
                continue;
            }
            line.push(Word { text, key: search_key(text), is_last: ends, use_: Use::Free });
        }
        Self(line)
    }

    /// Takes every word that holds an `@`; also out of `<...>` and `mailto:`.
    fn emails(&mut self) -> Vec<&'a str> {
        let mut found = Vec::new();
        for word in self.0.iter_mut().filter(|word| word.text.contains('@')) {
            let bare = word.text.trim_matches(['<', '>', '(', ')', '"']).trim_start_matches("mailto:");
            let bare = bare.trim_end_matches(['.', ':']);
            found.push(if is_email(bare) { bare } else { word.text });
            word.use_ = Use::Taken;
        }
        found
    }

    /// Takes a word that begins with `+` and a digit, and the groups of digits that follow it.
    fn phones(&mut self) -> Vec<String> {
        let is_group = |text: &str| {
            text.chars().any(|c| c.is_ascii_digit())
                && text.chars().all(|c| c.is_ascii_digit() || "-./()".contains(c))
        };
        let mut found: Vec<String> = Vec::new();
        let mut is_open = false;
        for word in &mut self.0 {
            let begins = word.text.strip_prefix('+').is_some_and(&is_group);
            if begins {
                found.push(word.text.to_owned());
            } else if let Some(number) = found.last_mut().filter(|_| is_open && is_group(word.text)) {
                number.push(' ');
                number.push_str(word.text);
            } else {
                is_open = false;
                continue;
            }
            word.use_ = Use::Taken;
            is_open = !word.is_last;
        }
        found
    }

    /// A word that the mailbox repeats is a part of the name.
    fn mark_name(&mut self, email: &str) {
        let mailbox = email.split('@').next().unwrap_or_default();
        let named = search_key(mailbox);
        for word in self.0.iter_mut().filter(|word| word.use_ == Use::Free && word.key.chars().count() > 1) {
            if named.split(' ').any(|part| part == word.key) {
                word.use_ = Use::Name;
            }
        }
    }

    /// Takes every phrase that can only mean one thing, the longest first.
    fn phrases(&mut self, draft: &mut Draft) {
        let mut start = 0;
        while start < self.0.len() {
            let meant = (1..=self.free_from(start).min(PHRASE)).rev().find_map(|length| {
                let phrase = self.0.get(start..start + length)?;
                let text = if let [word] = phrase { word.text } else { "" };
                meaning(text, &joined(phrase))
                    .filter(|meaning| meaning.fits(draft))
                    .map(|meaning| (length, meaning))
            });
            let Some((length, meaning)) = meant else {
                start += 1;
                continue;
            };
            meaning.apply(draft);
            self.take(start, length);
            start += length;
        }
    }

    /// Takes a country's name. Where it stands first it may be a name like Chad, Georgia or Jordan: then two other
    /// words must follow it.
    fn country_by_name(&mut self, draft: &mut Draft) {
        if !draft.country.is_empty() {
            return;
        }
        for start in 0..self.0.len() {
            let run = self.free_from(start);
            for length in (1..=run.min(PHRASE)).rev() {
                let phrase = self.0.get(start..start + length).unwrap_or_default();
                let Some(country) = countries().called(&joined(phrase)).filter(|_| !is_short(phrase)) else {
                    continue;
                };
                let stands_first = start == 0 && !phrase.last().is_some_and(|word| word.is_last);
                if stands_first && run > length && self.name_words() - length < 2 {
                    continue;
                }
                draft.country.clone_from(&country.value);
                return self.take(start, length);
            }
        }
    }

    /// Takes a language's two letters where no word of a name follows: in `Maria de Souza` they are a part of it.
    fn language_by_code(&mut self, draft: &mut Draft) {
        if !draft.survey_language.is_empty() {
            return;
        }
        let is_name = |word: Option<&Word<'_>>| word.is_some_and(|word| word.use_ != Use::Taken);
        let place = (1..self.0.len()).find(|place| {
            let word = self.0.get(*place);
            let is_code = word.is_some_and(|word| word.use_ == Use::Free && word.key.len() == 2);
            let ends = word.is_some_and(|word| word.is_last) || !is_name(self.0.get(place + 1));
            is_code && ends && word.is_some_and(|word| language_called(word.text).is_some())
        });
        let found = place.and_then(|place| Some((place, language_called(self.0.get(place)?.text)?)));
        if let Some((place, language)) = found {
            draft.survey_language.clone_from(&language.code);
            self.take(place, 1);
        }
    }

    fn rest(&self) -> String {
        let left = self.0.iter().filter(|word| word.use_ != Use::Taken).map(|word| word.text);
        left.collect::<Vec<_>>().join(" ")
    }

    fn take(&mut self, start: usize, length: usize) {
        for word in self.0.iter_mut().skip(start).take(length) {
            word.use_ = Use::Taken;
        }
    }

    fn name_words(&self) -> usize {
        self.0.iter().filter(|word| word.use_ != Use::Taken).count()
    }

    /// How many words from here on are free and not parted by a comma.
    fn free_from(&self, start: usize) -> usize {
        let free = self.0.iter().skip(start).take_while(|word| word.use_ == Use::Free);
        let run = free.clone().count();
        free.take(run).position(|word| word.is_last).map_or(run, |comma| comma + 1)
    }
}

fn joined(phrase: &[Word<'_>]) -> String {
    phrase.iter().map(|word| word.key.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a phrase is one word of at most two letters: only capitals make a code of it.
fn is_short(phrase: &[Word<'_>]) -> bool {
    matches!(phrase, [word] if word.text.chars().count() <= 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Name, e-mail, country, language, services.
    fn understood(line: &str) -> [String; 5] {
        let draft = read(line);
        [draft.name, draft.email, draft.country, draft.survey_language, draft.services.join("+")]
    }

    #[test]
    fn the_parts_come_in_any_order() {
        let eva = ["Eva Novák", "eva@contoso.com", "ES", "es", "exchange+migration"];
        for line in [
            "Eva Novák eva@contoso.com ES spanish exo, migration",
            "exo migration spanish ES eva@contoso.com Eva Novák",
            "Eva Novák <eva@contoso.com>, Spain, Spanish, Exchange Online, migration",
            "Spain es exo migration Eva Novák mailto:eva@contoso.com",
            "Eva Novák, eva@contoso.com, ES, es, EXO; Migration",
            "name: Eva Novák email: eva@contoso.com country: ES language: español services: exchange, migrations",
        ] {
            assert_eq!(understood(line), eva, "{line}");
        }
    }

    #[test]
    fn names_that_are_also_countries_languages_or_services_stay_names() {
        for (line, name, country) in [
            ("Jordan French jordan.french@contoso.com GB exo", "Jordan French", "GB"),
            ("Chad Brown c.b@contoso.com exo", "Chad Brown", ""),
            ("Maria de Souza ms@contoso.com BR de", "Maria de Souza", "BR"),
            ("Om Prakash op@contoso.com IN", "Om Prakash", "IN"),
            ("Eva Teams teams.eva@contoso.com FR", "Eva Teams", "FR"),
            ("JO BLOGGS jo@contoso.com GB", "JO BLOGGS", "GB"),
            ("Novák Spain x@contoso.com", "Novák", "ES"),
        ] {
            let draft = read(line);
            assert_eq!((draft.name.as_str(), draft.country.as_str()), (name, country), "{line}");
        }
        assert_eq!(read("Maria de Souza ms@contoso.com BR de").survey_language, "de");
    }

    #[test]
    fn services_of_several_words_phones_and_words_about_the_contact_are_understood() {
        let draft = read(
            "Eva Novák eva@contoso.com +420 123 456 789 US microsoft teams, azure ad premium brazilian portuguese no survey, not engaged",
        );
        assert_eq!(draft.name, "Eva Novák");
        assert_eq!(draft.phone, "+420 123 456 789");
        assert_eq!(draft.services, ["teams", "aadp"]);
        assert_eq!((draft.survey_language.as_str(), draft.country.as_str()), ("pt-BR", "US"));
        assert_eq!((draft.survey_eligible.as_str(), draft.is_engaged), ("no", false));
        let partner = read("partner contact Ann Lee ann@partner.example");
        assert_eq!((partner.contact_type.as_str(), partner.survey_eligible.as_str()), ("partner", ""));
        assert_eq!(partner.name, "Ann Lee");
    }

    #[test]
    fn sr_v3_a_list_of_addresses_is_kept_so_that_it_can_be_refused() {
        assert_eq!(read("Eva a@b.com, c@d.com").email, "a@b.com, c@d.com");
        assert_eq!(read("Eva eva@@x").email, "eva@@x");
        assert_eq!(read("").name, "");
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd_to_be_read(line in any::<String>(), words in "([A-Za-z@+0-9.,:áš]{1,9} ){0,12}") {
            for line in [line, words] {
                let draft = read(&line);
                // What is not understood is not lost: it stays in the name.
                prop_assert!(draft.name.split(' ').filter(|word| !word.is_empty()).all(|word| line.contains(word)));
            }
        }

        #[test]
        fn any_order_is_understood_alike(parts in Just(vec!["Eva Novák", "eva@contoso.com", "ES", "spanish", "exo", "migration"]).prop_shuffle()) {
            let draft = read(&parts.join(" "));
            prop_assert_eq!(draft.name, "Eva Novák");
            prop_assert_eq!((draft.country.as_str(), draft.survey_language.as_str()), ("ES", "es"));
            prop_assert_eq!(draft.services.len(), 2);
        }
    }
}
