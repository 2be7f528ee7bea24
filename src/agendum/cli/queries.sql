-- name: may_make_tables$
-- Asked before migrating: yoyo would stumble over it later, and say something else.
SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false);
