-- What the steps of a booking form name as chosen beforehand, kept as columns: lists of forms look it up.
-- depends: 0022_access_more

ALTER TABLE booking_forms
    ADD COLUMN default_service_id bigint GENERATED ALWAYS AS (
        jsonb_path_query_first(steps, '$[*] ? (@.step == "service").default ? (@.type() == "number")')::bigint) STORED,
    ADD COLUMN default_member_id bigint GENERATED ALWAYS AS (
        jsonb_path_query_first(steps, '$[*] ? (@.step == "master").default ? (@.type() == "number")')::bigint) STORED,
    ADD COLUMN default_place_id bigint GENERATED ALWAYS AS ((options ->> 'weekly_view_default_salon_id')::bigint) STORED;
