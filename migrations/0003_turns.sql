-- What a turn leaves behind: the audit line, the answer it gave (R1), what can be undone, and the
-- messages that must still go out (R3).

-- T1: one line for every change, chained by hash for each firm. Nobody may change or remove one.
create table audit (
    partner_id uuid not null constraint audit_partner references partner (id),
    seq bigint not null,
    id uuid not null,
    at timestamptz not null,
    actor_id uuid,
    act text not null,
    subject text not null,
    subject_id text not null,
    tenant_id uuid,
    version_before bigint,
    version_after bigint,
    changed text[] not null,
    turn_id uuid not null,
    previous_hash bytea not null,
    hash bytea not null,
    constraint audit_key primary key (partner_id, seq),
    constraint audit_id_unique unique (partner_id, id)
);

create table audit_head (
    partner_id uuid constraint audit_head_key primary key
        constraint audit_head_partner references partner (id),
    seq bigint not null,
    hash bytea not null
);

-- Takes the next place in the firm's chain. Runs as the owner, so that the app role needs no right on audit_head.
create function audit_chain() returns trigger
    language plpgsql security definer
as $$
declare head public.audit_head;
begin
    insert into public.audit_head values (new.partner_id, 0, ''::bytea) on conflict do nothing;
    select * into head from public.audit_head h where h.partner_id = new.partner_id for update;
    new.seq := head.seq + 1;
    new.previous_hash := head.hash;
    new.hash := pg_catalog.sha256(head.hash || pg_catalog.convert_to(pg_catalog.concat_ws('|',
        new.seq, new.id, pg_catalog.to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), new.actor_id, new.act,
        new.subject, new.subject_id, new.tenant_id, new.version_before, new.version_after,
        pg_catalog.array_to_string(new.changed, ','), new.turn_id), 'UTF8'));
    update public.audit_head h set seq = new.seq, hash = new.hash where h.partner_id = new.partner_id;
    return new;
end $$;

create trigger audit_chain before insert on audit for each row execute function audit_chain();

create function audit_is_append_only() returns trigger
    language plpgsql
as $$
begin
    raise exception 'the audit log is append-only';
end $$;

create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();

-- R1: the answer that was given to an activity or to a form, so that a repeat gets it again and does nothing.
create table receipt (
    partner_id uuid not null constraint receipt_partner references partner (id),
    -- 'activity:<channel>/<conversation>/<activity>' or 'form:<submission id>'.
    key text not null,
    turn_id uuid not null,
    answer jsonb,
    created_at timestamptz not null default now(),
    constraint receipt_key primary key (partner_id, key)
);
create index receipt_age on receipt (created_at);

-- One write of one turn, and how to take it back. A batch is one change and is undone as one.
create table change (
    partner_id uuid not null,
    id uuid not null,
    turn_id uuid not null,
    person_id uuid not null,
    conversation_id text not null,
    tenant_id uuid not null,
    -- What to restore, as ids and versions: no words that somebody typed.
    steps jsonb not null,
    undone_at timestamptz,
    created_at timestamptz not null,
    constraint change_key primary key (partner_id, id),
    constraint change_person foreign key (partner_id, person_id) references person (partner_id, id),
    constraint change_tenant foreign key (partner_id, tenant_id) references tenant (partner_id, id)
);
create index change_latest on change (partner_id, person_id, conversation_id, created_at desc);

-- Where people and channels can be reached. The service address is the last one that the channel told us.
create table conversation (
    partner_id uuid not null constraint conversation_partner references partner (id),
    id text not null,
    kind text not null constraint conversation_kind check (kind in ('personal', 'group_chat', 'channel')),
    service_url text not null,
    directory_id uuid not null,
    bot_id text not null,
    -- Personal chat: the Teams id and object id of the person.
    user_id text,
    object_id uuid,
    team_id text,
    welcomed_at timestamptz,
    -- Not to be written to until the channel speaks to us again (R4).
    unreachable_since timestamptz,
    unreachable_reason text,
    removed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint conversation_key primary key (partner_id, id)
);

-- R3: messages that the committed turn owes. Ordered within a conversation by id (UUIDv7).
create table outbox (
    partner_id uuid not null,
    id uuid not null constraint outbox_key primary key,
    conversation_id text not null,
    errand jsonb not null,
    -- One message for one cause, whoever else thought of it too (R7).
    dedup_key text,
    attempts integer not null default 0,
    not_before timestamptz not null,
    -- Lease of the worker that sends it now (R3): a late worker with an old fence cannot settle it.
    leased_by uuid,
    leased_until timestamptz,
    fence bigint not null default 0,
    maybe_repeated boolean not null default false,
    sent_at timestamptz,
    sent_activity_id text,
    dead_at timestamptz,
    reason text,
    created_at timestamptz not null,
    constraint outbox_dedup unique (partner_id, dedup_key),
    constraint outbox_conversation foreign key (partner_id, conversation_id) references conversation (partner_id, id)
);
create index outbox_due on outbox (not_before) where sent_at is null and dead_at is null;
create index outbox_order on outbox (partner_id, conversation_id, id) where sent_at is null and dead_at is null;

create function outbox_wake() returns trigger
    language plpgsql
as $$
begin
    perform pg_catalog.pg_notify('outbox', '');
    return null;
end $$;
create trigger outbox_wake after insert on outbox for each statement execute function outbox_wake();

do $$
declare t text;
begin
    foreach t in array array['audit', 'audit_head', 'receipt', 'change', 'conversation', 'outbox'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format(
            'create policy partner_scope on %I to tenantry_app, tenantry_import, %I'
            ' using (partner_id = current_partner()) with check (partner_id = current_partner())', t, current_user);
    end loop;
    -- The worker serves every firm's queue, and sees nothing but the queue and the addresses.
    foreach t in array array['conversation', 'outbox', 'receipt'] loop
        execute format('create policy worker on %I to tenantry_worker using (true) with check (true)', t);
    end loop;
end $$;

grant select, insert on audit to tenantry_app, tenantry_import;
grant select, insert on receipt, outbox to tenantry_app;
grant update (answer) on receipt to tenantry_app;
grant select, insert, update on change to tenantry_app;
grant select, insert, update on conversation to tenantry_app;

grant select, update on outbox, conversation to tenantry_worker;
grant delete on outbox to tenantry_worker;
grant select, delete on receipt to tenantry_worker;
