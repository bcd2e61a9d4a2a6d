//! Choices for the inputs with long lists, found while somebody types (`application/search`).

use crate::domain::country::countries;
use crate::domain::pick::PickList;
use crate::domain::search::rank;
use crate::domain::tenant::Portfolio;
use crate::domain::text::search_key;
use crate::domain::zone::zones;
use crate::turn::{Choice, Fault, Fields, Intent, Malformed, Reply, Turn};

/// Countries, by code and name.
pub const COUNTRIES: &str = "countries";
/// Time zones, by name and place.
pub const ZONES: &str = "zones";
/// The firm's tenants, by name, alias, domain and id.
pub const TENANTS: &str = "tenants";
/// The tenants that the person may write to, by the same.
pub const MY_TENANTS: &str = "my_tenants";
/// The firm's people, by name and user name.
pub const PEOPLE: &str = "people";

/// Most choices that Teams shows.
const MOST: usize = 15;

/// A list that can be searched.
struct Dataset {
    /// The name by which an input asks for it.
    name: &'static str,
    source: Source,
}

/// Where a list is.
#[derive(Clone, Copy)]
enum Source {
    /// In the program: it tells nothing of a firm, so it does not matter who asks.
    Everybody(fn() -> &'static PickList),
    /// The firm's tenants.
    Tenants,
    /// Those of them that the person may write to.
    MyTenants,
    /// The firm's people.
    People,
}

/// All of them.
static DATASETS: &[Dataset] = &[
    Dataset { name: COUNTRIES, source: Source::Everybody(countries) },
    Dataset { name: ZONES, source: Source::Everybody(zones) },
    Dataset { name: TENANTS, source: Source::Tenants },
    Dataset { name: MY_TENANTS, source: Source::MyTenants },
    Dataset { name: PEOPLE, source: Source::People },
];

/// What somebody types into an input.
#[derive(Clone)]
pub struct Ask {
    source: Option<Source>,
    typed: String,
    skip: usize,
    top: usize,
}

impl Ask {
    /// `typed`, in the list of this name, without the first `skip` and at most `top`.
    pub fn new(dataset: &str, typed: &str, skip: u32, top: u32) -> Self {
        let source = DATASETS.iter().find(|known| known.name == dataset).map(|known| known.source);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let top = usize::try_from(top).unwrap_or(MOST).min(MOST);
        Self { source, typed: typed.to_owned(), skip, top }
    }

    /// The choices, where the list is everybody's or there is none; `None`: it is a firm's, and needs a turn.
    pub fn of_everybody(&self) -> Option<Reply> {
        match self.source {
            Some(Source::Everybody(list)) => {
                let found = list().best(&self.typed, self.skip.saturating_add(self.top));
                // What is chosen comes back by its name, because clients show the value of such an input as it is.
                let choice = |title: &String| Choice { title: title.clone(), value: title.clone() };
                Some(self.page(found.into_iter().map(|entry| choice(&entry.title))))
            }
            None => Some(Reply::Choices(Vec::new())),
            Some(Source::Tenants | Source::MyTenants | Source::People) => None,
        }
    }

    fn page(&self, choices: impl Iterator<Item = Choice>) -> Reply {
        Reply::Choices(choices.skip(self.skip).take(self.top).collect())
    }

    async fn tenants(&self, turn: &mut Turn) -> Result<Reply, Fault> {
        let folded = search_key(&self.typed);
        if folded.is_empty() {
            let most = i64::try_from(self.skip.saturating_add(self.top).min(100)).unwrap_or(0);
            let page = turn.scope.list_tenants(&turn.actor, Portfolio::Active, "", 0, most).await?;
            return Ok(self.page(page.rows.into_iter().map(|row| tenant(&row.customer_name, row.name))));
        }
        let matches = turn.scope.search_tenants(&turn.actor, &folded).await?;
        let found = rank(&self.typed, matches).items.into_iter();
        Ok(self.page(found.map(|found| tenant(&found.customer_name, found.name))))
    }

    async fn my_tenants(&self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mut mine = turn.scope.tenants_to_write(&turn.actor).await?;
        if !search_key(&self.typed).is_empty() {
            mine = rank(&self.typed, mine).items;
        }
        Ok(self.page(mine.into_iter().map(|found| tenant(&found.customer_name, found.name))))
    }

    async fn people(&self, turn: &mut Turn) -> Result<Reply, Fault> {
        let everybody = turn.scope.assignees().await?;
        let mut colleagues: Vec<_> = everybody.into_iter().filter(|one| one.colleague().is_some()).collect();
        if search_key(&self.typed).is_empty() {
            colleagues.sort_by(|a, b| a.name.cmp(&b.name));
        } else {
            colleagues = rank(&self.typed, colleagues).items;
        }
        let choice = |title: String, value: String| Choice { title, value };
        Ok(self
            .page(colleagues.into_iter().map(|one| choice(format!("{} ({})", one.name, one.upn), one.upn))))
    }
}

impl Intent for Ask {
    const NAME: &'static str = "search.ask";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self::new(&fields.text("dataset")?, &fields.text("query")?, 0, 15))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        match self.source {
            Some(Source::Tenants) => self.tenants(turn).await,
            Some(Source::MyTenants) => self.my_tenants(turn).await,
            Some(Source::People) => self.people(turn).await,
            Some(Source::Everybody(_)) | None => Ok(self.of_everybody().unwrap_or(Reply::Silence)),
        }
    }
}

/// A tenant as a choice; it comes back by its own name.
pub(super) fn tenant(customer: &str, name: String) -> Choice {
    Choice { title: format!("{customer} ({name})"), value: name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(dataset: &str, typed: &str, skip: u32, top: u32) -> Vec<String> {
        match Ask::new(dataset, typed, skip, top).of_everybody() {
            Some(Reply::Choices(found)) => found.into_iter().map(|choice| choice.title).collect(),
            _ => vec!["of a firm".to_owned()],
        }
    }

    #[test]
    fn choices_are_found_whatever_the_case_and_accents_the_best_first() {
        assert_eq!(titles(COUNTRIES, "cote", 0, 15), ["Côte d'Ivoire"]);
        assert_eq!(titles(COUNTRIES, "IND", 0, 3).first().map(String::as_str), Some("India"));
        assert_eq!(titles(ZONES, "madr", 0, 15), ["Europe/Madrid"]);
        assert_eq!(titles(COUNTRIES, "", 0, 99).len(), 15);
        assert_eq!(titles(COUNTRIES, "", 2, 3), titles(COUNTRIES, "", 0, 5)[2..]);
        assert!(titles("nobody's", "a", 0, 15).is_empty());
        assert!(titles(COUNTRIES, "a", u32::MAX, u32::MAX).is_empty());
    }

    #[test]
    fn a_firms_lists_need_a_turn() {
        assert_eq!(titles(TENANTS, "a", 0, 15), ["of a firm"]);
        assert_eq!(titles(MY_TENANTS, "a", 0, 15), ["of a firm"]);
        assert_eq!(titles(PEOPLE, "", 0, 15), ["of a firm"]);
    }
}
