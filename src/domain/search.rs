//! Finding a tenant by what somebody types: tolerant of case, accents, typing errors and word order.

use strsim::{jaro_winkler, normalized_damerau_levenshtein};

use super::text::search_key;

/// All names of a tenant, folded, one a line: what the database keeps beside the row and matches against.
pub fn index<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for key in names.into_iter().map(search_key).filter(|key| !key.is_empty()) {
        if !lines.contains(&key) {
            lines.push(key);
        }
    }
    lines.join("\n")
}

/// Something that can be found.
pub trait Candidate {
    /// Its [`index`].
    fn index(&self) -> &str;
    /// Whether it is among the searcher's own; these win over equals.
    fn mine(&self) -> bool;
}

/// What a search came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// Surely this one.
    One(T),
    /// Several that fit equally well, best first.
    Several(Vec<T>),
    /// None fits; these are nearest. May be empty.
    Nearest(Vec<T>),
}

/// How a query fits: the whole name, the beginning of each word, or nearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Near,
    Typo,
    Words,
    Name,
}

/// A typing error or two still counts as meant from this likeness on.
const TYPO: f64 = 0.84;
/// Below this nothing is offered.
const NEAR: f64 = 0.60;
/// Most choices that are offered.
const MOST: usize = 8;

/// Everything that fits, best first.
#[derive(Debug, PartialEq, Eq)]
pub struct Ranking<T> {
    /// Whether the query surely means these, and they are not merely nearest to it.
    pub sure: bool,
    /// They, best first.
    pub items: Vec<T>,
}

/// Puts the candidates that fit into order, for a list to look through. What is only near is left out where
/// anything surely fits.
pub fn rank<T: Candidate>(query: &str, candidates: Vec<T>) -> Ranking<T> {
    let fits = fits(query, candidates);
    let sure = fits.first().is_some_and(|best| best.0 > Fit::Near);
    let kept = fits.into_iter().filter(|found| !sure || found.0 > Fit::Near);
    Ranking { sure, items: kept.map(|found| found.2).collect() }
}

fn fits<T: Candidate>(query: &str, candidates: Vec<T>) -> Vec<(Fit, f64, T)> {
    let query = search_key(query);
    let mut fits: Vec<(Fit, f64, T)> = candidates
        .into_iter()
        .filter_map(|c| fit(&query, c.index()).map(|(fit, score)| (fit, score, c)))
        .collect();
    fits.sort_by(|a, b| b.0.cmp(&a.0).then(b.2.mine().cmp(&a.2.mine())).then(b.1.total_cmp(&a.1)));
    fits
}

/// Decides among the candidates that the database found.
pub fn choose<T: Candidate>(query: &str, candidates: Vec<T>) -> Found<T> {
    let fits = fits(query, candidates);
    let Some(best) = fits.first().map(|best| best.0) else { return Found::Nearest(Vec::new()) };
    if best == Fit::Near {
        return Found::Nearest(fits.into_iter().take(MOST).map(|f| f.2).collect());
    }
    let mine = fits.iter().any(|f| f.0 == best && f.2.mine());
    let mut top: Vec<T> = fits
        .into_iter()
        .filter(|f| f.0 == best && (best < Fit::Name || !mine || f.2.mine()))
        .map(|f| f.2)
        .collect();
    match top.pop() {
        Some(only) if top.is_empty() => Found::One(only),
        last => {
            top.extend(last);
            top.truncate(MOST);
            Found::Several(top)
        }
    }
}

/// Shortest name that a text is looked through for.
const SPOKEN: usize = 3;

/// The one candidate that is named in a text, by a whole name; `None`: none is, or several are. A name that stands only
/// within a longer one is not meant.
pub fn named_in<'c, T: Candidate>(text: &str, candidates: &'c [T]) -> Option<&'c T> {
    let text = format!(" {} ", search_key(text));
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for (place, candidate) in candidates.iter().enumerate() {
        for name in candidate.index().lines().filter(|name| name.chars().count() >= SPOKEN) {
            let name = format!(" {name} ");
            found.extend(text.match_indices(&name).map(|(from, _)| (from, from + name.len(), place)));
        }
    }
    let within = |(from, to, _): &(usize, usize, usize)| {
        found.iter().any(|(begin, end, _)| begin <= from && to <= end && end - begin > to - from)
    };
    let mut meant: Vec<usize> = found.iter().filter(|one| !within(one)).map(|(_, _, place)| *place).collect();
    meant.sort_unstable();
    meant.dedup();
    match meant.as_slice() {
        [only] => candidates.get(*only),
        _ => None,
    }
}

fn fit(query: &str, index: &str) -> Option<(Fit, f64)> {
    index
        .lines()
        .filter_map(|name| fit_name(query, name))
        .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
}

fn fit_name(query: &str, name: &str) -> Option<(Fit, f64)> {
    if query.is_empty() {
        return None;
    }
    if query == name || query.replace(' ', "") == name.replace(' ', "") {
        return Some((Fit::Name, 1.0));
    }
    let words: Vec<&str> = name.split(' ').collect();
    let asked: Vec<&str> = query.split(' ').collect();
    let whole = normalized_damerau_levenshtein(query, name);
    if asked.iter().all(|q| words.iter().any(|w| w.starts_with(q))) {
        return Some((Fit::Words, whole));
    }
    let likeness =
        asked.iter().map(|q| words.iter().map(|w| like(q, w)).fold(0.0, f64::max)).fold(1.0, f64::min);
    let likeness = likeness.max(whole);
    match likeness {
        l if l >= TYPO => Some((Fit::Typo, whole)),
        l if l >= NEAR => Some((Fit::Near, l)),
        _ => None,
    }
}

/// Likeness of a typed word and a name's word; short words must be exact, or everything would be like them.
fn like(typed: &str, word: &str) -> f64 {
    if typed.chars().count() < 4 {
        return if word.starts_with(typed) { 1.0 } else { 0.0 };
    }
    normalized_damerau_levenshtein(typed, word).max(jaro_winkler(typed, word) - 0.08)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Tenant(&'static str, String, bool);

    impl Candidate for Tenant {
        fn index(&self) -> &str {
            &self.1
        }
        fn mine(&self) -> bool {
            self.2
        }
    }

    fn found(query: &str) -> Found<&'static str> {
        let tenants = [
            ("contoso", vec!["Contoso", "contoso.onmicrosoft.com"], true),
            ("contoso pharma", vec!["Contoso Pharmaceuticals", "contosopharma.onmicrosoft.com"], true),
            ("fabrikam", vec!["Fabrikam Ltd.", "fabrikam.onmicrosoft.com", "FBK"], true),
            ("boulangerie", vec!["Boulangerie Évêque", "eveque.example"], false),
        ];
        let tenants = tenants.map(|(id, names, mine)| Tenant(id, index(names), mine)).into();
        match choose(query, tenants) {
            Found::One(t) => Found::One(t.0),
            Found::Several(t) => Found::Several(t.into_iter().map(|t| t.0).collect()),
            Found::Nearest(t) => Found::Nearest(t.into_iter().map(|t| t.0).collect()),
        }
    }

    #[test]
    fn a_whole_name_alias_or_domain_wins_at_once() {
        for query in ["CONTOSO", "contoso.onmicrosoft.com", " contoso "] {
            assert_eq!(found(query), Found::One("contoso"), "{query}");
        }
        assert_eq!(found("fbk"), Found::One("fabrikam"));
        assert_eq!(found("eveque.example"), Found::One("boulangerie"));
    }

    #[test]
    fn accents_word_order_beginnings_and_typing_errors_are_forgiven() {
        assert_eq!(found("eveque boulangerie"), Found::One("boulangerie"));
        assert_eq!(found("pharma contoso"), Found::One("contoso pharma"));
        assert_eq!(found("fabrikma"), Found::One("fabrikam"));
        assert_eq!(found("Fabricam"), Found::One("fabrikam"));
    }

    #[test]
    fn a_text_names_one_tenant_or_none_is_guessed() {
        let tenants = [
            Tenant("contoso", index(["Contoso", "contoso.onmicrosoft.com", "IT"]), true),
            Tenant("contoso pharma", index(["Contoso Pharmaceuticals"]), true),
            Tenant("fabrikam", index(["Fabrikam Ltd.", "FBK"]), true),
        ];
        let named = |text| named_in(text, &tenants).map(|tenant| tenant.0);
        assert_eq!(named("Call with CONTOSO, pilot runs"), Some("contoso"));
        assert_eq!(named("see contoso.onmicrosoft.com: Contoso is live"), Some("contoso"));
        assert_eq!(
            named("Contoso Pharmaceuticals moved the date"),
            Some("contoso pharma"),
            "the longer name"
        );
        assert_eq!(named("Contoso and Contoso Pharmaceuticals"), None);
        assert_eq!(named("fbk: it is done"), Some("fabrikam"), "two letters are no name");
        assert_eq!(named("contosoft, fabrikam"), None, "whole names only");
        assert_eq!(named(""), None);
    }

    #[test]
    fn several_that_fit_are_offered_and_nothing_is_guessed() {
        assert_eq!(found("cont"), Found::Several(vec!["contoso", "contoso pharma"]));
        assert!(matches!(found("zzzz"), Found::Nearest(near) if near.is_empty()));
        assert!(matches!(found("farbikan works"), Found::Nearest(_)));
        assert!(matches!(found(""), Found::Nearest(near) if near.is_empty()));
    }
}
