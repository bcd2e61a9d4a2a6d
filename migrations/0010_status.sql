-- Entitlement status is edited like everything else: images, audit and undo by the trigger (0008).

-- While a change is put back, two rows may pass through the same path.
alter table entitlement drop constraint entitlement_one_row_each;
alter table entitlement add constraint entitlement_one_row_each
    unique (partner_id, tenant_id, service, l1, l2, l3) deferrable;

create trigger keep_row_change after insert or update or delete on entitlement for each row
    when (current_user = 'tenantry_app') execute function keep_row_change();

grant insert, update, delete on entitlement to tenantry_app;
-- A person's rows add up (N1): the flag of the feed goes with them (N6).
grant update (does_not_add_up) on tenant_service to tenantry_app;

-- What was proposed for a note, and what the person made of it: for learning, of this firm alone.
create table suggestion (
    partner_id uuid not null,
    id uuid not null,
    tenant_id uuid not null,
    service text not null,
    person_id uuid not null,
    note text not null,
    -- The likeliest levels; '' where there were none.
    l1 text not null,
    l2 text not null,
    l3 text not null,
    confidence real not null constraint suggestion_confidence check (confidence between 0 and 1),
    band text not null constraint suggestion_band check (band in ('red', 'orange', 'green')),
    -- The version of what proposed it.
    model text not null,
    -- What the person did: took it, chose other levels, or nothing so far.
    outcome text not null constraint suggestion_outcome check (outcome in ('shown', 'accepted', 'overridden')),
    chosen_l1 text not null default '',
    chosen_l2 text not null default '',
    chosen_l3 text not null default '',
    created_at timestamptz not null,
    decided_at timestamptz,
    constraint suggestion_key primary key (partner_id, id),
    constraint suggestion_service foreign key (partner_id, tenant_id, service)
        references tenant_service (partner_id, tenant_id, service),
    constraint suggestion_person foreign key (partner_id, person_id) references person (partner_id, id),
    constraint suggestion_decided check ((outcome = 'shown') = (decided_at is null))
);
create index suggestion_age on suggestion (partner_id, created_at desc);

alter table suggestion enable row level security;
alter table suggestion force row level security;
do $$
begin
    execute format(
        'create policy partner_scope on suggestion to tenantry_app, tenantry_import, %I'
        ' using (partner_id = current_partner()) with check (partner_id = current_partner())', current_user);
end $$;
grant select, insert, update (outcome, chosen_l1, chosen_l2, chosen_l3, decided_at) on suggestion to tenantry_app;
