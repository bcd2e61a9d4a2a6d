//! Rows as the tables hold them, without the firm: that is the scope's.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

/// The firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firm {
    /// Name.
    pub name: String,
    /// MPN id.
    pub mpn_id: String,
}

/// A person of the firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Person {
    pub id: Uuid,
    pub directory_id: Uuid,
    pub object_id: Option<Uuid>,
    pub upn: String,
    pub name: String,
    pub is_admin: bool,
    pub is_manager: bool,
    pub active: bool,
}

/// A customer's tenant, as far as the feed owns it: not its overall status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Tenant {
    pub id: Uuid,
    pub name: String,
    pub customer_name: String,
    pub tpid: Option<i64>,
    pub aliases: Vec<String>,
    pub domains: Vec<String>,
    pub search: String,
    pub active: bool,
    pub seats: Option<i32>,
    pub eligibility: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    pub region: Option<String>,
    pub priority: Option<String>,
}

/// A service of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Service {
    pub tenant_id: Uuid,
    pub service: String,
    pub entitlements: i32,
    pub override_entitlements: Option<i32>,
    pub active_users: Option<i32>,
    pub scenario: String,
    pub engagement_start: Option<NaiveDate>,
    pub phase: Option<String>,
    pub does_not_add_up: bool,
    #[serde(skip)]
    pub updated_at: DateTime<Utc>,
}

/// A status row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Entitlement {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub service: String,
    pub l1: String,
    pub l2: String,
    pub l3: String,
    pub entitlements: i32,
    pub note: String,
    pub target_date: Option<NaiveDate>,
    pub owner: Option<String>,
    pub next_action_date: Option<NaiveDate>,
    #[serde(skip)]
    pub updated_at: DateTime<Utc>,
}

/// A CPOR claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Claim {
    pub tenant_id: Uuid,
    pub service: String,
    pub partner_name: Option<String>,
    pub mpn_id: Option<String>,
    pub partner_tenant_id: Option<Uuid>,
    pub state: Option<String>,
    pub claimed_on: Option<NaiveDate>,
}

/// Who works on what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Assignment {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub role: String,
    pub person_id: Option<Uuid>,
    pub holder: Option<String>,
    pub scope: String,
    pub is_primary: bool,
    #[serde(skip)]
    pub updated_at: DateTime<Utc>,
}

/// Somebody to talk to at a tenant.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Contact {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub contact_type: String,
    pub is_engaged: bool,
    pub is_fasttrack: bool,
    pub name: String,
    pub email: String,
    pub country: String,
    pub survey_eligible: Option<bool>,
    pub survey_language: String,
    pub services: Vec<String>,
    pub title: String,
    pub phone: String,
    pub time_zone: String,
    pub role: String,
    pub note: String,
    pub do_not_call: bool,
    pub do_not_call_reason: String,
    pub skill_type: String,
    pub ms_role: String,
    pub evidence: String,
    pub approved_survey: String,
    pub origin: String,
    #[serde(skip)]
    pub updated_at: DateTime<Utc>,
}

/// By its ids only: the rest is personal (G2).
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact")
            .field("id", &self.id)
            .field("tenant_id", &self.tenant_id)
            .finish_non_exhaustive()
    }
}

/// A note with its first version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Note {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub category: String,
    pub author_id: Uuid,
    pub services: Vec<String>,
    pub escalated: bool,
    pub overall_status: Option<String>,
    pub status_date: Option<NaiveDate>,
    pub body: String,
    pub next_action: Option<String>,
    pub next_action_date: Option<NaiveDate>,
    pub next_action_owner: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// The overall status that a tenant's newest note gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, by their names")]
pub struct Standing {
    pub tenant_id: Uuid,
    pub overall_status: String,
    pub status_date: NaiveDate,
}
