//! Compliance (DOMAIN section 7): what is read of many tenants at once.

mod snapshots;
