//! Compliance (DOMAIN section 7): what is read of many tenants at once, and what people see of it.

mod snapshots;
mod stories;
