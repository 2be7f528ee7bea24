-- name: place_of_visit^
-- across chains: the path names a visit alone, and the visit leads to its tenant.
SELECT v.chain_id, v.location_id FROM visits v WHERE v.id = :id;

-- name: head^
-- What stands above and below the lines: the location as its clients know it, and what was paid, by method.
SELECT CASE WHEN l.public_title <> '' THEN l.public_title ELSE l.title END AS title, l.address, l.zip, l.phones, l.email,
       l.site, l.timezone, la.iso AS language, cu.iso AS currency,
       (SELECT coalesce(jsonb_object_agg(p.method, p.amount::text), '{}')
          FROM (SELECT p.method, sum(p.amount) AS amount FROM visit_payments p
                 WHERE p.chain_id = :chain_id AND p.visit_id = :id GROUP BY p.method) AS p) AS paid
  FROM visits v
  JOIN locations l ON l.chain_id = :chain_id AND l.id = v.location_id AND l.deleted_at IS NULL
  JOIN languages la ON la.id = l.language_id
  JOIN currencies cu ON cu.id = l.currency_id
 WHERE v.chain_id = :chain_id AND v.id = :id;

-- name: lines
-- What was done, in the order of the visit, and by whom; an appointment without services has no line.
SELECT a.starts_at, a.team_member_id, m.position_id, m.name AS member, s.title, x.amount, x.first_cost, x.discount, x.cost
  FROM appointments a
  JOIN appointment_services x ON x.chain_id = :chain_id AND x.appointment_id = a.id
  JOIN services s ON s.chain_id = :chain_id AND s.id = x.service_id
  JOIN team_members m ON m.chain_id = :chain_id AND m.id = a.team_member_id
 WHERE a.chain_id = :chain_id AND a.visit_id = :id AND a.deleted_at IS NULL
 ORDER BY a.starts_at, a.id, x.position;
