# Lamplight. "make" alone lists the targets; every one sets up by itself whatever it needs.
.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help setup run gate test check compiled chaos chaos-sync chaos-gate fuzz load screens papers lease benchmark matrix format app lock steps system assets

PYTHON := .venv/bin/python
UV := .tools/bin/uv
ASSETS := assets/third_party

# certificates that this machine trusts, a site's own registry mirror among them
export UV_SYSTEM_CERTS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# each of the demonstration's processes would compile its imports anew
unexport PYTHONDONTWRITEBYTECODE

help: ## list the targets
	@sed -n 's/^\([a-z-]*\): .*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## install everything that is missing, from a bare Debian 12 on
	@flock .setup.lock $(MAKE) --no-print-directory steps

run: setup ## start the kiosk, its simulated devices and a records service
	@$(PYTHON) -m simulators.demo

gate: setup ## start two gates of a community, what stands around them, and a records service
	@$(PYTHON) -m simulators.gate_demo

DATABASE ?= sqlite
test: setup ## run the static rules, then every test (DATABASE=postgresql: with records on a server that they start)
	@$(MAKE) --no-print-directory --jobs=2 check compiled
	@LAMPLIGHT_TEST_DATABASE=$(DATABASE) $(PYTHON) -m pytest --numprocesses 3 --no-loadscope-reorder

check: setup ## run the static rules: style, types, architecture
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports

# else each of the processes that run the tests would compile all of them, at the same time
compiled: setup
	@$(PYTHON) -m pytest --collect-only --quiet --quiet >/dev/null || true

screens: setup ## render every screen to a picture
	@$(PYTHON) -m simulators.screens

papers: setup ## print every paper, signed, on both printers, and have others judge them
	@$(PYTHON) -m simulators.papers

SEED ?= 1
N ?= 500
JOBS ?= 2
chaos: setup ## issue papers while everything fails, and judge what became of them (SEED=, N=, JOBS=)
	@$(PYTHON) -m tests.chaos --seed $(SEED) --count $(N) --jobs $(JOBS)

CASES ?= 10000
fuzz: setup ## hold the OpenAPI description against a running service (CASES=, SEED=, DATABASE=)
	@LAMPLIGHT_TEST_DATABASE=$(DATABASE) $(PYTHON) -m tests.contract_fuzz --cases $(CASES) --seed $(SEED)

SCALE ?= 1
load: setup ## measure what records carry, beside an empty route, on both databases (SCALE=)
	@$(PYTHON) -m tests.load --scale $(SCALE)

KIOSKS ?= 40
chaos-sync: N = 600
chaos-sync: setup ## sync while lines, kiosks and records die, and judge it (SEED=, N= seconds, KIOSKS=, DATABASE=)
	@LAMPLIGHT_TEST_DATABASE=$(DATABASE) $(PYTHON) -m tests.chaos_sync --seed $(SEED) --seconds $(N) --kiosks $(KIOSKS)

DAYS ?= 14
chaos-gate: N = 12000
chaos-gate: setup ## live behind a community's gates while lines, power and clocks fail, and judge it (SEED=, N= people, DAYS=)
	@$(PYTHON) -m tests.chaos_gate --seed $(SEED) --people $(N) --days $(DAYS)

lease: DATABASE = postgresql
lease: setup ## a lease opens two gates until its day, by slip, face, card and telephone: pictures, times, what is kept (out/lease/; DATABASE=sqlite: on a file)
	@$(PYTHON) -m tests.lease --database $(DATABASE)

benchmark: setup ## measure speed against peers (PART=gate: what begins so)
	@$(PYTHON) -m tests.benchmark $(PART)

matrix: setup ## hand altered, void and genuine papers to the verifier, in every way
	@$(PYTHON) -m tests.matrix

format: setup ## lay the code out as the rules ask
	@.venv/bin/ruff check --fix-only --quiet
	@.venv/bin/ruff format

app: setup ## build the stand-alone kiosk application, and test it
	@echo "Building the application: about three minutes."
	@# Kivy complains at length of every provider that a kiosk does not use
	@mkdir -p build
	@.venv/bin/pyinstaller --noconfirm --log-level WARN kiosk.spec >build/log 2>&1 || { cat build/log >&2; exit 1; }
	@$(PYTHON) -m pytest tests/built_app

lock: setup ## pin the newest dependencies that work together
	@for name in tools build runtime dev; do $(UV) pip compile --quiet --upgrade --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header $$([ $$name = dev ] && echo --constraints requirements/runtime.txt) \
	  requirements/$$name.in --output-file requirements/$$name.txt || exit; done

# --- set-up: each step leaves a mark inside what it makes, so removing a thing removes its mark ---

steps: system .venv/.ready assets $(if $(wildcard devices/face/pack.py),$(ASSETS)/.face_pack_ready)

system:
	@scripts/system_packages.sh

.tools/.ready: requirements/tools.txt | system
	@echo "Installing the set-up tools."
	@python3 -c 'import sys; sys.version_info[:2] == (3, 11) or sys.exit("Python 3.11 is needed, as in Debian 12.")'
	@python3 -m venv .tools
	@.tools/bin/pip install --quiet --require-hashes --requirement $<
	@touch $@

.venv/.ready: requirements/runtime.txt requirements/dev.txt requirements/build.txt pyproject.toml .tools/.ready
	@echo "Installing the Python packages."
	@test -x $(PYTHON) || python3 -m venv --without-pip .venv
	@$(UV) pip sync --quiet --python $(PYTHON) --require-hashes --build-constraints requirements/build.txt \
	  requirements/runtime.txt requirements/dev.txt
	@$(UV) pip install --quiet --python $(PYTHON) --no-deps --build-constraints requirements/build.txt --editable .
	@touch $@

assets: .tools/.ready
	@.tools/bin/python scripts/assets.py

$(ASSETS)/.face_pack_ready: $(wildcard devices/face/*.py) assets/manifest.toml | assets .venv/.ready
	@echo "Building the face pack."
	@$(PYTHON) -m devices.face.pack $(ASSETS)/models $(ASSETS)/face_pack
	@touch $@
