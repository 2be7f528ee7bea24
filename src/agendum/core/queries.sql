-- name: write_notice!
-- One fact, beside the change that caused it.
INSERT INTO outbox (chain_id, kind, body, created_at) VALUES (:chain_id, :kind, :body, :at);

-- name: partner_by_token^
-- A partner that still may call.
SELECT id, title FROM partners WHERE token_hash = :token_hash AND revoked_at IS NULL;

-- name: user_by_token^
-- across chains: a user may belong to several tenants.
-- A user and all that he may do: his memberships in every chain.
SELECT coalesce(t.used_on, (t.created_at AT TIME ZONE 'UTC')::date) AS used_on, u.id, u.name, u.phone, u.email, u.login, u.avatar,
       coalesce((SELECT jsonb_agg(jsonb_build_object('chain_id', m.chain_id, 'location_id', m.location_id,
                                                     'role', m.role, 'rights', m.rights))
                   FROM memberships m WHERE m.user_id = u.id), '[]') AS memberships
  FROM user_tokens t JOIN users u ON u.id = t.user_id
 WHERE t.token_hash = :token_hash;

-- name: use_token!
-- Once a day: what is not used for long is forgotten.
UPDATE user_tokens SET used_on = :day WHERE token_hash = :token_hash;

-- name: chain_of_location$
-- The tenant of a location named in a path.
SELECT chain_id FROM location_chains WHERE location_id = :location_id;

-- name: chain_exists$
SELECT id FROM chains WHERE id = :chain_id;

-- name: claim_idempotency_key$
-- True when the key is ours now. A parallel request with the same key waits here until the first has ended.
INSERT INTO idempotency_keys (caller, key, request, created_at) VALUES (:caller, :key, :request, :at)
ON CONFLICT (caller, key) DO NOTHING RETURNING true;

-- name: idempotency_key^
-- What was answered under a key.
SELECT request, status, body FROM idempotency_keys WHERE caller = :caller AND key = :key;

-- name: finish_idempotency_key!
UPDATE idempotency_keys SET status = :status, body = :body WHERE caller = :caller AND key = :key;

-- name: drop_old_idempotency_keys!
DELETE FROM idempotency_keys WHERE created_at < :before;

-- name: server_fact$
SELECT value FROM server_facts WHERE name = :name;

-- name: set_server_fact$
-- The first writer's value stands.
INSERT INTO server_facts (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = server_facts.value RETURNING value;

-- name: replace_server_fact!
INSERT INTO server_facts (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: outbox_has_rows$
-- across chains: the relay's look, four times a second.
SELECT EXISTS (SELECT FROM outbox);

-- name: take_notices
-- across chains: oldest first; what another relay holds is left to it. ARRAY: the sub-select runs once.
DELETE FROM outbox
 WHERE id = ANY (ARRAY(SELECT id FROM outbox ORDER BY id LIMIT :size FOR UPDATE SKIP LOCKED))
RETURNING id, kind, body, created_at;

-- name: queue_state^
-- across chains: what waits, for the metrics.
SELECT (SELECT min(created_at) FROM outbox) AS oldest,
       count(*) FILTER (WHERE status = 'queued' AND coalesce((headers ->> 'due')::timestamptz <= :at, true)) AS due,
       count(*) FILTER (WHERE status = 'failed') AS failed
  FROM pgqueuer;

-- name: finish_job$
-- True once: in the transaction of the job's own writes, so that of two runs of one job only one can commit.
-- An UPDATE, because a DELETE would NOTIFY; the queue removes the row afterwards.
UPDATE pgqueuer SET headers = '{"done": true}'
 WHERE id = :id AND NOT coalesce(headers @> '{"done": true}', false) RETURNING true;

-- name: put_off_job!
-- When a failed job is due again by our clock, see claim_job.
UPDATE pgqueuer SET headers = jsonb_build_object('due', :due::timestamptz) WHERE id = :id;

-- name: claim_job^
-- The next job that is due by our clock, or one of those that a dead worker left. The queue's own columns know the
-- database's clock only.
UPDATE pgqueuer SET status = 'picked', queue_manager_id = :worker, updated = DEFAULT, heartbeat = DEFAULT
 WHERE id = (SELECT id FROM pgqueuer
              WHERE entrypoint = ANY (:names::text[])
                AND (status = 'queued' AND coalesce((headers ->> 'due')::timestamptz <= :until, true)
                     OR status = 'picked' AND id = ANY (:left::bigint[]))
              ORDER BY priority DESC, coalesce((headers ->> 'due')::timestamptz, created), id
              LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING *;

-- name: begin_schedule!
-- From when on a timed job is known, and when it runs first.
INSERT INTO pgqueuer_schedules (expression, entrypoint, next_run) VALUES (:cron, :name, :next)
ON CONFLICT (expression, entrypoint) DO NOTHING;

-- name: take_schedule$
-- True for one of those who ask when the time has come.
UPDATE pgqueuer_schedules SET next_run = :next, last_run = :until, updated = DEFAULT
 WHERE expression = :cron AND entrypoint = :name AND status = 'queued' AND next_run <= :until RETURNING true;

-- name: drop_old_job_log!
DELETE FROM pgqueuer_log WHERE created < :before;

-- name: drop_old_job_statistics!
DELETE FROM pgqueuer_statistics WHERE created < :before;

-- name: write_audit!
-- Entries of the audit trail, beside the changes that they tell of. A side that is not there is NULL, not JSON's null.
INSERT INTO audit_log (chain_id, location_id, entity, entity_id, user_id, partner_id, request_id, before, after, at)
SELECT :chain_id::bigint, e.location_id, e.entity, e.entity_id, :user_id::bigint, :partner_id::bigint, :request_id::text,
       nullif(e.before, 'null'), nullif(e.after, 'null'), :at::timestamptz
  FROM jsonb_to_recordset(:entries::jsonb)
       AS e (location_id bigint, entity text, entity_id bigint, before jsonb, after jsonb);
