-- What a partner edits besides notes (DOMAIN 2.5 to 2.9), and one frame for all of it: every row that a person
-- writes leaves its image before and after, and a line in the audit log. Undo, receipts and history read the images.

create table contact (
    partner_id uuid not null,
    id uuid not null,
    tenant_id uuid not null,
    contact_type text not null,
    is_engaged boolean not null default true,
    is_fasttrack boolean not null default false,
    name text not null,
    email text not null,
    -- ISO 3166, two letters; '' where unknown.
    country text not null default '',
    -- Null: nobody has decided yet.
    survey_eligible boolean,
    survey_language text not null default '',
    -- Service codes, and 'migration' (C6).
    services text[] not null default '{}',
    title text not null default '',
    phone text not null default '',
    time_zone text not null default '',
    role text not null default '',
    note text not null default '',
    do_not_call boolean not null default false,
    do_not_call_reason text not null default '',
    skill_type text not null default '',
    ms_role text not null default '',
    evidence text not null default '',
    approved_survey text not null default '',
    origin text not null default 'manual' constraint contact_origin check (origin in ('manual', 'synchronised')),
    row_version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint contact_key primary key (partner_id, id),
    constraint contact_tenant foreign key (partner_id, tenant_id) references tenant (partner_id, id),
    constraint contact_reason_only_with_the_tick check (do_not_call or do_not_call_reason = '')
);
-- One contact for each tenant, type and address (DOMAIN 2.5).
create unique index contact_once on contact (partner_id, tenant_id, contact_type, lower(email));

-- F1: without the submitted date there is no forecast. The targets are rows, because milestones are data (F10).
create table forecast (
    partner_id uuid not null,
    tenant_id uuid not null,
    service text not null,
    submitted date not null,
    row_version bigint not null default 1,
    updated_at timestamptz not null default now(),
    constraint forecast_key primary key (partner_id, tenant_id, service),
    constraint forecast_service foreign key (partner_id, tenant_id, service)
        references tenant_service (partner_id, tenant_id, service)
);

create table forecast_target (
    partner_id uuid not null,
    tenant_id uuid not null,
    service text not null,
    milestone text not null,
    target date,
    will_not_reach boolean not null default false,
    constraint forecast_target_key primary key (partner_id, tenant_id, service, milestone),
    constraint forecast_target_forecast foreign key (partner_id, tenant_id, service)
        references forecast (partner_id, tenant_id, service) deferrable,
    -- F5: a date, or the word that it will not be reached.
    constraint forecast_target_says_something check ((target is null) = will_not_reach)
);

create table data_migration (
    partner_id uuid not null,
    tenant_id uuid not null,
    service text not null,
    by_microsoft boolean not null,
    starts date,
    ends date,
    rejection_reason text not null default '',
    rejection_note text not null default '',
    row_version bigint not null default 1,
    updated_at timestamptz not null default now(),
    constraint data_migration_key primary key (partner_id, tenant_id, service),
    constraint data_migration_service foreign key (partner_id, tenant_id, service)
        references tenant_service (partner_id, tenant_id, service),
    -- M2, M6.
    constraint data_migration_whole check (
        case when by_microsoft
            then starts is not null and ends is not null and rejection_reason = '' and rejection_note = ''
            else rejection_reason <> '' and rejection_note <> ''
        end),
    constraint data_migration_in_order check (ends >= starts)
);

create table migration_line (
    partner_id uuid not null,
    tenant_id uuid not null,
    service text not null,
    type text not null,
    entitlements integer not null constraint migration_line_at_least_one check (entitlements >= 1),
    estimated date,
    size_gb integer not null default 0 constraint migration_line_size check (size_gb >= 0),
    notes text not null default '',
    status text not null default 'not_specified',
    constraint migration_line_key primary key (partner_id, tenant_id, service, type),
    constraint migration_line_migration foreign key (partner_id, tenant_id, service)
        references data_migration (partner_id, tenant_id, service) deferrable
);

-- What an assignment form carries: assignments are edited as one set for each tenant (C1).
alter table tenant add column assignment_version bigint not null default 1;

-- A batch is one change of several tenants.
alter table change alter column tenant_id drop not null;
alter table change add column act text not null default '';
-- Where it was done from: a personal chat, a group chat, a channel.
alter table change add column place text not null default '';

-- One row, as it was before and after a person's change. Null before: it was added; null after: it was removed.
create table row_change (
    partner_id uuid not null,
    place bigint generated always as identity,
    change_id uuid not null,
    tenant_id uuid not null,
    -- '' where the row belongs to the tenant as a whole.
    service text not null,
    kind text not null,
    -- The row's own key within the tenant and service, for example a contact's id or a milestone.
    subject text not null,
    before jsonb,
    after jsonb,
    constraint row_change_key primary key (partner_id, place),
    constraint row_change_change foreign key (partner_id, change_id) references change (partner_id, id),
    constraint row_change_tenant foreign key (partner_id, tenant_id) references tenant (partner_id, id)
);
create index row_change_of_change on row_change (partner_id, change_id);
create index row_change_of_tenant on row_change (partner_id, tenant_id, place desc);

-- C4: what was shown and waits for one press of Confirm, by this person, for ten minutes, once.
create table confirmation (
    partner_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    act text not null,
    fields jsonb not null,
    -- Digest of what was shown: confirming does exactly that, or asks anew.
    shown bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint confirmation_key primary key (partner_id, id),
    constraint confirmation_person foreign key (partner_id, person_id) references person (partner_id, id)
);

-- Keeps the image of a row that somebody writes, and the line of the audit log (T1). A person's write without an
-- open change is refused, so that none can go unrecorded; the nightly feed has records of its own.
create function keep_row_change() returns trigger
    language plpgsql
as $$
declare
    made public.change;
    before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    image jsonb := coalesce(after, before);
    own_key text := coalesce(image ->> 'id', image ->> 'milestone', image ->> 'type', image ->> 'service');
begin
    if coalesce(current_setting('app.change_id', true), '') = '' then
        raise exception 'a row of % is written outside of a change', tg_table_name;
    end if;
    if before is not distinct from after then
        return null;
    end if;
    select * into strict made from public.change c where c.id = current_setting('app.change_id')::uuid;
    insert into public.row_change (partner_id, change_id, tenant_id, service, kind, subject, before, after)
    values (
        made.partner_id, made.id, (image ->> 'tenant_id')::uuid,
        coalesce(image ->> 'service', ''), tg_table_name, own_key, before, after);
    insert into public.audit
        (partner_id, seq, id, at, actor_id, act, subject, subject_id, tenant_id,
         version_before, version_after, changed, turn_id, previous_hash, hash)
    values (
        made.partner_id, 0, gen_random_uuid(), made.created_at, made.person_id, made.act, tg_table_name, own_key,
        (image ->> 'tenant_id')::uuid, (before ->> 'row_version')::bigint, (after ->> 'row_version')::bigint,
        array(
            select key from jsonb_each(image) each
            where (before -> each.key) is distinct from (after -> each.key)
                and each.key not in ('partner_id', 'tenant_id', 'id', 'row_version', 'created_at', 'updated_at')
            order by key),
        made.turn_id, '', '');
    return null;
end $$;

-- What a change did to each row, whatever it did in between: the image before and after.
create view row_change_net with (security_invoker = true) as
    select
        partner_id, change_id, tenant_id, service, kind, subject,
        min(place) as place,
        max(place) as last_place,
        (array_agg(before order by place))[1] as before,
        (array_agg(after order by place desc))[1] as after
    from row_change
    group by partner_id, change_id, tenant_id, service, kind, subject;

-- The condition that finds a row of `kind` by its primary key in an image, $1.
create function own_row(kind text) returns text
    language sql stable
    begin atomic
        select string_agg(
            format('%1$I = (jsonb_populate_record(null::public.%2$I, $1)).%1$I', a.attname, kind), ' and ')
        from pg_catalog.pg_index i
        join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indisprimary and i.indrelid = format('public.%I', kind)::regclass;
    end;

-- Writes every column that the caller may write from `image` into its row.
create function put_back(kind text, image jsonb) returns void
    language plpgsql
as $$
declare columns text;
begin
    select string_agg(format('%1$I = (jsonb_populate_record(null::public.%2$I, $1)).%1$I', a.attname, kind), ', ')
        into strict columns
        from pg_catalog.pg_attribute a
        where a.attrelid = format('public.%I', kind)::regclass
            and a.attnum > 0
            and not a.attisdropped
            and has_column_privilege(a.attrelid, a.attnum, 'update');
    execute format('update public.%I set %s where %s', kind, columns, public.own_row(kind)) using image;
end $$;

-- Puts the rows of a change back as they were, the last first. False: one of them was written again since; the
-- caller drops the transaction then. Runs inside a change of its own and leaves the same records as any edit.
create function take_back(undone uuid) returns boolean
    language plpgsql
as $$
declare
    kept record;
    present jsonb;
    version bigint;
begin
    -- A row and the row that it hangs on may come back in any order.
    set constraints all deferred;
    for kept in
        select * from public.row_change_net
        where partner_id = public.current_partner() and change_id = undone
        order by last_place desc
    loop
        present := null;
        execute format('select to_jsonb(t) from public.%I t where %s for update', kept.kind, public.own_row(kept.kind))
            into present using coalesce(kept.after, kept.before);
        if present is distinct from kept.after then
            return false;
        end if;
        if kept.before is null then
            execute format('delete from public.%I where %s', kept.kind, public.own_row(kept.kind)) using kept.after;
            continue;
        end if;
        -- The version moves on: a form that shows the row as it was meanwhile is out of date.
        version := coalesce(present ->> 'row_version', kept.before ->> 'row_version')::bigint + 1;
        if version is not null then
            kept.before := jsonb_set(kept.before, '{row_version}', to_jsonb(version));
        end if;
        if present is null then
            execute format(
                'insert into public.%1$I select * from jsonb_populate_record(null::public.%1$I, $1)', kept.kind)
                using kept.before;
        else
            perform public.put_back(kept.kind, kept.before);
        end if;
    end loop;
    return true;
end $$;

do $$
declare t text;
begin
    foreach t in array array[
        'contact', 'forecast', 'forecast_target', 'data_migration', 'migration_line', 'row_change', 'confirmation'
    ] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format(
            'create policy partner_scope on %I to tenantry_app, tenantry_import, %I'
            ' using (partner_id = current_partner()) with check (partner_id = current_partner())', t, current_user);
    end loop;
    foreach t in array array[
        'contact', 'forecast', 'forecast_target', 'data_migration', 'migration_line', 'assignment', 'tenant_service'
    ] loop
        execute format(
            'create trigger keep_row_change after insert or update or delete on %I for each row'
            ' when (current_user = ''tenantry_app'') execute function keep_row_change()', t);
    end loop;
end $$;

grant select, insert, update, delete on contact, forecast, forecast_target, data_migration, migration_line to tenantry_app;
grant insert, update, delete on assignment to tenantry_app;
grant update (scenario, engagement_start, row_version, updated_at) on tenant_service to tenantry_app;
grant update (assignment_version) on tenant to tenantry_app;
grant select, insert on row_change to tenantry_app;
grant select on row_change_net to tenantry_app;
grant select, insert, delete on confirmation to tenantry_app;

grant select, insert, update, delete on contact to tenantry_import;
grant select on forecast, forecast_target, data_migration, migration_line to tenantry_import;
-- Confirmations that nobody pressed go with the other leftovers; the worker sees when, and nothing else.
create policy worker on confirmation to tenantry_worker using (true) with check (true);
grant select (expires_at), delete on confirmation to tenantry_worker;
create index confirmation_age on confirmation (expires_at);
