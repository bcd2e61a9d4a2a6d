-- A login that owns nothing, and is only a member of these roles, can tell that the schema is the one its
-- program was made for, and starts without trying to change it (P4). The table is the migrator's own.
do $$
begin
    if to_regclass('public._sqlx_migrations') is not null then
        grant select on public._sqlx_migrations to tenantry_app, tenantry_worker, tenantry_import;
    end if;
end $$;
