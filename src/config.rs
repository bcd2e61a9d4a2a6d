//! Settings, read once from the environment; every problem is reported at once.
