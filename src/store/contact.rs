//! Contacts of a tenant.

use sqlx::types::Json;
use uuid::Uuid;

use super::StoreError;
use super::desk::Desk;
use super::scope::PartnerScope;
use crate::domain::contact::{Contact, ContactType};
use crate::domain::id::{self, Id};

/// A contact as it is stored.
#[derive(Debug, Clone)]
pub struct ContactRow {
    /// Its id.
    pub id: Id<id::Contact>,
    /// The row version that it has now (C1).
    pub version: i64,
    /// Kept by the nightly feed: one that is deleted comes back with it (C10).
    pub is_synchronised: bool,
    /// The contact.
    pub contact: Contact,
}

/// What came of writing over a contact.
#[derive(Debug)]
pub enum Written {
    /// It is done.
    Done,
    /// Somebody was faster (C1): the row has another version, or is gone.
    Moved,
    /// Another contact of the tenant has this type and address (DOMAIN 2.5).
    Taken(Id<id::Contact>),
}

impl PartnerScope {
    /// The contacts of the desk's tenant, by name.
    pub async fn contacts(&mut self, desk: &Desk) -> Result<Vec<ContactRow>, StoreError> {
        self.read_contacts(desk, None).await
    }

    /// One contact of the desk's tenant.
    pub async fn contact(
        &mut self,
        desk: &Desk,
        contact: Id<id::Contact>,
    ) -> Result<Option<ContactRow>, StoreError> {
        Ok(self.read_contacts(desk, Some(contact.uuid())).await?.pop())
    }

    async fn read_contacts(
        &mut self,
        desk: &Desk,
        only: Option<Uuid>,
    ) -> Result<Vec<ContactRow>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select id, row_version, origin = 'synchronised' as "is_synchronised!", contact_type, is_engaged,
                is_fasttrack, name, email, country, survey_eligible, survey_language, services, title, phone,
                time_zone, role, note, do_not_call, do_not_call_reason, skill_type, ms_role, evidence, approved_survey
            from contact
            where partner_id = $1 and tenant_id = $2 and ($3::uuid is null or id = $3)
            order by lower(name), id
            "#,
            self.partner_id(),
            desk.tenant.uuid(),
            only
        )
        .fetch_all(self.connection())
        .await?;
        let row = rows.into_iter().map(|row| ContactRow {
            id: row.id.into(),
            version: row.row_version,
            is_synchronised: row.is_synchronised,
            contact: Contact {
                contact_type: ContactType::of(&row.contact_type).unwrap_or_default(),
                is_engaged: row.is_engaged,
                is_fasttrack: row.is_fasttrack,
                name: row.name,
                email: row.email,
                country: row.country,
                survey_eligible: row.survey_eligible,
                survey_language: row.survey_language,
                services: row.services,
                title: row.title,
                phone: row.phone,
                time_zone: row.time_zone,
                role: row.role,
                note: row.note,
                do_not_call: row.do_not_call,
                do_not_call_reason: row.do_not_call_reason,
                skill_type: row.skill_type,
                ms_role: row.ms_role,
                evidence: row.evidence,
                approved_survey: row.approved_survey,
            },
        });
        Ok(row.collect())
    }

    /// The contact of the desk's tenant that has this type and address, in whatever case (DOMAIN 2.5).
    pub async fn contact_called(
        &mut self,
        desk: &Desk,
        contact_type: ContactType,
        email: &str,
    ) -> Result<Option<ContactRow>, StoreError> {
        let id = sqlx::query_scalar!(
            r#"
            select id from contact
            where partner_id = $1 and tenant_id = $2 and contact_type = $3 and lower(email) = lower($4)
            "#,
            self.partner_id(),
            desk.tenant.uuid(),
            contact_type.code(),
            email
        )
        .fetch_optional(self.connection())
        .await?;
        match id {
            Some(id) => self.contact(desk, id.into()).await,
            None => Ok(None),
        }
    }

    /// Adds a contact; `None`: there is one of this type and address.
    pub async fn add_contact(
        &mut self,
        desk: &Desk,
        contact: &Contact,
    ) -> Result<Option<Id<id::Contact>>, StoreError> {
        let id = sqlx::query_scalar!(
            r#"
            insert into contact (partner_id, tenant_id, id, created_at, updated_at, contact_type, is_engaged,
                is_fasttrack, name, email, country, survey_eligible, survey_language, services, title, phone,
                time_zone, role, note, do_not_call, do_not_call_reason, skill_type, ms_role, evidence, approved_survey)
            select $1, $2, $3, $4, $4, contact_type, is_engaged,
                is_fasttrack, name, email, country, survey_eligible, survey_language, services, title, phone,
                time_zone, role, note, do_not_call, do_not_call_reason, skill_type, ms_role, evidence, approved_survey
            from jsonb_populate_record(null::contact, $5)
            on conflict (partner_id, tenant_id, contact_type, lower(email)) do nothing
            returning id
            "#,
            self.partner_id(),
            desk.tenant.uuid(),
            Id::<id::Contact>::new(self.now).uuid(),
            self.now,
            Json(contact) as _
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(id.map(Id::from))
    }

    /// Writes over a contact that still is at `version` (C1).
    pub async fn change_contact(
        &mut self,
        desk: &Desk,
        row: (Id<id::Contact>, i64),
        contact: &Contact,
    ) -> Result<Written, StoreError> {
        let (id, version) = row;
        let namesake = self.contact_called(desk, contact.contact_type, &contact.email).await?;
        if let Some(other) = namesake.filter(|other| other.id != id) {
            return Ok(Written::Taken(other.id));
        }
        let done = sqlx::query!(
            r#"
            update contact c
            set contact_type = r.contact_type, is_engaged = r.is_engaged, is_fasttrack = r.is_fasttrack,
                name = r.name, email = r.email, country = r.country, survey_eligible = r.survey_eligible,
                survey_language = r.survey_language, services = r.services, title = r.title, phone = r.phone,
                time_zone = r.time_zone, role = r.role, note = r.note, do_not_call = r.do_not_call,
                do_not_call_reason = r.do_not_call_reason, skill_type = r.skill_type, ms_role = r.ms_role,
                evidence = r.evidence, approved_survey = r.approved_survey,
                row_version = c.row_version + 1, updated_at = $6
            from jsonb_populate_record(null::contact, $5) r
            where c.partner_id = $1 and c.tenant_id = $2 and c.id = $3 and c.row_version = $4
            "#,
            self.partner_id(),
            desk.tenant.uuid(),
            id.uuid(),
            version,
            Json(contact) as _,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(if done.rows_affected() == 1 { Written::Done } else { Written::Moved })
    }

    /// Removes a contact. False: it is gone already.
    pub async fn remove_contact(
        &mut self,
        desk: &Desk,
        contact: Id<id::Contact>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "delete from contact where partner_id = $1 and tenant_id = $2 and id = $3",
            self.partner_id(),
            desk.tenant.uuid(),
            contact.uuid()
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The country of the desk's tenant, and those where most of the firm's customers are; all by code.
    pub async fn usual_countries(
        &mut self,
        desk: &Desk,
    ) -> Result<(Option<String>, Vec<String>), StoreError> {
        let own = sqlx::query_scalar!(
            "select country from tenant where partner_id = $1 and id = $2",
            self.partner_id(),
            desk.tenant.uuid()
        )
        .fetch_optional(self.connection())
        .await?;
        let usual = sqlx::query_scalar!(
            r#"
            select country as "country!" from tenant
            where partner_id = $1 and country is not null
            group by country
            order by count(*) desc, country
            limit 8
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        Ok((own.flatten(), usual))
    }
}
