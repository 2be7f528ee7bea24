"""From what was uploaded to what is kept: decoded, upright, in sRGB, in four sizes, without anything else in it."""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image, ImageCms, ImageOps

from agendum.media.errors import BadImage

MOST_PIXELS = 40_000_000  # decoded, some 160 MB
TYPES = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp"}  # MPO: JPEG with a second picture behind it
_SAVING: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": 85, "optimize": True, "progressive": True},
    "png": {},
    "webp": {"quality": 85},
}
# What a decoder raises for bytes that are no image of its kind.
_DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)
_SRGB = ImageCms.createProfile("sRGB")

# What it warns of, odd metadata and many pixels, is refused or left out here.
warnings.filterwarnings("ignore", module=r"PIL\.")


class Size(NamedTuple):
    """Pixels: a picture is never enlarged. `fills`: it is cut to the size's proportions, else it fits within."""

    width: int
    height: int
    fills: bool = False


ORIGIN = Size(2560, 2560)
SIZES = {"sm": Size(100, 100, fills=True), "basic": Size(560, 280), "norm": Size(800, 800), "origin": ORIGIN}


class Version(NamedTuple):
    """One size of a picture, as a file."""

    name: str
    type: str
    width: int
    height: int
    content: bytes

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.type}"


def versions(content: bytes) -> list[Version]:
    """Every size of an uploaded picture. Takes up to seconds of a core. Raises BadImage."""
    picture, kind = _decoded(content)
    made: list[Version] = []
    for name, size in SIZES.items():
        sized = _sized(picture, size)
        file = BytesIO()
        sized.save(file, kind, **_SAVING[kind])
        made.append(Version(name, kind, sized.width, sized.height, file.getvalue()))
    return made


def _decoded(content: bytes) -> tuple[Image.Image, str]:
    """The picture alone, and its type. An animation gives its first frame."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as file:
            pixels = file.width * file.height
            if pixels <= MOST_PIXELS:
                file.draft(None, ORIGIN[:2])  # a large JPEG is decoded at a half, a quarter, an eighth
                return _plain(ImageOps.exif_transpose(file)), TYPES[file.format or ""]
    except Image.UnidentifiedImageError:
        raise BadImage("expected a JPEG, PNG or WebP image.") from None
    except Image.DecompressionBombError:
        pixels = 0
    except _DAMAGED:
        raise BadImage("the file is damaged.") from None
    raise BadImage(f"at most {MOST_PIXELS // 1_000_000} million pixels are taken.")


def _plain(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where something may be seen through, in sRGB."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile and picture.mode in (mode, "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, _SRGB, outputMode=mode) or picture
        except (ImageCms.PyCMSError, *_DAMAGED):
            pass  # its colours are then taken as they stand
    picture = picture.convert(mode)
    picture.info.clear()  # comments, profiles, places where it was taken
    return picture


def _sized(picture: Image.Image, size: Size) -> Image.Image:
    if size.fills:
        edge = min(size.width, picture.width, picture.height)
        return ImageOps.fit(picture, (edge, edge * size.height // size.width))
    sized = picture.copy()
    sized.thumbnail(size[:2], Image.Resampling.LANCZOS)
    return sized
