-- name: write_at_once^
-- function
-- A plain appointment in one round trip: its days locked, its time held, its client found or made, it written. Each step
-- is a statement with a snapshot of its own, so the time is judged by what was committed when its days were locked.
-- All null where the time is not to be had. An error undoes it all where it is not plain: the steps taken one by one
-- then say what is to be done.
(
    chain_id bigint, location_id bigint, team_member_id bigint, starts_at timestamptz, ends_at timestamptz, date date,
    dates date[], service_id bigint, seats int,
    instance_ids text, instance_from text, instance_till text,
    INOUT client_id bigint, phone text, name text, surname text, email text, client_kind text, client_notice jsonb,
    may_add_client bool, may_be_blacklisted bool, wants_card bool,
    event_id bigint, clients_count int, length int, technical_break int, is_online bool, is_member_requested bool,
    sms_before int, email_before int, comment text, api_id text, source text, device int, from_url text,
    booking_form_id bigint, partner_id bigint, created_user_id bigint, custom_fields jsonb, attendance int,
    custom_color text, is_overbooked bool, has_instances bool,
    service_ids bigint[], amounts int[], lengths int[], first_costs numeric[], discounts numeric[], costs numeric[],
    kind text, notice jsonb, author_user_id bigint, author_partner_id bigint, request_id text, after jsonb, at timestamptz,
    OUT appointment_id bigint, OUT visit_id bigint, OUT is_joined bool, OUT busy_id bigint, OUT card jsonb
)
DECLARE
    is_blacklisted bool;
    is_new bool := false;
    has_email bool;
BEGIN
    IF (SELECT count(*) FROM (
        -- quote: schedule.lock_own_days
    ) AS locked) < cardinality(:dates) THEN
        RAISE EXCEPTION 'a day has no row that could be locked';
    END IF;

    -- quote: schedule.hold
    INTO busy_id;
    IF :busy_id IS NULL THEN
        RETURN;
    END IF;

    IF :name <> '' THEN
        -- quote: clients.known_client
        INTO client_id, is_blacklisted, has_email;
        IF :client_id IS NULL OR NOT has_email AND :email <> '' THEN
            -- quote: clients.find_or_make_client
            INTO client_id, is_blacklisted, is_new;
        END IF;
        IF :client_id IS NULL OR is_blacklisted AND NOT :may_be_blacklisted OR is_new AND NOT :may_add_client THEN
            RAISE EXCEPTION 'the client needs a second look';
        END IF;
    END IF;

    -- quote: create_appointment
    INTO appointment_id, visit_id, is_joined;
    IF :is_joined THEN
        -- quote: settle_visit
        ;
    END IF;

    IF :wants_card THEN
        SELECT to_jsonb(shown) FROM (
            -- quote: client_cards
        ) AS shown
        WHERE shown.client_id = :client_id
        INTO card;
    END IF;
END

-- name: client_cards
-- Living clients of the chain as they are shown beside an appointment; whoever quotes it says which.
SELECT c.id AS client_id, c.name, c.surname, c.middle_name, c.phone, c.card, c.email, c.comment AS client_comment,
       c.discount::text AS client_discount, c.gender, c.birth_date, nullif(c.custom_fields, '{}')::text AS client_fields,
       t.visits_count, t.failed_visits_count,
       CASE WHEN EXISTS (SELECT FROM client_tags x WHERE x.chain_id = :chain_id AND x.client_id = c.id) THEN (
           SELECT json_agg(json_build_object('id', g.id, 'title', g.title, 'color', g.color, 'icon', g.icon,
                                             'font_color', g.font_color) ORDER BY g.id)::text
             FROM client_tags x JOIN tags g ON g.chain_id = :chain_id AND g.id = x.tag_id AND g.deleted_at IS NULL
            WHERE x.chain_id = :chain_id AND x.client_id = c.id) END AS client_tags
  FROM clients c
  LEFT JOIN client_stats t ON t.chain_id = :chain_id AND t.client_id = c.id
 WHERE c.chain_id = :chain_id AND c.deleted_at IS NULL;
