-- name: create_appointment^
-- An appointment with its services, its visit (the client's of that day, if there is one), its notice and its entry in
-- the audit trail: one statement, because bookings are the busiest write there is.
WITH visit AS (
    INSERT INTO visits (chain_id, location_id, client_id, date, attendance, created_at)
    VALUES (:chain_id, :location_id, :client_id, :date::date, :attendance, :at::timestamptz)
    ON CONFLICT (chain_id, location_id, client_id, date) WHERE ended_at IS NULL
    DO UPDATE SET attendance = CASE WHEN 1 IN (visits.attendance, excluded.attendance) THEN 1
                                    ELSE greatest(visits.attendance, excluded.attendance) END
    RETURNING id, attendance, xmax <> 0 AS is_joined
), appointment AS (
    INSERT INTO appointments (
        chain_id, location_id, visit_id, team_member_id, client_id, busy_id, event_id, clients_count, starts_at, length,
        technical_break, is_online, is_member_requested, sms_before, email_before, comment, api_id, source, device, from_url,
        booking_form_id, partner_id, created_user_id, custom_fields, attendance, visit_attendance, custom_color,
        is_overbooked, has_instances, created_at, updated_at)
    SELECT :chain_id, :location_id, visit.id, :team_member_id, :client_id,
           :busy_id, :event_id, :clients_count, :starts_at::timestamptz, :length, :technical_break, :is_online, :is_member_requested, :sms_before,
           :email_before, :comment, :api_id, :source, :device, :from_url, :booking_form_id, :partner_id,
           :created_user_id, :custom_fields::jsonb, :attendance, visit.attendance, :custom_color, :is_overbooked, :has_instances,
           :at::timestamptz, :at::timestamptz
      FROM visit
    RETURNING id, visit_id
), lines AS (
    INSERT INTO appointment_services (chain_id, appointment_id, position, service_id, amount, length, first_cost, discount,
                                      cost)
    SELECT :chain_id, appointment.id, line.n, line.service_id, line.amount, line.length, line.first_cost, line.discount, line.cost
      FROM appointment,
           unnest(:service_ids::bigint[], :amounts::int[], :lengths::int[], :first_costs::numeric[], :discounts::numeric[], :costs::numeric[])
               WITH ORDINALITY AS line (service_id, amount, length, first_cost, discount, cost, n)
), told AS (
    INSERT INTO outbox (chain_id, kind, body, created_at)
    SELECT :chain_id, :kind, :notice::jsonb || jsonb_build_object('appointment_id', appointment.id), :at::timestamptz
      FROM appointment
), noted AS (
    INSERT INTO audit_log (chain_id, location_id, entity, entity_id, user_id, partner_id, request_id, after, at)
    SELECT :chain_id, :location_id, 'appointment', appointment.id, :author_user_id, :author_partner_id, :request_id,
           :after::jsonb || jsonb_build_object('client_id', :client_id::bigint), :at::timestamptz
      FROM appointment
)
SELECT appointment.id, appointment.visit_id, visit.is_joined FROM appointment, visit;

-- name: chain_of_appointment$
-- across chains: a path that names the appointment alone finds its tenant first.
SELECT chain_id FROM appointments WHERE id = :id;

-- name: appointments
-- Appointments with all that decides what may become of them.
SELECT a.id, a.location_id, a.visit_id, a.team_member_id, a.client_id, a.busy_id, a.starts_at, a.length,
       a.technical_break, a.comment, a.deleted_at, a.event_id, a.clients_count, a.is_member_requested, a.is_overbooked,
       a.attendance, a.paid_state, a.sms_before, a.email_before, a.api_id, a.custom_color, a.custom_fields, a.is_online,
       c.phone AS client_phone, v.date AS visit_date, v.paid,
       coalesce((SELECT array_agg(s.service_id ORDER BY s.position) FROM appointment_services s
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id), '{}') AS service_ids,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                   'service_id', s.service_id, 'amount', s.amount, 'length', s.length, 'first_cost', s.first_cost::text,
                   'discount', s.discount::text, 'cost', s.cost::text) ORDER BY s.position) FROM appointment_services s
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id), '[]') AS lines,
       coalesce((SELECT array_agg(x.tag_id ORDER BY x.tag_id) FROM appointment_tags x
         WHERE x.chain_id = :chain_id AND x.appointment_id = a.id), '{}') AS tag_ids
  FROM appointments a
  JOIN visits v ON v.chain_id = :chain_id AND v.id = a.visit_id
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
 WHERE a.chain_id = :chain_id AND a.id = ANY(:ids::bigint[])
 ORDER BY a.id;

-- name: lock_visit!
-- Whoever changes a visit or one of its appointments holds it. Days are locked before it, sums of clients after it.
SELECT FROM visits WHERE chain_id = :chain_id AND id = :id FOR UPDATE;

-- name: move_appointment!
UPDATE appointments SET starts_at = :starts_at, busy_id = :busy_id, visit_id = :visit_id, is_overbooked = false,
       has_instances = :has_instances, comment = coalesce(:comment::text, comment), updated_at = :at
 WHERE chain_id = :chain_id AND id = :id;

-- name: change_appointment!
-- What the desk wants it to be, whole.
UPDATE appointments
   SET team_member_id = :team_member_id, client_id = :client_id, visit_id = :visit_id, starts_at = :starts_at, length = :length,
       technical_break = :technical_break, busy_id = :busy_id, is_overbooked = :is_overbooked, has_instances = :has_instances,
       attendance = :attendance, comment = :comment, sms_before = :sms_before, email_before = :email_before,
       api_id = :api_id, custom_color = :custom_color, custom_fields = :custom_fields::jsonb, is_member_requested = :is_member_requested,
       updated_at = :at
 WHERE chain_id = :chain_id AND id = :id;

-- name: set_lines!
-- The services of an appointment instead of those that it had.
WITH gone AS (
    DELETE FROM appointment_services
     WHERE chain_id = :chain_id AND appointment_id = :appointment_id AND position NOT BETWEEN 1 AND cardinality(:service_ids::bigint[])
)
INSERT INTO appointment_services (chain_id, appointment_id, position, service_id, amount, length, first_cost, discount, cost)
SELECT :chain_id::bigint, :appointment_id::bigint, line.n, line.service_id, line.amount, line.length, line.first_cost, line.discount, line.cost
  FROM unnest(:service_ids::bigint[], :amounts::int[], :lengths::int[], :first_costs::numeric[], :discounts::numeric[], :costs::numeric[])
           WITH ORDINALITY AS line (service_id, amount, length, first_cost, discount, cost, n)
ON CONFLICT (chain_id, appointment_id, position) DO UPDATE
   SET service_id = excluded.service_id, amount = excluded.amount, length = excluded.length, first_cost = excluded.first_cost,
       discount = excluded.discount, cost = excluded.cost;

-- name: labels_here
-- Which of these tags an appointment of the location may carry.
SELECT id FROM tags
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = ANY(:ids::bigint[]) AND entity IN (0, 2) AND deleted_at IS NULL;

-- name: set_labels!
-- The labels of an appointment instead of those that it had.
WITH gone AS (
    DELETE FROM appointment_tags WHERE chain_id = :chain_id AND appointment_id = :id AND tag_id <> ALL(:tag_ids::bigint[])
), here AS (
    INSERT INTO appointment_tags (chain_id, appointment_id, tag_id)
    SELECT :chain_id::bigint, :id::bigint, tag_id FROM unnest(:tag_ids::bigint[]) AS wanted (tag_id)
    ON CONFLICT DO NOTHING
)
UPDATE appointments SET has_labels = cardinality(:tag_ids::bigint[]) > 0 WHERE chain_id = :chain_id AND id = :id;

-- name: mark_appointment!
UPDATE appointments SET comment = :comment, attendance = :attendance, updated_at = :at WHERE chain_id = :chain_id AND id = :id;

-- name: free_appointment!
-- Take the appointment off its time, before that time is given back.
UPDATE appointments SET busy_id = NULL WHERE chain_id = :chain_id AND id = :id;

-- name: delete_appointment!
-- Kept, so that the books and the client's history stay whole.
UPDATE appointments SET deleted_at = :at, updated_at = :at, busy_id = NULL, has_instances = false
 WHERE chain_id = :chain_id AND id = :id;

-- name: note_message!
-- What was sent about an appointment. It is no change of the appointment.
UPDATE appointments
   SET is_told_by_sms = is_told_by_sms OR (:channel = 'sms' AND :kind IN ('booked', 'moved')),
       is_told_by_email = is_told_by_email OR (:channel = 'email' AND :kind IN ('booked', 'moved')),
       is_reminded_by_sms = is_reminded_by_sms OR (:channel = 'sms' AND :kind = 'reminder'),
       is_review_asked = is_review_asked OR :kind = 'review'
 WHERE chain_id = :chain_id AND id = :id;
