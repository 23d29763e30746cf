"""Residents' photos on disk, below DATA_DIR/photos and outside of everything that is served without asking."""

import asyncio
import hashlib
import io
import tempfile
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Unparsable
from knowledge.models import Photo

CONTENT_TYPE = "image/jpeg"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # the other decoders, PostScript's among them, see nothing from outside
LARGEST_PIXELS = 80_000_000  # of what is decoded; a small file can hold a picture that fills the memory
LARGEST_SIDE = 2560  # of what is kept


class Photos:
    """Keeps a photo re-encoded, without the metadata that tells where and when it was taken."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder = folder
        self._bytes = megabytes * 1024 * 1024

    async def keep(self, data: bytes) -> str:
        """Returns the photo's id, the same for the same picture, also for one read back from here.

        Raises Unparsable when it is none, or too large.
        """
        if len(data) > self._bytes:
            raise Unparsable("photo too large")
        if self.path(_identity(data)).exists():
            return _identity(data)
        return await asyncio.to_thread(self._write, data)

    def _write(self, data: bytes) -> str:
        encoded = _encoded(data)
        path = self.path(_identity(encoded))
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as unfinished:
                unfinished.write(encoded)
            Path(unfinished.name).replace(path)
        return path.stem

    def register(self, session: AsyncSession, photos: Iterable[str], conversation: int | None) -> None:
        """Notes whose photos these are, in the turn's transaction."""
        for identity in photos:
            session.add(Photo(photo=identity, conversation_id=conversation, content_type=CONTENT_TYPE))

    def path(self, identity: str) -> Path:
        return self._folder / f"{identity}.jpg"


def _identity(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:40]


def _encoded(data: bytes) -> bytes:
    """The picture alone, as a JPEG. Raises Unparsable."""
    try:
        opened = Image.open(io.BytesIO(data), formats=FORMATS)
        if opened.width * opened.height > LARGEST_PIXELS:
            raise Unparsable("photo too large")
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unparsable("no picture") from error
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    picture.info.clear()  # a comment within the file would go along
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=85)
    return encoded.getvalue()
