-- name: team_days
-- The days of a team within some dates, each with its slots as JSON, the heavier first. A day is there when somebody
-- works or has a reason not to; with `whole` also where it says nothing. Null filters let everybody through. An interval
-- begins on its date and may end on the next: 26:00 is two at night.
SELECT m.id AS owner_id, m.weight, d.date, d.off_kind,
       array_to_string(ARRAY(
           SELECT '{"from":"' || left(l.begins::time::text, 5) || '","to":"'
               || CASE WHEN l.ends < d.date + 1 THEN left(l.ends::time::text, 5)
                       ELSE 24 + extract(hour FROM l.ends)::int || to_char(l.ends, ':MI') END || '"}'
             FROM (SELECT lower(r) AT TIME ZONE :zone::text AS begins, upper(r) AT TIME ZONE :zone::text AS ends
                     FROM (SELECT unnest(d.work) AS r) AS x OFFSET 0) AS l), ',') AS slots
  FROM team_members m
  JOIN days d ON d.chain_id = :chain_id AND d.owner_id = m.id AND d.date BETWEEN :first::date AND :last::date
   AND (m.fired_on IS NULL OR d.date <= m.fired_on)
   AND (:whole::bool OR NOT isempty(d.work) OR d.off_kind IS NOT NULL)
 WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND m.deleted_at IS NULL
   AND (:member_ids::bigint[] IS NULL OR m.id = ANY(:member_ids::bigint[]))
   AND (:only_member::bigint IS NULL OR m.id = :only_member::bigint)
   AND (:only_position::bigint IS NULL OR m.position_id = :only_position::bigint)
 ORDER BY m.weight DESC, m.id, d.date;

-- name: team_schedule^
-- The days of a team in one JSON array: hundreds of small rows are not worth carrying elsewhere.
WITH planned AS (
    -- quote: team_days
)
SELECT count(*) AS count,
       '[' || coalesce(string_agg(
           '{"team_member_id":' || owner_id || ',"staff_id":' || owner_id || ',"date":"' || date || '","slots":[' || slots
           || CASE WHEN :with_kind::bool THEN '],"off_day_type":' || coalesce(off_kind::text, 'null') || '}'
                   ELSE ']}' END, ','), '') || ']' AS entries
  FROM planned;

-- name: team_schedule_and_busy^
-- The same with what is booked; a day is there for booked time alone, too. What takes time is known to appointments and
-- events, which lie above this domain: they are only read.
WITH planned AS (
    -- quote: team_days
), given AS (
    SELECT m.id AS owner_id, m.weight, l.begins::date AS date,
           string_agg('{"entity_type":"' || t.kind || '","entity_id":' || t.id || ',"from":"' || l.begins::time
                   || '","to":"' || CASE WHEN l.ends < l.begins::date + 1 THEN l.ends::time::text
                                         ELSE 24 + extract(hour FROM l.ends)::int || to_char(l.ends, ':MI:SS') END
                   || '"}', ',' ORDER BY t.starts_at, t.id) AS intervals
      FROM (SELECT a.team_member_id, 'record', a.id, a.starts_at, a.length FROM appointments a
             WHERE a.chain_id = :chain_id AND a.location_id = :location_id AND a.starts_at >= :from_at::timestamptz
               AND a.starts_at < :till::timestamptz AND a.deleted_at IS NULL AND a.event_id IS NULL
            UNION ALL
            SELECT e.team_member_id, 'activity', e.id, e.starts_at, e.length FROM events e
             WHERE e.chain_id = :chain_id AND e.location_id = :location_id AND e.starts_at >= :from_at::timestamptz
               AND e.starts_at < :till::timestamptz AND e.deleted_at IS NULL)
           AS t (owner_id, kind, id, starts_at, length)
      JOIN team_members m ON m.chain_id = :chain_id AND m.id = t.owner_id AND m.location_id = :location_id
       AND m.deleted_at IS NULL AND (:member_ids::bigint[] IS NULL OR m.id = ANY(:member_ids::bigint[]))
       AND (:only_member::bigint IS NULL OR m.id = :only_member::bigint)
       AND (:only_position::bigint IS NULL OR m.position_id = :only_position::bigint)
     CROSS JOIN LATERAL (
        SELECT t.starts_at AT TIME ZONE :zone::text AS begins,
               (t.starts_at + t.length * interval '1 second') AT TIME ZONE :zone::text AS ends OFFSET 0) AS l
     GROUP BY m.id, m.weight, l.begins::date
)
SELECT count(*) AS count,
       '[' || coalesce(string_agg(
           '{"team_member_id":' || owner_id || ',"staff_id":' || owner_id || ',"date":"' || date || '","slots":['
           || coalesce(p.slots, '') || '],"busy_intervals":[' || coalesce(g.intervals, '')
           || CASE WHEN :with_kind::bool THEN '],"off_day_type":' || coalesce(p.off_kind::text, 'null') || '}'
                   ELSE ']}' END, ',' ORDER BY coalesce(p.weight, g.weight) DESC, owner_id, date), '') || ']' AS entries
  FROM planned p
  FULL JOIN given g USING (owner_id, date);

-- name: members_here
-- Those of these team members who belong to the location.
SELECT id, position_id, fired_on, has_access_timetable FROM team_members
 WHERE chain_id = :chain_id AND location_id = :location_id AND id = ANY(:ids::bigint[]) AND deleted_at IS NULL;

-- name: set_days
-- Give locked days their work (spans, each with the number of its day) and say of each owner what changed.
WITH wanted AS (
    SELECT w.owner_id, w.date, w.off_kind, coalesce(s.work, '{}') AS work
      FROM unnest(:owner_ids::bigint[], :dates::date[], :off_kinds::smallint[]) WITH ORDINALITY
           AS w (owner_id, date, off_kind, n)
      LEFT JOIN (SELECT n, range_agg(tstzrange(from_at, till)) AS work
                   FROM unnest(:span_days::bigint[], :froms::timestamptz[], :tills::timestamptz[]) AS x (n, from_at, till)
                  GROUP BY n) AS s ON s.n = w.n
), before AS (
    SELECT d.owner_id, d.date, d.work, d.off_kind FROM days d
     WHERE d.chain_id = :chain_id
       AND (d.owner_id, d.date) IN (SELECT * FROM unnest(:owner_ids::bigint[], :dates::date[]))
), written AS (
    UPDATE days d SET work = w.work, off_kind = w.off_kind FROM wanted w
     WHERE d.chain_id = :chain_id AND d.owner_id = w.owner_id AND d.date = w.date
)
SELECT w.owner_id, bool_or(NOT isempty(b.work)) AS worked, bool_or(NOT isempty(w.work)) AS works,
       bool_or(b.work <> w.work OR b.off_kind IS DISTINCT FROM w.off_kind) AS changed
  FROM wanted w JOIN before b ON b.owner_id = w.owner_id AND b.date = w.date
 GROUP BY w.owner_id
 ORDER BY w.owner_id;

-- name: overlapping_days^
-- A night shift of one of these days that runs into the work of the day after.
SELECT d.owner_id, d.date
  FROM unnest(:owner_ids::bigint[], :dates::date[]) AS w (owner_id, date)
  JOIN days d ON d.chain_id = :chain_id AND d.owner_id = w.owner_id AND d.date IN (w.date - 1, w.date)
  JOIN days n ON n.chain_id = :chain_id AND n.owner_id = d.owner_id AND n.date = d.date + 1
 WHERE d.work && n.work
 ORDER BY d.owner_id, d.date
 LIMIT 1;

-- name: calendar_dates$
-- Dates on which somebody of the location (or of the filters) works, be it the tail of a night shift, as JSON.
SELECT coalesce(json_agg(day ORDER BY day), '[]')::text
  FROM (SELECT DISTINCT unnest(CASE WHEN upper(d.work) AT TIME ZONE :zone::text > d.date + 1
                                    THEN ARRAY[d.date, d.date + 1] ELSE ARRAY[d.date] END) AS day
          FROM team_members m
          JOIN days d ON d.chain_id = :chain_id AND d.owner_id = m.id AND NOT isempty(d.work)
           AND d.date BETWEEN :first::date - 1 AND :last::date AND (m.fired_on IS NULL OR d.date <= m.fired_on)
         WHERE m.chain_id = :chain_id AND m.location_id = :location_id AND m.deleted_at IS NULL
           AND (:only_member::bigint IS NULL OR m.id = :only_member::bigint)
           AND (:only_position::bigint IS NULL OR m.position_id = :only_position::bigint)) AS found
 WHERE day BETWEEN :first::date AND :last::date;

-- name: calendar_sessions$
-- The working time of a date in steps from the start of each interval, as JSON: is all of the step free?
SELECT coalesce(json_agg(json_build_object(
           'time', to_char(s.at AT TIME ZONE :zone::text, 'HH24:MI'),
           'is_free', NOT t.busy && tstzrange(s.at, least(s.at + :step * interval '1 second', upper(w.part))))
           ORDER BY s.at), '[]')::text
  FROM (SELECT unnest(range_agg(d.work) * tstzmultirange(tstzrange(:from_at::timestamptz, :till::timestamptz))) AS part
          FROM days d
         WHERE d.chain_id = :chain_id AND d.owner_id = :member_id AND d.date BETWEEN :date::date - 1 AND :date::date) AS w
 CROSS JOIN (SELECT coalesce(range_agg(tstzrange(b.starts_at, b.ends_at)), '{}') AS busy FROM busy b
              WHERE b.chain_id = :chain_id AND b.owner_id = :member_id AND b.starts_at < :till::timestamptz
                AND b.starts_at > :from_at::timestamptz - interval '24 hours') AS t
 CROSS JOIN LATERAL generate_series(
        lower(w.part), upper(w.part) - interval '1 microsecond', :step * interval '1 second') AS s (at);

-- name: calendar_settings^
-- A location's calendar, with defaults where nothing was set.
SELECT l.record_type, coalesce(s.event_seats_most, 1) AS event_seats_most,
       coalesce(s.show_newsletter_consent, false) AS show_newsletter_consent,
       coalesce(s.show_personal_data_consent, false) AS show_personal_data_consent
  FROM locations l
  LEFT JOIN calendar_settings s ON s.chain_id = :chain_id AND s.location_id = l.id
 WHERE l.chain_id = :chain_id AND l.id = :location_id AND l.deleted_at IS NULL;

-- name: set_calendar!
-- Null leaves a setting as it is.
INSERT INTO calendar_settings AS s
       (chain_id, location_id, event_seats_most, show_newsletter_consent, show_personal_data_consent)
VALUES (:chain_id, :location_id, coalesce(:seats::smallint, 1), coalesce(:newsletter::bool, false),
        coalesce(:personal_data::bool, false))
ON CONFLICT (chain_id, location_id) DO UPDATE
   SET event_seats_most = coalesce(:seats::smallint, s.event_seats_most),
       show_newsletter_consent = coalesce(:newsletter::bool, s.show_newsletter_consent),
       show_personal_data_consent = coalesce(:personal_data::bool, s.show_personal_data_consent);
