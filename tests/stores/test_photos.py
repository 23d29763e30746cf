"""What is kept of a photo: the picture, and nothing that tells where and when it was taken."""

import asyncio
import io
import random
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from bot.errors import Unparsable
from bot.stores.photos import LARGEST_SIDE, Photos
from knowledge.models import Photo
from tests.front_desk import FrontDesk
from tests.pictures import picture

pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
KINDS = ("JPEG", "PNG", "WEBP", "GIF")


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos", megabytes=2)


def taken_somewhere() -> bytes:
    """A JPEG that tells where it was taken, by whom, and which way up."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Aiko Tanaka"
    exif[ExifTags.Base.DateTime] = "2026:03:01 10:00:00"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({ExifTags.GPS.GPSLatitude: (31.0, 12.0, 5.0)})
    return picture(exif=exif, comment=b"Lane 1038, Room 502")


async def test_metadata_are_gone_and_the_picture_stands_upright(photos: Photos) -> None:
    original = taken_somewhere()
    assert b"Aiko" in original
    assert b"Room 502" in original
    path = photos.path(await photos.keep(original))
    kept = Image.open(path)
    assert kept.size == (30, 40)
    assert dict(kept.getexif()) == {}
    for word in (b"Aiko", b"2026:03:01", b"Room 502", b"Exif"):
        assert word not in path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
async def test_pictures_of_every_usual_kind_become_jpeg(photos: Photos, kind: str) -> None:
    kept = Image.open(photos.path(await photos.keep(picture(kind))))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (40, 30))


async def test_the_same_picture_has_the_same_id(photos: Photos) -> None:
    first = await photos.keep(taken_somewhere())
    assert await photos.keep(taken_somewhere()) == first
    assert await photos.keep(photos.path(first).read_bytes()) == first
    assert await photos.keep(picture(colour="red")) != first


async def test_the_same_picture_many_times_at_once(photos: Photos, tmp_path: Path) -> None:
    ids = await asyncio.gather(*(photos.keep(picture(size=(800, 600))) for _ in range(20)))
    assert len(set(ids)) == 1
    assert [each.name for each in (tmp_path / "photos").iterdir()] == [f"{ids[0]}.jpg"]


async def test_a_large_picture_is_made_smaller(photos: Photos) -> None:
    kept = Image.open(photos.path(await photos.keep(picture(size=(LARGEST_SIDE * 2, LARGEST_SIDE)))))
    assert kept.size == (LARGEST_SIDE, LARGEST_SIDE // 2)


def bomb() -> bytes:
    """A small file that would fill 300 MB."""
    file = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(file, "PNG")
    return file.getvalue()


async def test_a_bomb_is_refused(photos: Photos, tmp_path: Path) -> None:
    assert len(bomb()) < 100_000
    with pytest.raises(Unparsable):
        await photos.keep(bomb())
    assert not (tmp_path / "photos").exists()


async def test_a_file_that_is_too_large_is_refused(photos: Photos) -> None:
    with pytest.raises(Unparsable):
        await photos.keep(picture() + b"\0" * 2 * 1024 * 1024)


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n"
NO_PICTURES = {
    "empty": b"",
    "text": b"hello, this is a picture",
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "postscript": POSTSCRIPT,
    "half a jpeg": picture(size=(400, 300))[:600],
    "a jpeg's beginning": b"\xff\xd8\xff\xe0\x00\x10JFIF",
}


@pytest.mark.parametrize("name", NO_PICTURES)
async def test_what_is_no_picture_is_refused(photos: Photos, tmp_path: Path, name: str) -> None:
    with pytest.raises(Unparsable):
        await photos.keep(NO_PICTURES[name])
    assert not (tmp_path / "photos").exists()


@pytest.mark.parametrize("kind", ["TIFF", "PPM", "BMP", "TGA", "ICO", "PCX"])
async def test_decoders_that_no_phone_needs_are_not_tried(photos: Photos, kind: str) -> None:
    with pytest.raises(Unparsable):
        await photos.keep(picture(kind))


@pytest.mark.parametrize("kind", KINDS)
async def test_a_damaged_picture_is_kept_or_refused_and_nothing_else(photos: Photos, kind: str) -> None:
    dice = random.Random(kind)
    whole = picture(kind, size=(64, 48))
    for _damage in range(150):
        damaged = bytearray(whole)
        for _byte in range(dice.randint(1, 8)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            identity = await photos.keep(
                bytes(damaged[: dice.randint(1, len(damaged))] if dice.random() < 0.2 else damaged)
            )
        except Unparsable:
            continue
        assert Image.open(photos.path(identity)).format == "JPEG"


async def test_whose_photos_they_are_is_noted_with_the_turn(desk: FrontDesk) -> None:
    conversation = await desk.open()
    async with desk.database.write() as session:
        desk.photos.register(session, ("a" * 40, "b" * 40), conversation)
    rows = await desk.rows(Photo)
    assert [(row.photo, row.conversation_id, row.content_type) for row in rows] == [
        ("a" * 40, conversation, "image/jpeg"),
        ("b" * 40, conversation, "image/jpeg"),
    ]
