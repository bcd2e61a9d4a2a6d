//! Logs: structured, and without what people typed.
