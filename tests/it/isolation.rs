//! One firm never sees, guesses or changes another's data: what the database alone guarantees (P3, P4, P9).
//! What the program guarantees alone is in `matrix`.

use sqlx::{AssertSqlSafe, PgConnection};
use tenantry::domain::id::Id;
use tenantry::store::Database;
use tenantry::store::database::{Role, pool};
use tenantry::store::scope::{Caller, Opened, PartnerScope};

use crate::support::database::{TestDatabase, fresh};
use crate::support::firms::{self, ALPINE, ANN, BOB, Somebody, noon};

async fn world() -> TestDatabase {
    let database = fresh().await;
    firms::settle(&database).await;
    database
}

/// A connection that acts as `role`, in the scope of `somebody`'s firm if given.
async fn connect(database: &TestDatabase, role: Role, somebody: Option<Somebody>) -> PgConnection {
    let mut connection = pool(database.url(), role, 1).unwrap().acquire().await.unwrap().detach();
    sqlx::query("begin").execute(&mut connection).await.unwrap();
    if let Some(who) = somebody {
        sqlx::query("select open_scope($1, $2)")
            .bind(who.directory)
            .bind(who.object)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    connection
}

async fn partner_tables(database: &TestDatabase) -> Vec<String> {
    sqlx::query_scalar(
        "select table_name::text from information_schema.columns
         where table_schema = 'public' and column_name = 'partner_id' and table_name <> 'directory' order by 1",
    )
    .fetch_all(&database.owner())
    .await
    .unwrap()
}

async fn count(connection: &mut PgConnection, table: &str, condition: &str) -> Result<i64, sqlx::Error> {
    let statement = format!("select count(*) from {table} where {condition}");
    sqlx::query("savepoint before").execute(&mut *connection).await?;
    let counted = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut *connection).await;
    sqlx::query("rollback to before").execute(&mut *connection).await?;
    counted
}

#[tokio::test]
async fn sr_p3_row_level_security_is_forced_on_every_table_of_a_firm() {
    let database = world().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'partner_id'
         where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'directory'
             and not (c.relrowsecurity and c.relforcerowsecurity and a.attnotnull)",
    )
    .fetch_all(&database.owner())
    .await
    .unwrap();
    assert_eq!(open, Vec::<String>::new());
    assert!(partner_tables(&database).await.len() >= 12);
}

#[tokio::test]
async fn sr_p3_without_a_scope_no_role_of_the_program_reads_a_firms_row() {
    let database = world().await;
    for role in [Role::App, Role::Import] {
        let mut connection = connect(&database, role, None).await;
        for table in partner_tables(&database).await {
            assert!(count(&mut connection, &table, "true").await.is_err(), "{role:?} {table}");
        }
    }
}

#[tokio::test]
async fn sr_p3_a_statement_that_forgets_the_firm_finds_only_its_own_rows() {
    let database = world().await;
    let mut own = 0;
    for (somebody, foreign) in [
        (ANN, "partner_id <> 'aaaaaaaa-0000-4000-8000-000000000001'"),
        (BOB, "partner_id <> 'bbbbbbbb-0000-4000-8000-000000000001'"),
    ] {
        let mut connection = connect(&database, Role::App, Some(somebody)).await;
        for table in partner_tables(&database).await {
            if let Ok(found) = count(&mut connection, &table, foreign).await {
                assert_eq!(found, 0, "{table}");
                own += count(&mut connection, &table, "true").await.unwrap();
            }
        }
    }
    assert!(own > 20, "the firms see their own rows, or this test proves nothing");
}

#[tokio::test]
async fn sr_p3_a_row_cannot_be_written_into_another_firm() {
    let database = world().await;
    let mut connection = connect(&database, Role::App, Some(ANN)).await;
    let into_boreal = sqlx::query(
        "insert into receipt (partner_id, key, turn_id) values ('bbbbbbbb-0000-4000-8000-000000000001', 'x', gen_random_uuid())",
    )
    .execute(&mut connection)
    .await;
    assert!(into_boreal.unwrap_err().to_string().contains("row-level security"));
    let mut connection = connect(&database, Role::App, Some(ANN)).await;
    let everywhere =
        sqlx::query("update tenant set overall_status = 'paused'").execute(&mut connection).await.unwrap();
    assert_eq!(everywhere.rows_affected(), 4, "Alpine's tenants and no others");
}

#[tokio::test]
async fn sr_p4_the_programs_roles_own_nothing_and_cannot_rewrite_the_audit_log() {
    let database = world().await;
    let owned: i64 = sqlx::query_scalar(
        "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname like 'tenantry\\_%'",
    )
    .fetch_one(&database.owner())
    .await
    .unwrap();
    let bypass: i64 = sqlx::query_scalar(
        "select count(*) from pg_roles where rolname in ('tenantry_app', 'tenantry_worker', 'tenantry_import') and (rolbypassrls or rolsuper or rolcreaterole)",
    )
    .fetch_one(&database.owner())
    .await
    .unwrap();
    assert_eq!((owned, bypass), (0, 0));
    for statement in [
        "update audit set act = ''",
        "delete from audit",
        "truncate audit",
        "drop table audit",
        "create table x ()",
    ] {
        let mut connection = connect(&database, Role::App, Some(ANN)).await;
        assert!(sqlx::query(statement).execute(&mut connection).await.is_err(), "{statement}");
    }
    let by_accident = sqlx::query("update audit set act = ''").execute(&database.owner()).await;
    assert!(by_accident.unwrap_err().to_string().contains("append-only"), "not even the owner, by accident");
}

#[tokio::test]
async fn sr_p4_the_worker_sees_the_queue_and_the_addresses_only() {
    let database = world().await;
    let mut connection = connect(&database, Role::Worker, None).await;
    let mut seen = Vec::new();
    for table in partner_tables(&database).await {
        if count(&mut connection, &table, "true").await.is_ok() {
            seen.push(table);
        }
    }
    assert_eq!(
        seen,
        [
            "confirmation",
            "conversation",
            "gap_sweep",
            "outbox",
            "privacy_export",
            "privacy_request",
            "receipt",
            "subscription",
            "suggestion",
            "suggestion_lore",
        ]
    );
    let asked = sqlx::query("select fields from confirmation").execute(&mut connection).await;
    assert!(asked.is_err(), "of a confirmation it sees when it expires, and nothing else");
    for words in [
        "select subject from privacy_request",
        "select content from privacy_export",
        "select note from suggestion",
        "select weights from suggestion_lore",
        "select tenants from gap_sweep",
        "select name from partner",
    ] {
        let mut connection = connect(&database, Role::Worker, None).await;
        assert!(sqlx::query(words).execute(&mut connection).await.is_err(), "{words}");
    }
}

async fn scope(database: &Database, who: Somebody) -> PartnerScope {
    let now = noon();
    let caller = Caller { directory: who.directory, object: who.object };
    match database.open_scope(caller, now, Id::new(now)).await.unwrap() {
        Opened::Firm(scope, Some(_)) => scope,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn sr_p3_a_pooled_connection_keeps_no_scope_after_commit_error_or_cancel() {
    let database = world().await;
    let store = Database::open(database.url(), 1).unwrap();
    scope(&store, ANN).await.commit().await.unwrap();
    drop(scope(&store, ANN).await);
    let cancelled = tokio::time::timeout(std::time::Duration::from_millis(1), async {
        let mut held = scope(&store, ANN).await;
        held.claim("x").await.unwrap();
        std::future::pending::<()>().await;
    });
    assert!(cancelled.await.is_err());
    // The one connection of the pool: whoever comes next must find no firm in it.
    let stranger = Caller { directory: uuid::Uuid::nil(), object: ANN.object };
    assert!(matches!(store.open_scope(stranger, noon(), Id::new(noon())).await.unwrap(), Opened::NoFirm));
    let mut after = scope(&store, BOB).await;
    assert_ne!(after.partner.uuid(), ALPINE);
    assert!(matches!(after.claim("x").await.unwrap(), tenantry::store::receipt::Claim::First));
}
