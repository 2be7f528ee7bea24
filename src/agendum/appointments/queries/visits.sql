-- name: chain_of_visit^
-- across chains: a path that names the visit alone finds its tenant first.
SELECT chain_id, location_id FROM visits WHERE id = :id;

-- name: presence
-- The living appointments of a visit, given by itself or by one of them.
SELECT a.id, a.team_member_id, a.starts_at FROM appointments a
 WHERE a.chain_id = :chain_id AND a.location_id = :location_id AND a.deleted_at IS NULL
   AND a.visit_id = coalesce(:visit_id::bigint, (
       SELECT o.visit_id FROM appointments o
        WHERE o.chain_id = :chain_id AND o.id = :appointment_id::bigint AND o.location_id = :location_id AND o.deleted_at IS NULL))
 ORDER BY a.starts_at, a.id;

-- name: appointments_of_visit
SELECT id FROM appointments WHERE chain_id = :chain_id AND visit_id = :visit_id AND deleted_at IS NULL ORDER BY starts_at, id;

-- name: join_visit$
-- The visit of a client on a local day, made when there is none; whoever comes from elsewhere holds it from now on.
INSERT INTO visits (chain_id, location_id, client_id, date, created_at)
VALUES (:chain_id, :location_id, :client_id, :date, :at)
ON CONFLICT (chain_id, location_id, client_id, date) WHERE ended_at IS NULL
DO UPDATE SET attendance = visits.attendance
RETURNING id;

-- name: other_visit$
-- The visit of a client on a local day, if it is not this one.
SELECT id FROM visits
 WHERE chain_id = :chain_id AND location_id = :location_id AND client_id = :client_id AND date = :date AND ended_at IS NULL
   AND id <> :id;

-- name: is_alone$
-- Whether an appointment has its visit for itself.
SELECT NOT EXISTS (SELECT FROM appointments
                    WHERE chain_id = :chain_id AND visit_id = :visit_id AND id <> :id AND deleted_at IS NULL);

-- name: take_visit_along!
-- Date null: a visit that nobody joins.
UPDATE visits SET client_id = :client_id, date = :date WHERE chain_id = :chain_id AND id = :id;

-- name: settle_visit!
-- What a visit comes to once its appointments have changed: its attendance, whether it has ended, how much of it is paid;
-- the appointments are told, so that lists need not ask the visit.
WITH sums AS (
    SELECT count(*) AS living, CASE WHEN bool_or(a.attendance = 1) THEN 1 ELSE max(a.attendance) END AS attendance,
           coalesce(sum((SELECT sum(s.cost) FROM appointment_services s
                          WHERE s.chain_id = :chain_id AND s.appointment_id = a.id)), 0) AS cost
      FROM appointments a WHERE a.chain_id = :chain_id AND a.visit_id = :visit_id AND a.deleted_at IS NULL
), visit AS (
    UPDATE visits v
       SET attendance = coalesce(sums.attendance, v.attendance),
           ended_at = CASE WHEN sums.living = 0 THEN coalesce(v.ended_at, :at::timestamptz) END
      FROM sums WHERE v.chain_id = :chain_id AND v.id = :visit_id
    RETURNING v.attendance, CASE WHEN v.paid <= 0 THEN 0 WHEN v.paid < sums.cost THEN 1 WHEN v.paid = sums.cost THEN 2
                                 ELSE 3 END AS paid_state
)
UPDATE appointments a SET visit_attendance = visit.attendance, paid_state = visit.paid_state
  FROM visit
 WHERE a.chain_id = :chain_id AND a.visit_id = :visit_id
   AND (a.visit_attendance, a.paid_state) IS DISTINCT FROM (visit.attendance, visit.paid_state);

-- name: pay_visit!
-- A payment, and the sum that moves with it.
WITH paid AS (
    UPDATE visits SET paid = paid + :amount::numeric WHERE chain_id = :chain_id AND id = :visit_id
)
INSERT INTO visit_payments (chain_id, location_id, visit_id, appointment_id, amount, method, undoes_id, user_id, created_at)
VALUES (:chain_id, :location_id, :visit_id, :appointment_id, :amount::numeric, :method, :undoes_id, :user_id, :at);

-- name: payments_of_visit
-- Everything that was paid for a visit and taken back.
SELECT id, appointment_id, amount, method, undoes_id, created_at,
       EXISTS (SELECT FROM visit_payments u WHERE u.chain_id = :chain_id AND u.undoes_id = p.id) AS is_undone
  FROM visit_payments p WHERE p.chain_id = :chain_id AND p.visit_id = :visit_id ORDER BY id;

-- name: client_sums^
-- A client's visits and money, from his appointments and payments alone.
SELECT count(*) FILTER (WHERE a.attendance = 1) AS visits_count,
       count(*) FILTER (WHERE a.attendance = -1) AS failed_visits_count,
       min(a.starts_at) FILTER (WHERE a.attendance = 1) AS first_visit_at,
       max(a.starts_at) FILTER (WHERE a.attendance = 1) AS last_visit_at,
       coalesce(sum((SELECT sum(s.cost) FROM appointment_services s
                      WHERE s.chain_id = :chain_id AND s.appointment_id = a.id)) FILTER (WHERE a.attendance = 1), 0) AS spent,
       (SELECT coalesce(sum(v.paid), 0) FROM visits v
         WHERE v.chain_id = :chain_id AND v.client_id = :client_id AND v.paid <> 0) AS paid
  FROM appointments a
 WHERE a.chain_id = :chain_id AND a.client_id = :client_id AND a.deleted_at IS NULL;
