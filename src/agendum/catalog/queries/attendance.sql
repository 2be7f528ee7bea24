-- name: services_page
-- A page of a location's services, heavier first, with what was asked to be included.
SELECT s.id, s.title, s.category_id, s.is_composite, ls.id AS link_id,
       CASE WHEN 'company_links' = ANY(:include::text[]) THEN json_build_object(
           'company_id', ls.location_id, 'service_id', s.id, 'price_min', ls.price_min, 'price_max', ls.price_max,
           'discount', ls.discount, 'duration', ls.duration, 'technical_break_duration', ls.technical_break,
           'active', ls.is_active, 'weight', ls.weight)::text END AS company_link,
       CASE WHEN :include && ARRAY['resources', 'resource_links'] THEN (
           SELECT jsonb_agg(jsonb_build_object('id', r.id, 'title', r.title, 'description', r.description) ORDER BY r.id)
             FROM service_resources sr
             JOIN resources r ON r.chain_id = :chain_id AND r.id = sr.resource_id AND r.location_id = :location_id
              AND r.deleted_at IS NULL
            WHERE sr.chain_id = :chain_id AND sr.service_id = s.id) END AS resources,
       CASE WHEN s.is_composite AND 'service_composite' = ANY(:include) THEN (
           SELECT json_build_object('service_id', s.id, 'services', coalesce(
                      json_agg(json_build_object('service_id', p.part_id, 'position', p.position) ORDER BY p.position), '[]'))::text
             FROM service_parts p
             JOIN services part ON part.chain_id = :chain_id AND part.id = p.part_id AND part.deleted_at IS NULL
            WHERE p.chain_id = :chain_id AND p.service_id = s.id) END AS parts
  FROM location_services ls
  JOIN services s ON s.chain_id = :chain_id AND s.id = ls.service_id AND s.deleted_at IS NULL
 WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id
   AND (cardinality(:service_ids::bigint[]) = 0 OR s.id = ANY(:service_ids))
 ORDER BY ls.weight DESC, s.id
 LIMIT :limit OFFSET :offset;

-- name: attendance_page
-- Ways to give services in the calendar: each as the location offers it, or as one team member gives it. An own price
-- without a ceiling is a fixed one.
SELECT json_build_object('type', 'attendance_service', 'id', concat_ws('_', ls.location_id, s.id, coalesce(:staff_id::bigint, 0), 0),
           'attributes', json_build_object(
               'company_id', ls.location_id, 'service_id', s.id, 'category_id', s.category_id,
               'is_composite', s.is_composite, 'composite_service_id', 0, 'salon_service_id', ls.id,
               'composite_position', NULL, 'staff_id', coalesce(:staff_id, 0), 'title', s.title,
               'length', coalesce(k.duration, ls.duration), 'duration', coalesce(k.duration, ls.duration),
               'price_min', coalesce(k.price, ls.price_min), 'price_max', coalesce(k.price_max, k.price, ls.price_max),
               'technical_break_duration', coalesce(ls.technical_break, l.technical_break)))::text AS shown
  FROM location_services ls
  JOIN locations l ON l.chain_id = :chain_id AND l.id = ls.location_id
  JOIN services s ON s.chain_id = :chain_id AND s.id = ls.service_id AND s.deleted_at IS NULL
  LEFT JOIN (service_links k
             JOIN team_members m ON m.chain_id = :chain_id AND m.id = k.team_member_id AND m.location_id = :location_id
              AND m.deleted_at IS NULL AND m.fired_on IS NULL)
    ON k.chain_id = :chain_id AND k.service_id = s.id AND k.team_member_id = :staff_id
 WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id
   AND (:staff_id IS NULL OR m.id IS NOT NULL)
   AND (:category_id::bigint IS NULL OR s.category_id = :category_id)
   AND (cardinality(:service_ids::bigint[]) = 0 OR s.id = ANY(:service_ids))
   AND (:term::text IS NULL OR s.title ILIKE :term OR s.booking_title ILIKE :term)
   AND (:is_multi::boolean IS NULL OR s.is_multi = :is_multi)
   AND (:is_composite::boolean IS NULL OR s.is_composite = :is_composite)
   AND (:is_available::boolean IS NULL OR :is_available = EXISTS (
        -- Somebody (the one who was asked about) may be booked for it at the desk.
        SELECT FROM service_links o
          JOIN team_members n ON n.chain_id = :chain_id AND n.id = o.team_member_id AND n.location_id = :location_id
           AND n.deleted_at IS NULL AND n.fired_on IS NULL
         WHERE o.chain_id = :chain_id AND o.service_id = s.id AND o.is_offline_records_allowed
           AND (:staff_id IS NULL OR n.id = :staff_id)))
 ORDER BY ls.weight DESC, s.id
 LIMIT :limit OFFSET :offset;

-- name: composite_parts
-- Ways to give the parts of a composite service: each part by each team member who gives it, or by nobody yet (0).
-- No row at all: the location has no such composite; a row without JSON: it has no part left.
SELECT json_build_object('type', 'attendance_service', 'id', concat_ws('_', ls.location_id, part.id, coalesce(giver.id, 0), s.id, p.position),
           'attributes', json_build_object(
               'company_id', ls.location_id, 'service_id', part.id, 'category_id', part.category_id,
               'is_composite', part.is_composite, 'composite_service_id', s.id, 'salon_service_id', offered.id,
               'composite_position', p.position, 'staff_id', coalesce(giver.id, 0), 'title', part.title,
               'length', coalesce(giver.duration, offered.duration), 'duration', coalesce(giver.duration, offered.duration),
               'price_min', coalesce(giver.price, offered.price_min),
               'price_max', coalesce(giver.price_max, giver.price, offered.price_max),
               'technical_break_duration', coalesce(offered.technical_break, l.technical_break)))::text AS shown, part.id
  FROM services s
  JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.id AND ls.location_id = :location_id
  JOIN locations l ON l.chain_id = :chain_id AND l.id = ls.location_id
  LEFT JOIN (service_parts p
             JOIN services part ON part.chain_id = :chain_id AND part.id = p.part_id AND part.deleted_at IS NULL
             JOIN location_services offered ON offered.chain_id = :chain_id AND offered.service_id = part.id
              AND offered.location_id = :location_id)
    ON p.chain_id = :chain_id AND p.service_id = s.id
  LEFT JOIN LATERAL (
    SELECT m.id, m.weight, k.duration, k.price, k.price_max
      FROM service_links k
      JOIN team_members m ON m.chain_id = :chain_id AND m.id = k.team_member_id AND m.location_id = :location_id
       AND m.deleted_at IS NULL AND m.fired_on IS NULL
     WHERE k.chain_id = :chain_id AND k.service_id = part.id
 ) AS giver ON true
 WHERE s.chain_id = :chain_id AND s.id = :service_id AND s.is_composite AND s.deleted_at IS NULL
 ORDER BY p.position, giver.weight DESC, giver.id;

-- name: suggestions^
-- What a team member is likely to be asked for: what the client had at his last visit, what he has most often, and what
-- the team member gives most often (of his last 200 appointments). Each service once, for its first reason, and only
-- what the team member gives today. `sees_client`: the caller may be limited to the clients of one team member.
WITH member AS (
    SELECT id FROM team_members
     WHERE chain_id = :chain_id AND id = :staff_id AND location_id = :location_id AND deleted_at IS NULL
), client AS (
    SELECT id FROM clients
     WHERE chain_id = :chain_id AND id = :client_id::bigint AND location_id = :location_id AND deleted_at IS NULL
), past AS (
    SELECT a.id, a.visit_id, a.starts_at, a.team_member_id, line.service_id, line.position
      FROM appointments a
      JOIN appointment_services line ON line.chain_id = :chain_id AND line.appointment_id = a.id
     WHERE a.chain_id = :chain_id AND a.client_id = (SELECT id FROM client) AND a.location_id = :location_id
       AND a.starts_at <= :at::timestamptz AND a.deleted_at IS NULL AND a.attendance >= 0
), given AS (
    SELECT line.service_id, count(*) AS times
      FROM (
        SELECT b.id FROM busy b
         WHERE b.chain_id = :chain_id AND b.owner_id = :staff_id AND b.starts_at <= :at AND b.kind = 'appointment'
         ORDER BY b.starts_at DESC LIMIT 200
     ) AS recent
      JOIN appointments a ON a.chain_id = :chain_id AND a.busy_id = recent.id AND a.deleted_at IS NULL
      JOIN appointment_services line ON line.chain_id = :chain_id AND line.appointment_id = a.id
     GROUP BY line.service_id
), reasons AS (
    SELECT service_id, 'last_client_visit_attendance_service' AS kind, 1 AS rank, -position AS strength, id AS record_id
      FROM past WHERE visit_id = (SELECT visit_id FROM past ORDER BY starts_at DESC, id DESC LIMIT 1)
    UNION ALL
    SELECT service_id, 'client_popular_service', 2, count(*), NULL FROM past GROUP BY service_id
    UNION ALL
    SELECT service_id, 'master_popular_service', 3, times, NULL FROM given
), once AS (
    SELECT DISTINCT ON (service_id) * FROM reasons ORDER BY service_id, rank, strength DESC
)
SELECT EXISTS (SELECT FROM member) AS knows_member, EXISTS (SELECT FROM client) AS knows_client,
       (:only_of::bigint = 0 OR EXISTS (SELECT FROM past WHERE team_member_id = :only_of)) AS sees_client,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'service_id', o.service_id, 'suggestion_type', o.kind, 'record_id', o.record_id)
                   ORDER BY o.rank, o.strength DESC, o.service_id), '[]')
          FROM (
            SELECT once.* FROM once
              JOIN member ON true
              JOIN services s ON s.chain_id = :chain_id AND s.id = once.service_id AND s.deleted_at IS NULL
              JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.id AND ls.location_id = :location_id
              JOIN service_links k ON k.chain_id = :chain_id AND k.service_id = s.id AND k.team_member_id = member.id
             ORDER BY once.rank, once.strength DESC, once.service_id LIMIT 20
         ) AS o) AS suggestions,
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', a.id, 'visit_id', a.visit_id, 'staff_id', a.team_member_id, 'client_id', a.client_id,
                   'starts_at', a.starts_at, 'length', a.length, 'attendance', a.attendance, 'comment', a.comment))
          FROM appointments a
         WHERE a.chain_id = :chain_id AND :with_records::boolean
           AND a.id IN (SELECT record_id FROM once)) AS records,
       (SELECT l.timezone FROM locations l WHERE l.chain_id = :chain_id AND l.id = :location_id) AS timezone;
