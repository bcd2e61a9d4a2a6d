-- Who is told what, and when not: a digest for those who own gaps (Q4), filters, quiet hours, tenants that rest, money
-- alerts, and the figures of each day.

-- The zone that the person's client told last: by whose clock an unordered digest comes.
alter table conversation add column zone text;

alter table subscription
    -- Nobody ordered it: it comes to whoever owns gaps, until they end it.
    add column by_default boolean not null default false,
    -- An ended one is kept, so that what nobody ordered does not begin anew.
    add column ended_at timestamptz,
    -- Only gaps of these; empty: of all.
    add column rules text[] not null default '{}',
    add column services text[] not null default '{}',
    add column tenants uuid[] not null default '{}',
    -- Nothing is posted from here until there, as minutes of the day in its zone.
    add column quiet_from smallint,
    add column quiet_until smallint,
    -- When its gaps were looked at last; null: not yet.
    add column looked_at timestamptz,
    add constraint subscription_quiet check (
        (quiet_from is null and quiet_until is null)
        or (quiet_from between 0 and 1439 and quiet_until between 0 and 1439 and quiet_from <> quiet_until));

-- What a subscription's place was told, by digest or alert. A gap that is gone is forgotten.
create table gap_told (
    partner_id uuid not null,
    subscription_id uuid not null,
    -- Tenant, rule, service and which of several of the kind.
    gap text not null,
    -- How bad it was then: 0 soon, 1 overdue, 2 long overdue.
    severity smallint not null constraint gap_told_severity check (severity between 0 and 2),
    told_at timestamptz not null,
    constraint gap_told_key primary key (partner_id, subscription_id, gap),
    constraint gap_told_subscription foreign key (partner_id, subscription_id)
        references subscription (partner_id, id) on delete cascade
);

-- A tenant that a subscription's place is not told of for a while.
create table snooze (
    partner_id uuid not null,
    subscription_id uuid not null,
    tenant_id uuid not null,
    -- The first day on which it is told of again.
    until date not null,
    person_id uuid not null,
    created_at timestamptz not null,
    constraint snooze_key primary key (partner_id, subscription_id, tenant_id),
    constraint snooze_subscription foreign key (partner_id, subscription_id)
        references subscription (partner_id, id) on delete cascade,
    constraint snooze_tenant foreign key (partner_id, tenant_id) references tenant (partner_id, id),
    constraint snooze_person foreign key (partner_id, person_id) references person (partner_id, id)
);

-- The nightly count: one for a firm and day (R8).
create table gap_sweep (
    partner_id uuid not null constraint gap_sweep_partner references partner (id),
    day date not null,
    tenants integer not null,
    swept_at timestamptz not null,
    constraint gap_sweep_key primary key (partner_id, day)
);

-- How many gaps were red that day, by whose they are and of what.
create table gap_day (
    partner_id uuid not null,
    day date not null,
    -- Null: nobody's.
    person_id uuid,
    element text not null,
    red integer not null constraint gap_day_red check (red > 0),
    constraint gap_day_sweep foreign key (partner_id, day) references gap_sweep (partner_id, day) on delete cascade
);
create index gap_day_of on gap_day (partner_id, day);

do $$
declare t text;
begin
    foreach t in array array['gap_told', 'snooze', 'gap_sweep', 'gap_day'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format(
            'create policy partner_scope on %I to tenantry_app, tenantry_import, %I'
            ' using (partner_id = current_partner()) with check (partner_id = current_partner())', t, current_user);
        execute format('grant select, insert, delete on %I to tenantry_app', t);
    end loop;
end $$;

grant update (ended_at, by_default, rules, services, tenants, quiet_from, quiet_until, looked_at)
    on subscription to tenantry_app;
grant update (severity, told_at) on gap_told to tenantry_app;
grant update (until, person_id, created_at) on snooze to tenantry_app;
-- The scheduler asks which firms have anything to look at, and sees no more of them.
create policy worker on gap_sweep for select to tenantry_worker using (true);
grant select (partner_id, day) on gap_sweep to tenantry_worker;
create policy worker on partner for select to tenantry_worker using (true);
grant select (id) on partner to tenantry_worker;
