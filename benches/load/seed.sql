-- 2,000 firms with a person and a tenant each: 5 services, 20 entitlement rows. The directory, the person and the
-- tenant of a firm share one id, so that one value varies a whole request.
create temporary table firm as
    select i, md5('partner-' || i)::uuid as partner_id, md5('tenant-' || i)::uuid as id from generate_series(0, 1999) i;

insert into partner (id, name, mpn_id) select partner_id, 'Firm ' || i, i::text from firm;
insert into directory (id, partner_id) select id, partner_id from firm;
insert into person (partner_id, id, directory_id, object_id, upn, name)
    select partner_id, id, id, id, 'user' || i || '@firm.example', 'User ' || i from firm;
insert into tenant (partner_id, id, name, customer_name, search, country, industry, status_date)
    select partner_id, id, 'tenant-' || lpad(i::text, 4, '0') || '.onmicrosoft.com',
        'Tenant ' || lpad(i::text, 4, '0') || ' Ltd', 'tenant', 'Germany', 'Retail', current_date - 3
    from firm;
insert into tenant_service (partner_id, tenant_id, service, entitlements, scenario)
    select partner_id, id, s, 1000, 'ftc_ftp_led'
    from firm, unnest(array['exchange', 'teams', 'sharepoint', 'intune', 'aadp']) s;
insert into entitlement (partner_id, id, tenant_id, service, l1, l2, l3, entitlements, note)
    select partner_id, gen_random_uuid(), tenant_id, service, l1, l2, '', n, 'A note of the usual length about this row.'
    from tenant_service, (values
        ('in_progress', 'technical_onboarding_and_deployment', 700),
        ('in_progress', 'migration', 150),
        ('blocked', 'billing_licensing_subscription', 100),
        ('status_unknown', 'new_subscription_or_workload', 50)) r (l1, l2, n);
insert into assignment (partner_id, id, tenant_id, role, holder, scope, is_primary)
    select partner_id, gen_random_uuid(), id, 'p_rm', 'Firm ' || i, 'tenant', true from firm;
insert into assignment (partner_id, id, tenant_id, role, person_id, scope, is_primary)
    select partner_id, gen_random_uuid(), id, 'p_fm', id, 'tenant', true from firm;
insert into note (partner_id, id, tenant_id, category, author_id, created_at, updated_at)
    select partner_id, gen_random_uuid(), id, 'engagement_management', id, now() - interval '3 days', now() - interval '3 days'
    from firm;
insert into note_version (partner_id, note_id, version, author_id, overall_status, status_date, body, created_at)
    select partner_id, id, 1, author_id, 'active', current_date - 3, 'A status note.', created_at from note;
analyze;
