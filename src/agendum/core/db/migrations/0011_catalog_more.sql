-- What the owner says of a service beyond what booking needed so far; names in other languages; who gives a category.
-- depends: 0010_messaging

ALTER TABLE services ADD COLUMN is_multi boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN services.is_multi IS 'given as a group event, not as an appointment';
ALTER TABLE services ADD COLUMN is_price_managed_in_chain boolean NOT NULL DEFAULT false;
ALTER TABLE services ADD COLUMN is_comment_managed_in_chain boolean NOT NULL DEFAULT false;

ALTER TABLE location_services ADD COLUMN tax_variant integer NOT NULL DEFAULT 0;
ALTER TABLE location_services ADD COLUMN vat_id integer NOT NULL DEFAULT 0;
ALTER TABLE location_services ADD COLUMN is_limited boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN location_services.is_limited IS 'offered from date_from to date_to only, both included';
ALTER TABLE location_services ADD COLUMN date_from date;
ALTER TABLE location_services ADD COLUMN date_to date;
ALTER TABLE location_services ADD CONSTRAINT location_services_dates CHECK (date_to >= date_from);
-- Seconds: the part of the day in which clients may begin, and the steps in which times are looked for and shown; a
-- step of 0 is the location's.
ALTER TABLE location_services ADD COLUMN search_start integer NOT NULL DEFAULT 0;
ALTER TABLE location_services ADD COLUMN search_finish integer NOT NULL DEFAULT 86400;
ALTER TABLE location_services ADD COLUMN search_step integer NOT NULL DEFAULT 0;
ALTER TABLE location_services ADD COLUMN display_step integer NOT NULL DEFAULT 0;
ALTER TABLE location_services ADD CONSTRAINT location_services_search
    CHECK (search_start >= 0 AND search_finish BETWEEN search_start AND 86400);

ALTER TABLE service_links ADD COLUMN price_max numeric(14, 2);
COMMENT ON COLUMN service_links.price_max IS 'null: price alone, or without that the service''s';
ALTER TABLE service_links ADD CONSTRAINT service_links_price_max CHECK (price_max >= price);

CREATE TABLE service_translations (
    chain_id     bigint NOT NULL,
    service_id   bigint NOT NULL,
    language_id  integer NOT NULL REFERENCES languages (id),
    title        text NOT NULL,
    PRIMARY KEY (chain_id, service_id, language_id),
    FOREIGN KEY (chain_id, service_id) REFERENCES services (chain_id, id)
);

-- Who gives the services of a category unless a service says otherwise.
CREATE TABLE category_members (
    chain_id        bigint NOT NULL,
    category_id     bigint NOT NULL,
    team_member_id  bigint NOT NULL,
    PRIMARY KEY (chain_id, category_id, team_member_id),
    FOREIGN KEY (chain_id, category_id) REFERENCES service_categories (chain_id, id),
    FOREIGN KEY (chain_id, team_member_id) REFERENCES team_members (chain_id, id)
);

CREATE INDEX services_by_category ON services (chain_id, category_id);
CREATE INDEX service_parts_by_part ON service_parts (chain_id, part_id);
