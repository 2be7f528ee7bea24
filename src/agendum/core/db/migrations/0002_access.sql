-- Who may speak to the server: partners (integrations), users (people), their tokens, codes and memberships.
-- depends: 0001_reference

CREATE TABLE partners (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title       text NOT NULL,
    token_hash  bytea NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL,
    revoked_at  timestamptz
);

CREATE TABLE users (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                text NOT NULL,
    login               text NOT NULL DEFAULT '',
    phone               text NOT NULL DEFAULT '',   -- E.164 digits without the plus
    email               text NOT NULL DEFAULT '',
    password_hash       text,                       -- argon2id; null: signs in by phone and code only
    avatar              text NOT NULL DEFAULT '',
    is_approved         boolean NOT NULL DEFAULT true,
    is_email_confirmed  boolean NOT NULL DEFAULT false,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL
);
CREATE UNIQUE INDEX users_login_once ON users (lower(login)) WHERE login <> '';
CREATE UNIQUE INDEX users_phone_once ON users (phone) WHERE phone <> '';
CREATE UNIQUE INDEX users_email_once ON users (lower(email)) WHERE email <> '';

CREATE TABLE user_tokens (
    token_hash  bytea PRIMARY KEY,
    user_id     bigint NOT NULL REFERENCES users (id),
    created_at  timestamptz NOT NULL
);
CREATE INDEX user_tokens_by_user ON user_tokens (user_id);

-- One-time codes sent to a phone. The code is stored hashed; the clear text leaves only in the message.
CREATE TABLE phone_codes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone       text NOT NULL,
    code_hash   bytea NOT NULL,
    ip          text NOT NULL,
    attempts    smallint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX phone_codes_by_phone ON phone_codes (phone, created_at);
CREATE INDEX phone_codes_by_ip ON phone_codes (ip, created_at);

-- Failed sign-ins, counted by login and by address.
CREATE TABLE login_failures (
    id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login  text NOT NULL,
    ip     text NOT NULL,
    at     timestamptz NOT NULL
);
CREATE INDEX login_failures_by_login ON login_failures (login, at);
CREATE INDEX login_failures_by_ip ON login_failures (ip, at);

-- Answers kept under the caller's Idempotency-Key, so that a repeated POST answers the same and does nothing twice.
CREATE TABLE idempotency_keys (
    caller      bytea NOT NULL,          -- hash of the Authorization header
    key         text NOT NULL,
    request     bytea NOT NULL,          -- hash of method, path and body
    status      smallint,
    body        bytea,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
