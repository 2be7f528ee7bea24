-- name: visit^
-- All that a message about an appointment may say, and whether it may be sent. Deleted ones too: their clients hear of it.
SELECT a.chain_id, a.location_id, a.id AS appointment_id, a.starts_at,
       a.starts_at + make_interval(secs => a.length - a.technical_break) AS ends_at,
       a.attendance, a.is_online, a.deleted_at IS NOT NULL AS is_deleted, a.sms_before, a.email_before,
       EXISTS (SELECT FROM reviews r
                WHERE r.chain_id = :chain_id AND r.appointment_id = a.id AND r.deleted_at IS NULL) AS is_reviewed,
       c.name AS client_name, c.phone, c.email, c.sms_not AS no_mailings,
       coalesce(b.sms_enabled, true) AS sms_enabled,
       coalesce(nullif(l.public_title, ''), l.title) AS business, l.address, l.timezone, la.code AS language,
       m.name AS member,
       coalesce((SELECT array_agg(coalesce(nullif(s.booking_title, ''), s.title) ORDER BY x.position)
                   FROM appointment_services x
                   JOIN services s ON s.chain_id = :chain_id AND s.id = x.service_id
                  WHERE x.chain_id = :chain_id AND x.appointment_id = a.id), '{}') AS services
  FROM appointments a
  JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id AND c.deleted_at IS NULL
  JOIN locations l ON l.chain_id = :chain_id AND l.id = a.location_id
  JOIN languages la ON la.id = l.language_id
  JOIN team_members m ON m.chain_id = :chain_id AND m.id = a.team_member_id
  LEFT JOIN booking_settings b ON b.chain_id = :chain_id AND b.location_id = a.location_id
 WHERE a.chain_id = :chain_id AND a.id = :appointment_id;

-- name: sender_of_code^
-- Who sends a code: the location, or the chain by the language of its first location.
SELECT CASE WHEN l.id = :location_id::bigint THEN coalesce(nullif(l.public_title, ''), l.title) ELSE h.title END AS business,
       coalesce(la.code, '') AS language
  FROM chains h
  LEFT JOIN locations l ON l.chain_id = :chain_id AND l.deleted_at IS NULL AND :location_id::bigint IN (0, l.id)
  LEFT JOIN languages la ON la.id = l.language_id
 WHERE h.id = :chain_id
 ORDER BY l.id
 LIMIT 1;

-- name: write_message$
-- Gives no id when a job that ran before wrote it, or when the same was the last word to this person about this visit.
INSERT INTO messages (chain_id, location_id, appointment_id, kind, channel, recipient, subject, body, status,
                      dedupe_key, created_at)
SELECT :chain_id::bigint, nullif(:location_id::bigint, 0), :appointment_id::bigint, :kind, :channel, :recipient::text,
       :subject, :body::text, :status, :dedupe_key, :at
 WHERE :body::text IS DISTINCT FROM (
           SELECT m.body FROM messages m
            WHERE m.chain_id = :chain_id::bigint AND m.recipient = :recipient::text
              AND m.appointment_id = :appointment_id::bigint
            ORDER BY m.id DESC LIMIT 1)
ON CONFLICT (chain_id, dedupe_key) DO NOTHING RETURNING id;

-- name: drop_old_messages!
-- across chains: what the server throws away by itself.
DELETE FROM messages WHERE created_at < :before AND status <> 'waiting';

-- name: message_to_send^
-- A message that still waits, with what decides whether it is still worth sending.
SELECT m.id, m.chain_id, m.appointment_id, m.kind, m.channel, m.recipient, m.subject, m.body, m.created_at,
       coalesce(nullif(l.public_title, ''), l.title, '') AS business, coalesce(l.email, '') AS reply_to,
       a.starts_at, a.deleted_at IS NOT NULL AS is_deleted,
       EXISTS (SELECT FROM messages n
                WHERE n.chain_id = :chain_id AND n.recipient = m.recipient
                  AND n.appointment_id = m.appointment_id AND n.id > m.id) AS is_replaced
  FROM messages m
  LEFT JOIN locations l ON l.chain_id = :chain_id AND l.id = m.location_id
  LEFT JOIN appointments a ON a.chain_id = :chain_id AND a.id = m.appointment_id
 WHERE m.chain_id = :chain_id AND m.id = :id AND m.status = 'waiting';

-- name: settle_message!
-- How an attempt ended.
UPDATE messages SET status = :status, error = :error, sent_at = :sent_at
 WHERE chain_id = :chain_id AND id = :id AND status = 'waiting';

-- name: recent_messages
-- across chains: the operator's view, newest first.
SELECT id, chain_id, location_id, appointment_id, kind, channel, recipient, subject, body, status, error, created_at,
       sent_at
  FROM messages
 WHERE :recipient::text IS NULL OR recipient = :recipient
 ORDER BY id DESC
 LIMIT :count;

-- name: ids_of_client
-- What was written to a client: to his phone or address, or about his appointments.
SELECT m.id FROM messages m
  JOIN clients c ON c.chain_id = :chain_id AND c.id = :client_id
 WHERE m.chain_id = :chain_id
   AND (m.recipient IN (nullif(c.phone, ''), nullif(c.email, '')) OR m.appointment_id IN (
        SELECT a.id FROM appointments a WHERE a.chain_id = :chain_id AND a.client_id = :client_id));

-- name: messages_of_client
SELECT kind, channel, recipient, subject, body, status, created_at FROM messages
 WHERE chain_id = :chain_id AND id IN (
    -- quote: ids_of_client
 )
 ORDER BY id;

-- name: forget_messages!
-- Waiting ones too: their job finds nothing to send.
DELETE FROM messages WHERE chain_id = :chain_id AND id IN (
    -- quote: ids_of_client
);
