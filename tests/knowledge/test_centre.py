from pathlib import Path

import pytest
import yaml

from bot.errors import ContentError
from knowledge import centre as module
from knowledge.centre import Centre, load_centre


def test_the_sample_centre_is_valid(centre: Centre) -> None:
    assert centre.sample
    assert centre.name_in("zh-Hant") == centre.name_in("zh")
    assert centre.name_in("sw") == centre.name_in("en") == "Gubei Civic Centre"
    assert centre.phone_in("ja") == centre.phone_in("en")
    assert centre.hours["sun"] is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("timezone", "Mars/Base", "timezone: 'Mars/Base' is no time zone"),
        ("name", {"zh": "古北"}, "name: needs at least the English one"),
        ("hours", {"mon": ["18:00", "09:00"]}, "hours.mon: must open before it closes"),
        ("hours", {"mon": "all day"}, "hours.mon: must be null for a closed day, or two times"),
        ("photos", {"max": 0, "megabytes": 10}, "photos.max: Input should be greater than 0"),
        ("telephone", "1", "telephone: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, field: str, value: object, sentence: str) -> None:
    path = tmp_path / "centre.yaml"
    content = yaml.safe_load(module.FILE.read_text()) | {field: value}
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(ContentError, match=r"centre\.yaml: ") as caught:
        load_centre(path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", [None, "a: [", "a: b", ""])
def test_unreadable_files(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "centre.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ContentError, match=r"centre\.yaml"):
        load_centre(path)
