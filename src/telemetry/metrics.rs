//! What happened since the start, and how things stand, for Prometheus. Counting is an atomic addition.
//!
//! Labels come from closed lists in the program: kinds, verbs, reasons, status codes. None names a firm, a tenant, a
//! person or anything that somebody typed (G2).

use std::fmt;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

/// This process's metrics.
pub static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

/// Seconds. Half a second is what a person does not notice, 2 s the acknowledgement (L3), 10 s an invoke's end.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0];
const LONG_SECONDS: [f64; 2] = [10.0, 15.0];

type Label<const N: usize> = [(&'static str, &'static str); N];
type Count<const N: usize> = Family<Label<N>, Counter>;
type Level<const N: usize> = Family<Label<N>, Gauge>;
type Spread<const N: usize> = Family<Label<N>, Histogram, fn() -> Histogram>;
type Words<const N: usize> = Family<[(&'static str, String); N], Counter>;

/// All metrics. Each method says something that happened, or how something stands now.
pub struct Metrics {
    registry: Registry,
    activities: Count<2>,
    answer_seconds: Spread<1>,
    refusals: Words<1>,
    turns: Count<1>,
    turn_seconds: Spread<1>,
    connector_calls: Words<2>,
    connector_seconds: Spread<1>,
    throttled: Count<1>,
    messages: Count<1>,
    digests: Count<1>,
    suggestions: Count<1>,
    outbox: Level<1>,
    outbox_oldest: Gauge,
    database_up: Gauge,
    connections: Level<2>,
    firms: Level<1>,
    feed: Level<1>,
}

impl Metrics {
    fn new() -> Self {
        let mut registry = Registry::with_prefix("tenantry");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The running program", version);
        let r = &mut registry;
        Self {
            activities: add(r, "activities", "Activities, by kind and by how they were answered"),
            answer_seconds: spread(r, "answer_seconds", "From an activity to its HTTP answer, by kind"),
            refusals: add(r, "refusals", "Requests that reached no handler, by the rule that they broke"),
            turns: add(r, "turns", "Turns, by how they ended"),
            turn_seconds: spread(r, "turn_seconds", "Turns, by what was asked for"),
            connector_calls: add(r, "connector_calls", "Calls to the Connector, by HTTP status or failure"),
            connector_seconds: spread(r, "connector_seconds", "Calls to the Connector"),
            throttled: add(
                r,
                "throttled",
                "Held back, by whom: the channel, our own budget, or a caller's limit",
            ),
            messages: add(r, "messages", "Tries to send from the outbox, by how they ended"),
            digests: add(r, "digests", "Digests and alerts, by what became of them"),
            suggestions: add(r, "suggestions", "Suggestions, by confidence"),
            outbox: add(r, "outbox_messages", "Messages that wait, fail or are dead"),
            outbox_oldest: add(
                r,
                "outbox_oldest_seconds",
                "Age of the oldest message that may still be sent",
            ),
            database_up: add(r, "database_up", "1: the database answered; 0: what is counted in it is old"),
            connections: add(
                r,
                "database_connections",
                "Connections of the pools, and how many there may be",
            ),
            firms: add(r, "firms", "Firms, and those that want an operator's hand"),
            feed: add(
                r,
                "feed_last_import_timestamp_seconds",
                "Latest import of the newest and the oldest firm",
            ),
            registry,
        }
    }

    /// An activity was answered, with an HTTP status.
    pub fn answered(&self, kind: &'static str, status: u16, took: Duration) {
        let how = match status {
            200..=299 => "answered",
            429 | 503 => "busy",
            400..=499 => "refused",
            _ => "failed",
        };
        self.activities.get_or_create(&[("kind", kind), ("outcome", how)]).inc();
        self.answer_seconds.get_or_create(&[("kind", kind)]).observe(took.as_secs_f64());
    }

    /// A request reached no handler (T2). `reason` is of a closed list.
    pub fn refused(&self, reason: String) {
        self.refusals.get_or_create(&[("reason", reason)]).inc();
    }

    /// A turn begins. One that is dropped before it ended counts as `cut_off`.
    pub fn turn(&self, verb: &'static str) -> Timed<'_> {
        Timed { metrics: self, verb, begun: Instant::now(), outcome: "cut_off" }
    }

    /// The Connector was called: `status` is that of HTTP, or the name of what went wrong.
    pub fn connector(&self, call: &'static str, status: String, took: Duration) {
        self.connector_calls.get_or_create(&[("call", call.to_owned()), ("status", status)]).inc();
        self.connector_seconds.get_or_create(&[("call", call)]).observe(took.as_secs_f64());
    }

    /// Something must wait because of `whom`: `channel`, `budget` or `caller` (R5, L4).
    pub fn throttled(&self, whom: &'static str) {
        self.throttled.get_or_create(&[("by", whom)]).inc();
    }

    /// A try to send from the outbox ended.
    pub fn settled(&self, outcome: &'static str) {
        self.messages.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// A due digest was `posted` or held `nothing` new; one was `renewed`; an alert was given (`alarmed`); a firm's round
    /// `failed`.
    pub fn digest(&self, outcome: &'static str) {
        self.digests.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// Something was suggested.
    pub fn suggested(&self, band: &'static str) {
        self.suggestions.get_or_create(&[("band", band)]).inc();
    }

    /// How the outbox stands: messages that wait, those of them that failed before, dead letters, and the age of the
    /// oldest that may still be sent.
    pub fn outbox_holds(&self, waiting: i64, failing: i64, dead: i64, oldest_seconds: i64) {
        for (state, count) in [("waiting", waiting), ("failing", failing), ("dead", dead)] {
            self.outbox.get_or_create(&[("state", state)]).set(count);
        }
        self.outbox_oldest.set(oldest_seconds);
    }

    /// Whether the database answered this time.
    pub fn database_is_up(&self, up: bool) {
        self.database_up.set(up.into());
    }

    /// How busy a pool is.
    pub fn pool_holds(&self, pool: &'static str, used: u32, idle: u32, most: u32) {
        for (state, count) in [("used", used), ("idle", idle), ("most", most)] {
            self.connections.get_or_create(&[("pool", pool), ("state", state)]).set(count.into());
        }
    }

    /// How many firms there are, without a directory, and never reached by an import.
    pub fn firms_are(&self, all: i64, without_directory: i64, never_imported: i64) {
        let states =
            [("all", all), ("without_directory", without_directory), ("never_imported", never_imported)];
        for (state, count) in states {
            self.firms.get_or_create(&[("state", state)]).set(count);
        }
    }

    /// When data last came, in Unix seconds: for the `newest` firm, or the `oldest`.
    pub fn fed(&self, firm: &'static str, at: i64) {
        self.feed.get_or_create(&[("firm", firm)]).set(at);
    }

    /// The text that Prometheus reads (`OpenMetrics` 1.0).
    ///
    /// # Errors
    /// None that writing into memory does not have.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::with_capacity(16 * 1024);
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// A turn that is timed until it is dropped.
#[derive(Debug)]
pub struct Timed<'a> {
    metrics: &'a Metrics,
    verb: &'static str,
    begun: Instant,
    outcome: &'static str,
}

impl Timed<'_> {
    /// How it ended.
    pub fn ended(&mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        let took = self.begun.elapsed();
        self.metrics.turns.get_or_create(&[("outcome", self.outcome)]).inc();
        self.metrics.turn_seconds.get_or_create(&[("verb", self.verb)]).observe(took.as_secs_f64());
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(verb = self.verb, outcome = self.outcome, ms, "turn");
    }
}

fn add<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

fn spread<const N: usize>(registry: &mut Registry, name: &str, help: &str) -> Spread<N> {
    let histogram: fn() -> Histogram = || Histogram::new(SECONDS.into_iter().chain(LONG_SECONDS));
    let spread = Spread::new_with_constructor(histogram);
    registry.register(name, help, spread.clone());
    spread
}
