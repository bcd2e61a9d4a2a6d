//! G1: no column with words in it is forgotten.

use std::collections::BTreeSet;

use tenantry::domain::personal::{COLUMNS, Holds};

use crate::support::database::fresh;

#[tokio::test]
async fn sr_g1_every_column_that_holds_words_is_in_the_list() {
    let database = fresh().await;
    let schema: Vec<(String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text
         from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> '_sqlx_migrations'
             and data_type in ('text', 'character varying', 'character', 'name', 'jsonb', 'json', 'xml', 'ARRAY', 'USER-DEFINED')",
    )
    .fetch_all(&database.owner())
    .await
    .unwrap();
    let schema: BTreeSet<(&str, &str)> = schema.iter().map(|(t, c)| (t.as_str(), c.as_str())).collect();
    let listed: BTreeSet<(&str, &str)> = COLUMNS.iter().map(|c| (c.table, c.name)).collect();
    assert_eq!(listed.len(), COLUMNS.len(), "a column stands there once");
    let forgotten: Vec<_> = schema.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&schema).collect();
    assert!(
        forgotten.is_empty() && gone.is_empty(),
        "domain::personal::COLUMNS lacks {forgotten:?}, has {gone:?} too many"
    );
}

#[tokio::test]
async fn sr_g1_the_database_works_by_the_same_list() {
    let database = fresh().await;
    let works_by: Vec<(String, String, String, bool)> =
        sqlx::query_as("select kind, field, erasure, exported from personal_columns()")
            .fetch_all(&database.owner())
            .await
            .unwrap();
    let listed: BTreeSet<(String, String, String, bool)> = COLUMNS
        .iter()
        .filter_map(|column| match column.holds {
            Holds::Nothing => None,
            Holds::Person { erasure, exported } => {
                Some((column.table.to_owned(), column.name.to_owned(), erasure.code().to_owned(), exported))
            }
        })
        .collect();
    assert_eq!(works_by.into_iter().collect::<BTreeSet<_>>(), listed);
}
