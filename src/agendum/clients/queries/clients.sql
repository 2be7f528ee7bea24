-- name: find_or_make_client^
-- One phone is one client of a location, also when two bookings arrive at once: the unique index decides. An e-mail is
-- kept where there was none; a new client is told of, and the audit trail has what was written. (phone <> '' is what lets a generic plan use the partial index.)
WITH found AS (
    SELECT id, is_blacklisted, false AS is_new, email FROM clients
     WHERE chain_id = :chain_id AND location_id = :location_id AND phone = :phone AND phone <> '' AND deleted_at IS NULL
), made AS (
    INSERT INTO clients (chain_id, location_id, name, surname, phone, email, created_at, updated_at)
    SELECT :chain_id, :location_id, :name, :surname, :phone, :email, :at::timestamptz, :at::timestamptz
     WHERE NOT EXISTS (SELECT FROM found)
    ON CONFLICT (chain_id, location_id, phone) WHERE phone <> '' AND deleted_at IS NULL DO NOTHING
    RETURNING id, is_blacklisted, true AS is_new, email
), filled AS (
    UPDATE clients SET email = :email, updated_at = :at::timestamptz
     WHERE chain_id = :chain_id AND :email <> '' AND id = (SELECT id FROM found WHERE email = '')
    RETURNING id
), noted AS (
    INSERT INTO audit_log (chain_id, location_id, entity, entity_id, user_id, partner_id, request_id, before, after, at)
    SELECT :chain_id, :location_id, 'client', w.id, :author_user_id, :author_partner_id, :request_id, w.before, w.after,
           :at::timestamptz
      FROM (SELECT id, NULL::jsonb AS before,
                   jsonb_build_object('name', :name::text, 'surname', :surname::text, 'phone', :phone::text,
                                      'email', :email::text) AS after
              FROM made
             UNION ALL
            SELECT id, '{"email": ""}', jsonb_build_object('email', :email::text) FROM filled) AS w
), told AS (
    INSERT INTO outbox (chain_id, kind, body, created_at)
    SELECT :chain_id, :client_kind, :client_notice::jsonb || jsonb_build_object('client_id', made.id), :at::timestamptz FROM made
)
SELECT id, is_blacklisted, is_new FROM found UNION ALL SELECT id, is_blacklisted, is_new FROM made;

-- name: known_client^
-- Whom `find_or_make_client` would find. (phone <> '' is what lets a generic plan use the partial index.)
SELECT id, is_blacklisted, email <> '' AS has_email FROM clients
 WHERE chain_id = :chain_id AND location_id = :location_id AND phone = :phone AND phone <> '' AND deleted_at IS NULL;

-- name: chain_clients_by_phone
-- (phone <> '' is what lets a generic plan use the partial index.)
SELECT c.id, c.location_id AS company_id, concat_ws(' ', c.name, nullif(c.surname, '')) AS name, c.email
  FROM clients c
  JOIN locations l ON l.chain_id = :chain_id AND l.id = c.location_id AND l.deleted_at IS NULL
 WHERE c.chain_id = :chain_id AND c.phone = :phone AND c.phone <> '' AND c.deleted_at IS NULL
 ORDER BY c.id;

-- name: find_client^
SELECT id, name, surname, middle_name, phone, email, gender, importance, birth_date, card, comment, discount, sms_check,
       sms_not, is_blacklisted, custom_fields
  FROM clients
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = :id AND deleted_at IS NULL;

-- name: lock_client^
-- What a change starts from, held until it is written; `is_theirs`: whoever may see only clients of one team member may
-- see this one.
SELECT c.id, c.name, c.surname, c.middle_name, c.phone, c.email, c.gender, c.importance, c.birth_date, c.card, c.comment,
       c.discount, c.sms_check, c.sms_not, c.custom_fields,
       (SELECT coalesce(array_agg(t.tag_id ORDER BY t.tag_id), '{}') FROM client_tags t
         WHERE t.chain_id = :chain_id AND t.client_id = c.id) AS tags,
       coalesce(s.spent_before, 0) AS spent_before, coalesce(s.balance_before, 0) AS balance_before,
       coalesce(s.sold_amount, 0) AS sold_amount, coalesce(s.paid, 0) AS paid,
       (:member_id::bigint = 0 OR EXISTS (
           SELECT FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = c.id
              AND a.team_member_id = :member_id::bigint AND a.deleted_at IS NULL)) AS is_theirs
  FROM clients c
  LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.client_id = c.id
 WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.id = :id AND c.deleted_at IS NULL
   FOR NO KEY UPDATE OF c;

-- name: client_is_there$
-- Is there such a client whom the caller may see? See lock_client.
SELECT c.id FROM clients c
 WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.id = :id AND c.deleted_at IS NULL
   AND (:member_id::bigint = 0 OR EXISTS (
       SELECT FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = c.id
          AND a.team_member_id = :member_id::bigint AND a.deleted_at IS NULL));

-- name: make_clients
-- Many at once, each with its number `n` in what was asked for. Whoever has a phone that is known is left out, whether
-- it was known before or another transaction is just writing it. Each is told of.
WITH asked AS (
    SELECT * FROM jsonb_to_recordset(:rows::jsonb) AS x (custom_fields jsonb,
        n int, id bigint, name text, surname text, middle_name text, phone text, email text, gender smallint,
        importance smallint, birth_date date, card text, comment text, discount numeric, sms_check bool, sms_not bool,
        spent_before numeric, balance_before numeric, tag_ids jsonb)
), made AS (
    INSERT INTO clients (chain_id, location_id, name, surname, middle_name, phone, email, gender, importance, birth_date,
                         card, comment, discount, sms_check, sms_not, custom_fields, id, created_at, updated_at)
    SELECT :chain_id, :location_id, name, surname, middle_name, phone, email, gender, importance, birth_date, card,
           comment, discount, sms_check, sms_not, custom_fields, id, :at::timestamptz, :at::timestamptz
      FROM asked ORDER BY n
    ON CONFLICT (chain_id, location_id, phone) WHERE phone <> '' AND deleted_at IS NULL DO NOTHING
    RETURNING id
), summed AS (
    INSERT INTO client_stats (chain_id, client_id, location_id, spent_before, balance_before)
    SELECT :chain_id, made.id, :location_id, a.spent_before, a.balance_before
      FROM made JOIN asked a ON a.id = made.id WHERE a.spent_before <> 0 OR a.balance_before <> 0
), tagged AS (
    INSERT INTO client_tags (chain_id, client_id, tag_id)
    SELECT DISTINCT :chain_id::bigint, made.id, t.id::bigint
      FROM made JOIN asked a ON a.id = made.id CROSS JOIN LATERAL jsonb_array_elements_text(a.tag_ids) AS t (id)
), told AS (
    INSERT INTO outbox (chain_id, kind, body, created_at)
    SELECT :chain_id, :kind, :notice::jsonb || jsonb_build_object('client_id', made.id), :at::timestamptz
      FROM made ORDER BY made.id
)
SELECT a.n, a.id FROM made JOIN asked a ON a.id = made.id ORDER BY a.n;

-- name: next_client_ids
SELECT nextval(pg_get_serial_sequence('clients', 'id')) AS id FROM generate_series(1, :count::int);

-- name: change_client!
-- Whatever the patch does not name stays.
UPDATE clients c
   SET (name, surname, middle_name, phone, email, gender, importance, birth_date, card, comment, discount, sms_check,
        sms_not, custom_fields, updated_at) = (
        SELECT p.name, p.surname, p.middle_name, p.phone, p.email, p.gender, p.importance, p.birth_date, p.card,
               p.comment, p.discount, p.sms_check, p.sms_not, p.custom_fields, :at::timestamptz
          FROM jsonb_populate_record(c, :patch::jsonb) p)
 WHERE c.chain_id = :chain_id AND c.id = :id;

-- name: set_sums_before!
INSERT INTO client_stats (chain_id, client_id, location_id, spent_before, balance_before)
VALUES (:chain_id, :id, :location_id, :spent_before, :balance_before)
ON CONFLICT (chain_id, client_id) DO UPDATE
   SET spent_before = excluded.spent_before, balance_before = excluded.balance_before;

-- name: set_stats!
-- The location is the client's own.
INSERT INTO client_stats (chain_id, client_id, location_id, visits_count, failed_visits_count, first_visit_at,
                          last_visit_at, spent, paid)
SELECT c.chain_id, c.id, c.location_id, :visits_count, :failed_visits_count, :first_visit_at, :last_visit_at, :spent, :paid
  FROM clients c
 WHERE c.chain_id = :chain_id AND c.id = :client_id
ON CONFLICT (chain_id, client_id) DO UPDATE
   SET visits_count = excluded.visits_count, failed_visits_count = excluded.failed_visits_count,
       first_visit_at = excluded.first_visit_at, last_visit_at = excluded.last_visit_at, spent = excluded.spent,
       paid = excluded.paid;

-- name: known_tags
-- Of these tags, those that a client of the location may carry.
SELECT t.id FROM tags t
 WHERE t.chain_id = :chain_id AND t.location_id = :location_id AND t.id = ANY (:ids::bigint[]) AND t.entity IN (0, 1)
   AND t.deleted_at IS NULL;

-- name: drop_tags!
DELETE FROM client_tags WHERE chain_id = :chain_id AND client_id = :id AND NOT tag_id = ANY (:tags::bigint[]);

-- name: add_tags!
INSERT INTO client_tags (chain_id, client_id, tag_id)
SELECT :chain_id, :id, x.tag_id FROM unnest(:tags::bigint[]) AS x (tag_id)
ON CONFLICT DO NOTHING;

-- name: client_fields
-- Custom fields of clients, of the location and of its chain.
SELECT f.code, f.kind, f.choices FROM custom_fields f
 WHERE f.chain_id = :chain_id AND (f.location_id = :location_id::bigint OR f.location_id IS NULL)
   AND f.category = 'client' AND f.deleted_at IS NULL;

-- name: delete_client!
UPDATE clients SET deleted_at = :at, updated_at = :at WHERE chain_id = :chain_id AND id = :id;
