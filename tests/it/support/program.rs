//! The program itself, run as an operator runs it: `serve` beside a fake login, keys and Connector, and commands that
//! say something and end.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tenantry::domain::time::{Clock as _, SystemClock};

use super::database::{TestDatabase, fresh};
use super::firms::{self, ALPINE_DIRECTORY, Somebody};
use super::teams::{SECRET, Teams};
use super::tokens::{APP_ID, Authority, KEY_ID, SIGNER, client};

/// The issuer of the cloud whose Connector Microsoft has published no host of: nothing outside is asked.
const ISSUER: &str = "https://api.botframework.azure.cn";

/// Everything that the program needs, on this machine, and as it should be.
pub struct Place {
    pub teams: Teams,
    pub authority: Authority,
    pub database: TestDatabase,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub text: String,
}

/// A running `tenantry serve`; killed when it is dropped.
pub struct Program {
    pub address: SocketAddr,
    pub metrics: SocketAddr,
    log: Arc<Mutex<Vec<Value>>>,
    process: Child,
}

impl Place {
    pub async fn new() -> Self {
        let (teams, authority) = (Teams::start().await, Authority::start(vec![SIGNER.jwk(KEY_ID)]).await);
        authority.tell(|script| script.metadata["issuer"] = json!(ISSUER));
        let database = fresh().await;
        firms::settle(&database).await;
        Self { teams, authority, database }
    }

    /// `tenantry` with the settings of this place.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
        command.args(words).env_clear();
        let set = [
            ("PORT", "0".to_owned()),
            ("CLIENT_ID", APP_ID.to_owned()),
            ("CLIENT_SECRET", SECRET.to_owned()),
            ("TENANT_ID", ALPINE_DIRECTORY.to_string()),
            ("CLOUD", "china".to_owned()),
            ("OPENID_METADATA_URL", self.authority.metadata_url()),
            ("TOKEN_URL", format!("http://{}/token", self.teams.address)),
            ("SERVICE_ORIGINS", format!("http://{}", self.teams.address)),
            ("DATABASE_URL", self.database.url().to_owned()),
        ];
        command.envs(set);
        command
    }

    /// Runs a command to its end, with these settings changed; an empty one is taken away.
    pub async fn run(&self, words: &[&str], changed: &[(&str, &str)]) -> Said {
        let mut command = self.command(words);
        command.envs(changed.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        Said { code: output.status.code().unwrap(), text }
    }

    /// A token of the channel's for this place, good for an hour.
    pub fn token(&self) -> String {
        let mut claims = super::tokens::claims(&self.teams.service_url(), SystemClock.now());
        claims["iss"] = json!(ISSUER);
        SIGNER.sign(&super::tokens::header().to_string(), &claims.to_string())
    }

    /// An activity of `who` in their own chat.
    pub fn activity(&self, who: Somebody, id: &str, mut more: Value) -> Value {
        let mut activity = json!({
            "type": "message",
            "id": id,
            "channelId": "msteams",
            "serviceUrl": self.teams.service_url(),
            "from": { "id": format!("29:{}", who.object), "name": who.name, "aadObjectId": who.object },
            "recipient": { "id": format!("28:{APP_ID}"), "name": "Tenantry" },
            "conversation": { "id": "a:chat", "conversationType": "personal", "tenantId": who.directory },
            "channelData": { "tenant": { "id": who.directory } },
        });
        activity.as_object_mut().unwrap().append(more.as_object_mut().unwrap());
        activity
    }

    /// `tenantry serve`, ready.
    pub async fn serve(&self) -> Program {
        let mut command = self.command(&["serve"]);
        let mut process =
            command.env("METRICS_ADDRESS", "0").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, kept) = (BufReader::new(process.stderr.take().unwrap()).lines(), Arc::clone(&log));
        std::thread::spawn(move || {
            let read = lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok());
            for line in read {
                kept.lock().unwrap().push(line);
            }
        });
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut program = Program { address: nowhere, metrics: nowhere, log, process };
        program.metrics = program.until("metrics").await["address"].as_str().unwrap().parse().unwrap();
        program.address = program.until("ready").await["address"].as_str().unwrap().parse().unwrap();
        program.until("channel keys fetched").await;
        program
    }
}

impl Program {
    /// The first line of the log that says `message`, as soon as there is one.
    pub async fn until(&self, message: &str) -> Value {
        self.until_line(|line| line["message"] == message).await
    }

    /// The first line of the log that is `wanted`, as soon as there is one.
    pub async fn until_line(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(line) = self.log().into_iter().find(&wanted) {
                return line;
            }
            assert!(Instant::now() < deadline, "waited in vain: {:?}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The log so far.
    pub fn log(&self) -> Vec<Value> {
        self.log.lock().unwrap().clone()
    }

    /// Posts an activity as the channel does; gives back the status.
    pub async fn post(&self, token: &str, activity: &Value, headers: HeaderMap) -> u16 {
        let to = format!("http://{}/api/messages", self.address);
        let request = client().post(to).headers(headers).bearer_auth(token).body(activity.to_string());
        request.send().await.unwrap().status().as_u16()
    }

    /// What Prometheus reads.
    pub async fn scrape(&self) -> String {
        let answer = client().get(format!("http://{}/metrics", self.metrics)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.text().await.unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
