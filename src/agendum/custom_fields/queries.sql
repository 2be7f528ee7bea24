-- name: fields_v1$
-- The whole answer of v1 as JSON: PostgreSQL writes fifty fields sooner than a row could be read here. The living
-- fields of a location and of its chain, of one category; or one of them by its id.
SELECT json_build_object('success', true, 'data', coalesce(json_agg(json_build_object(
           'id', f.id, 'salon_id', :location_id::bigint, 'custom_field', json_build_object(
               'id', f.id, 'code', f.code, 'entity_type', f.category, 'show_in_ui', f.show_in_ui, 'title', f.title,
               'user_can_edit', f.user_can_edit,
               'type', json_build_object('code', f.kind, 'title', :kinds::jsonb -> f.kind ->> 'title'),
               'values', array_to_string(f.choices, :separator::text), 'is_required', f.is_required,
               'weight', f.weight, 'is_chain', f.location_id IS NULL)) ORDER BY f.weight DESC, f.id), '[]'),
           'meta', '[]'::json)::text
  FROM custom_fields f
 WHERE f.chain_id = :chain_id AND (f.location_id = :location_id::bigint OR f.location_id IS NULL)
   AND f.category = :category AND (:field_id::bigint IS NULL OR f.id = :field_id::bigint) AND f.deleted_at IS NULL;

-- name: fields_v2^
-- The same in v2, of several categories; beside it the kinds of the fields, for who wants to see their types.
SELECT json_build_object('data', coalesce(json_agg(json_build_object('type', 'custom_field', 'id', f.id::text,
           'attributes', json_build_object(
               'code', f.code, 'slug', f.code, 'parent_entity_type', f.category, 'entity_slug', f.category,
               'relation_entity_type', NULL, 'show_in_ui', f.show_in_ui, 'is_visible', f.show_in_ui, 'title', f.title,
               'user_can_edit', f.user_can_edit, 'is_editable', f.user_can_edit, 'is_required', f.is_required,
               'weight', f.weight, 'values', f.choices)) ORDER BY f.weight DESC, f.id), '[]'))::text AS document,
       array_agg(f.kind ORDER BY f.weight DESC, f.id) AS kinds
  FROM custom_fields f
 WHERE f.chain_id = :chain_id AND (f.location_id = :location_id::bigint OR f.location_id IS NULL)
   AND f.category = ANY (:categories::text[]) AND f.deleted_at IS NULL;

-- name: fields_of_location
SELECT f.category, f.code, f.kind, f.choices FROM custom_fields f
 WHERE f.chain_id = :chain_id AND (f.location_id = :location_id::bigint OR f.location_id IS NULL)
   AND f.deleted_at IS NULL
 ORDER BY f.weight DESC, f.id;

-- name: lock_chain!
-- Codes are unique in a location together with its chain's, which no constraint can say: who writes fields waits here.
SELECT FROM chains WHERE id = :chain_id FOR NO KEY UPDATE;

-- name: field^
SELECT f.location_id, f.category, f.code, f.title, f.kind, f.choices, f.show_in_ui, f.user_can_edit, f.is_required, f.weight
  FROM custom_fields f
 WHERE f.chain_id = :chain_id AND f.id = :field_id AND f.category = :category AND f.deleted_at IS NULL
   AND (f.location_id = :location_id::bigint OR f.location_id IS NULL);

-- name: namesakes
-- Fields whose values could lie under the same key, deleted ones too: those of the location and of the chain; for a
-- field of the chain those of every location.
SELECT f.kind, f.deleted_at IS NOT NULL AS is_deleted FROM custom_fields f
 WHERE f.chain_id = :chain_id AND f.category = :category AND f.code = :code
   AND (:location_id::bigint IS NULL OR f.location_id IS NULL OR f.location_id = :location_id::bigint);

-- name: add_field$
INSERT INTO custom_fields (chain_id, location_id, category, code, title, kind, choices, show_in_ui, user_can_edit,
                           is_required, weight, created_at, updated_at)
VALUES (:chain_id, :location_id, :category, :code, :title, :kind, :choices, :show_in_ui, :user_can_edit, :is_required,
        :weight, :at, :at)
RETURNING id;

-- name: change_field!
-- Whatever the patch does not name stays.
UPDATE custom_fields f
   SET (code, title, choices, show_in_ui, user_can_edit, is_required, weight, updated_at) = (
        SELECT p.code, p.title, p.choices, p.show_in_ui, p.user_can_edit, p.is_required, p.weight, :at::timestamptz
          FROM jsonb_populate_record(f, :patch::jsonb) p)
 WHERE f.chain_id = :chain_id AND f.id = :field_id;

-- name: retire_code!
-- A field that takes another code leaves its values under the old one: remember of which kind they are.
INSERT INTO custom_fields (chain_id, location_id, category, code, title, kind, created_at, updated_at, deleted_at)
SELECT f.chain_id, f.location_id, f.category, f.code, f.title, f.kind, f.created_at, :at::timestamptz, :at::timestamptz
  FROM custom_fields f
 WHERE f.chain_id = :chain_id AND f.id = :field_id;

-- name: delete_field!
UPDATE custom_fields SET deleted_at = :at, updated_at = :at WHERE chain_id = :chain_id AND id = :field_id;

-- name: locations_of_chain
SELECT location_id FROM location_chains WHERE chain_id = :chain_id;
