-- name: reviews
-- Latest first, a page of them or the one that was just written; with who wrote it.
SELECT r.id, r.location_id, r.team_member_id, r.appointment_id, r.text, r.rating, r.created_at, r.user_id,
       CASE WHEN r.author <> '' THEN r.author ELSE coalesce(u.name, '') END AS author, coalesce(u.avatar, '') AS avatar
  FROM reviews r
  LEFT JOIN users u ON u.id = r.user_id
 WHERE r.chain_id = :chain_id AND r.location_id = :location_id AND r.deleted_at IS NULL
   AND (:id::bigint IS NULL OR r.id = :id::bigint)
   AND (:team_member_id::bigint IS NULL OR r.team_member_id = :team_member_id::bigint)
   AND (:rating::smallint IS NULL OR r.rating = :rating::smallint)
   AND (:from_at::timestamptz IS NULL OR r.created_at >= :from_at::timestamptz)
   AND (:till::timestamptz IS NULL OR r.created_at < :till::timestamptz)
 ORDER BY r.created_at DESC, r.id DESC
 LIMIT :count OFFSET :skip;

-- name: team_member_is_there$
SELECT id FROM team_members
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = :id AND deleted_at IS NULL;
