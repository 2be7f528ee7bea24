-- name: find_or_make_client^
-- One phone is one client of a location, also when two bookings arrive at once: the unique index decides. An e-mail is
-- kept where there was none; a new client is told of. (phone <> '' is what lets a generic plan use the partial index.)
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
), told AS (
    INSERT INTO outbox (chain_id, kind, body, created_at)
    SELECT :chain_id, :kind, :notice::jsonb || jsonb_build_object('client_id', made.id), :at::timestamptz FROM made
)
SELECT id, is_blacklisted, is_new FROM found UNION ALL SELECT id, is_blacklisted, is_new FROM made;
