-- name: client_view
-- Appointments as their client sees them: services, location, team member.
SELECT a.id, a.starts_at, a.created_at, a.updated_at, a.length, a.technical_break, a.comment, a.attendance,
       a.sms_before, a.email_before, a.is_member_requested, a.is_online, a.api_id, a.clients_count, a.custom_fields,
       a.visit_id, a.event_id, a.booking_form_id, a.source, a.from_url, a.device,
       a.deleted_at IS NOT NULL AS is_deleted,
       l.id AS location_id, l.title AS location_title, l.country_id, co.full_title AS country, l.city_id, ci.title AS city, l.phones,
       l.timezone, l.address, l.lat, l.lon, l.site, cu.iso AS currency,
       coalesce(b.allow_change, true) AS allow_change, coalesce(b.allow_change_delay, 0) AS allow_change_delay,
       coalesce(b.allow_delete, true) AS allow_delete, coalesce(b.allow_delete_delay, 0) AS allow_delete_delay,
       m.id AS member_id, m.name AS member_name, m.specialization, m.show_rating, m.avatar, p.id AS position_id,
       p.title AS position_title, r.votes_count, r.rating_sum, r.comments_count,
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', s.service_id, 'title', coalesce(nullif(sv.booking_title, ''), sv.title), 'amount', s.amount,
                   'length', s.length, 'first_cost', s.first_cost::text, 'discount', s.discount::text, 'cost', s.cost::text,
                   'price_min', coalesce(ls.price_min, s.first_cost)::text, 'price_max', coalesce(ls.price_max, s.first_cost)::text,
                   'prepaid', coalesce(ls.prepaid, 'forbidden')) ORDER BY s.position)
          FROM appointment_services s
          JOIN services sv ON sv.chain_id = :chain_id AND sv.id = s.service_id
          LEFT JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.service_id
                                        AND ls.location_id = a.location_id
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS services
  FROM appointments a
  JOIN locations l ON l.chain_id = :chain_id AND l.id = a.location_id
  JOIN countries co ON co.id = l.country_id
  JOIN currencies cu ON cu.id = l.currency_id
  LEFT JOIN cities ci ON ci.id = l.city_id
  LEFT JOIN booking_settings b ON b.chain_id = :chain_id AND b.location_id = a.location_id
  JOIN team_members m ON m.chain_id = :chain_id AND m.id = a.team_member_id
  LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id
  LEFT JOIN team_ratings r ON r.chain_id = :chain_id AND r.team_member_id = m.id
 WHERE a.chain_id = :chain_id AND a.id = ANY(:ids::bigint[])
 ORDER BY a.starts_at DESC, a.id DESC;

-- name: appointments_of_phone
-- across chains: the appointments of a person, whom his confirmed phone identifies in every business.
SELECT a.chain_id, a.id
  FROM clients c
  JOIN appointments a ON a.chain_id = c.chain_id AND a.client_id = c.id
 WHERE c.phone = :phone AND c.phone <> '' AND c.deleted_at IS NULL AND a.deleted_at IS NULL
 ORDER BY a.starts_at DESC, a.id DESC
 LIMIT :count OFFSET :skip;

-- name: owner_of_appointment^
-- Whose it is: the phone of its client.
SELECT a.location_id, c.phone FROM appointments a
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
 WHERE a.chain_id = :chain_id AND a.id = :id;
