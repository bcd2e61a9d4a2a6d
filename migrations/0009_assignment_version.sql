-- Every write to a tenant's assignments moves the version that assignment forms carry, whoever writes: a person,
-- an undo, the nightly feed. So no form saves over something that it did not show (C1).

create function move_assignment_version() returns trigger
    language plpgsql
as $$
begin
    update public.tenant t
        set assignment_version = t.assignment_version + 1
        where (t.partner_id, t.id) in (select partner_id, tenant_id from written);
    return null;
end $$;

create trigger move_version_inserted after insert on assignment
    referencing new table as written for each statement execute function move_assignment_version();
create trigger move_version_updated after update on assignment
    referencing new table as written for each statement execute function move_assignment_version();
create trigger move_version_deleted after delete on assignment
    referencing old table as written for each statement execute function move_assignment_version();
