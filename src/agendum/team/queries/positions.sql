-- name: positions_v1$
-- The whole answer of v1 as JSON.
SELECT json_build_object('success', true, 'data', coalesce(
           json_agg(json_build_object('id', p.id, 'title', p.title) ORDER BY p.id), '[]'), 'meta', '[]'::json)::text
  FROM position_locations here
  JOIN positions p ON p.chain_id = :chain_id AND p.id = here.position_id AND p.deleted_at IS NULL
 WHERE here.chain_id = :chain_id AND here.location_id = :location_id;

-- name: positions_v2$
-- The positions of a location, or one of them, as JSON:API resources. Closed locations are not among a position's.
SELECT coalesce(json_agg(json_build_object('type', 'position', 'id', p.id::text, 'attributes', json_build_object(
           'chain_id', p.chain_id, 'title', p.title, 'description', p.description,
           'services_binding_type', p.services_binding_type, 'rules_required_fields', p.required_fields,
           'only_chain_appointment', p.is_for_chain_only, 'salon_ids', o.ids)) ORDER BY p.id), '[]')::text
  FROM position_locations here
  JOIN positions p ON p.chain_id = :chain_id AND p.id = here.position_id AND p.deleted_at IS NULL
  JOIN (SELECT pl.position_id, json_agg(pl.location_id ORDER BY pl.location_id) AS ids
          FROM position_locations pl
          JOIN locations l ON l.chain_id = :chain_id AND l.id = pl.location_id AND l.deleted_at IS NULL
         WHERE pl.chain_id = :chain_id AND (:position_id::bigint IS NULL OR pl.position_id = :position_id::bigint)
         GROUP BY pl.position_id) AS o ON o.position_id = p.id
 WHERE here.chain_id = :chain_id AND here.location_id = :location_id
   AND (:position_id::bigint IS NULL OR p.id = :position_id::bigint);

-- name: lock_position^
-- Until the change commits; whoever gives it to somebody meanwhile waits (see share_position).
SELECT p.id, p.title, p.description
  FROM position_locations here
  JOIN positions p ON p.chain_id = :chain_id AND p.id = here.position_id AND p.deleted_at IS NULL
 WHERE here.chain_id = :chain_id AND here.location_id = :location_id AND here.position_id = :position_id
   FOR UPDATE OF here, p;

-- name: share_position^
-- A position that somebody of the location is about to get: it cannot go away under him.
SELECT p.required_fields, p.is_for_chain_only
  FROM position_locations here
  JOIN positions p ON p.chain_id = :chain_id AND p.id = here.position_id AND p.deleted_at IS NULL
 WHERE here.chain_id = :chain_id AND here.location_id = :location_id AND here.position_id = :position_id
   FOR SHARE OF here, p;

-- name: locations_among
-- Those of these that are living locations of the chain.
SELECT id FROM locations WHERE chain_id = :chain_id AND id = ANY (:ids::bigint[]) AND deleted_at IS NULL;

-- name: add_position$
-- The chain's, and these locations have it.
WITH made AS (
    INSERT INTO positions (chain_id, title, description, services_binding_type, required_fields, is_for_chain_only,
                           created_at, updated_at)
    VALUES (:chain_id::bigint, :title, :description, :services_binding_type, :required_fields, :is_for_chain_only,
            :at::timestamptz, :at::timestamptz)
    RETURNING id
)
INSERT INTO position_locations (chain_id, position_id, location_id)
SELECT :chain_id::bigint, made.id, place.id FROM made, unnest(:location_ids::bigint[]) AS place (id)
RETURNING position_id;

-- name: change_position!
UPDATE positions SET title = :title, description = :description, updated_at = :at
 WHERE chain_id = :chain_id AND id = :position_id;

-- name: holders$
-- How many of the location's team have the position.
SELECT count(*) FROM team_members
 WHERE chain_id = :chain_id AND location_id = :location_id AND position_id = :position_id
   AND deleted_at IS NULL AND fired_on IS NULL;

-- name: holders_everywhere
-- Everybody of the chain who is shown with the position, those who left the team too.
SELECT id, location_id FROM team_members
 WHERE chain_id = :chain_id AND position_id = :position_id AND deleted_at IS NULL
 ORDER BY id;

-- name: leave_position!
-- Those who left the team have no position of the location any more.
UPDATE team_members SET position_id = NULL, updated_at = :at
 WHERE chain_id = :chain_id AND location_id = :location_id AND position_id = :position_id;

-- name: drop_position_here!
DELETE FROM position_locations
 WHERE chain_id = :chain_id AND location_id = :location_id AND position_id = :position_id;

-- name: delete_unplaced_position!
-- The last location had it.
UPDATE positions SET deleted_at = :at, updated_at = :at
 WHERE chain_id = :chain_id AND id = :position_id
   AND NOT EXISTS (SELECT FROM position_locations o
                     JOIN locations l ON l.chain_id = :chain_id AND l.id = o.location_id AND l.deleted_at IS NULL
                    WHERE o.chain_id = :chain_id AND o.position_id = :position_id);
