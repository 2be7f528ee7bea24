-- name: find_by_start
-- A page of ids and how many there are in all, by start. Without a page (too far) one row tells the number.
-- The index has all that is asked here, so that a whole location is counted without its rows.
WITH asked AS NOT MATERIALIZED (
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
WITH asked AS NOT MATERIALIZED (
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
WITH asked AS NOT MATERIALIZED (
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
WITH asked AS NOT MATERIALIZED (
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

-- name: intersecting
-- A page of the living appointments of a location by event or time that they touch, with the versions of their rows as
-- the statement `day` gives them.
SELECT a.id, a.xmin AS version, c.xmin AS client_version, t.xmin AS stats_version,
       coalesce((SELECT sum(f.xmin::text::bigint) FROM booking_forms f WHERE f.chain_id = :chain_id), 0)::bigint AS others,
       0 AS total
  FROM (SELECT * FROM (
          SELECT i.id, i.starts_at, i.client_id, i.xmin FROM appointments i
           WHERE i.chain_id = :chain_id AND i.location_id = :location_id AND i.deleted_at IS NULL
             AND i.starts_at < :till::timestamptz AND i.starts_at > :from_at::timestamptz - interval '24 hours'
             AND i.starts_at + make_interval(secs => i.length) > :from_at::timestamptz AND i.starts_at >= :since::timestamptz
             AND (:event_id::bigint IS NULL OR i.event_id = :event_id::bigint)
             AND (:member_ids::bigint[] IS NULL OR i.team_member_id = ANY(:member_ids::bigint[]))
           ORDER BY i.starts_at, i.id LIMIT :count OFFSET :skip) page
        LIMIT 300) a  -- no page is longer: a generic plan does not know that of its parameter
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
  LEFT JOIN client_stats t ON t.chain_id = :chain_id AND t.client_id = a.client_id
 ORDER BY a.starts_at, a.id;

-- name: of_client
-- The same of one client, by his index.
SELECT a.id, a.xmin AS version, c.xmin AS client_version, t.xmin AS stats_version,
       coalesce((SELECT sum(f.xmin::text::bigint) FROM booking_forms f WHERE f.chain_id = :chain_id), 0)::bigint AS others,
       0 AS total
  FROM (SELECT * FROM (
          SELECT i.id, i.starts_at, i.client_id, i.xmin FROM appointments i
           WHERE i.chain_id = :chain_id AND i.location_id = :location_id AND i.deleted_at IS NULL AND i.client_id = :client_id
             AND i.starts_at < :till::timestamptz AND i.starts_at > :from_at::timestamptz - interval '24 hours'
             AND i.starts_at + make_interval(secs => i.length) > :from_at::timestamptz AND i.starts_at >= :since::timestamptz
             AND (:event_id::bigint IS NULL OR i.event_id = :event_id::bigint)
             AND (:member_ids::bigint[] IS NULL OR i.team_member_id = ANY(:member_ids::bigint[]))
           ORDER BY i.starts_at, i.id LIMIT :count OFFSET :skip) page
        LIMIT 300) a
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
  LEFT JOIN client_stats t ON t.chain_id = :chain_id AND t.client_id = a.client_id
 ORDER BY a.starts_at, a.id;
