# Một Cửa. `make` alone lists what there is.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
SHARED := ../shared
SNAPSHOT := $(SHARED)/data/procedures-2026-07.jsonl.gz
BENCHMARKS := $(filter-out __init__,$(basename $(notdir $(wildcard benchmarks/[a-z]*.py))))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run chat test lint types contracts suite bench train format lock system clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/installed ## install the locked dependencies into .venv, nothing else
	@:

run: setup ## start the service and print the address of the chat
	@$(BIN)/motcua run

chat: setup ## talk to the desk in this terminal
	@$(BIN)/motcua chat

test: lint types contracts suite ## everything that must pass: lint, types, import contracts, the whole suite

lint: $(VENV)/installed-dev ## ruff: rules and layout
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/installed-dev ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/installed-dev ## who may import whom
	$(BIN)/lint-imports

suite: $(VENV)/installed-dev system ## the tests, on SQLite and on a PostgreSQL of their own
	@PYTEST=$(BIN)/pytest tools/suite.sh

bench: $(VENV)/installed-dev ## run every benchmark; each prints one JSON object last
	@set -e; for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m benchmarks.$$name --json; done

train: $(VENV)/installed-dev ## learn vectors, weights and message kinds anew from the data in ../shared
	$(BIN)/python -m knowledge.training.spoken
	$(BIN)/python -m knowledge.training.meaning $(SNAPSHOT)
	$(BIN)/python -m knowledge.training $(SNAPSHOT) $(SHARED)/questions --elsewhere handlers/training/seeds/refuse-everyday.txt handlers/training/seeds/refuse-voices.txt
	$(BIN)/python -m handlers.training --snapshot $(SNAPSHOT)

format: $(VENV)/installed-dev ## put the code into the house's layout
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(VENV)/installed ## resolve the dependencies of pyproject.toml anew into the lock files
	@PYTHON=$(BIN)/python tools/resolve.sh

system: ## install what the tests need from the system, when allowed to
	@tools/system-packages.sh

clean: ## remove .venv and the tools' caches; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A stamp is written only when every step before it has succeeded, so an interrupted install starts again.
$(VENV)/made: tools/make-venv.sh
	@echo "Đang tạo môi trường $(VENV) ..."
	@tools/make-venv.sh $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/made requirements.lock pyproject.toml
	@echo "Đang cài các thư viện đã khóa phiên bản ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@echo "Đang cài công cụ kiểm thử ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
