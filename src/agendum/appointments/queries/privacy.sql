-- name: held_appointments
-- All appointments of a client, deleted ones too, oldest first, with what he said of them.
SELECT a.id, l.title AS location, a.starts_at, m.name AS team_member, a.attendance, a.comment, a.custom_fields, a.created_at,
       a.deleted_at, l.timezone,
       coalesce((SELECT jsonb_agg(jsonb_build_object('title', s.title, 'amount', x.amount, 'cost', x.cost) ORDER BY x.position)
                   FROM appointment_services x
                   JOIN services s ON s.chain_id = :chain_id AND s.id = x.service_id
                  WHERE x.chain_id = :chain_id AND x.appointment_id = a.id), '[]') AS services,
       (SELECT jsonb_build_object('rating', r.rating, 'text', r.text, 'author', r.author)
          FROM reviews r
         WHERE r.chain_id = :chain_id AND r.appointment_id = a.id AND r.deleted_at IS NULL) AS review
  FROM appointments a
  JOIN team_members m ON m.chain_id = :chain_id AND m.id = a.team_member_id
  JOIN locations l ON l.chain_id = :chain_id AND l.id = a.location_id
 WHERE a.chain_id = :chain_id AND a.client_id = :client_id
 ORDER BY a.starts_at, a.id;

-- name: erase_from_appointments$
-- Their times, services and sums stay, of nobody. Gives their ids.
WITH cleared AS (
    UPDATE appointments
       SET comment = '', custom_fields = '{}', from_url = '', api_id = '', updated_at = :at
     WHERE chain_id = :chain_id AND client_id = :client_id
    RETURNING id
)
SELECT coalesce(array_agg(id), '{}') FROM cleared;

-- name: erase_reviews!
-- The rating stays, in the team member's too; a text that is gone is no longer one of his comments.
WITH cleared AS (
    SELECT id, team_member_id, text <> '' AND deleted_at IS NULL AS had_text FROM reviews
     WHERE chain_id = :chain_id AND appointment_id = ANY(:ids::bigint[])
), uncounted AS (
    UPDATE team_ratings t SET comments_count = comments_count - gone.texts
      FROM (SELECT team_member_id, count(*) AS texts FROM cleared
             WHERE had_text AND team_member_id IS NOT NULL GROUP BY team_member_id) gone
     WHERE t.chain_id = :chain_id AND t.team_member_id = gone.team_member_id
)
UPDATE reviews r SET author = '', text = '', user_id = NULL
  FROM cleared WHERE r.chain_id = :chain_id AND r.id = cleared.id;

-- name: erase_appointment_trail!
-- That something was changed, and when, stays.
UPDATE audit_log
   SET before = before - '{comment,custom_fields,api_id,text}'::text[], after = after - '{comment,custom_fields,api_id,text}'::text[]
 WHERE chain_id = :chain_id AND (
       (entity = 'appointment' AND entity_id = ANY(:ids::bigint[]))
    OR (entity = 'review' AND entity_id IN (
        SELECT r.id FROM reviews r WHERE r.chain_id = :chain_id AND r.appointment_id = ANY(:ids::bigint[]))));
