# Every command sets up what it needs first, on a machine with Python >= 3.11, git and make.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PYTHON_READY := .venv/.ready
NODE_READY := islands/node_modules/.ready
STATIC := src/hemiface/report/static
ISLANDS_BUILT := $(STATIC)/report.js
ISLANDS_SOURCES := $(shell find islands/src src/hemiface_clinic/styles src/hemiface_clinic/knowledge/drawings -type f 2>/dev/null) islands/build.mjs
WORDS := $(wildcard src/hemiface_clinic/locale/*/LC_MESSAGES/django.po)
NPM := cd islands && PATH="$(CURDIR)/.venv/bin:$$PATH" npm

.PHONY: help demo test test-postgres check lint bench bench-accuracy bench-course bench-mri bench-kill bench-upload bench-bombs bench-web docs wheel messages inventory lock setup clean

help:  ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 15

demo: setup  ## open a clinic full of virtual patients on this computer
	$(BIN)/hemiface demo

test: setup  ## run every test
	$(NPM) test
	$(BIN)/python -m pytest -n auto --dist loadfile

test-postgres: setup  ## run the site's tests on PostgreSQL, on a server of their own
	tools/with_postgres.sh $(BIN)/python -m pytest tests/clinic -n auto --dist loadfile

check: lint test  ## what must hold before a change lands

lint: setup  ## style, types, and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run check

bench: setup  ## measure accuracy and speed, write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

bench-accuracy: setup  ## render and measure many virtual patients, write benchmarks/ACCURACY.md
	$(BIN)/python -m benchmarks.patients

bench-course: setup  ## fit simulated years, write benchmarks/COURSE.md
	$(BIN)/python -m benchmarks.course

bench-mri: setup  ## measure phantoms of the MRI, write benchmarks/MRI.md
	$(BIN)/python -m benchmarks.mri

bench-kill: setup  ## kill workers while they work, write benchmarks/KILL9.md
	$(BIN)/python -m benchmarks.kill9

bench-upload: setup  ## send two gigabytes with twenty cuts, write benchmarks/UPLOAD.md
	$(BIN)/python -m benchmarks.upload

bench-bombs: setup  ## open files made to break a server, write benchmarks/BOMBS.md
	$(BIN)/python -m benchmarks.bombs

bench-web: setup  ## measure the website, write benchmarks/WEB.md
	$(BIN)/python -m benchmarks.web

docs: setup  ## check the documents, write the reference of the Python API to build/docs
	$(BIN)/python -m pytest tests/test_repository.py
	$(BIN)/python -m pdoc --docformat numpy --output-directory build/docs hemiface
	@echo "Open the reference: $(CURDIR)/build/docs/index.html"

wheel: setup  ## build dist/*.whl with everything it needs inside
	$(BIN)/python -m build --wheel --no-isolation

messages: setup  ## bring the translations up to date with the words of the pages
	@mkdir -p build
	PYTHONPATH=tools $(BIN)/pybabel -q extract -F tools/messages.cfg --no-location --sort-output \
		--omit-header -o build/site.pot .
	$(BIN)/pybabel -q update --no-fuzzy-matching -w 100 --ignore-obsolete -D django \
		-i build/site.pot -d src/hemiface_clinic/locale

inventory: setup  ## write docs/security-inventory.md from the code
	PYTHONPATH=tools:tests DJANGO_SETTINGS_MODULE=clinic.settings $(BIN)/python -c "import django; django.setup(); import inventory; inventory.write()"

lock: $(PYTHON_READY)  ## choose new versions of all dependencies
	tools/lock.sh

setup: $(PYTHON_READY) $(ISLANDS_BUILT) $(WORDS:.po=.mo)  ## only the set-up

$(PYTHON_READY): requirements.lock pyproject.toml tools/setup.sh tools/uv.lock
	PYTHON="$(PYTHON)" tools/setup.sh python
	@touch $@

$(NODE_READY): islands/package.json islands/package-lock.json tools/node.lock | $(PYTHON_READY)
	tools/setup.sh node
	$(NPM) ci --no-audit --no-fund
	@touch $@

$(ISLANDS_BUILT): $(ISLANDS_SOURCES) $(NODE_READY)
	$(NPM) run build
	@touch $@

%.mo: %.po | $(PYTHON_READY)
	$(BIN)/pybabel -q compile -i $< -o $@

clean:  ## remove everything that was generated, the set-up too
	rm -rf .venv islands/node_modules $(STATIC) out build dist $(WORDS:.po=.mo)
	rm -rf src/hemiface_clinic/static src/hemiface_clinic/collected
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
