//! Sends an answer at once, where that is allowed: an answer that nothing depends on need not wait for the
//! outbox. What cannot go now goes there.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::address::Address;
use crate::connector::budget::Budget;
use crate::connector::client::Connector;
use crate::connector::error::Verdict;
use crate::domain::time::Clock;
use crate::telemetry::METRICS;
use crate::turn::{Caller, Conductor, Errand};

/// An answer is acknowledged within two seconds (L3); a slow Connector must not hold that up.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Sends answers.
#[derive(Clone)]
pub struct Messenger {
    /// The wire.
    pub connector: Connector,
    /// How much each conversation takes (R5).
    pub budget: Budget,
    /// Where answers go that cannot be sent now.
    pub conductor: Conductor,
    /// The present instant.
    pub clock: Arc<dyn Clock>,
}

impl Messenger {
    /// Sends `activity` as the answer; hands it to the outbox when the conversation's budget is used up or
    /// the Connector does not take it now. Without a known caller there is no outbox to use.
    pub async fn answer(&self, to: &Address, caller: Option<Caller>, activity: Value) {
        if !self.may_send_now(to, caller) {
            return self.later(to, caller, activity).await;
        }
        let sent = self.reply(to, &activity);
        match tokio::time::timeout(PATIENCE, sent).await {
            Ok(true) => {}
            Ok(false) => self.later(to, caller, activity).await,
            // It may have arrived; sending it again could only repeat it.
            Err(_) => tracing::warn!(reason = "slow_connector", "an answer's fate is unknown"),
        }
    }

    /// Shows that an answer is being made.
    pub async fn typing(&self, to: &Address, caller: Option<Caller>) {
        if self.may_send_now(to, caller) {
            let typing = to.typing();
            let sent = self.connector.send(&to.service_url, &to.conversation, &typing);
            let _ = tokio::time::timeout(PATIENCE, sent).await;
        }
    }

    fn may_send_now(&self, to: &Address, caller: Option<Caller>) -> bool {
        let directory = caller.map(|caller| caller.directory).unwrap_or_default();
        let may = self.budget.try_take(directory, &to.conversation, self.clock.now()).is_ok();
        if !may {
            METRICS.throttled("budget");
        }
        may
    }

    /// False: not taken, and worth another try later.
    async fn reply(&self, to: &Address, activity: &Value) -> bool {
        let sent = match &to.activity {
            Some(id) => self.connector.reply(&to.service_url, &to.conversation, id, activity).await,
            None => self.connector.send(&to.service_url, &to.conversation, activity).await,
        };
        match sent {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(%error, "an answer was not taken");
                !matches!(error.verdict, Verdict::Retry { .. }) || error.may_have_arrived
            }
        }
    }

    async fn later(&self, to: &Address, caller: Option<Caller>, activity: Value) {
        let Some(caller) = caller else { return };
        let errand = errand(to, activity);
        if let Err(fault) = self.conductor.post(caller, &to.conversation(caller), &errand).await {
            tracing::error!(
                fault = fault.reason(),
                "an answer is lost: neither the Connector nor the database took it"
            );
        }
    }
}

/// The errand that answers at `to`.
pub fn errand(to: &Address, activity: Value) -> Errand {
    match &to.activity {
        Some(id) => Errand::Reply { activity_id: id.clone(), activity },
        None => Errand::Send { activity },
    }
}
