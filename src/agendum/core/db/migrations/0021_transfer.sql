-- What import needs to know again what it has brought: ids that other systems gave.
-- depends: 0018_clients_more 0019_appointments_more

CREATE TABLE client_origins (
    chain_id     bigint NOT NULL,
    location_id  bigint NOT NULL,
    external_id  text NOT NULL,
    client_id    bigint NOT NULL,
    PRIMARY KEY (chain_id, location_id, external_id),
    FOREIGN KEY (chain_id, location_id) REFERENCES locations (chain_id, id),
    FOREIGN KEY (chain_id, client_id) REFERENCES clients (chain_id, id)
);
CREATE INDEX client_origins_by_client ON client_origins (chain_id, client_id);

CREATE INDEX appointments_by_api_id ON appointments (chain_id, location_id, api_id) WHERE api_id <> '';
