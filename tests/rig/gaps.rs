//! How long it takes to say what is missing: to one person, and every night of every firm. Measured only.

use std::time::Duration;

use chrono::Utc;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{figure, median_and_longest, portfolio, say, until};
use crate::support::database::{TestDatabase, fresh};
use crate::support::replica::{Program, Surroundings};
use crate::support::teams::Teams;
use crate::support::tokens::{APP_ID, Authority, KEY_ID, SIGNER, client};

/// A program beside a database with so many firms of so many tenants each.
struct Rig {
    program: Program,
    teams: Teams,
    database: TestDatabase,
    _authority: Authority,
}

impl Rig {
    async fn start(firms: usize, tenants: usize) -> Self {
        let (database, teams) = (fresh().await, Teams::start().await);
        portfolio(database.url(), firms, tenants).await;
        let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
        let program = Program::start(&Surroundings::with_teams(database.url(), &authority, &teams)).await;
        Self { program, teams, database, _authority: authority }
    }

    /// The person of the first firm presses a button that shows the gaps.
    async fn gaps(&self) -> (Duration, Value) {
        let query = sqlx::query_scalar("select md5('person-1')::uuid");
        let person: Uuid = query.fetch_one(&self.database.owner()).await.unwrap();
        let url = self.teams.service_url();
        let action =
            json!({ "type": "Action.Execute", "verb": "gap.list", "data": { "filter": "", "page": 1 } });
        let activity = json!({
            "type": "invoke", "name": "adaptiveCard/action", "id": Uuid::new_v4(), "channelId": "msteams",
            "serviceUrl": url, "localTimezone": "Europe/Berlin",
            "from": { "id": format!("29:{person}"), "aadObjectId": person },
            "recipient": { "id": format!("28:{APP_ID}") },
            "conversation": { "id": "a:1", "conversationType": "personal", "tenantId": person },
            "channelData": { "tenant": { "id": person } },
            "value": { "action": action, "trigger": "manual" },
        });
        let request = client()
            .post(format!("{}/api/messages", self.program.address))
            .bearer_auth(SIGNER.token(&url, Utc::now()))
            .json(&activity);
        let begun = Instant::now();
        let answer = request.send().await.unwrap().json().await.unwrap();
        (begun.elapsed(), answer)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn the_gaps_of_one_person() {
    for tenants in [40, 2_000] {
        let rig = Rig::start(1, tenants).await;
        let mut times = Vec::new();
        for _ in 0..20 {
            let (took, answer) = rig.gaps().await;
            assert_eq!(answer["type"], "application/vnd.microsoft.card.adaptive", "{answer}");
            times.push(took);
            sleep(Duration::from_millis(100)).await;
        }
        let took = median_and_longest(&mut times);
        say(&format!("gaps of {tenants} tenants with {} services, as a card: {took}", 4 * tenants));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; by day only"]
async fn the_nightly_sweep() {
    let (firms, tenants) = (figure("RIG_FIRMS", 200), figure("RIG_TENANTS", 250));
    let rig = Rig::start(firms, tenants).await;
    let before = rig.program.memory("VmRSS");
    let owner = rig.database.owner();
    let counted = async || -> i64 {
        sqlx::query_scalar("select count(*) from gap_sweep").fetch_one(&owner).await.unwrap()
    };
    let all = i64::try_from(firms).unwrap();
    until("the first firm is counted", Duration::from_mins(5), async || counted().await > 0).await;
    let took =
        until("the last firm is counted", Duration::from_mins(20), async || counted().await == all).await;
    say(&format!(
        "{firms} firms with {} tenants counted within {:.1} s; memory {} MiB before, {} MiB at most",
        firms * tenants,
        took.as_secs_f64(),
        before / 1024,
        rig.program.memory("VmHWM") / 1024
    ));
}
