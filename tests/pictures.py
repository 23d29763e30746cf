"""Small pictures for tests."""

import io

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), colour: str = "teal", **options: object) -> bytes:
    """The bytes of a file of the kind."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()
