-- name: user_by_login^
-- A login is a phone, an e-mail or a name, in this order when two users match.
SELECT id, name, phone, email, login, avatar, password_hash, is_approved, is_email_confirmed
  FROM users
 WHERE (phone = :phone AND phone <> '')
    OR (lower(email) = lower(:login) AND email <> '')
    OR (lower(login) = lower(:login) AND login <> '')
 ORDER BY phone = :phone DESC, lower(email) = lower(:login) DESC
 LIMIT 1;

-- name: user^
SELECT id, name, phone, email, login, avatar, password_hash, is_approved, is_email_confirmed FROM users WHERE id = :id;

-- name: user_by_contact$
SELECT id FROM users
 WHERE (phone = :phone AND phone <> '') OR (lower(email) = lower(:email) AND email <> '')
 ORDER BY phone = :phone DESC
 LIMIT 1;

-- name: add_invited_user$
-- Nothing comes back when another request has just made him.
INSERT INTO users (name, phone, email, is_approved, created_at, updated_at)
VALUES (:name, :phone, :email, false, :now, :now)
ON CONFLICT DO NOTHING RETURNING id;

-- name: register_invited_user$
-- Only who was made by an invitation and is nothing yet but the address to which it went: nobody else's password is set
-- by a link.
UPDATE users SET name = :name, password_hash = :password_hash, updated_at = :now
 WHERE id = :id AND NOT is_approved AND password_hash IS NULL
   AND phone = :phone AND lower(email) = lower(:email) RETURNING id;

-- name: approve_user!
-- Who came by the link that went to an e-mail has shown that it is his.
UPDATE users
   SET is_approved = true, updated_at = :now,
       is_email_confirmed = is_email_confirmed OR (email <> '' AND lower(email) = lower(:proved_email))
 WHERE id = :id;

-- name: hold_password_hash$
-- A token is made for the password that was checked: a change of password waits until then, or is seen here.
SELECT password_hash FROM users WHERE id = :id FOR NO KEY UPDATE;

-- name: add_user$
INSERT INTO users (name, phone, email, login, password_hash, created_at, updated_at)
VALUES (:name, :phone, :email, :login, :password_hash, :now, :now) RETURNING id;

-- name: find_or_make_user$
-- One phone is one user, also when two requests make him at once: the unique index decides. Nothing comes back when
-- another request has just made him, or when somebody else has the e-mail.
WITH found AS (
    SELECT id FROM users WHERE phone = :phone AND phone <> ''
), made AS (
    INSERT INTO users (name, phone, email, created_at, updated_at)
    SELECT :name::text, :phone::text, :email::text, :now::timestamptz, :now::timestamptz
     WHERE NOT EXISTS (SELECT FROM found)
    ON CONFLICT DO NOTHING RETURNING id
)
SELECT id FROM found UNION ALL SELECT id FROM made;

-- name: change_user!
-- Null leaves a field as it is. A new e-mail is not a confirmed one.
UPDATE users
   SET name = coalesce(:name, name), phone = coalesce(:phone, phone), email = coalesce(:email, email),
       is_email_confirmed = is_email_confirmed AND lower(coalesce(:email, email)) = lower(email), updated_at = :now
 WHERE id = :id;

-- name: taken_field$
-- Which of the unique fields another user has; asked after the indexes have refused.
SELECT CASE WHEN phone = :phone AND phone <> '' THEN 'phone'
            WHEN lower(email) = lower(:email) AND email <> '' THEN 'email'
            ELSE 'login' END
  FROM users
 WHERE id <> :id
   AND ((phone = :phone AND phone <> '')
     OR (lower(email) = lower(:email) AND email <> '')
     OR (lower(login) = lower(:login) AND login <> ''))
 LIMIT 1;

-- name: set_password$
UPDATE users SET password_hash = :password_hash, updated_at = :now WHERE id = :id RETURNING id;

-- name: renew_password_hash!
-- The same password under today's parameters: no new password, so the tokens live on.
UPDATE users SET password_hash = :password_hash WHERE id = :id;

-- name: add_partner$
INSERT INTO partners (title, token_hash, created_at) VALUES (:title, :token_hash, :now) RETURNING id;

-- name: know_partner!
INSERT INTO partners (title, token_hash, created_at) VALUES (:title, :token_hash, :now)
ON CONFLICT (token_hash) DO NOTHING;

-- name: add_token!
INSERT INTO user_tokens (token_hash, user_id, created_at) VALUES (:token_hash, :user_id, :now);

-- name: tokens_of_user
SELECT token_hash FROM user_tokens WHERE user_id = :user_id;

-- name: revoke_tokens!
DELETE FROM user_tokens WHERE user_id = :user_id;

-- name: lock_keys!
-- Counting and acting on the count must not interleave. The address comes last in every list: no deadlock.
SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(:keys::text[]) AS key;

-- name: try_lock_key$
-- For those who hold a request's transaction: better refused at once than waiting with a connection in hand.
SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0));

-- name: failures^
-- The last failed attempts, newest first, as many as the limits ask about.
SELECT ARRAY(SELECT at FROM login_failures WHERE login = :login AND at > :since
              ORDER BY at DESC LIMIT :login_times::int) AS by_login,
       ARRAY(SELECT at FROM login_failures WHERE ip = :ip AND at > :since
              ORDER BY at DESC LIMIT :ip_times::int) AS by_ip;

-- name: add_failure!
INSERT INTO login_failures (login, ip, at) VALUES (:login, :ip, :now);

-- name: clear_failures!
-- The right password clears its login; the address keeps what it did to others.
DELETE FROM login_failures WHERE login = :login;

-- name: sent_codes^
-- When codes last went to a phone and for an address, newest first.
SELECT ARRAY(SELECT created_at FROM phone_codes WHERE phone = :phone AND created_at > :since
              ORDER BY created_at DESC LIMIT :phone_times::int) AS by_phone,
       ARRAY(SELECT created_at FROM phone_codes WHERE ip = :ip AND created_at > :since
              ORDER BY created_at DESC LIMIT :ip_times::int) AS by_ip;

-- name: add_code!
INSERT INTO phone_codes (phone, code_hash, ip, created_at, expires_at)
VALUES (:phone, :code_hash, :ip, :now, :expires_at);

-- name: living_code^
-- Only the newest code of a phone counts; older ones are void even when it is used up.
SELECT id, code_hash
  FROM (SELECT * FROM phone_codes WHERE phone = :phone ORDER BY created_at DESC, id DESC LIMIT 1) AS newest
 WHERE used_at IS NULL AND expires_at > :now AND attempts < :tries::int;

-- name: use_code!
UPDATE phone_codes SET used_at = :now WHERE id = :id;

-- name: count_try!
UPDATE phone_codes SET attempts = attempts + 1 WHERE id = :id;

-- name: place_of_location^
-- The tenant of a location; where a chain is named too, it must be that one.
SELECT chain_id, location_id FROM location_chains
 WHERE location_id = :location_id AND (:chain_id::bigint = 0 OR chain_id = :chain_id::bigint);

-- name: place_of_chain^
-- A chain speaks through its first location.
SELECT id AS chain_id,
       (SELECT min(location_id) FROM location_chains WHERE chain_id = :chain_id) AS location_id
  FROM chains WHERE id = :chain_id;

-- name: drop_old_failures!
DELETE FROM login_failures WHERE at < :before;

-- name: drop_resting_tokens
DELETE FROM user_tokens WHERE coalesce(used_on, (created_at AT TIME ZONE 'UTC')::date) < :before RETURNING token_hash;

-- name: drop_old_codes!
DELETE FROM phone_codes WHERE created_at < :before;
