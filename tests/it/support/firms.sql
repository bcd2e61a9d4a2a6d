insert into partner (id, name, mpn_id) values
    ('aaaaaaaa-0000-4000-8000-000000000001', 'Alpine Cloud Partners', '4100001'),
    ('bbbbbbbb-0000-4000-8000-000000000001', 'Boreal CANARY', '4200002');

insert into directory (id, partner_id) values
    ('aaaaaaaa-0000-4000-8000-0000000000d1', 'aaaaaaaa-0000-4000-8000-000000000001'),
    ('bbbbbbbb-0000-4000-8000-0000000000d1', 'bbbbbbbb-0000-4000-8000-000000000001');

insert into person (partner_id, id, directory_id, object_id, upn, name, is_admin, is_manager) values
    ('aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-0000000000a1', 'aaaaaaaa-0000-4000-8000-0000000000d1',
     'aaaaaaaa-0000-4000-8000-00000000000a', 'ann@alpine.example', 'Ann Okafor', false, false),
    ('aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-0000000000a2', 'aaaaaaaa-0000-4000-8000-0000000000d1',
     'aaaaaaaa-0000-4000-8000-00000000000b', 'jiri@alpine.example', 'Jiří Novák', false, false),
    ('aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-0000000000a3', 'aaaaaaaa-0000-4000-8000-0000000000d1',
     'aaaaaaaa-0000-4000-8000-00000000000c', 'meg@alpine.example', 'Meg Bowen', true, true),
    ('bbbbbbbb-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-0000000000a1', 'bbbbbbbb-0000-4000-8000-0000000000d1',
     'bbbbbbbb-0000-4000-8000-00000000000a', 'bob@boreal.example', 'Bob CANARY', true, true);

insert into tenant (partner_id, id, name, customer_name, aliases, search, overall_status, status_date) values
    ('aaaaaaaa-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000001', 'contoso.onmicrosoft.com', 'Contoso', '{}',
     E'contoso\ncontoso onmicrosoft com', 'blocked', '2026-11-01'),
    ('aaaaaaaa-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000002', 'contosopharma.onmicrosoft.com', 'Contoso Pharmaceuticals', '{}',
     E'contoso pharmaceuticals\ncontosopharma onmicrosoft com', 'active', null),
    ('aaaaaaaa-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000003', 'fabrikam.onmicrosoft.com', 'Fabrikam', '{FBK}',
     E'fabrikam\nfabrikam onmicrosoft com\nfbk', 'active', null),
    ('aaaaaaaa-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000004', 'northwind.onmicrosoft.com', 'Northwind Traders', '{}',
     E'northwind traders\nnorthwind onmicrosoft com', 'active', null),
    ('bbbbbbbb-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000001', 'contoso.onmicrosoft.com', 'Contoso CANARY', '{}',
     E'contoso canary\ncontoso onmicrosoft com', 'paused', '2026-11-02'),
    ('bbbbbbbb-0000-4000-8000-000000000001', '22222222-0000-4000-8000-000000000001', 'secret.onmicrosoft.com', 'Secret CANARY', '{}',
     E'secret canary\nsecret onmicrosoft com', 'active', null);

insert into tenant_service (partner_id, tenant_id, service, entitlements, scenario)
    select partner_id, id, s.service, 305, 'ftc_ftp_led'
    from tenant, (values ('exchange'), ('teams')) s (service);

insert into entitlement (partner_id, id, tenant_id, service, l1, l2, l3, entitlements, note)
    select partner_id, gen_random_uuid(), tenant_id, service, l1, l2, '', count, 'A note'
    from tenant_service, (values
        ('in_progress', 'technical_onboarding_and_deployment', 300),
        ('blocked', 'billing_licensing_subscription', 5)) r (l1, l2, count);

insert into cpor_claim (partner_id, tenant_id, service, partner_name, mpn_id)
    select s.partner_id, s.tenant_id, s.service, p.name, p.mpn_id
    from tenant_service s join partner p on p.id = s.partner_id;

insert into assignment (partner_id, id, tenant_id, role, holder, scope, is_primary)
    select t.partner_id, gen_random_uuid(), t.id, 'p_rm', p.name, 'tenant', true
    from tenant t join partner p on p.id = t.partner_id;

insert into assignment (partner_id, id, tenant_id, role, person_id, scope, is_primary) values
    ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000001', 'p_fm', 'aaaaaaaa-0000-4000-8000-0000000000a1', 'tenant', true),
    ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000002', 'p_fm', 'aaaaaaaa-0000-4000-8000-0000000000a1', 'tenant', true),
    ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000003', 'p_fm', 'aaaaaaaa-0000-4000-8000-0000000000a1', 'exchange', true),
    ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000001', 'p_fe', 'aaaaaaaa-0000-4000-8000-0000000000a2', 'teams', false),
    ('bbbbbbbb-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000001', 'p_fm', 'bbbbbbbb-0000-4000-8000-0000000000a1', 'tenant', true),
    ('bbbbbbbb-0000-4000-8000-000000000001', gen_random_uuid(), '22222222-0000-4000-8000-000000000001', 'p_fm', 'bbbbbbbb-0000-4000-8000-0000000000a1', 'tenant', true);

insert into note (partner_id, id, tenant_id, category, author_id, created_at, updated_at)
    select partner_id, gen_random_uuid(), id, 'engagement_management', 'bbbbbbbb-0000-4000-8000-0000000000a1', '2026-11-02T09:00:00Z', '2026-11-02T09:00:00Z'
    from tenant where partner_id = 'bbbbbbbb-0000-4000-8000-000000000001';

insert into note_version (partner_id, note_id, version, author_id, overall_status, status_date, body, created_at)
    select partner_id, id, 1, author_id, 'paused', '2026-11-02', 'CANARY words of the competitor', created_at from note;

insert into contact (partner_id, id, tenant_id, contact_type, name, email, country, survey_eligible, survey_language, services)
    select partner_id, 'bbbbbbbb-0000-4000-8000-0000000000c1', id, 'customer', 'Carol CANARY', 'carol@canary.example', 'US', true, 'en', '{exchange}'
    from tenant where id = '22222222-0000-4000-8000-000000000001';
