# make demo   environment, then the main job on the shipped corpus; ends with a page to open
# make test   environment, then all tests
# make lint   ruff and mypy
# make bench  benchmarks (ratios measured side by side, not part of the tests)
# make docs   the site of the docs, in docs/_build/html, with every warning an error
# make golden writes the golden files anew from what is read now
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif

.PHONY: demo test lint bench docs golden environment clean

environment: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[notebooks]" --group dev
	$(BIN)/python -c "open('$(VENV)/.ready', 'w').close()"

demo: environment
	$(BIN)/nianbao build corpus/reports --issuers corpus/issuers.csv --reuse -o demo
	@$(BIN)/python -c "import pathlib; print('用浏览器打开：', pathlib.Path('demo/index.html').resolve())"

test: environment
	$(BIN)/python -m pytest -n 2 --dist loadfile

docs: environment
	$(BIN)/python -m sphinx -b html -q -W --keep-going -d docs/_build/trees docs docs/_build/html
	@$(BIN)/python -c "import pathlib; print('用浏览器打开：', pathlib.Path('docs/_build/html/index.html').resolve())"

golden: environment
	$(BIN)/python -m pytest tests/golden --rewrite-golden

lint: environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: environment
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	$(BIN)/python tests/benchmarks/reuse/run.py 300

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('$(VENV)', 'demo', 'docs/_build')]"
