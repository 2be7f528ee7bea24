-- name: create_appointment^
-- An appointment with its services, its visit unless it joins one, and its notice: one statement, because bookings are
-- the busiest write there is.
WITH visit AS (
    INSERT INTO visits (chain_id, location_id, client_id, created_at)
    SELECT :chain_id, :location_id, :client_id, :at::timestamptz WHERE :visit_id::bigint IS NULL
    RETURNING id
), appointment AS (
    INSERT INTO appointments (
        chain_id, location_id, visit_id, team_member_id, client_id, busy_id, event_id, clients_count, starts_at, length,
        technical_break, is_online, is_member_requested, sms_before, email_before, comment, api_id, source, device, from_url,
        booking_form_id, partner_id, created_user_id, custom_fields, created_at, updated_at)
    SELECT :chain_id, :location_id, coalesce(:visit_id::bigint, (SELECT id FROM visit)), :team_member_id, :client_id,
           :busy_id, :event_id, :clients_count, :starts_at::timestamptz, :length, :technical_break, :is_online, :is_member_requested, :sms_before,
           :email_before, :comment, :api_id, :source, :device, :from_url, :booking_form_id, :partner_id,
           :created_user_id, :custom_fields::jsonb, :at::timestamptz, :at::timestamptz
    RETURNING id, visit_id
), lines AS (
    INSERT INTO appointment_services (chain_id, appointment_id, position, service_id, amount, length, first_cost, discount,
                                      cost)
    SELECT :chain_id, appointment.id, line.n, line.service_id, :clients_count, line.length, line.first_cost, line.discount, line.cost
      FROM appointment,
           unnest(:service_ids::bigint[], :lengths::int[], :first_costs::numeric[], :discounts::numeric[], :costs::numeric[])
               WITH ORDINALITY AS line (service_id, length, first_cost, discount, cost, n)
), told AS (
    INSERT INTO outbox (chain_id, kind, body, created_at)
    SELECT :chain_id, :kind, :notice::jsonb || jsonb_build_object('appointment_id', appointment.id), :at::timestamptz
      FROM appointment
)
SELECT id, visit_id FROM appointment;

-- name: chain_of_appointment$
-- across chains: a path that names the appointment alone finds its tenant first.
SELECT chain_id FROM appointments WHERE id = :id;

-- name: lock_appointment^
-- The appointment that is about to change, with what is needed to judge whether it may.
SELECT a.id, a.location_id, a.visit_id, a.team_member_id, a.client_id, a.busy_id, a.starts_at, a.length,
       a.technical_break, a.comment, a.deleted_at, a.event_id, a.clients_count, a.is_member_requested, c.phone AS client_phone,
       (SELECT array_agg(s.service_id ORDER BY s.position) FROM appointment_services s
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS service_ids
  FROM appointments a
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
 WHERE a.chain_id = :chain_id AND a.id = :id
   FOR UPDATE OF a;

-- name: move_appointment!
UPDATE appointments SET starts_at = :starts_at, busy_id = :busy_id, comment = coalesce(:comment::text, comment), updated_at = :at
 WHERE chain_id = :chain_id AND id = :id;

-- name: comment_appointment!
UPDATE appointments SET comment = :comment, updated_at = :at WHERE chain_id = :chain_id AND id = :id;

-- name: free_appointment!
-- Take the appointment off its time, before that time is given back.
UPDATE appointments SET busy_id = NULL WHERE chain_id = :chain_id AND id = :id;

-- name: delete_appointment!
-- Kept, so that the books and the client's history stay whole.
UPDATE appointments SET deleted_at = :at, updated_at = :at, busy_id = NULL WHERE chain_id = :chain_id AND id = :id;

-- name: client_view
-- Appointments as their client sees them: services, location, team member.
SELECT a.id, a.starts_at, a.created_at, a.updated_at, a.length, a.technical_break, a.comment, a.attendance,
       a.sms_before, a.email_before, a.is_member_requested, a.is_online, a.api_id, a.clients_count, a.custom_fields,
       a.visit_id, a.event_id, a.booking_form_id, a.source, a.from_url, a.device,
       a.deleted_at IS NOT NULL AS is_deleted,
       l.id AS location_id, l.title AS location_title, l.country_id, co.full_title AS country, l.city_id, ci.title AS city, l.phones,
       l.timezone, l.address, l.lat, l.lon, l.site, cu.iso AS currency,
       coalesce(b.allow_change, true) AS allow_change, coalesce(b.allow_change_delay, 0) AS allow_change_delay,
       coalesce(b.allow_delete, true) AS allow_delete, coalesce(b.allow_delete_delay, 0) AS allow_delete_delay,
       m.id AS member_id, m.name AS member_name, m.specialization, m.show_rating, m.avatar, p.id AS position_id,
       p.title AS position_title, r.votes_count, r.rating_sum, r.comments_count,
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', s.service_id, 'title', coalesce(nullif(sv.booking_title, ''), sv.title), 'amount', s.amount,
                   'length', s.length, 'first_cost', s.first_cost::text, 'discount', s.discount::text, 'cost', s.cost::text,
                   'price_min', coalesce(ls.price_min, s.first_cost)::text, 'price_max', coalesce(ls.price_max, s.first_cost)::text,
                   'prepaid', coalesce(ls.prepaid, 'forbidden')) ORDER BY s.position)
          FROM appointment_services s
          JOIN services sv ON sv.chain_id = :chain_id AND sv.id = s.service_id
          LEFT JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.service_id
                                        AND ls.location_id = a.location_id
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS services
  FROM appointments a
  JOIN locations l ON l.chain_id = :chain_id AND l.id = a.location_id
  JOIN countries co ON co.id = l.country_id
  JOIN currencies cu ON cu.id = l.currency_id
  LEFT JOIN cities ci ON ci.id = l.city_id
  LEFT JOIN booking_settings b ON b.chain_id = :chain_id AND b.location_id = a.location_id
  JOIN team_members m ON m.chain_id = :chain_id AND m.id = a.team_member_id
  LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id
  LEFT JOIN team_ratings r ON r.chain_id = :chain_id AND r.team_member_id = m.id
 WHERE a.chain_id = :chain_id AND a.id = ANY(:ids::bigint[])
 ORDER BY a.starts_at DESC, a.id DESC;

-- name: appointments_of_phone
-- across chains: the appointments of a person, whom his confirmed phone identifies in every business.
SELECT a.chain_id, a.id
  FROM clients c
  JOIN appointments a ON a.chain_id = c.chain_id AND a.client_id = c.id
 WHERE c.phone = :phone AND c.phone <> '' AND c.deleted_at IS NULL AND a.deleted_at IS NULL
 ORDER BY a.starts_at DESC, a.id DESC
 LIMIT :count OFFSET :skip;

-- name: owner_of_appointment^
-- Whose it is: the phone of its client.
SELECT a.location_id, c.phone FROM appointments a
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
 WHERE a.chain_id = :chain_id AND a.id = :id;

-- name: review_form^
-- What the review page of a visit shows.
SELECT a.id, a.starts_at, a.deleted_at IS NOT NULL AS is_deleted, l.id AS location_id, l.title, l.logo, l.address,
       l.timezone, la.id AS language_id, la.code AS language_code, la.iso AS language_iso, cu.id AS currency_id, cu.iso AS currency_iso,
       cu.name AS currency_name, cu.symbol AS currency_symbol, cu.is_symbol_after_amount,
       m.id AS member_id, m.name AS member_name, m.specialization, m.avatar, m.show_rating, p.id AS position_id,
       p.title AS position_title, r.votes_count, r.rating_sum,
       (SELECT coalesce(sum(s.cost), 0) FROM appointment_services s
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS cost,
       (SELECT coalesce(max(ls.prepaid), 'forbidden') FROM appointment_services s
          JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.service_id AND ls.location_id = a.location_id
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS prepaid,
       EXISTS (SELECT FROM reviews v WHERE v.chain_id = :chain_id AND v.appointment_id = a.id AND v.deleted_at IS NULL) AS is_reviewed
  FROM appointments a
  JOIN locations l ON l.chain_id = :chain_id AND l.id = a.location_id
  JOIN languages la ON la.id = l.language_id
  JOIN currencies cu ON cu.id = l.currency_id
  JOIN team_members m ON m.chain_id = :chain_id AND m.id = a.team_member_id
  LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id
  LEFT JOIN team_ratings r ON r.chain_id = :chain_id AND r.team_member_id = m.id
 WHERE a.chain_id = :chain_id AND a.id = :id;

-- name: leave_review$
-- One review a visit; a second one gives no id.
INSERT INTO reviews (chain_id, location_id, team_member_id, appointment_id, user_id, author, rating, text, tips_amount, created_at)
VALUES (:chain_id, :location_id, :team_member_id, :appointment_id, :user_id, :author, :rating, :text, :tips_amount, :at)
ON CONFLICT (chain_id, appointment_id) WHERE appointment_id IS NOT NULL AND deleted_at IS NULL DO NOTHING
RETURNING id;

-- name: count_review!
-- Sums move with each review.
INSERT INTO team_ratings (chain_id, team_member_id, votes_count, rating_sum, comments_count)
VALUES (:chain_id, :team_member_id, 1, :rating, :comments)
ON CONFLICT (chain_id, team_member_id) DO UPDATE
   SET votes_count = team_ratings.votes_count + 1, rating_sum = team_ratings.rating_sum + excluded.rating_sum,
       comments_count = team_ratings.comments_count + excluded.comments_count;

-- name: author_of_review$
-- The client's name stands under his review.
SELECT trim(c.name || ' ' || c.surname) FROM appointments a
  JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
 WHERE a.chain_id = :chain_id AND a.id = :id;
