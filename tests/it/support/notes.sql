-- Notes of Contoso at Alpine, of several ages, seen from 21 November 2026 (a Saturday).
insert into note (partner_id, id, tenant_id, category, author_id, services, escalated, created_at, updated_at)
    select 'aaaaaaaa-0000-4000-8000-000000000001', n.id, '11111111-0000-4000-8000-000000000001', 'engagement_management',
        n.author, n.services, n.escalated, n.at, n.at
    from (values
        ('33333333-0000-4000-8000-000000000001'::uuid, 'aaaaaaaa-0000-4000-8000-0000000000a1'::uuid, '{}'::text[], false, '2026-11-16T09:00Z'::timestamptz),
        ('33333333-0000-4000-8000-000000000002', 'aaaaaaaa-0000-4000-8000-0000000000a1', '{}', false, '2026-10-12T09:00Z'),
        ('33333333-0000-4000-8000-000000000003', 'aaaaaaaa-0000-4000-8000-0000000000a1', '{}', true, '2026-09-12T09:00Z'),
        ('33333333-0000-4000-8000-000000000004', 'aaaaaaaa-0000-4000-8000-0000000000a2', '{}', false, '2026-11-17T09:00Z'),
        ('33333333-0000-4000-8000-000000000005', 'aaaaaaaa-0000-4000-8000-0000000000a1', '{exchange}', false, '2026-11-18T09:00Z')
    ) n (id, author, services, escalated, at);

insert into note_version (partner_id, note_id, version, author_id, overall_status, status_date, body,
        next_action, next_action_date, next_action_owner, created_at)
    select n.partner_id, n.id, 1, n.author_id, 'active', n.created_at::date, w.body,
        w.due || '', w.due::date, case when w.due is not null then 'P-FM' end, n.created_at
    from note n join (values
        ('33333333-0000-4000-8000-000000000001'::uuid, 'five days old', '2026-11-30'),
        ('33333333-0000-4000-8000-000000000002', 'forty days old', null),
        ('33333333-0000-4000-8000-000000000003', 'seventy days old', null),
        ('33333333-0000-4000-8000-000000000004', 'words of Jiri', null),
        ('33333333-0000-4000-8000-000000000005', 'words about Exchange', '2026-11-20')
    ) w (id, body, due) on w.id = n.id;
