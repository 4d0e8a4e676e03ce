# Data Sanitizer. `make` alone lists what there is.
#
# A machine needs Python 3.11 with pip, and make; everything else is installed into .venv from locks/, with hashes.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
INSTALLED := $(VENV)/.installed
# Processes for the tests; everything passes with 1 too.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
# Tests that start a server, a scheduler or dbt: what is quick leaves them out.
SERVED := $(foreach part,airflow_provider dags dbt_project engines registry stores,--ignore=tests/$(part))

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-down test test-airflow-oldest check lint format bench bench-engines bench-api bench-airflow docs macros lock clean browser java postgres

help: ## List what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Install the project and its tools into .venv (again only when a lock changed).

demo: setup ## Clean a real table and undo it; then the same in registry, Airflow and dbt (KEEP=1 leaves them running).
	$(BIN)/sanitizer demo build/demo
	$(BIN)/python -m showcase up build/pipeline $(if $(KEEP),--keep)

demo-down: ## Stop what `make demo KEEP=1` left running.
	$(BIN)/python -m showcase down build/pipeline

test: lint browser java postgres ## Run every check and every test.
	$(PYTEST) -m "not spark and not airflow"
	$(BIN)/python -m pytest -m spark
	$(BIN)/python -m pytest -m airflow

OLDEST := build/airflow-oldest
test-airflow-oldest: java setup ## Run the tests on Airflow with its oldest release that is supported, in an environment of its own.
	$(UV) venv --quiet --allow-existing --python $(BIN)/python $(OLDEST)
	$(UV) pip sync --quiet --python $(OLDEST)/bin/python --require-hashes locks/airflow-oldest.txt
	$(UV) pip install --quiet --python $(OLDEST)/bin/python --no-deps --no-build-isolation --editable .
	$(OLDEST)/bin/python -m pytest -m airflow

check: lint ## Run the quick ones, in under two minutes: format, lint, types, layers, unit tests.
	$(PYTEST) -m "not slow and not browser and not spark and not airflow" --hypothesis-profile quick $(SERVED)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml sanitizer_core api operators

format: setup ## Format the code, and mend what the linter can mend.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Time the engine against pandas, Polars and a bare copy; writes benchmarks/RESULTS.md.
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.contract

bench-engines: java setup ## Time the recipe in PostgreSQL and on Spark against SQL by hand; writes benchmarks/ENGINES.md.
	$(BIN)/python -m benchmarks.engines.run
	$(BIN)/python -m benchmarks.engines.run --growth

bench-api: setup ## Time the registry under many clients, jobs, events and a long log; writes benchmarks/API.md.
	$(BIN)/python -m benchmarks.api.run

bench-airflow: setup ## Time tasks against `sanitizer run`, and what a DAG file takes to be parsed; writes benchmarks/AIRFLOW.md.
	$(BIN)/python -m benchmarks.tasks.run

macros: setup ## Write the dbt package's column macros anew, from the compiler.
	$(BIN)/python -m sanitizer_core.dbt.column_macros dbt_project/macros

docs: setup ## Build the documentation into site/.
	$(BIN)/python docs/generate.py build/docs
	$(BIN)/zensical build --clean --strict

# No address goes into a lock: hashes say what a package is, and the machine says where packages come from.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-emit-build-options --no-annotate --custom-compile-command "make lock"

lock: $(UV) ## Resolve the dependencies anew, within the bounds of pyproject.toml, into locks/.
	$(COMPILE) --upgrade --group uv --output-file locks/uv.txt
	$(COMPILE) --upgrade pyproject.toml --all-extras --group dev --constraint locks/uv.txt --output-file locks/dev.txt
	cp locks/dev.txt locks/airflow-oldest.txt  # So that no other package differs than has to.
	$(COMPILE) pyproject.toml --all-extras --group dev --constraint locks/uv.txt --constraint locks/airflow-oldest.in \
		--output-file locks/airflow-oldest.txt

clean: ## Remove what was made here, .venv included.
	rm -rf $(VENV) build dist site demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): $(UV) locks/dev.txt pyproject.toml
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes locks/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# The pip of PYTHON installs into .venv, so that .venv needs none and works where ensurepip is missing.
$(UV): locks/uv.txt
	$(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r locks/uv.txt
	@touch $@

browser:
	@bash .ci/browser

postgres:
	@bash .ci/postgres

# Tests on Spark have a process to themselves: a second Java would need memory and time for nothing. So have those on
# Airflow, which takes hold of the logging and the environment of its process.
java:
	@bash .ci/java
