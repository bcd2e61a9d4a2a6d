//! Who we are to the channel: the bot's own token, by client credentials (TEAMS-PROTOCOL 2.1).
//!
//! A token is kept until shortly before it ends. Whoever needs one while it is being fetched waits for that one
//! fetch and shares its result, its failure too, so that a broken token service is not stormed.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use oauth2::basic::{BasicClient, BasicErrorResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RequestTokenError, Scope, TokenResponse,
    TokenUrl,
};
use reqwest::header::HeaderValue;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Mutex, MutexGuard};

use super::https;
use crate::domain::time::Clock;

/// A token is replaced this long before it ends, or after half of its life if that comes later.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// A failure is told again for this long instead of asking once more; a token is not renewed sooner either.
const CALM: TimeDelta = TimeDelta::seconds(30);
/// What a token that does not say how long it lives is given.
const UNTOLD_LIFE: TimeDelta = TimeDelta::minutes(10);
/// No token is kept longer than this, whatever it says.
const LONGEST_LIFE: TimeDelta = TimeDelta::hours(24);

/// How to ask for the bot's token.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Token endpoint of the cloud, for the bot's own directory or for `botframework.com`.
    pub token_url: Url,
    /// The bot's app id.
    pub client_id: String,
    /// The bot's secret.
    pub client_secret: SecretString,
    /// The channel's scope, such as `https://api.botframework.com/.default`.
    pub scope: String,
}

/// The bot's own identity towards the channel, or none at all.
pub struct Credential(Option<Source>);

/// A bearer token, ready for the `Authorization` header. Prints nothing of itself.
#[derive(Clone)]
pub struct Token {
    header: HeaderValue,
    fetched_at: DateTime<Utc>,
    refresh_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The address of the token service is neither https nor on this machine.
    #[error("the token address is not https")]
    Insecure,
    /// No answer from the token service.
    #[error("token service unreachable")]
    Unreachable,
    /// It does not know us. The code is its own: `AADSTS` and a number, or the name of an OAuth error.
    #[error("token refused: {0}")]
    Refused(String),
    /// Its answer holds no usable token.
    #[error("token answer malformed")]
    Malformed,
}

struct Source {
    settings: Settings,
    token_url: TokenUrl,
    http: Client,
    clock: Arc<dyn Clock>,
    held: RwLock<Option<Token>>,
    /// Held by the one who fetches; keeps the latest failure.
    fetching: Mutex<Option<Failure>>,
}

struct Failure {
    at: DateTime<Utc>,
    error: TokenError,
}

impl Credential {
    /// Asks as `settings` say, through `http`.
    ///
    /// # Errors
    /// [`TokenError::Insecure`] when the secret would travel in the clear.
    pub fn new(settings: Settings, http: Client, clock: Arc<dyn Clock>) -> Result<Self, TokenError> {
        if !https::keeps_secrets(&settings.token_url) {
            return Err(TokenError::Insecure);
        }
        let token_url = TokenUrl::from_url(settings.token_url.clone());
        let (held, fetching) = (RwLock::new(None), Mutex::new(None));
        Ok(Self(Some(Source { settings, token_url, http, clock, held, fetching })))
    }

    /// No identity: nothing is ever attached, and the Connector then talks to this machine only (A11).
    pub fn none() -> Self {
        Self(None)
    }

    /// A token that is good for now. None: this credential is [`Credential::none`].
    pub async fn token(&self) -> Result<Option<Token>, TokenError> {
        match &self.0 {
            Some(source) => source.token().await.map(Some),
            None => Ok(None),
        }
    }

    /// Another token, because the channel answered 401 to `refused` (R4).
    ///
    /// Gives `refused` itself when it is younger than half a minute: fetching again would not help.
    pub async fn renew(&self, refused: &Token) -> Result<Option<Token>, TokenError> {
        match &self.0 {
            Some(source) => source.renew(refused).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Source {
    async fn token(&self) -> Result<Token, TokenError> {
        let now = self.clock.now();
        match self.held() {
            Some(token) if now < token.refresh_at => Ok(token),
            // Still good: one caller sees to the next one, nobody waits for it, nobody minds its failure.
            Some(token) if now < token.expires_at => match self.fetching.try_lock() {
                Ok(turn) => Ok(self.refresh(turn, None).await.unwrap_or(token)),
                Err(_) => Ok(token),
            },
            _ => self.refresh(self.fetching.lock().await, None).await,
        }
    }

    async fn renew(&self, refused: &Token) -> Result<Token, TokenError> {
        self.refresh(self.fetching.lock().await, Some(refused)).await
    }

    /// What was fetched while we waited for our `turn`, or else a new token.
    async fn refresh(
        &self,
        mut turn: MutexGuard<'_, Option<Failure>>,
        refused: Option<&Token>,
    ) -> Result<Token, TokenError> {
        let now = self.clock.now();
        if let Some(token) = self.held()
            && now < token.refresh_at
            && (refused.is_none_or(|r| r.header != token.header) || (now - token.fetched_at).abs() < CALM)
        {
            return Ok(token);
        }
        if let Some(failure) = &*turn
            && (now - failure.at).abs() < CALM
        {
            return Err(failure.error.clone());
        }
        match self.fetch(now).await {
            Ok(token) => {
                *turn = None;
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
                Ok(token)
            }
            Err(error) => {
                tracing::error!(%error, "no token for the channel");
                *turn = Some(Failure { at: now, error: error.clone() });
                Err(error)
            }
        }
    }

    async fn fetch(&self, now: DateTime<Utc>) -> Result<Token, TokenError> {
        let http = self.http.clone();
        let ask = move |request: HttpRequest| ask(http.clone(), request);
        let answer = BasicClient::new(ClientId::new(self.settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(self.settings.client_secret.expose_secret().to_owned()))
            .set_token_uri(self.token_url.clone())
            .set_auth_type(AuthType::RequestBody)
            .exchange_client_credentials()
            .add_scope(Scope::new(self.settings.scope.clone()))
            .request_async(&ask)
            .await
            .map_err(|error| told(&error))?;
        let life = answer.expires_in().and_then(|life| TimeDelta::from_std(life).ok());
        Token::new(answer.access_token().secret(), life.unwrap_or(UNTOLD_LIFE).min(LONGEST_LIFE), now)
    }

    fn held(&self) -> Option<Token> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Token {
    fn new(secret: &str, life: TimeDelta, now: DateTime<Utc>) -> Result<Self, TokenError> {
        let mut header =
            HeaderValue::from_str(&format!("Bearer {secret}")).map_err(|_| TokenError::Malformed)?;
        header.set_sensitive(true);
        let refresh_at = now + (life - MARGIN).max(life / 2);
        Ok(Self { header, fetched_at: now, refresh_at, expires_at: now + life })
    }

    /// The value of the `Authorization` header.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Credential(client)" } else { "Credential(none)" })
    }
}

/// The `oauth2` crate's way to our HTTP client.
async fn ask(http: Client, request: HttpRequest) -> Result<HttpResponse, https::ReadError> {
    let response = http.execute(request.try_into()?).await?;
    let mut answer = HttpResponse::default();
    *answer.status_mut() = response.status();
    *answer.headers_mut() = response.headers().clone();
    *answer.body_mut() = https::read(response).await?;
    Ok(answer)
}

/// What may be said of a failed fetch: never the description, which names directories and apps.
fn told(error: &RequestTokenError<https::ReadError, BasicErrorResponse>) -> TokenError {
    match error {
        RequestTokenError::ServerResponse(refusal) => {
            let number = refusal.error_description().and_then(|text| {
                let number: String =
                    text.split_once("AADSTS")?.1.chars().take_while(char::is_ascii_digit).collect();
                Some(format!("AADSTS{number}"))
            });
            let name =
                || refusal.error().to_string().chars().filter(char::is_ascii_graphic).take(40).collect();
            TokenError::Refused(number.unwrap_or_else(name))
        }
        RequestTokenError::Request(https::ReadError::Broken(_)) => TokenError::Unreachable,
        _ => TokenError::Malformed,
    }
}
