-- What a firm teaches the suggestions: versions of its own weights.

create index suggestion_decided on suggestion (partner_id, decided_at) where decided_at is not null;

-- Weights of hashed features, trained from this firm's decisions alone (M2). No word can be read from them.
create table suggestion_lore (
    partner_id uuid not null constraint suggestion_lore_partner references partner (id),
    id uuid not null,
    version integer not null constraint suggestion_lore_counts_from_1 check (version > 0),
    -- The version of the shipped model that it is added to; it fits no other.
    shipped text not null,
    trained_at timestamptz not null,
    -- One training a day, whoever is faster.
    trained_on date not null,
    -- Decisions that it learnt from, and that it was tried on.
    learnt integer not null,
    held_out integer not null,
    -- Of these, right before it and by it.
    right_before integer not null,
    right_after integer not null,
    state text not null constraint suggestion_lore_state check (state in ('in_use', 'retired', 'refused')),
    -- Empty where it was refused.
    weights bytea not null,
    -- Who took it into use or out of it; nobody: the nightly training.
    chosen_by uuid,
    chosen_at timestamptz,
    row_version bigint not null default 1,
    constraint suggestion_lore_key primary key (partner_id, id),
    constraint suggestion_lore_one_of_each unique (partner_id, version),
    constraint suggestion_lore_one_a_day unique (partner_id, trained_on),
    constraint suggestion_lore_chosen_by foreign key (partner_id, chosen_by) references person (partner_id, id),
    constraint suggestion_lore_chosen check ((chosen_by is null) = (chosen_at is null)),
    constraint suggestion_lore_tried check (right_before between 0 and held_out and right_after between 0 and held_out)
);
create unique index suggestion_lore_in_use on suggestion_lore (partner_id) where state = 'in_use';

alter table suggestion_lore enable row level security;
alter table suggestion_lore force row level security;
do $$
begin
    execute format(
        'create policy partner_scope on suggestion_lore to tenantry_app, tenantry_import, %I'
        ' using (partner_id = current_partner()) with check (partner_id = current_partner())', current_user);
end $$;
grant select, insert, delete, update (state, chosen_by, chosen_at, row_version) on suggestion_lore to tenantry_app;

-- The worker sees for which firm there is something to learn, and no more.
create policy worker on suggestion for select to tenantry_worker using (true);
grant select (partner_id, decided_at) on suggestion to tenantry_worker;
create policy worker on suggestion_lore for select to tenantry_worker using (true);
grant select (partner_id, trained_at, trained_on, chosen_at) on suggestion_lore to tenantry_worker;
