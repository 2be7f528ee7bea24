-- name: known_appointments
-- Of each line the client whom it means, and the appointment that it speaks of: that of its api_id (also a deleted one,
-- which is not to come back), else one of the same team member, start and client.
WITH asked AS (
    SELECT * FROM jsonb_to_recordset(:rows::jsonb) AS x (
        n int, api_id text, team_member_id bigint, starts_at timestamptz, client_phone text, client_external_id text,
        client_key text, client_name text)
), met AS MATERIALIZED (
    SELECT a.*, coalesce(
           (SELECT c.id FROM clients c
             WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.phone = a.client_phone AND c.phone <> ''
               AND c.deleted_at IS NULL),
           (SELECT c.id FROM clients c
             WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.deleted_at IS NULL AND c.id = (
                   SELECT o.client_id FROM client_origins o
                    WHERE o.chain_id = :chain_id AND o.location_id = :location_id
                      AND o.external_id = a.client_external_id)),
           (SELECT c.id FROM clients c
             WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.deleted_at IS NULL AND c.phone = ''
               AND c.id = substring(a.client_external_id FROM :own_mark::text)::bigint
               AND trim(c.name || ' ' || c.surname) = a.client_name)) AS client_id
      FROM asked a
)
SELECT m.n, m.client_id, coalesce(
       (SELECT min(i.id) FROM appointments i
         WHERE i.chain_id = :chain_id AND i.location_id = :location_id AND i.api_id = m.api_id AND i.api_id <> ''),
       (SELECT min(i.id) FROM appointments i
         WHERE i.chain_id = :chain_id AND i.location_id = :location_id AND i.starts_at = m.starts_at
           AND i.team_member_id = m.team_member_id AND i.client_id IS NOT DISTINCT FROM m.client_id
           AND (m.client_id IS NOT NULL OR m.client_key = '')
           AND (m.api_id = '' OR i.api_id = '') AND i.deleted_at IS NULL)) AS appointment_id
  FROM met m;

-- name: instances_here
-- The instances of resources, in the order in which they are filled.
SELECT i.resource_id, i.id FROM resource_instances i
 WHERE i.chain_id = :chain_id AND i.resource_id = ANY(:resource_ids::bigint[]) AND i.deleted_at IS NULL
 ORDER BY i.resource_id, i.id;

-- name: busy_within
-- What occupies these owners within a span.
SELECT id, owner_id, starts_at, ends_at, service_id, seats, seats_taken FROM busy
 WHERE chain_id = :chain_id AND owner_id = ANY(:owner_ids::bigint[]) AND starts_at < :till::timestamptz
   AND starts_at > :from_at::timestamptz - interval '24 hours' AND ends_at > :from_at::timestamptz;

-- name: next_busy_ids
SELECT nextval(pg_get_serial_sequence('busy', 'id')) AS id FROM generate_series(1, :count::int);

-- name: import_busy!
-- The time of a whole batch, whose days are locked. Written here, not by the schedule: it holds one time a statement.
INSERT INTO busy (chain_id, id, location_id, owner_id, starts_at, ends_at, kind, service_id, seats, seats_taken, holder_id,
                  is_overbooked)
SELECT :chain_id, x.id, :location_id, x.owner_id, x.starts_at, x.ends_at, 'appointment', x.service_id, x.seats,
       x.seats_taken, x.holder_id, x.is_overbooked
  FROM jsonb_to_recordset(:rows::jsonb) AS x (
       id bigint, owner_id bigint, starts_at timestamptz, ends_at timestamptz, service_id bigint, seats smallint,
       seats_taken smallint, holder_id bigint, is_overbooked bool);

-- name: import_visits!
-- One presence of a client on a local day is one visit; whoever has one that day joins it.
INSERT INTO visits (chain_id, location_id, client_id, date, created_at)
SELECT DISTINCT :chain_id::bigint, :location_id::bigint, x.client_id, x.date, :at::timestamptz
  FROM jsonb_to_recordset(:rows::jsonb) AS x (client_id bigint, date date)
 WHERE x.client_id IS NOT NULL
ON CONFLICT (chain_id, location_id, client_id, date) WHERE ended_at IS NULL DO NOTHING;

-- name: import_appointments
-- Appointments with their services, tags and trail, and, if wanted, notices of those to come. Written here and not one
-- by one by the domain of appointments: a batch of thousands is one statement. One of nobody has a visit of its own.
WITH asked AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('appointments', 'id')) AS id,
           coalesce((SELECT v.id FROM visits v
                      WHERE v.chain_id = :chain_id AND v.location_id = :location_id AND v.client_id = x.client_id
                        AND v.date = x.date AND v.ended_at IS NULL),
                    nextval(pg_get_serial_sequence('visits', 'id'))) AS visit_id, x.*
      FROM jsonb_to_recordset(:rows::jsonb) AS x (
        n int, team_member_id bigint, client_id bigint, busy_id bigint, starts_at timestamptz, date date, length int,
        technical_break int, attendance smallint, comment text, api_id text, sms_before smallint, email_before smallint,
        custom_color text, fields jsonb, tag_ids jsonb, parts jsonb, created_at timestamptz, is_past bool,
        is_overbooked bool, has_instances bool)
), lone AS (
    INSERT INTO visits (chain_id, id, location_id, date, created_at)
    SELECT :chain_id, visit_id, :location_id, date, :at::timestamptz FROM asked WHERE client_id IS NULL
), made AS (
    INSERT INTO appointments (chain_id, id, location_id, visit_id, team_member_id, client_id, busy_id, starts_at, length,
                              technical_break, attendance, comment, api_id, source, sms_before, email_before, custom_color,
                              custom_fields, is_overbooked, has_instances, has_labels, created_at, updated_at)
    SELECT :chain_id, id, :location_id, visit_id, team_member_id, client_id, busy_id, starts_at, length, technical_break,
           attendance, comment, api_id, 'import', sms_before, email_before, custom_color, fields, is_overbooked,
           has_instances, tag_ids <> '[]', created_at, :at::timestamptz
      FROM asked ORDER BY n
), lines AS (
    INSERT INTO appointment_services (chain_id, appointment_id, position, service_id, amount, length, first_cost, discount,
                                      cost)
    SELECT :chain_id, a.id, p.n, (p.part ->> 'service_id')::bigint, (p.part ->> 'amount')::int,
           (p.part ->> 'length')::int, (p.part ->> 'first_cost')::numeric, (p.part ->> 'discount')::numeric,
           (p.part ->> 'cost')::numeric
      FROM asked a CROSS JOIN LATERAL jsonb_array_elements(a.parts) WITH ORDINALITY AS p (part, n)
), tagged AS (
    INSERT INTO appointment_tags (chain_id, appointment_id, tag_id)
    SELECT :chain_id, a.id, t.id::bigint FROM asked a CROSS JOIN LATERAL jsonb_array_elements_text(a.tag_ids) AS t (id)
), noted AS (
    INSERT INTO audit_log (chain_id, location_id, entity, entity_id, request_id, after, at)
    SELECT :chain_id, :location_id, 'appointment', a.id, 'import', jsonb_build_object(
               'client_id', a.client_id, 'team_member_id', a.team_member_id, 'starts_at', a.starts_at,
               'length', a.length, 'attendance', a.attendance, 'comment', a.comment, 'services', a.parts), :at::timestamptz
      FROM asked a ORDER BY a.id
), told AS (
    INSERT INTO outbox (chain_id, kind, body, created_at)
    SELECT :chain_id, :kind, :notice::jsonb || jsonb_build_object('appointment_id', a.id, 'team_member_ids',
               jsonb_build_array(a.team_member_id), 'starts_at', a.starts_at), :at::timestamptz
      FROM asked a WHERE :tells::bool AND NOT a.is_past ORDER BY a.id
)
SELECT n, id, visit_id, client_id FROM asked;

-- name: settle_visits!
-- What appointments came to in their visits: the attendance, whether what was paid is enough.
WITH sums AS (
    SELECT a.visit_id, CASE WHEN bool_or(a.attendance = 1) THEN 1 ELSE max(a.attendance) END AS attendance,
           coalesce(sum(x.cost), 0) AS cost
      FROM appointments a
     CROSS JOIN LATERAL (SELECT sum(l.cost) AS cost FROM appointment_services l
                          WHERE l.chain_id = :chain_id AND l.appointment_id = a.id) AS x
     WHERE a.chain_id = :chain_id AND a.visit_id = ANY(:ids::bigint[]) AND a.deleted_at IS NULL
     GROUP BY a.visit_id
), settled AS (
    UPDATE visits v SET attendance = s.attendance FROM sums s
     WHERE v.chain_id = :chain_id AND v.id = s.visit_id
    RETURNING v.id, v.attendance,
              CASE WHEN v.paid <= 0 THEN 0 WHEN v.paid < s.cost THEN 1 WHEN v.paid = s.cost THEN 2 ELSE 3 END AS paid_state
)
UPDATE appointments a SET visit_attendance = s.attendance, paid_state = s.paid_state FROM settled s
 WHERE a.chain_id = :chain_id AND a.visit_id = s.id AND a.deleted_at IS NULL
   AND (a.visit_attendance, a.paid_state) IS DISTINCT FROM (s.attendance, s.paid_state::smallint);

-- name: settle_clients!
-- The sums of clients from all their appointments, of a whole batch at once.
INSERT INTO client_stats (chain_id, client_id, location_id, visits_count, failed_visits_count, first_visit_at,
                          last_visit_at, spent, paid)
SELECT :chain_id, c.id, c.location_id, count(*) FILTER (WHERE a.attendance = 1),
       count(*) FILTER (WHERE a.attendance = -1), min(a.starts_at) FILTER (WHERE a.attendance = 1),
       max(a.starts_at) FILTER (WHERE a.attendance = 1), coalesce(sum(x.cost) FILTER (WHERE a.attendance = 1), 0),
       (SELECT coalesce(sum(v.paid), 0) FROM visits v WHERE v.chain_id = :chain_id AND v.client_id = c.id)
  FROM clients c
  JOIN appointments a ON a.chain_id = :chain_id AND a.client_id = c.id AND a.deleted_at IS NULL
 CROSS JOIN LATERAL (SELECT sum(l.cost) AS cost FROM appointment_services l
                      WHERE l.chain_id = :chain_id AND l.appointment_id = a.id) AS x
 WHERE c.chain_id = :chain_id AND c.id = ANY(:ids::bigint[])
 GROUP BY c.id, c.location_id
ON CONFLICT (chain_id, client_id) DO UPDATE
   SET visits_count = excluded.visits_count, failed_visits_count = excluded.failed_visits_count,
       first_visit_at = excluded.first_visit_at, last_visit_at = excluded.last_visit_at, spent = excluded.spent,
       paid = excluded.paid;

-- name: exported_appointments
-- A page of a location's appointments, in the order of their ids, with their clients and services. Those of group events
-- belong to the events.
SELECT a.id, a.api_id, a.team_member_id, a.starts_at, a.length, a.technical_break, a.attendance, a.comment, a.sms_before,
       a.email_before, a.custom_color, a.created_at, a.custom_fields, a.client_id, c.phone AS client_phone,
       c.name AS client_name, c.surname AS client_surname, c.email AS client_email,
       (SELECT min(o.external_id) FROM client_origins o
         WHERE o.chain_id = :chain_id AND o.client_id = c.id AND o.location_id = :location_id) AS external_id,
       (SELECT jsonb_agg(jsonb_build_object('service_id', s.service_id, 'amount', s.amount, 'length', s.length,
                   'first_cost', s.first_cost::text, 'discount', s.discount::text, 'cost', s.cost::text) ORDER BY s.position)
          FROM appointment_services s WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS parts,
       (SELECT coalesce(array_agg(g.title ORDER BY g.id), '{}')
          FROM appointment_tags t JOIN tags g ON g.chain_id = :chain_id AND g.id = t.tag_id AND g.deleted_at IS NULL
         WHERE t.chain_id = :chain_id AND t.appointment_id = a.id) AS tags
  FROM appointments a
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id AND c.deleted_at IS NULL
 WHERE a.chain_id = :chain_id AND a.location_id = :location_id AND a.deleted_at IS NULL AND a.event_id IS NULL
   AND a.id > :after
 ORDER BY a.id LIMIT :count;
