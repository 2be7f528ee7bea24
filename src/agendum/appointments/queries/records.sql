-- name: records
-- Appointments as the desk sees them, one row a service line: Python writes the JSON, for it does so sooner than
-- PostgreSQL. Labels and the like are looked for only where there are some.
SELECT a.id, a.location_id, a.visit_id, a.team_member_id, a.event_id, a.clients_count, a.starts_at, a.length, a.technical_break,
       a.attendance, a.is_confirmed, a.is_online, a.is_member_requested, a.sms_before, a.email_before, a.comment,
       a.api_id, a.from_url, a.device, a.booking_form_id, a.created_user_id, a.custom_color,
       nullif(a.custom_fields, '{}')::text AS custom_fields, a.created_at, a.updated_at, a.deleted_at IS NOT NULL AS is_deleted,
       a.is_told_by_sms, a.is_told_by_email, a.is_reminded_by_sms, a.is_review_asked, a.is_overbooked,
       a.visit_attendance, a.paid_state, c.client_id,
       CASE WHEN a.has_labels THEN (
           SELECT json_agg(json_build_object('id', g.id, 'title', g.title, 'color', g.color, 'icon', g.icon,
                                             'font_color', g.font_color) ORDER BY g.id)::text
             FROM appointment_tags x JOIN tags g ON g.chain_id = :chain_id AND g.id = x.tag_id AND g.deleted_at IS NULL
            WHERE x.chain_id = :chain_id AND x.appointment_id = a.id) END AS labels,
       CASE WHEN a.has_instances THEN (
           SELECT json_agg(b.owner_id ORDER BY b.id)::text FROM busy b
            WHERE b.chain_id = :chain_id AND b.holder_id = a.busy_id) END AS instances,
       CASE WHEN a.booking_form_id IS NOT NULL THEN (
           SELECT f.title FROM booking_forms f WHERE f.chain_id = :chain_id AND f.id = a.booking_form_id) END AS form,
       CASE WHEN :with_payments::bool THEN (
           SELECT json_agg(json_build_object('id', p.id, 'amount', p.amount::text, 'method', p.method, 'at', p.created_at)
                           ORDER BY p.id)::text
             FROM visit_payments p
            WHERE p.chain_id = :chain_id AND p.appointment_id = a.id AND p.created_at >= :paid_since::timestamptz) END AS payments,
       a.partner_id, c.name, c.surname, c.middle_name, c.phone, c.card, c.email, c.client_comment, c.client_discount, c.gender,
       c.birth_date, c.client_fields, c.visits_count, c.failed_visits_count, c.client_tags,
       s.position, s.service_id, s.amount, s.length AS line_length, s.first_cost::text, s.discount::text, s.cost::text
  FROM appointments a
  LEFT JOIN (
    -- quote: client_cards
  ) c ON c.client_id = a.client_id
  LEFT JOIN appointment_services s ON s.chain_id = :chain_id AND s.appointment_id = a.id
 WHERE a.chain_id = :chain_id AND a.id = ANY(:ids::bigint[]) AND (:with_deleted::bool OR a.deleted_at IS NULL)
 ORDER BY a.starts_at, a.id, s.position;

-- name: day
-- A page of the appointments of a few days: which they are, how many there are, and in which versions their rows are
-- (xmin), so that what was shown of them before need not be read again. `others`: the versions of the labels and forms
-- that they may name.
SELECT a.id, a.xmin AS version, c.xmin AS client_version, t.xmin AS stats_version, o.others, a.total
  FROM (SELECT i.id, i.starts_at, i.client_id, i.xmin, count(*) OVER () AS total FROM appointments i
         WHERE i.chain_id = :chain_id AND i.location_id = :location_id
           AND i.starts_at >= :from_at::timestamptz AND i.starts_at < :till::timestamptz
           AND (:with_deleted::bool OR i.deleted_at IS NULL)
           AND (:member_ids::bigint[] IS NULL OR i.team_member_id = ANY(:member_ids::bigint[]))
         ORDER BY i.starts_at, i.id LIMIT :count OFFSET :skip) a
 CROSS JOIN (SELECT coalesce((SELECT sum(g.xmin::text::bigint) FROM tags g
                               WHERE g.chain_id = :chain_id AND g.location_id = :location_id), 0)::bigint
                    + coalesce((SELECT sum(f.xmin::text::bigint) FROM booking_forms f
                                 WHERE f.chain_id = :chain_id), 0)::bigint AS others) o
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
  LEFT JOIN client_stats t ON t.chain_id = :chain_id AND t.client_id = a.client_id
 ORDER BY a.starts_at, a.id;

-- name: whole
-- The same of a whole location. To count it would take longer than all else: the number at a moment some time ago is
-- kept, and this says what was made and deleted since.
SELECT a.id, a.xmin AS version, c.xmin AS client_version, t.xmin AS stats_version, o.others, n.more
  FROM (SELECT CASE WHEN :with_deleted::bool THEN count(*) FILTER (WHERE i.created_at > :as_of::timestamptz)
                    ELSE count(*) FILTER (WHERE i.created_at > :as_of::timestamptz AND i.deleted_at IS NULL)
                         - count(*) FILTER (WHERE i.created_at <= :as_of::timestamptz AND i.deleted_at > :as_of::timestamptz)
               END AS more
          FROM appointments i
         -- Both ends, or a generic plan believes that it is a third of all.
         WHERE i.chain_id = :chain_id AND i.location_id = :location_id AND i.updated_at > :as_of::timestamptz
           AND i.updated_at < :changed_till::timestamptz) n
 CROSS JOIN (SELECT coalesce((SELECT sum(g.xmin::text::bigint) FROM tags g
                               WHERE g.chain_id = :chain_id AND g.location_id = :location_id), 0)::bigint
                    + coalesce((SELECT sum(f.xmin::text::bigint) FROM booking_forms f
                                 WHERE f.chain_id = :chain_id), 0)::bigint AS others) o
  LEFT JOIN (SELECT * FROM (
                SELECT i.id, i.starts_at, i.client_id, i.xmin FROM appointments i
                 WHERE i.chain_id = :chain_id AND i.location_id = :location_id AND (:with_deleted::bool OR i.deleted_at IS NULL)
                 ORDER BY i.starts_at, i.id LIMIT :count OFFSET :skip) page
              LIMIT 300) a ON true  -- no page is longer: a generic plan does not know that of its parameter
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
  LEFT JOIN client_stats t ON t.chain_id = :chain_id AND t.client_id = a.client_id
 ORDER BY a.starts_at, a.id;

-- name: tally^
-- How many appointments a location had at a moment that is long enough ago for all of its transactions to be over.
SELECT count(*) FILTER (WHERE deleted_at IS NULL OR deleted_at > :as_of::timestamptz) AS living, count(*) AS everything
  FROM appointments
 WHERE chain_id = :chain_id AND location_id = :location_id AND created_at <= :as_of::timestamptz;
