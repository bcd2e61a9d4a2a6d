//! Contacts (DOMAIN 2.5). Those that somebody entered by hand are theirs; the feed keeps the synchronised ones.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Known, Plan, Setting};
use crate::domain::contact::MIGRATION;
use crate::domain::id::Id;
use crate::feed::batch::Given;
use crate::feed::kind::Kind;
use crate::feed::report::Rule;
use crate::feed::rows;
use crate::store::feed::{Stored, row};

/// The origin of a contact that the feed keeps (C10).
const SYNCHRONISED: &str = "synchronised";

/// A contact by tenant, type and address: there is one of each (DOMAIN 2.5).
type Key = (Uuid, String, String);

impl Plan {
    pub(super) fn contacts(&mut self, setting: Setting<'_>, stored: &Stored, known: &Known<'_>) {
        let mut left: HashMap<Key, &row::Contact> = stored
            .contacts
            .iter()
            .map(|row| ((row.tenant_id, row.contact_type.clone(), row.email.to_lowercase()), row))
            .collect();
        for draft in &setting.batch.contacts {
            if self.is_erased(stored, draft.line, "email", &draft.email) {
                continue;
            }
            let known_services = self.knows_tenant(known, draft.line, draft.tenant) && {
                let known_service =
                    |code: &&str| *code == MIGRATION || known.services.contains(&(draft.tenant, *code));
                let all = given(&draft.services).iter().all(known_service);
                if !all {
                    self.refuse(draft.line, "services", Rule::UnknownService);
                }
                all
            };
            if known_services {
                let before = left.remove(&(draft.tenant, draft.kind.to_owned(), draft.email.clone()));
                self.contact(setting, draft, before);
            }
        }
        if setting.is_complete(Kind::Contact) {
            let (gone, kept): (Vec<_>, Vec<_>) = left
                .into_values()
                .filter(|row| row.origin == SYNCHRONISED)
                .partition(|row| !setting.is_newer(row.updated_at));
            self.count(Kind::Contact).held += kept.len();
            self.count(Kind::Contact).gone = gone.len();
            self.changes.contacts.gone = gone.into_iter().cloned().collect();
            let of = stored.contacts.iter().filter(|row| row.origin == SYNCHRONISED).count();
            self.check_removals(setting, Kind::Contact, of);
        }
    }

    fn contact(&mut self, setting: Setting<'_>, draft: &rows::Contact, before: Option<&row::Contact>) {
        let wanted = merged(draft, before, setting);
        let Some(before) = before else {
            self.count(Kind::Contact).new += 1;
            self.changes.contacts.new.push(wanted);
            return;
        };
        if *before == wanted {
            self.count(Kind::Contact).unchanged += 1;
        } else if before.origin != SYNCHRONISED {
            self.count(Kind::Contact).held += 1;
            self.warn(draft.line, "", Rule::ByHand);
        } else if setting.is_newer(before.updated_at) {
            self.count(Kind::Contact).held += 1;
            self.warn(draft.line, "", Rule::Held);
        } else {
            self.count(Kind::Contact).changed += 1;
            self.changes.contacts.changed.push(wanted);
        }
    }
}

fn given<T>(list: &Given<Vec<T>>) -> &[T] {
    if let Given::Is(list) = list { list } else { &[] }
}

fn merged(draft: &rows::Contact, before: Option<&row::Contact>, setting: Setting<'_>) -> row::Contact {
    let mut contact = before.cloned().unwrap_or_else(|| new(draft, setting));
    contact.name.clone_from(&draft.name);
    draft.engaged.set_or(&mut contact.is_engaged, true);
    draft.fasttrack.set_or(&mut contact.is_fasttrack, false);
    draft.survey_eligible.set(&mut contact.survey_eligible);
    draft.survey_language.set_or(&mut contact.survey_language, String::new());
    match &draft.services {
        Given::Not => {}
        services => contact.services = given(services).iter().map(|&code| code.to_owned()).collect(),
    }
    draft.do_not_call.set_or(&mut contact.do_not_call, false);
    for (said, kept) in [
        (&draft.country, &mut contact.country),
        (&draft.title, &mut contact.title),
        (&draft.phone, &mut contact.phone),
        (&draft.time_zone, &mut contact.time_zone),
        (&draft.role, &mut contact.role),
        (&draft.note, &mut contact.note),
        (&draft.do_not_call_reason, &mut contact.do_not_call_reason),
        (&draft.skill_type, &mut contact.skill_type),
        (&draft.ms_role, &mut contact.ms_role),
        (&draft.evidence, &mut contact.evidence),
        (&draft.approved_survey, &mut contact.approved_survey),
    ] {
        said.set_or(kept, String::new());
    }
    // A reason without the tick says nothing any more.
    if !contact.do_not_call {
        contact.do_not_call_reason.clear();
    }
    contact
}

fn new(draft: &rows::Contact, setting: Setting<'_>) -> row::Contact {
    row::Contact {
        id: Id::<row::Contact>::new(setting.now).uuid(),
        tenant_id: draft.tenant,
        contact_type: draft.kind.to_owned(),
        is_engaged: true,
        is_fasttrack: false,
        name: String::new(),
        email: draft.email.clone(),
        country: String::new(),
        survey_eligible: None,
        survey_language: String::new(),
        services: Vec::new(),
        title: String::new(),
        phone: String::new(),
        time_zone: String::new(),
        role: String::new(),
        note: String::new(),
        do_not_call: false,
        do_not_call_reason: String::new(),
        skill_type: String::new(),
        ms_role: String::new(),
        evidence: String::new(),
        approved_survey: String::new(),
        origin: SYNCHRONISED.to_owned(),
        updated_at: setting.now,
    }
}
