//! Whom the firm can assign: its own people, and itself as P-RM (A2, A7).

use uuid::Uuid;

use super::super::finding::{Misassigned, Rule};
use super::super::id::{Id, Person};
use super::super::search::{Candidate, index};
use super::super::text::search_key;
use super::{Holder, Role};

/// One of the firm's list, or the firm itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignee {
    /// What an assignment names.
    pub holder: Holder,
    /// The name that people read. Personal, except the firm's.
    pub name: String,
    /// The user name; empty for the firm.
    pub upn: String,
    active: bool,
    object: Option<Uuid>,
    /// Name and the user name's part before the at sign, folded.
    called: [String; 2],
    index: String,
}

impl Assignee {
    /// A person of the firm's list; one who left is not `active`.
    pub fn person(id: Id<Person>, name: &str, upn: &str, active: bool) -> Self {
        let local = upn.split('@').next().unwrap_or_default();
        Self {
            holder: Holder::Person(id),
            name: name.to_owned(),
            upn: upn.to_owned(),
            active,
            object: None,
            called: [search_key(name), search_key(local)],
            index: index([name, local, upn]),
        }
    }

    /// The firm, under its own name.
    pub fn firm(name: &str) -> Self {
        Self {
            holder: Holder::Named(name.to_owned()),
            name: name.to_owned(),
            upn: String::new(),
            active: true,
            object: None,
            called: [search_key(name), String::new()],
            index: index([name]),
        }
    }

    /// The same person, with the object id that their directory gives them.
    #[must_use]
    pub fn object(self, object: Option<Uuid>) -> Self {
        Self { object, ..self }
    }

    /// Whether a people picker's value means this one: the directory's object id, or the user name.
    pub fn is_picked_by(&self, value: &str) -> bool {
        let object = || (value.len() == 36).then(|| Uuid::try_parse(value).ok()).flatten();
        (!self.upn.is_empty() && self.upn.eq_ignore_ascii_case(value))
            || self.object.is_some_and(|id| object() == Some(id))
    }

    /// How a line names exactly this one: the user name, or the firm's name.
    pub fn exact(&self) -> &str {
        if self.upn.is_empty() { &self.name } else { &self.upn }
    }

    /// The person, if it is one who is still with the firm.
    pub fn colleague(&self) -> Option<Id<Person>> {
        match self.holder {
            Holder::Person(id) if self.active => Some(id),
            _ => None,
        }
    }

    /// Whether it may be given `role`.
    ///
    /// # Errors
    /// Somebody who left the firm (A2); the firm as anything but P-RM (A7).
    pub fn may_hold(&self, role: Role) -> Result<(), Rule> {
        match self.holder {
            _ if !self.active => Err(Misassigned::NotOfTheFirm.into()),
            Holder::Named(_) if role != Role::RegionalManager => Err(Misassigned::PersonNeeded.into()),
            _ => Ok(()),
        }
    }

    /// Whether each word of `key`, a folded text, begins a word of the name, or `key` is the whole user name.
    pub fn is_called(&self, key: &str) -> bool {
        let begins = |name: &String| {
            key.split(' ').count() <= name.split(' ').count()
                && key.split(' ').all(|word| name.split(' ').any(|own| own.starts_with(word)))
        };
        !key.is_empty() && (self.called.iter().any(begins) || self.index.lines().any(|name| name == key))
    }
}

impl Candidate for Assignee {
    fn index(&self) -> &str {
        &self.index
    }

    /// Somebody who left stands behind everybody else.
    fn mine(&self) -> bool {
        self.active
    }
}

impl Candidate for &Assignee {
    fn index(&self) -> &str {
        (*self).index()
    }

    fn mine(&self) -> bool {
        (*self).mine()
    }
}
