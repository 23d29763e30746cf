"""`alley run` as an administrator knows it: starting, stopping, wrong settings, the commands beside it."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.alley import ALLEY, ROOT, Running, prepare, running

READY_SECONDS = 45
STOP_SECONDS = 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_at_once_and_leaves_no_child(tmp_path: Path, number: int) -> None:
    with running(tmp_path) as alley:
        family = alley.family()
        assert {_program(process) for process in family} == {"alley", "valkey", "nlu"}
        with alley.client.stream("GET", "/api/chat/" + _session(alley) + "/events"):  # a browser that stays
            assert alley.stop(number) < STOP_SECONDS
        assert alley.process.returncode == 0
    _, alive = psutil.wait_procs(family, timeout=3)
    assert alive == []


def test_a_second_start_is_ready_soon_and_remembers(tmp_path: Path) -> None:
    with running(tmp_path) as alley:
        session = _session(alley)
    with running(tmp_path) as alley:
        assert alley.ready_seconds < READY_SECONDS
        assert alley.client.get(f"/api/chat/{session}/messages").json()[0]["text"] == "hello"


def test_a_new_database_knows_nothing_of_the_old_ones_forms(tmp_path: Path) -> None:
    with running(tmp_path) as alley:
        assert "Where is it" in _reply(alley, "the lamp in our stairwell is broken")
    for file in tmp_path.glob("alley.db*"):
        file.unlink()
    with running(tmp_path) as alley:
        assert "photo" not in _reply(alley, "Building 5")  # which would be the old form's next question


def test_killed_it_leaves_no_child(tmp_path: Path) -> None:
    with running(tmp_path) as alley:
        family = alley.family()
        alley.stop(signal.SIGKILL)
        _, alive = psutil.wait_procs(family, timeout=5)
        assert alive == []


def test_a_child_that_dies_comes_back(tmp_path: Path) -> None:
    with running(tmp_path) as alley:
        for program in ("valkey", "nlu"):
            [child] = [process for process in alley.family() if _program(process) == program]
            child.kill()
            _wait_for(lambda: alley.client.get("/health").json()["ready"], f"{program} did not come back")


def test_shows_where_to_go_and_who_may_sign_in(alley: Running) -> None:
    shown = alley.log.read_text()
    for line in (f"{alley.url}/chat", f"{alley.url}/staff", "chen.mei", "alley demo"):
        assert line in shown


def test_two_on_one_folder_are_refused(alley: Running) -> None:
    second = alley.command("run")
    assert second.returncode != 0
    assert "another Alley is running" in second.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "http", "ALLEY_PORT"),
        ("DATABASE_URL", "oracle://x", "sqlite and postgresql"),
        ("TRANSLATORS", "babelfish", "ALLEY_TRANSLATORS"),
        ("TELEGRAM_TOKEN", "nonsense", "ALLEY_TELEGRAM_TOKEN"),
        ("TELEGRAM_WEBHOOK_URL", "https://x.example/telegram/webhook", "ALLEY_TELEGRAM_TOKEN"),
        ("NOSUCH", "1", "ALLEY_NOSUCH"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    prepare(tmp_path)
    environment = {**os.environ, "ALLEY_DATA_DIR": str(tmp_path), f"ALLEY_{name}": value}
    ended = subprocess.run([ALLEY, "run"], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    [line] = [line for line in ended.stderr.splitlines() if line.startswith("alley: ")]
    assert sentence in line
    assert "Traceback" not in ended.stderr


def test_ask_prints_understanding_and_reply(alley: Running) -> None:
    asked = alley.command("ask", "ゴミの分別を教えてください")
    answer = json.loads(asked.stdout)
    assert answer["understanding"]["intent"]["name"] == "faq/waste_sorting"
    assert answer["reply"][0]["lang"] == "ja"


def test_demo_lists_applications_and_staff(alley: Running) -> None:
    shown = alley.command("demo").stdout
    assert shown.count("SH-") == 20
    assert "chen.mei" in shown


def test_chat_in_the_terminal(alley: Running) -> None:
    lines = "Where do I register after moving?\n1\n"
    talk = subprocess.run(
        [ALLEY, "chat", "--lang", "fr"], env={**os.environ, **alley.environment}, cwd=ROOT, input=lines,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "Bonjour" in talk.stdout
    assert "[1]" in talk.stdout
    assert "24" in talk.stdout


def _reply(alley: Running, text: str) -> str:
    session = alley.client.post("/api/chat", json={"text": text}).json()["session"]
    messages = f"/api/chat/{session}/messages"
    _wait_for(lambda: len(alley.client.get(messages).json()) > 1, "no reply")
    return str(alley.client.get(messages).json()[-1]["text"])


def _session(alley: Running) -> str:
    return str(alley.client.post("/api/chat", json={"text": "hello"}).json()["session"])


def _program(process: psutil.Process) -> str:
    line = " ".join(process.cmdline())
    return "valkey" if "valkey-server" in line else "nlu" if "nlu.serve" in line else "alley"


def _wait_for(condition: object, otherwise: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.2)
    raise AssertionError(otherwise)
