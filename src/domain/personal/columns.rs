//! Every column of every table that holds words, and whether they are personal (G1).

use super::Erasure::{self, Empty, Forget, Mark, Row, Strike};

/// A column that can hold words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
}

/// Whether a column is personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Codes, ids, names of firms, customers and files: nothing about a person.
    Nothing,
    /// Personal data, or words that may name a person.
    Person {
        /// What an erasure does with it.
        erasure: Erasure,
        /// Whether it belongs into an export. Copies do not.
        exported: bool,
    },
}

const fn column(table: &'static str, name: &'static str, holds: Holds) -> Column {
    Column { table, name, holds }
}

const fn nothing(table: &'static str, name: &'static str) -> Column {
    column(table, name, Holds::Nothing)
}

const fn personal(table: &'static str, name: &'static str, erasure: Erasure) -> Column {
    column(table, name, Holds::Person { erasure, exported: true })
}

const fn copy(table: &'static str, name: &'static str, erasure: Erasure) -> Column {
    column(table, name, Holds::Person { erasure, exported: false })
}

/// The list, by table.
pub const COLUMNS: &[Column] = &[
    nothing("assignment", "role"),
    personal("assignment", "holder", Mark),
    nothing("assignment", "scope"),
    nothing("audit", "act"),
    nothing("audit", "subject"),
    nothing("audit", "subject_id"),
    nothing("audit", "changed"),
    nothing("change", "conversation_id"),
    nothing("change", "steps"),
    nothing("change", "act"),
    nothing("change", "place"),
    nothing("confirmation", "act"),
    copy("confirmation", "fields", Forget),
    nothing("contact", "contact_type"),
    personal("contact", "name", Row),
    personal("contact", "email", Row),
    nothing("contact", "country"),
    nothing("contact", "survey_language"),
    nothing("contact", "services"),
    personal("contact", "title", Strike),
    personal("contact", "phone", Row),
    nothing("contact", "time_zone"),
    personal("contact", "role", Strike),
    personal("contact", "note", Strike),
    personal("contact", "do_not_call_reason", Strike),
    personal("contact", "skill_type", Strike),
    personal("contact", "ms_role", Strike),
    personal("contact", "evidence", Strike),
    personal("contact", "approved_survey", Strike),
    nothing("contact", "origin"),
    nothing("conversation", "id"),
    nothing("conversation", "kind"),
    nothing("conversation", "service_url"),
    nothing("conversation", "bot_id"),
    copy("conversation", "user_id", Empty),
    nothing("conversation", "team_id"),
    nothing("conversation", "unreachable_reason"),
    nothing("conversation", "zone"),
    nothing("cpor_claim", "service"),
    nothing("cpor_claim", "partner_name"),
    nothing("cpor_claim", "mpn_id"),
    nothing("cpor_claim", "state"),
    nothing("data_migration", "service"),
    nothing("data_migration", "rejection_reason"),
    personal("data_migration", "rejection_note", Strike),
    nothing("entitlement", "service"),
    nothing("entitlement", "l1"),
    nothing("entitlement", "l2"),
    nothing("entitlement", "l3"),
    personal("entitlement", "note", Strike),
    personal("entitlement", "owner", Strike),
    nothing("gap_day", "element"),
    nothing("gap_told", "gap"),
    nothing("forecast", "service"),
    nothing("forecast_target", "service"),
    nothing("forecast_target", "milestone"),
    nothing("migration_line", "service"),
    nothing("migration_line", "type"),
    personal("migration_line", "notes", Strike),
    nothing("migration_line", "status"),
    nothing("note", "category"),
    nothing("note", "services"),
    nothing("note", "conversation_id"),
    nothing("note", "activity_id"),
    nothing("note_version", "overall_status"),
    personal("note_version", "body", Strike),
    personal("note_version", "next_action", Strike),
    personal("note_version", "next_action_owner", Strike),
    nothing("outbox", "conversation_id"),
    copy("outbox", "errand", Forget),
    nothing("outbox", "dedup_key"),
    nothing("outbox", "sent_activity_id"),
    nothing("outbox", "reason"),
    nothing("partner", "name"),
    nothing("partner", "mpn_id"),
    personal("person", "upn", Empty),
    personal("person", "name", Empty),
    copy("privacy_export", "content", Row),
    nothing("privacy_request", "conversation_id"),
    nothing("privacy_request", "kind"),
    personal("privacy_request", "subject", Row),
    nothing("receipt", "key"),
    copy("receipt", "answer", Forget),
    nothing("row_change", "service"),
    nothing("row_change", "kind"),
    nothing("row_change", "subject"),
    personal("row_change", "before", Strike),
    personal("row_change", "after", Strike),
    nothing("subscription", "conversation_id"),
    nothing("subscription", "rules"),
    nothing("subscription", "services"),
    nothing("subscription", "tenants"),
    nothing("subscription", "zone"),
    nothing("suggestion", "service"),
    personal("suggestion", "note", Strike),
    nothing("suggestion", "l1"),
    nothing("suggestion", "l2"),
    nothing("suggestion", "l3"),
    nothing("suggestion", "band"),
    nothing("suggestion", "model"),
    nothing("suggestion", "outcome"),
    nothing("suggestion", "chosen_l1"),
    nothing("suggestion", "chosen_l2"),
    nothing("suggestion", "chosen_l3"),
    nothing("suggestion_lore", "shipped"),
    nothing("suggestion_lore", "state"),
    nothing("taxonomy", "content"),
    nothing("taxonomy", "gone"),
    nothing("tenant", "name"),
    nothing("tenant", "customer_name"),
    nothing("tenant", "aliases"),
    nothing("tenant", "domains"),
    nothing("tenant", "search"),
    nothing("tenant", "overall_status"),
    nothing("tenant", "eligibility"),
    nothing("tenant", "industry"),
    nothing("tenant", "country"),
    nothing("tenant", "region"),
    nothing("tenant", "priority"),
    nothing("tenant_service", "service"),
    nothing("tenant_service", "scenario"),
    nothing("tenant_service", "phase"),
];
