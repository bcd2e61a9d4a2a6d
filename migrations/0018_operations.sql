-- What an operator follows: one trace from an activity to the messages that it caused, and when a firm's feed last
-- came, whether or not it changed anything.

-- The trace id of W3C Trace Context, as the log has it. None: from before, or of no turn.
alter table outbox add column trace_id uuid;

alter table partner add column fed_at timestamptz;

-- The worker counts firms for the operator, and sees no more of them.
grant select (fed_at) on partner to tenantry_worker;
grant select (partner_id) on directory to tenantry_worker;
