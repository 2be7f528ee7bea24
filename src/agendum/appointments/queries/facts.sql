-- name: desk_facts^
-- All that appointments of a location may name, in one row: services of the chain (also those that are gone, for old
-- appointments show them), the team with its ratings, and who gives what at the desk.
SELECT
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', s.id, 'title', s.title, 'category_id', s.category_id, 'seats', s.seats,
                'is_here', ls.id IS NOT NULL AND s.deleted_at IS NULL, 'price_min', coalesce(ls.price_min, 0)::text,
                'price_max', coalesce(ls.price_max, 0)::text, 'discount', coalesce(ls.discount, 0)::text,
                'technical_break', ls.technical_break, 'is_prepaid', coalesce(ls.prepaid, 'forbidden') <> 'forbidden',
                'resource_ids', (SELECT coalesce(jsonb_agg(sr.resource_id ORDER BY sr.resource_id), '[]')
                                   FROM service_resources sr
                                   JOIN resources r ON r.chain_id = :chain_id AND r.id = sr.resource_id
                                    AND r.location_id = :location_id AND r.deleted_at IS NULL
                                  WHERE sr.chain_id = :chain_id AND sr.service_id = s.id))), '[]')
       FROM services s
       LEFT JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.id AND ls.location_id = :location_id
      WHERE s.chain_id = :chain_id) AS services,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', m.id, 'api_id', m.api_id, 'name', m.name, 'specialization', m.specialization, 'avatar', m.avatar,
                'avatar_big', m.avatar_big, 'position_id', p.id, 'position', coalesce(p.title, ''),
                'services_binding_type', coalesce(p.services_binding_type, 0), 'rating_sum', coalesce(r.rating_sum, 0),
                'votes_count', coalesce(r.votes_count, 0), 'comments_count', coalesce(r.comments_count, 0),
                'show_rating', m.show_rating, 'fired_on', m.fired_on, 'is_paid', m.is_paid, 'is_assistant', m.is_assistant, 'is_deleted', m.deleted_at IS NOT NULL)), '[]')
       FROM team_members m
       LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id AND p.deleted_at IS NULL
       LEFT JOIN team_ratings r ON r.chain_id = :chain_id AND r.team_member_id = m.id
      WHERE m.chain_id = :chain_id AND m.location_id = :location_id) AS members,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(k.service_id, k.team_member_id, k.duration, k.price::text)), '[]')
       FROM service_links k
       JOIN team_members m ON m.chain_id = :chain_id AND m.id = k.team_member_id AND m.location_id = :location_id
      WHERE k.chain_id = :chain_id AND k.is_offline_records_allowed) AS links,
    (SELECT l.technical_break FROM locations l WHERE l.chain_id = :chain_id AND l.id = :location_id)  AS technical_break,
    (SELECT c.iso_code FROM locations l JOIN countries c ON c.id = l.country_id
      WHERE l.chain_id = :chain_id AND l.id = :location_id) AS country,
    (SELECT jsonb_object_agg(c.iso_code, c.id) FROM countries c) AS countries;
