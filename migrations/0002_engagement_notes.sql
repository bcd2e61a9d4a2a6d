-- The notes library. A saved note is never deleted and its words are never changed: an amendment is
-- a further version, and an undone note stays as withdrawn.

create table note (
    partner_id uuid not null,
    id uuid not null,
    tenant_id uuid not null,
    category text not null,
    author_id uuid not null,
    services text[] not null default '{}',
    escalated boolean not null default false,
    -- The version whose words stand. Grows with every amendment.
    row_version bigint not null default 1,
    withdrawn_at timestamptz,
    -- The chat message that the note came from: editing that message amends the note.
    conversation_id text,
    activity_id text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint note_key primary key (partner_id, id),
    constraint note_tenant foreign key (partner_id, tenant_id) references tenant (partner_id, id),
    constraint note_author foreign key (partner_id, author_id) references person (partner_id, id),
    constraint note_from_message unique (partner_id, conversation_id, activity_id)
);
create index note_of_tenant on note (partner_id, tenant_id, created_at desc);

create table note_version (
    partner_id uuid not null,
    note_id uuid not null,
    version bigint not null,
    author_id uuid not null,
    overall_status text constraint note_version_overall_status check (overall_status in ('active', 'blocked', 'paused')),
    status_date date,
    body text not null,
    next_action text,
    next_action_date date,
    next_action_owner text,
    created_at timestamptz not null,
    constraint note_version_key primary key (partner_id, note_id, version),
    constraint note_version_note foreign key (partner_id, note_id) references note (partner_id, id),
    constraint note_version_author foreign key (partner_id, author_id) references person (partner_id, id),
    -- E: a next action comes with its date and owner, or not at all (DOMAIN 2.4).
    constraint note_version_next_action_whole check (
        (next_action is null) = (next_action_date is null) and (next_action is null) = (next_action_owner is null))
);

do $$
declare t text;
begin
    foreach t in array array['note', 'note_version'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format(
            'create policy partner_scope on %I to tenantry_app, tenantry_import, %I'
            ' using (partner_id = current_partner()) with check (partner_id = current_partner())', t, current_user);
    end loop;
end $$;

grant select, insert on note, note_version to tenantry_app;
grant update (row_version, withdrawn_at, updated_at) on note to tenantry_app;
grant select on note, note_version to tenantry_import;
grant insert on note, note_version to tenantry_import;
