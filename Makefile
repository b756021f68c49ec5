# `make run` starts Majlis; `make test` runs every check. Each target is one script, readable by itself.
.PHONY: help setup run test check soak bench lock clean
.DEFAULT_GOAL := help

PYTHON ?= python3
export PYTHON
ARGS ?=
DATA ?=
FULL ?=

help: ## what can be asked of make
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

setup: ## the environment in .venv, from requirements.txt (nothing is done when it is up to date)
	@bash scripts/setup.sh

run: setup ## start Majlis here (ARGS="--port 8080" passes options on)
	@exec .venv/bin/majlis run $(ARGS)

test: ## everything that is checked before a change is accepted
	@bash scripts/apt.sh --test
	@bash scripts/setup.sh --dev
	@bash scripts/check.sh

check: ## chosen steps only: make check ARGS="lint types"
	@bash scripts/setup.sh --dev
	@bash scripts/check.sh $(ARGS)

soak: ## the long test of receiving and sending under failures
	@bash scripts/apt.sh --test
	@bash scripts/setup.sh --dev
	@MAJLIS_TEST_SOAK=1 .venv/bin/python -m pytest -m soak tests/soak tests/cli tests/lib $(ARGS)
	@MAJLIS_TEST_SOAK=1 .venv/bin/python -m pytest -m soak tests/browser

bench: setup ## the benchmarks (FULL=1 at full size, DATA=folder for those that need data)
	@.venv/bin/majlis bench all $(if $(FULL),--full) $(if $(DATA),--data "$(DATA)") $(ARGS)

lock: ## both lock files anew from pyproject.toml (needs uv)
	@bash scripts/lock.sh

clean: ## remove the environment and what the checks left behind; ./var (your data) stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build majlis.egg-info
	find majlis tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
