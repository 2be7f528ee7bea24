-- name: settings_facts
-- Held until the change commits.
SELECT location_id AS id, location_id, to_jsonb(b)::text AS facts FROM booking_settings b
 WHERE chain_id = :chain_id AND location_id = :location_id AND location_id = ANY(:ids::bigint[])
   FOR NO KEY UPDATE;

-- name: policy_facts
-- Held until the change commits; nothing where there was none.
SELECT location_id AS id, location_id, to_jsonb(p)::text AS facts FROM privacy_policies p
 WHERE chain_id = :chain_id AND location_id = :location_id AND location_id = ANY(:ids::bigint[])
   FOR NO KEY UPDATE;

-- name: timeslot_facts
-- The switch, and each rule under its weekday or its date.
SELECT o.id, o.id AS location_id,
       (jsonb_build_object('is_enabled', coalesce((
            SELECT t.is_enabled FROM timeslot_settings t WHERE t.chain_id = :chain_id AND t.location_id = o.id), false))
        || coalesce((
            SELECT jsonb_object_agg(coalesce(r.weekday::text, r.date::text),
                                    to_jsonb(r) - '{chain_id,id,location_id,weekday,date}'::text[])
              FROM timeslot_rules r WHERE r.chain_id = :chain_id AND r.location_id = o.id), '{}'))::text AS facts
  FROM unnest(:ids::bigint[]) AS o (id)
 WHERE o.id = :location_id;

-- name: form_facts
-- Booking forms of a location and of its chain; all of them where no ids are given.
SELECT id, location_id, to_jsonb(f)::text AS facts FROM booking_forms f
 WHERE chain_id = :chain_id AND (location_id = :location_id OR location_id IS NULL) AND deleted_at IS NULL
   AND (id = ANY(:ids::bigint[]) OR cardinality(:ids::bigint[]) = 0);
