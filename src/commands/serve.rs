//! `tenantry serve` and `tenantry demo`: the bot and its worker in one process.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use tenantry::bot::messenger::Messenger;
use tenantry::bot::{Bot, Parts, page};
use tenantry::config::{self, Mode, Settings};
use tenantry::connector::client::Connector;
use tenantry::connector::credential::{self, Credential};
use tenantry::connector::files::Files;
use tenantry::connector::https;
use tenantry::connector::service_url::ServiceOrigins;
use tenantry::connector::trust::{Rules, Trust};
use tenantry::domain::help::Topics;
use tenantry::domain::link::Links;
use tenantry::domain::time::{Clock, SystemClock, Today};
use tenantry::feed;
use tenantry::http::{self, Front, Gate, Limits};
use tenantry::jobs::clerk::Clerk;
use tenantry::jobs::digest::Digests;
use tenantry::jobs::learner::Learner;
use tenantry::jobs::prune;
use tenantry::jobs::runner::{self, Worker};
use tenantry::jobs::scheduler::Scheduler;
use tenantry::jobs::sweep::Sweep;
use tenantry::store::Database;
use tenantry::store::database::{Role, pool};
use tenantry::store::leader::Leadership;
use tenantry::store::outbox::Outbox;
use tenantry::turn::{Caller, Conductor};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::data::Data;
use super::metrics;
use super::{say, settings, topics};

/// Answers Teams until it is told to stop.
pub async fn serve() -> anyhow::Result<ExitCode> {
    let settings = settings(Mode::Serve)?;
    let topics = Arc::new(topics::read(settings.help_dir.as_deref())?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let bot = settings.bot.clone().context("no bot is set up")?;
    let client = https::client(https::TOTAL)?;
    let origins = ServiceOrigins::parse(bot.service_origins.iter().map(String::as_str))
        .map_err(|origin| anyhow::anyhow!("SERVICE_ORIGINS: {origin} is no bare origin"))?;
    let rules = Rules {
        issuer: bot.cloud.issuer.to_owned(),
        app_id: bot.client_id.to_string(),
        channels: bot.channels.clone(),
        origins: origins.clone(),
    };
    let trust = Trust::new(rules, &bot.openid_metadata_url, client.clone())?;
    let credential = Credential::new(credential_settings(&bot)?, client.clone(), Arc::clone(&clock))?;
    let data = Data::own(&settings.database).await?;
    let files = Files::at(bot.cloud.drive_hosts)?;
    let front = Wiring { settings: &settings, clock, origins, files, demo_caller: None, topics };
    front
        .run(
            data,
            Gate::Verified(trust.clone()),
            Some(trust),
            Connector::new(client, credential, front.clock.clone()),
        )
        .await
}

/// Runs the demonstration until it is told to stop (A11).
pub async fn demo() -> anyhow::Result<ExitCode> {
    let settings = settings(Mode::Demo)?;
    let topics = Arc::new(topics::read(settings.help_dir.as_deref())?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let origins = ServiceOrigins::loopback();
    let gate = Gate::demo(settings.listen, origins.clone())?;
    let client = https::client(https::TOTAL)?;
    let data = Data::own(&settings.database).await?;
    let import = pool(&data.url, Role::Import, 2)?;
    let reports = feed::load_demo(&import, Today(clock.now().date_naive()), clock.now()).await?;
    import.close().await;
    if let Some(refused) = reports.iter().find(|report| report.is_refused()) {
        anyhow::bail!("the demonstration data was refused: {refused}");
    }
    let demo_caller = Some(Caller { directory: feed::demo::DIRECTORY, object: feed::demo::FIRST_USER });
    let files = Files::on_this_machine()?;
    let wiring = Wiring { settings: &settings, clock, origins, files, demo_caller, topics };
    wiring.run(data, gate, None, Connector::new(client, Credential::none(), wiring.clock.clone())).await
}

/// How the bot asks for its own token.
pub fn credential_settings(bot: &config::Bot) -> anyhow::Result<credential::Settings> {
    Ok(credential::Settings {
        token_url: bot.token_url.parse().context("TOKEN_URL")?,
        client_id: bot.client_id.to_string(),
        client_secret: bot.secret.get().context("CLIENT_SECRET_FILE")?,
        scope: bot.cloud.scope.to_owned(),
    })
}

/// How long the tasks may take to end after the last request was answered or, 11.5 s after the stop, given up: 25 s in
/// all (R9).
const FAREWELL: Duration = Duration::from_secs(13);

struct Wiring<'a> {
    settings: &'a Settings,
    clock: Arc<dyn Clock>,
    origins: ServiceOrigins,
    files: Files,
    demo_caller: Option<Caller>,
    topics: Arc<Topics>,
}

impl Wiring<'_> {
    /// Puts the parts together, says that it is ready, and runs until the system asks it to stop.
    async fn run(
        &self,
        data: Data,
        gate: Gate,
        trust: Option<Trust>,
        connector: Connector,
    ) -> anyhow::Result<ExitCode> {
        let database = Database::open(&data.url, self.settings.db_pool)?;
        let outbox = Outbox::new(database.worker().clone());
        let worker = Worker::new(
            outbox.clone(),
            connector.clone(),
            Arc::clone(&self.clock),
            runner::Settings::new(self.origins.clone()),
        );
        let bot = self.bot(&database, connector, &worker);
        let listener = TcpListener::bind(self.settings.listen)
            .await
            .with_context(|| format!("{} cannot be listened on", self.settings.listen))?;
        let address = listener.local_addr()?;
        let metrics = metrics::listen(self.settings.metrics).await?;
        let front = self.front(gate, bot, &database, trust.clone());

        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn({
            let (worker, stop) = (worker.clone(), stop.clone());
            async move { worker.run(stop).await }
        });
        tasks.spawn(prune::run(outbox.clone(), Arc::clone(&self.clock), stop.clone()));
        tasks.spawn({
            let clerk = Clerk::new(database.clone(), Arc::clone(&self.clock), self.demo_caller.is_none());
            let stop = stop.clone();
            async move { clerk.run(stop).await }
        });
        tasks.spawn({
            let digests = Digests::new(database.clone(), Arc::clone(&self.clock));
            let sweep = Sweep::new(database.clone(), Arc::clone(&self.clock));
            let scheduler = Scheduler::new(Leadership::of(database.worker()), digests, sweep);
            let stop = stop.clone();
            async move { scheduler.run(stop).await }
        });
        tasks.spawn({
            let (learner, stop) = (Learner::new(database.clone(), Arc::clone(&self.clock)), stop.clone());
            async move { learner.run(stop).await }
        });
        if let Some(listener) = metrics {
            let exposition = metrics::exposition(database.clone(), outbox.clone(), Arc::clone(&self.clock));
            tasks.spawn(http::serve_metrics(listener, exposition, stop.clone()));
        }
        if let Some(trust) = trust {
            let (clock, stop) = (Arc::clone(&self.clock), stop.clone());
            tasks.spawn(async move { trust.keep_fresh(move || clock.now(), stop).await });
        }
        tasks.spawn({
            let stop = stop.clone();
            async move {
                stop.run_until_cancelled(told_to_stop()).await;
                stop.cancel();
            }
        });
        tasks.close();
        self.announce(address);
        // Ends when it is told to stop and everybody who was let in is answered.
        let served = http::serve(listener, front, stop.clone()).await;
        stop.cancel();
        let finished = tokio::time::timeout(FAREWELL, tasks.wait()).await;
        database.close().await;
        data.close().await?;
        served?;
        Ok(if finished.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn bot(&self, database: &Database, connector: Connector, worker: &Worker) -> Bot {
        let links = Links::below(self.settings.link_host.as_deref());
        let conductor = Conductor::new(database.clone(), Arc::clone(&self.clock)).with_links(links);
        let messenger = Messenger {
            connector,
            budget: worker.budget(),
            conductor: conductor.clone(),
            clock: Arc::clone(&self.clock),
        };
        let (wake, clock, files) = (worker.wake(), Arc::clone(&self.clock), self.files.clone());
        let topics = Arc::clone(&self.topics);
        Bot::new(Parts { conductor, messenger, files, topics, wake, clock, demo_caller: self.demo_caller })
    }

    fn front(&self, gate: Gate, bot: Bot, database: &Database, trust: Option<Trust>) -> Front {
        let handler: http::Handler = Arc::new(move |received| {
            let bot = bot.clone();
            Box::pin(async move { bot.handle(received.identity, received.activity).await })
        });
        let (database, clock) = (database.clone(), Arc::clone(&self.clock));
        let ready: http::Readiness = Arc::new(move || {
            let (database, trust, now) = (database.clone(), trust.clone(), clock.now());
            Box::pin(
                async move { trust.is_none_or(|trust| trust.is_ready(now)) && database.is_ready().await },
            )
        });
        let (clock, mut limits) = (Arc::clone(&self.clock), Limits::default());
        if self.demo_caller.is_some() {
            // Nobody would go elsewhere.
            limits.lull = Duration::ZERO;
        }
        let front = Front::new(gate, handler, ready, Arc::new(move || clock.now()), limits);
        match (&self.settings.bot, &self.settings.link_host) {
            (Some(bot), Some(_)) => {
                let (teams, bot) = (bot.cloud.teams, bot.client_id);
                front.with_pages(Arc::new(move |path| page::at(path, teams, bot)))
            }
            _ => front,
        }
    }

    fn announce(&self, address: SocketAddr) {
        tracing::info!(%address, "ready");
        if self.demo_caller.is_none() {
            return;
        }
        say(&format!(
            "Tenantry runs with demonstration data on http://{address}. It takes activities WITHOUT a token, from this \
             machine only.\n\nOpen Microsoft's Agents Playground against it (Node 20 or newer):\n\n    \
             npx -y @microsoft/m365agentsplayground@0.2.28 start -e http://{address}/api/messages -c msteams\n\n\
             Then write: tenants, tenant contoso, note contoso, help. Ctrl+C ends it."
        ));
    }
}

/// Ends when the system or the person at the terminal asks the program to stop.
async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::error!(%error, "no signals");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
}
