"""What a location does for a living: our own list of businesses, in groups.

Ids are frozen, because locations keep them: give a new row a free id, never renumber and never reuse one.
"""

from typing import NamedTuple


class BusinessGroup(NamedTuple):
    """A line of business; the images are paths on this server, empty while there is none."""

    id: int
    title: str
    image: str
    image_small: str


class BusinessType(NamedTuple):
    """What a location does, within its group."""

    id: int
    title: str
    business_group_id: int


BUSINESSES: dict[tuple[int, str], dict[int, str]] = {
    (1, "beauty"): {
        1: "Beauty Salons",
        2: "Hair Salons",
        3: "Barbershops",
        4: "Nail Studios",
        5: "Brow and Lash Studios",
        6: "Makeup Studios",
        7: "Hair Removal",
        8: "Skin Care",
        9: "Tanning Studios",
        10: "Tattoo and Piercing",
        25: "Spa",
    },
    (2, "health"): {
        11: "Medical Centers",
        12: "Dental Clinics",
        13: "Aesthetic Medicine",
        14: "Massage",
        15: "Physiotherapy",
        16: "Psychologists",
        17: "Opticians",
        18: "Dietitians",
        19: "Laboratories",
        20: "Alternative Medicine",
    },
    (3, "fitness and sport"): {
        21: "Gyms",
        22: "Yoga and Pilates",
        23: "Dance Studios",
        24: "Martial Arts",
        26: "Personal Training",
        27: "Swimming Pools",
        28: "Tennis and Squash",
        29: "Sports Grounds",
        30: "Riding Schools",
    },
    (4, "education"): {
        31: "Language Schools",
        32: "Music Schools",
        33: "Art Schools",
        34: "Driving Schools",
        35: "Tutors",
        36: "Children's Centers",
        37: "Training Courses",
    },
    (5, "pets"): {38: "Veterinary Clinics", 39: "Pet Grooming", 40: "Dog Training", 41: "Pet Hotels"},
    (6, "auto"): {
        42: "Car Washes",
        43: "Car Repair",
        44: "Tire Services",
        45: "Car Detailing",
        46: "Vehicle Inspection",
        47: "Motorcycle and Bike Repair",
    },
    (7, "leisure"): {
        48: "Escape Rooms",
        49: "Saunas and Baths",
        50: "Bowling and Billiards",
        51: "Tours and Excursions",
        52: "Game and VR Clubs",
        53: "Parties and Events",
    },
    (8, "household services"): {
        54: "Cleaning",
        55: "Laundry and Dry Cleaning",
        56: "Appliance Repair",
        57: "Tailoring and Shoe Repair",
        58: "Handyman Services",
        59: "Moving and Delivery",
    },
    (9, "professional services"): {
        60: "Legal Services",
        61: "Accounting",
        62: "Consulting and Coaching",
        63: "Real Estate",
        64: "Photographers",
    },
    (10, "rental"): {
        65: "Meeting Rooms and Coworking",
        66: "Photo Studios",
        67: "Equipment Rental",
        68: "Car Rental",
    },
}


def business_groups() -> list[BusinessGroup]:
    """The lines of business, by id."""
    return [BusinessGroup(id_, title, image="", image_small="") for id_, title in BUSINESSES]


def business_types() -> list[BusinessType]:
    """The kinds of business, group by group."""
    return [
        BusinessType(id_, title, group_id)
        for (group_id, _), types in BUSINESSES.items()
        for id_, title in types.items()
    ]
