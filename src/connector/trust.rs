//! Whom we believe: tokens of the channel, and the bodies that they may stand for (A2 to A14).
//!
//! Begin with [`Rules`], which is pure; [`Trust`] adds the keys, which must be fetched.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Client;
use tokio_util::sync::CancellationToken;

use super::key_cache::KeyCache;
use super::refusal::Refusal;
use super::service_url::{ServiceOrigins, ServiceUrl};
use super::token::{Expected, Token, VerifiedToken};
use crate::protocol::activity::Activity;

/// Whom to believe.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The channel's token issuer (A6), `https://api.botframework.com`.
    pub issuer: String,
    /// Our app id (A6).
    pub app_id: String,
    /// Channels that may call (A8), `msteams` or more.
    pub channels: Vec<String>,
    /// Where answers may go (A10, N1).
    pub origins: ServiceOrigins,
}

/// Checks requests of the channel. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Trust {
    rules: Arc<Rules>,
    keys: KeyCache,
}

/// Proof that an activity came from a channel that we trust, and where answers to it go (A14).
///
/// Only the verifier, and the gate of the local demo, can make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelIdentity {
    service_url: ServiceUrl,
    channel: String,
}

/// Why nobody could ever be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// An empty issuer, app id or channel would be equal to an empty one of the caller.
    #[error("issuer, app id and channels must not be empty")]
    Empty,
    /// Keys come over https, or from this machine.
    #[error("the metadata address must be https")]
    Metadata,
}

impl ChannelIdentity {
    /// Where answers go.
    pub fn service_url(&self) -> &ServiceUrl {
        &self.service_url
    }

    /// The channel, without the part after a colon.
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// For the local demo, whose channel sends no token (A11).
    pub(crate) fn of_demo(service_url: ServiceUrl, channel: &str) -> Self {
        Self { service_url, channel: channel.to_owned() }
    }
}

impl Rules {
    /// Whom a token must come from and be for.
    pub fn expected(&self) -> Expected<'_> {
        Expected { issuer: &self.issuer, app_id: &self.app_id }
    }

    /// Whether `token` may stand for `activity` (A8, A9, A10).
    ///
    /// # Errors
    /// The first check that fails.
    pub fn vouch(&self, token: &VerifiedToken, activity: &Activity) -> Result<ChannelIdentity, Refusal> {
        let channel = activity.base_channel();
        if !self.channels.iter().any(|known| known == channel) {
            return Err(Refusal::Channel);
        }
        if !token.key.endorses(channel) {
            return Err(Refusal::Endorsement);
        }
        let named =
            |url: &Option<String>| url.clone().filter(|url| !url.is_empty()).ok_or(Refusal::NoServiceUrl);
        let (claimed, written) = (named(&token.service_url)?, named(&activity.service_url)?);
        let allowed = |url: &str| self.origins.check(url).map_err(|_| Refusal::ServiceUrl);
        let service_url = allowed(&written)?;
        // Equal but for one slash at the end: the two are written by different parts of Teams.
        if claimed != written && !allowed(&claimed)?.is_same(&service_url) {
            return Err(Refusal::TwoServiceUrls);
        }
        Ok(ChannelIdentity { service_url, channel: channel.to_owned() })
    }
}

impl Trust {
    /// Trust by `rules`, with keys by way of `metadata`. `client` must follow no redirects.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn new(rules: Rules, metadata: &str, client: Client) -> Result<Self, TrustError> {
        let named = [&rules.issuer, &rules.app_id].into_iter().chain(&rules.channels);
        if rules.channels.is_empty() || named.into_iter().any(String::is_empty) {
            return Err(TrustError::Empty);
        }
        let keys = KeyCache::new(metadata, &rules.issuer, client).ok_or(TrustError::Metadata)?;
        Ok(Self { rules: Arc::new(rules), keys })
    }

    /// Checks a token (A4 to A7); fetches keys when it names one that we do not know.
    ///
    /// # Errors
    /// The first check that fails.
    pub async fn verify(&self, token: &Token<'_>, now: DateTime<Utc>) -> Result<VerifiedToken, Refusal> {
        let key = self.keys.key(token.key_id(), now).await?;
        token.verify(&key, self.rules.expected(), now)
    }

    /// See [`Rules::vouch`].
    ///
    /// # Errors
    /// The first check that fails.
    pub fn vouch(&self, token: &VerifiedToken, activity: &Activity) -> Result<ChannelIdentity, Refusal> {
        self.rules.vouch(token, activity)
    }

    /// Whether tokens can be checked at all (A13): part of readiness.
    pub fn is_ready(&self, now: DateTime<Utc>) -> bool {
        self.keys.is_ready(now)
    }

    /// Fetches the keys if they are absent or due (A13).
    pub async fn refresh_if_due(&self, now: DateTime<Utc>) {
        self.keys.refresh_if_due(now).await;
    }

    /// Fetches the keys now and whenever they are due, until `stop` (A13).
    pub async fn keep_fresh(&self, clock: impl Fn() -> DateTime<Utc> + Send, stop: CancellationToken) {
        while !stop.is_cancelled() {
            stop.run_until_cancelled(self.refresh_if_due(clock())).await;
            stop.run_until_cancelled(tokio::time::sleep(Duration::from_secs(5))).await;
        }
    }
}
