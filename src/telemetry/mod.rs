//! What an operator sees of the running program: logs, metrics, and the trace that ties a turn to its messages.
//!
//! A log line can be read alone and asked by its fields. Fields and labels are ids and codes, never names, addresses,
//! message text, card data or tokens (G2): this module cannot tell one from the other, so whoever writes a line must.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

mod metrics;
mod trace;

pub use metrics::{METRICS, Metrics, Timed};
pub use trace::TraceId;

/// Starts logging to standard error: lines for people on a terminal, else one JSON object per line
/// (O6). `filter` is the setting `LOG`, checked by `config`. Once per process; later calls do nothing.
pub fn start(filter: &str) {
    let filter = EnvFilter::builder().parse_lossy(filter);
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(stderr);
    let _ = if stderr().is_terminal() {
        registry.with(layer.compact()).try_init()
    } else {
        registry.with(layer.json().flatten_event(true).with_span_list(false)).try_init()
    };
}
