-- The oldest waiting message of each conversation: all that may be sent. Steps from one conversation to the next, so
-- that ten thousand messages behind a throttled one cost no more than one.
create function outbox_heads()
    returns table (partner_id uuid, conversation_id text, id uuid, place bigint, not_before timestamptz)
    language sql stable
begin atomic
    with recursive head as (
        (select o.partner_id, o.conversation_id, o.id, o.place, o.not_before
         from outbox o
         where o.sent_at is null and o.dead_at is null
         order by o.partner_id, o.conversation_id, o.place
         limit 1)
        union all
        select next.partner_id, next.conversation_id, next.id, next.place, next.not_before
        from head, lateral (
            select o.partner_id, o.conversation_id, o.id, o.place, o.not_before
            from outbox o
            where o.sent_at is null and o.dead_at is null
                and (o.partner_id, o.conversation_id) > (head.partner_id, head.conversation_id)
            order by o.partner_id, o.conversation_id, o.place
            limit 1) next
    )
    select head.partner_id, head.conversation_id, head.id, head.place, head.not_before from head;
end;

-- Of no use beside outbox_order, and tempting where the planner does not know yet how much waits.
drop index outbox_due;

-- Which conversations are being written to at this moment: a handful.
create index outbox_leased on outbox (partner_id, conversation_id) where leased_until is not null;
