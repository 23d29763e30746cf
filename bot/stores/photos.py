"""Residents' photos on disk, below DATA_DIR/photos and outside of everything that is served without asking."""

import asyncio
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Unparsable
from knowledge.models import Photo

CONTENT_TYPE = "image/jpeg"
LARGEST_PIXELS = 80_000_000  # of what is decoded; a small file can hold a picture that fills the memory
LARGEST_SIDE = 2560  # of what is kept


class Photos:
    """Keeps a photo re-encoded, without the metadata that tells where and when it was taken."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder = folder
        self._bytes = megabytes * 1024 * 1024

    async def keep(self, data: bytes) -> str:
        """Returns the photo's id, the same for the same picture. Raises Unparsable when it is none, or too large."""
        if len(data) > self._bytes:
            raise Unparsable("photo too large")
        identity = hashlib.sha256(data).hexdigest()[:40]
        if not self.path(identity).exists():
            await asyncio.to_thread(self._write, identity, data)
        return identity

    def _write(self, identity: str, data: bytes) -> None:
        try:
            opened = Image.open(io.BytesIO(data))
            if opened.width * opened.height > LARGEST_PIXELS:
                raise Unparsable("photo too large")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise Unparsable("no picture") from error
        picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.path(identity).with_suffix(".part")
        picture.save(unfinished, "JPEG", quality=85)
        unfinished.replace(self.path(identity))

    def register(self, session: AsyncSession, photos: Iterable[str], conversation: int | None) -> None:
        """Notes whose photos these are, in the turn's transaction."""
        for identity in photos:
            session.add(Photo(photo=identity, conversation_id=conversation, content_type=CONTENT_TYPE))

    def path(self, identity: str) -> Path:
        return self._folder / f"{identity}.jpg"
