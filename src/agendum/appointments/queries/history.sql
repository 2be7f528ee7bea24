-- name: client_visits
-- The visits of a client, latest first, with their appointments: enough to lay out pages and to read one of them. He is
-- given by his id, or by his phone, here or in the whole chain. A client without visits has one row without a visit, one
-- who is not known has none. (phone <> '' is what lets a generic plan use the partial index.)
WITH people AS (
    SELECT c.id, c.location_id FROM clients c
     WHERE c.chain_id = :chain_id AND c.id = :client_id::bigint AND c.location_id = :location_id AND c.deleted_at IS NULL
    UNION ALL
    SELECT c.id, c.location_id FROM clients c
     WHERE c.chain_id = :chain_id AND c.phone = :phone::text AND c.phone <> '' AND c.deleted_at IS NULL
       AND (:whole_chain::bool OR c.location_id = :location_id)
)
SELECT v.id, v.location_id, v.starts_at, v.ids, v.cost, v.paid, l.timezone
  FROM people p
  LEFT JOIN LATERAL (
    SELECT w.id, w.location_id, w.paid, x.starts_at, x.ids, x.cost
      FROM visits w
     CROSS JOIN LATERAL (
        SELECT min(a.starts_at) AS starts_at, array_agg(a.id ORDER BY a.starts_at, a.id) AS ids,
               coalesce(sum((SELECT sum(s.cost) FROM appointment_services s
                              WHERE s.chain_id = :chain_id AND s.appointment_id = a.id)), 0) AS cost
          FROM appointments a
         WHERE a.chain_id = :chain_id AND a.visit_id = w.id AND a.deleted_at IS NULL
           AND (:member_ids::bigint[] IS NULL OR a.location_id <> :location_id OR a.team_member_id = ANY(:member_ids::bigint[]))
     ) x
     WHERE w.chain_id = :chain_id AND w.location_id = p.location_id AND w.client_id = p.id AND w.ended_at IS NULL
       AND (:attendance::smallint IS NULL OR w.attendance = :attendance::smallint) AND x.starts_at >= :since::timestamptz
  ) v ON true
  LEFT JOIN locations l ON l.chain_id = :chain_id AND l.id = v.location_id
 ORDER BY v.starts_at DESC, v.id DESC;
