-- name: client_search
-- The frame of every search: how many clients are found, and one page of them in its order. search.py puts in what the
-- parameters of `condition`, `sort_key`, `sorting` and `columns` stand for, from the statements below; as it stands, it
-- finds everybody. Where the sums that were found by are all that is shown, it takes these and does not join them anew.
WITH found AS (
    SELECT c.id, :sort_key::text AS sort_key, s.sold_amount, s.paid, s.visits_count, s.last_visit_at
      FROM clients c
      LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.location_id = :location_id AND s.client_id = c.id
     WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.deleted_at IS NULL AND :condition::bool
), page AS (
    SELECT f.* FROM found f ORDER BY :sorting::text LIMIT :count OFFSET :skip
)
SELECT t.total_count, f.id AS found_id, :columns::text
  FROM (SELECT count(*) AS total_count FROM found) AS t
  LEFT JOIN page f ON true
  LEFT JOIN clients c ON c.chain_id = :chain_id AND c.id = f.id
  LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.client_id = c.id
 ORDER BY :sorting::text;

-- name: search_values
-- What clients are shown with, sorted by and compared on: one column a line, by its name on the wire.
SELECT c.id AS id,
       c.name AS name,
       c.surname AS surname,
       c.middle_name AS middle_name,
       c.phone AS phone,
       c.email AS email,
       c.gender AS gender_id,
       c.importance AS importance_id,
       c.discount AS discount,
       c.card AS card,
       c.birth_date AS birth_date,
       c.comment AS comment,
       c.sms_check::int AS sms_check,
       c.sms_not::int AS sms_not,
       coalesce(s.sold_amount, 0) AS sold_amount,
       coalesce(s.paid, 0) AS paid_amount,
       coalesce(s.balance_before + s.paid - s.sold_amount, 0) AS balance,
       coalesce(s.visits_count, 0) AS visit_count,
       coalesce(s.failed_visits_count, 0) AS failed_visit_count,
       s.first_visit_at AS first_visit_date,
       s.last_visit_at AS last_visit_date,
       c.created_at AS create_date,
       c.updated_at AS last_change_date,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'title', g.title, 'color', g.color) ORDER BY g.id), '[]')
          FROM client_tags t JOIN tags g ON g.chain_id = :chain_id AND g.id = t.tag_id AND g.deleted_at IS NULL
         WHERE t.chain_id = :chain_id AND t.client_id = c.id) AS categories,
       (SELECT jsonb_object_agg(v.key, v.value)
          FROM jsonb_each(c.custom_fields) AS v
          JOIN custom_fields d ON d.chain_id = :chain_id AND (d.location_id = c.location_id OR d.location_id IS NULL)
               AND d.category = 'client' AND d.code = v.key AND d.deleted_at IS NULL) AS custom_fields
  FROM clients c
  LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.client_id = c.id
 WHERE c.chain_id = :chain_id;

-- name: search_conditions
-- What clients are chosen by, beside values: one condition a column. Appointments are of a higher domain; a search that
-- asks for them must look at them. A `core` is the rare part of a text, for the index; || '' keeps it from the rest. `visited`: came, or comes, to this team member. (Those of a tag are gathered first:
-- they are fewer than the location's clients.)
SELECT c.id = ANY (:ids::bigint[]) AS id,
       c.importance = ANY (:classes::smallint[]) AS importance,
       c.gender = ANY (:genders::smallint[]) AS gender,
       c.names LIKE :name_core::text AND c.names || '' LIKE :name_part::text AS named,
       c.contacts LIKE :contact_core::text AND c.contacts || '' LIKE :contact_part::text AS reached,
       c.contacts LIKE :phone_core::text AND c.phone LIKE :phone_part::text AS phone,
       c.phone = :whole_phone::text AND c.phone <> '' AS whole_phone,
       c.contacts LIKE lower(:email_part::text) AND c.email ILIKE :email_part::text AS email,
       c.contacts LIKE lower(:card_part::text) AND c.card ILIKE :card_part::text AS card,
       c.id = ANY (ARRAY(SELECT t.client_id FROM client_tags t
                          WHERE t.chain_id = :chain_id AND t.tag_id = ANY (:tags::bigint[]))) AS category,
       (c.phone <> '' AND EXISTS (SELECT FROM users u WHERE u.phone = c.phone AND u.phone <> '')) = :flag::bool AS has_mobile_app,
       EXISTS (SELECT FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = c.id
                  AND a.team_member_id = :member_id::bigint AND a.deleted_at IS NULL) AS visited,
       (SELECT count(*) >= coalesce(:least_count::bigint, 1) AND count(*) <= coalesce(:most_count::bigint, count(*))
               AND coalesce(sum(r.cost), 0) >= coalesce(:least_sum::numeric, 0)
               AND coalesce(sum(r.cost), 0) <= coalesce(:most_sum::numeric, sum(r.cost), 0)
          FROM (SELECT CASE WHEN :with_costs::bool
                            THEN (SELECT sum(l.cost) FROM appointment_services l
                                   WHERE l.chain_id = :chain_id AND l.appointment_id = a.id) END AS cost
                  FROM appointments a
                 WHERE a.chain_id = :chain_id AND a.location_id = :location_id AND a.client_id = c.id
                   AND a.deleted_at IS NULL
                   AND (:staff::bigint[] IS NULL OR a.team_member_id = ANY (:staff::bigint[]))
                   AND (:states::smallint[] IS NULL OR a.attendance = ANY (:states::smallint[]))
                   AND (:created_from::timestamptz IS NULL OR a.created_at >= :created_from::timestamptz)
                   AND (:created_to::timestamptz IS NULL OR a.created_at <= :created_to::timestamptz)
                   AND (:date_from::timestamptz IS NULL OR a.starts_at >= :date_from::timestamptz)
                   AND (:date_to::timestamptz IS NULL OR a.starts_at <= :date_to::timestamptz)
                   AND (:services::bigint[] IS NULL OR EXISTS (
                       SELECT FROM appointment_services l
                        WHERE l.chain_id = :chain_id AND l.appointment_id = a.id
                          AND l.service_id = ANY (:services::bigint[])))
                   AND (:service_categories::bigint[] IS NULL OR EXISTS (
                       SELECT FROM appointment_services l JOIN services v ON v.chain_id = :chain_id AND v.id = l.service_id
                        WHERE l.chain_id = :chain_id AND l.appointment_id = a.id
                          AND v.category_id = ANY (:service_categories::bigint[])))) AS r) AS record,
       :truth::bool AS truth
  FROM clients c
 WHERE c.chain_id = :chain_id AND c.location_id = :location_id;

-- name: clients_in_sight
-- The living clients of a location whom somebody may see, with what a quick search goes by and shows. `member_id`: only
-- those of this team member.
SELECT c.id, c.name, c.surname, c.middle_name, c.phone, c.email, c.card, c.importance, c.names, c.contacts
  FROM clients c
 WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.deleted_at IS NULL
   AND (:member_id::bigint = 0 OR EXISTS (
       SELECT FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = c.id
          AND a.team_member_id = :member_id::bigint AND a.deleted_at IS NULL));

-- name: quick_search
-- Whom somebody means: those who have every word of what is typed (`patterns`) in their names; else in their contacts.
-- `part` and `other` are what the index is to look for, the rest is compared. For digits names are left alone.
WITH named AS (
    SELECT * FROM (
        -- quote: clients_in_sight
    ) AS c
     WHERE :is_name::bool AND c.names LIKE :part::text AND c.names LIKE :other::text AND c.names LIKE ALL (:patterns::text[])
     LIMIT 100
), reached AS (
    SELECT * FROM (
        -- quote: clients_in_sight
    ) AS c
     WHERE :contacts::bool AND NOT EXISTS (SELECT FROM named)
       AND c.contacts LIKE :contact_part::text AND c.contacts LIKE ALL (:patterns::text[])
     LIMIT 100
), found AS (
    SELECT * FROM (SELECT * FROM named UNION ALL SELECT * FROM reached) AS c
     ORDER BY lower(c.name), lower(c.surname), c.id
     LIMIT :count
)
SELECT f.id, f.name, f.surname, f.middle_name, f.phone, f.email, f.card, f.importance AS importance_id,
       coalesce(s.visits_count, 0) AS visit_count, s.last_visit_at AS last_visit_date
  FROM found f
  LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.client_id = f.id
 ORDER BY lower(f.name), lower(f.surname), f.id;

-- name: quick_guess
-- Whom somebody may have meant, when nobody has it as it is typed. One word: those who would have it if two letters of it
-- changed places (`swaps`). Two and more: those who have one of its two longest words (`first`, `second`) as it stands
-- and a name like the other; else those with names like both (a first name alone has too many). Else those whose names
-- are most like it all (`guess`). Each step runs only when those before found nobody. set_config holds to the end of
-- this statement.
WITH swapped AS (
    SELECT * FROM (
        -- quote: clients_in_sight
    ) AS c
     WHERE :second::text = '' AND c.names LIKE ANY (:swaps::text[])
     LIMIT 100
), near AS (
    SELECT * FROM (
        -- quote: clients_in_sight
    ) AS c
     WHERE :second::text <> ''
       AND (SELECT set_config('pg_trgm.word_similarity_threshold', :threshold::text, true)) <> ''
       AND (c.names LIKE :part::text AND c.names %> :second::text OR c.names LIKE :other::text AND c.names %> :first::text)
     ORDER BY c.names <->> :guess::text, c.id
     LIMIT :count
), nearby AS (
    SELECT * FROM (
        -- quote: clients_in_sight
    ) AS c
     WHERE :second::text <> '' AND NOT EXISTS (SELECT FROM near)
       AND c.names %> :first::text AND c.names %> :second::text
     ORDER BY c.names <->> :guess::text, c.id
     LIMIT :count
), alike AS (
    SELECT * FROM (
        -- quote: clients_in_sight
    ) AS c
     WHERE NOT EXISTS (SELECT FROM swapped) AND NOT EXISTS (SELECT FROM near) AND NOT EXISTS (SELECT FROM nearby)
       AND (SELECT set_config('pg_trgm.word_similarity_threshold', :threshold::text, true)) <> ''
       AND c.names %> :guess::text
     ORDER BY c.names <->> :guess::text, c.id
     LIMIT :count
), found AS (
    SELECT * FROM (
        SELECT *, NULL::real AS distance FROM swapped
        UNION ALL
        SELECT *, names <->> :guess::text
          FROM (SELECT * FROM near UNION ALL SELECT * FROM nearby UNION ALL SELECT * FROM alike) AS guessed
    ) AS c
     ORDER BY c.distance, lower(c.name), lower(c.surname), c.id
     LIMIT :count
)
SELECT f.id, f.name, f.surname, f.middle_name, f.phone, f.email, f.card, f.importance AS importance_id,
       coalesce(s.visits_count, 0) AS visit_count, s.last_visit_at AS last_visit_date
  FROM found f
  LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.client_id = f.id
 ORDER BY f.distance, lower(f.name), lower(f.surname), f.id;
