-- name: lock_event^
-- The event that somebody joins, with its price and its seats. Held until the seats are taken.
SELECT e.id, e.location_id, e.service_id, e.team_member_id, e.busy_id, e.starts_at, e.length, b.seats, b.seats_taken,
       s.price_min, s.discount
  FROM events e
  JOIN busy b ON b.chain_id = :chain_id AND b.id = e.busy_id
  JOIN location_services s ON s.chain_id = :chain_id AND s.location_id = e.location_id AND s.service_id = e.service_id
 WHERE e.chain_id = :chain_id AND e.location_id = :location_id AND e.id = :id AND e.deleted_at IS NULL
   FOR UPDATE OF e, b;
