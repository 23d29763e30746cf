"""What the NLU's tests share: a quiet process and one small trained model."""

from pathlib import Path
from typing import Any

import pytest

from nlu.quiet import prepare_process

prepare_process()

_SENTENCES = {
    "en/greet": ["hello", "good morning", "hi there", "hey", "hello everyone", "good evening to you"],
    "zh/greet": ["你好", "早上好", "大家好", "您好呀", "晚上好", "嗨"],
    "en/faq/waste_sorting": [
        "which bin do batteries go in",
        "where does kitchen waste go",
        "is glass recyclable",
        "when can i throw out an old sofa",
        "how do i sort plastic bottles",
        "which bin is for leftover food",
    ],
    "zh/faq/waste_sorting": [
        "电池扔哪个垃圾桶",
        "湿垃圾几点可以扔",
        "旧沙发怎么扔",
        "塑料瓶算什么垃圾",
        "玻璃是可回收吗",
        "厨余垃圾放哪里",
    ],
    "en/report_problem": [
        "{text: my neighbour plays loud music at night, category: noise}",
        "{text: somebody drills every sunday morning, category: noise}",
        "{text: the drums upstairs keep us awake, category: noise}",
        "{text: there is a strong smell of gas in the stairwell, category: safety, urgent: true}",
        "{text: fire on the fourth floor help, category: safety, urgent: true}",
        "{text: a man lies unconscious in the lift, category: safety, urgent: true}",
    ],
}


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the shape of nlu/data with three labels in two languages."""
    folder = tmp_path_factory.mktemp("data")
    for name, entries in _SENTENCES.items():
        write_sentences(folder, name, entries)
    return folder


def write_sentences(folder: Path, name: str, entries: list[str]) -> Path:
    """Write one data file from lines of YAML."""
    file = folder / f"{name}.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"- {entry}\n" for entry in entries), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def archive(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained on `data` with the real encoder, in place in its folder."""
    from nlu.archive import put_in_place
    from nlu.train import train

    archive = tmp_path_factory.mktemp("models") / "small.tar.gz"
    train(archive, data, answers=data)
    put_in_place(archive)
    return archive


@pytest.fixture(scope="session")
def model(archive: Path) -> Any:
    """The small model, loaded."""
    from nlu.model import Model

    return Model(archive)
