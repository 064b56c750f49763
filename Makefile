# The manual of the project. `make guide` and `make test` are all most people need.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONHASHSEED := 0

.PHONY: guide test lab pdf audit bench proof torture translations templates samples golden format clean

guide: browser-python     ## run the four sample municipalities and build the guide in _build/site/
	$(BIN)/helhed guide

test: .scale.stamp browser-python ## everything that must hold, with a real browser and LibreOffice
	$(BIN)/python tests/set_up_machine.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pytest -n 2 --dist loadfile

lab: .venv.stamp          ## JupyterLab, opened on the page that lists the notebooks and what each needs
	$(BIN)/python -m helhed.publishing.lab_page notebooks
	$(BIN)/jupyter lab notebooks --MappingKernelManager.root_dir='$(CURDIR)' --LabApp.default_url=/lab/workspaces/helhed/tree/start_here.md

pdf: guide                ## the guide as one PDF in each language, in _build/pdf/; needs Chromium
	$(BIN)/python -m helhed.publishing.pdf_guide _build/source _build/pdf

bench: .scale.stamp       ## side-by-side speed ratios
	for name in intake selection simulation runner; do $(BIN)/python benchmarks/$$name.py || exit 1; done

proof: .venv.stamp        ## the study of invented municipalities whose truth is known; writes the guide's table anew
	$(BIN)/python benchmarks/evaluation.py 500

audit: .venv.stamp        ## compare the locked list of libraries with known faults; needs the internet
	$(PYTHON) -m venv _build/audit
	_build/audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	_build/audit/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip

torture: .scale.stamp     ## runs killed at 200 moments, and 100,000 faulty files
	$(BIN)/python benchmarks/kills.py 200 0-2
	$(BIN)/python benchmarks/fuzz.py 104000

translations: .venv.stamp ## after a change of an English page: bring the Danish catalogues up to date
	$(BIN)/python -m helhed.publishing.translations update

templates: .venv.stamp    ## write the Word and Excel templates anew
	$(BIN)/python templates/make_templates.py
	$(BIN)/python templates/make_role_documents.py
	$(BIN)/python templates/make_plan_forms.py
	$(BIN)/python templates/make_workbooks.py
	$(BIN)/python templates/make_family_list.py
	$(BIN)/python templates/make_indicator_sheets.py
	$(BIN)/python templates/make_self_assessments.py
	$(BIN)/python templates/make_impact_assessment.py
	$(BIN)/python templates/make_blanks.py
	$(BIN)/python templates/make_examples.py
	$(BIN)/python templates/make_chapter_documents.py
	$(BIN)/python templates/make_passport.py

samples: .venv.stamp      ## write the sample municipalities anew
	$(BIN)/python sample_data/make_sample.py
	$(BIN)/python sample_data/make_ten_municipalities.py

golden: .venv.stamp       ## record the key numbers of the sample runs anew, after a wanted change
	HELHED_GOLDEN=1 $(BIN)/pytest tests/backtest

format: .venv.stamp       ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:                    ## remove what was made
	rm -rf _build sample_data/*/runs sample_data/*/check

# Engines for the whole country; only the tests and the benchmarks need them all.
.scale.stamp: .venv.stamp requirements-scale.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-scale.lock
	touch .scale.stamp

# Python for the guide's page "In your browser". Without a network the guide is built all the same, and says so.
.PHONY: browser-python
browser-python: .venv.stamp
	$(BIN)/python -m helhed.publishing.pyodide_files

.venv.stamp: requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else 'Helhed needs Python 3.11, 3.12 or 3.13: make PYTHON=python3.11 …')"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch .venv.stamp
