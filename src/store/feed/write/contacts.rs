//! Contacts into their table.

use chrono::{DateTime, Utc};
use sqlx::query;
use sqlx::types::Json;

use super::super::row::Contact;
use super::super::{Difference, Intake};
use super::BATCH;
use crate::store::StoreError;

impl Intake {
    pub(super) async fn write_contacts(
        &mut self,
        contacts: &Difference<Contact>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        in_batches!(
            self,
            contacts.gone,
            "delete from contact c using jsonb_to_recordset($2) as r(id uuid)
             where c.partner_id = $1 and c.id = r.id"
        );
        in_batches!(
            self,
            contacts.changed,
            "update contact c
             set is_engaged = r.is_engaged, is_fasttrack = r.is_fasttrack, name = r.name, country = r.country,
                survey_eligible = r.survey_eligible, survey_language = r.survey_language, services = r.services,
                title = r.title, phone = r.phone, time_zone = r.time_zone, role = r.role, note = r.note,
                do_not_call = r.do_not_call, do_not_call_reason = r.do_not_call_reason, skill_type = r.skill_type,
                ms_role = r.ms_role, evidence = r.evidence, approved_survey = r.approved_survey,
                row_version = c.row_version + 1, updated_at = $3
             from jsonb_populate_recordset(null::contact, $2) r
             where c.partner_id = $1 and c.id = r.id",
            now
        );
        in_batches!(
            self,
            contacts.new,
            "insert into contact (partner_id, id, tenant_id, contact_type, is_engaged, is_fasttrack, name, email,
                country, survey_eligible, survey_language, services, title, phone, time_zone, role, note, do_not_call,
                do_not_call_reason, skill_type, ms_role, evidence, approved_survey, origin, created_at, updated_at)
             select $1, id, tenant_id, contact_type, is_engaged, is_fasttrack, name, email,
                country, survey_eligible, survey_language, services, title, phone, time_zone, role, note, do_not_call,
                do_not_call_reason, skill_type, ms_role, evidence, approved_survey, origin, $3, $3
             from jsonb_populate_recordset(null::contact, $2)",
            now
        );
        Ok(())
    }
}
