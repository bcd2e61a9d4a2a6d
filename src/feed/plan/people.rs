//! The firm, its directories and its people (P1, A2).

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Plan, Setting};
use crate::domain::id::{Id, Person};
use crate::feed::kind::Kind;
use crate::feed::report::Rule;
use crate::feed::rows;
use crate::store::feed::{Stored, row};

impl Plan {
    pub(super) fn firm(&mut self, setting: Setting<'_>, stored: &Stored) {
        let Some(partner) = &setting.batch.partner else { return };
        if !stored.taken.is_empty() {
            self.refuse(partner.line, "directories", Rule::DirectoryTaken);
        }
        let has: HashSet<&Uuid> = stored.directories.iter().collect();
        self.changes.directories =
            partner.directories.iter().filter(|id| !has.contains(id)).copied().collect();
        self.changes.directories.sort_unstable();
        self.changes.directories.dedup();
        let renamed = stored.firm.as_deref() != Some(&partner.name);
        if renamed {
            let firm = row::Firm { name: partner.name.clone(), mpn_id: setting.mpn_id.to_owned() };
            self.changes.firm = Some(firm);
        }
        let changed = renamed || !self.changes.directories.is_empty();
        let counts = self.count(Kind::Partner);
        match (&stored.firm, changed) {
            (None, _) => counts.new += 1,
            (Some(_), true) => counts.changed += 1,
            (Some(_), false) => counts.unchanged += 1,
        }
    }

    /// Plans the people; gives back everybody of the firm by user name.
    pub(super) fn people(&mut self, setting: Setting<'_>, stored: &Stored) -> HashMap<String, Uuid> {
        let mut ids: HashMap<String, Uuid> = stored.people.iter().map(|p| (p.upn.clone(), p.id)).collect();
        let by_name: HashMap<&str, &row::Person> =
            stored.people.iter().map(|p| (p.upn.as_str(), p)).collect();
        let by_object: HashMap<(Uuid, Uuid), &row::Person> =
            stored.people.iter().filter_map(|p| Some(((p.directory_id, p.object_id?), p))).collect();
        let mut met = HashSet::new();
        for draft in &setting.batch.people {
            if self.is_erased(stored, draft.line, "upn", &draft.upn) {
                continue;
            }
            let allowed = stored.directories.contains(&draft.directory)
                || self.changes.directories.contains(&draft.directory);
            if !allowed {
                self.refuse(draft.line, "directory", Rule::UnknownDirectory);
            }
            let object = draft.object_id.clone().value();
            // The object id stays when a person's user name changes.
            let same_object = object.and_then(|object| by_object.get(&(draft.directory, object))).copied();
            let same_name = by_name.get(draft.upn.as_str()).copied();
            if let (Some(object), Some(name)) = (same_object, same_name)
                && object.id != name.id
            {
                self.refuse(draft.line, "object_id", Rule::ObjectTaken);
            }
            let before = same_object.or(same_name);
            let id = self.person(setting, draft, before);
            met.insert(id);
            ids.insert(draft.upn.clone(), id);
        }
        if setting.is_complete(Kind::Person) {
            self.count(Kind::Person).gone = stored.people.iter().filter(|p| !met.contains(&p.id)).count();
        }
        ids
    }

    fn person(&mut self, setting: Setting<'_>, draft: &rows::Person, before: Option<&row::Person>) -> Uuid {
        let mut person = before.cloned().unwrap_or_else(|| row::Person {
            id: Id::<Person>::new(setting.now).uuid(),
            directory_id: draft.directory,
            object_id: None,
            upn: draft.upn.clone(),
            name: draft.name.clone(),
            is_admin: false,
            is_manager: false,
            active: true,
        });
        person.upn.clone_from(&draft.upn);
        person.name.clone_from(&draft.name);
        person.directory_id = draft.directory;
        draft.object_id.set(&mut person.object_id);
        draft.admin.set_or(&mut person.is_admin, false);
        draft.manager.set_or(&mut person.is_manager, false);
        draft.active.set_or(&mut person.active, true);
        let id = person.id;
        match before {
            Some(before) if *before == person => self.count(Kind::Person).unchanged += 1,
            Some(_) => {
                self.count(Kind::Person).changed += 1;
                self.changes.people.changed.push(person);
            }
            None => {
                self.count(Kind::Person).new += 1;
                self.changes.people.new.push(person);
            }
        }
        id
    }
}
