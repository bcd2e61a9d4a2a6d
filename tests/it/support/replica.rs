//! A running `tenantry serve`: a process of its own that can be killed, told to stop, and started again.

use std::net::TcpListener;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use super::firms::ALPINE_DIRECTORY;
use super::teams::Teams;
use super::tokens::{APP_ID, Authority, client};

/// What a program finds around itself.
#[derive(Debug, Clone)]
pub struct Surroundings {
    database: String,
    authority: String,
    tokens: String,
    connector: String,
}

impl Surroundings {
    /// A database, who vouches for the channel, and the origin of a Connector that gives no tokens.
    pub fn new(database: &str, authority: &Authority, connector: &str) -> Self {
        let (authority, connector) = (authority.metadata_url(), connector.to_owned());
        Self { database: database.to_owned(), tokens: authority.clone(), authority, connector }
    }

    /// With a whole Teams to talk to.
    pub fn with_teams(database: &str, authority: &Authority, teams: &Teams) -> Self {
        let connector = format!("http://{}", teams.address);
        Self { tokens: format!("{connector}/token"), ..Self::new(database, authority, &connector) }
    }
}

/// A running `tenantry serve`; killed when it is dropped.
pub struct Program {
    pub address: String,
    surroundings: Surroundings,
    process: Child,
}

impl Program {
    /// One that is ready for work.
    pub async fn start(surroundings: &Surroundings) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = spawn(surroundings, port);
        let address = format!("http://127.0.0.1:{port}");
        let program = Self { address, surroundings: surroundings.clone(), process };
        program.is_ready().await;
        program
    }

    /// `kill -9`, and started again at once at the same address; it need not be ready yet.
    pub async fn kill_and_restart(&mut self) {
        self.process.kill().await.unwrap();
        let port = self.address.rsplit(':').next().unwrap().parse().unwrap();
        self.process = spawn(&self.surroundings, port);
    }

    /// SIGTERM. How long it took to end, and how it ended.
    pub async fn terminate(&mut self) -> (Duration, ExitStatus) {
        let told = Instant::now();
        let process = Pid::from_raw(i32::try_from(self.process.id().unwrap()).unwrap()).unwrap();
        kill_process(process, Signal::TERM).unwrap();
        let status = self.process.wait().await.unwrap();
        (told.elapsed(), status)
    }

    /// A line of `/proc/…/status` in KiB: `VmRSS`, or `VmHWM` for the most there ever was.
    pub fn memory(&self, line: &str) -> u64 {
        let path = format!("/proc/{}/status", self.process.id().unwrap());
        let status = std::fs::read_to_string(path).unwrap();
        let found = status.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'));
        found.unwrap().trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Whether `/readyz` says so now.
    pub async fn looks_ready(&self) -> bool {
        let answer = client().get(format!("{}/readyz", self.address)).timeout(Duration::from_secs(3));
        answer.send().await.is_ok_and(|answer| answer.status().is_success())
    }

    pub async fn is_ready(&self) {
        for _ in 0..400 {
            if self.looks_ready().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} does not get ready", self.address);
    }
}

/// The program of this build, or the one that `TENANTRY_BIN` names.
fn spawn(surroundings: &Surroundings, port: u16) -> Child {
    let program = std::env::var_os("TENANTRY_BIN");
    Command::new(program.unwrap_or_else(|| env!("CARGO_BIN_EXE_tenantry").into()))
        .arg("serve")
        .env("HOST", "127.0.0.1")
        .env("PORT", port.to_string())
        .env("CLIENT_ID", APP_ID)
        .env("CLIENT_SECRET", "a secret of the test")
        .env("TENANT_ID", ALPINE_DIRECTORY.to_string())
        .env("OPENID_METADATA_URL", &surroundings.authority)
        .env("TOKEN_URL", &surroundings.tokens)
        .env("SERVICE_ORIGINS", &surroundings.connector)
        .env("DATABASE_URL", &surroundings.database)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}
