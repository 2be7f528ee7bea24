-- name: lock_setup!
-- Who sets up forms or start times waits here for the others: one form alone is the default one, a grid is replaced
-- whole.
SELECT FROM chains WHERE id = :chain_id FOR NO KEY UPDATE;

-- name: online_settings^
SELECT confirm_number, any_master, seance_delay_step, activity_online_record_clients_count_max, is_enabled,
       horizon_days, slot_step, allow_change, allow_change_delay, allow_delete, allow_delete_delay, comment_required,
       sms_enabled, sms_before_default
  FROM booking_settings WHERE chain_id = :chain_id AND location_id = :location_id;

-- name: begin_settings!
-- A location has no row until something is set.
INSERT INTO booking_settings (chain_id, location_id) VALUES (:chain_id, :location_id) ON CONFLICT DO NOTHING;

-- name: change_settings!
-- Whatever the patch does not name stays.
UPDATE booking_settings b
   SET (confirm_number, any_master, seance_delay_step, activity_online_record_clients_count_max, is_enabled,
        horizon_days, slot_step, allow_change, allow_change_delay, allow_delete, allow_delete_delay, comment_required,
        sms_enabled, sms_before_default, is_show_privacy_policy) = (
        SELECT p.confirm_number, p.any_master, p.seance_delay_step, p.activity_online_record_clients_count_max,
               p.is_enabled, p.horizon_days, p.slot_step, p.allow_change, p.allow_change_delay, p.allow_delete,
               p.allow_delete_delay, p.comment_required, p.sms_enabled, p.sms_before_default, p.is_show_privacy_policy
          FROM jsonb_populate_record(b, :patch::jsonb) p)
 WHERE b.chain_id = :chain_id AND b.location_id = :location_id;

-- name: set_policy!
INSERT INTO privacy_policies (chain_id, location_id, content, updated_at)
VALUES (:chain_id, :location_id, :content, :at)
ON CONFLICT (chain_id, location_id) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at;

-- name: policy_is_shown$
SELECT is_show_privacy_policy FROM booking_settings WHERE chain_id = :chain_id AND location_id = :location_id;

-- name: timeslots^
-- The switch and the rules, of weekdays and of dates; off and none where nothing is set.
SELECT coalesce((SELECT t.is_enabled FROM timeslot_settings t
                  WHERE t.chain_id = :chain_id AND t.location_id = :location_id), false) AS is_enabled,
       coalesce(jsonb_agg(jsonb_build_object('weekday', r.weekday) || x.rule ORDER BY r.weekday)
                FILTER (WHERE r.weekday IS NOT NULL), '[]') AS weekdays_settings,
       coalesce(jsonb_agg(jsonb_build_object('date', r.date) || x.rule ORDER BY r.date)
                FILTER (WHERE r.date IS NOT NULL), '[]') AS dates_settings
  FROM timeslot_rules r
 CROSS JOIN LATERAL (
    SELECT jsonb_build_object('timeslots', r.timeslots, 'setting', jsonb_build_object(
               'grid_base_type', r.kind, 'grid_first_timeslot', r.first_timeslot,
               'grid_last_timeslot', r.last_timeslot, 'grid_display_step', r.step,
               'grid_nearest_timeslot_delay', r.nearest_delay, 'is_grid_flexible', r.is_flexible)) AS rule) AS x
 WHERE r.chain_id = :chain_id AND r.location_id = :location_id;

-- name: set_timeslot_switch!
INSERT INTO timeslot_settings (chain_id, location_id, is_enabled) VALUES (:chain_id, :location_id, :is_enabled)
ON CONFLICT (chain_id, location_id) DO UPDATE SET is_enabled = excluded.is_enabled;

-- name: clear_timeslots!
DELETE FROM timeslot_rules WHERE chain_id = :chain_id AND location_id = :location_id;

-- name: add_timeslots!
INSERT INTO timeslot_rules (chain_id, location_id, weekday, date, timeslots, first_timeslot, last_timeslot, step,
                            nearest_delay, kind, is_flexible)
SELECT :chain_id::bigint, :location_id::bigint, weekday, date, timeslots, first_timeslot, last_timeslot, step,
       nearest_delay, kind, is_flexible
  FROM jsonb_populate_recordset(NULL::timeslot_rules, :rows::jsonb);

-- name: forms$
-- The living forms of a location and of its chain, or one of them: its own before the chain's, the default ones first.
-- With those of the ids they name (services, team members, a location) behind which there still is something.
-- Each as one text, which tells a form that was shown before from one that has changed.
SELECT coalesce(array_agg(row_to_json(shown)::text), '{}') FROM (
    SELECT f.id, f.location_id IS NULL AS is_chain, f.title, f.description, f.is_default, f.without_menu,
           f.sequence_type, f.steps, f.style, f.button, f.options, f.analytics, f.default_language_id, l.record_type,
           coalesce(b.activity_online_record_clients_count_max, 1) AS seats_max,
           (SELECT array_agg(s.id) FROM services s
             WHERE s.chain_id = :chain_id AND s.id = f.default_service_id AND s.deleted_at IS NULL
               AND EXISTS (SELECT FROM location_services o
                            WHERE o.chain_id = :chain_id AND o.service_id = s.id
                              AND (f.location_id IS NULL OR o.location_id = f.location_id))) AS known_services,
           (SELECT array_agg(m.id) FROM team_members m
             WHERE m.chain_id = :chain_id AND m.id = f.default_member_id AND m.deleted_at IS NULL
               AND m.fired_on IS NULL) AS known_members,
           (SELECT array_agg(w.id) FROM locations w
             WHERE w.chain_id = :chain_id AND w.id = f.default_place_id
               AND w.deleted_at IS NULL) AS known_places
      FROM booking_forms f
      JOIN locations l ON l.chain_id = :chain_id AND l.id = :location_id AND l.deleted_at IS NULL
      LEFT JOIN booking_settings b ON b.chain_id = :chain_id AND b.location_id = :location_id
     WHERE f.chain_id = :chain_id AND (f.location_id = :location_id OR f.location_id IS NULL) AND f.deleted_at IS NULL
       AND (:form_id::bigint IS NULL OR f.id = :form_id::bigint)
     ORDER BY f.location_id IS NULL, f.is_default DESC, f.id
) AS shown;

-- name: known_ids^
-- What a form may refer to, of what it wants to: an own service and team member, a location of the chain, languages.
SELECT EXISTS (SELECT FROM services s
                 JOIN location_services o ON o.chain_id = :chain_id AND o.service_id = s.id
                WHERE s.chain_id = :chain_id AND s.id = :service_id AND s.deleted_at IS NULL
                  AND (:location_id::bigint IS NULL OR o.location_id = :location_id::bigint)) AS service,
       EXISTS (SELECT FROM team_members m
                WHERE m.chain_id = :chain_id AND m.id = :member_id AND m.deleted_at IS NULL AND m.fired_on IS NULL
                  AND (:location_id::bigint IS NULL OR m.location_id = :location_id::bigint)) AS member,
       EXISTS (SELECT FROM locations l
                WHERE l.chain_id = :chain_id AND l.id = :place_id AND l.deleted_at IS NULL) AS place,
       (SELECT coalesce(array_agg(g.id), '{}') FROM languages g WHERE g.id = ANY (:language_ids::int[])) AS languages;

-- name: add_form$
INSERT INTO booking_forms (chain_id, location_id, title, default_language_id, created_at, updated_at)
VALUES (:chain_id, :location_id, :title, :language_id, :at, :at)
RETURNING id;

-- name: change_form!
-- Whatever the patch does not name stays.
UPDATE booking_forms f
   SET (title, description, is_default, without_menu, sequence_type, steps, style, button, options, analytics,
        default_language_id, language_ids, updated_at) = (
        SELECT p.title, p.description, p.is_default, p.without_menu, p.sequence_type, p.steps, p.style, p.button,
               p.options, p.analytics, p.default_language_id, p.language_ids, :at::timestamptz
          FROM jsonb_populate_record(f, :patch::jsonb) p)
 WHERE f.chain_id = :chain_id AND f.id = :form_id;

-- name: only_default!
-- One form of a location, or of the chain, is the default one.
UPDATE booking_forms SET is_default = false, updated_at = :at
 WHERE chain_id = :chain_id AND location_id IS NOT DISTINCT FROM :location_id::bigint AND id <> :form_id
   AND is_default AND deleted_at IS NULL;

-- name: delete_form!
UPDATE booking_forms SET deleted_at = :at, updated_at = :at WHERE chain_id = :chain_id AND id = :form_id;
