-- name: chain_of_place$
SELECT chain_id FROM location_chains WHERE location_id = :location_id;

-- name: tags_here
-- Tags of a location that its clients (`entity` 1) or appointments (2) may carry.
SELECT t.id, t.title FROM tags t
 WHERE t.chain_id = :chain_id AND t.location_id = :location_id AND t.entity IN (0, :entity) AND t.deleted_at IS NULL
 ORDER BY t.id DESC;

-- name: fields_here
-- Custom fields of a category, of the location and of its chain.
SELECT f.code, f.kind, f.choices FROM custom_fields f
 WHERE f.chain_id = :chain_id AND (f.location_id = :location_id::bigint OR f.location_id IS NULL)
   AND f.category = :category AND f.deleted_at IS NULL
 ORDER BY f.id;

-- name: known_clients
-- Of each line the client that it means, by phone, else by the id of another system, else by the mark of an export; and
-- whether it says anything new of him. `other_id`: its phone and its id mean two clients. Each is looked up by itself:
-- joins would be planned for the table as it was when the import began.
WITH asked AS (
    SELECT * FROM jsonb_to_recordset(:rows::jsonb) AS x (
        n int, external_id text, own_id bigint, name text, surname text, phone text, facts jsonb, fields jsonb,
        tag_ids jsonb, spent_before numeric, balance_before numeric)
), met AS MATERIALIZED (
    SELECT a.*,
           (SELECT p.id FROM clients p
             WHERE p.chain_id = :chain_id AND p.location_id = :location_id AND p.phone = a.phone AND p.phone <> ''
               AND p.deleted_at IS NULL) AS phone_id,
           (SELECT e.id FROM clients e
             WHERE e.chain_id = :chain_id AND e.location_id = :location_id AND e.deleted_at IS NULL AND e.id = (
                   SELECT o.client_id FROM client_origins o
                    WHERE o.chain_id = :chain_id AND o.location_id = :location_id AND o.external_id = a.external_id)) AS origin_id,
           (SELECT x.id FROM clients x
             WHERE x.chain_id = :chain_id AND x.location_id = :location_id AND x.id = a.own_id AND x.phone = ''
               AND x.name = a.name AND x.surname = a.surname AND x.deleted_at IS NULL) AS marked_id
      FROM asked a
), found AS MATERIALIZED (
    SELECT m.*, coalesce(m.phone_id, m.origin_id, m.marked_id) AS id,
           CASE WHEN m.phone_id <> m.origin_id THEN m.origin_id END AS other_id,
           m.origin_id IS NULL AND m.external_id <> '' AND m.marked_id IS NULL AS is_new_origin
      FROM met m
)
SELECT f.n, f.id, f.other_id,
       f.is_new_origin
       OR (w.name, w.surname, w.middle_name, w.phone, w.email, w.gender, w.importance, w.birth_date, w.card, w.comment,
           w.discount, w.sms_check, w.sms_not, w.is_blacklisted)
          IS DISTINCT FROM
          (c.name, c.surname, c.middle_name, c.phone, c.email, c.gender, c.importance, c.birth_date, c.card, c.comment,
           c.discount, c.sms_check, c.sms_not, c.is_blacklisted)
       OR NOT c.custom_fields @> f.fields
       OR coalesce(f.spent_before, s.spent_before, 0) <> coalesce(s.spent_before, 0)
       OR coalesce(f.balance_before, s.balance_before, 0) <> coalesce(s.balance_before, 0)
       OR EXISTS (SELECT FROM jsonb_array_elements_text(f.tag_ids) AS g (id)
                   WHERE NOT EXISTS (SELECT FROM client_tags t WHERE t.chain_id = :chain_id AND t.client_id = c.id
                                        AND t.tag_id = g.id::bigint)) AS is_changed
  FROM found f
 CROSS JOIN LATERAL (SELECT k AS row FROM clients k WHERE k.chain_id = :chain_id AND k.id = f.id LIMIT 1) AS r
 CROSS JOIN LATERAL (SELECT (r.row).*) AS c
  LEFT JOIN LATERAL (SELECT * FROM client_stats t WHERE t.chain_id = :chain_id AND t.client_id = f.id LIMIT 1) AS s ON true
 CROSS JOIN LATERAL jsonb_populate_record(r.row, f.facts) AS w;

-- name: import_clients
-- New clients, with all that lines tell of them, their trail and, if wanted, their notices. Written here and not one by
-- one by the domain of clients: a batch of thousands is one statement. Whoever's phone another transaction has just
-- written is left out.
WITH asked AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('clients', 'id')) AS id, x.*
      FROM jsonb_to_recordset(:rows::jsonb) AS x (
        n int, external_id text, name text, surname text, middle_name text, phone text, email text, gender smallint,
        importance smallint, birth_date date, card text, comment text, discount numeric, sms_check bool, sms_not bool,
        is_blacklisted bool, facts jsonb, fields jsonb, tag_ids jsonb, spent_before numeric, balance_before numeric)
), made AS (
    INSERT INTO clients (chain_id, id, location_id, name, surname, middle_name, phone, email, gender, importance,
                         birth_date, card, comment, discount, sms_check, sms_not, is_blacklisted, custom_fields,
                         created_at, updated_at)
    SELECT :chain_id, id, :location_id, name, surname, middle_name, phone, email, gender, importance, birth_date, card,
           comment, discount, sms_check, sms_not, is_blacklisted, fields, :at::timestamptz, :at::timestamptz
      FROM asked ORDER BY n
    ON CONFLICT (chain_id, location_id, phone) WHERE phone <> '' AND deleted_at IS NULL DO NOTHING
    RETURNING id
), named AS (
    INSERT INTO client_origins (chain_id, location_id, external_id, client_id)
    SELECT :chain_id, :location_id, a.external_id, a.id FROM made JOIN asked a ON a.id = made.id WHERE a.external_id <> ''
    ON CONFLICT (chain_id, location_id, external_id) DO UPDATE SET client_id = excluded.client_id
), summed AS (
    INSERT INTO client_stats (chain_id, client_id, location_id, spent_before, balance_before)
    SELECT :chain_id, a.id, :location_id, coalesce(a.spent_before, 0), coalesce(a.balance_before, 0)
      FROM made JOIN asked a ON a.id = made.id WHERE a.spent_before <> 0 OR a.balance_before <> 0
), tagged AS (
    INSERT INTO client_tags (chain_id, client_id, tag_id)
    SELECT :chain_id, a.id, t.id::bigint
      FROM made JOIN asked a ON a.id = made.id CROSS JOIN LATERAL jsonb_array_elements_text(a.tag_ids) AS t (id)
), noted AS (
    INSERT INTO audit_log (chain_id, location_id, entity, entity_id, request_id, after, at)
    SELECT :chain_id, :location_id, 'client', a.id, 'import',
           a.facts || CASE WHEN a.fields = '{}' THEN '{}' ELSE jsonb_build_object('custom_fields', a.fields) END,
           :at::timestamptz
      FROM made JOIN asked a ON a.id = made.id ORDER BY a.id
), told AS (
    INSERT INTO outbox (chain_id, kind, body, created_at)
    SELECT :chain_id, :kind, :notice::jsonb || jsonb_build_object('client_id', made.id), :at::timestamptz
      FROM made WHERE :tells::bool ORDER BY made.id
)
SELECT a.n, a.id FROM made JOIN asked a ON a.id = made.id;

-- name: change_clients
-- What lines say that was not known; the rest stays. See import_clients for why it is written here.
WITH asked AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(:rows::jsonb) AS x (
        n int, id bigint, external_id text, facts jsonb, fields jsonb, tag_ids jsonb, spent_before numeric,
        balance_before numeric)
), was AS MATERIALIZED (
    SELECT c.id, to_jsonb(c) AS doc FROM asked a JOIN clients c ON c.chain_id = :chain_id AND c.id = a.id
     WHERE c.deleted_at IS NULL ORDER BY c.id FOR NO KEY UPDATE OF c
), changed AS (
    UPDATE clients c
       SET (name, surname, middle_name, phone, email, gender, importance, birth_date, card, comment, discount,
            sms_check, sms_not, is_blacklisted, custom_fields, updated_at) = (
            SELECT w.name, w.surname, w.middle_name, w.phone, w.email, w.gender, w.importance, w.birth_date, w.card,
                   w.comment, w.discount, w.sms_check, w.sms_not, w.is_blacklisted, c.custom_fields || a.fields,
                   :at::timestamptz
              FROM jsonb_populate_record(c, a.facts) w)
      FROM asked a JOIN was ON was.id = a.id
     WHERE c.chain_id = :chain_id AND c.id = a.id
    RETURNING c.id
), named AS (
    INSERT INTO client_origins (chain_id, location_id, external_id, client_id)
    SELECT :chain_id, :location_id, a.external_id, a.id FROM changed JOIN asked a ON a.id = changed.id WHERE a.external_id <> ''
    ON CONFLICT (chain_id, location_id, external_id) DO UPDATE SET client_id = excluded.client_id
), summed AS (
    INSERT INTO client_stats AS s (chain_id, client_id, location_id, spent_before, balance_before)
    SELECT :chain_id, a.id, :location_id, coalesce(a.spent_before, p.spent_before, 0),
           coalesce(a.balance_before, p.balance_before, 0)
      FROM changed JOIN asked a ON a.id = changed.id
      LEFT JOIN client_stats p ON p.chain_id = :chain_id AND p.client_id = a.id
     WHERE a.spent_before IS NOT NULL OR a.balance_before IS NOT NULL
    ON CONFLICT (chain_id, client_id) DO UPDATE
       SET spent_before = excluded.spent_before, balance_before = excluded.balance_before
), tagged AS (
    INSERT INTO client_tags (chain_id, client_id, tag_id)
    SELECT :chain_id, a.id, t.id::bigint
      FROM changed JOIN asked a ON a.id = changed.id CROSS JOIN LATERAL jsonb_array_elements_text(a.tag_ids) AS t (id)
    ON CONFLICT DO NOTHING
), noted AS (
    INSERT INTO audit_log (chain_id, location_id, entity, entity_id, request_id, before, after, at)
    SELECT :chain_id, :location_id, 'client', d.id, 'import', d.before, d.after, :at::timestamptz
      FROM (SELECT was.id, jsonb_object_agg(f.key, was.doc -> f.key) AS before, jsonb_object_agg(f.key, f.value) AS after
              FROM was JOIN asked a ON a.id = was.id
             CROSS JOIN LATERAL jsonb_each(a.facts || CASE WHEN a.fields = '{}' THEN '{}' ELSE
                 jsonb_build_object('custom_fields', (was.doc -> 'custom_fields') || a.fields) END) AS f
             WHERE was.doc ->> f.key IS DISTINCT FROM f.value #>> '{}'
             GROUP BY was.id) AS d
)
SELECT a.n, a.id FROM changed JOIN asked a ON a.id = changed.id;

-- name: exported_clients
-- A page of a location's clients, in the order of their ids; of several marks of other systems the first.
SELECT c.id, c.name, c.surname, c.middle_name, c.phone, c.email, c.gender, c.importance, c.birth_date, c.card, c.comment,
       c.discount, c.sms_check, c.sms_not, c.is_blacklisted, c.custom_fields,
       coalesce(s.spent_before, 0) AS spent, coalesce(s.balance_before, 0) AS balance,
       (SELECT min(o.external_id) FROM client_origins o
         WHERE o.chain_id = :chain_id AND o.client_id = c.id AND o.location_id = :location_id) AS external_id,
       (SELECT coalesce(array_agg(g.title ORDER BY g.id), '{}')
          FROM client_tags t JOIN tags g ON g.chain_id = :chain_id AND g.id = t.tag_id AND g.deleted_at IS NULL
         WHERE t.chain_id = :chain_id AND t.client_id = c.id) AS tags
  FROM clients c
  LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.client_id = c.id
 WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.deleted_at IS NULL AND c.id > :after
 ORDER BY c.id LIMIT :count;

-- name: origins_of
SELECT external_id FROM client_origins WHERE chain_id = :chain_id AND client_id = :client_id ORDER BY external_id;

-- name: forget_origins!
DELETE FROM client_origins WHERE chain_id = :chain_id AND client_id = :client_id;
