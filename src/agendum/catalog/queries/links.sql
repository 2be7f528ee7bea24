-- name: team_here
-- Which of these people can give services at the location.
SELECT id FROM team_members
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = ANY(:ids::bigint[]) AND deleted_at IS NULL
   AND fired_on IS NULL;

-- name: links_of_service
-- Who gives a service at the location, heavier first.
SELECT k.team_member_id, k.duration, k.price, k.price_max, k.technological_card_id, k.api_id, k.is_online,
       k.is_offline_records_allowed
  FROM service_links k
  JOIN team_members m ON m.chain_id = :chain_id AND m.id = k.team_member_id AND m.location_id = :location_id
   AND m.deleted_at IS NULL AND m.fired_on IS NULL
 WHERE k.chain_id = :chain_id AND k.service_id = :service_id
 ORDER BY m.weight DESC, m.id;

-- name: put_links!
-- New links, and new lengths and prices of those that stand.
INSERT INTO service_links (chain_id, service_id, team_member_id, duration, price, price_max, technological_card_id,
                           is_online, is_offline_records_allowed)
SELECT :chain_id::bigint, :service_id::bigint, link.*
  FROM unnest(:member_ids::bigint[], :durations::int[], :prices::numeric[], :prices_max::numeric[], :cards::bigint[],
              :online::bool[], :offline::bool[])
       AS link (team_member_id, duration, price, price_max, technological_card_id, is_online, is_offline_records_allowed)
ON CONFLICT (chain_id, service_id, team_member_id) DO UPDATE
   SET duration = excluded.duration, price = excluded.price, price_max = excluded.price_max,
       technological_card_id = excluded.technological_card_id, is_online = excluded.is_online,
       is_offline_records_allowed = excluded.is_offline_records_allowed;

-- name: keep_links!
-- Of a service's links at the location only these stay.
DELETE FROM service_links
 WHERE chain_id = :chain_id AND service_id = :service_id AND team_member_id <> ALL(:member_ids::bigint[])
   AND team_member_id IN (SELECT m.id FROM team_members m WHERE m.chain_id = :chain_id AND m.location_id = :location_id);

-- name: follow_length!
-- Who took as long as the service itself goes on doing so.
UPDATE service_links SET duration = :after
 WHERE chain_id = :chain_id AND service_id = :service_id AND duration = :before
   AND team_member_id IN (SELECT m.id FROM team_members m WHERE m.chain_id = :chain_id AND m.location_id = :location_id);

-- name: drop_link$
-- The id comes back when there was a link.
DELETE FROM service_links
 WHERE chain_id = :chain_id AND service_id = :service_id AND team_member_id = :team_member_id
RETURNING team_member_id;

-- name: resources_here
SELECT id FROM resources
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = ANY(:ids::bigint[]) AND deleted_at IS NULL;

-- name: needed_resources
-- The living resources of the location that a service needs.
SELECT r.id FROM service_resources sr
  JOIN resources r ON r.chain_id = :chain_id AND r.id = sr.resource_id AND r.location_id = :location_id
   AND r.deleted_at IS NULL
 WHERE sr.chain_id = :chain_id AND sr.service_id = :service_id
 ORDER BY r.id;

-- name: set_resources!
-- What a service needs at one location; what it needs elsewhere stays.
WITH gone AS (
    DELETE FROM service_resources
     WHERE chain_id = :chain_id AND service_id = :service_id AND resource_id <> ALL(:resource_ids::bigint[])
       AND resource_id IN (SELECT r.id FROM resources r WHERE r.chain_id = :chain_id AND r.location_id = :location_id)
)
INSERT INTO service_resources (chain_id, service_id, resource_id)
SELECT :chain_id::bigint, :service_id::bigint, id FROM (SELECT DISTINCT unnest(:resource_ids::bigint[])) AS wanted (id)
ON CONFLICT DO NOTHING;

-- name: languages_among
SELECT id FROM languages WHERE id = ANY(:ids::bigint[]);

-- name: translations_of_service
SELECT language_id, title AS translation FROM service_translations
 WHERE chain_id = :chain_id AND service_id = :service_id ORDER BY language_id;

-- name: put_translations!
INSERT INTO service_translations (chain_id, service_id, language_id, title)
SELECT :chain_id::bigint, :service_id::bigint, language_id, title
  FROM unnest(:language_ids::int[], :titles::text[]) AS given (language_id, title) WHERE title <> ''
ON CONFLICT (chain_id, service_id, language_id) DO UPDATE SET title = excluded.title;

-- name: drop_translations!
DELETE FROM service_translations
 WHERE chain_id = :chain_id AND service_id = :service_id AND language_id = ANY(:language_ids::int[]);
