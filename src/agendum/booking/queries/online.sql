-- name: booking_settings^
-- Settings and the appointment's custom fields in one row; nulls where the location has set nothing.
SELECT b.is_enabled, b.confirm_number, b.any_master, b.seance_delay_step * 60 AS lead, b.horizon_days, b.slot_step,
       b.allow_change, b.allow_change_delay, b.allow_delete, b.allow_delete_delay, b.comment_required,
       b.activity_online_record_clients_count_max AS event_seats,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('code', f.code, 'kind', f.kind, 'choices', f.choices)), '[]')
          FROM custom_fields f
         WHERE f.chain_id = :chain_id AND f.category = 'record' AND f.deleted_at IS NULL
           AND (f.location_id = :location_id OR f.location_id IS NULL)) AS fields
  FROM (VALUES (1)) AS one
  LEFT JOIN booking_settings b ON b.chain_id = :chain_id AND b.location_id = :location_id;

-- name: team_cards
-- How the team shows itself online, heavier first. The last day with a schedule comes from the end of its index.
SELECT m.id, m.api_id, m.user_id, m.has_access_timetable, m.name, m.specialization, m.show_rating, m.weight, m.information, m.avatar, m.avatar_big,
       p.id AS position_id, p.title AS position_title, p.services_binding_type,
       coalesce(r.votes_count, 0) AS votes_count, coalesce(r.rating_sum, 0) AS rating_sum,
       coalesce(r.comments_count, 0) AS comments_count, u.name AS user_name, u.avatar AS user_avatar,
       (SELECT d.date FROM days d WHERE d.chain_id = :chain_id AND d.owner_id = m.id AND NOT isempty(d.work)
         ORDER BY d.date DESC LIMIT 1) AS schedule_till
  FROM team_members m
  LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id
  LEFT JOIN team_ratings r ON r.chain_id = :chain_id AND r.team_member_id = m.id
  LEFT JOIN users u ON u.id = m.user_id
 WHERE m.chain_id = :chain_id AND m.id = ANY(:member_ids::bigint[])
 ORDER BY m.weight DESC, m.id;
