"""The server as it runs: a process of its own, asked over HTTP."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from nlu.archive import put_in_place
from nlu.evaluation.serving import serving

_TOKEN = "a token for tests"
_SECRET = "xylophone"


class _Server:
    def __init__(self, port: int, log: Path) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.log = log

    def parse(self, body: bytes, token: str = _TOKEN) -> tuple[int, Any]:
        address = f"{self.address}/model/parse?token={token.replace(' ', '+')}"
        try:
            with urlopen(Request(address, data=body, method="POST"), timeout=30) as response:
                return response.status, json.load(response)
        except HTTPError as error:
            return error.code, json.loads(error.read() or b"null")


@pytest.fixture(scope="module")
def server(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Server]:
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with log.open("w") as output, serving(archive.parent, _TOKEN, output) as (port, _process):
        yield _Server(port, log)


def test_it_parses(server: _Server) -> None:
    status, parsed = server.parse(json.dumps({"text": "which bin is for glass"}).encode())
    assert status == 200
    assert parsed["intent"]["name"] == "faq/waste_sorting"
    assert {"text", "intent_ranking", "entities", "language", "category", "urgent", "fallback"} <= set(parsed)


def test_rasas_own_routes_work(server: _Server) -> None:
    assert b"Rasa" in urlopen(server.address, timeout=10).read()
    with urlopen(f"{server.address}/status?token={_TOKEN.replace(' ', '+')}", timeout=10) as response:
        assert json.load(response)["model_file"] == "small.tar.gz"


def test_a_wrong_token_is_refused(server: _Server) -> None:
    assert server.parse(b'{"text": "hello"}', token="wrong")[0] == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"{}", 400),
        (b'{"text": null}', 400),
        (b'{"text": 5}', 400),
        (b"\xff\xfe", 400),
        (json.dumps({"text": "a" * 20_001}).encode(), 413),
        (json.dumps({"text": ""}).encode(), 200),
        (json.dumps({"text": "a b " * 2_500}).encode(), 200),
        (b'{"text": "\\ud800 hello"}', 200),
        (b'{"text": "a\\u0000b"}', 200),
        ('{"text": "👍"}'.encode(), 200),
    ],
)
def test_odd_requests_get_an_answer_or_a_clear_refusal(server: _Server, body: bytes, status: int) -> None:
    found, answer = server.parse(body)
    assert found == status
    assert ("intent" in answer) == (status == 200)
    assert server.parse(b'{"text": "hello"}')[0] == 200


def test_no_words_of_a_resident_reach_the_log(server: _Server) -> None:
    server.parse(json.dumps({"text": f"/{_SECRET} {_SECRET}"}).encode())
    server.parse(f'{{"text": "{_SECRET}'.encode())
    server.parse(json.dumps({"text": [_SECRET]}).encode())
    server.parse(json.dumps({"text": _SECRET * 5000}).encode())
    assert _SECRET not in server.log.read_text()
    assert _TOKEN not in server.log.read_text()


def test_it_never_starts_without_a_token_or_a_model(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "ALLEY_NLU_TOKEN"}
    command = [sys.executable, "-m", "nlu.serve", "--model", str(tmp_path)]
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert refused.stderr == "set ALLEY_NLU_TOKEN: the server never runs without a token\n"
    refused = subprocess.run(
        command, env={**environment, "ALLEY_NLU_TOKEN": "t"}, capture_output=True, text=True, timeout=60
    )
    assert refused.returncode == 1
    assert "no model at" in refused.stderr


@pytest.mark.parametrize("languages", ["en", [1], {"en": 1}])
def test_languages_that_are_no_list_of_tags_are_refused(server: _Server, languages: Any) -> None:
    status, answer = server.parse(json.dumps({"text": "hello", "languages": languages}).encode())
    assert status == 400
    assert "languages" in answer["message"]


def test_a_language_that_is_expected_is_likelier(server: _Server) -> None:
    guesses = []
    for languages in ([], ["es"]):
        _, parsed = server.parse(json.dumps({"text": "hola amigos, como estan", "languages": languages}).encode())
        guesses.append(parsed["language"])
    assert [guess["name"] for guess in guesses] == ["es", "es"]
    assert guesses[0]["confidence"] < guesses[1]["confidence"]


def test_a_new_model_is_taken_over_without_losing_a_message(server: _Server, archive: Path) -> None:
    newer = archive.with_name("newer.tar.gz")
    newer.write_bytes(archive.read_bytes())
    put_in_place(newer)
    answered, deadline = 0, time.monotonic() + 60
    try:
        while _served(server) != newer.name and time.monotonic() < deadline:
            status, parsed = server.parse(json.dumps({"text": "which bin is for glass"}).encode())
            assert (status, parsed["intent"]["name"]) == (200, "faq/waste_sorting")
            answered += 1
        assert _served(server) == newer.name
        assert answered > 10
    finally:
        put_in_place(archive)
    while _served(server) != archive.name and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _served(server) == archive.name


def test_a_model_that_cannot_be_loaded_leaves_the_old_one(server: _Server, archive: Path) -> None:
    broken = archive.with_name("broken.tar.gz")
    broken.write_bytes(b"no archive")
    put_in_place(broken)
    try:
        deadline = time.monotonic() + 30
        while "broken.tar.gz cannot be served" not in server.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "broken.tar.gz cannot be served" in server.log.read_text()
        assert server.parse(json.dumps({"text": "hello"}).encode())[0] == 200
    finally:
        put_in_place(archive)


def _served(server: _Server) -> str:
    with urlopen(f"{server.address}/status?token={_TOKEN.replace(' ', '+')}", timeout=10) as response:
        return str(json.load(response)["model_file"])
