# From a fresh clone: make run, make test, make check, make test-long, make bench. Each does its own set-up.
# PYTHON names the interpreter for .venv (3.11 or newer).

PYTHON ?= python3
BIN := .venv/bin
# Hundreds of processes start in a run of the tests: what Python compiled for one serves the next.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: set-up run check test test-long bench

set-up:
	@$(PYTHON) -B -m testbed.set_up

run: set-up
	@$(BIN)/onecard run

check: set-up
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: check
	@$(BIN)/python -c "from sim.playing import make_ready; make_ready('compiled')"
	@ONECARD_PUBLIC_TOOLS=$(CURDIR)/build/public-tools $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test-long: set-up
	@$(BIN)/python -m pytest -m long --timeout 3600

bench: set-up
	@$(BIN)/python -m testbed.bench
