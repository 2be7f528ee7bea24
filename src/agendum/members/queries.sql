-- name: hold_chain$
-- Those who change users of one chain take turns: owners are counted, and what one may give is read afresh.
SELECT id FROM chains WHERE id = :chain_id FOR NO KEY UPDATE;

-- name: place^
-- How a user stands in a location: by its own membership, else by the chain's, else by an invitation that waits.
SELECT :user_id::bigint AS user_id, p.stored_role, p.rights, p.information, p.is_approved, p.is_own, p.team_member_id,
       EXISTS (SELECT FROM memberships w
                WHERE w.chain_id = :chain_id AND w.user_id = :user_id::bigint AND w.location_id IS NULL) AS is_wide
  FROM (SELECT m.role AS stored_role, m.rights, m.information, true AS is_approved,
               m.location_id IS NOT NULL AS is_own,
               (SELECT min(t.id) FROM team_members t
                 WHERE t.chain_id = :chain_id AND t.location_id = :location_id::bigint AND t.user_id = m.user_id
                   AND t.deleted_at IS NULL) AS team_member_id
          FROM memberships m
         WHERE m.chain_id = :chain_id AND m.user_id = :user_id::bigint
           AND (m.location_id = :location_id::bigint OR m.location_id IS NULL)
         UNION ALL
        SELECT i.role, i.rights, i.information, false, true, i.team_member_id
          FROM invitations i
         WHERE i.chain_id = :chain_id AND i.user_id = :user_id::bigint AND i.location_id = :location_id::bigint) AS p
 ORDER BY p.is_approved DESC, p.is_own DESC
 LIMIT 1;

-- name: user_facts
-- How users stand in a location, as `place` has it, with every right by its name; never the token of an invitation.
SELECT u.id, :location_id::bigint AS location_id, (p.rights || p.facts)::text AS facts
  FROM unnest(:ids::bigint[]) AS u (id)
 CROSS JOIN LATERAL (
    SELECT m.rights, true AS is_approved, m.location_id IS NOT NULL AS is_own,
           jsonb_build_object('is_approved', true, 'role', m.role, 'information', m.information,
                              'is_in_whole_chain', m.location_id IS NULL) AS facts
      FROM memberships m
     WHERE m.chain_id = :chain_id AND m.user_id = u.id AND (m.location_id = :location_id::bigint OR m.location_id IS NULL)
     UNION ALL
    SELECT i.rights, false, true,
           jsonb_build_object('is_approved', false, 'role', i.role, 'information', i.information, 'name', i.name,
                              'recipient', i.recipient, 'team_member_id', i.team_member_id, 'sent_at', i.sent_at)
      FROM invitations i
     WHERE i.chain_id = :chain_id AND i.user_id = u.id AND i.location_id = :location_id::bigint
     ORDER BY 2 DESC, 3 DESC
     LIMIT 1) AS p;

-- name: users_of_location
-- Everybody who may enter a location, and who is invited. Of the invited only what the invitation said is told. Nobody
-- can be removed who is the last owner, or who belongs to the whole of a chain of several locations. Of the rights only
-- those that the older list shows are read: all of them are 8 kB a user.
WITH members AS (
    SELECT DISTINCT ON (m.user_id) m.user_id, m.role, m.rights, m.information,
           bool_or(m.location_id IS NULL) OVER of_user AS is_wide,
           bool_or(m.location_id IS NULL AND m.role = 'owner') OVER of_user AS is_wide_owner
      FROM memberships m
     WHERE m.chain_id = :chain_id AND (m.location_id = :location_id OR m.location_id IS NULL)
    WINDOW of_user AS (PARTITION BY m.user_id)
     ORDER BY m.user_id, m.location_id NULLS LAST
), counts AS (
    SELECT (SELECT count(*) FROM members WHERE role = 'owner') AS owners,
           (SELECT count(*) FROM members WHERE is_wide_owner) AS wide_owners,
           (SELECT count(*) FROM locations l WHERE l.chain_id = :chain_id AND l.deleted_at IS NULL) AS locations
), found AS (
    SELECT u.id, u.name, u.login, u.phone, u.email, m.role, m.rights, true AS is_approved,
           coalesce(nullif(m.information, ''), nullif(p.title, ''), t.specialization, '') AS information,
           (m.role = 'owner' AND c.owners = 1)
           OR (m.is_wide AND c.locations > 1) OR (m.is_wide_owner AND c.wide_owners = 1) AS is_non_deletable
      FROM members m
      JOIN users u ON u.id = m.user_id
     CROSS JOIN counts c
      LEFT JOIN LATERAL (
          SELECT t.specialization, t.position_id FROM team_members t
           WHERE t.chain_id = :chain_id AND t.location_id = :location_id AND t.user_id = m.user_id
             AND t.deleted_at IS NULL
           ORDER BY t.id LIMIT 1
      ) AS t ON true
      LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = t.position_id AND p.deleted_at IS NULL
     UNION ALL
    SELECT i.user_id, i.name, '', CASE i.channel WHEN 'sms' THEN i.recipient ELSE '' END,
           CASE i.channel WHEN 'email' THEN i.recipient ELSE '' END, i.role, i.rights, false, i.information, false
      FROM invitations i
     WHERE i.chain_id = :chain_id AND i.location_id = :location_id
       AND NOT EXISTS (SELECT FROM members m WHERE m.user_id = i.user_id)
)
SELECT id, name, login, phone, email, role, to_jsonb(access) AS access, is_approved, information, is_non_deletable
  FROM found
  LEFT JOIN LATERAL jsonb_to_record(rights) AS access (
      stat_access bool, schedule_edit_access bool, client_phones_access bool, clients_access bool,
      settings_access bool, edit_records_access bool, timetable_access bool, billing_access bool, users_access bool,
      excel_access bool, finances_access bool, storages_access bool, send_sms bool, master_id bigint
  ) ON :with_access::bool
 WHERE (:is_approved::bool IS NULL OR is_approved = :is_approved::bool)
   AND (:is_non_deletable::bool IS NULL OR is_non_deletable = :is_non_deletable::bool)
 ORDER BY id;

-- name: choices^
-- What the rights of a location can be narrowed to.
SELECT (SELECT h.title FROM chains h WHERE h.id = :chain_id) AS chain_title,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('title', p.title, 'value', p.id) ORDER BY p.title, p.id), '[]')
          FROM positions p
         WHERE p.chain_id = :chain_id AND p.deleted_at IS NULL AND p.id IN (
                SELECT o.position_id FROM position_locations o
                 WHERE o.chain_id = :chain_id AND o.location_id = :location_id
                UNION
                SELECT t.position_id FROM team_members t
                 WHERE t.chain_id = :chain_id AND t.location_id = :location_id AND t.deleted_at IS NULL)) AS positions,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('title', t.name, 'value', t.id,
                                                     'is_disabled', t.fired_on IS NOT NULL)
                                  ORDER BY t.weight DESC, t.id), '[]')
          FROM team_members t
         WHERE t.chain_id = :chain_id AND t.location_id = :location_id AND t.deleted_at IS NULL) AS masters;

-- name: put_membership!
INSERT INTO memberships (chain_id, user_id, location_id, role, rights, information, created_at, updated_at)
VALUES (:chain_id, :user_id, :location_id, :role, :rights, :information, :at, :at)
ON CONFLICT (chain_id, user_id, location_id)
DO UPDATE SET role = excluded.role, rights = excluded.rights, information = excluded.information,
              updated_at = excluded.updated_at;

-- name: change_invitation!
UPDATE invitations SET role = :role, rights = :rights, team_member_id = :team_member_id
 WHERE chain_id = :chain_id AND location_id = :location_id AND user_id = :user_id;

-- name: drop_memberships!
-- With `wide` his membership of the whole chain too.
DELETE FROM memberships
 WHERE chain_id = :chain_id AND user_id = :user_id
   AND (location_id = ANY (:location_ids::bigint[]) OR location_id IS NULL AND :wide::bool);

-- name: drop_invitation!
DELETE FROM invitations WHERE chain_id = :chain_id AND location_id = :location_id AND user_id = :user_id;

-- name: locations_of_chain
SELECT id, title FROM locations WHERE chain_id = :chain_id AND deleted_at IS NULL ORDER BY id;

-- name: ownerless$
-- Whether one of these locations has nobody left who is its owner, by its own membership or by the chain's.
SELECT EXISTS (
    SELECT FROM unnest(:location_ids::bigint[]) AS asked (id)
     WHERE NOT EXISTS (
        SELECT FROM memberships m
         WHERE m.chain_id = :chain_id AND m.role = 'owner'
           AND (m.location_id = asked.id
             OR m.location_id IS NULL AND NOT EXISTS (
                SELECT FROM memberships o
                 WHERE o.chain_id = :chain_id AND o.user_id = m.user_id AND o.location_id = asked.id))));

-- name: chain_has_owner$
-- Of the whole of it: a chain that has one keeps one.
SELECT EXISTS (SELECT FROM memberships WHERE chain_id = :chain_id AND location_id IS NULL AND role = 'owner');

-- name: wide_role$
SELECT role FROM memberships WHERE chain_id = :chain_id AND user_id = :user_id AND location_id IS NULL;

-- name: sent_invitations$
SELECT count(*) FROM invitations WHERE chain_id = :chain_id AND sent_at > :since;

-- name: put_invitation$
-- Who is invited anew gets a new link; the former one is void.
INSERT INTO invitations (chain_id, location_id, user_id, role, rights, information, team_member_id, name, channel,
                         recipient, token_hash, invited_by, sent_at, expires_at)
VALUES (:chain_id, :location_id, :user_id, :role, :rights, :information, :team_member_id, :name, :channel,
        :recipient, :token_hash, :invited_by, :at, :expires_at)
ON CONFLICT (chain_id, location_id, user_id)
DO UPDATE SET role = excluded.role, rights = excluded.rights, information = excluded.information,
              team_member_id = excluded.team_member_id, name = excluded.name, channel = excluded.channel,
              recipient = excluded.recipient, token_hash = excluded.token_hash, invited_by = excluded.invited_by,
              sent_at = excluded.sent_at, expires_at = excluded.expires_at
RETURNING id;

-- name: invitation_by_token^
-- across chains: a link names no tenant; the caller goes on within the one found.
-- A living invitation, and whether its user still has to register: an account that is nothing but the address to which
-- the link went. Anything more, and somebody else may have a way into it.
SELECT i.chain_id, i.id, i.user_id, i.name, i.channel, i.recipient, i.location_id, i.information, i.expires_at,
       coalesce(nullif(l.public_title, ''), l.title) AS business, l.timezone,
       NOT u.is_approved AND u.password_hash IS NULL
       AND u.phone = CASE i.channel WHEN 'sms' THEN i.recipient ELSE '' END
       AND lower(u.email) = CASE i.channel WHEN 'email' THEN lower(i.recipient) ELSE '' END AS may_register
  FROM invitations i
  JOIN locations l ON l.chain_id = i.chain_id AND l.id = i.location_id AND l.deleted_at IS NULL
  JOIN users u ON u.id = i.user_id
 WHERE i.token_hash = :token_hash AND i.expires_at > :now;

-- name: take_invitation^
-- The invitation is used up; of two who come with it one gets nothing.
DELETE FROM invitations
 WHERE chain_id = :chain_id AND id = :id AND token_hash = :token_hash
RETURNING location_id, user_id, role, rights, information, team_member_id;
