-- name: client_by_phone^
SELECT id, name, email, is_blacklisted FROM clients
 WHERE chain_id = :chain_id AND location_id = :location_id AND phone = :phone AND deleted_at IS NULL;

-- name: find_or_make_client^
-- One phone is one client of a location, also when two bookings arrive at once: the unique index decides.
WITH found AS (
    SELECT id, is_blacklisted, false AS is_new FROM clients
     WHERE chain_id = :chain_id AND location_id = :location_id AND phone = :phone AND deleted_at IS NULL
), made AS (
    INSERT INTO clients (chain_id, location_id, name, surname, phone, email, created_at, updated_at)
    SELECT :chain_id, :location_id, :name, :surname, :phone, :email, :at::timestamptz, :at::timestamptz
     WHERE NOT EXISTS (SELECT FROM found)
    ON CONFLICT (chain_id, location_id, phone) WHERE phone <> '' AND deleted_at IS NULL DO NOTHING
    RETURNING id, is_blacklisted, true AS is_new
)
SELECT * FROM found UNION ALL SELECT * FROM made;

-- name: fill_client_email!
-- An e-mail that the client gives is kept where there was none.
UPDATE clients SET email = :email, updated_at = :at
 WHERE chain_id = :chain_id AND id = :id AND email = '';
