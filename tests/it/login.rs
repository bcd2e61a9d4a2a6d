//! With which login the program can run.

use tenantry::store::Database;

use crate::support::database::fresh;

/// P4: one that owns nothing starts on the present schema, and cannot change an older one.
#[tokio::test]
async fn sr_p4_a_login_that_owns_nothing_starts_on_the_present_schema() {
    let database = fresh().await;
    let join = if database.url().contains('?') { '&' } else { '?' };
    for role in ["tenantry_app", "tenantry_worker", "tenantry_import"] {
        let narrow = format!("{}{join}options[role]={role}", database.url());
        Database::migrate(&narrow).await.unwrap();
        database.run("update _sqlx_migrations set checksum = 'other' where version = 5").await;
        assert!(Database::migrate(&narrow).await.is_err(), "{role} took another schema for the present one");
        database.run("delete from _sqlx_migrations where version = 5").await;
        assert!(Database::migrate(&narrow).await.is_err(), "{role} changed the schema");
        Database::migrate(database.url()).await.unwrap();
    }
}
