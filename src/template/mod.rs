//! Adaptive Card Templating over JSON values, strict. Knows nothing of Teams or of tenants.
