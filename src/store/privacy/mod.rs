//! What is known of a person within one firm: found, put together for them, and erased (G1 to G3).
//!
//! The words stay in the database: it is told by patterns whom to look for, see [`Traces`].

pub mod file;
pub mod request;
pub mod tombstone;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::StoreError;
use super::audit::Line;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Person};
use crate::domain::personal::{Deed, Known, Subject, Traces};

/// What an erasure came to.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Erased {
    /// Contacts that are gone.
    pub contacts: i64,
    /// Lines of their history that are gone.
    pub changes: i64,
    /// Roles whose holder is nameless now.
    pub holders: i64,
    /// Rows with words in which they were named, by table.
    pub texts: Map<String, Value>,
    /// People of the firm who are nameless now.
    pub people: i64,
    /// Messages and answers that were kept for sending or for a repeat.
    pub copies: i64,
    /// Messages that Teams still shows: conversation and activity id.
    pub shown: Vec<(String, String)>,
}

impl Erased {
    /// Rows with words in which they were named, of these tables.
    pub fn texts_in(&self, tables: &[&str]) -> i64 {
        tables.iter().filter_map(|table| self.texts.get(*table)?.as_i64()).sum()
    }
}

/// How much there is of a person that can be counted without reading every word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The person, if they are of the firm and not nameless already.
    pub colleague: Option<Id<Person>>,
    /// For how many tenants they are a contact.
    pub contacts: i64,
    /// How many of these contacts come from the feed.
    pub synchronised: i64,
    /// How many roles they hold, by name or as a person of the firm.
    pub roles: i64,
    /// Other people who have one of their names.
    pub namesakes: i64,
    /// They asked to be erased before.
    pub erased: bool,
}

impl PartnerScope {
    /// Everybody of whom something is known: contacts, also former ones, people of the firm, and holders of roles
    /// that are known by name only. The same person may come several times.
    pub async fn known_people(&mut self) -> Result<Vec<Known>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select who as "who!", name as "name!", count(*) filter (where contact) as "contacts!",
                bool_or(colleague) as "colleague!"
            from (
                select email as who, name, true as contact, false as colleague
                from contact where partner_id = $1 and email <> ''
                union all
                select upn, name, false, true from person where partner_id = $1 and upn not like 'erased-%'
                union all
                select image ->> 'email', image ->> 'name', false, false
                from row_change r, lateral (values (r.before), (r.after)) images (image)
                where r.partner_id = $1 and r.kind = 'contact' and image ->> 'email' <> ''
                union all
                select a.holder, a.holder, false, false
                from assignment a join partner p on p.id = a.partner_id
                where a.partner_id = $1 and a.holder <> p.name and a.holder !~ '^(FTP|FTCQ)\M' and a.holder not like '[erased%'
            ) known
            group by 1, 2
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        let known = rows.into_iter().map(|row| Known {
            subject: Subject::new(&row.who),
            names: vec![row.name],
            contacts: row.contacts,
            colleague: row.colleague,
        });
        Ok(known.collect())
    }

    /// How much there is of the person, who may hold roles by one of `names`.
    pub async fn person_standing(
        &mut self,
        subject: &Subject,
        names: &[String],
    ) -> Result<Standing, StoreError> {
        let row = sqlx::query!(
            r#"
            select
                (select p.id from person p where p.partner_id = $1 and p.upn = $2) as "colleague?",
                (select count(*) from contact c where c.partner_id = $1 and lower(c.email) = $2) as "contacts!",
                (
                    select count(*) from contact c
                    where c.partner_id = $1 and lower(c.email) = $2 and c.origin = 'synchronised'
                ) as "synchronised!",
                (
                    select count(*) from assignment a left join person p on p.partner_id = a.partner_id and p.id = a.person_id
                    where a.partner_id = $1 and (a.holder = any($4) or p.upn = $2)
                ) as "roles!",
                (
                    select count(distinct lower(o.email)) from contact o
                    where o.partner_id = $1 and lower(o.email) <> $2
                        and lower(o.name) in (
                            select lower(c.name) from contact c where c.partner_id = $1 and lower(c.email) = $2)
                ) as "namesakes!",
                exists (select from erased_among(array[$3])) as "erased!"
            "#,
            self.partner_id(),
            subject.text(),
            subject.key(),
            names
        )
        .fetch_one(self.connection())
        .await?;
        Ok(Standing {
            colleague: row.colleague.map(Id::from),
            contacts: row.contacts,
            synchronised: row.synchronised,
            roles: row.roles,
            namesakes: row.namesakes,
            erased: row.erased,
        })
    }

    /// By what the person is found in words: all that their rows, also the former ones, say of them.
    pub async fn traces(&mut self, subject: &Subject) -> Result<Traces, StoreError> {
        let Some(address) = subject.address() else {
            return Ok(Traces { names: vec![subject.text().to_owned()], ..Traces::default() });
        };
        let rows = sqlx::query!(
            r#"
            select distinct name as "name!", phone as "phone!", title as "title!"
            from (
                select name, phone, title from contact where partner_id = $1 and lower(email) = $2
                union all
                select name, '', '' from person where partner_id = $1 and upn = $2
                union all
                select image ->> 'name', image ->> 'phone', image ->> 'title'
                from row_change r, lateral (values (r.before), (r.after)) images (image)
                where r.partner_id = $1 and r.kind = 'contact' and lower(image ->> 'email') = $2
            ) known
            "#,
            self.partner_id(),
            address
        )
        .fetch_all(self.connection())
        .await?;
        let mut traces = Traces { addresses: vec![address.to_owned()], ..Traces::default() };
        for row in rows {
            for (value, kept) in [
                (row.name, &mut traces.names),
                (row.phone, &mut traces.phones),
                (row.title, &mut traces.titles),
            ] {
                if !value.is_empty() && !kept.contains(&value) {
                    kept.push(value);
                }
            }
        }
        Ok(traces)
    }

    /// Whether the person asked to be erased, and may be entered again only with their consent.
    pub async fn was_erased(&mut self, subject: &Subject) -> Result<bool, StoreError> {
        let found = sqlx::query_scalar!(r#"select erased_among(array[$1]) as "erased!""#, subject.key())
            .fetch_optional(self.connection())
            .await?;
        Ok(found.is_some())
    }

    /// The person agreed to be entered again.
    pub async fn forgive_erasure(&mut self, actor: &Actor, subject: &Subject) -> Result<(), StoreError> {
        sqlx::query!("select forgive_erasure($1)", subject.key()).execute(self.connection()).await?;
        self.audit_person(actor.person, "privacy.consent", subject, &["erased"]).await
    }

    /// Gives the transaction the time that reading every word takes (R10 is for answering people).
    pub async fn take_time(&mut self) -> Result<(), StoreError> {
        sqlx::query!("select set_config('statement_timeout', '60s', true)")
            .fetch_one(self.connection())
            .await?;
        Ok(())
    }

    /// Erases the person: their rows go, and what names them elsewhere is struck out. `notice` is the activity that
    /// takes the place of a message that named them. Nothing of it can be undone.
    pub async fn erase(
        &mut self,
        subject: &Subject,
        traces: &Traces,
        notice: &Value,
    ) -> Result<Erased, StoreError> {
        let done = sqlx::query_scalar!(
            r#"select erase_person($1, $2, $3, $4, $5, $6, $7, $8, $9) as "done!: Json<Erased>""#,
            subject.key(),
            &traces.addresses,
            &traces.names,
            traces.named(),
            traces.beside(),
            traces.hinted(),
            traces.rough(),
            notice,
            self.now
        )
        .fetch_one(self.connection())
        .await?;
        Ok(done.0)
    }

    /// Everything about the person, by the names of the tables, with the names of the tenants and the lines of the
    /// audit log about their rows (G3).
    pub async fn personal_data(&mut self, subject: &Subject, traces: &Traces) -> Result<Value, StoreError> {
        let colleague = self.person_standing(subject, &traces.names).await?.colleague.map(Id::uuid);
        let rows = sqlx::query!(
            r#"
            select kind as "kind!", jsonb_agg(image) as "rows!"
            from personal_rows($1, $2, $3)
            group by kind
            order by kind
            "#,
            traces.named(),
            traces.rough(),
            colleague
        )
        .fetch_all(self.connection())
        .await?;
        let mut data: Map<String, Value> = rows.into_iter().map(|row| (row.kind, row.rows)).collect();
        data.insert("audit".to_owned(), self.audit_of(&data, colleague).await?);
        data.insert("tenants".to_owned(), self.tenants_in(&data).await?);
        Ok(json!({
            "about": { "person": subject.text(), "made": self.now, "firm": self.firm_name().await? },
            "data": data,
        }))
    }

    /// Lines of the audit log about the rows in `data` that have an id, and about what the colleague did.
    async fn audit_of(
        &mut self,
        data: &Map<String, Value>,
        colleague: Option<Uuid>,
    ) -> Result<Value, StoreError> {
        let rows = data.get("contact").into_iter().chain(data.get("row_change")).filter_map(Value::as_array);
        let ids: Vec<String> = rows
            .flatten()
            .filter_map(|row| row.get("subject").or_else(|| row.get("id"))?.as_str().map(str::to_owned))
            .collect();
        let lines = sqlx::query_scalar!(
            r#"
            select coalesce(jsonb_agg(jsonb_build_object(
                'id', id, 'at', at, 'act', act, 'subject', subject, 'subject_id', subject_id, 'tenant_id', tenant_id,
                'actor_id', actor_id, 'changed', changed) order by seq), '[]') as "lines!"
            from audit
            where partner_id = $1 and (subject_id = any($2) or actor_id = $3)
            "#,
            self.partner_id(),
            &ids,
            colleague
        )
        .fetch_one(self.connection())
        .await?;
        Ok(lines)
    }

    async fn tenants_in(&mut self, data: &Map<String, Value>) -> Result<Value, StoreError> {
        let rows = data.values().filter_map(Value::as_array).flatten();
        let ids: Vec<Uuid> = rows.filter_map(|row| row.get("tenant_id")?.as_str()?.parse().ok()).collect();
        let tenants = sqlx::query_scalar!(
            r#"
            select coalesce(jsonb_object_agg(id, customer_name), '{}') as "tenants!"
            from tenant where partner_id = $1 and id = any($2)
            "#,
            self.partner_id(),
            &ids
        )
        .fetch_one(self.connection())
        .await?;
        Ok(tenants)
    }

    /// Writes that something was done about a person: the log keeps the fingerprint, never a name (T1, T2).
    pub(super) async fn audit_person(
        &mut self,
        person: Id<Person>,
        act: &str,
        subject: &Subject,
        changed: &[&str],
    ) -> Result<(), StoreError> {
        let subject_id = self.person_fingerprint(subject).await?;
        let line =
            Line { act, subject: "personal_data", subject_id, tenant: None, versions: (None, None), changed };
        self.audit_for(Some(person), line).await
    }

    /// The firm's fingerprint of the person, as short as an id.
    pub async fn person_fingerprint(&mut self, subject: &Subject) -> Result<Uuid, StoreError> {
        let digest = sqlx::query_scalar!(r#"select person_digest($1) as "digest!""#, subject.key())
            .fetch_one(self.connection())
            .await?;
        let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
        Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// What was asked for, as the audit log calls it.
pub(super) fn act_of(deed: Deed) -> &'static str {
    match deed {
        Deed::Export => "privacy.export",
        Deed::Erase => "privacy.erase",
    }
}
