-- After a restore from a backup the erasures since then are done again, by their fingerprints (G3). The key of a
-- firm's fingerprints is made by its first import, so the backup has it.

grant select on erased_person to tenantry_import;

-- A fingerprint from before the restore.
create function bury(fingerprint bytea, at timestamptz) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into erased_person (partner_id, digest, erased_at)
    values (current_partner(), fingerprint, at)
    on conflict do nothing;
end $$;

revoke all on function bury(bytea, timestamptz) from public;
grant execute on function bury(bytea, timestamptz) to tenantry_app;
