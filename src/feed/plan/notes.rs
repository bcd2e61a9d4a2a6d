//! Notes that another system wrote. They are added once and never changed (DOMAIN 2.4).

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Known, Plan, Setting};
use crate::feed::kind::Kind;
use crate::feed::report::Rule;
use crate::feed::rows;
use crate::feed::{Thing, derived_id};
use crate::store::feed::{Stored, row};

/// The id of the note that the exporter calls `key`: always the same, so that it is known again.
pub(super) fn id_of(firm: Uuid, key: &str) -> Uuid {
    derived_id(Thing::Note(firm), key)
}

impl Plan {
    pub(super) fn notes(&mut self, setting: Setting<'_>, stored: &Stored, known: &Known<'_>) {
        let there: HashSet<&Uuid> = stored.notes.iter().collect();
        let mut newest: HashMap<Uuid, &rows::Note> = HashMap::new();
        for draft in &setting.batch.notes {
            if self.is_erased(stored, draft.line, "author", &draft.author) {
                continue;
            }
            let id = id_of(setting.firm, &draft.key);
            let author = known.people.get(&draft.author).copied();
            if author.is_none() {
                self.refuse(draft.line, "author", Rule::UnknownPerson);
            }
            if !self.knows_tenant(known, draft.line, draft.tenant) {
                continue;
            }
            if draft.services.iter().any(|service| !known.services.contains(&(draft.tenant, *service))) {
                self.refuse(draft.line, "services", Rule::UnknownService);
            }
            if there.contains(&id) {
                self.count(Kind::Note).unchanged += 1;
            } else if let Some(author) = author {
                self.count(Kind::Note).new += 1;
                self.changes.notes.push(row_of(draft, id, author));
                if draft.overall_status.is_some() {
                    let newer = newest.entry(draft.tenant).or_insert(draft);
                    if draft.created > newer.created {
                        *newer = draft;
                    }
                }
            }
        }
        self.changes.standings = newest.into_values().filter_map(standing).collect();
    }
}

fn row_of(draft: &rows::Note, id: Uuid, author: Uuid) -> row::Note {
    let (what, when, who) =
        draft.next_action.clone().map_or((None, None, None), |(a, b, c)| (Some(a), Some(b), Some(c)));
    row::Note {
        id,
        tenant_id: draft.tenant,
        category: draft.category.to_owned(),
        author_id: author,
        services: draft.services.iter().map(|&service| service.to_owned()).collect(),
        escalated: draft.escalated,
        overall_status: draft.overall_status.map(|status| status.code().to_owned()),
        status_date: draft.status_date,
        body: draft.body.clone(),
        next_action: what,
        next_action_date: when,
        next_action_owner: who,
        created_at: draft.created,
    }
}

fn standing(note: &rows::Note) -> Option<row::Standing> {
    Some(row::Standing {
        tenant_id: note.tenant,
        overall_status: note.overall_status?.code().to_owned(),
        status_date: note.status_date?,
    })
}
