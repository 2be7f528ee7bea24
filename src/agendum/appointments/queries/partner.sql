-- name: partner_records
-- across chains: what an integration wrote, in the locations where its user belongs (location null: a whole chain).
-- Deleted ones are shown as such.
SELECT a.id, a.chain_id, a.starts_at, a.created_at, a.updated_at, a.length, a.attendance, a.comment, a.deleted_at IS NOT NULL AS is_deleted,
       a.sms_before, a.email_before, a.is_member_requested, a.is_online, a.api_id, a.event_id, a.custom_fields,
       l.id AS location_id, l.title, l.public_title, l.business_type_id, bt.business_group_id, l.country_id,
       co.full_title AS country, coalesce(l.city_id, 0) AS city_id, coalesce(ci.title, '') AS city, l.timezone, l.address, l.lat, l.lon, l.logo,
       l.zip, l.phones, l.site, coalesce(b.allow_change, true) AS allow_change, coalesce(b.allow_delete, true) AS allow_delete,
       m.id AS member_id, m.name AS member_name, m.specialization, m.show_rating, m.avatar, p.id AS position_id,
       p.title AS position_title, coalesce(r.votes_count, 0) AS votes_count, coalesce(r.rating_sum, 0) AS rating_sum,
       coalesce(r.comments_count, 0) AS comments_count,
       c.id AS client_id, c.name AS client_name, c.surname, c.phone, c.email,
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', s.service_id, 'title', sv.title, 'amount', s.amount, 'cost', s.cost::text, 'discount', s.discount::text,
                   'price_min', coalesce(ls.price_min, s.first_cost)::text, 'price_max', coalesce(ls.price_max, s.first_cost)::text,
                   'prepaid', coalesce(ls.prepaid, 'forbidden')) ORDER BY s.position)
          FROM appointment_services s
          JOIN services sv ON sv.chain_id = a.chain_id AND sv.id = s.service_id
          LEFT JOIN location_services ls ON ls.chain_id = a.chain_id AND ls.service_id = s.service_id AND ls.location_id = a.location_id
         WHERE s.chain_id = a.chain_id AND s.appointment_id = a.id) AS services,
       count(*) OVER () AS total
  FROM appointments a
  JOIN locations l ON l.chain_id = a.chain_id AND l.id = a.location_id
  JOIN countries co ON co.id = l.country_id
  LEFT JOIN business_types bt ON bt.id = l.business_type_id
  LEFT JOIN cities ci ON ci.id = l.city_id
  LEFT JOIN booking_settings b ON b.chain_id = a.chain_id AND b.location_id = a.location_id
  JOIN team_members m ON m.chain_id = a.chain_id AND m.id = a.team_member_id
  LEFT JOIN positions p ON p.chain_id = a.chain_id AND p.id = m.position_id
  LEFT JOIN team_ratings r ON r.chain_id = a.chain_id AND r.team_member_id = m.id
  LEFT JOIN clients c ON c.chain_id = a.chain_id AND c.id = a.client_id AND c.deleted_at IS NULL
 WHERE a.partner_id = :partner_id AND a.partner_id IS NOT NULL
   AND EXISTS (SELECT FROM unnest(:chain_ids::bigint[], :location_ids::bigint[], :member_ids::bigint[]) AS place (chain_id, location_id, member_id)
                WHERE place.chain_id = a.chain_id AND coalesce(place.location_id, a.location_id) = a.location_id
                  AND coalesce(place.member_id, a.team_member_id) = a.team_member_id)
   AND (:location_id::bigint IS NULL OR a.location_id = :location_id::bigint)
   AND (:user_id::bigint IS NULL OR a.created_user_id = :user_id::bigint)
   AND (a.starts_at AT TIME ZONE l.timezone)::date BETWEEN :first::date AND :last::date
   AND (a.created_at AT TIME ZONE l.timezone)::date BETWEEN :created_first::date AND :created_last::date
 ORDER BY a.starts_at, a.id LIMIT :count OFFSET :skip;
