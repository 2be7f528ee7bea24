-- The demo makes a whole business in one transaction, with a past that no API would let one write, so this file may
-- write the tables of every domain. Rows come as one jsonb array a table, under the columns' names.

-- name: lock$
-- Two processes that start at once make one demo.
SELECT pg_advisory_xact_lock(hashtextextended('agendum demo', 0));

-- name: take_ids
-- Ids for rows that refer to each other before they are written.
SELECT nextval(pg_get_serial_sequence(:table_name::text, 'id')) AS id FROM generate_series(1, :count::int);

-- name: take_calendar_ids
SELECT nextval('calendar_owner_ids') AS id FROM generate_series(1, :count::int);

-- name: put_user$
-- Passwords and tokens come later, see `set_password` and `put_token`.
INSERT INTO users (name, login, email, phone, is_email_confirmed, created_at, updated_at)
VALUES (:name, :login, :email, :phone, true, :at, :at) RETURNING id;

-- name: set_password!
UPDATE users SET password_hash = :password_hash, updated_at = :at WHERE id = :id;

-- name: put_token!
INSERT INTO user_tokens (token_hash, user_id, created_at) VALUES (:token_hash, :user_id, :at);

-- name: put_partner$
INSERT INTO partners (title, token_hash, created_at) VALUES (:title, :token_hash, :at) RETURNING id;

-- name: knows_partner$
-- Whether a token opens this database: a file may lie beside another one.
SELECT EXISTS (SELECT FROM partners WHERE token_hash = :token_hash);

-- name: put_chain$
INSERT INTO chains (title, created_at, updated_at) VALUES (:title, :at, :at) RETURNING id;

-- name: put_location!
INSERT INTO locations (chain_id, id, title, public_title, short_descr, description, country_id, city_id,
                       business_type_id, currency_id, language_id, timezone, address, zip, lat, lon, phones, email, site,
                       social, schedule_text, group_priority, bookform_group_priority, created_at, updated_at)
SELECT :chain_id::bigint, id, title, public_title, short_descr, description, country_id, city_id, business_type_id,
       currency_id, language_id, timezone, address, zip, lat, lon, phones, email, site, social, schedule_text,
       group_priority, bookform_group_priority, :at::timestamptz, :at::timestamptz
  FROM jsonb_populate_record(NULL::locations, :row::jsonb);

-- name: put_location_chain!
INSERT INTO location_chains (location_id, chain_id) VALUES (:location_id, :chain_id);

-- name: put_membership!
INSERT INTO memberships (chain_id, user_id, location_id, role, rights, created_at, updated_at)
VALUES (:chain_id, :user_id, :location_id, :role, :rights, :at, :at);

-- name: put_custom_fields!
INSERT INTO custom_fields (chain_id, category, code, title, kind, choices, user_can_edit, weight, created_at, updated_at)
SELECT :chain_id::bigint, category, code, title, kind, coalesce(choices, '{}'), coalesce(user_can_edit, true),
       coalesce(weight, 0), :at::timestamptz, :at::timestamptz
  FROM jsonb_populate_recordset(NULL::custom_fields, :rows::jsonb);

-- name: put_positions!
-- A position belongs to the locations whose team has it.
WITH made AS (
    INSERT INTO positions (chain_id, id, title, created_at, updated_at)
    SELECT :chain_id::bigint, id, title, :at::timestamptz, :at::timestamptz
      FROM jsonb_populate_recordset(NULL::positions, :rows::jsonb)
)
INSERT INTO position_locations (chain_id, position_id, location_id)
SELECT :chain_id::bigint, position_id, location_id
  FROM jsonb_populate_recordset(NULL::position_locations, :places::jsonb);

-- name: put_members!
INSERT INTO team_members (chain_id, id, location_id, position_id, name, specialization, information, weight, hired_on,
                          created_at, updated_at)
SELECT :chain_id::bigint, id, location_id, position_id, name, specialization, information, weight, hired_on,
       :at::timestamptz, :at::timestamptz
  FROM jsonb_populate_recordset(NULL::team_members, :rows::jsonb);

-- name: put_categories!
INSERT INTO service_categories (chain_id, id, title, gender, is_chain, created_at, updated_at)
SELECT :chain_id::bigint, id, title, gender, true, :at::timestamptz, :at::timestamptz
  FROM jsonb_populate_recordset(NULL::service_categories, :rows::jsonb);

-- name: put_location_categories!
INSERT INTO location_categories (chain_id, location_id, category_id, weight)
SELECT :chain_id::bigint, location_id, category_id, weight
  FROM jsonb_populate_recordset(NULL::location_categories, :rows::jsonb);

-- name: put_services!
INSERT INTO services (chain_id, id, category_id, title, booking_title, comment, gender, is_chain, is_composite, seats,
                      created_at, updated_at)
SELECT :chain_id::bigint, id, category_id, title, booking_title, comment, gender, true, is_composite, seats,
       :at::timestamptz, :at::timestamptz
  FROM jsonb_populate_recordset(NULL::services, :rows::jsonb);

-- name: put_parts!
-- The parts of a bundle, in the order in which they are done.
INSERT INTO service_parts (chain_id, service_id, position, part_id)
SELECT :chain_id::bigint, :service_id::bigint, part.n - 1, part.id
  FROM unnest(:part_ids::bigint[]) WITH ORDINALITY AS part (id, n);

-- name: put_location_services!
INSERT INTO location_services (chain_id, location_id, service_id, price_min, price_max, duration, technical_break, weight)
SELECT :chain_id::bigint, location_id, service_id, price_min, price_max, duration, technical_break, weight
  FROM jsonb_populate_recordset(NULL::location_services, :rows::jsonb);

-- name: put_links!
INSERT INTO service_links (chain_id, service_id, team_member_id, duration, price)
SELECT :chain_id::bigint, service_id, team_member_id, duration, price
  FROM jsonb_populate_recordset(NULL::service_links, :rows::jsonb);

-- name: put_resources!
INSERT INTO resources (chain_id, id, location_id, title, created_at, updated_at)
SELECT :chain_id::bigint, id, location_id, title, :at::timestamptz, :at::timestamptz
  FROM jsonb_populate_recordset(NULL::resources, :rows::jsonb);

-- name: put_instances!
INSERT INTO resource_instances (chain_id, id, resource_id, title)
SELECT :chain_id::bigint, id, resource_id, title FROM jsonb_populate_recordset(NULL::resource_instances, :rows::jsonb);

-- name: put_service_resources!
INSERT INTO service_resources (chain_id, service_id, resource_id)
SELECT :chain_id::bigint, service_id, resource_id FROM jsonb_populate_recordset(NULL::service_resources, :rows::jsonb);

-- name: put_clients!
INSERT INTO clients (chain_id, id, location_id, name, surname, phone, email, gender, importance, birth_date, card,
                     comment, discount, sms_check, sms_not, is_blacklisted, custom_fields, created_at, updated_at)
SELECT :chain_id::bigint, id, :location_id::bigint, name, surname, phone, email, gender, importance, birth_date, card,
       comment, discount, sms_check, sms_not, is_blacklisted, custom_fields, created_at, updated_at
  FROM jsonb_populate_recordset(NULL::clients, :rows::jsonb);

-- name: put_booking_settings!
INSERT INTO booking_settings (chain_id, location_id, confirm_number, horizon_days, slot_step, seance_delay_step,
                              allow_change_delay, allow_delete_delay, sms_before_default, is_show_privacy_policy,
                              activity_online_record_clients_count_max)
SELECT :chain_id::bigint, :location_id::bigint, coalesce(confirm_number, false), coalesce(horizon_days, 90::smallint),
       coalesce(slot_step, 900), coalesce(seance_delay_step, 0), coalesce(allow_change_delay, 0),
       coalesce(allow_delete_delay, 0), coalesce(sms_before_default, 0::smallint),
       coalesce(is_show_privacy_policy, false), coalesce(activity_online_record_clients_count_max, 1::smallint)
  FROM jsonb_populate_record(NULL::booking_settings, :row::jsonb);

-- name: put_policy!
INSERT INTO privacy_policies (chain_id, location_id, content, updated_at)
VALUES (:chain_id, :location_id, :content, :at);

-- name: put_form$
INSERT INTO booking_forms (chain_id, location_id, title, description, is_default, steps, style, button,
                           default_language_id, language_ids, created_at, updated_at)
SELECT :chain_id::bigint, :location_id::bigint, title, description, coalesce(is_default, false), steps, style, button,
       default_language_id, language_ids, :at::timestamptz, :at::timestamptz
  FROM jsonb_populate_record(NULL::booking_forms, :row::jsonb)
RETURNING id;

-- name: put_grid!
-- Rules of start times, and the switch that makes them count.
WITH rules AS (
    INSERT INTO timeslot_rules (chain_id, location_id, weekday, timeslots, first_timeslot, last_timeslot, step,
                                nearest_delay, kind, is_flexible)
    SELECT :chain_id::bigint, :location_id::bigint, weekday, coalesce(timeslots, '{}'), coalesce(first_timeslot, 0),
           coalesce(last_timeslot, 86100), coalesce(step, 900), coalesce(nearest_delay, 0), kind,
           coalesce(is_flexible, false)
      FROM jsonb_populate_recordset(NULL::timeslot_rules, :rows::jsonb)
)
INSERT INTO timeslot_settings (chain_id, location_id, is_enabled) VALUES (:chain_id, :location_id, true);

-- name: shop^
-- What a calendar is filled from, beside the offer of online booking.
SELECT l.timezone, coalesce((SELECT b.slot_step FROM booking_settings b
                              WHERE b.chain_id = :chain_id AND b.location_id = :location_id), 900) AS slot_step,
       (SELECT coalesce(jsonb_object_agg(x.resource_id, x.ids), '{}')
          FROM (SELECT r.id AS resource_id, jsonb_agg(i.id ORDER BY i.id) AS ids
                  FROM resources r
                  JOIN resource_instances i ON i.chain_id = :chain_id AND i.resource_id = r.id AND i.deleted_at IS NULL
                 WHERE r.chain_id = :chain_id AND r.location_id = :location_id AND r.deleted_at IS NULL
                 GROUP BY r.id) AS x) AS instances,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'id', c.id, 'author', trim(c.name || ' ' || left(c.surname, 1)), 'gender', c.gender,
                   'discount', c.discount::text, 'is_blacklisted', c.is_blacklisted, 'since', c.created_at)
                 ORDER BY c.id), '[]')
          FROM clients c
         WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.deleted_at IS NULL) AS clients
  FROM locations l
 WHERE l.chain_id = :chain_id AND l.id = :location_id AND l.deleted_at IS NULL;

-- name: known_days
-- Days that somebody has already set: they stay as they are.
SELECT owner_id, date FROM days
 WHERE chain_id = :chain_id AND owner_id = ANY (:owner_ids::bigint[]) AND date >= :first::date;

-- name: taken_time
-- What is taken from then on (no busy row is longer than a day).
SELECT owner_id, starts_at, ends_at FROM busy
 WHERE chain_id = :chain_id AND location_id = :location_id AND starts_at > :since::timestamptz - interval '24 hours';

-- name: put_days!
INSERT INTO days (chain_id, owner_id, date, work, off_kind)
SELECT :chain_id::bigint, owner_id, date, work, off_kind FROM jsonb_populate_recordset(NULL::days, :rows::jsonb);

-- name: put_busy!
INSERT INTO busy (chain_id, id, location_id, owner_id, starts_at, ends_at, holder_id, kind, service_id, seats, seats_taken)
SELECT :chain_id::bigint, id, location_id, owner_id, starts_at, ends_at, holder_id, kind, service_id, seats, seats_taken
  FROM jsonb_populate_recordset(NULL::busy, :rows::jsonb);

-- name: put_visits!
INSERT INTO visits (chain_id, id, location_id, client_id, created_at)
SELECT :chain_id::bigint, id, location_id, client_id, created_at
  FROM jsonb_populate_recordset(NULL::visits, :rows::jsonb);

-- name: put_appointments!
INSERT INTO appointments (chain_id, id, location_id, visit_id, team_member_id, client_id, busy_id, starts_at, length,
                          technical_break, attendance, is_confirmed, is_online, is_member_requested, sms_before,
                          email_before, comment, source, device, from_url, booking_form_id, partner_id, created_user_id,
                          custom_color, custom_fields, created_at, updated_at, deleted_at)
SELECT :chain_id::bigint, id, location_id, visit_id, team_member_id, client_id, busy_id, starts_at, length,
       technical_break, attendance, is_confirmed, is_online, is_member_requested, sms_before, email_before, comment,
       source, device, from_url, booking_form_id, partner_id, created_user_id, custom_color, custom_fields, created_at,
       updated_at, deleted_at
  FROM jsonb_populate_recordset(NULL::appointments, :rows::jsonb);

-- name: put_appointment_services!
INSERT INTO appointment_services (chain_id, appointment_id, position, service_id, amount, length, first_cost, discount, cost)
SELECT :chain_id::bigint, appointment_id, position, service_id, amount, length, first_cost, discount, cost
  FROM jsonb_populate_recordset(NULL::appointment_services, :rows::jsonb);

-- name: put_reviews!
INSERT INTO reviews (chain_id, location_id, team_member_id, appointment_id, author, rating, text, tips_amount, created_at)
SELECT :chain_id::bigint, location_id, team_member_id, appointment_id, author, rating, text, tips_amount, created_at
  FROM jsonb_populate_recordset(NULL::reviews, :rows::jsonb);

-- name: add_ratings!
INSERT INTO team_ratings AS known (chain_id, team_member_id, votes_count, rating_sum, comments_count)
SELECT :chain_id::bigint, team_member_id, votes_count, rating_sum, comments_count
  FROM jsonb_populate_recordset(NULL::team_ratings, :rows::jsonb)
ON CONFLICT (chain_id, team_member_id) DO UPDATE
   SET votes_count = known.votes_count + excluded.votes_count, rating_sum = known.rating_sum + excluded.rating_sum,
       comments_count = known.comments_count + excluded.comments_count;

-- name: settle_visits!
-- What new visits come to: their day, whether somebody came and paid (nearly all do), and what lists show of it.
-- Of two visits of a client on one day the first is the one that others join.
WITH sums AS (
    SELECT a.visit_id, a.location_id, a.client_id, min(a.id) AS appointment_id, max(a.starts_at) AS at,
           (min(a.starts_at) AT TIME ZONE l.timezone)::date AS date,
           CASE WHEN bool_or(a.attendance = 1) THEN 1 ELSE max(a.attendance) END AS attendance,
           sum(x.cost) FILTER (WHERE a.attendance = 1) AS cost
      FROM visits v
      JOIN appointments a ON a.chain_id = :chain_id AND a.visit_id = v.id AND a.deleted_at IS NULL
      JOIN locations l ON l.chain_id = :chain_id AND l.id = a.location_id
     CROSS JOIN LATERAL (SELECT sum(s.cost) AS cost FROM appointment_services s
                          WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS x
     WHERE v.chain_id = :chain_id AND v.date IS NULL AND v.paid = 0
     GROUP BY a.visit_id, a.location_id, a.client_id, l.timezone
), settled AS (
    SELECT sums.*, CASE WHEN visit_id % 31 <> 0 THEN coalesce(cost, 0) ELSE 0 END AS paid,
           row_number() OVER (PARTITION BY location_id, client_id, date ORDER BY visit_id) = 1
           AND NOT EXISTS (SELECT FROM visits v
                            WHERE v.chain_id = :chain_id AND v.location_id = sums.location_id
                              AND v.client_id = sums.client_id AND v.date = sums.date) AS is_first
      FROM sums
), noted AS (
    UPDATE visits v SET date = CASE WHEN s.is_first THEN s.date END, attendance = s.attendance, paid = s.paid
      FROM settled s WHERE v.chain_id = :chain_id AND v.id = s.visit_id
), earned AS (
    INSERT INTO visit_payments (chain_id, location_id, visit_id, appointment_id, amount, method, created_at)
    SELECT :chain_id::bigint, location_id, visit_id, appointment_id, paid,
           CASE WHEN visit_id % 3 = 0 THEN 'cash' ELSE 'card' END, at
      FROM settled WHERE paid <> 0
)
UPDATE appointments a
   SET visit_attendance = s.attendance, paid_state = CASE WHEN s.paid <> 0 THEN 2 ELSE 0 END,
       has_instances = EXISTS (SELECT FROM busy b WHERE b.chain_id = :chain_id AND b.holder_id = a.busy_id)
  FROM settled s
 WHERE a.chain_id = :chain_id AND a.visit_id = s.visit_id AND a.deleted_at IS NULL;

-- name: put_client_sums!
-- Visits and money of every client, counted from the appointments and payments.
INSERT INTO client_stats (chain_id, client_id, location_id, visits_count, failed_visits_count, first_visit_at,
                          last_visit_at, spent, paid)
SELECT c.chain_id, c.id, c.location_id, count(*) FILTER (WHERE a.attendance = 1),
       count(*) FILTER (WHERE a.attendance = -1), min(a.starts_at) FILTER (WHERE a.attendance = 1),
       max(a.starts_at) FILTER (WHERE a.attendance = 1), coalesce(sum(x.cost) FILTER (WHERE a.attendance = 1), 0),
       (SELECT coalesce(sum(v.paid), 0) FROM visits v
         WHERE v.chain_id = :chain_id AND v.client_id = c.id AND v.paid <> 0)
  FROM clients c
  JOIN appointments a ON a.chain_id = :chain_id AND a.client_id = c.id AND a.deleted_at IS NULL AND a.attendance IN (1, -1)
 CROSS JOIN LATERAL (SELECT sum(l.cost) AS cost FROM appointment_services l
                      WHERE l.chain_id = :chain_id AND l.appointment_id = a.id) AS x
 WHERE c.chain_id = :chain_id
 GROUP BY c.chain_id, c.id
ON CONFLICT (chain_id, client_id) DO UPDATE
   SET visits_count = excluded.visits_count, failed_visits_count = excluded.failed_visits_count,
       first_visit_at = excluded.first_visit_at, last_visit_at = excluded.last_visit_at, spent = excluded.spent,
       paid = excluded.paid;

-- name: ids^
-- What an integrator may start from.
SELECT (SELECT coalesce(array_agg(id ORDER BY bookform_group_priority DESC, id), '{}') FROM locations
         WHERE chain_id = :chain_id AND deleted_at IS NULL) AS location_ids,
       (SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM team_members
         WHERE chain_id = :chain_id AND deleted_at IS NULL) AS team_member_ids,
       (SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM services
         WHERE chain_id = :chain_id AND deleted_at IS NULL) AS service_ids,
       (SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM booking_forms
         WHERE chain_id = :chain_id AND deleted_at IS NULL) AS booking_form_ids,
       (SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM clients
         WHERE chain_id = :chain_id AND deleted_at IS NULL) AS client_ids;

-- name: unreviewed_visit$
-- The last visit that took place and that nobody has reviewed: somewhere to try the review link.
SELECT a.id FROM appointments a
 WHERE a.chain_id = :chain_id AND a.attendance = 1 AND a.starts_at < :now AND a.deleted_at IS NULL
   AND NOT EXISTS (SELECT FROM reviews r WHERE r.chain_id = :chain_id AND r.appointment_id = a.id)
 ORDER BY a.starts_at DESC LIMIT 1;

-- name: analyze!
-- Fresh tables without statistics would be planned as empty ones.
ANALYZE clients, services, service_links, days, busy, visits, appointments, appointment_services, reviews;
