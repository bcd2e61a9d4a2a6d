//! The whole bot, from a signed activity on a socket to rows and messages, for tests that read like a
//! user's story. The other side is a Connector that takes everything and remembers it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenantry::bot::messenger::Messenger;
use tenantry::bot::{Bot, Parts, page};
use tenantry::cards::check::check;
use tenantry::config::CHANNELS;
use tenantry::connector::client::Connector;
use tenantry::connector::credential::Credential;
use tenantry::connector::files::Files;
use tenantry::connector::service_url::ServiceOrigins;
use tenantry::connector::trust::{Rules, Trust};
use tenantry::domain::help::Topics;
use tenantry::domain::link::Links;
use tenantry::domain::time::Clock;
use tenantry::http::{self, Front, Gate, Limits};
use tenantry::intents::registry;
use tenantry::jobs::clerk::Clerk;
use tenantry::jobs::digest::Digests;
use tenantry::jobs::learner::Learner;
use tenantry::jobs::runner::{Settings, Worker};
use tenantry::jobs::sweep::Sweep;
use tenantry::store::Database;
use tenantry::store::outbox::Outbox;
use tenantry::turn::Conductor;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::clock::TestClock;
use super::database::{TestDatabase, fresh};
use super::firms::{self, Somebody, noon};
use super::tokens::{APP_ID, Authority, ISSUER, KEY_ID, SIGNER, client};
use super::wire;

/// The host of the links.
pub const LINK_HOST: &str = "bot.example.com";

/// What the bot did at the Connector.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub body: Value,
}

type Calls = Arc<Mutex<Vec<Call>>>;

/// A bot with the two firms in its database.
pub struct World {
    pub database: TestDatabase,
    pub clock: TestClock,
    pub worker: Worker,
    pub clerk: Clerk,
    pub digests: Digests,
    pub sweep: Sweep,
    pub learner: Learner,
    calls: Calls,
    address: SocketAddr,
    service_url: String,
    http: reqwest::Client,
    next: AtomicU32,
    stop: CancellationToken,
    _authority: Authority,
}

impl World {
    /// A running bot and two firms, at noon.
    pub async fn start() -> Self {
        let database = fresh().await;
        firms::settle(&database).await;
        let calls = Calls::default();
        let service_url = connector(Arc::clone(&calls)).await;
        let origins = ServiceOrigins::parse([service_url.as_str()]).unwrap();
        let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
        let rules = Rules {
            issuer: ISSUER.to_owned(),
            app_id: APP_ID.to_owned(),
            channels: CHANNELS.map(str::to_owned).to_vec(),
            origins: origins.clone(),
        };
        let trust = Trust::new(rules, &authority.metadata_url(), client()).unwrap();
        let clock = TestClock::at(noon());
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let store = Database::open(database.url(), 8).unwrap();
        let wire = Connector::new(client(), Credential::none(), Arc::clone(&shared));
        let worker = Worker::new(
            Outbox::new(store.worker().clone()),
            wire.clone(),
            Arc::clone(&shared),
            Settings::new(origins),
        );
        let clerk = Clerk::new(store.clone(), Arc::clone(&shared), true);
        let digests = Digests::new(store.clone(), Arc::clone(&shared));
        let sweep = Sweep::new(store.clone(), Arc::clone(&shared));
        let learner = Learner::new(store.clone(), Arc::clone(&shared));
        let conductor =
            Conductor::new(store.clone(), Arc::clone(&shared)).with_links(Links::below(Some(LINK_HOST)));
        let messenger = Messenger {
            connector: wire,
            budget: worker.budget(),
            conductor: conductor.clone(),
            clock: Arc::clone(&shared),
        };
        let files = Files::on_this_machine().unwrap();
        let topics = Arc::new(Topics::shipped());
        let parts = Parts {
            conductor,
            messenger,
            files,
            topics,
            wake: worker.wake(),
            clock: shared,
            demo_caller: None,
        };
        let (address, stop) = listen(Bot::new(parts), trust, clock.clone()).await;
        let next = AtomicU32::new(1);
        let http = client();
        Self {
            database,
            clock,
            worker,
            clerk,
            digests,
            sweep,
            learner,
            calls,
            address,
            service_url,
            http,
            next,
            stop,
            _authority: authority,
        }
    }

    /// Lets time pass.
    pub fn later(&self, by: TimeDelta) {
        self.clock.pass(by);
    }

    /// The personal chat of `who`.
    pub fn chat(&self, who: Somebody) -> Chat<'_> {
        Chat { world: self, who, conversation: format!("a:{}", who.object), kind: "personal" }
    }

    /// A channel that `who` writes in.
    pub fn channel(&self, who: Somebody) -> Chat<'_> {
        Chat { world: self, who, conversation: "19:team@thread.tacv2".to_owned(), kind: "channel" }
    }

    /// Everything that the bot did at the Connector since the last time this was asked, the outbox included.
    pub async fn sent(&self) -> Vec<Call> {
        self.worker.drain_once().await.unwrap();
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    /// An address on the other side, which takes everything.
    pub fn elsewhere(&self, path: &str) -> String {
        format!("{}{path}", self.service_url)
    }

    /// Posts an activity as the channel does; gives back status and body.
    pub async fn post(&self, activity: &Value) -> (u16, Value) {
        let token = SIGNER.token(&self.service_url, self.clock.now());
        let answer = self
            .http
            .post(format!("http://{}/api/messages", self.address))
            .bearer_auth(token)
            .header("content-type", "application/json")
            .body(activity.to_string())
            .timeout(Duration::from_secs(20))
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        let body = answer.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// What a browser finds at `path`: the head in lower case, and the page.
    pub async fn browse(&self, path: &str) -> (String, String) {
        let request = format!("GET {path} HTTP/1.1\r\nhost: bot\r\n\r\n");
        let heard = wire::send(self.address, request.as_bytes()).await;
        (heard.head, String::from_utf8(heard.body).unwrap())
    }

    /// One number of a statement that is run as the owner.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.database.owner()).await.unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn listen(bot: Bot, trust: Trust, clock: TestClock) -> (SocketAddr, CancellationToken) {
    let handler: http::Handler = Arc::new(move |received| {
        let bot = bot.clone();
        Box::pin(async move { bot.handle(received.identity, received.activity).await })
    });
    let ready: http::Readiness = Arc::new(|| Box::pin(async { true }));
    let front =
        Front::new(Gate::Verified(trust), handler, ready, Arc::new(move || clock.now()), Limits::default())
            .with_pages(Arc::new(|path| page::at(path, "https://teams.microsoft.com", APP_ID.parse().ok()?)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let stopping = stop.clone();
    tokio_util::task::TaskTracker::new().spawn(async move { http::serve(listener, front, stopping).await });
    (address, stop)
}

/// A Connector on loopback that answers everything with an id.
async fn connector(calls: Calls) -> String {
    async fn take(State(calls): State<Calls>, method: Method, body: Bytes) -> String {
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let mut calls = calls.lock().unwrap();
        calls.push(Call { method, body });
        json!({ "id": format!("sent-{}", calls.len()) }).to_string()
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(take).with_state(calls);
    tokio_util::task::TaskTracker::new().spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

/// One person in one conversation.
pub struct Chat<'a> {
    world: &'a World,
    who: Somebody,
    pub conversation: String,
    kind: &'static str,
}

impl Chat<'_> {
    /// An activity of this person here, with a fresh id.
    pub fn activity(&self, mut more: Value) -> Value {
        let id = self.world.next.fetch_add(1, Ordering::Relaxed);
        let mut activity = json!({
            "type": "message",
            "id": format!("activity-{id}"),
            "channelId": "msteams",
            "serviceUrl": self.world.service_url,
            "localTimezone": "Europe/Berlin",
            "from": { "id": format!("29:{}", self.who.object), "name": self.who.name, "aadObjectId": self.who.object },
            "recipient": { "id": format!("28:{APP_ID}"), "name": "Tenantry" },
            "conversation": { "id": self.conversation, "conversationType": self.kind, "tenantId": self.who.directory },
            "channelData": { "tenant": { "id": self.who.directory } },
        });
        activity.as_object_mut().unwrap().append(more.as_object_mut().unwrap());
        activity
    }

    /// Writes a line; gives back the cards that come of it.
    pub async fn says(&self, text: &str) -> Vec<Shown> {
        self.message(json!({ "text": text })).await
    }

    /// Posts a message activity; gives back the cards that come of it.
    pub async fn message(&self, more: Value) -> Vec<Shown> {
        // Nobody types faster than the conversation's budget allows (R5).
        self.world.later(TimeDelta::seconds(3));
        let (status, body) = self.world.post(&self.activity(more)).await;
        assert_eq!(
            (status, &body),
            (200, &Value::Null),
            "a message is acknowledged, and answered by another"
        );
        let calls = self.world.sent().await.into_iter().filter(|call| call.method == Method::POST);
        calls
            .filter_map(|call| Some(Shown::sound(call.body.pointer("/attachments/0/content")?.clone())))
            .collect()
    }

    /// Presses a button; gives back the card that takes the place of the old one.
    pub async fn presses(&self, verb: &str, data: Value) -> Shown {
        let (status, body) = self.execute(verb, data).await;
        assert_eq!(status, 200);
        assert_eq!(body["type"], "application/vnd.microsoft.card.adaptive", "{body}");
        Shown::sound(body["value"].clone())
    }

    /// Sends an invoke; gives back status and body as they come.
    pub async fn asks(&self, name: &str, value: Value) -> (u16, Value) {
        self.world.post(&self.activity(json!({ "type": "invoke", "name": name, "value": value }))).await
    }

    /// Presses a button; gives back status and body as they come.
    pub async fn execute(&self, verb: &str, data: Value) -> (u16, Value) {
        let action = json!({ "type": "Action.Execute", "verb": verb, "data": data });
        let activity = self.activity(json!({
            "type": "invoke",
            "name": "adaptiveCard/action",
            "replyToId": "card-message",
            "value": { "action": action, "trigger": "manual" },
        }));
        self.world.post(&activity).await
    }
}

/// A card as somebody sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown(pub Value);

impl Shown {
    /// A card that keeps every rule for cards, as each one that is sent must.
    #[track_caller]
    fn sound(card: Value) -> Self {
        assert_eq!(check(&card, &registry::verbs()), Vec::<String>::new(), "{card}");
        Self(card)
    }

    /// Everything that it says, in one string, as somebody reads it: a space that does not break is a space.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        collect(&self.0, &mut words);
        words.join(" ").replace('\u{A0}', " ")
    }

    /// Whether it says `text`.
    pub fn says(&self, text: &str) -> bool {
        self.words().contains(text)
    }

    /// The data of the first button that calls `verb`.
    #[track_caller]
    pub fn button(&self, verb: &str) -> Value {
        find_action(&self.0, verb).unwrap_or_else(|| panic!("no button {verb} on: {}", self.words()))
    }

    /// The data of the button that says `title`.
    #[track_caller]
    pub fn titled(&self, title: &str) -> Value {
        let named = |action: &Value| action["type"] == "Action.Execute" && action["title"] == title;
        let action = find(&self.0, &named);
        action.unwrap_or_else(|| panic!("no button {title} on: {}", self.words()))["data"].clone()
    }

    /// Whether any button calls `verb`.
    pub fn offers(&self, verb: &str) -> bool {
        find_action(&self.0, verb).is_some()
    }

    /// What a client sends when `verb`'s button is pressed: its data and every input as it stands, with `typed` over
    /// them.
    #[track_caller]
    pub fn sends(&self, verb: &str, typed: Value) -> Value {
        let mut inputs = Value::Object(serde_json::Map::new());
        inputs_of(&self.0, &mut inputs);
        with(with(self.button(verb), inputs), typed)
    }

    /// What a client sends when the button that says `title` is pressed in a dialog: its data and every input as it
    /// stands, with `typed` over them.
    #[track_caller]
    pub fn submits(&self, title: &str, typed: Value) -> Value {
        let named = |action: &Value| action["type"] == "Action.Submit" && action["title"] == title;
        let action =
            find(&self.0, &named).unwrap_or_else(|| panic!("no button {title} on: {}", self.words()));
        let mut inputs = Value::Object(serde_json::Map::new());
        inputs_of(&self.0, &mut inputs);
        with(with(action["data"].clone(), inputs), typed)
    }

    /// Whether it asks for `id`.
    pub fn has_input(&self, id: &str) -> bool {
        find_input(&self.0, id).is_some()
    }

    /// What stands in the input `id`.
    pub fn input(&self, id: &str) -> String {
        find_input(&self.0, id)
            .and_then(|input| input["value"].as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

fn collect(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(members) => {
            let text = ["text", "value", "title"].iter().filter_map(|name| members.get(*name)?.as_str());
            words.extend(text.map(str::to_owned));
            members
                .iter()
                .filter(|(name, _)| *name != "fallback" && *name != "data")
                .for_each(|(_, v)| collect(v, words));
        }
        _ => {}
    }
}

fn find_action(value: &Value, verb: &str) -> Option<Value> {
    let calls = |action: &Value| action["type"] == "Action.Execute" && action["verb"] == verb;
    find(value, &calls).map(|action| action["data"].clone())
}

fn find(value: &Value, wanted: &dyn Fn(&Value) -> bool) -> Option<Value> {
    if wanted(value) {
        return Some(value.clone());
    }
    children(value).find_map(|child| find(child, wanted))
}

fn inputs_of(value: &Value, inputs: &mut Value) {
    if value["type"].as_str().is_some_and(|kind| kind.starts_with("Input.")) {
        inputs[value["id"].as_str().unwrap()] = value["value"].clone();
    }
    children(value).for_each(|child| inputs_of(child, inputs));
}

fn find_input(value: &Value, id: &str) -> Option<Value> {
    find(value, &|input| input["id"] == id && input["type"].as_str().is_some_and(|t| t.starts_with("Input.")))
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// `data` with the inputs of a form merged in, as the client sends it.
pub fn with(mut data: Value, mut inputs: Value) -> Value {
    data.as_object_mut().unwrap().append(inputs.as_object_mut().unwrap());
    data
}
