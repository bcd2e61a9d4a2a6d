//! Many people edit the same thing at the same time, over two running programs on one database: each version has
//! one winner, everybody else is told, and nothing is lost (C1, C2).

use std::time::Duration;

use chrono::{Days, Utc};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::bot::Shown;
use crate::support::database::{TestDatabase, fresh};
use crate::support::firms::{self, ALPINE_DIRECTORY, CONTOSO};
use crate::support::replica::{Program, Surroundings};
use crate::support::tokens::{APP_ID, Authority, KEY_ID, SIGNER, client};

/// Forms that are open at once.
const EDITORS: u128 = 64;
/// Whose they are: nobody is kept from editing by the limit of requests for one person (L4).
const PEOPLE: u128 = 8;
/// How often everybody who has not won presses Save.
const ROUNDS: usize = 4;
/// Where nobody listens: an invoke is answered in its own call.
const NOWHERE: &str = "http://127.0.0.1:9/";

/// One open form: who has it, at which program, and the date that they want.
#[derive(Clone)]
struct Editor {
    number: u128,
    at: String,
    date: String,
    form: Value,
}

impl Editor {
    fn new(number: u128, programs: &[Program; 2]) -> Self {
        let days = Days::new(200 + u64::try_from(number).unwrap());
        Self {
            number,
            at: programs[usize::from(number % 2 == 1)].address.clone(),
            date: (Utc::now().date_naive() + days).to_string(),
            form: Value::Null,
        }
    }

    async fn execute(&self, verb: &str, data: Value) -> Shown {
        let person = person(self.number % PEOPLE);
        let activity = json!({
            "type": "invoke", "name": "adaptiveCard/action", "id": Uuid::new_v4(), "channelId": "msteams",
            "serviceUrl": NOWHERE, "localTimezone": "Europe/Berlin",
            "from": { "id": format!("29:{person}"), "aadObjectId": person },
            "recipient": { "id": format!("28:{APP_ID}") },
            "conversation": { "id": format!("a:{}", self.number), "conversationType": "personal", "tenantId": ALPINE_DIRECTORY },
            "channelData": { "tenant": { "id": ALPINE_DIRECTORY } },
            "value": { "action": { "type": "Action.Execute", "verb": verb, "data": data }, "trigger": "manual" },
        });
        for _ in 0..100 {
            if let Some(card) = self.post(&activity).await {
                return card;
            }
            // A busy machine: whoever gets no answer sends the same again, which counts once (R1).
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        panic!("{} is never answered", self.number);
    }

    async fn post(&self, activity: &Value) -> Option<Shown> {
        let request = client()
            .post(format!("{}/api/messages", self.at))
            .bearer_auth(SIGNER.token(NOWHERE, Utc::now()))
            .json(activity)
            .timeout(Duration::from_secs(20));
        let body: Value = request.send().await.ok()?.json().await.ok()?;
        let card = Shown(body["value"].clone());
        (body["type"] == "application/vnd.microsoft.card.adaptive" && !card.says("a lot at once"))
            .then_some(card)
    }

    async fn open(mut self) -> Self {
        let form = self.execute("forecast.open", json!({ "tenant": CONTOSO, "service": "exchange" })).await;
        self.form = form.button("forecast.save");
        self
    }

    /// Presses Save. `None`: won. Otherwise the form has come back with the new version.
    async fn save(mut self) -> Option<Self> {
        let mut data = self.form.clone();
        data["submitted"] = json!("2026-01-05");
        data["target_max"] = json!(self.date);
        let answer = self.execute("forecast.save", data).await;
        if answer.offers("undo") {
            return None;
        }
        assert!(answer.says("somebody was faster"), "{}", answer.words());
        assert_eq!(answer.input("target_max"), self.date, "what was typed is kept");
        self.form = answer.button("forecast.save");
        Some(self)
    }
}

fn person(number: u128) -> Uuid {
    Uuid::from_u128(0xaaaa_aaaa_0000_4000_8000_0000_0000_1000 + number)
}

/// More people of the firm, all of them assigned to Contoso.
async fn hire(database: &TestDatabase) {
    let owner = database.owner();
    for number in 0..PEOPLE {
        sqlx::query(
            "with hired as (
                 insert into person (partner_id, id, directory_id, object_id, upn, name)
                 select partner_id, $1, id, $1, $2, $2 from directory where id = $3
                 returning partner_id, id)
             insert into assignment (partner_id, id, tenant_id, role, person_id, scope)
             select partner_id, gen_random_uuid(), $4, 'p_fe', id, 'tenant' from hired",
        )
        .bind(person(number))
        .bind(format!("editor {number}"))
        .bind(ALPINE_DIRECTORY)
        .bind(CONTOSO)
        .execute(&owner)
        .await
        .unwrap();
    }
}

async fn all<T: Send + 'static>(
    work: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    work.into_iter().collect::<JoinSet<T>>().join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn sr_c1_of_sixty_four_editors_at_two_programs_one_wins_each_version() {
    let database = fresh().await;
    firms::settle(&database).await;
    hire(&database).await;
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    let surroundings = Surroundings::new(database.url(), &authority, NOWHERE.trim_end_matches('/'));
    let programs = [Program::start(&surroundings).await, Program::start(&surroundings).await];

    let mut editors = all((0..EDITORS).map(|number| Editor::new(number, &programs).open())).await;
    for round in 1..=ROUNDS {
        editors = all(editors.into_iter().map(Editor::save)).await.into_iter().flatten().collect();
        assert_eq!(editors.len(), usize::try_from(EDITORS).unwrap() - round, "one winner in round {round}");
        // The firm's own limit refills (L4).
        tokio::time::sleep(Duration::from_millis(700)).await;
    }

    let owner = database.owner();
    let version: i64 =
        sqlx::query_scalar("select row_version from forecast").fetch_one(&owner).await.unwrap();
    assert_eq!(version, i64::try_from(ROUNDS).unwrap());
    let chain: Vec<(Option<String>, Option<String>)> = sqlx::query_as(
        "select before ->> 'target', after ->> 'target' from row_change where kind = 'forecast_target' order by place",
    )
    .fetch_all(&owner)
    .await
    .unwrap();
    assert_eq!(chain.len(), ROUNDS);
    assert_eq!(chain[0].0, None);
    for pair in chain.windows(2) {
        assert_eq!(pair[0].1, pair[1].0, "every edit began where the one before it ended");
    }
}
