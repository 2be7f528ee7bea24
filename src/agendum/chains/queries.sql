-- name: put_currencies!
-- Reference rows are replaced by id: ids are frozen, words may change.
INSERT INTO currencies (id, iso, name, symbol, is_symbol_after_amount)
SELECT * FROM unnest(:id::int[], :iso::text[], :name::text[], :symbol::text[], :is_symbol_after_amount::bool[])
ON CONFLICT (id) DO UPDATE SET iso = excluded.iso, name = excluded.name, symbol = excluded.symbol,
                               is_symbol_after_amount = excluded.is_symbol_after_amount;

-- name: put_languages!
INSERT INTO languages (id, code, title, iso)
SELECT * FROM unnest(:id::int[], :code::text[], :title::text[], :iso::text[])
ON CONFLICT (id) DO UPDATE SET code = excluded.code, title = excluded.title, iso = excluded.iso;

-- name: put_countries!
INSERT INTO countries (id, title, full_title, iso_code, phone_code, phone_template, phone_example,
                       currency_id, lang_id, group_type, is_eu)
SELECT * FROM unnest(:id::int[], :title::text[], :full_title::text[], :iso_code::text[], :phone_code::text[],
                     :phone_template::text[], :phone_example::text[], :currency_id::int[], :lang_id::int[],
                     :group_type::int[], :is_eu::bool[])
ON CONFLICT (id) DO UPDATE
   SET title = excluded.title, full_title = excluded.full_title, iso_code = excluded.iso_code,
       phone_code = excluded.phone_code, phone_template = excluded.phone_template,
       phone_example = excluded.phone_example, currency_id = excluded.currency_id, lang_id = excluded.lang_id,
       group_type = excluded.group_type, is_eu = excluded.is_eu;

-- name: put_cities!
INSERT INTO cities (id, country_id, title, timezone, lat, lon, population)
SELECT * FROM unnest(:id::bigint[], :country_id::int[], :title::text[], :timezone::text[],
                     :lat::float8[], :lon::float8[], :population::int[])
ON CONFLICT (id) DO UPDATE
   SET country_id = excluded.country_id, title = excluded.title, timezone = excluded.timezone,
       lat = excluded.lat, lon = excluded.lon, population = excluded.population;

-- name: put_business_groups!
INSERT INTO business_groups (id, title, image, image_small)
SELECT * FROM unnest(:id::int[], :title::text[], :image::text[], :image_small::text[])
ON CONFLICT (id) DO UPDATE SET title = excluded.title, image = excluded.image, image_small = excluded.image_small;

-- name: put_business_types!
INSERT INTO business_types (id, title, business_group_id)
SELECT * FROM unnest(:id::int[], :title::text[], :business_group_id::int[])
ON CONFLICT (id) DO UPDATE SET title = excluded.title, business_group_id = excluded.business_group_id;

-- name: location_facts^
-- What every domain asks of a location: its zone, money, language, place.
SELECT l.chain_id, l.id, l.title, l.timezone, l.country_id, l.currency_id, l.language_id, l.city_id,
       l.technical_break, l.active, c.iso_code AS country_iso
  FROM locations l JOIN countries c ON c.id = l.country_id
 WHERE l.chain_id = :chain_id AND l.id = :location_id AND l.deleted_at IS NULL;

-- name: countries
-- A few hundred rows of reference data.
SELECT c.id, c.title, c.full_title, c.iso_code, c.phone_code, c.phone_template, c.phone_example,
       m.symbol AS currency, c.lang_id, c.group_type, c.is_eu
  FROM countries c JOIN currencies m ON m.id = c.currency_id;

-- name: cities
-- Cities of a country, or of the world with null.
SELECT id, country_id, title FROM cities WHERE :country_id::int IS NULL OR country_id = :country_id::int;

-- name: city^
SELECT id, country_id, title FROM cities WHERE id = :city_id;

-- name: business_groups
-- Each group with its types in one row.
SELECT g.id, g.title, g.image, g.image_small,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'title', t.title,
                                                     'business_group_id', t.business_group_id) ORDER BY t.id), '[]')
          FROM business_types t WHERE t.business_group_id = g.id) AS types
  FROM business_groups g
 ORDER BY g.id;

-- name: chain_of$
-- The tenant of a location named in a query.
SELECT chain_id FROM location_chains WHERE location_id = :location_id;

-- name: page_of_chains
-- across chains: one or many tenants, named in chain_ids.
-- One page of the locations of these chains, the favourites of a chain first. Null means no such filter.
SELECT l.chain_id, l.id, NULL::bigint AS distance
  FROM locations l
 WHERE :kind::text = 'chains' AND l.chain_id = ANY (:chain_ids::bigint[]) AND l.id BETWEEN :first_id AND :last_id
   AND (:own_ids::bigint[] IS NULL OR l.id = ANY (:own_ids::bigint[]) OR l.chain_id = ANY (:own_chains::bigint[]))
   AND (:city_id::bigint IS NULL OR l.city_id = :city_id::bigint)
   AND (:business_type_id::int IS NULL OR l.business_type_id = :business_type_id::int)
   AND (:business_group_id::int IS NULL OR l.business_type_id IN
           (SELECT t.id FROM business_types t WHERE t.business_group_id = :business_group_id::int))
   AND (:hidden_types::smallint[] IS NULL OR l.record_type <> ALL (:hidden_types::smallint[]))
   AND (:closed::bigint[] IS NULL OR l.id <> ALL (:closed::bigint[]))
   AND CASE WHEN l.deleted_at IS NULL THEN l.active OR NOT :active_only::bool ELSE :with_deleted::bool END
 ORDER BY CASE WHEN :by_priority::bool THEN -l.group_priority END, l.id
 LIMIT :count OFFSET :skip;

-- name: page_of_directory
-- across chains: the public directory spans tenants.
-- One page over every tenant: where anybody may look for a place to book no chain is known. Read in the index's order.
SELECT l.chain_id, l.id, NULL::bigint AS distance
  FROM locations l
 WHERE :kind::text = 'directory' AND l.id BETWEEN :first_id AND :last_id
   AND (:city_id::bigint IS NULL OR l.city_id = :city_id::bigint)
   AND (:business_type_id::int IS NULL OR l.business_type_id = :business_type_id::int)
   AND (:business_group_id::int IS NULL OR l.business_type_id IN
           (SELECT t.id FROM business_types t WHERE t.business_group_id = :business_group_id::int))
   AND (:hidden_types::smallint[] IS NULL OR l.record_type <> ALL (:hidden_types::smallint[]))
   AND (:closed::bigint[] IS NULL OR l.id <> ALL (:closed::bigint[]))
   AND CASE WHEN l.deleted_at IS NULL THEN l.active OR NOT :active_only::bool ELSE :with_deleted::bool END
 ORDER BY l.id
 LIMIT :count OFFSET :skip;

-- name: page_nearby
-- across chains: the public directory spans tenants.
-- One page of the locations of these chains (null: of every tenant), the nearest first, the unmapped last. Distance is
-- the great circle's, in metres, on a sphere of the Earth's mean radius.
SELECT chain_id, id, distance
  FROM (SELECT l.chain_id, l.id,
               CASE WHEN l.lat IS NOT NULL AND l.lon IS NOT NULL THEN
                   round(2 * 6371008.8 * asin(least(1, sqrt(
                       sin(radians(l.lat::float8 - :lat::float8) / 2) ^ 2
                       + cos(radians(:lat::float8)) * cos(radians(l.lat::float8))
                       * sin(radians(l.lon::float8 - :lon::float8) / 2) ^ 2))))::bigint
               END AS distance
          FROM locations l
         WHERE :kind::text = 'nearby' AND (:chain_ids::bigint[] IS NULL OR l.chain_id = ANY (:chain_ids::bigint[]))
           AND l.id BETWEEN :first_id AND :last_id
           AND (:own_ids::bigint[] IS NULL OR l.id = ANY (:own_ids::bigint[]) OR l.chain_id = ANY (:own_chains::bigint[]))
           AND (:city_id::bigint IS NULL OR l.city_id = :city_id::bigint)
           AND (:business_type_id::int IS NULL OR l.business_type_id = :business_type_id::int)
           AND (:business_group_id::int IS NULL OR l.business_type_id IN
                   (SELECT t.id FROM business_types t WHERE t.business_group_id = :business_group_id::int))
           AND (:hidden_types::smallint[] IS NULL OR l.record_type <> ALL (:hidden_types::smallint[]))
           AND (:closed::bigint[] IS NULL OR l.id <> ALL (:closed::bigint[]))
           AND CASE WHEN l.deleted_at IS NULL THEN l.active OR NOT :active_only::bool ELSE :with_deleted::bool END
       ) AS found
 WHERE :max_distance::float8 IS NULL OR distance <= :max_distance::float8
 ORDER BY distance NULLS LAST, id
 LIMIT :count OFFSET :skip;

-- name: locations_named
-- across chains: the caller may name locations of many tenants; chain_ids are theirs.
-- These locations, each by its chain and id.
SELECT page.chain_id, page.id, NULL::bigint AS distance
  FROM unnest(:chain_ids::bigint[], :ids::bigint[]) AS page (chain_id, id)
 WHERE :kind::text = 'named';

-- name: page
-- across chains: the page may hold locations of many tenants.
-- A page, be it of chains, of the directory, near a place, or of named locations: what it is not of has a false filter for
-- all of it and costs nothing.
(
    -- quote: page_of_chains
) UNION ALL (
    -- quote: page_of_directory
) UNION ALL (
    -- quote: page_nearby
) UNION ALL (
    -- quote: locations_named
);

-- name: location_versions
-- across chains: the page may hold locations of many tenants; each row is joined by chain and location.
-- A page of locations by the versions of the rows that are shown of each, so that what was shown before need not be read
-- again. (Countries, cities and lines of business change only while the server is upgraded.)
SELECT l.chain_id, l.id, l.xmin AS version, h.xmin AS chain_version
  FROM (
    -- quote: page
  ) AS page
  JOIN locations l ON l.chain_id = page.chain_id AND l.id = page.id AND (l.deleted_at IS NULL OR :with_deleted::bool)
  JOIN chains h ON h.id = page.chain_id
 ORDER BY page.distance NULLS LAST, CASE WHEN :by_priority::bool THEN -l.group_priority END, l.id;

-- name: locations
-- across chains: the page may hold locations of many tenants; each row is joined by chain and location.
-- All that is shown of each location of a page. No sub-select: one look-up a location.
SELECT l.chain_id, l.id, l.title, coalesce(nullif(l.public_title, ''), l.title) AS public_title, l.short_descr,
       l.description, l.logo, l.photos, l.active::int AS active, l.phones, l.email, l.site, l.social,
       l.schedule_text AS schedule, l.country_id, c.full_title AS country, coalesce(l.city_id, 0) AS city_id,
       coalesce(y.title, '') AS city, l.address, l.zip, l.timezone AS timezone_name,
       coalesce(l.lat, 0)::float8 AS coordinate_lat, coalesce(l.lon, 0)::float8 AS coordinate_lon, l.app_ios,
       l.app_android, m.symbol AS currency_short_title, l.group_priority, l.bookform_group_priority,
       coalesce(l.business_type_id, 0) AS business_type_id, coalesce(t.business_group_id, 0) AS business_group_id,
       l.record_type AS record_type_id, l.technical_break, l.deleted_at IS NOT NULL AS is_deleted,
       h.title AS chain_title, page.distance
  FROM (
    -- quote: page
  ) AS page
  JOIN locations l ON l.chain_id = page.chain_id AND l.id = page.id AND (l.deleted_at IS NULL OR :with_deleted::bool)
  JOIN chains h ON h.id = page.chain_id
  JOIN countries c ON c.id = l.country_id
  JOIN currencies m ON m.id = l.currency_id
  LEFT JOIN cities y ON y.id = l.city_id
  LEFT JOIN business_types t ON t.id = l.business_type_id
 ORDER BY page.distance NULLS LAST, CASE WHEN :by_priority::bool THEN -l.group_priority END, l.id;

-- name: country^
SELECT id, iso_code, currency_id, lang_id FROM countries WHERE id = :id;

-- name: country_by_name^
SELECT id, iso_code, currency_id, lang_id FROM countries
 WHERE lower(title) = lower(:name) OR lower(full_title) = lower(:name) OR iso_code = upper(:name)
 ORDER BY iso_code = upper(:name) DESC
 LIMIT 1;

-- name: city_of_location^
SELECT id, country_id, timezone FROM cities WHERE id = :id;

-- name: city_by_name^
-- The largest of that name; New York also finds New York City.
SELECT id, country_id, timezone FROM cities
 WHERE country_id = :country_id
   AND (lower(title) = lower(:name) OR starts_with(lower(title), lower(:name) || ' '))
 ORDER BY lower(title) = lower(:name) DESC, population DESC
 LIMIT 1;

-- name: zone_of_country$
-- Where no city is named: the zone of the one nearest to the place, or with no place of the largest.
SELECT timezone FROM cities
 WHERE country_id = :country_id
 ORDER BY (lat::float8 - :lat::float8) ^ 2 + ((lon::float8 - :lon::float8) * cos(radians(:lat::float8))) ^ 2,
          population DESC
 LIMIT 1;

-- name: is_zone$
-- A zone that some city of ours is in: the database and the process both know it.
SELECT :name::text = 'UTC' OR EXISTS (SELECT FROM cities WHERE timezone = :name::text);

-- name: business_type$
SELECT id FROM business_types WHERE id = :id;

-- name: chain_title$
SELECT title FROM chains WHERE id = :chain_id;

-- name: add_chain$
INSERT INTO chains (title, created_at, updated_at) VALUES (:title, :at, :at) RETURNING id;

-- name: retitle_chain!
-- A chain that bears the name of its location follows it.
UPDATE chains SET title = :title, updated_at = :at WHERE id = :chain_id AND title = :former;

-- name: add_location$
INSERT INTO locations (
    chain_id, title, public_title, short_descr, description, country_id, city_id, business_type_id, currency_id,
    language_id, timezone, address, zip, lat, lon, phones, email, site, social, schedule_text, app_ios, app_android,
    active, group_priority, bookform_group_priority, record_type, technical_break, created_at, updated_at)
VALUES (
    :chain_id, :title, :public_title, :short_descr, :description, :country_id, :city_id, :business_type_id,
    :currency_id, :language_id, :timezone, :address, :zip, :lat, :lon, :phones, :email, :site, :social,
    :schedule_text, :app_ios, :app_android, :active, :group_priority, :bookform_group_priority, :record_type,
    :technical_break, :at, :at)
RETURNING id;

-- name: map_location!
INSERT INTO location_chains (location_id, chain_id) VALUES (:location_id, :chain_id);

-- name: add_owner!
INSERT INTO memberships (chain_id, user_id, location_id, role, rights, created_at, updated_at)
VALUES (:chain_id, :user_id, :location_id, 'owner', :rights, :at, :at);

-- name: location_to_change^
-- Two who change one location take turns. Bookings, which only refer to it, go on.
SELECT l.title, l.public_title, l.short_descr, l.description, l.country_id, l.city_id, l.business_type_id,
       l.currency_id, l.language_id, l.timezone, l.address, l.zip, l.lat, l.lon, l.phones, l.email, l.site, l.social,
       l.schedule_text, l.app_ios, l.app_android, l.active, l.group_priority, l.bookform_group_priority, l.record_type,
       l.technical_break
  FROM locations l
 WHERE l.chain_id = :chain_id AND l.id = :location_id AND l.deleted_at IS NULL
   FOR NO KEY UPDATE;

-- name: change_location!
UPDATE locations
   SET title = :title, public_title = :public_title, short_descr = :short_descr, description = :description,
       country_id = :country_id, city_id = :city_id, business_type_id = :business_type_id,
       currency_id = :currency_id, language_id = :language_id, timezone = :timezone, address = :address, zip = :zip,
       lat = :lat, lon = :lon, phones = :phones, email = :email, site = :site, social = :social,
       schedule_text = :schedule_text, app_ios = :app_ios, app_android = :app_android, active = :active,
       group_priority = :group_priority, bookform_group_priority = :bookform_group_priority,
       record_type = :record_type, technical_break = :technical_break, updated_at = :at
 WHERE chain_id = :chain_id AND id = :location_id;

-- name: hold_location$
-- Waits for bookings under way, which refer to the row: what they made is counted.
SELECT id FROM locations WHERE chain_id = :chain_id AND id = :location_id AND deleted_at IS NULL FOR UPDATE;

-- name: delete_location!
UPDATE locations SET deleted_at = :at, updated_at = :at WHERE chain_id = :chain_id AND id = :location_id;

-- name: unmap_location!
-- A path that names the location finds nothing from now on.
DELETE FROM location_chains WHERE location_id = :location_id;

-- name: license_facts^
SELECT created_at, timezone FROM locations
 WHERE chain_id = :chain_id AND id = :location_id AND deleted_at IS NULL;

-- name: chains_of_user
-- across chains: a user may belong to several tenants; chain_ids are theirs.
-- The chains that a user reaches, each with its living locations that he may enter, the favourites first.
SELECT h.id, h.title,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'id', l.id, 'title', l.title, 'public_title', coalesce(nullif(l.public_title, ''), l.title),
                     'business_type_id', coalesce(l.business_type_id, 0),
                     'business_group_id', coalesce(t.business_group_id, 0),
                     'country_id', l.country_id, 'city_id', coalesce(l.city_id, 0), 'timezone_name', l.timezone,
                     'address', l.address, 'currency_short_title', m.symbol,
                     'coordinate_lat', coalesce(l.lat, 0), 'coordinate_lon', coalesce(l.lon, 0), 'logo', l.logo,
                     'zip', l.zip, 'phones', l.phones, 'site', l.site) ORDER BY l.group_priority DESC, l.id)
                   FROM locations l
                   JOIN currencies m ON m.id = l.currency_id
                   LEFT JOIN business_types t ON t.id = l.business_type_id
                  WHERE l.chain_id = h.id AND l.chain_id = ANY (:chain_ids::bigint[]) AND l.deleted_at IS NULL
                    AND (h.id = ANY (:own_chains::bigint[]) OR l.id = ANY (:own_ids::bigint[]))), '[]') AS companies
  FROM chains h
 WHERE h.id = ANY (:chain_ids::bigint[])
 ORDER BY h.id;

-- name: location_trail
-- Locations, with the name of their chain. What becomes of one is the whole chain's: of a closed one it is told elsewhere.
SELECT l.id, NULL::bigint AS location_id, (to_jsonb(l) || jsonb_build_object('chain_title', h.title))::text AS facts
  FROM locations l
  JOIN chains h ON h.id = :chain_id
 WHERE l.chain_id = :chain_id AND l.id = :location_id AND l.id = ANY(:ids::bigint[]) AND l.deleted_at IS NULL;
