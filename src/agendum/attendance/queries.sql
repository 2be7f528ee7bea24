-- name: client^
-- A living client as the appointment's window shows him; `is_theirs`: whoever may see only clients of one team member
-- may see this one. The first visit that took place is his own, also when he was another's before.
SELECT c.id, c.name, c.surname, c.middle_name, c.phone, c.email, c.comment, c.birth_date, c.card, c.gender, c.discount,
       c.custom_fields, f.visit_id, f.appointment_id, f.starts_at,
       (:member_id::bigint = 0 OR EXISTS (
           SELECT FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = c.id
              AND a.team_member_id = :member_id::bigint AND a.deleted_at IS NULL)) AS is_theirs
  FROM clients c
  LEFT JOIN LATERAL (
       SELECT a.visit_id, a.id AS appointment_id, a.starts_at FROM appointments a
        WHERE a.chain_id = :chain_id AND a.client_id = c.id AND a.attendance = 1 AND a.deleted_at IS NULL
        ORDER BY a.starts_at, a.id LIMIT 1) AS f ON true
 WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.id = :id AND c.deleted_at IS NULL;

-- name: labels
-- The tags that a client carries.
SELECT g.id, g.title, g.color, g.font_color, g.icon
  FROM client_tags t
  JOIN tags g ON g.chain_id = :chain_id AND g.id = t.tag_id AND g.deleted_at IS NULL
 WHERE t.chain_id = :chain_id AND t.client_id = :id
 ORDER BY g.id;

-- name: fields
-- Custom fields of clients, of the location and of its chain.
SELECT f.id, f.code, f.title, f.kind FROM custom_fields f
 WHERE f.chain_id = :chain_id AND (f.location_id = :location_id::bigint OR f.location_id IS NULL)
   AND f.category = 'client' AND f.deleted_at IS NULL
 ORDER BY f.id;

-- name: sums^
-- What a client's appointments come to in the location, deleted clients' too; or, `in_chain`, with those of everybody
-- in the chain who has his phone: one person is a client of each location by himself. (phone <> '' lets a generic plan
-- use the index of phones.)
WITH him AS (
    SELECT c.id, c.phone FROM clients c
     WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.id = :id
       AND (:member_id::bigint = 0 OR EXISTS (
           SELECT FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = c.id
              AND a.team_member_id = :member_id::bigint AND a.deleted_at IS NULL))
), they AS (
    SELECT him.id FROM him
     UNION
    SELECT c.id FROM him JOIN clients c ON c.chain_id = :chain_id AND c.phone = him.phone AND c.phone <> ''
     WHERE :in_chain::bool AND c.deleted_at IS NULL
)
SELECT coalesce(sum(s.visits_count), 0)::bigint AS visits, coalesce(sum(s.failed_visits_count), 0)::bigint AS failed,
       coalesce(sum(s.sold_amount), 0) AS spent, coalesce(sum(s.paid), 0) AS paid,
       coalesce(sum(s.balance_before + s.paid - s.sold_amount), 0) AS balance, max(s.last_visit_at) AS last_visit_at
  FROM they
  LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.client_id = they.id
HAVING count(they.id) > 0;
