-- `load.firms` firms with one person each, who looks after all of its `load.tenants` tenants: 4 services and 12
-- entitlement rows each, forecasts that have passed, and no status note.
create temporary table firm as
    select i, md5('partner-' || i)::uuid as partner_id, md5('person-' || i)::uuid as id
    from generate_series(1, current_setting('load.firms')::int) i;

insert into partner (id, name, mpn_id) select partner_id, 'Firm ' || i, i::text from firm;
insert into directory (id, partner_id) select id, partner_id from firm;
insert into person (partner_id, id, directory_id, object_id, upn, name)
    select partner_id, id, id, id, 'user' || i || '@firm.example', 'User ' || i from firm;
insert into tenant (partner_id, id, name, customer_name, search)
    select partner_id, gen_random_uuid(), 'tenant-' || i || '-' || n || '.onmicrosoft.com', 'Customer ' || n, 'customer ' || n
    from firm, generate_series(1, current_setting('load.tenants')::int) n;
insert into tenant_service (partner_id, tenant_id, service, entitlements, scenario)
    select partner_id, id, s, 305, 'ftc_ftp_led' from tenant, unnest(array['exchange', 'teams', 'sharepoint', 'intune']) s;
insert into entitlement (partner_id, id, tenant_id, service, l1, l2, entitlements, note)
    select partner_id, gen_random_uuid(), tenant_id, service, l1, '', n, 'A note'
    from tenant_service, (values ('in_progress', 100), ('blocked', 100), ('status_unknown', 105)) r (l1, n);
insert into forecast (partner_id, tenant_id, service, submitted)
    select partner_id, tenant_id, service, current_date - 300 from tenant_service;
insert into forecast_target (partner_id, tenant_id, service, milestone, target)
    select partner_id, tenant_id, service, m, current_date - 28 from forecast, unnest(array['15', '40']) m;
insert into assignment (partner_id, id, tenant_id, role, holder, scope, is_primary)
    select t.partner_id, gen_random_uuid(), t.id, 'p_rm', 'Firm ' || i, 'tenant', true from tenant t join firm using (partner_id);
insert into assignment (partner_id, id, tenant_id, role, person_id, scope, is_primary)
    select t.partner_id, gen_random_uuid(), t.id, 'p_fm', firm.id, 'tenant', true from tenant t join firm using (partner_id);
analyze;
