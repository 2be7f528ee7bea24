-- name: location_of_member$
-- Where one works whose avatar is uploaded: that path names no location.
SELECT location_id FROM team_members WHERE chain_id = :chain_id AND id = :id AND deleted_at IS NULL;

-- name: count_untied$
-- across chains: how many images tied to nothing somebody keeps; they have no chain.
SELECT count(*) FROM image_groups WHERE chain_id = 0 AND user_id = :user_id;

-- name: add_group$
INSERT INTO image_groups (chain_id, entity, location_id, service_id, team_member_id, user_id, folder, created_at)
VALUES (:chain_id, :entity, :location_id, :service_id, :team_member_id, :user_id, :folder, :at) RETURNING id;

-- name: add_images
-- The sizes of a picture, in one statement.
INSERT INTO images (chain_id, image_group_id, version, type, width, height)
SELECT :chain_id, :image_group_id, x.version, x.type, x.width, x.height
  FROM unnest(:versions::text[], :types::text[], :widths::int[], :heights::int[]) AS x (version, type, width, height)
RETURNING id, version;

-- name: group_by_id^
-- across chains: the path names no location; who may see the group is asked of its place.
-- `is_shown`: it is still what its service or team member shows.
SELECT g.chain_id, g.entity, g.location_id, g.service_id, g.team_member_id, g.user_id,
       coalesce(s.image, m.avatar, '') LIKE '/media/' || g.folder || '/%' AS is_shown
  FROM image_groups g
       LEFT JOIN services s ON s.chain_id = g.chain_id AND s.id = g.service_id
       LEFT JOIN team_members m ON m.chain_id = g.chain_id AND m.id = g.team_member_id
 WHERE g.id = :id;

-- name: group_of_service$
SELECT id FROM image_groups WHERE chain_id = :chain_id AND service_id = :service_id;

-- name: group_of_member$
SELECT id FROM image_groups WHERE chain_id = :chain_id AND team_member_id = :team_member_id;

-- name: files_of_group$
-- Read before the group goes; nothing when somebody else has deleted it meanwhile.
SELECT array_agg(g.folder || '/' || i.version || '.' || i.type)
  FROM image_groups g JOIN images i ON i.chain_id = :chain_id AND i.image_group_id = g.id
 WHERE g.chain_id = :chain_id AND g.id = :id;

-- name: drop_group$
-- Its images go with it.
DELETE FROM image_groups WHERE chain_id = :chain_id AND id = :id RETURNING id;

-- name: known_folders
-- across chains: of these folders of the storage, those that a group still has.
SELECT folder FROM image_groups WHERE folder = ANY (:folders::text[]);

-- name: image_facts
-- Pictures that were uploaded at a location, and what they are of.
SELECT g.id, coalesce(:location_id::bigint, g.location_id) AS location_id,
       jsonb_build_object('entity', g.entity, 'service_id', g.service_id, 'team_member_id', g.team_member_id,
                          'folder', g.folder)::text AS facts
  FROM image_groups g
 WHERE g.chain_id = :chain_id AND g.id = ANY(:ids::bigint[]);
