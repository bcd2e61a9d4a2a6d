-- Who may see what. Every table of a partner firm carries partner_id, and row-level security is
-- forced on it, so that a statement which forgets the firm finds nothing (P2-P4).
--
-- The program logs in once and then takes one of three roles. None of them owns anything:
--   tenantry_app     answers people, always inside one firm's scope
--   tenantry_worker  sends the outbox; sees the queue and the addresses, nothing else
--   tenantry_import  brings the nightly feed in, one firm's scope at a time

do $$
declare role_name text;
begin
    foreach role_name in array array['tenantry_app', 'tenantry_worker', 'tenantry_import'] loop
        begin
            execute format('create role %I nologin', role_name);
        exception when duplicate_object or unique_violation then null;
        end;
        -- A login that is no superuser may only take a role that it is a member of.
        if not (select rolsuper from pg_roles where rolname = current_user) then
            execute format('grant %I to %I', role_name, current_user);
        end if;
    end loop;
end $$;

create extension if not exists pg_trgm;

-- The firm whose rows this transaction may touch. Raises when nobody has opened a scope.
create function current_partner() returns uuid
    language sql stable parallel safe
    return current_setting('app.partner_id')::uuid;

create table partner (
    id uuid constraint partner_key primary key,
    name text not null,
    mpn_id text not null constraint partner_mpn_id_unique unique,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- Which Entra directory belongs to which firm (P1). The only table without a scope, because it is
-- what a scope is found by; the app role cannot read it but through open_scope.
create table directory (
    id uuid constraint directory_key primary key,
    partner_id uuid not null constraint directory_partner references partner (id),
    created_at timestamptz not null default now()
);

create table person (
    partner_id uuid not null constraint person_partner references partner (id),
    id uuid not null,
    directory_id uuid not null constraint person_directory references directory (id),
    -- The person's Entra object id: what signs them in. Null: can be assigned, cannot sign in.
    object_id uuid,
    upn text not null,
    name text not null,
    is_admin boolean not null default false,
    is_manager boolean not null default false,
    active boolean not null default true,
    row_version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint person_key primary key (partner_id, id),
    constraint person_sign_in unique (partner_id, directory_id, object_id),
    constraint person_upn unique (partner_id, upn)
);

-- Opens the scope of the firm that owns the caller's directory, for this transaction only, and says who the caller
-- is there. No partner: the directory belongs to no firm. No person: not on the firm's list.
create function open_scope(
    caller_directory uuid, caller_object uuid,
    out partner_id uuid, out person_id uuid, out name text, out is_admin boolean, out is_manager boolean)
    language plpgsql security definer
as $$
begin
    select d.partner_id into open_scope.partner_id from public.directory d where d.id = caller_directory;
    if open_scope.partner_id is null then
        return;
    end if;
    perform pg_catalog.set_config('app.partner_id', open_scope.partner_id::text, true);
    select p.id, p.name, p.is_admin, p.is_manager
        into open_scope.person_id, open_scope.name, open_scope.is_admin, open_scope.is_manager
        from public.person p
        where p.partner_id = open_scope.partner_id
            and p.directory_id = caller_directory
            and p.object_id = caller_object
            and p.active;
end $$;

revoke all on function open_scope(uuid, uuid) from public;
grant execute on function open_scope(uuid, uuid) to tenantry_app;

create table tenant (
    partner_id uuid not null constraint tenant_partner references partner (id),
    -- The customer's own directory id. Two firms may both have it: two rows, nothing shared (P9).
    id uuid not null,
    name text not null,
    customer_name text not null,
    tpid bigint,
    aliases text[] not null default '{}',
    domains text[] not null default '{}',
    -- Lower case without accents: names, aliases and domains, as the search compares them.
    search text not null,
    active boolean not null default true,
    overall_status text not null default 'active'
        constraint tenant_overall_status check (overall_status in ('active', 'blocked', 'paused')),
    status_date date,
    seats integer constraint tenant_seats check (seats >= 0),
    eligibility text,
    industry text,
    country text,
    region text,
    priority text constraint tenant_priority check (priority in ('high', 'medium', 'low')),
    row_version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint tenant_key primary key (partner_id, id),
    constraint tenant_name_unique unique (partner_id, name)
);

create table tenant_service (
    partner_id uuid not null,
    tenant_id uuid not null,
    service text not null,
    entitlements integer not null constraint tenant_service_entitlements check (entitlements >= 0),
    -- Replaces the reported number where present (DOMAIN 2.2).
    override_entitlements integer constraint tenant_service_override check (override_entitlements >= 0),
    active_users integer constraint tenant_service_active_users check (active_users >= 0),
    scenario text not null default 'customer_led_ftp_assist',
    engagement_start date,
    phase text,
    -- The rows do not add up since the feed lowered the total (N6).
    does_not_add_up boolean not null default false,
    row_version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint tenant_service_key primary key (partner_id, tenant_id, service),
    constraint tenant_service_tenant foreign key (partner_id, tenant_id) references tenant (partner_id, id)
);

-- How a service's entitlements are split (N1). l2 and l3 are '' where the level has no choice.
create table entitlement (
    partner_id uuid not null,
    id uuid not null,
    tenant_id uuid not null,
    service text not null,
    l1 text not null,
    l2 text not null default '',
    l3 text not null default '',
    entitlements integer not null constraint entitlement_at_least_one check (entitlements >= 1),
    note text not null,
    target_date date,
    owner text,
    next_action_date date,
    row_version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint entitlement_key primary key (partner_id, id),
    constraint entitlement_service foreign key (partner_id, tenant_id, service)
        references tenant_service (partner_id, tenant_id, service),
    constraint entitlement_one_row_each unique (partner_id, tenant_id, service, l1, l2, l3)
);

create table cpor_claim (
    partner_id uuid not null,
    tenant_id uuid not null,
    service text not null,
    partner_name text,
    mpn_id text,
    partner_tenant_id uuid,
    state text,
    claimed_on date,
    updated_at timestamptz not null default now(),
    constraint cpor_claim_key primary key (partner_id, tenant_id, service),
    constraint cpor_claim_service foreign key (partner_id, tenant_id, service)
        references tenant_service (partner_id, tenant_id, service)
);

-- Who works on what. The holder is a person of the firm, or a firm or queue by name (RM roles).
create table assignment (
    partner_id uuid not null,
    id uuid not null,
    tenant_id uuid not null,
    role text not null,
    person_id uuid,
    holder text,
    -- 'tenant' or a service code (A3).
    scope text not null,
    is_primary boolean not null default false,
    row_version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint assignment_key primary key (partner_id, id),
    constraint assignment_tenant foreign key (partner_id, tenant_id) references tenant (partner_id, id),
    constraint assignment_person foreign key (partner_id, person_id) references person (partner_id, id),
    constraint assignment_one_holder check ((person_id is null) <> (holder is null))
);
-- A4: at most one primary for each tenant, scope and role.
create unique index assignment_one_primary on assignment (partner_id, tenant_id, scope, role) where is_primary;
create unique index assignment_person_once on assignment (partner_id, tenant_id, role, scope, person_id)
    where person_id is not null;
create unique index assignment_holder_once on assignment (partner_id, tenant_id, role, scope, holder)
    where holder is not null;
create index assignment_of_person on assignment (partner_id, person_id, tenant_id);

do $$
declare t text;
begin
    execute 'alter table partner enable row level security';
    execute 'alter table partner force row level security';
    execute format(
        'create policy partner_scope on partner to tenantry_app, tenantry_import, %I'
        ' using (id = current_partner()) with check (id = current_partner())', current_user);
    foreach t in array array['person', 'tenant', 'tenant_service', 'entitlement', 'cpor_claim', 'assignment'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format(
            'create policy partner_scope on %I to tenantry_app, tenantry_import, %I'
            ' using (partner_id = current_partner()) with check (partner_id = current_partner())', t, current_user);
    end loop;
end $$;

grant select on partner, person, tenant, tenant_service, entitlement, cpor_claim, assignment to tenantry_app;
grant update (overall_status, status_date, row_version, updated_at) on tenant to tenantry_app;

grant select, insert, update on partner, directory, person, tenant, tenant_service to tenantry_import;
grant select, insert, update, delete on entitlement, cpor_claim, assignment to tenantry_import;
