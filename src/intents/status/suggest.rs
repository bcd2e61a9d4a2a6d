//! What a note suggests for a service.

use crate::domain::service::Service;
use crate::domain::suggestion::{Suggestion, by_names};

/// The suggestion for a note.
pub(super) fn suggest(service: &'static Service, note: &str) -> Suggestion {
    by_names(&service.code, note)
}
