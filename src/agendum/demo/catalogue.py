"""What the demo's businesses are: the chain Aurora with two locations, and a stranger who owns another chain.

Plain data. Rows carry the columns' own names; prices are whole units of the location's currency.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from agendum.chains.reference import COUNTRY_IDS, CURRENCY_IDS, ENGLISH_ID

LATVIAN_ID = 4
MALE, FEMALE = 1, 2


class Service(NamedTuple):
    """A service: `minutes` long with `pause` minutes after it; what it costs where it is offered."""

    title: str
    category: str
    minutes: int
    prices: dict[str, int]
    gender: int = 0
    pause: int = 0
    seats: int = 1
    resource: str = ""
    weight: int = 5
    booking_title: str = ""
    comment: str = ""


class Member(NamedTuple):
    """A team member; does every service of `skills` (categories or titles) at `pace` times the usual length and
    `price` times the usual price."""

    name: str
    position: str
    specialization: str
    information: str
    schedule: str
    skills: tuple[str, ...]
    pace: float = 1
    price: float = 1
    weight: int = 0
    absence: tuple[int, int, int] | None = None  # first and last day from today, kind


class Place(NamedTuple):
    """A location with all that belongs to it alone."""

    key: str
    row: dict[str, Any]
    members: tuple[Member, ...]
    resources: dict[str, tuple[str, ...]]  # title by its key in services, then its instances
    settings: dict[str, Any]
    policy: str = ""
    clients: int = 0
    grid: tuple[dict[str, Any], ...] = ()


CATEGORIES: dict[str, tuple[str, int, int]] = {  # title, gender, weight
    "hair": ("Hair", 0, 50),
    "barber": ("Barber", MALE, 40),
    "nails": ("Nails", 0, 30),
    "face": ("Face and skin", 0, 20),
    "body": ("Body and mind", 0, 10),
}


def _both(new_york: int, riga: int) -> dict[str, int]:
    return {"new_york": new_york, "riga": riga}


def _only(place: str, price: int) -> dict[str, int]:
    return {place: price}


_NY, _RIGA = "new_york", "riga"

COMPOSITE = "Haircut and beard trim"
COMPOSITE_PARTS = ("Men's haircut", "Beard trim")

SERVICES: tuple[Service, ...] = (
    Service("Women's haircut", "hair", 60, _only(_NY, 95), FEMALE, resource="chair", weight=9,
            comment="Consultation, wash, cut and finish."),
    Service("Blow-dry and styling", "hair", 45, _only(_NY, 60), FEMALE, resource="chair", weight=8),
    Service("Root touch-up", "hair", 90, _only(_NY, 120), FEMALE, resource="chair", weight=6),
    Service("Full color", "hair", 120, _only(_NY, 180), FEMALE, resource="chair", weight=4),
    Service("Balayage", "hair", 180, _only(_NY, 280), FEMALE, resource="chair", weight=2,
            comment="Please come with dry, unstyled hair."),
    Service("Keratin treatment", "hair", 150, _only(_NY, 240), resource="chair", weight=1),
    Service("Men's haircut", "barber", 45, _only(_NY, 60), MALE, resource="chair", weight=9),
    Service("Beard trim", "barber", 30, _only(_NY, 35), MALE, resource="chair", weight=7),
    Service("Hot towel shave", "barber", 45, _only(_NY, 50), MALE, resource="chair", weight=4),
    Service("Kids' haircut", "barber", 30, _only(_NY, 40), resource="chair", weight=3, comment="Up to 12 years."),
    Service(COMPOSITE, "barber", 75, _only(_NY, 85), MALE, resource="chair", weight=6,
            comment="One visit, one price."),
    Service("Classic manicure", "nails", 45, _both(40, 25), weight=7),
    Service("Gel manicure", "nails", 75, _both(65, 38), FEMALE, weight=8, booking_title="Manicure with gel polish"),
    Service("Pedicure", "nails", 60, _both(70, 40), weight=6),
    Service("Gel removal", "nails", 30, _both(25, 12), FEMALE, weight=3),
    Service("Nail art", "nails", 30, _both(30, 15), FEMALE, weight=2),
    Service("Brow shaping", "face", 30, _both(35, 18), weight=7),
    Service("Lash lift", "face", 60, _only(_NY, 90), FEMALE, resource="room", weight=4),
    Service("Classic facial", "face", 45, _only(_RIGA, 55), pause=15, resource="room", weight=8),
    Service("Chemical peel", "face", 45, _only(_RIGA, 70), pause=15, resource="room", weight=4,
            comment="Keep out of the sun for a week."),
    Service("Laser hair removal, legs", "face", 45, _only(_RIGA, 95), FEMALE, pause=15, resource="laser", weight=6),
    Service("Laser hair removal, underarms", "face", 15, _only(_RIGA, 40), pause=15, resource="laser", weight=7),
    Service("Swedish massage", "body", 45, _only(_RIGA, 55), pause=15, resource="room", weight=9),
    Service("Deep tissue massage", "body", 75, _only(_RIGA, 75), pause=15, resource="room", weight=7),
    Service("Yoga class", "body", 60, _only(_RIGA, 12), seats=6, weight=8,
            comment="For six people; mats are there."),
)  # fmt: skip

POSITIONS = ("Stylist", "Barber", "Nail artist", "Massage therapist", "Cosmetologist", "Yoga teacher")

_WORK_WEEK = {
    "kind": "timeslots",
    "first_timeslot": 8 * 3600,
    "last_timeslot": 20 * 3600,
    "step": 1800,
    "nearest_delay": 3600,
}
_RIGA_GRID: tuple[dict[str, Any], ...] = (
    *({"weekday": weekday, **_WORK_WEEK} for weekday in (1, 2, 3, 4, 5)),
    {"weekday": 6, "kind": "schedule", "step": 1800, "nearest_delay": 7200, "is_flexible": True},
    {"weekday": 7, "kind": "predefined", "nearest_delay": 7200,
     "timeslots": [36000, 40500, 45000, 54000, 58500, 63000]},
)  # fmt: skip

NEW_YORK = Place(
    key=_NY,
    row={
        "title": "Aurora SoHo",
        "public_title": "Aurora SoHo",
        "short_descr": "Hair, barber and nail studio",
        "description": "<p>A bright studio between Houston and Canal: <strong>hair, beards and nails</strong>, "
        "with evening hours and a nail artist until two in the morning.</p>",
        "country_id": COUNTRY_IDS["US"],
        "city_id": 5128581,
        "business_type_id": 1,
        "currency_id": CURRENCY_IDS["USD"],
        "language_id": ENGLISH_ID,
        "timezone": "America/New_York",
        "address": "New York, 214 Mercer Street",
        "zip": "10012",
        "lat": "40.726800",
        "lon": "-73.997300",
        "phones": ["12125550142", "12125550143"],
        "email": "soho@aurora.example",
        "site": "https://aurora.example/soho",
        "social": {"instagram": "instagram.com/aurora.soho.example", "facebook": "facebook.com/aurora.soho.example"},
        "schedule_text": "Mon–Wed 8 am – 9 pm, Thu–Sun 8 am – 2 am",
        "bookform_group_priority": 20,
        "group_priority": 20,
    },
    members=(
        Member("Olivia Bennett", "Stylist", "Senior stylist", "<p>Fifteen years behind the chair.</p>",
               "early", ("hair",), price=1.2, weight=40, absence=(-40, -36, 3)),
        Member("Mateo Rivera", "Stylist", "Colorist", "<p>Color, balayage, and the patience for both.</p>",
               "late", ("hair",), pace=1.25, weight=30),
        Member("Marcus Johnson", "Barber", "Barber", "<p>Fades, beards and hot towels.</p>",
               "four long days", ("barber",), weight=20, absence=(6, 6, 1)),
        Member("Mei Lin Chen", "Nail artist", "Nail artist", "<p>For those who finish late.</p>",
               "night", ("nails", "Brow shaping", "Lash lift"), pace=0.8, weight=10),
    ),
    resources={"chair": ("Styling chair", "Chair 1", "Chair 2", "Chair 3"), "room": ("Quiet room", "Quiet room")},
    settings={"confirm_number": False, "horizon_days": 60, "slot_step": 900, "seance_delay_step": 60,
              "allow_change_delay": 7200, "allow_delete_delay": 7200, "sms_before_default": 2},
    policy="<p>Aurora SoHo keeps your name, phone and visits in order to serve you, shows them to nobody else, "
    "and deletes them when you ask.</p>",
    clients=170,
)  # fmt: skip

RIGA = Place(
    key=_RIGA,
    row={
        "title": "Aurora Rīga",
        "public_title": "Aurora Rīga",
        "short_descr": "Spa, laser and yoga",
        "description": "<p>Mierīga vieta Rīgas centrā: <strong>masāža, lāzers, joga</strong> un nagi.</p>",
        "country_id": COUNTRY_IDS["LV"],
        "city_id": 456172,
        "business_type_id": 25,
        "currency_id": CURRENCY_IDS["EUR"],
        "language_id": LATVIAN_ID,
        "timezone": "Europe/Riga",
        "address": "Rīga, Elizabetes iela 22",
        "zip": "LV-1050",
        "lat": "56.956900",
        "lon": "24.113000",
        "phones": ["37155500142"],
        "email": "riga@aurora.example",
        "site": "https://aurora.example/riga",
        "social": {"instagram": "instagram.com/aurora.riga.example", "whatsapp": "37155500142"},
        "schedule_text": "P.–Pk. 8.00–20.00, S.–Sv. 10.00–19.00",
        "bookform_group_priority": 10,
        "group_priority": 10,
    },
    members=(
        Member("Ilze Kalniņa", "Massage therapist", "Masiere", "<p>Klasiskā un dziļo audu masāža.</p>",
               "split day", ("Swedish massage", "Deep tissue massage"), weight=40),
        Member("Artūrs Ozols", "Cosmetologist", "Kosmetologs", "<p>Sertificēts lāzera speciālists.</p>",
               "two on, two off", ("Classic facial", "Chemical peel", "Laser hair removal, legs",
                                   "Laser hair removal, underarms"), weight=30),
        Member("Kristīne Liepa", "Yoga teacher", "Jogas pasniedzēja", "<p>Joga un masāža nedēļas nogalē.</p>",
               "weekends", ("Yoga class", "Swedish massage"), price=0.9, weight=20),
        Member("Liene Bērziņa", "Nail artist", "Nagu meistare", "<p>Manikīrs, pedikīrs, uzacis.</p>",
               "part time", ("nails", "Brow shaping"), weight=10, absence=(2, 22, 2)),
    ),
    resources={"room": ("Treatment room", "Room 1", "Room 2"), "laser": ("Laser", "Alexandrite laser")},
    settings={"confirm_number": True, "horizon_days": 45, "slot_step": 1800, "seance_delay_step": 120,
              "allow_change_delay": 43200, "allow_delete_delay": 86400, "sms_before_default": 24,
              "is_show_privacy_policy": True, "activity_online_record_clients_count_max": 3},
    policy="<p>Aurora Rīga glabā jūsu vārdu, tālruni un apmeklējumus, lai jūs apkalpotu, nevienam citam tos nerāda "
    "un pēc jūsu lūguma dzēš.</p>",
    clients=130,
    grid=_RIGA_GRID,
)  # fmt: skip

STRANGER = Place(
    key="stranger",
    row={
        "title": "Stranger Dental",
        "public_title": "Stranger Dental",
        "short_descr": "Dentist",
        "country_id": COUNTRY_IDS["GB"],
        "city_id": 2643743,
        "business_type_id": 12,
        "currency_id": CURRENCY_IDS["GBP"],
        "language_id": ENGLISH_ID,
        "timezone": "Europe/London",
        "address": "London, 9 Stranger Lane",
        "zip": "W1A 0ZZ",
        "lat": "51.515000",
        "lon": "-0.142000",
        "phones": ["442079460142"],
        "email": "desk@stranger.example",
    },
    members=(
        Member("Edward Stranger", "Dentist", "Dentist", "", "office hours", ("dental",)),
    ),
    resources={"room": ("Surgery", "Surgery 1")},
    settings={"slot_step": 1800},
    policy="<p>Stranger Dental keeps to itself.</p>",
    clients=12,
)  # fmt: skip

STRANGER_CATEGORIES = {"dental": ("Dentistry", 0, 10)}
STRANGER_SERVICES = (
    Service("Check-up", "dental", 30, {"stranger": 60}, resource="room"),
    Service("Cleaning", "dental", 60, {"stranger": 85}, resource="room"),
)

CUSTOM_FIELDS: tuple[dict[str, Any], ...] = (
    {"category": "client", "code": "allergies", "title": "Allergies", "kind": "text", "weight": 30},
    {"category": "client", "code": "drink", "title": "Favorite drink", "kind": "list", "weight": 20,
     "choices": ["Coffee", "Tea", "Water", "Sparkling water"]},
    {"category": "client", "code": "member_since", "title": "Member since", "kind": "date", "user_can_edit": False},
    {"category": "record", "code": "found_us", "title": "How did you find us?", "kind": "list", "weight": 20,
     "choices": ["Friends", "Instagram", "Walked by", "Search"]},
    {"category": "record", "code": "guests", "title": "Guests in the waiting area", "kind": "number"},
)  # fmt: skip

_STYLE = {"main_color": "#5B3E96", "secondary_color": "#8C7BB0", "buttons_color": "#FFFFFF",
          "primaryPalette": "deep-purple", "accentPalette": "purple"}  # fmt: skip
_BUTTON = {"show_button": True, "button_position": "bottom right", "form_position": "right",
           "button_color": "#5B3E96", "button_animation": True}  # fmt: skip

FORMS: dict[str, dict[str, Any]] = {
    _NY: {
        "title": "Aurora SoHo",
        "description": "On the site of the studio",
        "is_default": True,
        "steps": [{"step": "service", "num": 1}, {"step": "master", "num": 2}, {"step": "datetime", "num": 3}],
        "style": _STYLE,
        "button": _BUTTON,
        "default_language_id": ENGLISH_ID,
        "language_ids": [ENGLISH_ID],
    },
    "": {
        "title": "Aurora",
        "description": "All locations of the chain",
        "steps": [
            {"step": "company", "num": 1},
            {"step": "master", "num": 2, "default": -1},
            {"step": "service", "num": 3},
            {"step": "datetime", "num": 4},
        ],
        "style": {**_STYLE, "main_color": "#1F7A6D", "primaryPalette": "teal", "accentPalette": "teal"},
        "button": {**_BUTTON, "button_color": "#1F7A6D"},
        "default_language_id": ENGLISH_ID,
        "language_ids": [ENGLISH_ID, LATVIAN_ID],
    },
}
