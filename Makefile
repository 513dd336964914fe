# Needs python3 (3.11 or newer) and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# Without compiled files every start of Streamlit takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-all check format bench screenshots clean

run: $(VENV)/.installed  ## Start Model Designer and print its address.
	$(BIN)/streamlit run pages/main.py --server.port $(PORT)

test: $(VENV)/.installed-test check  ## Everything but the exhaustive sweeps.
	$(BIN)/python -m pytest -n 2 -m "not exhaustive and not browser"
	$(BIN)/python -m pytest -m "browser and not exhaustive"

test-all: $(VENV)/.installed-test check  ## Every test, the exhaustive sweeps included.
	$(BIN)/python -m pytest -n 2 -m "not browser"
	$(BIN)/python -m pytest -m browser

check: $(VENV)/.installed-test  ## Style and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-test  ## Ratios, both sides in one run; writes benchmarks/RESULTS.md.
	$(BIN)/python -m benchmarks

screenshots: $(VENV)/.installed-test  ## The pictures of the README.
	$(BIN)/python -m tests.browser.screenshots

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
