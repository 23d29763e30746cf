# Every target a person needs; CI calls the same ones. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

UV := .tools/bin/uv
ALLEY := .venv/bin/alley
PY := .venv/bin/python
NLU_PY := nlu/.venv/bin/python
# Rasa asks a question about telemetry otherwise; uv keeps each environment in its own folder
export RASA_TELEMETRY_ENABLED := false
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV

.PHONY: help setup setup-test run test check train evaluate nlu-report chat demo bench bench-nlu fmt texts clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# uv in a folder of ours, so that nothing needs to be installed on the machine but Python and its venv module
$(UV):
	python3 -m venv .tools || python3 -m venv --without-pip .tools
	.tools/bin/python -m pip --version >/dev/null 2>&1 || python3 -m pip --python .tools/bin/python install pip
	.tools/bin/python -m pip install --quiet "uv>=0.9,<1"

.venv/.ready: $(UV) pyproject.toml uv.lock .python-version
	$(UV) sync --frozen --quiet
	@touch $@

nlu/.venv/.ready: $(UV) nlu/pyproject.toml nlu/uv.lock nlu/.python-version
	$(UV) sync --frozen --quiet --compile-bytecode --directory nlu
	$(NLU_PY) -c "from nlu.encoder import load_encoder; load_encoder('auto')"
	@touch $@

setup: .venv/.ready nlu/.venv/.ready ## set up both environments

run: setup ## start Alley on http://127.0.0.1:8080
	@exec $(ALLEY) run

setup-test: setup ## what the tests need besides: a Chromium for Playwright
	$(PY) -m tests.setup

test: setup-test train ## run every test, with the real services
	$(NLU_PY) -m pytest -q nlu/tests
	$(PY) -m pytest

check: setup train ## style, types, import rules, texts, content, and that no figure of the language model fell
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/mypy --config-file nlu/pyproject.toml --python-executable $(NLU_PY)
	.venv/bin/lint-imports --no-cache
	$(PY) -m knowledge.catalogues check
	$(PY) -m knowledge.answers
	$(NLU_PY) -m nlu.registry
	$(NLU_PY) -m nlu.report --check

fmt: setup ## format the code
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

texts: setup ## collect new texts of the code into the catalogues
	$(PY) -m knowledge.catalogues extract

train: setup ## train the language model if anything changed
	$(ALLEY) nlu train

evaluate: train ## measure the language model on the held-out sentences
	$(ALLEY) nlu evaluate tests/sentences

nlu-report: train ## write what the language model is worth to docs/nlu.md and docs/nlu.html
	$(NLU_PY) -m nlu.report --model var/models

chat: setup ## talk to the running Alley in the terminal
	@exec $(ALLEY) chat

demo: setup ## list the sample applications and staff
	@$(ALLEY) demo

bench: setup train ## measure speed and memory
	$(PY) -m tests.bench

# Rasa's half needs TensorFlow, so it has an environment of its own; the first time it takes an hour.
bench-nlu: nlu/.venv/.ready ## compare with Rasa's recommended pipeline on MASSIVE
	UV_PROJECT_ENVIRONMENT=.venv-tensorflow $(UV) sync --frozen --quiet --directory nlu --group tensorflow
	nlu/.venv-tensorflow/bin/python -m nlu.bench_rasa
	$(NLU_PY) -m nlu.bench_massive

clean: ## remove the environments and everything that was made
	rm -rf .venv nlu/.venv nlu/.venv-tensorflow .tools var .mypy_cache .ruff_cache .pytest_cache
