-- name: changes
-- Changes in a location, and those of its whole chain, latest first.
SELECT a.id, a.at, a.entity, a.entity_id, a.request_id, a.before, a.after, a.user_id, u.name AS user_name, a.partner_id,
       p.title AS partner_title
  FROM audit_log a
  LEFT JOIN users u ON u.id = a.user_id
  LEFT JOIN partners p ON p.id = a.partner_id
 WHERE a.chain_id = :chain_id AND (a.location_id = :location_id OR a.location_id IS NULL)
   AND (:entity::text IS NULL OR a.entity = :entity) AND (:entity_id::bigint IS NULL OR a.entity_id = :entity_id)
   AND (:user_id::bigint IS NULL OR a.user_id = :user_id) AND (:from_at::timestamptz IS NULL OR a.at >= :from_at)
   AND (:till::timestamptz IS NULL OR a.at < :till)
 ORDER BY a.id DESC
 LIMIT :count OFFSET :skip;
