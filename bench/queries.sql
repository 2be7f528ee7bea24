-- The benchmark's data, made where it is kept: PostgreSQL multiplies small lists into a million appointments. Every
-- statement is for an empty database; `n` counts from 0 within its kind.

-- name: weight_aside
-- What makes rows dear to write one by one (indexes beside the primary keys, exclusions, references): how to take it
-- off these tables, and how to put it back as it was, references last.
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS off,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS back,
       CASE contype WHEN 'x' THEN 1 ELSE 2 END AS turn
  FROM pg_constraint
 WHERE conrelid = ANY (:tables::text[]::regclass[]) AND contype IN ('f', 'x')
UNION ALL
SELECT format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid), 0
  FROM pg_index i
 WHERE i.indrelid = ANY (:tables::text[]::regclass[])
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
 ORDER BY turn, back;

-- name: put_partner!
INSERT INTO partners (title, token_hash, created_at) VALUES ('Benchmark', :token_hash, :at);

-- name: put_user!
WITH made AS (
    INSERT INTO users (name, login, created_at, updated_at) VALUES ('Benchmark', 'bench', :at, :at) RETURNING id
), token AS (
    INSERT INTO user_tokens (token_hash, user_id, created_at) SELECT :token_hash, id, :at FROM made
)
INSERT INTO memberships (chain_id, user_id, role, rights, created_at, updated_at)
SELECT :chain_id, id, 'owner', :rights, :at, :at FROM made;

-- name: put_chain$
INSERT INTO chains (title, created_at, updated_at) VALUES ('Benchmark', :at, :at) RETURNING id;

-- name: put_locations
-- Ids in the order of the locations.
WITH made AS (
    INSERT INTO locations (chain_id, title, public_title, address, country_id, currency_id, language_id, timezone,
                           created_at, updated_at)
    SELECT :chain_id::bigint, 'Location ' || n, 'Location ' || n, n || ' Bench Street', c.id, c.currency_id, c.lang_id,
           :timezone::text, :at::timestamptz, :at::timestamptz
      FROM generate_series(1, :count::int) AS n, countries c
     WHERE c.iso_code = 'US'
    RETURNING id
), map AS (
    INSERT INTO location_chains (location_id, chain_id) SELECT id, :chain_id::bigint FROM made
), settings AS (
    INSERT INTO booking_settings (chain_id, location_id, horizon_days, slot_step)
    SELECT :chain_id::bigint, id, 90, 900 FROM made
), forms AS (
    INSERT INTO booking_forms (chain_id, location_id, title, is_default, default_language_id, created_at, updated_at)
    SELECT :chain_id::bigint, id, 'Form', true, 2, :at::timestamptz, :at::timestamptz FROM made
)
SELECT id FROM made ORDER BY id;

-- name: put_neighbours!
-- 50 chains of one location each: whom the directory lists beside the measured one.
WITH made AS (
    INSERT INTO chains (title, created_at, updated_at)
    SELECT 'Neighbour ' || n, :at::timestamptz, :at::timestamptz FROM generate_series(1, 50) AS n
    RETURNING id, title
), places AS (
    INSERT INTO locations (chain_id, title, address, country_id, city_id, currency_id, language_id, timezone,
                           created_at, updated_at)
    SELECT made.id, made.title, 'Bench Street', c.id, 5128581, c.currency_id, c.lang_id, :timezone::text,
           :at::timestamptz, :at::timestamptz
      FROM made, countries c
     WHERE c.iso_code = 'US'
    RETURNING id, chain_id
)
INSERT INTO location_chains (location_id, chain_id) SELECT id, chain_id FROM places;

-- name: put_members
-- 20 in every location, with their number there.
WITH place AS (
    INSERT INTO positions (chain_id, title, created_at, updated_at)
    VALUES (:chain_id::bigint, 'Team member', :at::timestamptz, :at::timestamptz) RETURNING id
), made AS (
    INSERT INTO team_members (chain_id, location_id, position_id, name, specialization, weight, created_at, updated_at)
    SELECT :chain_id::bigint, l.id, place.id, 'Team Member ' || n, 'Does ' || n, 20 - n, :at::timestamptz, :at::timestamptz
      FROM place, unnest(:locations::bigint[]) AS l (id), generate_series(0, 19) AS n
    RETURNING id, location_id, weight
)
SELECT id, location_id, 20 - weight AS n FROM made ORDER BY location_id, n;

-- name: put_lists!
-- 50 of what a location lists in its settings.
WITH places AS (
    INSERT INTO positions (chain_id, title, created_at, updated_at)
    SELECT :chain_id::bigint, 'Position ' || n, :at::timestamptz, :at::timestamptz FROM generate_series(1, 49) AS n
), forms AS (
    INSERT INTO booking_forms (chain_id, location_id, title, default_language_id, created_at, updated_at)
    SELECT :chain_id::bigint, :location_id::bigint, 'Form ' || n, 2, :at::timestamptz, :at::timestamptz
      FROM generate_series(1, 49) AS n
), filled AS (
    INSERT INTO tags (chain_id, location_id, entity, title, color, font_color, created_at, updated_at)
    SELECT :chain_id::bigint, :location_id::bigint, 1 + n % 2, 'Tag ' || n, '#1c84c6', '#ffffff', :at::timestamptz, :at::timestamptz
      FROM generate_series(1, 50) AS n
)
INSERT INTO custom_fields (chain_id, location_id, category, code, title, kind, created_at, updated_at)
SELECT :chain_id::bigint, :location_id::bigint, 'client', 'field_' || n, 'Field ' || n, 'text', :at::timestamptz, :at::timestamptz
  FROM generate_series(1, 50) AS n;

-- name: put_position_links!
-- Every position can be had in every location.
INSERT INTO position_locations (chain_id, position_id, location_id)
SELECT :chain_id::bigint, p.id, l.id FROM positions p, unnest(:locations::bigint[]) AS l (id) WHERE p.chain_id = :chain_id::bigint
ON CONFLICT DO NOTHING;

-- name: put_services
-- 50 of the chain's, in 8 categories, offered everywhere; lengths go round.
WITH categories AS (
    INSERT INTO service_categories (chain_id, title, created_at, updated_at)
    SELECT :chain_id::bigint, 'Category ' || n, :at::timestamptz, :at::timestamptz FROM generate_series(0, 7) AS n
    RETURNING id, substr(title, 10)::int AS n
), offered AS (
    INSERT INTO location_categories (chain_id, location_id, category_id, weight)
    SELECT :chain_id::bigint, l.id, c.id, c.n FROM categories c, unnest(:locations::bigint[]) AS l (id)
), made AS (
    INSERT INTO services (chain_id, category_id, title, comment, created_at, updated_at)
    SELECT :chain_id::bigint, c.id, 'Service ' || s.n, 'What service ' || s.n || ' is good for.', :at::timestamptz,
           :at::timestamptz
      FROM generate_series(0, 49) AS s (n) JOIN categories c ON c.n = s.n % 8
    RETURNING id, substr(title, 9)::int AS n
), priced AS (
    INSERT INTO location_services (chain_id, location_id, service_id, price_min, price_max, duration, weight)
    SELECT :chain_id::bigint, l.id, s.id, 20 + s.n, 30 + s.n, (:minutes::int[])[1 + s.n % 4] * 60, s.n
      FROM made s, unnest(:locations::bigint[]) AS l (id)
)
SELECT id, n, (:minutes::int[])[1 + n % 4] * 60 AS seconds FROM made ORDER BY n;

-- name: put_links!
-- Who does what.
INSERT INTO service_links (chain_id, service_id, team_member_id, duration, price)
SELECT :chain_id::bigint, service_id, member_id, seconds, CASE WHEN member_id % 3 = 0 THEN 25 + seconds / 60 END
  FROM unnest(:services::bigint[], :members::bigint[], :seconds::int[]) AS x (service_id, member_id, seconds);

-- name: put_resource$
-- One kind of resource in a location, needed by these services. Gives the ids of its instances.
WITH made AS (
    INSERT INTO resources (chain_id, location_id, title, created_at, updated_at)
    VALUES (:chain_id::bigint, :location_id, :title, :at::timestamptz, :at::timestamptz) RETURNING id
), needed AS (
    INSERT INTO service_resources (chain_id, service_id, resource_id)
    SELECT :chain_id::bigint, s.id, made.id FROM made, unnest(:services::bigint[]) AS s (id)
), instances AS (
    INSERT INTO resource_instances (chain_id, resource_id, title)
    SELECT :chain_id::bigint, made.id, :title || ' ' || n FROM made, generate_series(1, :count::int) AS n
    RETURNING id
)
SELECT array_agg(id ORDER BY id) FROM instances;

-- name: put_clients$
-- Spread evenly over the locations, with some 4,000 surnames. Gives the least id.
WITH made AS (
    INSERT INTO clients (chain_id, location_id, name, surname, phone, email, gender, importance, created_at, updated_at)
    SELECT :chain_id::bigint, (:locations::bigint[])[1 + n % cardinality(:locations::bigint[])],
           (ARRAY['James', 'Maria', 'Wei', 'Priya', 'Olga', 'Ahmed', 'Chloe', 'Diego'])[1 + n / 10 % 8],
           (:surnames::text[])[1 + (hashint8(n) & 2147483647) % cardinality(:surnames::text[])],
           '1646' || lpad(n::text, 7, '0'), 'client' || n || '@example.com', n / 10 % 3, n / 10 % 4,
           :at::timestamptz, :at::timestamptz
      FROM generate_series(0, :count::int - 1) AS n
     ORDER BY n
    RETURNING id
)
SELECT min(id) FROM made;

-- name: put_client_stats!
-- What their appointments come to.
INSERT INTO client_stats (chain_id, client_id, location_id, visits_count, failed_visits_count, first_visit_at, last_visit_at,
                          spent, paid)
SELECT :chain_id::bigint, c.id, c.location_id, count(*) FILTER (WHERE a.attendance = 1),
       count(*) FILTER (WHERE a.attendance = -1), min(a.starts_at) FILTER (WHERE a.attendance = 1),
       max(a.starts_at) FILTER (WHERE a.attendance = 1), coalesce(sum(s.cost) FILTER (WHERE a.attendance = 1), 0), 0
  FROM appointments a
  JOIN appointment_services s ON s.chain_id = :chain_id::bigint AND s.appointment_id = a.id
  JOIN clients c ON c.chain_id = :chain_id::bigint AND c.id = a.client_id
 WHERE a.chain_id = :chain_id::bigint AND a.attendance IN (1, -1)
 GROUP BY c.id, c.location_id;

-- name: client_tags
SELECT id FROM tags WHERE chain_id = :chain_id AND location_id = :location_id AND entity = 1 ORDER BY id;

-- name: put_client_tags!
-- Two of the location's tags for every third client.
INSERT INTO client_tags (chain_id, client_id, tag_id)
SELECT :chain_id::bigint, c.id, t.id
  FROM clients c
  JOIN (SELECT id, location_id, row_number() OVER (ORDER BY id) AS n FROM tags
         WHERE chain_id = :chain_id::bigint AND entity = 1) t ON t.location_id = c.location_id
 WHERE c.chain_id = :chain_id::bigint AND c.id / 10 % 3 = 0 AND c.id / 30 % 12 = t.n / 2;

-- name: put_choices!
-- What each team member may be booked for, by length; and on which days of a round of eight with which instance.
CREATE TEMPORARY TABLE choices AS
SELECT * FROM unnest(:members::bigint[], :minutes::int[], :ranks::int[], :plain::text[], :special::text[], :instances::text[])
           AS x (member_id, minutes, rank, plain, special, instances);

-- name: put_plan!
-- All appointments: each day of each team member is one of the patterns. The past is cut to the wanted number, newest
-- first; whoever is on duty for a resource uses the same instance all day, so no two can want it at once.
CREATE TEMPORARY TABLE plan AS
WITH days AS (
    SELECT m.id AS member_id, m.location_id, m.place, d AS day,
           hashint8(m.id * 100003 + d) & 2147483647 AS h
      FROM generate_series(:first::int, :last::int) AS d,
           unnest(:members::bigint[], :member_locations::bigint[], :places::int[], :numbers::int[]) AS m (id, location_id, place, n)
     WHERE (d % 7 + 7 + m.n) % 7 < 5
), slots AS (
    SELECT days.*, p.start, p.minutes, hashint8(days.h::bigint * 131 + p.start) & 2147483647 AS luck
      FROM days
      JOIN unnest(:patterns::int[], :starts::int[], :minutes::int[]) AS p (pattern, start, minutes)
        ON p.pattern = days.h % :pattern_count::int
), chosen AS (
    SELECT s.*, c.plain::bigint[] AS plain, c.special::bigint[] AS special,
           CASE WHEN s.luck % 3 > 0 THEN (c.instances::bigint[])[1 + (c.rank + s.day % 8 + 8) % 8] END AS instance_id
      FROM slots s JOIN choices c ON c.member_id = s.member_id AND c.minutes = s.minutes
), numbered AS (
    SELECT *, (:today::date + day + start * interval '1 minute') AT TIME ZONE :timezone::text AS starts_at,
           row_number() OVER (PARTITION BY day < 0 ORDER BY day DESC, start DESC, member_id) AS back
      FROM chosen
)
SELECT row_number() OVER (ORDER BY starts_at, member_id) - 1 AS n, day < 0 AS is_past, location_id, member_id, instance_id,
       starts_at, minutes * 60 AS length, luck,
       least(starts_at - interval '5 days', :today::date::timestamp AT TIME ZONE :timezone::text) AS made_at,
       CASE WHEN instance_id IS NULL THEN plain[1 + luck % cardinality(plain)]
            ELSE special[1 + luck % cardinality(special)] END AS service_id,
       :least_client::bigint + place + (luck % (:clients::int / :place_count::int)) * :place_count::int AS client_id
  FROM numbered
 WHERE day >= 0 OR back <= :past::int
 ORDER BY starts_at, member_id;

-- name: cut_plan!
-- No more than so many in all: the oldest go, the others are numbered anew.
WITH cut AS (SELECT greatest(count(*) - :total::int, 0) AS n FROM plan), gone AS (
    DELETE FROM plan WHERE n < (SELECT n FROM cut)
)
UPDATE plan SET n = plan.n - cut.n FROM cut WHERE plan.n >= cut.n;

-- name: put_days!
-- Five of seven days, each team member's own, as far back as there are appointments; 9 to 13 and 13:30 to 19 o'clock.
INSERT INTO days (chain_id, owner_id, date, work)
SELECT :chain_id::bigint, m.id, :today::date + d,
       tstzmultirange(tstzrange((:today::date + d + time '09:00') AT TIME ZONE :timezone::text,
                                (:today::date + d + time '13:00') AT TIME ZONE :timezone::text),
                      tstzrange((:today::date + d + time '13:30') AT TIME ZONE :timezone::text,
                                (:today::date + d + time '19:00') AT TIME ZONE :timezone::text))
  FROM generate_series((SELECT min((starts_at AT TIME ZONE :timezone::text)::date) FROM plan) - :today::date, :last::int) AS d,
       unnest(:members::bigint[], :numbers::int[]) AS m (id, n)
 WHERE (d % 7 + 7 + m.n) % 7 < 5
 ORDER BY d, m.id;

-- name: put_visits!
INSERT INTO visits (chain_id, id, location_id, client_id, created_at)
SELECT :chain_id::bigint, n + 1, location_id, client_id, made_at FROM plan ORDER BY n;

-- name: put_busy!
-- First the team members' time, numbered as the appointments; after it the resources'.
INSERT INTO busy (chain_id, id, location_id, owner_id, starts_at, ends_at, kind)
SELECT :chain_id::bigint, n + 1, location_id, member_id, starts_at, starts_at + length * interval '1 second', 'appointment'
  FROM plan ORDER BY n;

-- name: put_resource_busy!
INSERT INTO busy (chain_id, id, location_id, owner_id, starts_at, ends_at, kind, holder_id)
SELECT :chain_id::bigint, (SELECT count(*) FROM plan) + row_number() OVER (ORDER BY n), location_id, instance_id, starts_at,
       starts_at + length * interval '1 second', 'appointment', n + 1
  FROM plan WHERE instance_id IS NOT NULL ORDER BY n;

-- name: put_appointments!
INSERT INTO appointments (chain_id, id, location_id, visit_id, team_member_id, client_id, busy_id, starts_at, length,
                          attendance, is_online, comment, created_at, updated_at)
SELECT :chain_id::bigint, n + 1, location_id, n + 1, member_id, client_id, n + 1, starts_at, length,
       CASE WHEN NOT is_past THEN 0 WHEN luck % 20 = 0 THEN -1 ELSE 1 END, luck % 2 = 0,
       CASE WHEN luck % 9 = 0 THEN 'Please call before.' ELSE '' END,
       made_at, made_at
  FROM plan ORDER BY n;

-- name: put_appointment_services!
INSERT INTO appointment_services (chain_id, appointment_id, position, service_id, length, first_cost, cost)
SELECT :chain_id::bigint, p.n + 1, 0, p.service_id, p.length, s.price_min, s.price_min
  FROM plan p
  JOIN location_services s ON s.chain_id = :chain_id AND s.location_id = p.location_id AND s.service_id = p.service_id
 ORDER BY p.n;

-- name: move_sequences!
-- The next ids come after those that were written here.
SELECT setval(pg_get_serial_sequence('visits', 'id'), (SELECT max(id) FROM visits WHERE chain_id = :chain_id)),
       setval(pg_get_serial_sequence('busy', 'id'), (SELECT max(id) FROM busy WHERE chain_id = :chain_id)),
       setval(pg_get_serial_sequence('appointments', 'id'), (SELECT max(id) FROM appointments WHERE chain_id = :chain_id));

-- name: free_slots
-- Half hours of the coming days that are free and do not touch each other, in no order.
SELECT m.location_id, m.id AS member_id, slot.starts_at
  FROM team_members m
  JOIN days d ON d.chain_id = :chain_id AND d.owner_id = m.id AND d.date BETWEEN :first::date AND :last::date
 CROSS JOIN LATERAL (
    SELECT coalesce(range_agg(tstzrange(b.starts_at, b.ends_at)), '{}') AS taken FROM busy b
     WHERE b.chain_id = :chain_id AND b.owner_id = m.id AND b.starts_at >= lower(d.work) AND b.starts_at < upper(d.work)
 ) AS day
 CROSS JOIN LATERAL unnest(d.work - day.taken) AS gap
 CROSS JOIN LATERAL generate_series(lower(gap), upper(gap) - interval '30 minutes', interval '30 minutes') AS slot (starts_at)
 WHERE m.chain_id = :chain_id
 ORDER BY hashint8(m.id * 1000003 + extract(epoch FROM slot.starts_at)::bigint)
 LIMIT :count;

-- name: density^
-- How full it is: busy rows a working day of a team member, and the share of the coming working time that is taken.
SELECT (SELECT count(*) FROM busy WHERE chain_id = :chain_id AND holder_id IS NULL)::float8
           / (SELECT count(*) FROM days WHERE chain_id = :chain_id) AS rows_a_day,
       (SELECT count(*) FROM busy WHERE chain_id = :chain_id AND holder_id IS NULL AND starts_at >= :from_at::timestamptz)::float8
           / (SELECT count(*) FROM days WHERE chain_id = :chain_id AND date >= :first::date) AS coming_rows_a_day,
       (SELECT sum(extract(epoch FROM ends_at - starts_at)) FROM busy
         WHERE chain_id = :chain_id AND holder_id IS NULL AND starts_at >= :from_at::timestamptz)::float8
           / (SELECT sum(extract(epoch FROM upper(r) - lower(r))) FROM days d, unnest(d.work) AS r
               WHERE d.chain_id = :chain_id AND d.date >= :first::date)::float8 AS taken;
