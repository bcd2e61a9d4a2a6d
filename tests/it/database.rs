//! The support for databases keeps its promises.
use sqlx::Row;

use crate::support::database;

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    let (one, other) = tokio::join!(database::fresh(), database::fresh());
    one.run("insert into partner (id, name, mpn_id) values (gen_random_uuid(), 'One', '1')").await;
    for (database, rows) in [(&one, 1), (&other, 0)] {
        let count = sqlx::query("select count(*) from partner").fetch_one(&database.owner()).await.unwrap();
        assert_eq!(count.get::<i64, _>(0), rows, "{}", database.url());
    }
}
