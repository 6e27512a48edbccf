# Needs only Python 3.11-3.13 with venv, and make. `make run` and `make test` set up everything themselves.
PYTHON ?= python3
LANGUAGE ?= zh
CORPUS ?= data/demo/reports
METADATA ?= $(if $(filter data/demo/reports,$(CORPUS)),data/demo/metadata.csv)
OUT ?= results
BIN = .venv/bin
READY = .venv/.ready
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test acceptance fuzz bench setup lab check lock clean
.DEFAULT_GOAL := run

run: $(READY)
	$(BIN)/burdenlab run "$(CORPUS)" -o "$(OUT)" $(if $(METADATA),--metadata "$(METADATA)") --lang $(LANGUAGE)

# A module stays with one worker, so that its fixtures run once; the workers share the cores, so each counts with one thread.
test: $(READY)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Long runs: encodings and hostile files by the hundred, on the real documents beside the checkout.
acceptance: $(READY)
	$(BIN)/python -m pytest -m acceptance tests

# Every reader fed with broken bytes; needs Linux, where atheris has wheels.
fuzz: $(READY)
	$(BIN)/python -c "import atheris" 2>/dev/null || $(BIN)/python -m pip install --quiet atheris==3.0.0
	for target in decode html docx pdf table codebook; do \
		PYTHONPATH=. $(BIN)/python tests/fuzz.py $$target -max_total_time=60 || exit 1; done

# Ratios against a peer in the same run; rensa is the peer of shared passages.
bench: $(READY)
	$(BIN)/python -c "import rensa" 2>/dev/null || $(BIN)/python -m pip install --quiet rensa==0.5.0
	PYTHONPATH=. $(BIN)/python tests/bench.py

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify notebooks/*.ipynb

setup: $(READY)

lab: $(READY)
	$(BIN)/jupyter lab --notebook-dir=notebooks

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

# For maintainers: needs uv. The lock holds hashes and no address.
lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
		--group dev --quiet --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
