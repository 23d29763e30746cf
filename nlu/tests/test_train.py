"""Training happens when something changed, and what is served is exchanged in one step."""

from pathlib import Path

import pytest

from nlu import train
from nlu.archive import find_model, put_in_place
from nlu.evaluation import acceptance


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name in ("data/en/greet.yml", "components/a.py", "encoder/a.py", "config.yml", "uv.lock"):
        file = tmp_path / "nlu" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("content")
    return tmp_path / "nlu"


@pytest.mark.parametrize("name", ["data/en/greet.yml", "components/a.py", "encoder/a.py", "config.yml", "uv.lock"])
def test_a_changed_source_changes_the_hash(sources: Path, name: str) -> None:
    before = train.hash_sources(sources)
    assert train.hash_sources(sources) == before
    (sources / name).write_text("other content")
    assert train.hash_sources(sources) != before


def test_a_new_question_changes_the_hash_and_a_new_answer_does_not(sources: Path, tmp_path: Path) -> None:
    answer = tmp_path / "faq" / "en" / "visa.yaml"
    answer.parent.mkdir(parents=True)
    answer.write_text("answer: Ask.\nquestions: [how long may I stay]\n")
    before = train.hash_sources(sources, tmp_path / "faq")
    answer.write_text("answer: Ask at the counter.\nquestions: [how long may I stay]\n")
    assert train.hash_sources(sources, tmp_path / "faq") == before
    answer.write_text("answer: Ask.\nquestions: [how long may I stay here]\n")
    assert train.hash_sources(sources, tmp_path / "faq") != before


def test_a_renamed_label_changes_the_hash(sources: Path) -> None:
    before = train.hash_sources(sources)
    (sources / "data/en/greet.yml").rename(sources / "data/en/goodbye.yml")
    assert train.hash_sources(sources) != before


def test_nothing_is_trained_when_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained: list[Path] = []

    def pretend(archive: Path) -> None:
        archive.write_text("model")
        trained.append(archive)

    monkeypatch.setattr(train, "train", pretend)
    assert train.main(["--output", str(tmp_path)]) == 0
    assert train.main(["--output", str(tmp_path)]) == 0
    assert len(trained) == 1
    assert "nothing changed" in capsys.readouterr().out
    assert train.main(["--output", str(tmp_path), "--again"]) == 0
    assert len(trained) == 2
    assert find_model(tmp_path) == trained[0].resolve()


@pytest.mark.parametrize(("accuracy", "code"), [(0.9, 0), (0.896, 0), (0.894, train.REFUSED)])
def test_a_model_that_is_worse_is_refused_unless_forced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], accuracy: float, code: int
) -> None:
    old = tmp_path / "old.tar.gz"
    old.write_text("old model")
    put_in_place(old)
    monkeypatch.setattr(train, "train", lambda archive: archive.write_text("new model"))
    measured = {"old.tar.gz": {"ja": 0.9, "en": 0.5}}
    monkeypatch.setattr(
        acceptance, "_measure", lambda archive, _: measured.get(archive.name, {"ja": accuracy, "en": 0.5})
    )
    monkeypatch.setattr(train, "HELD_OUT", tmp_path)
    monkeypatch.setattr(acceptance, "read_examples", lambda _: [])
    assert train.main(["--output", str(tmp_path)]) == code
    assert ("refused: ja 90.0% → 89.4%" in capsys.readouterr().out) is (code == train.REFUSED)
    assert (find_model(tmp_path) == old) is (code == train.REFUSED)
    assert train.main(["--output", str(tmp_path)]) == code  # a refusal is not forgotten
    assert train.main(["--output", str(tmp_path), "--force"]) == 0
    assert find_model(tmp_path) != old


def test_a_new_model_takes_the_place_of_the_old(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).write_text(name)
        put_in_place(tmp_path / name)
        assert find_model(tmp_path).read_text() == name


def test_a_folder_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"python -m nlu\.train"):
        find_model(tmp_path)
