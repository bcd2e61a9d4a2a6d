//! What a row of each kind may say.

mod contact;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::batch::{Cells, Given};
use super::cell::{self, Manner};
use super::codes;
use super::report::Rule;
use crate::domain::note::ENGAGEMENT_MANAGEMENT;
use crate::domain::rules::rules;
use crate::domain::taxonomy::Path;
use crate::domain::tenant::OverallStatus;
use crate::domain::text::looks_alike;

pub(super) use contact::Contact;

/// Most characters of a name (L1).
const NAME_MAX: usize = 200;
/// Most characters of a short word such as an industry.
const WORD_MAX: usize = 100;
/// Most characters of a status row's note (DOMAIN 2.3).
const STATUS_NOTE_MAX: usize = 400;

fn name(value: &Value, _: Manner) -> Result<String, Rule> {
    cell::line(value, NAME_MAX)
}

fn word(value: &Value, _: Manner) -> Result<String, Rule> {
    cell::line(value, WORD_MAX)
}

fn guid(value: &Value, _: Manner) -> Result<Uuid, Rule> {
    cell::guid(value)
}

fn date(value: &Value, manner: Manner) -> Result<NaiveDate, Rule> {
    cell::date(value, manner)
}

fn truth(value: &Value, manner: Manner) -> Result<bool, Rule> {
    cell::truth(value, manner)
}

fn count(value: &Value, manner: Manner) -> Result<i32, Rule> {
    cell::count(value, manner, 0)
}

fn code<T>(find: impl Fn(&str) -> Result<T, Rule>) -> impl Fn(&Value, Manner) -> Result<T, Rule> {
    move |value, _| find(&cell::line(value, NAME_MAX)?)
}

/// The firm itself.
#[derive(Debug)]
pub(super) struct Partner {
    pub line: usize,
    pub name: String,
    pub directories: Vec<Uuid>,
}

impl Partner {
    pub(super) fn read(mut cells: Cells<'_>) -> Option<Self> {
        let line = cells.line;
        let called = cells.required("name", name);
        let directories =
            cells.optional("directories", |v, m| cell::list(v, m, cell::guid)).value().unwrap_or_default();
        let sound = cells.finish();
        Some(Self { line, name: called?, directories }).filter(|_| sound)
    }
}

/// A person of the firm.
#[derive(Debug)]
pub(super) struct Person {
    pub line: usize,
    pub upn: String,
    pub name: String,
    pub directory: Uuid,
    pub object_id: Given<Uuid>,
    pub admin: Given<bool>,
    pub manager: Given<bool>,
    pub active: Given<bool>,
}

impl Person {
    pub(super) fn read(mut cells: Cells<'_>) -> Option<Self> {
        let line = cells.line;
        let upn = cells.required("upn", |v, _| cell::user_name(v));
        let called = cells.required("name", name);
        let directory = cells.required("directory", guid);
        let object_id = cells.optional("object_id", guid);
        let admin = cells.optional("admin", truth);
        let manager = cells.optional("manager", truth);
        let active = cells.optional("active", truth);
        let sound = cells.finish();
        let row =
            Self { line, upn: upn?, name: called?, directory: directory?, object_id, admin, manager, active };
        sound.then_some(row)
    }
}

/// A customer's tenant.
#[derive(Debug)]
pub(super) struct Tenant {
    pub line: usize,
    pub id: Uuid,
    pub name: String,
    pub customer: String,
    pub tpid: Given<i64>,
    pub aliases: Given<Vec<String>>,
    pub domains: Given<Vec<String>>,
    pub active: Given<bool>,
    pub industry: Given<String>,
    pub country: Given<String>,
    pub region: Given<String>,
    pub priority: Given<String>,
    pub seats: Given<i32>,
    pub eligibility: Given<String>,
}

impl Tenant {
    pub(super) fn read(mut cells: Cells<'_>) -> Option<Self> {
        let line = cells.line;
        let id = cells.required("id", guid);
        let called = cells.required("name", name);
        let customer = cells.required("customer", name);
        let tpid = cells.optional("tpid", |v, m| cell::whole(v, m, 1, 99_999_999_999));
        let aliases = cells.optional("aliases", |v, m| cell::list(v, m, |alias| name(alias, m)));
        let domains = cells.optional("domains", |v, m| cell::list(v, m, cell::domain));
        let active = cells.optional("active", truth);
        let industry = cells.optional("industry", word);
        let country = cells.optional("country", |v, _| cell::country(v));
        let region = cells.optional("region", word);
        let priority = cells.optional("priority", code(priority));
        let seats = cells.optional("seats", count);
        let eligibility = cells.optional("eligibility", word);
        for (field, text) in [("name", &called), ("customer", &customer)] {
            if text.as_deref().is_some_and(looks_alike) {
                cells.warn(field, Rule::MixedScripts);
            }
        }
        let sound = cells.finish();
        let (id, name, customer) = (id?, called?, customer?);
        #[rustfmt::skip]
        let row = Self {
            line, id, name, customer, tpid, aliases, domains, active, industry, country, region, priority,
            seats, eligibility,
        };
        sound.then_some(row)
    }
}

fn priority(written: &str) -> Result<String, Rule> {
    match written.to_ascii_lowercase().as_str() {
        "med" => Ok("medium".to_owned()),
        known @ ("high" | "medium" | "low") => Ok(known.to_owned()),
        _ => Err(Rule::UnknownCode),
    }
}

/// A service of a tenant with its entitlement total.
#[derive(Debug)]
pub(super) struct Service {
    pub line: usize,
    pub tenant: Uuid,
    pub code: &'static str,
    pub entitlements: i32,
    pub override_entitlements: Given<i32>,
    pub active_users: Given<i32>,
    pub scenario: Given<&'static str>,
    pub engagement_start: Given<NaiveDate>,
    pub phase: Given<&'static str>,
}

impl Service {
    pub(super) fn read(mut cells: Cells<'_>) -> Option<Self> {
        let line = cells.line;
        let tenant = cells.required("tenant", guid);
        let service = cells.required("service", code(codes::service));
        let entitlements = cells.required("entitlements", count);
        let override_entitlements = cells.optional("override", count);
        let active_users = cells.optional("active_users", count);
        let scenario = cells.optional("scenario", code(codes::scenario));
        let engagement_start = cells.optional("engagement_start", date);
        let phase = cells.optional("phase", code(codes::phase));
        let sound = cells.finish();
        let (tenant, code, entitlements) = (tenant?, service?, entitlements?);
        #[rustfmt::skip]
        let row = Self {
            line, tenant, code, entitlements, override_entitlements, active_users, scenario,
            engagement_start, phase,
        };
        sound.then_some(row)
    }
}

/// A CPOR claim as Partner Center knows it (K1).
#[derive(Debug)]
pub(super) struct Claim {
    pub line: usize,
    pub tenant: Uuid,
    pub service: &'static str,
    pub partner_name: Given<String>,
    pub mpn_id: Given<String>,
    pub partner_tenant_id: Given<Uuid>,
    pub state: Given<String>,
    pub claimed_on: Given<NaiveDate>,
}

impl Claim {
    pub(super) fn read(mut cells: Cells<'_>) -> Option<Self> {
        let line = cells.line;
        let tenant = cells.required("tenant", guid);
        let service = cells.required("service", code(codes::service));
        let partner_name = cells.optional("claimed_by", name);
        let mpn_id = cells.optional("claimed_mpn_id", |v, _| cell::mpn_id(v));
        let partner_tenant_id = cells.optional("claimed_directory", guid);
        let state = cells.optional("state", word);
        let claimed_on = cells.optional("claimed_on", date);
        let sound = cells.finish();
        let (tenant, service) = (tenant?, service?);
        let row = Self { line, tenant, service, partner_name, mpn_id, partner_tenant_id, state, claimed_on };
        sound.then_some(row)
    }
}

/// Who works on what.
#[derive(Debug)]
pub(super) struct Assignment {
    pub line: usize,
    pub tenant: Uuid,
    pub role: &'static codes::Role,
    /// A user name, or the name of a firm or queue.
    pub holder: String,
    pub scope: &'static str,
    pub primary: bool,
}

impl Assignment {
    pub(super) fn read(mut cells: Cells<'_>) -> Option<Self> {
        let line = cells.line;
        let tenant = cells.required("tenant", guid);
        let role = cells.required("role", code(codes::role));
        let holder = cells.required("holder", name);
        let scope = cells.optional("scope", code(codes::scope)).value().unwrap_or(codes::TENANT_SCOPE);
        let primary = cells.optional("primary", truth).value().unwrap_or(false);
        let sound = cells.finish();
        let row = Self { line, tenant: tenant?, role: role?, holder: holder?, scope, primary };
        sound.then_some(row)
    }
}

/// A status row of a service.
#[derive(Debug)]
pub(super) struct Entitlement {
    pub line: usize,
    pub tenant: Uuid,
    pub service: &'static str,
    pub path: Path,
    pub entitlements: i32,
    pub note: String,
    pub target_date: Option<NaiveDate>,
    pub owner: Option<String>,
    pub next_action_date: Option<NaiveDate>,
}

/// Who owns a blocker when nobody is named (DOMAIN 2.3).
const DEFAULT_OWNER: &str = "Account Team";

impl Entitlement {
    pub(super) fn read(mut cells: Cells<'_>) -> Option<Self> {
        let line = cells.line;
        let tenant = cells.required("tenant", guid);
        let service = cells.required("service", code(codes::service));
        let l1 = cells.required("l1", code(codes::l1));
        let l2 = cells.optional("l2", name).value().unwrap_or_default();
        let l3 = cells.optional("l3", name).value().unwrap_or_default();
        let entitlements = cells.required("entitlements", |v, m| cell::count(v, m, 1));
        let note = cells.required("note", |v, _| cell::text(v, STATUS_NOTE_MAX));
        let target_date = cells.optional("target_date", date).value();
        let mut owner = cells.optional("owner", |v, _| cell::line(v, rules().owner_max)).value();
        let next_action_date = cells.optional("next_action_date", date).value();
        let mut path = None;
        if let (Some(l1), Some(service)) = (&l1, service) {
            path =
                codes::below(l1, &l2, &l3, service).map_err(|(field, rule)| cells.refuse(field, rule)).ok();
            if owner.is_none() && codes::need(l1.fields.owner, false).is_err() {
                owner = Some(DEFAULT_OWNER.to_owned());
            }
            let asked = [
                ("target_date", l1.fields.target_date, target_date.is_some()),
                ("owner", l1.fields.owner, owner.is_some()),
            ];
            for (field, need, given) in asked {
                if let Err(rule) = codes::need(need, given) {
                    cells.refuse(field, rule);
                }
            }
        }
        let sound = cells.finish();
        let (tenant, service, path, entitlements, note) = (tenant?, service?, path?, entitlements?, note?);
        #[rustfmt::skip]
        let row = Self {
            line, tenant, service, path, entitlements, note, target_date, owner, next_action_date,
        };
        sound.then_some(row)
    }
}

/// A note of the notes library.
#[derive(Debug)]
pub(super) struct Note {
    pub line: usize,
    /// The exporter's own name of the note, by which it is known again.
    pub key: String,
    pub tenant: Uuid,
    pub author: String,
    pub category: &'static str,
    pub created: DateTime<Utc>,
    pub overall_status: Option<OverallStatus>,
    pub status_date: Option<NaiveDate>,
    pub body: String,
    pub next_action: Option<(String, NaiveDate, String)>,
    pub services: Vec<&'static str>,
    pub escalated: bool,
}

impl Note {
    pub(super) fn read(mut cells: Cells<'_>, now: DateTime<Utc>) -> Option<Self> {
        let line = cells.line;
        let key = cells.required("key", name);
        let tenant = cells.required("tenant", guid);
        let author = cells.required("author", |v, _| cell::user_name(v));
        let category =
            cells.optional("category", code(codes::category)).value().unwrap_or(ENGAGEMENT_MANAGEMENT);
        let created = cells.required("created", |v, m| {
            let created = cell::instant(v, m)?;
            if created > now { Err(Rule::InFuture) } else { Ok(created) }
        });
        let status = |written: &str| OverallStatus::of(written).ok_or(Rule::UnknownCode);
        let mut overall_status = cells.optional("overall_status", code(status)).value();
        let mut status_date = cells.optional("status_date", date).value();
        let body = cells.required("body", |v, _| cell::text(v, rules().note_body_max));
        let next_action = read_next_action(&mut cells);
        let service = |value: &Value| codes::service(&cell::line(value, NAME_MAX)?);
        let services =
            cells.optional("services", |v, m| cell::list(v, m, service)).value().unwrap_or_default();
        let escalated = cells.optional("escalated", truth).value().unwrap_or(false);
        if category == ENGAGEMENT_MANAGEMENT {
            // E1, E2: status and date belong to it; the date is normally the day of the note.
            if overall_status.is_none() {
                cells.refuse("overall_status", Rule::Required);
            }
            status_date = status_date.or(created.map(|at| at.date_naive()));
            // A day more, since the author's own calendar may be ahead of UTC.
            if status_date > created.map(|at| at.date_naive() + Days::new(1)) {
                cells.refuse("status_date", Rule::InFuture);
            }
        } else if overall_status.take().is_some() || status_date.take().is_some() {
            cells.refuse("overall_status", Rule::NotApplicable);
        }
        let sound = cells.finish();
        let (key, tenant, author, created, body) = (key?, tenant?, author?, created?, body?);
        #[rustfmt::skip]
        let row = Self {
            line, key, tenant, author, category, created, overall_status, status_date, body, next_action,
            services, escalated,
        };
        sound.then_some(row)
    }
}

fn read_next_action(cells: &mut Cells<'_>) -> Option<(String, NaiveDate, String)> {
    let what = cells.optional("next_action", |v, _| cell::text(v, rules().next_action_max)).value();
    let when = cells.optional("next_action_date", date).value();
    let who = cells.optional("next_action_owner", |v, _| cell::line(v, rules().owner_max)).value();
    match (what, when, who) {
        (Some(what), Some(when), Some(who)) => Some((what, when, who)),
        (None, None, None) => None,
        _ => {
            cells.refuse("next_action", Rule::NextActionIncomplete);
            None
        }
    }
}
