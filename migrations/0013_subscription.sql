-- Digests that were ordered: for a channel by a manager of its firm (P8), or by somebody for their own chat (Q4).

create table subscription (
    partner_id uuid not null,
    id uuid not null,
    -- Where the digest is posted; a channel itself, not one of its threads.
    conversation_id text not null,
    -- Who ordered it; in a personal chat the digest is of their own tenants.
    person_id uuid not null,
    -- Days of the week as bits, Monday first; the minute of the day; an IANA zone.
    days smallint not null constraint subscription_days check (days between 1 and 127),
    minute smallint not null constraint subscription_minute check (minute between 0 and 1439),
    zone text not null,
    -- Only what is overdue already.
    only_overdue boolean not null,
    row_version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint subscription_key primary key (partner_id, id),
    -- One digest for a channel and period (R7).
    constraint subscription_once unique (partner_id, conversation_id),
    constraint subscription_conversation foreign key (partner_id, conversation_id)
        references conversation (partner_id, id),
    constraint subscription_person foreign key (partner_id, person_id) references person (partner_id, id)
);

-- What was posted for a day. The key makes that one post, however many processes look (R8).
create table digest_run (
    partner_id uuid not null,
    subscription_id uuid not null,
    period date not null,
    -- What the message says now, in short; empty where nothing was to be said.
    said bytea not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint digest_run_key primary key (partner_id, subscription_id, period),
    constraint digest_run_subscription foreign key (partner_id, subscription_id)
        references subscription (partner_id, id) on delete cascade
);

do $$
declare t text;
begin
    foreach t in array array['subscription', 'digest_run'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format(
            'create policy partner_scope on %I to tenantry_app, tenantry_import, %I'
            ' using (partner_id = current_partner()) with check (partner_id = current_partner())', t, current_user);
    end loop;
end $$;

grant select, insert, delete, update (person_id, days, minute, zone, only_overdue, row_version, updated_at)
    on subscription to tenantry_app;
grant select, insert, update (said, updated_at) on digest_run to tenantry_app;
-- The scheduler asks first which firms have any, and sees no more of them.
create policy worker on subscription for select to tenantry_worker using (true);
grant select (partner_id) on subscription to tenantry_worker;
