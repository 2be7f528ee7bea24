-- name: tips
-- The tips settings of everybody who works in a location, or of one of them, heavier first. Without an id: nobody has
-- looked at his yet.
SELECT t.id, m.id AS team_member_id, t.hash, t.is_enabled, t.set_up_at, m.name, m.specialization, m.avatar, e.phone,
       u.id AS user_id, u.name AS user_name, u.email AS user_email, u.phone AS user_phone,
       p.id AS position_id, p.title AS position_title
  FROM team_members m
  LEFT JOIN team_tips t ON t.chain_id = :chain_id AND t.team_member_id = m.id
  LEFT JOIN employees e ON e.chain_id = :chain_id AND e.team_member_id = m.id
  LEFT JOIN users u ON u.id = m.user_id
  LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id AND p.deleted_at IS NULL
 WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND m.deleted_at IS NULL AND m.fired_on IS NULL
   AND (:id::bigint IS NULL OR t.id = :id::bigint)
 ORDER BY m.weight DESC, m.id;

-- name: add_tips!
INSERT INTO team_tips (chain_id, location_id, team_member_id, hash)
SELECT :chain_id, :location_id, x.team_member_id, x.hash
  FROM unnest(:team_member_ids::bigint[], :hashes::uuid[]) AS x (team_member_id, hash)
    ON CONFLICT (chain_id, team_member_id) DO NOTHING;

-- name: switch_tips$
-- Of somebody who works here; nothing when there is no such setting.
UPDATE team_tips t SET is_enabled = :is_enabled::bool, set_up_at = coalesce(t.set_up_at, :set_up_at)
 WHERE t.chain_id = :chain_id AND t.location_id = :location_id AND t.id = :id
   AND EXISTS (SELECT FROM team_members m WHERE m.chain_id = :chain_id AND m.id = t.team_member_id
                  AND m.deleted_at IS NULL AND m.fired_on IS NULL)
RETURNING t.id;
