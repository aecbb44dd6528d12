# Everything sets itself up: `make demo` or `make test` in a fresh clone is enough.
# It needs make, a Python from 3.11 to 3.13 with pip, and a package index.

PYTHON ?= $(shell for p in python3 python3.12 python3.13 python3.11 python; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
  && echo $$p && break; done)

BIN := .venv/bin
READY := .venv/.ready
READY_TELLURIUM := .venv/.ready-tellurium
READY_NATIVE := .venv/.ready-native
READY_ORACLES := .venv-oracles/.ready

# threads that wait for each other cost tenfold on matrices as small as ours
export OPENBLAS_NUM_THREADS := 1

.PHONY: help demo native sanitize valgrind fuzz fuzz-readers accuracy agreement test lint format bench contexts oracles sbml wheel clean distclean

help:
	@echo "make demo       short against prolonged rapamycin, SBML, a blot fit: into results/"
	@echo "make native     compile the native engine (make test does it too)"
	@echo "make sanitize   tests of the native engine that stop at memory errors and undefined behaviour"
	@echo "make valgrind   a short run of the native engine under valgrind, where that is installed"
	@echo "make fuzz       random networks, numbers and protocols for MINUTES=10 through the native engine"
	@echo "make accuracy   how far off the native engine is, beside CVODE: a page (half an hour)"
	@echo "make test       all tests"
	@echo "make lint       ruff and mypy --strict"
	@echo "make bench      timings against other engines, each in its own environment: benchmarks/RESULTS.md"
	@echo "make contexts   every kind of cell from 20 random starts: one steady state each"
	@echo "make agreement  every protocol and kind of cells in other simulators: docs/reference/agreement.md"
	@echo "make oracles    expand a sub-network with BioNetGen and store the result"
	@echo "make sbml       write sbml/ anew"
	@echo "make wheel      build the wheel and the source archive into dist/"
	@echo "make clean      remove what was generated; distclean: the environments too"

NATIVE := $(wildcard mtorkin/engines/native/src/*) mtorkin/engines/native/compile.py

$(READY): pyproject.toml constraints.txt hatch_build.py
	@test -n "$(PYTHON)" || { echo "mtorkin needs Python 3.11, 3.12 or 3.13; set PYTHON=..." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e '.[dev,copasi,petab,sampling,xlsx]'
# PEtab's test cases; what made them (PySB, with a sympy of its own) is not needed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps petabtests==0.0.1
	touch $@

# where there is no compiler, everything but the native engine works
$(READY_NATIVE): $(READY) $(NATIVE)
	-$(BIN)/python mtorkin/engines/native/compile.py
	touch $@

native: $(READY_NATIVE)

# the native engine under AddressSanitizer and UndefinedBehaviorSanitizer, then built again without
SANITIZERS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
SANITIZED := tests/engines/test_native.py tests/engines/test_native_tables.py tests/engines/test_native_fuzz.py \
  tests/many/test_simulate_many.py tests/many/test_howto.py tests/test_sensitivities.py
sanitize: $(READY_NATIVE)
	$(BIN)/python mtorkin/engines/native/compile.py $(SANITIZERS)
	LD_PRELOAD="$$($${CXX:-c++} -print-file-name=libasan.so) $$($${CXX:-c++} -print-file-name=libstdc++.so)" \
	  ASAN_OPTIONS=detect_leaks=0 $(BIN)/python -m pytest -q -x -s -m "not slow" $(SANITIZED); \
	  status=$$?; $(BIN)/python mtorkin/engines/native/compile.py && exit $$status

# a few seeds of the fuzz under memcheck, which has no AVX-512: the library for AVX2; some minutes
SEEDS ?= 3
valgrind: $(READY_NATIVE)
	PYTHONPATH=.:tests $(BIN)/python tests/engines/valgrind_run.py $(SEEDS)

MINUTES ?= 10
SEED ?= $(shell date +%s)
fuzz: $(READY_NATIVE)
	PYTHONPATH=.:tests $(BIN)/python tests/engines/fuzz.py $(MINUTES) $(SEED)

accuracy: $(READY_NATIVE)
	$(BIN)/python -m benchmarks.accuracy

# 200 MB more that only one test needs, so `make demo` does without
$(READY_TELLURIUM): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e '.[tellurium]'
	touch $@

demo: $(READY) $(READY_NATIVE)
	$(BIN)/python examples/demo.py --out results

test: $(READY) $(READY_NATIVE) $(READY_TELLURIUM)
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# 10,000 mutated SBML and PEtab files: each is read or refused
fuzz-readers: $(READY) $(READY_NATIVE)
	$(BIN)/python -W ignore tests/petab_problems/fuzz_readers.py --count 10000

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# a peer that cannot be set up is a row that says so; one alone: $(BIN)/python -m benchmarks --peer amici
bench: $(READY) $(READY_NATIVE)
	$(BIN)/python -m benchmarks --set-up
	$(BIN)/python -m benchmarks

contexts: $(READY) $(READY_NATIVE)
	MTORKIN_STARTS=20 $(BIN)/python -m pytest -q tests/contexts

# each tool in a process of its own; what AMICI compiled is kept in .venv-agreement/cache
agreement: $(READY) $(READY_NATIVE)
	$(BIN)/python -m benchmarks.agreement

# PySB and the bionetgen wheel pin a sympy that our test environment must not have
$(READY_ORACLES): tests/oracles/requirements.txt
	@test -n "$(PYTHON)" || { echo "mtorkin needs Python 3.11, 3.12 or 3.13; set PYTHON=..." >&2; exit 1; }
	test -x .venv-oracles/bin/python || $(PYTHON) -m venv .venv-oracles
	.venv-oracles/bin/python -m pip install --quiet --disable-pip-version-check \
	  -r tests/oracles/requirements.txt
	touch $@

oracles: $(READY) $(READY_ORACLES)
	$(BIN)/python tests/oracles/run.py --python .venv-oracles/bin/python

sbml: $(READY) $(READY_NATIVE)
	$(BIN)/mtorkin export sbml --out sbml/mtorkin.xml
	$(BIN)/python docs/reference/make_sbml_quality.py

wheel: $(READY)
	$(BIN)/python -m build --outdir dist

clean:
	rm -rf results dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -f mtorkin/engines/native/*.so .venv/.ready-native
	find mtorkin tests examples -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv .venv-oracles .venv-bench .venv-agreement
