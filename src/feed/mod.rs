//! The nightly feed: files of a firm's exports become tenants, services and assignments.
