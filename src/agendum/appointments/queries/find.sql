-- name: find_by_start
-- A page of ids and how many there are in all, by start. Without a page (too far) one row tells the number.
-- The index has all that is asked here, so that a whole location is counted without its rows.
WITH asked AS (
    SELECT a.id, a.starts_at FROM appointments a
     WHERE a.chain_id = :chain_id AND a.location_id = :location_id
       AND a.starts_at >= :from_at::timestamptz AND a.starts_at < :till::timestamptz
       AND (:with_deleted::bool OR a.deleted_at IS NULL)
       AND (:member_ids::bigint[] IS NULL OR a.team_member_id = ANY(:member_ids::bigint[]))
)
SELECT p.id, n.total
  FROM (SELECT count(*) AS total FROM asked) n
  LEFT JOIN (SELECT id, starts_at FROM asked ORDER BY starts_at, id LIMIT :count OFFSET :skip) p ON true
 ORDER BY p.starts_at, p.id;

-- name: find_by_maker
-- The same of what somebody made, or of what was made within a span.
WITH asked AS (
    SELECT a.id, a.starts_at FROM appointments a
     WHERE a.chain_id = :chain_id AND a.location_id = :location_id
       AND a.starts_at >= :from_at::timestamptz AND a.starts_at < :till::timestamptz
       AND (:with_deleted::bool OR a.deleted_at IS NULL)
       AND (:member_ids::bigint[] IS NULL OR a.team_member_id = ANY(:member_ids::bigint[]))
       AND (:created_user_id::bigint IS NULL OR a.created_user_id = :created_user_id::bigint)
       AND a.created_at >= :created_from::timestamptz AND a.created_at < :created_till::timestamptz
)
SELECT p.id, n.total
  FROM (SELECT count(*) AS total FROM asked) n
  LEFT JOIN (SELECT id, starts_at FROM asked ORDER BY starts_at, id LIMIT :count OFFSET :skip) p ON true
 ORDER BY p.starts_at, p.id;

-- name: find_by_client
-- The same of one client.
WITH asked AS (
    SELECT a.id, a.starts_at FROM appointments a
     WHERE a.chain_id = :chain_id AND a.client_id = :client_id AND a.location_id = :location_id
       AND a.starts_at >= :from_at::timestamptz AND a.starts_at < :till::timestamptz
       AND (:with_deleted::bool OR a.deleted_at IS NULL)
       AND (:member_ids::bigint[] IS NULL OR a.team_member_id = ANY(:member_ids::bigint[]))
       AND (:created_user_id::bigint IS NULL OR a.created_user_id = :created_user_id::bigint)
       AND a.created_at >= :created_from::timestamptz AND a.created_at < :created_till::timestamptz
       AND a.updated_at >= :changed_from::timestamptz AND a.updated_at <= :changed_till::timestamptz
)
SELECT p.id, n.total
  FROM (SELECT count(*) AS total FROM asked) n
  LEFT JOIN (SELECT id, starts_at FROM asked ORDER BY starts_at, id LIMIT :count OFFSET :skip) p ON true
 ORDER BY p.starts_at, p.id;

-- name: find_by_change
-- The same of what was made or changed within a span.
WITH asked AS (
    SELECT a.id, a.starts_at FROM appointments a
     WHERE a.chain_id = :chain_id AND a.location_id = :location_id
       AND a.updated_at >= :changed_from::timestamptz AND a.updated_at <= :changed_till::timestamptz
       AND a.starts_at >= :from_at::timestamptz AND a.starts_at < :till::timestamptz
       AND (:with_deleted::bool OR a.deleted_at IS NULL)
       AND (:member_ids::bigint[] IS NULL OR a.team_member_id = ANY(:member_ids::bigint[]))
       AND (:created_user_id::bigint IS NULL OR a.created_user_id = :created_user_id::bigint)
       AND a.created_at >= :created_from::timestamptz AND a.created_at < :created_till::timestamptz
)
SELECT p.id, n.total
  FROM (SELECT count(*) AS total FROM asked) n
  LEFT JOIN (SELECT id, starts_at FROM asked ORDER BY starts_at, id LIMIT :count OFFSET :skip) p ON true
 ORDER BY p.starts_at, p.id;

-- name: find_intersecting
-- Ids of a page of the living appointments of a location, by client, event or time that they touch.
SELECT a.id FROM appointments a
 WHERE a.chain_id = :chain_id AND a.location_id = :location_id AND a.deleted_at IS NULL
   AND a.starts_at < :till::timestamptz AND a.starts_at > :from_at::timestamptz - interval '24 hours'
   AND a.starts_at + make_interval(secs => a.length) > :from_at::timestamptz AND a.starts_at >= :since::timestamptz
   AND (:client_id::bigint IS NULL OR a.client_id = :client_id::bigint)
   AND (:event_id::bigint IS NULL OR a.event_id = :event_id::bigint)
   AND (:member_ids::bigint[] IS NULL OR a.team_member_id = ANY(:member_ids::bigint[]))
 ORDER BY a.starts_at, a.id LIMIT :count OFFSET :skip;

-- name: find_of_client
-- The same of one client, by his index.
SELECT a.id FROM appointments a
 WHERE a.chain_id = :chain_id AND a.location_id = :location_id AND a.deleted_at IS NULL AND a.client_id = :client_id
   AND a.starts_at < :till::timestamptz AND a.starts_at > :from_at::timestamptz - interval '24 hours'
   AND a.starts_at + make_interval(secs => a.length) > :from_at::timestamptz AND a.starts_at >= :since::timestamptz
   AND (:event_id::bigint IS NULL OR a.event_id = :event_id::bigint)
   AND (:member_ids::bigint[] IS NULL OR a.team_member_id = ANY(:member_ids::bigint[]))
 ORDER BY a.starts_at, a.id LIMIT :count OFFSET :skip;
