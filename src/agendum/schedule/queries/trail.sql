-- name: schedule_facts
-- The work of owners of a calendar on some dates, by date: from and to by the clock of the location's wall.
SELECT o.id, :location_id::bigint AS location_id,
       (SELECT coalesce(jsonb_object_agg(d.date, jsonb_build_object(
                   'off_kind', d.off_kind,
                   'work', ARRAY(SELECT to_char(lower(r) AT TIME ZONE :zone::text, 'HH24:MI') || '-'
                                     || to_char(upper(r) AT TIME ZONE :zone::text, 'HH24:MI')
                                   FROM unnest(d.work) AS r ORDER BY r))), '{}')
          FROM days d
         WHERE d.chain_id = :chain_id AND d.owner_id = o.id AND d.date = ANY(:dates::date[])
           AND (NOT isempty(d.work) OR d.off_kind IS NOT NULL))::text AS facts
  FROM unnest(:ids::bigint[]) AS o (id);

-- name: resource_facts
-- Resources with their living instances and the services that need them.
SELECT r.id, r.location_id,
       (to_jsonb(r) || jsonb_build_object(
           'instances', (SELECT coalesce(jsonb_object_agg(i.id, i.title), '{}') FROM resource_instances i
                          WHERE i.chain_id = :chain_id AND i.resource_id = r.id AND i.deleted_at IS NULL),
           'services', ARRAY(SELECT n.service_id FROM service_resources n
                              WHERE n.chain_id = :chain_id AND n.resource_id = r.id ORDER BY n.service_id)))::text AS facts
  FROM resources r
 WHERE r.chain_id = :chain_id AND r.location_id = :location_id AND r.id = ANY(:ids::bigint[]) AND r.deleted_at IS NULL;

-- name: calendar_facts
-- What the calendar is set to, held until that commits; nothing where nothing was set.
SELECT location_id AS id, location_id, to_jsonb(s)::text AS facts FROM calendar_settings s
 WHERE chain_id = :chain_id AND location_id = :location_id AND location_id = ANY(:ids::bigint[])
   FOR NO KEY UPDATE;
