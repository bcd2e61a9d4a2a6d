//! Keeps the channel's keys: fetched from fixed addresses, renewed daily, used stale for days (A4, A13).

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Client, Url};
use serde::Deserialize;
use tokio::sync::{Mutex, Semaphore};
use tokio_util::task::TaskTracker;

use super::keys::{Key, KeySet};
use super::refusal::Refusal;

/// Age at which keys are renewed in the background (A13).
pub const FRESH: TimeDelta = TimeDelta::hours(24);
/// Age at which keys are no longer used (A13).
pub const STALE: TimeDelta = TimeDelta::days(5);
/// Least time between two fetches because of an unknown key (A4).
pub const AGAIN: TimeDelta = TimeDelta::seconds(60);
/// Bytes that each document may have (A13).
pub const LARGEST: usize = 64 * 1024;
/// Time that each fetch may take (A13).
const PATIENCE: Duration = Duration::from_secs(5);
/// Requests that may wait for one fetch; beyond that an unknown key is refused at once.
const WAITING: usize = 32;

/// The channel's keys and where they come from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct KeyCache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    metadata: Url,
    issuer: String,
    kept: RwLock<Option<Kept>>,
    attempts: Mutex<Attempts>,
    seats: Semaphore,
    tasks: TaskTracker,
}

#[derive(Debug)]
struct Kept {
    keys: Arc<KeySet>,
    since: DateTime<Utc>,
}

#[derive(Debug, Default)]
struct Attempts {
    last: Option<DateTime<Utc>>,
    failed: u32,
}

/// Why keys could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No answer, or not in time.
    #[error("no answer")]
    Transport,
    /// Another status than 200, or an answer from elsewhere.
    #[error("refused")]
    Status,
    /// More than [`LARGEST`].
    #[error("too large")]
    TooLarge,
    /// The metadata is of another issuer, or names none.
    #[error("another issuer")]
    Issuer,
    /// The metadata names keys that are not at the same https host.
    #[error("keys at another place")]
    Place,
    /// Not one usable key.
    #[error("no usable key")]
    NoKeys,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl KeyCache {
    /// An empty cache. `client` must follow no redirects.
    ///
    /// None: `metadata` is no https address, nor http on this machine.
    pub fn new(metadata: &str, issuer: &str, client: Client) -> Option<Self> {
        let metadata = Url::parse(metadata).ok().filter(is_safe)?;
        Some(Self(Arc::new(Inner {
            client,
            metadata,
            issuer: issuer.to_owned(),
            kept: RwLock::default(),
            attempts: Mutex::default(),
            seats: Semaphore::new(WAITING),
            tasks: TaskTracker::new(),
        })))
    }

    /// The key called `name`. A known one is never waited for; for an unknown one all that ask share one fetch,
    /// at most one in [`AGAIN`] (A4).
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`], or [`Refusal::NoKeys`] when we hold none that may still be used (A13).
    pub async fn key(&self, name: &str, now: DateTime<Utc>) -> Result<Arc<Key>, Refusal> {
        if let Some(key) = self.usable(now).and_then(|keys| keys.get(name).cloned()) {
            return Ok(key);
        }
        if let Ok(_seat) = self.0.seats.try_acquire() {
            let cache = self.clone();
            // On its own, so that whoever asks and hangs up does not cut short what others wait for.
            let fetch = self.0.tasks.spawn(async move { cache.renew(now, AGAIN).await });
            drop(fetch.await);
        }
        let keys = self.usable(now).ok_or(Refusal::NoKeys)?;
        keys.get(name).cloned().ok_or(Refusal::UnknownKey)
    }

    /// Fetches the keys once, and keeps nothing: for whoever wants to know why it fails.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn fetch(&self) -> Result<KeySet, FetchError> {
        self.0.fetch().await
    }

    /// Whether there are keys that may be used (A13).
    pub fn is_ready(&self, now: DateTime<Utc>) -> bool {
        self.usable(now).is_some()
    }

    /// Renews keys that are absent or older than [`FRESH`]; after failures in growing pauses from 5 s to 10 min.
    pub async fn refresh_if_due(&self, now: DateTime<Utc>) {
        let fresh = self.read(|kept| kept.as_ref().is_some_and(|kept| now - kept.since < FRESH));
        if !fresh {
            let failed = self.0.attempts.lock().await.failed;
            self.renew(now, TimeDelta::seconds(600.min(5_i64 << failed.min(7)))).await;
        }
    }

    /// Fetches, unless the last attempt was less than `pause` ago. One at a time.
    async fn renew(&self, now: DateTime<Utc>, pause: TimeDelta) {
        let mut attempts = self.0.attempts.lock().await;
        if attempts.last.is_some_and(|last| now - last < pause) {
            return;
        }
        attempts.last = Some(now);
        match self.0.fetch().await {
            Ok(keys) => {
                tracing::info!(keys = keys.count(), "channel keys fetched");
                attempts.failed = 0;
                let kept = Kept { keys: Arc::new(keys), since: now };
                *self.0.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
            }
            Err(reason) => {
                attempts.failed = attempts.failed.saturating_add(1);
                tracing::warn!(%reason, failed = attempts.failed, "channel keys not fetched");
            }
        }
    }

    fn usable(&self, now: DateTime<Utc>) -> Option<Arc<KeySet>> {
        let usable = |kept: &Kept| (now - kept.since < STALE).then(|| Arc::clone(&kept.keys));
        self.read(|kept| kept.as_ref().and_then(usable))
    }

    fn read<T>(&self, of: impl FnOnce(&Option<Kept>) -> T) -> T {
        of(&self.0.kept.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// Metadata, then the keys that it names (A13).
    async fn fetch(&self) -> Result<KeySet, FetchError> {
        let metadata = self.document(&self.metadata).await?;
        let metadata: Metadata = serde_json::from_slice(&metadata).map_err(|_| FetchError::Issuer)?;
        if metadata.issuer != self.issuer {
            return Err(FetchError::Issuer);
        }
        let keys =
            self.document(&place(&self.metadata, &metadata.jwks_uri).ok_or(FetchError::Place)?).await?;
        KeySet::read(&keys).ok_or(FetchError::NoKeys)
    }

    async fn document(&self, url: &Url) -> Result<Vec<u8>, FetchError> {
        let read = async {
            let sent = self.client.get(url.clone()).send().await;
            let mut response = sent.map_err(|_| FetchError::Transport)?;
            if response.status() != 200 || response.url() != url {
                return Err(FetchError::Status);
            }
            let mut document = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(|_| FetchError::Transport)? {
                if document.len() + chunk.len() > LARGEST {
                    return Err(FetchError::TooLarge);
                }
                document.extend_from_slice(&chunk);
            }
            Ok(document)
        };
        tokio::time::timeout(PATIENCE, read).await.unwrap_or(Err(FetchError::Transport))
    }
}

/// Encrypted, or not leaving this machine.
fn is_safe(url: &Url) -> bool {
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

/// The address of the keys, if it is at the host of the metadata and as well protected.
fn place(metadata: &Url, keys: &str) -> Option<Url> {
    let keys = Url::parse(keys).ok()?;
    (keys.host_str() == metadata.host_str() && keys.scheme() == metadata.scheme()).then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr_a13_keys_are_where_the_metadata_is() {
        let metadata =
            Url::parse("https://login.botframework.com/v1/.well-known/openidconfiguration").unwrap();
        assert!(place(&metadata, "https://login.botframework.com/v1/.well-known/keys").is_some());
        for other in [
            "http://login.botframework.com/v1/.well-known/keys",
            "https://login.botframework.com.evil.example/keys",
            "https://login.botframework.com@evil.example/keys",
            "https://keys.login.botframework.com/keys",
            "https://127.0.0.1/keys",
            "file:///etc/passwd",
            "/v1/.well-known/keys",
        ] {
            assert_eq!(place(&metadata, other), None, "{other}");
        }
    }
}
