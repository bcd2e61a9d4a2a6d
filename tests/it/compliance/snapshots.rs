//! Many tenants are read in a handful of statements. What comes of it is what a slow reading says, tenant by tenant.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{PgPool, Row as _};
use tenantry::domain::assignment::{Role, Scope};
use tenantry::domain::compliance::{Forecast, Holding, Row, Service, Snapshot, gaps, turns_red};
use tenantry::domain::contact::{Contact, ContactType};
use tenantry::domain::id::Id;
use tenantry::domain::rules::rules;
use tenantry::domain::taxonomy::Path;
use tenantry::domain::tenant::OverallStatus;
use tenantry::domain::time::Today;
use tenantry::feed::load_demo;
use tenantry::store::Database;
use tenantry::store::compliance::Whose;
use uuid::Uuid;

use crate::support::database::{TestDatabase, fresh};
use crate::support::firms::{self, ALPINE, ANN, BOB, CONTOSO, FABRIKAM, NORTHWIND, SECRET, noon};

const ZONE: chrono_tz::Tz = chrono_tz::Europe::Berlin;

fn day(at: DateTime<Utc>) -> NaiveDate {
    Today::at(at.min(noon()), ZONE).0
}

/// Tenant by tenant, service by service, one plain statement after the other.
async fn slowly(owner: &PgPool, firm: Uuid) -> Vec<Snapshot> {
    let mut read = Vec::new();
    let tenants =
        sqlx::query("select * from tenant where partner_id = $1 and active order by customer_name, id");
    for tenant in tenants.bind(firm).fetch_all(owner).await.unwrap() {
        let id: Uuid = tenant.get("id");
        let of_tenant =
            async |sql: &'static str| sqlx::query(sql).bind(firm).bind(id).fetch_all(owner).await.unwrap();
        let notes = of_tenant(
            "select created_at from note where partner_id = $1 and tenant_id = $2
             and category = 'engagement_management' and withdrawn_at is null",
        );
        let contacts = of_tenant("select * from contact where partner_id = $1 and tenant_id = $2").await;
        let holdings = of_tenant(
            "select a.*, p.active from assignment a left join person p on p.id = a.person_id
             where a.partner_id = $1 and tenant_id = $2 order by role, scope, is_primary desc, person_id",
        );
        let mut services = Vec::new();
        for service in
            of_tenant("select * from tenant_service where partner_id = $1 and tenant_id = $2 order by 3")
                .await
        {
            services.push(service_of(owner, firm, id, &service).await);
        }
        read.push(Snapshot {
            tenant: id.into(),
            name: tenant.get("name"),
            customer_name: tenant.get("customer_name"),
            active: tenant.get("active"),
            status: OverallStatus::of(tenant.get("overall_status")),
            known_since: day(tenant.get("created_at")),
            last_note: notes.await.iter().map(|note| day(note.get("created_at"))).max(),
            has_survey_contact: contacts.iter().map(contact).any(|contact| contact.is_survey_contact()),
            services,
            holdings: holdings.await.iter().filter_map(holding).collect(),
        });
    }
    read
}

async fn service_of(owner: &PgPool, firm: Uuid, tenant: Uuid, row: &sqlx::postgres::PgRow) -> Service {
    let code: String = row.get("service");
    let mine = async |sql: &'static str| {
        sqlx::query(sql).bind(firm).bind(tenant).bind(&code).fetch_all(owner).await.unwrap()
    };
    let rows = mine(
        "select * from entitlement where partner_id = $1 and tenant_id = $2 and service = $3 order by l1, l2, l3",
    );
    let forecast =
        mine("select * from forecast where partner_id = $1 and tenant_id = $2 and service = $3").await;
    let targets = mine(
        "select * from forecast_target where partner_id = $1 and tenant_id = $2 and service = $3 order by milestone",
    );
    let claim = mine(
        "select c.state from cpor_claim c join partner p on p.id = c.partner_id and p.mpn_id = c.mpn_id
         where c.partner_id = $1 and tenant_id = $2 and service = $3",
    );
    let targets: Vec<_> = targets.await.iter().map(|row| (row.get("milestone"), row.get("target"))).collect();
    Service {
        total: row.get::<Option<i32>, _>("override_entitlements").unwrap_or_else(|| row.get("entitlements")),
        scenario: row.get("scenario"),
        active_users: row.get("active_users"),
        claimed: claim.await.iter().any(|claim| {
            claim.get::<Option<String>, _>("state").is_none_or(|state| state.eq_ignore_ascii_case("approved"))
        }),
        known_since: day(row.get("created_at")),
        changed: day(row.get("updated_at")),
        rows: rows.await.iter().map(status_row).collect(),
        forecast: forecast.first().map(|row| Forecast { changed: day(row.get("updated_at")), targets }),
        code,
    }
}

fn status_row(row: &sqlx::postgres::PgRow) -> Row {
    Row {
        path: Path::new(row.get("l1"), row.get("l2"), row.get("l3")),
        entitlements: row.get("entitlements"),
        has_note: !row.get::<String, _>("note").is_empty(),
        target_date: row.get("target_date"),
        since: day(row.get("created_at")),
        changed: day(row.get("updated_at")),
    }
}

fn contact(row: &sqlx::postgres::PgRow) -> Contact {
    Contact {
        contact_type: ContactType::of(row.get("contact_type")).unwrap(),
        is_engaged: row.get("is_engaged"),
        survey_eligible: row.get("survey_eligible"),
        name: row.get("name"),
        email: row.get("email"),
        country: row.get("country"),
        survey_language: row.get("survey_language"),
        services: row.get("services"),
        ..Contact::default()
    }
}

fn holding(row: &sqlx::postgres::PgRow) -> Option<Holding> {
    Some(Holding {
        role: Role::stored(row.get("role"))?,
        scope: Scope::stored(row.get("scope")),
        primary: row.get("is_primary"),
        person: row.get::<Option<Uuid>, _>("person_id").map(Id::from),
        is_here: row.get::<Option<bool>, _>("active").unwrap_or(true),
    })
}

async fn at_once(database: &TestDatabase, firm: Uuid, whose: Whose) -> Vec<Snapshot> {
    let store = Database::open(database.url(), 2).unwrap();
    let mut scope = store.open_scope_for_operator(firm.into(), noon()).await.unwrap();
    scope.snapshots(whose, ZONE).await.unwrap()
}

fn ids(snapshots: &[Snapshot]) -> Vec<Uuid> {
    snapshots.iter().map(|snapshot| snapshot.tenant.uuid()).collect()
}

#[tokio::test]
async fn the_demo_read_at_once_is_the_demo_read_slowly() {
    let database = fresh().await;
    let owner = database.owner();
    load_demo(&owner, Today(noon().date_naive()), noon()).await.unwrap();
    let firms: Vec<Uuid> = sqlx::query_scalar("select id from partner").fetch_all(&owner).await.unwrap();
    let mut found = 0;
    for firm in firms {
        let (fast, slow) = (at_once(&database, firm, Whose::Firm).await, slowly(&owner, firm).await);
        assert_eq!(fast, slow);
        for (fast, slow) in fast.iter().zip(&slow) {
            let today = noon().date_naive();
            let (of_fast, of_slow) = (gaps(fast, today, rules()), gaps(slow, today, rules()));
            assert_eq!(of_fast, of_slow);
            found += of_fast.len();
            let alone = at_once(&database, firm, Whose::Tenant(fast.tenant)).await;
            assert_eq!(alone, std::slice::from_ref(fast));
        }
    }
    assert!(found > 20, "{found} gaps, or this test proves nothing");
}

#[tokio::test]
async fn v1_p6_one_sees_ones_own_tenants_the_firms_and_never_another_firms() {
    let database = fresh().await;
    firms::settle(&database).await;
    let boreal: Uuid = "bbbbbbbb-0000-4000-8000-000000000001".parse().unwrap();
    let firm = at_once(&database, ALPINE, Whose::Firm).await;
    assert_eq!(firm.len(), 4);
    assert!(firm.iter().all(|snapshot| !format!("{snapshot:?}").contains("CANARY")));
    assert!(ids(&firm).contains(&NORTHWIND) && !ids(&firm).contains(&SECRET));
    let ann = ids(&at_once(&database, ALPINE, Whose::Person(ANN.id.into())).await);
    assert!(ann.len() == 3 && ann.contains(&FABRIKAM) && !ann.contains(&NORTHWIND));
    assert_eq!(at_once(&database, ALPINE, Whose::Person(BOB.id.into())).await, []);
    assert_eq!(at_once(&database, ALPINE, Whose::Tenant(SECRET.into())).await, []);
    // The customer of both firms is two tenants (P9): the notes of one are nothing to the other.
    let ours = at_once(&database, ALPINE, Whose::Tenant(CONTOSO.into())).await;
    let theirs = at_once(&database, boreal, Whose::Tenant(CONTOSO.into())).await;
    assert_eq!((ours[0].last_note, ours[0].customer_name.as_str()), (None, "Contoso"));
    assert!(theirs[0].last_note.is_some());
}

/// Says how long it takes, for 40 tenants and for 2,000, with four services each.
#[tokio::test]
#[ignore = "measures"]
#[expect(clippy::print_stdout, reason = "it says what it measured")]
async fn how_long_it_takes() {
    for (tenants, sql) in [(40, FEW), (2_000, MANY)] {
        let database = fresh().await;
        firms::settle(&database).await;
        database.run(sql).await;
        database.run(FILL).await;
        let store = Database::open(database.url(), 2).unwrap();
        let mut best = (u128::MAX, u128::MAX, 0);
        for _ in 0..10 {
            let mut scope = store.open_scope_for_operator(ALPINE.into(), noon()).await.unwrap();
            let start = Instant::now();
            let read = scope.snapshots(Whose::Firm, ZONE).await.unwrap();
            let loaded = start.elapsed().as_micros();
            let today = noon().date_naive();
            let until = today + chrono::TimeDelta::days(30);
            let found = read
                .iter()
                .map(|s| gaps(s, today, rules()).len() + turns_red(s, today, until, rules()).len());
            let found: usize = found.sum();
            best = best.min((start.elapsed().as_micros(), loaded, found));
            assert!(read.len() >= tenants);
        }
        println!("{tenants} tenants: {} µs in all, {} µs of it reading, {} gaps", best.0, best.1, best.2);
    }
}

const FEW: &str = "create table wanted as select generate_series(1, 40) as n";
const MANY: &str = "create table wanted as select generate_series(1, 2000) as n";
const FILL: &str = "
    insert into tenant (partner_id, id, name, customer_name, search)
        select 'aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), 't' || n, 'Customer ' || n, '' from wanted;
    insert into tenant_service (partner_id, tenant_id, service, entitlements, scenario)
        select partner_id, id, s.service, 305, 'ftc_ftp_led'
        from tenant, (values ('exchange'), ('teams'), ('sharepoint'), ('intune')) s (service) where name like 't%'
        on conflict do nothing;
    insert into entitlement (partner_id, id, tenant_id, service, l1, l2, entitlements, note)
        select partner_id, gen_random_uuid(), tenant_id, service, l1, '', n, 'A note'
        from tenant_service, (values ('in_progress', 100), ('blocked', 100), ('status_unknown', 105)) r (l1, n);
    insert into forecast (partner_id, tenant_id, service, submitted)
        select partner_id, tenant_id, service, '2026-01-01' from tenant_service;
    insert into forecast_target (partner_id, tenant_id, service, milestone, target)
        select partner_id, tenant_id, service, m, '2026-11-01' from forecast, (values ('15'), ('40')) x (m);
    insert into assignment (partner_id, id, tenant_id, role, holder, scope, is_primary)
        select partner_id, gen_random_uuid(), id, 'p_rm', 'Alpine Cloud Partners', 'tenant', true
        from tenant where name like 't%' on conflict do nothing;
    insert into assignment (partner_id, id, tenant_id, role, person_id, scope, is_primary)
        select partner_id, gen_random_uuid(), id, 'p_fm', 'aaaaaaaa-0000-4000-8000-0000000000a1', 'tenant', true
        from tenant where name like 't%' and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001' on conflict do nothing;
    analyze;";
