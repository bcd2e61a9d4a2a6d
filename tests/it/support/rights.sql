insert into person (partner_id, id, directory_id, object_id, upn, name, is_manager) values
    ('aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-00000000001a', 'aaaaaaaa-0000-4000-8000-0000000000d1',
     'aaaaaaaa-0000-4000-8000-00000000001a', 'zoe@alpine.example', 'Zoe Marsh', false),
    ('aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-00000000001b', 'aaaaaaaa-0000-4000-8000-0000000000d1',
     'aaaaaaaa-0000-4000-8000-00000000001b', 'lea@alpine.example', 'Lea Duarte', true),
    ('aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-00000000001c', 'aaaaaaaa-0000-4000-8000-0000000000d1',
     'aaaaaaaa-0000-4000-8000-00000000001c', 'milo@alpine.example', 'Milo Vance', false);

insert into assignment (partner_id, id, tenant_id, role, person_id, scope) values
    ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000001', 'mvm',
     'aaaaaaaa-0000-4000-8000-00000000001c', 'exchange');

update tenant_service set scenario = 'ftc_css_led'
where partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'
    and tenant_id = '11111111-0000-4000-8000-000000000001'
    and service = 'teams';
