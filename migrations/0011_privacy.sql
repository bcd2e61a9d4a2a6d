-- Privacy (DOMAIN 3.11): what is known of a person is found, given out and erased, within one firm (G1 to G4).

-- The firm's own key for fingerprints of people: nobody may read it, only person_digest() works with it. Two blocks of
-- the hash, an inner and an outer one, as HMAC has them.
create table privacy_key (
    partner_id uuid constraint privacy_key_key primary key constraint privacy_key_partner references partner (id),
    inner_block bytea not null,
    outer_block bytea not null,
    -- Grows with each erasure: an import that began before it begins again (see hold_erasures).
    erasures bigint not null default 0
);

-- Who asked to be erased, as fingerprints: they do not come back with a feed.
create table erased_person (
    partner_id uuid not null constraint erased_person_partner references partner (id),
    digest bytea not null,
    erased_at timestamptz not null,
    constraint erased_person_key primary key (partner_id, digest)
);

-- Y2, Y4: what somebody asked for, until when, and whether it was done.
create table privacy_request (
    partner_id uuid not null,
    id uuid not null,
    kind text not null constraint privacy_request_kind check (kind in ('export', 'erase')),
    -- Address or name of whom it is about; '' as soon as it is done.
    subject text not null,
    digest bytea not null,
    -- Who took it down, and where reminders and the outcome go.
    taker_id uuid not null,
    conversation_id text not null,
    received date not null,
    due date not null,
    -- For how many days before the due date the last reminder was.
    reminded integer,
    -- Somebody pressed Confirm: it is to be done now.
    confirmed_at timestamptz,
    confirmed_by uuid,
    done_at timestamptz,
    created_at timestamptz not null,
    constraint privacy_request_key primary key (partner_id, id),
    constraint privacy_request_taker foreign key (partner_id, taker_id) references person (partner_id, id),
    constraint privacy_request_confirmed_by foreign key (partner_id, confirmed_by) references person (partner_id, id),
    constraint privacy_request_conversation foreign key (partner_id, conversation_id)
        references conversation (partner_id, id),
    constraint privacy_request_done_says_nothing check ((done_at is null) = (subject <> ''))
);
create index privacy_request_open on privacy_request (due) where done_at is null;

-- An export that waits for its reader, for an hour (G4).
create table privacy_export (
    partner_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    content jsonb not null,
    expires_at timestamptz not null,
    constraint privacy_export_key primary key (partner_id, id),
    constraint privacy_export_person foreign key (partner_id, person_id) references person (partner_id, id)
);
create index privacy_export_age on privacy_export (expires_at);

do $$
declare t text;
begin
    foreach t in array array['privacy_key', 'erased_person', 'privacy_request', 'privacy_export'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format(
            'create policy partner_scope on %I to tenantry_app, tenantry_import, %I'
            ' using (partner_id = current_partner()) with check (partner_id = current_partner())', t, current_user);
    end loop;
end $$;

grant select, insert, update (subject, conversation_id, received, due, reminded, confirmed_at, confirmed_by, done_at)
    on privacy_request to tenantry_app;
grant select, insert, delete on privacy_export to tenantry_app;
-- Exports go with the other leftovers; the worker sees when they are due to go, and no more.
create policy worker on privacy_export to tenantry_worker using (true) with check (true);
grant select (expires_at), delete on privacy_export to tenantry_worker;
create policy worker on privacy_request for select to tenantry_worker using (true);
grant select (partner_id, due, confirmed_at, done_at) on privacy_request to tenantry_worker;

-- The fingerprint of a person in this firm. Another firm's of the same person is another one (P9).
create function person_digest(who text) returns bytea
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    own privacy_key;
begin
    insert into privacy_key (partner_id, inner_block, outer_block)
    select current_partner(), decode(inner_hex, 'hex'), decode(outer_hex, 'hex')
    from (
        select
            replace(string_agg(gen_random_uuid()::text, ''), '-', '') as inner_hex,
            replace(string_agg(gen_random_uuid()::text, ''), '-', '') as outer_hex
        from generate_series(1, 4)
    ) random
    where not exists (select from privacy_key k where k.partner_id = current_partner())
    on conflict do nothing;
    select * into strict own from privacy_key k where k.partner_id = current_partner();
    return sha256(
        own.outer_block || sha256(own.inner_block || convert_to(who, 'UTF8')));
end $$;

-- Which of these people asked to be erased.
create function erased_among(people text[]) returns setof text
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    -- Makes the key, so that hold_erasures has something to hold. A firm that is only coming has nobody erased.
    if not exists (select from partner p where p.id = current_partner()) then
        return;
    end if;
    perform person_digest('');
    if exists (select from erased_person e where e.partner_id = current_partner()) then
        return query
            select p from unnest(people) p
            where exists (
                select from erased_person e
                where e.partner_id = current_partner() and e.digest = person_digest(p));
    end if;
end $$;

-- For an import, before it commits: fails as a lost transaction when somebody was erased since its snapshot.
create function hold_erasures() returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    perform from privacy_key k where k.partner_id = current_partner() for share;
end $$;

-- The personal columns, what an erasure does with each, and whether an export gives it out. The program's list is
-- domain::personal::COLUMNS; a test holds them against each other.
create function personal_columns() returns table (kind text, field text, erasure text, exported boolean)
    language sql immutable
    begin atomic
        values
            ('assignment', 'holder', 'mark', true),
            ('confirmation', 'fields', 'forget', false),
            ('contact', 'name', 'row', true),
            ('contact', 'email', 'row', true),
            ('contact', 'title', 'strike', true),
            ('contact', 'phone', 'row', true),
            ('contact', 'role', 'strike', true),
            ('contact', 'note', 'strike', true),
            ('contact', 'do_not_call_reason', 'strike', true),
            ('contact', 'skill_type', 'strike', true),
            ('contact', 'ms_role', 'strike', true),
            ('contact', 'evidence', 'strike', true),
            ('contact', 'approved_survey', 'strike', true),
            ('conversation', 'user_id', 'empty', false),
            ('data_migration', 'rejection_note', 'strike', true),
            ('entitlement', 'note', 'strike', true),
            ('entitlement', 'owner', 'strike', true),
            ('migration_line', 'notes', 'strike', true),
            ('note_version', 'body', 'strike', true),
            ('note_version', 'next_action', 'strike', true),
            ('note_version', 'next_action_owner', 'strike', true),
            ('outbox', 'errand', 'forget', false),
            ('person', 'upn', 'empty', true),
            ('person', 'name', 'empty', true),
            ('privacy_export', 'content', 'row', false),
            ('privacy_request', 'subject', 'row', true),
            ('receipt', 'answer', 'forget', false),
            ('row_change', 'before', 'strike', true),
            ('row_change', 'after', 'strike', true),
            ('suggestion', 'note', 'strike', true);
    end;

-- Whether words hold what `pattern` finds.
create function says(words text, pattern text) returns boolean
    language sql immutable
    return words ~ pattern;

create function says(words jsonb, pattern text) returns boolean
    language sql immutable
    return exists (
        select from jsonb_path_query(words, 'strict $.** ? (@.type() == "string")') word
        where (word #>> '{}') ~ pattern);

-- The words without what `pattern` finds.
create function strike(words text, pattern text) returns text
    language sql immutable
    return regexp_replace(words, pattern, '[erased]', 'g');

create function strike(words jsonb, pattern text) returns jsonb
    language plpgsql immutable
as $$
begin
    return case pg_catalog.jsonb_typeof(words)
        when 'string' then pg_catalog.to_jsonb(public.strike(words #>> '{}', pattern))
        when 'array' then coalesce((
            select pg_catalog.jsonb_agg(public.strike(item.value, pattern) order by item.place)
            from pg_catalog.jsonb_array_elements(words) with ordinality item (value, place)), '[]')
        when 'object' then coalesce((
            select pg_catalog.jsonb_object_agg(member.key, public.strike(member.value, pattern))
            from pg_catalog.jsonb_each(words) member), '{}')
        else words
    end;
end $$;

-- A row, or the image of one, without the firm's id, which is nobody's data.
create function without_firm(image jsonb) returns jsonb
    language sql immutable
    return (
        select jsonb_object_agg(m.key, case when jsonb_typeof(m.value) = 'object' then m.value - 'partner_id' else m.value end)
        from jsonb_each(image - 'partner_id') m);

-- Every row that names a person, or that is a colleague's own doing. `rough` is the sieve before `named`.
create function personal_rows(named text, rough text, colleague uuid) returns table (kind text, image jsonb)
    language plpgsql stable
as $$
declare
    t record;
begin
    for t in
        select
            c.kind,
            string_agg(format('%1$I::text ~ $2 and public.says(%1$I, $1)', c.field), ' or ')
                || coalesce((
                    select string_agg(format(' or %I = $3', a.attname), '')
                    from pg_catalog.pg_attribute a
                    where a.attrelid = format('public.%I', c.kind)::regclass
                        and a.attname in ('person_id', 'author_id', 'taker_id')
                        and not a.attisdropped), '') as condition
        from public.personal_columns() c
        where c.exported
        group by c.kind
        order by c.kind
    loop
        return query execute format(
            'select %1$L, public.without_firm(to_jsonb(t)) from public.%1$I t'
            ' where t.partner_id = public.current_partner() and (%2$s)', t.kind, t.condition)
            using named, rough, colleague;
    end loop;
end $$;

-- Erases a person within the firm whose scope is open, and leaves the fingerprint. Says how much of what was there.
-- `named` finds the person, `beside` what means them where they are named, `hinted` what may be left of them in a copy;
-- `rough` is the sieve before these. `notice` takes the place of a message that named them.
create function erase_person(
    who text, addresses text[], names text[], named text, beside text, hinted text, rough text, notice jsonb,
    at timestamptz)
    returns jsonb
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    own constant uuid := current_partner();
    t record;
    touched bigint;
    contacts bigint;
    changes bigint;
    holders bigint;
    texts jsonb := '{}';
    people uuid[];
    accounts uuid[];
    shown jsonb;
    copies bigint;
begin
    perform person_digest(who);
    update privacy_key k set erasures = k.erasures + 1 where k.partner_id = own;

    delete from contact c where c.partner_id = own and lower(c.email) = any (addresses);
    get diagnostics contacts = row_count;

    -- The images go, and with them what an undo could bring back.
    with gone as (
        delete from row_change r
        where r.partner_id = own and r.kind = 'contact'
            and (lower(r.before ->> 'email') = any (addresses) or lower(r.after ->> 'email') = any (addresses))
        returning r.change_id
    ), closed as (
        update change c set undone_at = at
        where c.partner_id = own and c.undone_at is null and c.id in (select change_id from gone)
    )
    select count(*) into changes from gone;

    update assignment a
        set holder = '[erased ' || right(a.id::text, 6) || ']', row_version = a.row_version + 1, updated_at = at
        from partner firm
        where a.partner_id = own and firm.id = own and a.holder <> firm.name
            and (a.holder = any (names) or says(a.holder, named));
    get diagnostics holders = row_count;

    for t in
        select
            c.kind,
            string_agg(format('%1$I = strike(%1$I, $2)', c.field), ', ')
                -- A form that shows the row is out of date (C1).
                || coalesce((
                    select ', row_version = row_version + 1'
                    from pg_attribute a
                    where a.attrelid = format('public.%I', c.kind)::regclass and a.attname = 'row_version'), '') as sets,
            string_agg(format('%1$I::text ~ $3 and says(%1$I, $1)', c.field), ' or ') as condition
        from personal_columns() c
        where c.erasure = 'strike'
        group by c.kind
    loop
        execute format(
            'update %I set %s where partner_id = current_partner() and (%s)', t.kind, t.sets, t.condition)
            using named, beside, rough;
        get diagnostics touched = row_count;
        texts := texts || jsonb_build_object(t.kind, touched);
    end loop;

    select array_agg(p.id), array_agg(p.object_id) into people, accounts
        from person p where p.partner_id = own and p.upn = any (addresses);
    update person p
        set name = '[erased]', upn = 'erased-' || p.id, object_id = null, active = false, is_admin = false,
            is_manager = false, row_version = p.row_version + 1, updated_at = at
        where p.partner_id = own and p.id = any (people);
    update conversation c
        set user_id = null, object_id = null, removed_at = coalesce(c.removed_at, at)
        where c.partner_id = own and c.object_id = any (accounts);

    -- Messages that are still to be seen in Teams, so that they can be replaced there.
    select coalesce(jsonb_agg(jsonb_build_array(o.conversation_id, o.sent_activity_id)), '[]') into shown
        from outbox o
        where o.partner_id = own and o.sent_activity_id is not null and o.errand ->> 'kind' in ('send', 'reply')
            and o.errand::text ~ rough and says(o.errand, named);
    update outbox o
        set errand = jsonb_set(o.errand, '{activity}', notice)
        where o.partner_id = own and o.errand ? 'activity' and o.errand::text ~ rough and says(o.errand, hinted);
    get diagnostics copies = row_count;
    update receipt r set answer = null
        where r.partner_id = own and r.answer::text ~ rough and says(r.answer, hinted);
    get diagnostics touched = row_count;
    copies := copies + touched;
    delete from confirmation c where c.partner_id = own and says(c.fields, hinted);
    delete from privacy_export e where e.partner_id = own and says(e.content, hinted);
    update privacy_request q set subject = '', done_at = at
        where q.partner_id = own and q.done_at is null
            and (q.digest = person_digest(who) or says(q.subject, named));

    insert into erased_person (partner_id, digest, erased_at)
        select own, person_digest(someone), at
        from (select who union select unnest(addresses)) known (someone)
        on conflict do nothing;
    return jsonb_build_object(
        'contacts', contacts, 'changes', changes, 'holders', holders, 'texts', texts,
        'people', coalesce(cardinality(people), 0), 'copies', copies, 'shown', shown);
end $$;

-- The person agreed to be entered again.
create function forgive_erasure(who text) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    delete from erased_person e
    where e.partner_id = current_partner() and e.digest = person_digest(who);
end $$;

revoke all on function
    person_digest(text), erased_among(text[]), hold_erasures(), forgive_erasure(text),
    erase_person(text, text[], text[], text, text, text, text, jsonb, timestamptz) from public;
grant execute on function
    person_digest(text), erased_among(text[]), forgive_erasure(text),
    erase_person(text, text[], text[], text, text, text, text, jsonb, timestamptz) to tenantry_app;
grant execute on function erased_among(text[]), hold_erasures() to tenantry_import;
