-- name: category_cards
-- Categories of a location, one of them or all, heavier first. Who gives a category's services is who is linked to one
-- of them; while it has none, who was named for it.
WITH here AS MATERIALIZED (
    SELECT s.id, s.category_id FROM location_services ls
      JOIN services s ON s.chain_id = :chain_id AND s.id = ls.service_id AND s.deleted_at IS NULL
     WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id
), givers AS (
    SELECT g.category_id, array_agg(g.id ORDER BY g.weight DESC, g.id) AS ids
      FROM (
        SELECT DISTINCT here.category_id, m.id, m.weight
          FROM team_members m
          JOIN service_links k ON k.chain_id = :chain_id AND k.team_member_id = m.id
          JOIN here ON here.id = k.service_id
         WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND m.deleted_at IS NULL AND m.fired_on IS NULL
         UNION ALL
        SELECT n.category_id, m.id, m.weight
          FROM team_members m
          JOIN category_members n ON n.chain_id = :chain_id AND n.team_member_id = m.id
         WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND m.deleted_at IS NULL AND m.fired_on IS NULL
           AND n.category_id NOT IN (SELECT category_id FROM here)
      ) AS g
     GROUP BY g.category_id
)
SELECT json_build_object(
           'id', c.id, 'salon_service_id', lc.id, 'title', c.title, 'api_id', c.api_id, 'weight', lc.weight,
           'staff', coalesce(givers.ids, '{}'), 'is_chain', c.is_chain, 'gender', c.gender)::text AS shown
  FROM location_categories lc
  JOIN service_categories c ON c.chain_id = :chain_id AND c.id = lc.category_id AND c.deleted_at IS NULL
  LEFT JOIN givers ON givers.category_id = c.id
 WHERE lc.chain_id = :chain_id AND lc.location_id = :location_id
   AND (:category_id::bigint IS NULL OR c.id = :category_id)
   AND (:staff_id::bigint IS NULL OR :staff_id = ANY(givers.ids))
 ORDER BY lc.weight DESC, c.id;

-- name: categories_with_services_of
-- The location's categories, heavier first; of a team member only those whose services he gives.
SELECT c.id, c.title, lc.id AS salon_service_id
  FROM location_categories lc
  JOIN service_categories c ON c.chain_id = :chain_id AND c.id = lc.category_id AND c.deleted_at IS NULL
 WHERE lc.chain_id = :chain_id AND lc.location_id = :location_id
   AND (:staff_id::bigint IS NULL OR EXISTS (
        SELECT FROM service_links k
          JOIN services s ON s.chain_id = :chain_id AND s.id = k.service_id AND s.category_id = c.id AND s.deleted_at IS NULL
          JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.id AND ls.location_id = :location_id
          JOIN team_members m ON m.chain_id = :chain_id AND m.id = k.team_member_id AND m.location_id = :location_id
           AND m.deleted_at IS NULL AND m.fired_on IS NULL
         WHERE k.chain_id = :chain_id AND k.team_member_id = :staff_id))
 ORDER BY lc.weight DESC, c.id;

-- name: chain_categories
-- Every category of the chain, with its services when they are asked for. A category is as heavy as where it is heaviest.
-- What only closed locations had is gone, but for what the chain manages.
SELECT c.id, c.title,
       CASE WHEN :with_services::boolean THEN coalesce(inside.services, '[]') END AS services
  FROM service_categories c
  LEFT JOIN (
    SELECT lc.category_id, max(lc.weight) AS weight FROM location_categories lc
      JOIN locations l ON l.chain_id = :chain_id AND l.id = lc.location_id AND l.deleted_at IS NULL
     WHERE lc.chain_id = :chain_id GROUP BY lc.category_id
  ) AS placed ON placed.category_id = c.id
  LEFT JOIN (
    SELECT s.category_id, jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title)
                                    ORDER BY offered.weight DESC NULLS LAST, s.id) AS services
      FROM services s
      LEFT JOIN (
        SELECT ls.service_id, max(ls.weight) AS weight FROM location_services ls
          JOIN locations l ON l.chain_id = :chain_id AND l.id = ls.location_id AND l.deleted_at IS NULL
         WHERE ls.chain_id = :chain_id GROUP BY ls.service_id
      ) AS offered ON offered.service_id = s.id
     WHERE s.chain_id = :chain_id AND s.deleted_at IS NULL AND :with_services
       AND (s.is_chain OR offered.service_id IS NOT NULL)
     GROUP BY s.category_id
  ) AS inside ON inside.category_id = c.id
 WHERE c.chain_id = :chain_id AND c.deleted_at IS NULL AND (c.is_chain OR placed.category_id IS NOT NULL)
 ORDER BY placed.weight DESC NULLS LAST, c.id;

-- name: create_category$
-- A category, and its place at the location.
WITH made AS (
    INSERT INTO service_categories (chain_id, title, api_id, gender, is_chain, created_at, updated_at)
    VALUES (:chain_id, :title, :api_id, :gender, :is_chain, :at, :at)
    RETURNING id
), placed AS (
    INSERT INTO location_categories (chain_id, location_id, category_id, weight)
    SELECT :chain_id, :location_id, made.id, :weight FROM made
)
SELECT id FROM made;

-- name: lock_category^
-- The category that is about to change, as its location has it.
SELECT c.id, c.title, c.api_id, c.gender, c.is_chain, lc.weight
  FROM service_categories c
  JOIN location_categories lc ON lc.chain_id = :chain_id AND lc.category_id = c.id AND lc.location_id = :location_id
 WHERE c.chain_id = :chain_id AND c.id = :category_id AND c.deleted_at IS NULL
   FOR UPDATE;

-- name: share_category$
-- A category that must not go while a service is put into it; who gives its services unless the service says otherwise.
SELECT ARRAY(SELECT n.team_member_id FROM category_members n
               JOIN team_members m ON m.chain_id = :chain_id AND m.id = n.team_member_id AND m.location_id = :location_id
                AND m.deleted_at IS NULL AND m.fired_on IS NULL
              WHERE n.chain_id = :chain_id AND n.category_id = c.id) AS staff
  FROM service_categories c
  JOIN location_categories lc ON lc.chain_id = :chain_id AND lc.category_id = c.id AND lc.location_id = :location_id
 WHERE c.chain_id = :chain_id AND c.id = :category_id AND c.deleted_at IS NULL
   FOR SHARE OF c;

-- name: locations_of_category
SELECT location_id FROM location_categories WHERE chain_id = :chain_id AND category_id = :category_id ORDER BY location_id;

-- name: change_category!
-- Its name everywhere, its weight at the location.
WITH placed AS (
    UPDATE location_categories SET weight = :weight
     WHERE chain_id = :chain_id AND location_id = :location_id AND category_id = :category_id
)
UPDATE service_categories
   SET title = :title, api_id = :api_id, gender = :gender, is_chain = :is_chain, updated_at = :at
 WHERE chain_id = :chain_id AND id = :category_id;

-- name: name_members!
-- Who of the location gives the category's services; who does elsewhere stays.
WITH gone AS (
    DELETE FROM category_members
     WHERE chain_id = :chain_id AND category_id = :category_id AND team_member_id <> ALL(:member_ids::bigint[])
       AND team_member_id IN (SELECT m.id FROM team_members m WHERE m.chain_id = :chain_id AND m.location_id = :location_id)
)
INSERT INTO category_members (chain_id, category_id, team_member_id)
SELECT :chain_id::bigint, :category_id::bigint, id FROM unnest(:member_ids::bigint[]) AS wanted (id)
ON CONFLICT DO NOTHING;

-- name: link_category!
-- The same people, and nobody else of the location, give every service that the category has there.
WITH inside AS (
    SELECT s.id, ls.duration FROM location_services ls
      JOIN services s ON s.chain_id = :chain_id AND s.id = ls.service_id AND s.deleted_at IS NULL
     WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id AND s.category_id = :category_id
), gone AS (
    DELETE FROM service_links
     WHERE chain_id = :chain_id AND service_id IN (SELECT id FROM inside) AND team_member_id <> ALL(:member_ids::bigint[])
       AND team_member_id IN (SELECT m.id FROM team_members m WHERE m.chain_id = :chain_id AND m.location_id = :location_id)
)
INSERT INTO service_links (chain_id, service_id, team_member_id, duration)
SELECT :chain_id::bigint, inside.id, wanted.id, inside.duration FROM inside, unnest(:member_ids::bigint[]) AS wanted (id)
ON CONFLICT DO NOTHING;

-- name: services_in_category
-- Living services of the location in a category.
SELECT s.id FROM location_services ls
  JOIN services s ON s.chain_id = :chain_id AND s.id = ls.service_id AND s.deleted_at IS NULL
 WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id AND s.category_id = :category_id
 ORDER BY s.id;

-- name: remove_category!
-- The location no longer has the category, and nobody there gives it.
WITH members AS (
    DELETE FROM category_members
     WHERE chain_id = :chain_id AND category_id = :category_id
       AND team_member_id IN (SELECT m.id FROM team_members m WHERE m.chain_id = :chain_id AND m.location_id = :location_id)
)
DELETE FROM location_categories WHERE chain_id = :chain_id AND location_id = :location_id AND category_id = :category_id;

-- name: delete_unplaced_category!
-- Kept for the history, but gone once no location has it; the chain keeps what it manages.
UPDATE service_categories SET deleted_at = :at, updated_at = :at
 WHERE chain_id = :chain_id AND id = :category_id AND NOT is_chain
   AND NOT EXISTS (SELECT FROM location_categories lc WHERE lc.chain_id = :chain_id AND lc.category_id = :category_id);

-- name: place_category
-- A location that offers a service has its category too. Gives those that did not have it yet.
INSERT INTO location_categories (chain_id, location_id, category_id)
SELECT :chain_id::bigint, ls.location_id, :category_id::bigint FROM location_services ls
 WHERE ls.chain_id = :chain_id AND ls.service_id = :service_id
ON CONFLICT DO NOTHING
RETURNING location_id;
