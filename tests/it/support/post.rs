//! A firm that owes messages, a Teams to send them to, and a clock to move.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgPool;
use tenantry::domain::id::Id;
use tenantry::domain::time::Clock as _;
use tenantry::jobs::runner::{Settings, Worker};
use tenantry::store::Database;
use tenantry::store::conversation::Conversation;
use tenantry::store::outbox::{Errand, Outbox};
use tenantry::store::scope::{Caller, Opened, PartnerScope};
use uuid::Uuid;

use super::clock::TestClock;
use super::database::{TestDatabase, fresh};
use super::firms::{self, ANN, Somebody, noon};
use super::teams::Teams;

pub struct Post {
    pub teams: Teams,
    pub clock: TestClock,
    pub database: Database,
    pub outbox: Outbox,
    pub owner: PgPool,
    // Last, so that it is dropped when nobody is connected any more.
    pub test: TestDatabase,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub sent_at: Option<DateTime<Utc>>,
    pub sent_activity_id: Option<String>,
    pub dead_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    pub attempts: i32,
    pub maybe_repeated: bool,
    pub fence: i64,
    pub not_before: DateTime<Utc>,
    pub leased_until: Option<DateTime<Utc>>,
}

/// A new message of these words.
pub fn words(text: &str) -> Errand {
    Errand::Send { activity: json!({"type": "message", "text": text}) }
}

impl Post {
    /// At noon of the firms' day.
    pub async fn open() -> Self {
        Self::open_at(noon()).await
    }

    pub async fn open_at(now: DateTime<Utc>) -> Self {
        let test = fresh().await;
        firms::settle(&test).await;
        let database = Database::open(test.url(), 8).unwrap();
        let outbox = Outbox::new(database.worker().clone());
        let (teams, clock, owner) = (Teams::start().await, TestClock::at(now), test.owner());
        Self { teams, clock, database, outbox, owner, test }
    }

    /// A worker that looks at the test's clock and shares no budget with others.
    pub fn worker(&self) -> Worker {
        let settings = Settings { poll: Duration::from_mins(1), ..Settings::new(self.teams.origins()) };
        let connector = self.teams.connector(Arc::new(self.clock.clone()));
        Worker::new(self.outbox.clone(), connector, Arc::new(self.clock.clone()), settings)
    }

    pub async fn scope(&self, who: Somebody) -> PartnerScope {
        let caller = Caller { directory: who.directory, object: who.object };
        let now = self.clock.now();
        match self.database.open_scope(caller, now, Id::new(now)).await.unwrap() {
            Opened::Firm(scope, _) => scope,
            Opened::NoFirm => panic!("no firm"),
        }
    }

    /// `who` speaks in `conversation`.
    pub async fn hear(&self, who: Somebody, conversation: &str) {
        let mut scope = self.scope(who).await;
        scope.remember_conversation(&self.conversation(who, conversation)).await.unwrap();
        scope.commit().await.unwrap();
    }

    pub fn conversation(&self, who: Somebody, conversation: &str) -> Conversation {
        Conversation {
            id: conversation.to_owned(),
            kind: "personal",
            service_url: self.teams.service_url(),
            directory: who.directory,
            bot_id: "28:bot".to_owned(),
            user_id: Some("29:someone".to_owned()),
            object: Some(who.object),
            team_id: None,
            zone: None,
        }
    }

    /// A turn in Alpine that owes these messages in `conversation`.
    pub async fn owe(&self, conversation: &str, errands: &[Errand]) {
        self.hear(ANN, conversation).await;
        self.owe_unheard(conversation, errands).await;
    }

    /// The same without having been spoken to there now.
    pub async fn owe_unheard(&self, conversation: &str, errands: &[Errand]) {
        let mut scope = self.scope(ANN).await;
        for errand in errands {
            assert!(scope.owe(conversation, errand, None).await.unwrap());
        }
        scope.commit().await.unwrap();
    }

    /// The rows of a conversation in their order.
    pub async fn rows(&self, conversation: &str) -> Vec<Row> {
        sqlx::query_as(
            "select id, sent_at, sent_activity_id, dead_at, reason, attempts, maybe_repeated, fence, not_before,
                 leased_until
             from outbox where conversation_id = $1 order by place",
        )
        .bind(conversation)
        .fetch_all(&self.owner)
        .await
        .unwrap()
    }

    pub async fn row(&self, conversation: &str) -> Row {
        let [row] = self.rows(conversation).await.try_into().unwrap();
        row
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.pass(TimeDelta::seconds(seconds));
    }
}
