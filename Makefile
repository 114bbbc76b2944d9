# Every promise of this repository is one target; `make` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.embedded: requirements.lock pyproject.toml
	@$(PYTHON) scripts/check_platform.py
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing into .venv (the first time takes a minute)"
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.embedded
	@echo "installing the test tools into .venv"
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

setup: .venv/.dev ## install everything the tests need

LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header --no-emit-package django --no-emit-package asgiref \
	--no-emit-package sqlparse pyproject.toml --extra embedded
lock: .venv/.dev ## write the lock files anew from pyproject.toml
	@$(LOCK) -o requirements.lock
	@$(LOCK) --extra dev -o requirements-dev.lock

.PHONY: help setup lock
