-- name: comments
-- What is noted about a client, latest first: texts, and the uploads of files; one of them by its id.
SELECT k.id, k.text, k.created_at, k.user_id, u.name AS user_name, u.avatar, k.file_id, f.name AS file_name
  FROM client_comments k
  LEFT JOIN client_files f ON f.chain_id = :chain_id AND f.id = k.file_id
  LEFT JOIN users u ON u.id = k.user_id
 WHERE k.chain_id = :chain_id AND k.client_id = :client_id AND (:comment_id::bigint IS NULL OR k.id = :comment_id::bigint)
 ORDER BY k.id DESC;

-- name: add_comment$
INSERT INTO client_comments (chain_id, client_id, text, user_id, created_at)
VALUES (:chain_id, :client_id, :text, :user_id, :at) RETURNING id;

-- name: delete_comment!
DELETE FROM client_comments WHERE chain_id = :chain_id AND id = :id;

-- name: files
-- Files about a client, latest first; one of them by its id.
SELECT f.id, f.name, f.description, f.mime, f.size, f.path, f.created_at, f.user_id, u.name AS user_name, u.avatar
  FROM client_files f
  LEFT JOIN users u ON u.id = f.user_id
 WHERE f.chain_id = :chain_id AND f.client_id = :client_id AND (:file_id::bigint IS NULL OR f.id = :file_id::bigint)
 ORDER BY f.id DESC;

-- name: add_file$
-- With what it leaves in the client's history.
WITH made AS (
    INSERT INTO client_files (chain_id, client_id, name, description, mime, size, path, user_id, created_at)
    VALUES (:chain_id, :client_id, :name, :description, :mime, :size, :path, :user_id, :at) RETURNING id
), noted AS (
    INSERT INTO client_comments (chain_id, client_id, file_id, user_id, created_at)
    SELECT :chain_id, :client_id, made.id, :user_id, :at FROM made
)
SELECT id FROM made;

-- name: delete_file!
-- What it left in the history goes with it.
DELETE FROM client_files WHERE chain_id = :chain_id AND id = :id;

-- name: known_paths
-- across chains: of these files of the storage, those that a client still has.
SELECT path FROM client_files WHERE path = ANY (:paths::text[]);
