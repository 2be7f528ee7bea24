-- name: booking_of_locations
-- across chains: the directory shows locations of many tenants; each row is joined by chain and location.
-- What lists of locations show beside the locations' own rows, for one page of them (perhaps of several tenants).
-- A location without settings has those of a new one. Chain forms count for each of the chain's locations, and a
-- position for those that it was given to and those where somebody holds it.
SELECT l.id AS location_id,
       coalesce(s.confirm_number, false) AS confirm_number, coalesce(s.comment_required, false) AS comment_required,
       coalesce(s.sms_enabled, true) AS sms_enabled, coalesce(s.sms_before_default, 0) AS sms_before_default,
       coalesce(s.allow_change, true) AS allow_change, coalesce(s.allow_delete, true) AS allow_delete,
       (SELECT count(*) FROM team_members m
         WHERE m.chain_id = l.chain_id AND m.location_id = l.id
           AND NOT m.is_hidden AND m.fired_on IS NULL AND m.deleted_at IS NULL) AS active_staff_count,
       CASE WHEN :with_forms::bool THEN
           (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'title', f.title, 'is_default', f.is_default,
                                                'is_chain', f.location_id IS NULL) ORDER BY f.is_default DESC, f.id)
              FROM booking_forms f
             WHERE f.chain_id = l.chain_id AND (f.location_id IS NULL OR f.location_id = l.id)
               AND f.deleted_at IS NULL)
       END AS forms,
       CASE WHEN :with_staff::bool THEN
           (SELECT jsonb_agg(jsonb_build_object(
                       'id', m.id, 'name', m.name, 'specialization', m.specialization, 'information', m.information,
                       'avatar', m.avatar, 'avatar_big', m.avatar_big, 'weight', m.weight,
                       'position', CASE WHEN p.id IS NOT NULL THEN jsonb_build_object('id', p.id, 'title', p.title) END)
                   ORDER BY m.weight DESC, m.id)
              FROM team_members m
              LEFT JOIN positions p ON p.chain_id = m.chain_id AND p.id = m.position_id AND p.deleted_at IS NULL
             WHERE m.chain_id = l.chain_id AND m.location_id = l.id
               AND NOT m.is_hidden AND m.fired_on IS NULL AND m.deleted_at IS NULL)
       END AS staff,
       CASE WHEN :with_positions::bool THEN
           (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'title', p.title) ORDER BY p.title, p.id)
              FROM positions p
             WHERE p.chain_id = l.chain_id AND p.deleted_at IS NULL AND p.id IN (
                    SELECT o.position_id FROM position_locations o
                     WHERE o.chain_id = l.chain_id AND o.location_id = l.id
                    UNION
                    SELECT m.position_id FROM team_members m
                     WHERE m.chain_id = l.chain_id AND m.location_id = l.id
                       AND m.fired_on IS NULL AND m.deleted_at IS NULL))
       END AS positions
  FROM unnest(:chain_ids::bigint[], :location_ids::bigint[]) AS l (chain_id, id)
  LEFT JOIN booking_settings s ON s.chain_id = l.chain_id AND s.location_id = l.id;

-- name: closed_locations
-- across chains: the directory spans tenants.
-- Where online booking is switched off; of every tenant with null.
SELECT location_id FROM booking_settings
 WHERE NOT is_enabled AND (:chain_ids::bigint[] IS NULL OR chain_id = ANY (:chain_ids::bigint[]));

-- name: upcoming_of_location$
-- Who is still awaited, group events included: such a location is not deleted.
SELECT count(*) FROM appointments
 WHERE chain_id = :chain_id AND location_id = :location_id AND starts_at > :now AND deleted_at IS NULL;

-- name: chain_of_form$
-- across chains: a path that names the form alone finds its tenant first.
-- The tenant of a form known by its id alone; the caller goes on within that tenant.
SELECT chain_id FROM booking_forms WHERE id = :id;

-- name: form_config^
-- A form with the place where it begins: its location, or for a chain's form the first by priority. No place, no row.
-- With those of the ids that it names behind which there still is something.
SELECT f.id, f.location_id IS NULL AS is_chain, f.without_menu, f.sequence_type, f.steps, f.style, f.options,
       f.analytics, g.code AS lang,
       (SELECT jsonb_agg(jsonb_build_object('id', x.id, 'code', x.code, 'title', x.title)
                         ORDER BY x.id <> f.default_language_id, array_position(f.language_ids, x.id))
          FROM languages x
         WHERE x.id = f.default_language_id OR x.id = ANY (f.language_ids)) AS langs,
       l.id AS company_id, l.public_title, l.logo, l.lat, l.lon, l.record_type,
       coalesce(s.confirm_number, false) AS confirm_number, coalesce(s.comment_required, false) AS comment_required,
       coalesce(s.sms_enabled, true) AS sms_enabled,
       coalesce(s.activity_online_record_clients_count_max, 1) AS seats_max,
       coalesce(s.is_show_privacy_policy, false) AS show_policy,
       EXISTS (SELECT FROM privacy_policies p
                WHERE p.chain_id = :chain_id AND p.location_id = l.id AND p.content <> '') AS has_policy,
       (SELECT array_agg(x.id) FROM services x
         WHERE x.chain_id = :chain_id AND x.deleted_at IS NULL AND x.id = f.default_service_id
           AND EXISTS (SELECT FROM location_services o
                        WHERE o.chain_id = :chain_id AND o.service_id = x.id
                          AND (f.location_id IS NULL OR o.location_id = f.location_id))) AS known_services,
       (SELECT array_agg(m.id) FROM team_members m
         WHERE m.chain_id = :chain_id AND m.deleted_at IS NULL AND m.fired_on IS NULL AND m.id = f.default_member_id) AS known_members,
       (SELECT array_agg(w.id) FROM locations w
         WHERE w.chain_id = :chain_id AND w.id = f.default_place_id AND w.deleted_at IS NULL) AS known_places
  FROM booking_forms f
  JOIN languages g ON g.id = f.default_language_id
 CROSS JOIN LATERAL (
    SELECT o.id, coalesce(nullif(o.public_title, ''), o.title) AS public_title, o.logo, o.lat::float8 AS lat,
           o.lon::float8 AS lon, o.record_type
      FROM locations o
     WHERE o.chain_id = :chain_id AND o.deleted_at IS NULL AND (f.location_id IS NULL OR o.id = f.location_id)
     ORDER BY o.active DESC, o.bookform_group_priority DESC, o.id
     LIMIT 1
 ) AS l
  LEFT JOIN booking_settings s ON s.chain_id = :chain_id AND s.location_id = l.id
 WHERE f.chain_id = :chain_id AND f.id = :id AND f.deleted_at IS NULL;

-- name: privacy_policy$
-- Empty where the location has none; no row where there is no such location any more.
SELECT coalesce(p.content, '')
  FROM locations l
  LEFT JOIN privacy_policies p ON p.chain_id = :chain_id AND p.location_id = l.id
 WHERE l.chain_id = :chain_id AND l.id = :location_id AND l.deleted_at IS NULL;

-- name: asked_settings^
-- What a booking page must know of a location, in one row; nulls where the location has set nothing. Of the custom
-- fields those that clients see and fill in.
SELECT c.iso AS currency, b.is_enabled, b.any_master, b.confirm_number AS phone_confirmation, b.comment_required,
       b.sms_enabled, b.sms_before_default, b.horizon_days, b.allow_change AS allow_change_record,
       b.allow_delete AS allow_delete_record,
       b.is_show_privacy_policy AND EXISTS (
           SELECT FROM privacy_policies p
            WHERE p.chain_id = :chain_id AND p.location_id = l.id AND p.content <> '') AS is_show_privacy_policy,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('code', f.code, 'title', f.title, 'type', f.kind,
                   'values', f.choices, 'is_required', f.is_required) ORDER BY f.weight DESC, f.id), '[]')
          FROM custom_fields f
         WHERE f.chain_id = :chain_id AND f.category = 'record' AND f.deleted_at IS NULL
           AND (f.location_id = l.id OR f.location_id IS NULL)
           AND f.user_can_edit AND f.show_in_ui) AS custom_fields
  FROM locations l
  JOIN currencies c ON c.id = l.currency_id
  LEFT JOIN booking_settings b ON b.chain_id = :chain_id AND b.location_id = l.id
 WHERE l.chain_id = :chain_id AND l.id = :location_id AND l.deleted_at IS NULL;
