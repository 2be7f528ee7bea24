"""What becomes of a picture: turned upright, cleared of what it tells, resized; what is none is refused."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from agendum.media import rules
from agendum.media.errors import BadImage
from tests.media.conftest import picture

# Pillow warns of what the server refuses or leaves out.
pytestmark = pytest.mark.filterwarnings("ignore:::PIL")


def opened(content: bytes, name: str = "origin") -> Any:
    [made] = [version for version in rules.versions(content) if version.name == name]
    image = Image.open(BytesIO(made.content))
    image.load()
    assert (image.width, image.height) == (made.width, made.height)
    return image


def sizes(content: bytes) -> dict[str, tuple[int, int]]:
    return {version.name: (version.width, version.height) for version in rules.versions(content)}


def test_a_large_picture_is_kept_in_four_sizes() -> None:
    assert sizes(picture(size=(4000, 3000))) == {
        "sm": (100, 100),
        "basic": (373, 280),
        "norm": (800, 600),
        "origin": (2560, 1920),
    }


def test_a_small_picture_is_never_enlarged() -> None:
    assert sizes(picture(size=(60, 40))) == {"sm": (40, 40), "basic": (60, 40), "norm": (60, 40), "origin": (60, 40)}


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000)])
def test_odd_proportions_keep_at_least_a_pixel(size: tuple[int, int]) -> None:
    assert all(min(each) >= 1 for each in sizes(picture("PNG", size=size)).values())


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_keeps_its_type(kind: str, name: str) -> None:
    made = rules.versions(picture(kind))
    assert {version.type for version in made} == {name}
    assert {Image.open(BytesIO(version.content)).format for version in made} == {kind}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_upright_and_says_nothing_of_where_it_was_taken(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "a camera of mine"
    exif.get_ifd(0x8825)[1] = "N"
    content = picture(kind, size=(400, 200), exif=exif)
    assert b"camera of mine" in content
    for version in rules.versions(content):
        assert b"camera of mine" not in version.content
        assert dict(Image.open(BytesIO(version.content)).getexif()) == {}
    assert opened(content).size == (200, 400)


def test_comments_and_texts_go() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "my secret address")
    for content in (picture(comment=b"my secret address"), picture("PNG", pnginfo=told)):
        assert b"my secret address" in content
        assert all(b"my secret address" not in version.content for version in rules.versions(content))


def test_colours_of_another_profile_become_those_that_everybody_sees() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert opened(picture("PNG", color="#336699", icc_profile=lab)).getpixel((5, 5)) == (0x33, 0x66, 0x99)
    assert "icc_profile" not in opened(picture("PNG", icc_profile=lab)).info
    assert opened(picture("PNG", color="#336699", icc_profile=b"none at all")).getpixel((5, 5)) == (0x33, 0x66, 0x99)


def test_what_can_be_seen_through_stays_so() -> None:
    file = BytesIO()
    Image.new("RGBA", (200, 200), (255, 0, 0, 0)).save(file, "PNG")
    assert opened(file.getvalue(), "basic").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA", "CMYK"])
def test_every_mode_is_taken(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (120, 120)).save(file, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(file.getvalue()).mode in ("RGB", "RGBA")


def test_sixteen_bits_are_brought_to_eight_and_not_cut() -> None:
    file = BytesIO()
    Image.new("I;16", (120, 120), 0x8000).save(file, "PNG")
    assert opened(file.getvalue()).getpixel((5, 5)) == (128, 128, 128)


def _png(width: int, height: int, data: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 8000), (12_000, 9000), (60_000, 60_000), (2**31 - 1, 1)])
def test_a_picture_that_would_fill_the_memory_is_refused_undecoded(size: tuple[int, int]) -> None:
    with pytest.raises(BadImage, match="million pixels"):
        rules.versions(_png(*size, zlib.compress(bytes(10_000))))


def test_what_lacks_its_end_is_refused() -> None:
    with pytest.raises(BadImage, match="damaged"):
        rules.versions(_png(500, 500, zlib.compress(bytes(10_000))))
    with pytest.raises(BadImage, match="damaged"):
        rules.versions(picture(size=(900, 900))[:2000])


def _gif() -> bytes:
    file = BytesIO()
    Image.new("P", (10, 10)).save(file, "GIF")
    return file.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"\x00", b"hello", _gif(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7\n", b"II*\x00"]
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(BadImage, match="JPEG, PNG or WebP"):
        rules.versions(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_whatever_is_broken_is_refused_and_nothing_else_happens(kind: str) -> None:
    dice = random.Random(kind)
    file, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 3
    Image.effect_noise((60, 40), 50).convert("RGB").save(file, kind, exif=exif)
    whole, taken = file.getvalue(), 0
    for _ in range(1500):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            rules.versions(bytes(broken[: dice.randrange(len(broken))] if dice.random() < 0.3 else broken))
            taken += 1
        except BadImage:
            continue
    assert taken < 1500
