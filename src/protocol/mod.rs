//! Wire types of the Bot Framework and of Teams. Knows nothing of tenants.
