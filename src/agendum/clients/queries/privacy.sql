-- name: lock_person^
-- A client, deleted or not, who has not been erased, held until he is.
SELECT c.id FROM clients c
 WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.id = :id AND c.erased_at IS NULL
   AND (:member_id::bigint = 0 OR EXISTS (
       SELECT FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = c.id
          AND a.team_member_id = :member_id::bigint AND a.deleted_at IS NULL))
   FOR NO KEY UPDATE OF c;

-- name: erase_client!
-- What is left is a number that sums and appointments belong to.
UPDATE clients
   SET name = '', surname = '', middle_name = '', phone = '', email = '', gender = 0, importance = 0, birth_date = NULL,
       card = '', comment = '', discount = 0, sms_check = false, sms_not = true, is_blacklisted = false,
       custom_fields = '{}', deleted_at = coalesce(deleted_at, :at), erased_at = :at, updated_at = :at
 WHERE chain_id = :chain_id AND id = :id;

-- name: erase_comments!
DELETE FROM client_comments WHERE chain_id = :chain_id AND client_id = :id;

-- name: erase_files$
-- Gives what the storage is to forget.
WITH gone AS (DELETE FROM client_files WHERE chain_id = :chain_id AND client_id = :id RETURNING path)
SELECT coalesce(array_agg(path), '{}') FROM gone;

-- name: erase_tags!
DELETE FROM client_tags WHERE chain_id = :chain_id AND client_id = :id;

-- name: erase_trail!
-- That somebody changed the client, and when, stays; what the values were goes. Entries about comments and files say
-- whose they were.
UPDATE audit_log
   SET before = before - (:personal::text[]), after = after - (:personal::text[])
 WHERE chain_id = :chain_id AND (
       (entity = 'client' AND entity_id = :id::bigint)
    OR (entity IN ('client_comment', 'client_file')
        AND coalesce(after, before) @> jsonb_build_object('client_id', :id::bigint)));

-- name: held_person^
-- All that this domain holds about a person, deleted or not.
SELECT c.id, c.location_id, c.name, c.surname, c.middle_name, c.phone, c.email, c.gender AS gender_id,
       c.importance AS importance_id, c.discount, c.card, c.birth_date, c.comment, c.sms_check, c.sms_not,
       c.is_blacklisted, c.custom_fields, c.created_at, c.updated_at, c.deleted_at,
       (SELECT coalesce(array_agg(g.title ORDER BY g.id), '{}')
          FROM client_tags t JOIN tags g ON g.chain_id = :chain_id AND g.id = t.tag_id
         WHERE t.chain_id = :chain_id AND t.client_id = c.id) AS categories,
       coalesce(s.visits_count, 0) AS visits_count, coalesce(s.failed_visits_count, 0) AS failed_visits_count,
       s.first_visit_at, s.last_visit_at, coalesce(s.spent, 0) AS spent, coalesce(s.paid, 0) AS paid,
       coalesce(s.spent_before, 0) AS spent_before, coalesce(s.balance_before, 0) AS balance_before
  FROM clients c
  LEFT JOIN client_stats s ON s.chain_id = :chain_id AND s.client_id = c.id
 WHERE c.chain_id = :chain_id AND c.location_id = :location_id AND c.id = :id AND c.erased_at IS NULL
   AND (:member_id::bigint = 0 OR EXISTS (
       SELECT FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = c.id
          AND a.team_member_id = :member_id::bigint AND a.deleted_at IS NULL));

-- name: held_changes
-- The audit trail of the person, oldest first: of the client, of comments and files about him.
SELECT a.at, a.entity, a.before, a.after FROM audit_log a
 WHERE a.chain_id = :chain_id AND (
       (a.entity = 'client' AND a.entity_id = :id::bigint)
    OR (a.entity IN ('client_comment', 'client_file')
        AND coalesce(a.after, a.before) @> jsonb_build_object('client_id', :id::bigint)))
 ORDER BY a.id;
