"""Residents' photos, for whoever is signed in."""

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from bot.console.desk import Desk, Visit
from knowledge.models import Photo


async def show(desk: Desk, visit: Visit) -> Response:
    """Only what a conversation is known to have brought: the name never reaches the disk unchecked."""
    async with desk.database.read() as session:
        photo = await session.scalar(select(Photo).where(Photo.photo == visit.request.path_params["photo"]).limit(1))
    if photo is None or not desk.photos.path(photo.photo).exists():
        raise HTTPException(404)
    return FileResponse(desk.photos.path(photo.photo), media_type=photo.content_type)
