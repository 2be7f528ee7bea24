-- name: service_list
-- A location's services as a list shows them, heavier first. PostgreSQL writes the JSON: it goes out as it is.
SELECT json_build_object(
           'id', s.id, 'salon_service_id', ls.id, 'title', s.title,
           'booking_title', coalesce(nullif(s.booking_title, ''), s.title), 'category_id', s.category_id,
           'price_min', ls.price_min, 'price_max', ls.price_max, 'duration', ls.duration,
           'technical_break_duration', ls.technical_break, 'discount', ls.discount, 'comment', s.comment,
           'weight', ls.weight, 'active', ls.is_active::int, 'api_id', s.api_id)::text AS shown
  FROM location_services ls
  JOIN services s ON s.chain_id = :chain_id AND s.id = ls.service_id AND s.deleted_at IS NULL
 WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id
   AND (:category_id::bigint IS NULL OR s.category_id = :category_id)
   AND (:staff_id::bigint IS NULL OR EXISTS (
        SELECT FROM service_links k
          JOIN team_members m ON m.chain_id = :chain_id AND m.id = k.team_member_id AND m.location_id = :location_id
           AND m.deleted_at IS NULL AND m.fired_on IS NULL
         WHERE k.chain_id = :chain_id AND k.service_id = s.id AND k.team_member_id = :staff_id))
 ORDER BY ls.weight DESC, s.id;

-- name: service_cards
-- Services of a location in full, one of them or all, heavier first, as JSON; who gives them as a list of JSON objects
-- put together from their numbers, which takes half the time of json_build_object. Images only some have.
SELECT row_to_json(card)::text AS shown, given.staff, s.id, s.image,
       CASE WHEN s.image <> '' THEN (
           SELECT jsonb_build_object('id', g.id, 'versions', jsonb_agg(jsonb_build_object(
                      'id', i.id, 'version', i.version, 'type', i.type, 'width', i.width::text, 'height', i.height::text)))
             FROM image_groups g
             JOIN images i ON i.chain_id = :chain_id AND i.image_group_id = g.id
            WHERE g.chain_id = :chain_id AND g.service_id = s.id GROUP BY g.id) END AS image_group
  FROM location_services ls
  JOIN services s ON s.chain_id = :chain_id AND s.id = ls.service_id AND s.deleted_at IS NULL
  LEFT JOIN (
    SELECT k.service_id, bool_or(k.is_online AND NOT m.is_hidden) AS is_online, bool_or(m.id = :staff_id::bigint) AS is_asked,
           string_agg('{"id":' || m.id || ',"seance_length":' || k.duration || ',"technological_card_id":' ||
                      coalesce(k.technological_card_id, 0) ||
                      CASE WHEN k.price IS NULL THEN ',"price":null,"price_max":null}'
                           ELSE ',"price":' || k.price || ',"price_max":' || coalesce(k.price_max::text, 'null') || '}' END,
                      ',' ORDER BY m.weight DESC, m.id) AS staff
      FROM service_links k
      JOIN team_members m ON m.chain_id = :chain_id AND m.id = k.team_member_id AND m.deleted_at IS NULL
       AND m.fired_on IS NULL
     WHERE k.chain_id = :chain_id AND m.location_id = :location_id
       AND (:service_id::bigint IS NULL OR k.service_id = :service_id)
     GROUP BY k.service_id
  ) given ON given.service_id = s.id
 CROSS JOIN LATERAL (
    SELECT s.id, ls.id AS salon_service_id, s.title, coalesce(nullif(s.booking_title, ''), s.title) AS booking_title,
           s.title AS print_title, s.category_id, ls.price_min, ls.price_max, ls.discount, ls.duration,
           ls.technical_break AS technical_break_duration, s.comment, ls.weight, ls.is_active::int AS active,
           ls.is_active AND coalesce(given.is_online, false) AS is_online, s.api_id, s.is_multi,
           CASE WHEN s.is_multi OR s.seats > 1 THEN s.seats ELSE 0 END AS capacity, s.gender, s.is_composite,
           CASE WHEN s.is_composite THEN (
               SELECT coalesce(json_agg(p.part_id ORDER BY p.position), '[]')
                 FROM service_parts p
                 JOIN services part ON part.chain_id = :chain_id AND part.id = p.part_id AND part.deleted_at IS NULL
                WHERE p.chain_id = :chain_id AND p.service_id = s.id) ELSE '[]' END AS parts, s.is_chain,
           s.is_price_managed_in_chain AS is_price_managed_only_in_chain,
           s.is_comment_managed_in_chain AS is_comment_managed_only_in_chain, ls.tax_variant, ls.vat_id,
           ls.is_limited AS is_need_limit_date,
           -- The wire knows no service without dates; they count only while it is limited.
           coalesce(ls.date_from, ls.date_to, s.created_at::date) AS date_from,
           coalesce(ls.date_to, ls.date_from, s.created_at::date) AS date_to,
           CASE WHEN ls.is_limited THEN ARRAY[ls.date_from] ELSE '{}' END AS dates,
           ls.search_start AS seance_search_start, ls.search_finish AS seance_search_finish,
           ls.search_step AS seance_search_step, ls.display_step AS step,
           CASE ls.prepaid WHEN 'allowed' THEN 'optional' ELSE ls.prepaid END AS prepaid,
           CASE WHEN ls.is_limited THEN 2 ELSE 1 END AS schedule_template_type,
           (SELECT coalesce(json_agg(json_build_object('id', r.id, 'title', r.title) ORDER BY r.id), '[]')
              FROM service_resources sr
              JOIN resources r ON r.chain_id = :chain_id AND r.id = sr.resource_id AND r.location_id = :location_id
               AND r.deleted_at IS NULL
             WHERE sr.chain_id = :chain_id AND sr.service_id = s.id) AS resources,
           (SELECT coalesce(json_agg(json_build_object('language_id', t.language_id, 'translation', t.title)
                                     ORDER BY t.language_id), '[]')
              FROM service_translations t
             WHERE t.chain_id = :chain_id AND t.service_id = s.id) AS translations
 ) AS card
 WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id
   AND (:service_id::bigint IS NULL OR ls.service_id = :service_id)
   AND (:category_id::bigint IS NULL OR s.category_id = :category_id)
   AND (:staff_id::bigint IS NULL OR given.is_asked)
 ORDER BY ls.weight DESC, s.id;

-- name: known^
-- Whether what a list was narrowed to is there at all; asked only when the list came out empty.
SELECT EXISTS (SELECT FROM team_members m WHERE m.chain_id = :chain_id AND m.id = :staff_id::bigint
                  AND m.location_id = :location_id AND m.deleted_at IS NULL) AS member,
       EXISTS (SELECT FROM location_categories lc
                 JOIN service_categories c ON c.chain_id = :chain_id AND c.id = lc.category_id AND c.deleted_at IS NULL
                WHERE lc.chain_id = :chain_id AND lc.location_id = :location_id AND lc.category_id = :category_id::bigint) AS category;

-- name: locations_offering
-- Every location where the service is offered: each must hear of a change.
SELECT location_id FROM location_services WHERE chain_id = :chain_id AND service_id = :service_id ORDER BY location_id;

-- name: create_service$
INSERT INTO services (chain_id, category_id, title, booking_title, comment, api_id, is_multi, gender, seats, is_chain,
                      is_price_managed_in_chain, is_comment_managed_in_chain, created_at, updated_at)
VALUES (:chain_id, :category_id, :title, :booking_title, :comment, :api_id, :is_multi, :gender, :seats, :is_chain,
        :is_price_managed_in_chain, :is_comment_managed_in_chain, :at, :at)
RETURNING id;

-- name: offer_service!
-- How a location offers a service.
INSERT INTO location_services (
    chain_id, location_id, service_id, price_min, price_max, discount, duration, technical_break, is_active, weight,
    tax_variant, vat_id, is_limited, date_from, date_to, search_start, search_finish, search_step, display_step)
VALUES (:chain_id, :location_id, :service_id, :price_min, :price_max, :discount, :duration, :technical_break, :is_active,
        :weight, :tax_variant, :vat_id, :is_limited, :date_from, :date_to, :search_start, :search_finish, :search_step,
        :display_step);

-- name: lock_service_of_chain^
-- A service that a location of its chain is about to offer, too.
SELECT s.id, s.category_id, s.title, s.booking_title, s.comment, s.api_id, s.is_multi, s.gender, s.seats, s.is_chain,
       s.is_price_managed_in_chain, s.is_comment_managed_in_chain,
       EXISTS (SELECT FROM location_services ls WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id
                  AND ls.service_id = s.id) AS is_offered
  FROM services s
 WHERE s.chain_id = :chain_id AND s.id = :service_id AND s.deleted_at IS NULL
   FOR UPDATE;

-- name: parts_of$
-- In their order.
SELECT coalesce(array_agg(part_id ORDER BY position), '{}') FROM service_parts
 WHERE chain_id = :chain_id AND service_id = :service_id;

-- name: can_be_parts
-- Of these services, those of the location that a composite can be made of: no other composites.
SELECT s.id FROM services s
  JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.id AND ls.location_id = :location_id
 WHERE s.chain_id = :chain_id AND s.id = ANY (:ids::bigint[]) AND s.id <> :service_id AND NOT s.is_composite
   AND s.deleted_at IS NULL
   FOR SHARE OF s;

-- name: composite_of$
-- The title of a composite that a service is a part of.
SELECT s.title FROM service_parts p
  JOIN services s ON s.chain_id = :chain_id AND s.id = p.service_id AND s.deleted_at IS NULL
 WHERE p.chain_id = :chain_id AND p.part_id = :service_id
 LIMIT 1;

-- name: clear_parts!
DELETE FROM service_parts WHERE chain_id = :chain_id AND service_id = :service_id;

-- name: add_parts!
-- They are done in the order in which they are named.
INSERT INTO service_parts (chain_id, service_id, position, part_id)
SELECT :chain_id::bigint, :service_id::bigint, part.position, part.id
  FROM unnest(:parts::bigint[]) WITH ORDINALITY AS part (id, position);

-- name: mark_composite!
UPDATE services SET is_composite = :is_composite WHERE chain_id = :chain_id AND id = :service_id;

-- name: lock_service^
-- The service that is about to change, as its location offers it.
SELECT s.id, s.category_id, s.title, s.booking_title, s.comment, s.api_id, s.is_multi, s.gender, s.seats, s.is_chain,
       s.is_composite, s.is_price_managed_in_chain, s.is_comment_managed_in_chain, ls.price_min, ls.price_max, ls.discount, ls.duration,
       ls.technical_break, ls.is_active, ls.weight, ls.tax_variant, ls.vat_id, ls.is_limited, ls.date_from, ls.date_to,
       ls.search_start, ls.search_finish, ls.search_step, ls.display_step
  FROM services s
  JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.id AND ls.location_id = :location_id
 WHERE s.chain_id = :chain_id AND s.id = :service_id AND s.deleted_at IS NULL
   FOR UPDATE;

-- name: change_service!
UPDATE services
   SET category_id = :category_id, title = :title, booking_title = :booking_title, comment = :comment, api_id = :api_id,
       is_multi = :is_multi, gender = :gender, seats = :seats, is_chain = :is_chain,
       is_price_managed_in_chain = :is_price_managed_in_chain,
       is_comment_managed_in_chain = :is_comment_managed_in_chain, updated_at = :at
 WHERE chain_id = :chain_id AND id = :service_id;

-- name: change_offer!
UPDATE location_services
   SET price_min = :price_min, price_max = :price_max, discount = :discount, duration = :duration,
       technical_break = :technical_break, is_active = :is_active, weight = :weight, tax_variant = :tax_variant,
       vat_id = :vat_id, is_limited = :is_limited, date_from = :date_from, date_to = :date_to,
       search_start = :search_start, search_finish = :search_finish, search_step = :search_step,
       display_step = :display_step
 WHERE chain_id = :chain_id AND location_id = :location_id AND service_id = :service_id;

-- name: change_price_everywhere!
UPDATE location_services SET price_min = :price_min, price_max = :price_max, discount = :discount
 WHERE chain_id = :chain_id AND service_id = :service_id;

-- name: needed_still^
-- What would break without the service at this location: appointments and events to come, a composite made of it.
SELECT (SELECT count(DISTINCT a.id) FROM appointments a
          JOIN appointment_services line ON line.chain_id = :chain_id AND line.appointment_id = a.id
         WHERE a.chain_id = :chain_id AND a.location_id = :location_id AND a.starts_at > :at::timestamptz
           AND a.deleted_at IS NULL AND line.service_id = :service_id) AS appointments,
       (SELECT count(*) FROM events e
         WHERE e.chain_id = :chain_id AND e.location_id = :location_id AND e.starts_at > :at::timestamptz
           AND e.deleted_at IS NULL AND e.service_id = :service_id) AS events,
       (SELECT s.title FROM service_parts p
          JOIN services s ON s.chain_id = :chain_id AND s.id = p.service_id AND s.deleted_at IS NULL
          JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.id AND ls.location_id = :location_id
         WHERE p.chain_id = :chain_id AND p.part_id = :service_id LIMIT 1) AS composite;

-- name: withdraw_offer!
-- The location no longer offers the service: nobody gives it there, and it needs none of the location's resources.
WITH links AS (
    DELETE FROM service_links
     WHERE chain_id = :chain_id AND service_id = :service_id
       AND team_member_id IN (SELECT m.id FROM team_members m WHERE m.chain_id = :chain_id AND m.location_id = :location_id)
), needs AS (
    DELETE FROM service_resources
     WHERE chain_id = :chain_id AND service_id = :service_id
       AND resource_id IN (SELECT r.id FROM resources r WHERE r.chain_id = :chain_id AND r.location_id = :location_id)
)
DELETE FROM location_services WHERE chain_id = :chain_id AND location_id = :location_id AND service_id = :service_id;

-- name: delete_unoffered_service!
-- Kept for the history, but gone once no location offers it; the chain keeps what it manages.
UPDATE services SET deleted_at = :at, updated_at = :at
 WHERE chain_id = :chain_id AND id = :service_id AND NOT is_chain
   AND NOT EXISTS (SELECT FROM location_services ls WHERE ls.chain_id = :chain_id AND ls.service_id = :service_id);

-- name: set_image$
-- Only of a living service of this location.
UPDATE services SET image = :image, images = :images, updated_at = :at
 WHERE chain_id = :chain_id AND id = :service_id AND deleted_at IS NULL
   AND id IN (SELECT ls.service_id FROM location_services ls WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id)
RETURNING id;
