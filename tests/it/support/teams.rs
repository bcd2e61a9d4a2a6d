//! A Teams of our own on loopback: the token service and the Connector. It records every call, and misbehaves on
//! request.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use chrono::{DateTime, Utc};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use secrecy::SecretString;
use serde_json::{Value, json};
use tenantry::connector::client::Connector;
use tenantry::connector::credential::{Credential, Settings};
use tenantry::connector::https;
use tenantry::connector::service_url::{ServiceOrigins, ServiceUrl};
use tenantry::domain::time::Clock;
use tokio::net::TcpListener;

/// What the bot is told to say to the token service.
pub const SECRET: &str = "a secret of the bot";

/// A running fake.
#[derive(Clone)]
pub struct Teams {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

/// One call as it came in.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its place among all calls, from 1; also the id of the message that it posts.
    pub number: usize,
    pub came: DateTime<Utc>,
    /// Whether what it says was done, whatever the caller heard of it.
    pub taken: bool,
    pub method: String,
    /// As it was sent, still encoded, with its query.
    pub path: String,
    pub authorization: Option<String>,
    /// Null when there was none.
    pub body: Value,
}

/// Something that goes wrong with one call.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This status and this code.
    Status(u16, &'static str),
    /// 429 or 503 with this `Retry-After`.
    Busy(u16, String),
    /// Takes the message, then hangs up without an answer.
    Reset,
    /// Hangs up without taking the message.
    Dropped,
    /// Takes the message, and answers with this status and this body, true or not.
    Lie(u16, &'static str),
    /// Takes the message, answers after this time.
    Late(Duration),
    /// 302 to this address.
    Redirect(String),
    /// An answer of this many bytes.
    Large(usize),
}

/// Decides how a call goes that no fault was ordered for; `None`: well.
pub type Weather = Box<dyn FnMut(&Call) -> Option<Fault> + Send>;

#[derive(Default)]
struct State {
    calls: Vec<Call>,
    weather: Option<Weather>,
    /// What was shown in each conversation, in order: whatever the caller heard of it.
    shown: HashMap<String, Vec<Value>>,
    faults: HashMap<String, Vec<Fault>>,
    /// Tokens given out so far, and how many of them are good no more.
    tokens: usize,
    revoked: usize,
    token_fault: Option<u16>,
    token_delay: Duration,
    token_life: u64,
    /// What the token service's clock shows; none: the time.
    date: Option<String>,
    at_work: HashMap<String, usize>,
    most_at_once: HashMap<String, usize>,
}

impl Teams {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = State { token_life: 3600, ..State::default() };
        let teams = Self { address, state: Arc::new(Mutex::new(state)) };
        let serving = teams.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let teams = serving.clone();
                let service = service_fn(move |request| teams.clone().answer(request.map(Body::new)));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        teams
    }

    /// The address that conversations are told to be at.
    pub fn service_url(&self) -> String {
        format!("http://{}/emea/", self.address)
    }

    pub fn origins(&self) -> ServiceOrigins {
        ServiceOrigins::parse([format!("http://{}", self.address).as_str()]).unwrap()
    }

    pub fn at(&self) -> ServiceUrl {
        self.origins().check(&self.service_url()).unwrap()
    }

    /// A Connector with the bot's own credential, which gives up a call after 400 ms.
    pub fn connector(&self, clock: Arc<dyn Clock>) -> Connector {
        let credential = self.credential(Arc::clone(&clock));
        Connector::new(https::client(Duration::from_millis(400)).unwrap(), credential, clock)
    }

    pub fn credential(&self, clock: Arc<dyn Clock>) -> Credential {
        let settings = Settings {
            token_url: format!("http://{}/token", self.address).parse().unwrap(),
            client_id: "the-bot".to_owned(),
            client_secret: SecretString::from(SECRET),
            scope: "https://api.botframework.com/.default".to_owned(),
        };
        Credential::new(settings, https::client(Duration::from_secs(2)).unwrap(), clock).unwrap()
    }

    /// The next calls for `conversation` go wrong like this, one after the other. `*`: calls for any.
    pub fn fail(&self, conversation: &str, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults.entry(conversation.to_owned()).or_default().extend(faults);
    }

    /// From now on each call goes as `weather` says.
    pub fn weather(&self, weather: Weather) {
        self.state().weather = Some(weather);
    }

    /// From now on all goes well.
    pub fn clear_up(&self) {
        self.state().weather = None;
    }

    /// The token service answers with this status from now on. None: as it should.
    pub fn fail_tokens(&self, status: Option<u16>) {
        self.state().token_fault = status;
    }

    /// Tokens take this long to be given, and live for so many seconds.
    pub fn tokens_are(&self, delay: Duration, life: u64) {
        let mut state = self.state();
        (state.token_delay, state.token_life) = (delay, life);
    }

    /// The token service's clock stands at `now`.
    pub fn clock_is(&self, now: DateTime<Utc>) {
        self.state().date = Some(now.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    }

    /// From now on no token is good that was given out before.
    pub fn revoke(&self) {
        let mut state = self.state();
        state.revoked = state.tokens;
    }

    /// Calls to the Connector so far.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.iter().filter(|call| call.path != "/token").cloned().collect()
    }

    /// Calls to the token service so far.
    pub fn token_calls(&self) -> Vec<Call> {
        self.state().calls.iter().filter(|call| call.path == "/token").cloned().collect()
    }

    /// The texts that were shown in `conversation`, whatever the bot heard of it.
    pub fn shown(&self, conversation: &str) -> Vec<String> {
        let state = self.state();
        let shown = state.shown.get(conversation).into_iter().flatten();
        shown.map(|activity| activity["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// How many calls for `conversation` there were at once, at most.
    pub fn most_at_once(&self, conversation: &str) -> usize {
        self.state().most_at_once.get(conversation).copied().unwrap_or(0)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// An error closes the connection without an answer.
    async fn answer(self, request: Request<Body>) -> Result<Response<Body>, std::io::Error> {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, 1 << 20).await.map_err(std::io::Error::other)?;
        let path = head.uri.path_and_query().unwrap().to_string();
        let authorization = head.headers.get(header::AUTHORIZATION);
        let mut call = Call {
            number: 0,
            came: Utc::now(),
            taken: false,
            method: head.method.to_string(),
            authorization: authorization.map(|value| value.to_str().unwrap().to_owned()),
            body: serde_json::from_slice(&body)
                .unwrap_or_else(|_| json!(String::from_utf8_lossy(&body).into_owned())),
            path,
        };
        {
            let mut state = self.state();
            call.number = state.calls.len() + 1;
            state.calls.push(call.clone());
        }
        if call.path == "/token" {
            Ok(self.dated(self.token().await))
        } else {
            self.connector_answer(&call).await
        }
    }

    fn dated(&self, mut answer: Response<Body>) -> Response<Body> {
        if let Some(date) = &self.state().date {
            answer.headers_mut().insert(header::DATE, date.parse().unwrap());
        }
        answer
    }

    async fn token(&self) -> Response<Body> {
        let (delay, fault, life) = {
            let state = self.state();
            (state.token_delay, state.token_fault, state.token_life)
        };
        tokio::time::sleep(delay).await;
        if let Some(status) = fault {
            let body =
                json!({"error": "invalid_client", "error_description": "AADSTS7000215: wrong, the-bot"});
            return json_answer(status, &body);
        }
        let number = {
            let mut state = self.state();
            state.tokens += 1;
            state.tokens
        };
        let token = format!("token-{number}");
        json_answer(200, &json!({"token_type": "Bearer", "expires_in": life, "access_token": token}))
    }

    async fn connector_answer(&self, call: &Call) -> Result<Response<Body>, std::io::Error> {
        let parts: Vec<String> = call.path.split(['/', '?']).skip(1).map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let conversation = if let ["emea", "v3", "conversations", id, ..] = parts[..] { id } else { "*" };
        let token = call.authorization.as_deref().and_then(|said| said.strip_prefix("Bearer token-"));
        let number: usize = token.and_then(|number| number.parse().ok()).unwrap_or(0);
        if number <= self.state().revoked {
            return Ok(json_answer(401, &json!({"error": {"code": "BotNotRegistered"}})));
        }
        self.begin(conversation);
        let answer = self.act(call, conversation, &parts).await;
        *self.state().at_work.get_mut(conversation).unwrap() -= 1;
        answer
    }

    fn begin(&self, conversation: &str) {
        let mut state = self.state();
        let now = state.at_work.entry(conversation.to_owned()).or_default();
        *now += 1;
        let now = *now;
        let most = state.most_at_once.entry(conversation.to_owned()).or_default();
        *most = now.max(*most);
    }

    async fn act(
        &self,
        call: &Call,
        conversation: &str,
        parts: &[&str],
    ) -> Result<Response<Body>, std::io::Error> {
        let fault = {
            let mut state = self.state();
            let key = if state.faults.contains_key(conversation) { conversation } else { "*" };
            let queue = state.faults.get_mut(key).filter(|queue| !queue.is_empty());
            match queue {
                Some(queue) => Some(queue.remove(0)),
                None => state.weather.as_mut().and_then(|weather| weather(call)),
            }
        };
        match fault {
            None => Ok(self.take(call, parts)),
            Some(Fault::Status(status, code)) => {
                Ok(json_answer(status, &json!({"error": {"code": code, "message": "words"}})))
            }
            Some(Fault::Busy(status, wait)) => {
                let mut answer = json_answer(status, &json!({}));
                answer.headers_mut().insert(header::RETRY_AFTER, wait.parse().unwrap());
                Ok(answer)
            }
            Some(Fault::Redirect(to)) => {
                let mut answer = json_answer(302, &json!({}));
                answer.headers_mut().insert(header::LOCATION, to.parse().unwrap());
                Ok(answer)
            }
            Some(Fault::Large(bytes)) => {
                let _ = self.take(call, parts);
                Ok(Response::new(Body::from(" ".repeat(bytes))))
            }
            Some(Fault::Reset) => {
                let _ = self.take(call, parts);
                Err(std::io::Error::other("reset"))
            }
            Some(Fault::Dropped) => Err(std::io::Error::other("dropped")),
            Some(Fault::Lie(status, body)) => {
                let _ = self.take(call, parts);
                let answer = Response::builder().status(StatusCode::from_u16(status).unwrap());
                Ok(answer.body(Body::from(body)).unwrap())
            }
            Some(Fault::Late(time)) => {
                let answer = self.take(call, parts);
                tokio::time::sleep(time).await;
                Ok(answer)
            }
        }
    }

    /// What the real one does when all is well.
    fn take(&self, call: &Call, parts: &[&str]) -> Response<Body> {
        let number = call.number;
        self.state().calls[number - 1].taken = true;
        match (call.method.as_str(), parts) {
            ("POST", ["emea", "v3", "conversations", conversation, "activities", ..]) => {
                self.state().shown.entry((*conversation).to_owned()).or_default().push(call.body.clone());
                json_answer(201, &json!({"id": number.to_string()}))
            }
            ("PUT", ["emea", "v3", "conversations", _, "activities", id]) => {
                json_answer(200, &json!({"id": id}))
            }
            ("DELETE", ["emea", "v3", "conversations", _, "activities", _]) => json_answer(200, &json!({})),
            ("POST", ["emea", "v3", "conversations"]) => {
                json_answer(201, &json!({"id": "a:new", "activityId": number.to_string()}))
            }
            ("GET", ["emea", "v3", "conversations", _, "pagedmembers", query]) => {
                let second = query.contains("continuationToken=");
                let member = if second {
                    json!({"id": "29:2", "objectId": "o2", "aadObjectId": "o2"})
                } else {
                    json!({"id": "29:1", "objectId": "o1", "name": "Ann", "userRole": "user", "new": 1})
                };
                let next = if second { Value::Null } else { json!("a b&c") };
                json_answer(200, &json!({"members": [member], "continuationToken": next}))
            }
            ("GET", ["emea", "v3", "conversations", _, "members", who]) => {
                json_answer(200, &json!({"id": who, "aadObjectId": "o1", "tenantId": "t1"}))
            }
            _ => json_answer(404, &json!({})),
        }
    }
}

fn json_answer(status: u16, body: &Value) -> Response<Body> {
    let answer = Response::builder().status(StatusCode::from_u16(status).unwrap());
    answer.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()
}

/// A path segment as it was before it was percent-encoded.
fn decoded(segment: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), segment.bytes());
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next().unwrap()).to_digit(16).unwrap();
        bytes.push(if byte == b'%' { u8::try_from(digit() * 16 + digit()).unwrap() } else { byte });
    }
    String::from_utf8(bytes).unwrap()
}
