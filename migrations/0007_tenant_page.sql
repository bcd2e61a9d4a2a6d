-- The tenant card is what people open all day: it is read whole, in one statement.

-- Everything that the card shows, for a reader whose scope is open. Rows come as columns, which is several times
-- cheaper to make and to read than JSON; their order is the reader's affair.
create function tenant_page(reader uuid, wanted uuid)
    returns table (
        id uuid, name text, customer_name text, overall_status text, status_date date, country text, industry text,
        assigned boolean, last_note timestamptz,
        services text[], totals integer[], scenarios text[],
        row_services text[], row_l1 text[], row_l2 text[], row_l3 text[], row_entitlements integer[],
        roles text[], holders text[], primaries boolean[])
    language sql stable
    begin atomic
        select
            t.id, t.name, t.customer_name, t.overall_status, t.status_date, t.country, t.industry,
            a.assigned,
            (
                select max(n.created_at)
                from note n
                where n.partner_id = t.partner_id
                    and n.tenant_id = t.id
                    and n.category = 'engagement_management'
                    and n.withdrawn_at is null
            ),
            s.services, s.totals, s.scenarios, e.services, e.l1, e.l2, e.l3, e.entitlements,
            a.roles, a.holders, a.primaries
        from tenant t
        cross join lateral (
            select
                array_agg(service) as services,
                array_agg(coalesce(override_entitlements, entitlements)) as totals,
                array_agg(scenario) as scenarios
            from tenant_service
            where partner_id = t.partner_id and tenant_id = t.id
        ) s
        cross join lateral (
            select
                array_agg(service) as services, array_agg(l1) as l1, array_agg(l2) as l2, array_agg(l3) as l3,
                array_agg(entitlements) as entitlements
            from entitlement
            where partner_id = t.partner_id and tenant_id = t.id
        ) e
        cross join lateral (
            select
                array_agg(w.role) as roles, array_agg(coalesce(p.name, w.holder)) as holders,
                array_agg(w.is_primary) as primaries,
                coalesce(bool_or(w.person_id = reader), false) as assigned
            from assignment w
            left join person p on p.partner_id = w.partner_id and p.id = w.person_id
            where w.partner_id = t.partner_id and w.tenant_id = t.id and w.role in ('p_rm', 'p_fm', 'p_fe')
        ) a
        -- Without a scope this finds nothing; row-level security, besides, raises.
        where t.partner_id = nullif(current_setting('app.partner_id', true), '')::uuid and t.id = wanted;
    end;

-- The same for a caller whose scope is not open yet: opens it for this statement's transaction (P1, P3). No row:
-- the directory belongs to no firm. No person: not on the firm's list. No id: no such tenant in this scope.
create function open_tenant_page(caller_directory uuid, caller_object uuid, wanted uuid)
    returns table (
        person_id uuid,
        id uuid, name text, customer_name text, overall_status text, status_date date, country text, industry text,
        assigned boolean, last_note timestamptz,
        services text[], totals integer[], scenarios text[],
        row_services text[], row_l1 text[], row_l2 text[], row_l3 text[], row_entitlements integer[],
        roles text[], holders text[], primaries boolean[])
    language plpgsql
as $$
#variable_conflict use_column
declare caller record;
begin
    caller := public.open_scope(caller_directory, caller_object);
    if caller.partner_id is null then
        return;
    end if;
    return query
        select caller.person_id, page.*
        from (select 1) one
        left join public.tenant_page(caller.person_id, wanted) page on caller.person_id is not null;
end $$;

grant execute on function tenant_page(uuid, uuid), open_tenant_page(uuid, uuid, uuid) to tenantry_app;
