-- name: service_facts
-- Services as a location offers them, who gives them there or elsewhere, what they need and are made of. One that the
-- chain manages is the whole chain's.
SELECT s.id, CASE WHEN NOT s.is_chain THEN :location_id::bigint END AS location_id,
       (to_jsonb(s) || (to_jsonb(o) - 'service_id') || jsonb_build_object(
           'team', (SELECT coalesce(jsonb_object_agg(k.team_member_id,
                                                     to_jsonb(k) - '{chain_id,service_id,team_member_id}'::text[]), '{}')
                      FROM service_links k WHERE k.chain_id = :chain_id AND k.service_id = s.id),
           'resources', ARRAY(SELECT n.resource_id FROM service_resources n
                               WHERE n.chain_id = :chain_id AND n.service_id = s.id ORDER BY n.resource_id),
           'parts', ARRAY(SELECT p.part_id FROM service_parts p
                           WHERE p.chain_id = :chain_id AND p.service_id = s.id ORDER BY p.position),
           'translations', (SELECT coalesce(jsonb_object_agg(t.language_id, t.title), '{}') FROM service_translations t
                             WHERE t.chain_id = :chain_id AND t.service_id = s.id)))::text AS facts
  FROM services s
  JOIN location_services o ON o.chain_id = :chain_id AND o.service_id = s.id AND o.location_id = :location_id
 WHERE s.chain_id = :chain_id AND s.id = ANY(:ids::bigint[]) AND s.deleted_at IS NULL;

-- name: category_facts
-- Categories as a location has them, and who gives their services. One that the chain manages is the whole chain's.
SELECT c.id, CASE WHEN NOT c.is_chain THEN :location_id::bigint END AS location_id,
       (to_jsonb(c) || jsonb_build_object(
           'weight', lc.weight,
           'team', ARRAY(SELECT n.team_member_id FROM category_members n
                          WHERE n.chain_id = :chain_id AND n.category_id = c.id ORDER BY n.team_member_id)))::text AS facts
  FROM service_categories c
  JOIN location_categories lc ON lc.chain_id = :chain_id AND lc.category_id = c.id AND lc.location_id = :location_id
 WHERE c.chain_id = :chain_id AND c.id = ANY(:ids::bigint[]) AND c.deleted_at IS NULL;
