-- Global tables: the same for every chain (reference tables on Citus). Filled by `agendum migrate` from kept packages.
-- depends:

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE currencies (
    id                     integer PRIMARY KEY,
    iso                    text NOT NULL UNIQUE,
    name                   text NOT NULL,
    symbol                 text NOT NULL,
    is_symbol_after_amount boolean NOT NULL
);

CREATE TABLE languages (
    id     integer PRIMARY KEY,
    code   text NOT NULL UNIQUE,
    title  text NOT NULL,
    iso    text NOT NULL
);

CREATE TABLE countries (
    id              integer PRIMARY KEY,
    title           text NOT NULL,
    full_title      text NOT NULL,
    iso_code        text NOT NULL UNIQUE,
    phone_code      text NOT NULL,
    phone_template  text NOT NULL,
    phone_example   text NOT NULL,
    currency_id     integer NOT NULL REFERENCES currencies (id),
    lang_id         integer NOT NULL REFERENCES languages (id),
    group_type      integer NOT NULL,
    is_eu           boolean NOT NULL
);

CREATE TABLE cities (
    id          bigint PRIMARY KEY,
    country_id  integer NOT NULL REFERENCES countries (id),
    title       text NOT NULL,
    timezone    text NOT NULL,
    lat         numeric(9, 6) NOT NULL,
    lon         numeric(9, 6) NOT NULL,
    population  integer NOT NULL
);
CREATE INDEX cities_by_country ON cities (country_id, title);

CREATE TABLE business_groups (
    id           integer PRIMARY KEY,
    title        text NOT NULL,
    image        text NOT NULL,
    image_small  text NOT NULL
);

CREATE TABLE business_types (
    id                 integer PRIMARY KEY,
    title              text NOT NULL,
    business_group_id  integer NOT NULL REFERENCES business_groups (id)
);

-- What a server keeps about itself: its signing key, the fingerprint of the reference data.
CREATE TABLE server_facts (
    name   text PRIMARY KEY,
    value  text NOT NULL
);
