-- What the calendar of a location is set to, and a way from held time to its event.
-- depends: 0010_messaging

CREATE TABLE calendar_settings (
    chain_id                  bigint NOT NULL,
    location_id               bigint NOT NULL,
    event_seats_most          smallint NOT NULL DEFAULT 1     -- that one group event may have
        CONSTRAINT calendar_settings_seats CHECK (event_seats_most BETWEEN 1 AND 255),
    show_newsletter_consent   boolean NOT NULL DEFAULT false, -- in the booking form
    show_personal_data_consent boolean NOT NULL DEFAULT false,
    PRIMARY KEY (chain_id, location_id),
    FOREIGN KEY (chain_id, location_id) REFERENCES locations (chain_id, id)
);

CREATE INDEX events_by_busy ON events (chain_id, busy_id);
CREATE INDEX resources_by_location ON resources (chain_id, location_id);
