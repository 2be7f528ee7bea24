-- name: team_v1$
-- The team of a location, or one of it, heavier first, as JSON: PostgreSQL writes twenty of them sooner than their rows
-- could be read here. Days, services and pictures belong to domains above this one: they are only read. What a location
-- no longer offers has no row among its services.
SELECT coalesce(json_agg(json_build_object(
           'id', m.id,
           'api_id', CASE WHEN m.api_id ~ '^(0|[1-9]\d{0,14})$' THEN to_json(m.api_id::bigint) ELSE to_json(m.api_id) END,
           'name', m.name, 'company_id', m.location_id, 'specialization', m.specialization,
           'position_id', coalesce(p.id, 0),
           'position', CASE WHEN p.id IS NULL THEN '[]'::json ELSE json_build_object('id', p.id, 'title', p.title) END,
           'rating', coalesce(round(r.rating_sum::numeric / nullif(r.votes_count, 0), 2), 0)::float8,
           'show_rating', m.show_rating::int, 'votes_count', coalesce(r.votes_count, 0),
           'comments_count', coalesce(r.comments_count, 0),
           'user_id', m.user_id,
           'user', CASE WHEN u.id IS NULL THEN '[]'::json ELSE json_build_array(json_build_object(
                'id', u.id, 'name', u.name,
                'avatar', CASE WHEN u.avatar ~ '^$|://' THEN u.avatar
                               ELSE :base_url::text || '/' || ltrim(u.avatar, '/') END)) END,
           'avatar', CASE WHEN m.avatar ~ '^$|://' THEN m.avatar ELSE :base_url::text || '/' || ltrim(m.avatar, '/') END,
           'avatar_big', CASE WHEN big.path ~ '^$|://' THEN big.path ELSE :base_url::text || '/' || ltrim(big.path, '/') END,
           'image_group', coalesce((
                SELECT json_build_array(json_build_object('id', g.id, 'entity', g.entity, 'entity_id', m.id, 'images',
                           (SELECT json_object_agg(i.version, json_build_object(
                                       'id', i.id,
                                       'path', :base_url::text || '/media/' || g.folder || '/' || i.version || '.' || i.type,
                                       'width', i.width::text, 'height', i.height::text, 'type', i.type,
                                       'image_group_id', g.id, 'version', i.version))
                              FROM images i WHERE i.chain_id = :chain_id AND i.image_group_id = g.id)))
                  FROM image_groups g WHERE g.chain_id = :chain_id AND g.team_member_id = m.id), '[]'),
           'information', m.information, 'weight', m.weight,
           'fired', (m.fired_on IS NOT NULL)::int, 'status', 0, 'hidden', m.is_hidden::int,
           'bookable', coalesce(o.is_any AND NOT m.is_hidden AND m.has_access_timetable AND m.fired_on IS NULL, false),
           'prepaid', coalesce(o.prepaid, 'forbidden'),
           'schedule_till', (
                SELECT d.date FROM days d
                 WHERE d.chain_id = :chain_id AND d.owner_id = m.id AND NOT isempty(d.work)
                   AND d.date <= coalesce(m.fired_on, 'infinity')
                 ORDER BY d.date DESC LIMIT 1),
           'has_access_timetable', m.has_access_timetable, 'is_paid_staff', m.is_paid,
           'is_included_in_payment_policy', true
       ) ORDER BY m.weight DESC, m.id), '[]')::text
  FROM team_members m
  LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id AND p.deleted_at IS NULL
  LEFT JOIN team_ratings r ON r.chain_id = :chain_id AND r.team_member_id = m.id
  LEFT JOIN users u ON u.id = m.user_id
 CROSS JOIN LATERAL (SELECT coalesce(nullif(m.avatar_big, ''), m.avatar)) AS big (path)
  LEFT JOIN (
      SELECT k.team_member_id, true AS is_any,
             CASE WHEN bool_and(ls.prepaid = 'required') THEN 'required'
                  WHEN bool_or(ls.prepaid <> 'forbidden') THEN 'allowed' ELSE 'forbidden' END AS prepaid
        FROM team_members w
        JOIN service_links k ON k.chain_id = :chain_id AND k.team_member_id = w.id AND k.is_online
        JOIN location_services ls ON ls.chain_id = :chain_id AND ls.location_id = :location_id
         AND ls.service_id = k.service_id AND ls.is_active
       WHERE w.chain_id = :chain_id AND w.location_id = :location_id
       GROUP BY k.team_member_id
  ) AS o ON o.team_member_id = m.id
 WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND m.deleted_at IS NULL
   AND (:team_member_id::bigint IS NULL OR m.id = :team_member_id::bigint);

-- name: team_v2$
-- The team with filters (2 lets everybody through) as a JSON:API document, heavier first, with what was asked to be
-- included. Days belong to a domain above this one: they are only read.
WITH found AS MATERIALIZED (
    SELECT m.id, m.name, m.specialization, m.weight, m.is_assistant, m.hired_on, p.id AS position_id, p.title,
           coalesce(nullif(m.avatar_big, ''), m.avatar) AS path
      FROM team_members m
      LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id AND p.deleted_at IS NULL
     WHERE m.chain_id = :chain_id AND m.location_id = :location_id
       AND :deleted::int IN (2, (m.deleted_at IS NOT NULL)::int)
       AND :fired::int IN (2, (m.fired_on IS NOT NULL)::int)
       AND :user_linked::int IN (2, (m.user_id IS NOT NULL)::int)
       AND :is_paid::int IN (2, m.is_paid::int)
       AND :is_assistant::int IN (2, m.is_assistant::int)
       AND (:name::text IS NULL OR strpos(lower(m.name), lower(:name::text)) > 0)
       AND (:position_id::bigint IS NULL OR coalesce(p.id, 0) = :position_id::bigint)
       AND (:position_title::text IS NULL OR strpos(lower(p.title), lower(:position_title::text)) > 0)
       AND (:has_schedule::int = 2 OR :has_schedule::int = EXISTS (
                SELECT FROM days d
                 WHERE d.chain_id = :chain_id AND d.owner_id = m.id AND d.date >= :today::date AND NOT isempty(d.work)
                   AND d.date <= coalesce(m.fired_on, 'infinity'))::int)
)
SELECT '{"data":' || (
           SELECT coalesce(jsonb_agg(jsonb_build_object(
                      'type', 'staff', 'id', f.id::text, 'attributes', jsonb_build_object(
                          'name', f.name, 'specialization', f.specialization,
                          'tt_markup', coalesce(b.slot_step, 900) / 60,
                          'image', CASE WHEN f.path ~ '^$|://' THEN f.path
                                        ELSE :base_url::text || '/' || ltrim(f.path, '/') END,
                          'position_id', coalesce(f.position_id, 0), 'is_available_as_assistant', f.is_assistant))
                  || CASE WHEN :with_position::bool OR :with_employee::bool THEN jsonb_build_object('relationships',
                      CASE WHEN :with_position::bool THEN jsonb_build_object('position', jsonb_build_object('data',
                          CASE WHEN f.position_id IS NOT NULL
                               THEN jsonb_build_object('type', 'staff_position', 'id', f.position_id::text) END))
                           ELSE '{}' END
                      || CASE WHEN :with_employee::bool THEN jsonb_build_object('employee', jsonb_build_object('data',
                          jsonb_build_object('type', 'employee', 'id', f.id::text)))
                           ELSE '{}' END) ELSE '{}' END
                  ORDER BY f.weight DESC, f.id), '[]')
             FROM found f
             LEFT JOIN booking_settings b ON b.chain_id = :chain_id AND b.location_id = :location_id)::text
       || CASE WHEN :with_position::bool OR :with_employee::bool THEN ',"included":' || (
           SELECT coalesce(jsonb_agg(i.shown ORDER BY i.kind, i.id), '[]') FROM (
               SELECT DISTINCT 1 AS kind, f.position_id AS id, jsonb_build_object(
                          'type', 'staff_position', 'id', f.position_id::text,
                          'attributes', jsonb_build_object('title', f.title)) AS shown
                 FROM found f WHERE :with_position::bool AND f.position_id IS NOT NULL
                UNION ALL
               SELECT 2, f.id, jsonb_build_object('type', 'employee', 'id', f.id::text, 'attributes', jsonb_build_object(
                          'phone', coalesce('+' || nullif(e.phone, ''), ''), 'name', f.name,
                          'firstname', coalesce(e.firstname, ''), 'surname', coalesce(e.surname, ''),
                          'patronymic', coalesce(e.patronymic, ''),
                          'date_admission', f.hired_on::timestamp, 'date_registration_end', e.registered_until::timestamp,
                          'citizenship', coalesce(e.citizenship, ''), 'gender', coalesce(e.gender, 0),
                          'passport_data', coalesce(e.identity_document, ''),
                          'personal_tax_reference_number', coalesce(e.tax_number, ''),
                          'number_insurance_certificates', coalesce(e.insurance_certificates, '')))
                 FROM found f
                 LEFT JOIN employees e ON e.chain_id = :chain_id AND e.team_member_id = f.id
                WHERE :with_employee::bool) AS i)::text
         ELSE '' END || '}';

-- name: lock_member^
-- A member of the team, until the change commits; of who he is for the law what a position may ask for.
SELECT m.id, m.name, m.specialization, m.information, m.api_id, m.weight, m.is_hidden, m.user_id, m.position_id,
       m.has_access_timetable, m.is_paid, m.is_assistant, m.show_rating, m.hired_on, m.fired_on
  FROM team_members m
 WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND m.id = :team_member_id AND m.deleted_at IS NULL
   FOR NO KEY UPDATE;

-- name: employee^
SELECT phone, firstname, surname, patronymic, registered_until, citizenship, gender, identity_document, tax_number,
       insurance_certificates
  FROM employees
 WHERE chain_id = :chain_id AND team_member_id = :team_member_id;

-- name: upcoming^
-- Who still waits for a team member. FOR UPDATE first lets bookings that are on their way arrive.
WITH held AS MATERIALIZED (
    SELECT m.id FROM team_members m WHERE m.chain_id = :chain_id AND m.id = :team_member_id FOR UPDATE
)
SELECT (SELECT count(*) FROM appointments a
         WHERE a.chain_id = :chain_id AND a.location_id = :location_id AND a.team_member_id = held.id
           AND a.starts_at > :at::timestamptz AND a.deleted_at IS NULL AND a.event_id IS NULL) AS appointments,
       (SELECT count(*) FROM events e
         WHERE e.chain_id = :chain_id AND e.location_id = :location_id AND e.team_member_id = held.id
           AND e.starts_at > :at::timestamptz AND e.deleted_at IS NULL) AS events
  FROM held;

-- name: add_member$
INSERT INTO team_members (chain_id, location_id, name, specialization, information, api_id, weight, is_hidden, user_id,
                          position_id, has_access_timetable, is_paid, is_assistant, show_rating, hired_on, fired_on,
                          created_at, updated_at)
VALUES (:chain_id, :location_id, :name, :specialization, :information, :api_id, :weight, :is_hidden, :user_id,
        :position_id, :has_access_timetable, :is_paid, :is_assistant, :show_rating, :hired_on, :fired_on,
        :at, :at)
RETURNING id;

-- name: change_member!
UPDATE team_members
   SET name = :name, specialization = :specialization, information = :information, api_id = :api_id, weight = :weight,
       is_hidden = :is_hidden, user_id = :user_id, position_id = :position_id,
       has_access_timetable = :has_access_timetable, is_paid = :is_paid, is_assistant = :is_assistant,
       show_rating = :show_rating, hired_on = :hired_on, fired_on = :fired_on, updated_at = :at
 WHERE chain_id = :chain_id AND id = :team_member_id;

-- name: put_employee!
INSERT INTO employees (chain_id, team_member_id, phone, firstname, surname, patronymic, registered_until, citizenship,
                       gender, identity_document, tax_number, insurance_certificates)
VALUES (:chain_id, :team_member_id, :phone, :firstname, :surname, :patronymic, :registered_until, :citizenship,
        :gender, :identity_document, :tax_number, :insurance_certificates)
ON CONFLICT (chain_id, team_member_id) DO UPDATE
   SET phone = excluded.phone, firstname = excluded.firstname, surname = excluded.surname,
       patronymic = excluded.patronymic, registered_until = excluded.registered_until,
       citizenship = excluded.citizenship, gender = excluded.gender, identity_document = excluded.identity_document,
       tax_number = excluded.tax_number, insurance_certificates = excluded.insurance_certificates;

-- name: delete_member!
-- Kept for the history; his user is free for somebody else of the team.
UPDATE team_members SET deleted_at = :at, updated_at = :at WHERE chain_id = :chain_id AND id = :team_member_id;

-- name: set_avatar$
UPDATE team_members SET avatar = :avatar, avatar_big = :avatar_big, updated_at = :at
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = :team_member_id AND deleted_at IS NULL
RETURNING id;

-- name: member_of_user$
-- Who of the team a user is; he stays it until the change commits.
SELECT id FROM team_members
 WHERE chain_id = :chain_id AND location_id = :location_id AND user_id = :user_id AND deleted_at IS NULL
   FOR NO KEY UPDATE;

-- name: tie_user$
-- To a user, or with null to nobody.
UPDATE team_members SET user_id = :user_id, updated_at = :at
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = :team_member_id AND deleted_at IS NULL
RETURNING id;

-- name: belongs_here$
-- Whether a user may enter the location.
SELECT EXISTS (SELECT FROM memberships m
                WHERE m.chain_id = :chain_id AND m.user_id = :user_id
                  AND (m.location_id = :location_id OR m.location_id IS NULL));

-- name: colleague$
-- The user with one of these phones or this e-mail, if he may enter the location: nobody else's account is looked up.
SELECT u.id FROM memberships m
  JOIN users u ON u.id = m.user_id
 WHERE m.chain_id = :chain_id AND (m.location_id = :location_id OR m.location_id IS NULL)
   AND (u.phone = ANY (:phones::text[]) OR lower(u.email) = nullif(lower(:email::text), ''))
 ORDER BY array_position(:phones::text[], u.phone), u.id
 LIMIT 1;
