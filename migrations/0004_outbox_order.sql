-- The order of the messages of one conversation. Ids are no order within one turn: all that a turn
-- leaves behind bears the same instant.
alter table outbox add column place bigint generated always as identity;

drop index outbox_order;
create index outbox_order on outbox (partner_id, conversation_id, place)
    where sent_at is null and dead_at is null;

-- What retention looks for (G4).
create index outbox_sent on outbox (sent_at) where sent_at is not null;
create index outbox_dead on outbox (dead_at) where dead_at is not null;
