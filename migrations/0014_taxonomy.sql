-- A firm's own taxonomy (DOMAIN section 5). Without a row the shipped list holds.

-- Across all firms, so that a list is known by its version alone and none ever comes back with other content.
create sequence taxonomy_version;

create table taxonomy (
    partner_id uuid not null references partner (id),
    version bigint not null default nextval('taxonomy_version') constraint taxonomy_version_once unique,
    loaded_at timestamptz not null,
    -- The statuses with their reasons. Null: the firm went back to the shipped list.
    content jsonb,
    -- Names of nodes that earlier lists had, by path: rows that stand there stay readable.
    gone jsonb not null default '{}',
    constraint taxonomy_key primary key (partner_id)
);

alter table taxonomy enable row level security;
alter table taxonomy force row level security;
do $$
begin
    execute format(
        'create policy partner_scope on taxonomy to tenantry_app, tenantry_import, %I'
        ' using (partner_id = current_partner()) with check (partner_id = current_partner())', current_user);
end $$;
grant select on taxonomy to tenantry_app;
grant select, insert, update on taxonomy to tenantry_import;
grant usage on sequence taxonomy_version to tenantry_import;

-- Which list the open scope's firm uses; null: the shipped one, or no scope is open. For statements that open a
-- scope, so that it costs no round trip.
create function taxonomy_in_use() returns bigint
    language plpgsql volatile
as $$
begin
    if nullif(current_setting('app.partner_id', true), '') is null then
        return null;
    end if;
    return (select t.version from public.taxonomy t where t.partner_id = public.current_partner());
end $$;

revoke all on function taxonomy_in_use() from public;
grant execute on function taxonomy_in_use() to tenantry_app;
