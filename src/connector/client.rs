//! The Connector's REST interface (TEAMS-PROTOCOL 2.2). The only place that attaches the bot's token (N2).

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::credential::{Credential, Token};
use super::error::SendError;
use super::https;
use super::service_url::ServiceUrl;
use crate::domain::time::Clock;
use crate::telemetry::METRICS;

/// Speaks to the channel, and to nobody else: every call takes a [`ServiceUrl`], which is on the allow-list (N1).
#[derive(Clone)]
pub struct Connector(Arc<Inner>);

struct Inner {
    http: Client,
    credential: Credential,
    clock: Arc<dyn Clock>,
}

/// The channel took it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// The id of the message. The channel leaves it out at times, so nothing may depend on it.
    pub id: Option<String>,
}

/// A conversation that is there now: made, or found again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    /// The id of the conversation.
    pub id: String,
    /// The id of its first message, when one was given.
    pub activity_id: Option<String>,
}

/// Somebody in a conversation. Prints the Teams id only (G2).
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "WireMember")]
pub struct Member {
    /// The Teams id, `29:…`, good for this bot only.
    pub id: String,
    /// The Entra object id. Guests of a meeting have none.
    pub object_id: Option<String>,
    /// The name shown.
    pub name: Option<String>,
    /// The sign-in name.
    pub user_principal_name: Option<String>,
    /// The Entra directory that the person comes from.
    pub directory_id: Option<String>,
    /// `user`, `guest`, `anonymous` and others.
    pub role: Option<String>,
}

/// Some members, and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MembersPage {
    /// The members of this page.
    pub members: Vec<Member>,
    /// Hand this in for the next page. None, or empty: this was the last one.
    pub continuation_token: Option<String>,
}

impl Connector {
    /// A client that speaks for `credential` through `http`, which [`https::client`] made.
    pub fn new(http: Client, credential: Credential, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { http, credential, clock }))
    }

    /// Posts `activity` into `conversation`.
    pub async fn send(
        &self,
        at: &ServiceUrl,
        conversation: &str,
        activity: &Value,
    ) -> Result<Sent, SendError> {
        let path = ["v3", "conversations", conversation, "activities"];
        Ok(Call::new("send", Method::POST, at, &path)?.with(activity)?.made_by(&self.0).await?.sent())
    }

    /// Posts `activity` as the answer to the message `to`.
    pub async fn reply(
        &self,
        at: &ServiceUrl,
        conversation: &str,
        to: &str,
        activity: &Value,
    ) -> Result<Sent, SendError> {
        let path = ["v3", "conversations", conversation, "activities", to];
        Ok(Call::new("reply", Method::POST, at, &path)?.with(activity)?.made_by(&self.0).await?.sent())
    }

    /// Puts `activity` in the place of the message `id`.
    pub async fn update(
        &self,
        at: &ServiceUrl,
        conversation: &str,
        id: &str,
        activity: &Value,
    ) -> Result<Sent, SendError> {
        let path = ["v3", "conversations", conversation, "activities", id];
        Ok(Call::new("update", Method::PUT, at, &path)?.with(activity)?.made_by(&self.0).await?.sent())
    }

    /// Takes the message `id` out of the conversation.
    pub async fn delete(&self, at: &ServiceUrl, conversation: &str, id: &str) -> Result<(), SendError> {
        let path = ["v3", "conversations", conversation, "activities", id];
        Call::new("delete", Method::DELETE, at, &path)?.made_by(&self.0).await.map(drop)
    }

    /// Opens a personal chat or a channel thread as `parameters` say (TEAMS-PROTOCOL 2.7).
    pub async fn create_conversation(
        &self,
        at: &ServiceUrl,
        parameters: &Value,
    ) -> Result<Created, SendError> {
        Call::new("create_conversation", Method::POST, at, &["v3", "conversations"])?
            .with(parameters)?
            .made_by(&self.0)
            .await?
            .json()
    }

    /// One member of `conversation`, by Teams id, object id or sign-in name.
    pub async fn member(&self, at: &ServiceUrl, conversation: &str, who: &str) -> Result<Member, SendError> {
        let path = ["v3", "conversations", conversation, "members", who];
        Call::new("member", Method::GET, at, &path)?.made_by(&self.0).await?.json()
    }

    /// The members of `conversation`: the first page, or the one that `continuation` leads to. The channel takes
    /// a page size of 50 to 500 and mends others.
    pub async fn members(
        &self,
        at: &ServiceUrl,
        conversation: &str,
        page_size: u16,
        continuation: Option<&str>,
    ) -> Result<MembersPage, SendError> {
        let mut call =
            Call::new("members", Method::GET, at, &["v3", "conversations", conversation, "pagedmembers"])?;
        call.url.query_pairs_mut().append_pair("pageSize", &page_size.to_string());
        if let Some(token) = continuation {
            call.url.query_pairs_mut().append_pair("continuationToken", token);
        }
        call.made_by(&self.0).await?.json()
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connector").field(&self.0.credential).finish()
    }
}

struct Call {
    /// What is done, for the metrics.
    name: &'static str,
    method: Method,
    url: Url,
    body: Option<Vec<u8>>,
}

/// A success: a body, or the news that it could not be read.
struct Success(Option<Vec<u8>>);

impl Call {
    fn new(name: &'static str, method: Method, at: &ServiceUrl, path: &[&str]) -> Result<Self, SendError> {
        let url = at.join(path).ok_or_else(|| SendError::refused("unusable id"))?;
        Ok(Self { name, method, url, body: None })
    }

    fn with(mut self, body: &Value) -> Result<Self, SendError> {
        self.body =
            Some(serde_json::to_vec(&WithoutNulls(body)).map_err(|_| SendError::refused("unwritable"))?);
        Ok(self)
    }

    /// Makes the call, a second time with a new token when the channel does not take ours (R4).
    async fn made_by(self, inner: &Inner) -> Result<Success, SendError> {
        let token = inner.credential.token().await.map_err(|e| SendError::not_yet(e.to_string()))?;
        let first = self.once(inner, token.as_ref()).await?;
        let Some(refused) = token.filter(|_| first.0 == StatusCode::UNAUTHORIZED) else {
            return self.judge(inner, first);
        };
        let token = inner.credential.renew(&refused).await.map_err(|e| SendError::not_yet(e.to_string()))?;
        let second = self.once(inner, token.as_ref()).await?;
        self.judge(inner, second)
    }

    async fn once(
        &self,
        inner: &Inner,
        token: Option<&Token>,
    ) -> Result<(StatusCode, HeaderMap, Option<Vec<u8>>), SendError> {
        let mut request = inner.http.request(self.method.clone(), self.url.clone());
        match token {
            Some(token) if https::keeps_secrets(&self.url) => {
                request = request.header(AUTHORIZATION, token.header());
            }
            None if https::is_loopback(&self.url) => {}
            _ => return Err(SendError::refused("no token for this address")),
        }
        if let Some(body) = &self.body {
            request = request.header(CONTENT_TYPE, "application/json; charset=utf-8").body(body.clone());
        }
        let begun = Instant::now();
        let response = request.send().await.map_err(|e| SendError::unanswered(&e, self.posts()));
        let status = response.as_ref().map_or_else(|e| e.code.clone(), |r| r.status().as_u16().to_string());
        METRICS.connector(self.name, status, begun.elapsed());
        let response = response?;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            METRICS.throttled("channel");
        }
        let (status, headers) = (response.status(), response.headers().clone());
        Ok((status, headers, https::read(response).await.ok()))
    }

    fn judge(
        &self,
        inner: &Inner,
        (status, headers, body): (StatusCode, HeaderMap, Option<Vec<u8>>),
    ) -> Result<Success, SendError> {
        if status.is_success() {
            return Ok(Success(body));
        }
        let body = body.unwrap_or_default();
        Err(SendError::answered(status, &headers, &body, self.posts(), inner.clock.now()))
    }

    fn posts(&self) -> bool {
        self.method == Method::POST
    }
}

impl Success {
    /// For answers that may be empty: the channel took the message, whatever else it says.
    fn sent(&self) -> Sent {
        self.0.as_deref().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default()
    }

    fn json<T: DeserializeOwned>(&self) -> Result<T, SendError> {
        let body = self.0.as_deref().ok_or_else(|| SendError::not_yet("answer broke off".to_owned()))?;
        serde_json::from_slice(body).map_err(|_| SendError::refused("unreadable answer"))
    }
}

/// Writes a value without the members that are null: the channel answers 400 to some of them.
struct WithoutNulls<'a>(&'a Value);

impl Serialize for WithoutNulls<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let mut map = serializer.serialize_map(None)?;
                for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                    map.serialize_entry(name, &WithoutNulls(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&WithoutNulls(item))?;
                }
                seq.end()
            }
            plain => plain.serialize(serializer),
        }
    }
}

/// A member as it comes: the object id under either of two names, at times under both.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMember {
    id: String,
    aad_object_id: Option<String>,
    object_id: Option<String>,
    name: Option<String>,
    user_principal_name: Option<String>,
    tenant_id: Option<String>,
    user_role: Option<String>,
}

impl From<WireMember> for Member {
    fn from(wire: WireMember) -> Self {
        Self {
            id: wire.id,
            object_id: wire.aad_object_id.or(wire.object_id),
            name: wire.name,
            user_principal_name: wire.user_principal_name,
            directory_id: wire.tenant_id,
            role: wire.user_role,
        }
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("id", &self.id).finish_non_exhaustive()
    }
}
