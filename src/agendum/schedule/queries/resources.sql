-- name: resources_of^
-- The resources of a location with their instances and services, as JSON; with an id that one.
SELECT count(*) AS count,
       string_agg(json_build_object(
           'id', r.id, 'title', r.title, 'description', r.description, 'instances', i.instances,
           'services', s.services)::text, ',' ORDER BY r.id) AS entries
  FROM resources r
 CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('id', i.id, 'title', i.title, 'resource_id', i.resource_id) ORDER BY i.id),
                    '[]') AS instances
      FROM resource_instances i
     WHERE i.chain_id = :chain_id AND i.resource_id = r.id AND i.deleted_at IS NULL) AS i
 CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(k.service_id ORDER BY k.service_id), '[]') AS services
      FROM service_resources k
      JOIN services s ON s.chain_id = :chain_id AND s.id = k.service_id AND s.deleted_at IS NULL
     WHERE k.chain_id = :chain_id AND k.resource_id = r.id) AS s
 WHERE r.chain_id = :chain_id AND r.location_id = :location_id AND r.deleted_at IS NULL
   AND (:id::bigint IS NULL OR r.id = :id::bigint);

-- name: lock_resource$
-- A resource whose instances and links only its holder changes.
SELECT title FROM resources
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = :id AND deleted_at IS NULL
   FOR UPDATE;

-- name: add_resource$
INSERT INTO resources (chain_id, location_id, title, description, created_at, updated_at)
VALUES (:chain_id, :location_id, :title, :description, :at, :at)
RETURNING id;

-- name: change_resource!
-- Null leaves as it is.
UPDATE resources SET title = coalesce(:title::text, title), description = coalesce(:description::text, description),
       updated_at = :at
 WHERE chain_id = :chain_id AND id = :id;

-- name: delete_resource!
UPDATE resources SET deleted_at = :at, updated_at = :at WHERE chain_id = :chain_id AND id = :id;

-- name: add_instances!
-- In the order of their titles: ids are the order in which instances are filled.
INSERT INTO resource_instances (chain_id, resource_id, title)
SELECT :chain_id::bigint, :resource_id::bigint, x.title FROM unnest(:titles::text[]) WITH ORDINALITY AS x (title, n)
 ORDER BY x.n;

-- name: rename_instances!
UPDATE resource_instances i SET title = x.title FROM unnest(:ids::bigint[], :titles::text[]) AS x (id, title)
 WHERE i.chain_id = :chain_id AND i.id = x.id;

-- name: delete_instances!
UPDATE resource_instances SET deleted_at = :at WHERE chain_id = :chain_id AND id = ANY(:ids::bigint[]);

-- name: titled_instances
-- The instances of one resource, in the order in which they are filled.
SELECT id, title FROM resource_instances
 WHERE chain_id = :chain_id AND resource_id = :resource_id AND deleted_at IS NULL
 ORDER BY id;

-- name: upcoming_of^
-- The first time that these owners have given away and that is not over.
SELECT owner_id, starts_at FROM busy
 WHERE chain_id = :chain_id AND owner_id = ANY(:owner_ids::bigint[])
   AND starts_at > :at::timestamptz - interval '24 hours' AND ends_at > :at::timestamptz
 ORDER BY starts_at
 LIMIT 1;

-- name: forget_days!
-- Days of owners that are no more.
DELETE FROM days WHERE chain_id = :chain_id AND owner_id = ANY(:owner_ids::bigint[]);

-- name: services_here
-- Those of these services that the location gives.
SELECT s.id FROM services s
  JOIN location_services l ON l.chain_id = :chain_id AND l.service_id = s.id AND l.location_id = :location_id
 WHERE s.chain_id = :chain_id AND s.id = ANY(:ids::bigint[]) AND s.deleted_at IS NULL;

-- name: services_needing
-- Services of the location that need a resource.
SELECT s.id FROM service_resources n
  JOIN services s ON s.chain_id = :chain_id AND s.id = n.service_id AND s.deleted_at IS NULL
  JOIN location_services l ON l.chain_id = :chain_id AND l.service_id = s.id AND l.location_id = :location_id
 WHERE n.chain_id = :chain_id AND n.resource_id = :resource_id;

-- name: unlink_services!
DELETE FROM service_resources
 WHERE chain_id = :chain_id AND resource_id = :resource_id AND NOT service_id = ANY(:service_ids::bigint[]);

-- name: link_services!
INSERT INTO service_resources (chain_id, service_id, resource_id)
SELECT :chain_id::bigint, id, :resource_id::bigint FROM unnest(:service_ids::bigint[]) AS x (id)
ON CONFLICT DO NOTHING;

-- name: occupations$
-- What takes the time of a location's resource instances within an interval, as JSON:API. The busy row of an instance
-- serves a team member's, and that one belongs to appointments (shared time: the first) or to an event. Both lie above
-- this domain and are only read. Null filters let everything through.
SELECT coalesce(json_agg(json_build_object(
           'type', 'resource_occupation', 'id', b.id::text,
           'attributes', json_build_object(
               'source_type', source.kind, 'source_type_slug', source.kind, 'source_id', source.id,
               'resource_id', r.id, 'resource_instance_id', i.id,
               'from', to_char(b.starts_at AT TIME ZONE :zone::text, 'YYYY-MM-DD HH24:MI:SS'),
               'to', to_char(b.ends_at AT TIME ZONE :zone::text, 'YYYY-MM-DD HH24:MI:SS')))
           ORDER BY b.starts_at, b.id), '[]')::text
  FROM resources r
  JOIN resource_instances i ON i.chain_id = :chain_id AND i.resource_id = r.id AND i.deleted_at IS NULL
  JOIN busy b ON b.chain_id = :chain_id AND b.owner_id = i.id AND b.starts_at < :till::timestamptz
   AND b.starts_at > :from_at::timestamptz - interval '24 hours' AND b.ends_at > :from_at::timestamptz
 CROSS JOIN LATERAL (
    SELECT 'record' AS kind, a.id, a.team_member_id,
           ARRAY(SELECT s.service_id FROM appointment_services s
                  WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS service_ids
      FROM appointments a
     WHERE b.kind = 'appointment' AND a.chain_id = :chain_id AND a.busy_id = b.holder_id AND a.deleted_at IS NULL
    UNION ALL
    SELECT 'activity', e.id, e.team_member_id, ARRAY[e.service_id]
      FROM events e
     WHERE b.kind = 'event' AND e.chain_id = :chain_id AND e.busy_id = b.holder_id AND e.deleted_at IS NULL
     ORDER BY 2
     LIMIT 1) AS source
 WHERE r.chain_id = :chain_id AND r.location_id = :location_id AND r.deleted_at IS NULL
   AND (:service_id::bigint IS NULL OR :service_id::bigint = ANY(source.service_ids))
   AND (:service_ids::bigint[] IS NULL OR :service_ids::bigint[] && source.service_ids)
   AND (:only_member::bigint IS NULL OR source.team_member_id = :only_member::bigint)
   AND (:only_position::bigint IS NULL OR EXISTS (
        SELECT FROM team_members m WHERE m.chain_id = :chain_id AND m.id = source.team_member_id
           AND m.position_id = :only_position::bigint));
