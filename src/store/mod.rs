//! Memory: everything that is SQL. Partner tables are reached through a scope only (P2).
