-- name: tags_v1$
-- The whole answer of v1 as JSON: PostgreSQL writes fifty tags sooner than a row could be read here. One tag by its id,
-- deleted or not; else the living tags of a location, of one kind or all.
SELECT json_build_object('success', true, 'data', coalesce(json_agg(json_build_object(
           'id', t.id, 'salon_id', t.location_id, 'title', t.title, 'color', t.color, 'icon', t.icon, 'slug', t.slug,
           'entity', t.entity, 'deleted', (t.deleted_at IS NOT NULL)::int, 'not_editable', (t.slug <> '')::int,
           'font_color', t.font_color) ORDER BY t.id), '[]'), 'meta', '[]'::json)::text
  FROM tags t
 WHERE t.chain_id = :chain_id AND t.location_id = :location_id
   AND CASE WHEN :tag_id::bigint IS NULL
            THEN t.deleted_at IS NULL AND (:entity::smallint IS NULL OR t.entity = :entity::smallint)
            ELSE t.id = :tag_id::bigint END;

-- name: tags_v2$
-- The same in v2. `entities` are the aliases of the kinds by number.
SELECT json_build_object('data', coalesce(json_agg(json_build_object('type', 'tag', 'id', t.id::text,
           'attributes', json_build_object(
               'company_id', t.location_id, 'title', t.title, 'color', t.color, 'font_color', t.font_color,
               'icon', t.icon, 'entity_type', (:entities::text[])[t.entity + 1], 'is_deleted', t.deleted_at IS NOT NULL,
               'is_editable', t.slug = '', 'salon_id', t.location_id, 'entity', t.entity,
               'entity_slug', (:entities::text[])[t.entity + 1], 'deleted', (t.deleted_at IS NOT NULL)::int,
               'not_editable', (t.slug <> '')::int)) ORDER BY t.id), '[]'))::text
  FROM tags t
 WHERE t.chain_id = :chain_id AND t.location_id = :location_id
   AND CASE WHEN :tag_id::bigint IS NULL
            THEN t.deleted_at IS NULL AND (:entity::smallint IS NULL OR t.entity = :entity::smallint)
            ELSE t.id = :tag_id::bigint END;

-- name: lock_tag^
-- Of any location of the chain: a tag of another one is refused, not unknown.
SELECT t.location_id, t.slug <> '' AS is_system, t.entity, t.title, t.color, t.font_color, t.icon FROM tags t
 WHERE t.chain_id = :chain_id AND t.id = :tag_id AND t.deleted_at IS NULL
   FOR UPDATE;

-- name: add_tag$
INSERT INTO tags (chain_id, location_id, entity, title, color, font_color, icon, created_at, updated_at)
VALUES (:chain_id, :location_id, :entity, :title, :color, :font_color, :icon, :at, :at)
RETURNING id;

-- name: change_tag!
-- Whatever the patch does not name stays.
UPDATE tags t
   SET (entity, title, color, font_color, icon, updated_at) = (
        SELECT p.entity, p.title, p.color, p.font_color, p.icon, :at::timestamptz
          FROM jsonb_populate_record(t, :patch::jsonb) p)
 WHERE t.chain_id = :chain_id AND t.id = :tag_id;

-- name: delete_tag!
UPDATE tags SET deleted_at = :at, updated_at = :at WHERE chain_id = :chain_id AND id = :tag_id;
