//! Errands done later: the outbox is sent, old rows are pruned.
