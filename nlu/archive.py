"""Where trained models lie and which one is served; used by training, serving and evaluation. Imports no Rasa."""

from pathlib import Path

MODELS = Path("var/models")

_CURRENT = "current"


def find_model(path: Path) -> Path:
    """The archive that `path` names: itself, or the one in place in a folder of models.

    Raises FileNotFoundError when there is none yet.
    """
    archive = path / _CURRENT if path.is_dir() else path
    if not archive.exists():
        raise FileNotFoundError(f"no model at {archive}; train one with: python -m nlu.train")
    return archive.resolve()


def put_in_place(archive: Path) -> None:
    """Make an archive the one that its folder serves, in one step: a reader sees the old or the new, never neither."""
    link = archive.parent / f".{_CURRENT}-{archive.name}"
    link.unlink(missing_ok=True)
    link.symlink_to(archive.name)
    link.replace(archive.parent / _CURRENT)
