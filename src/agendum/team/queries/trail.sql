-- name: member_facts
-- Members of a location's team, and who they are for the law.
SELECT m.id, m.location_id,
       (to_jsonb(m) || coalesce(to_jsonb(e) - 'team_member_id', '{}'))::text AS facts
  FROM team_members m
  LEFT JOIN employees e ON e.chain_id = :chain_id AND e.team_member_id = m.id
 WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND m.id = ANY(:ids::bigint[]) AND m.deleted_at IS NULL;

-- name: position_facts
-- Positions and the locations that have them. One that several have is the whole chain's.
SELECT p.id, CASE WHEN cardinality(o.ids) = 1 THEN :location_id::bigint END AS location_id,
       (to_jsonb(p) || jsonb_build_object('locations', o.ids))::text AS facts
  FROM positions p
 CROSS JOIN LATERAL (
    SELECT ARRAY(SELECT o.location_id FROM position_locations o
                  WHERE o.chain_id = :chain_id AND o.position_id = p.id ORDER BY o.location_id) AS ids) AS o
 WHERE p.chain_id = :chain_id AND p.id = ANY(:ids::bigint[]) AND p.deleted_at IS NULL;

-- name: tips_facts
-- Held until the switch commits.
SELECT id, location_id, (to_jsonb(t) - 'hash')::text AS facts FROM team_tips t
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = ANY(:ids::bigint[])
   FOR NO KEY UPDATE;
