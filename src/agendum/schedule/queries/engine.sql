-- name: free_starts
-- The engine: at which moments can a team member begin? One statement for every question of booking.
--
-- Groups (group_member, group_segment) are laid over candidates (each_member, each_segment); either side names the
-- member (an index into members) and the other the segment, so that "each day, anyone" and "each member, first day"
-- are the same question with per_group = 1. A group may be laid over a stretch of the candidates alone, from group_first
-- to group_last, as each location's members over its own dates. Rows of a group come in the order of its candidates:
-- nested loops over arrays keep it, and a plan test holds them to it.
--
-- A segment is a stretch of one date's start times, in seconds since 1970: from (inclusive) to till, on base + n * step;
-- base null anchors the grid at the start of the working interval; flexible adds the moment at which time becomes free;
-- slots are single start times. What is free is work - busy; members, lengths (seconds), shared_services and needs say the rest.
WITH asked AS MATERIALIZED (
    -- Arrays come as text: PostgreSQL reads them faster than the driver would write them.
    SELECT :group_member::text::int[] AS group_member, :group_segment::text::int[] AS group_segment,
           :group_first::text::int[] AS group_first, :group_last::text::int[] AS group_last,
           :each_member::text::int[] AS each_member, :each_segment::text::int[] AS each_segment,
           :members::text::bigint[] AS members, :lengths::text::int[] AS lengths,
           :shared_services::text::bigint[] AS shared_services, :dates::text::date[] AS dates,
           :froms::text::bigint[] AS froms, :tills::text::bigint[] AS tills, :bases::text::bigint[] AS bases,
           :steps::text::int[] AS steps, :flexible::text::bool[] AS flexible,
           :slot_segments::text::int[] AS slot_segments, :slots::text::bigint[] AS slots,
           :taken_owner::text::bigint[] AS taken_owner, :taken_from::text::timestamptz[] AS taken_from,
           :taken_till::text::timestamptz[] AS taken_till, :need_member::text::int[] AS need_member,
           :need_resource::text::bigint[] AS need_resource, :need_offset::text::int[] AS need_offset,
           :need_length::text::int[] AS need_length
)
SELECT g.n AS group_no, found.member, found.segment, found.start
  FROM asked
 CROSS JOIN LATERAL unnest(asked.group_member, asked.group_segment, asked.group_first, asked.group_last)
                    WITH ORDINALITY AS g (member, segment, first, last, n)
 CROSS JOIN LATERAL (
    SELECT c.member, c.segment, candidate.start
      FROM unnest(CASE WHEN g.first IS NULL THEN asked.each_member ELSE asked.each_member[g.first : g.last] END,
                  CASE WHEN g.first IS NULL THEN asked.each_segment ELSE asked.each_segment[g.first : g.last] END)
                  AS e (member, segment)
     CROSS JOIN LATERAL (SELECT coalesce(g.member, e.member), coalesce(g.segment, e.segment)) AS c (member, segment)
     CROSS JOIN LATERAL (
        SELECT asked.members[c.member], asked.dates[c.segment], to_timestamp(asked.froms[c.segment]),
               to_timestamp(asked.tills[c.segment]), to_timestamp(asked.bases[c.segment]),
               asked.steps[c.segment] * interval '1 second', asked.flexible[c.segment],
               asked.lengths[c.member] * interval '1 second', asked.shared_services[c.member]
        OFFSET 0  -- worked out once a candidate, not wherever it is named
     ) AS s (owner_id, date, from_at, till_at, base, step, flexible, need, shared_service_id)
     CROSS JOIN LATERAL (
        -- Three days: a shift may begin yesterday or go on tomorrow.
        SELECT range_agg(d.work) AS work, array_agg(d.work) AS by_day FROM days d
         WHERE d.chain_id = :chain_id AND d.owner_id = s.owner_id AND d.date BETWEEN s.date - 1 AND s.date + 1
     ) AS w
     CROSS JOIN LATERAL (
        -- No busy row is longer than 24 hours, which bounds the index from below.
        SELECT coalesce(range_agg(tstzrange(b.starts_at, b.ends_at)), '{}') AS busy FROM busy b
         WHERE b.chain_id = :chain_id AND b.owner_id = s.owner_id AND b.starts_at < s.till_at + s.need
           AND b.starts_at >= s.from_at - interval '24 hours' AND b.ends_at >= s.from_at
     ) AS t
     CROSS JOIN LATERAL (
        SELECT CASE WHEN asked.taken_owner <> '{}' THEN (
                   SELECT range_agg(tstzrange(x.from_at, x.till_at))
                     FROM unnest(asked.taken_owner, asked.taken_from, asked.taken_till) AS x (owner_id, from_at, till_at)
                    WHERE x.owner_id = s.owner_id) END AS busy
     ) AS taken
     CROSS JOIN LATERAL (
        SELECT grid.start, false AS joins
          FROM (
            SELECT gap, lower(gap) AS opens, upper(gap) - s.need AS closes
              FROM unnest(w.work - t.busy - coalesce(taken.busy, '{}')) AS gap
             WHERE upper(gap) - s.need >= greatest(lower(gap), s.from_at) AND lower(gap) < s.till_at
               AND s.need <= interval '24 hours'  -- longer than a busy row may be
            OFFSET 0
         ) AS free
         CROSS JOIN LATERAL (
            -- Where the grid is anchored to working intervals, each one as it was entered begins its own.
            SELECT s.base, free.opens, free.closes WHERE s.base IS NOT NULL
            UNION ALL
            SELECT lower(r), greatest(free.opens, lower(r)), least(free.closes, upper(r) - interval '1 microsecond')
              FROM unnest(w.by_day) AS d (work), unnest(d.work) AS r WHERE s.base IS NULL AND s.step > interval '0'
            UNION ALL
            SELECT NULL, free.opens, free.closes WHERE s.base IS NULL AND NOT s.step > interval '0'
         ) AS anchor (base, opens, closes)
         CROSS JOIN LATERAL (
            SELECT generate_series(
                       date_bin(s.step, greatest(anchor.opens, s.from_at) + s.step - interval '1 microsecond', anchor.base),
                       least(anchor.closes, s.till_at - interval '1 microsecond'), s.step) AS start
             WHERE s.step > interval '0'
            UNION ALL
            SELECT free.opens WHERE s.flexible AND free.opens >= s.from_at
            UNION ALL
            SELECT slot.start
              FROM unnest(asked.slot_segments, asked.slots) AS listed (segment, at),
                   LATERAL (SELECT to_timestamp(listed.at)) AS slot (start)
             WHERE listed.segment = c.segment AND slot.start >= greatest(free.opens, s.from_at) AND slot.start < s.till_at
               AND slot.start <= free.closes
         ) AS grid
        UNION ALL
        -- A time that clients of this service share, with a seat left.
        SELECT b.starts_at, true
          FROM busy b
         WHERE s.shared_service_id IS NOT NULL  -- else the rows are not even looked at
           AND b.chain_id = :chain_id AND b.owner_id = s.owner_id AND b.service_id = s.shared_service_id
           AND b.starts_at >= s.from_at AND b.starts_at < s.till_at AND b.ends_at = b.starts_at + s.need
           AND b.seats_taken < b.seats
         ORDER BY start  -- so that the first of a group is its earliest
     ) AS candidate
     WHERE candidate.joins OR asked.need_member = '{}' OR NOT EXISTS (
        -- A resource without a free instance for its part of the time. Who joins shares what is held already.
        SELECT FROM unnest(asked.need_member, asked.need_resource, asked.need_offset, asked.need_length)
                    AS n (member, resource_id, after, length)
         CROSS JOIN LATERAL (SELECT candidate.start + n.after * interval '1 second',
                                    candidate.start + (n.after + n.length) * interval '1 second') AS span (from_at, till_at)
         WHERE n.member = c.member
           AND NOT EXISTS (
                SELECT FROM resource_instances i
                 WHERE i.chain_id = :chain_id AND i.resource_id = n.resource_id AND i.deleted_at IS NULL
                   AND NOT EXISTS (
                        SELECT FROM busy b
                         WHERE b.chain_id = :chain_id AND b.owner_id = i.id AND b.starts_at < span.till_at
                           AND b.starts_at > span.from_at - interval '24 hours' AND b.ends_at > span.from_at)
                   AND NOT EXISTS (
                        SELECT FROM unnest(asked.taken_owner, asked.taken_from, asked.taken_till)
                                    AS x (owner_id, from_at, till_at)
                         WHERE x.owner_id = i.id AND x.from_at < span.till_at AND x.till_at > span.from_at)))
     LIMIT :per_group::bigint
 ) AS found;

-- name: working_dates
-- Dates on which any of these team members works, be it the tail of a night shift. Arrays as text, see free_starts;
-- bounds of a date are seconds since 1970.
SELECT day.date
  FROM unnest(:dates::text::date[], :midnights::text::bigint[], :ends::text::bigint[]) AS day (date, from_at, till_at)
 WHERE EXISTS (
    SELECT FROM unnest(:members::text::bigint[]) AS m (id)
      JOIN days d ON d.chain_id = :chain_id AND d.owner_id = m.id AND d.date BETWEEN day.date - 1 AND day.date
     WHERE d.work && tstzrange(to_timestamp(day.from_at), to_timestamp(day.till_at)));

-- name: lock_days
-- The rows that whoever changes these days must hold, always in the same order.
SELECT d.owner_id, d.date FROM days d
 WHERE d.chain_id = :chain_id
   AND (d.owner_id, d.date) IN (SELECT * FROM unnest(:owner_ids::bigint[], :dates::date[]))
 ORDER BY d.owner_id, d.date
   FOR UPDATE;

-- name: lock_own_days
-- The same of one owner.
SELECT FROM days
 WHERE chain_id = :chain_id AND owner_id = :team_member_id AND date = ANY (:dates::date[])
 ORDER BY date
   FOR UPDATE;

-- name: make_days!
-- A day without working time still needs its row to be locked.
INSERT INTO days (chain_id, owner_id, date)
SELECT :chain_id::bigint, owner_id, date FROM unnest(:owner_ids::bigint[], :dates::date[]) AS wanted (owner_id, date)
 ORDER BY owner_id, date
ON CONFLICT DO NOTHING;

-- name: resource_instances
-- Instances of resources, in the order in which they are filled.
SELECT resource_id, id FROM resource_instances
 WHERE chain_id = :chain_id AND resource_id = ANY(:resource_ids::bigint[]) AND deleted_at IS NULL
 ORDER BY resource_id, id;

-- name: busy_of_owners
-- What occupies these owners within a span.
SELECT owner_id, starts_at, ends_at FROM busy
 WHERE chain_id = :chain_id AND owner_id = ANY(:owner_ids::bigint[]) AND starts_at < :till::timestamptz
   AND starts_at > :from_at::timestamptz - interval '24 hours' AND ends_at > :from_at::timestamptz;

-- name: booked_seconds
-- How much of a day each team member has given away: "any team member" means the one with the least.
SELECT owner_id, sum(extract(epoch FROM ends_at - starts_at))::bigint AS seconds FROM busy
 WHERE chain_id = :chain_id AND owner_id = ANY(:owner_ids::bigint[]) AND kind IN ('appointment', 'event')
   AND starts_at >= :from_at::timestamptz AND starts_at < :till::timestamptz
 GROUP BY owner_id;

-- name: shared_time^
-- The running share of a multi-client service at exactly this time.
SELECT id FROM busy
 WHERE chain_id = :chain_id AND owner_id = :owner_id AND service_id = :service_id AND starts_at = :starts_at::timestamptz
   AND ends_at = :ends_at::timestamptz AND seats_taken < seats;

-- name: take_seats!
UPDATE busy SET seats_taken = seats_taken + :seats WHERE chain_id = :chain_id AND id = :id;

-- name: leave_seats$
-- True when time remains taken: others sit there, or it is an event, which goes on without clients.
UPDATE busy SET seats_taken = seats_taken - :seats WHERE chain_id = :chain_id AND id = :id
RETURNING seats_taken > 0 OR kind = 'event';

-- name: hold$
-- Take a team member's time, and with it the resource instances that serve it, if it is worked and free (as `free_starts`
-- has it, while its days are locked). Who left the team, or whose location closed, since the catalogue was read gets nothing.
WITH held AS (
    INSERT INTO busy (chain_id, location_id, owner_id, starts_at, ends_at, kind, service_id, seats)
    SELECT :chain_id, :location_id, :team_member_id, :starts_at::timestamptz, :ends_at::timestamptz, 'appointment', :service_id::bigint, :seats
      FROM team_members m
      JOIN locations l ON l.chain_id = :chain_id AND l.id = m.location_id AND l.deleted_at IS NULL
     WHERE m.chain_id = :chain_id AND m.id = :team_member_id AND m.deleted_at IS NULL AND m.fired_on IS NULL
       AND :ends_at::timestamptz <= :starts_at::timestamptz + interval '24 hours'  -- longer than a busy row may be
       AND (SELECT range_agg(d.work) FROM days d
             WHERE d.chain_id = :chain_id AND d.owner_id = :team_member_id AND d.date BETWEEN :date::date - 1 AND :date::date + 1)
           @> tstzrange(:starts_at::timestamptz, :ends_at::timestamptz)
       AND NOT EXISTS (
            SELECT FROM busy b
             WHERE b.chain_id = :chain_id AND b.owner_id = :team_member_id AND b.starts_at < :ends_at::timestamptz
               AND b.starts_at >= :starts_at::timestamptz - interval '24 hours' AND b.ends_at > :starts_at::timestamptz)
    RETURNING id
), resources AS (
    INSERT INTO busy (chain_id, location_id, owner_id, starts_at, ends_at, kind, holder_id)
    SELECT :chain_id, :location_id, r.owner_id, r.from_at, r.till_at, 'appointment', held.id
      FROM held, unnest(:instance_ids::text::bigint[], :instance_from::text::timestamptz[], :instance_till::text::timestamptz[])
                 AS r (owner_id, from_at, till_at)
)
SELECT id FROM held;

-- name: hold_anyway$
-- The same without asking: time over other time, marked, which the constraint lets be.
WITH held AS (
    INSERT INTO busy (chain_id, location_id, owner_id, starts_at, ends_at, kind, service_id, seats, is_overbooked)
    VALUES (:chain_id, :location_id, :team_member_id, :starts_at::timestamptz, :ends_at::timestamptz, 'appointment', :service_id::bigint, :seats, true)
    RETURNING id
), resources AS (
    INSERT INTO busy (chain_id, location_id, owner_id, starts_at, ends_at, kind, holder_id, is_overbooked)
    SELECT :chain_id, :location_id, r.owner_id, r.from_at, r.till_at, 'appointment', held.id, true
      FROM held, unnest(:instance_ids::text::bigint[], :instance_from::text::timestamptz[], :instance_till::text::timestamptz[])
                 AS r (owner_id, from_at, till_at)
)
SELECT id FROM held;

-- name: let_go!
-- Give time back: the team member's and the instances that served it.
DELETE FROM busy WHERE chain_id = :chain_id AND (id = :id OR holder_id = :id);

-- name: offer^
-- All that can be booked online at a location, in one row: services with their links and resources, team members,
-- categories, the grid.
SELECT
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', s.id, 'salon_service_id', ls.id, 'category_id', s.category_id,
                'title', coalesce(nullif(s.booking_title, ''), s.title), 'comment', s.comment, 'api_id', s.api_id,
                'gender', s.gender, 'is_chain', s.is_chain, 'is_composite', s.is_composite, 'seats', s.seats,
                'image', s.image, 'images', s.images,
                'price_min', ls.price_min::text, 'price_max', ls.price_max::text, 'discount', ls.discount::text,
                'duration', ls.duration, 'technical_break', coalesce(ls.technical_break, l.technical_break),
                'weight', ls.weight, 'prepaid', ls.prepaid,
                'season', jsonb_build_object(
                    'first', CASE WHEN ls.is_limited THEN ls.date_from END,
                    'last', CASE WHEN ls.is_limited THEN ls.date_to END,
                    'opens', ls.search_start, 'closes', ls.search_finish, 'step', ls.search_step),
                'parts', (SELECT coalesce(jsonb_agg(p.part_id ORDER BY p.position), '[]') FROM service_parts p
                           WHERE p.chain_id = :chain_id AND p.service_id = s.id),
                'resource_ids', (SELECT coalesce(jsonb_agg(sr.resource_id ORDER BY sr.resource_id), '[]')
                                   FROM service_resources sr
                                   JOIN resources r ON r.chain_id = :chain_id AND r.id = sr.resource_id
                                    AND r.location_id = :location_id AND r.deleted_at IS NULL
                                  WHERE sr.chain_id = :chain_id AND sr.service_id = s.id),
                'links', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                     'member_id', k.team_member_id, 'duration', k.duration, 'price', k.price::text)), '[]')
                            FROM service_links k
                            JOIN team_members m ON m.chain_id = :chain_id AND m.id = k.team_member_id
                             AND m.location_id = :location_id AND NOT m.is_hidden AND m.has_access_timetable
                             AND m.deleted_at IS NULL AND m.fired_on IS NULL
                           WHERE k.chain_id = :chain_id AND k.service_id = s.id AND k.is_online))
              ORDER BY ls.weight DESC, s.id), '[]')
       FROM location_services ls
       JOIN services s ON s.chain_id = :chain_id AND s.id = ls.service_id AND s.deleted_at IS NULL AND NOT s.is_multi
      WHERE ls.chain_id = :chain_id AND ls.location_id = :location_id AND ls.is_active) AS services,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', c.id, 'title', c.title, 'gender', c.gender, 'api_id', c.api_id, 'weight', lc.weight)
              ORDER BY lc.weight DESC, c.id), '[]')
       FROM location_categories lc
       JOIN service_categories c ON c.chain_id = :chain_id AND c.id = lc.category_id AND c.deleted_at IS NULL
      WHERE lc.chain_id = :chain_id AND lc.location_id = :location_id) AS categories,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'weight', m.weight) ORDER BY m.weight DESC, m.id), '[]')
       FROM team_members m
      WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND NOT m.is_hidden AND m.has_access_timetable
        AND m.deleted_at IS NULL AND m.fired_on IS NULL) AS members,
    coalesce((SELECT t.is_enabled FROM timeslot_settings t
               WHERE t.chain_id = :chain_id AND t.location_id = :location_id), false) AS has_grid,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'weekday', r.weekday, 'date', r.date, 'timeslots', r.timeslots, 'first', r.first_timeslot,
                'last', r.last_timeslot, 'step', r.step, 'delay', r.nearest_delay, 'kind', r.kind,
                'is_flexible', r.is_flexible)), '[]')
       FROM timeslot_rules r
      WHERE r.chain_id = :chain_id AND r.location_id = :location_id) AS rules
  FROM locations l
 WHERE l.chain_id = :chain_id AND l.id = :location_id AND l.deleted_at IS NULL;
