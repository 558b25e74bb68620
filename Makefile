# qgate: `make help` lists the targets.

VERSION := 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=

# `make V=1` shows the commands.
Q   := $(if $(V),,@)
SAY  = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,$(info $(1) $(2)))

# As many jobs as processors, unless told otherwise, or given several goals: their order may matter.
ifeq ($(MAKELEVEL)$(word 2,$(MAKECMDGOALS)),0)
MAKEFLAGS += -j$(shell nproc 2> /dev/null || echo 2)
endif

# A variant is a build directory with its own flags: release, dev, asan, clang, coverage.
VARIANT ?= release
B       := build/$(VARIANT)
SANITIZE ?=
WERROR  ?=

# `make WITH_POSTGRES=0` leaves PostgreSQL out (after `make clean`).
export WITH_POSTGRES ?= 1

# Asked once, and not before a recipe needs it: pkg-config may be installed by then only.
LIBS := libxml-2.0 yajl jansson yaml-0.1 libpcre2-8 libgit2 nettle libcurl sqlite3 \
        $(if $(filter 0,$(WITH_POSTGRES)),,libpq)
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(LIBS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $(shell pkg-config --libs $(LIBS)))$(PKG_LIBS)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wformat=2 -Wvla -Wcast-qual -Wwrite-strings
HARDEN   := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
OPTIMISE := -O2 -g
ifneq ($(SANITIZE),)
HARDEN   := -fPIE -DARENA_SEPARATE_BLOCKS
OPTIMISE := -O1 -g -fno-omit-frame-pointer -fsanitize=$(SANITIZE) -fno-sanitize-recover=all
endif
# clang's warnings are the same at every level.
ifneq ($(filter clang coverage mutation,$(VARIANT)),)
HARDEN   := -fPIE
OPTIMISE := -O0 $(if $(filter coverage,$(VARIANT)),-g --coverage)
endif
CFLAGS  ?= $(OPTIMISE)
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -DQGATE_VERSION='"$(VERSION)"' $(if $(filter 0,$(WITH_POSTGRES)),-DWITHOUT_POSTGRES) -I. $(WARNINGS) $(WERROR) $(HARDEN) $(CFLAGS) $(PKG_CFLAGS)
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(filter --coverage,$(OPTIMISE))

GATES_C  := $(wildcard gates/*/*.c)
RUNNER_C := $(filter-out $(if $(filter 0,$(WITH_POSTGRES)),%/postgres.c),$(wildcard runner/*.c runner/*/*.c))
UNIT_C   := $(wildcard tests/unit/test_*.c tests/golden/test_*.c)
POLICIES := $(wildcard gates/policies/*.yml)
SCHEMAS  := $(wildcard schemas/*.schema.json)
MIGRATIONS := $(wildcard runner/store/migrations/*.sql)
DATA     := $(wildcard gates/measure/*.yml)
EMBED    := $(B)/embedded.o

GATES_O  := $(GATES_C:%.c=$(B)/%.o)
RUNNER_O := $(RUNNER_C:%.c=$(B)/%.o)
# A test links what it calls of these, not all there is: that is most of the time its link would take.
ARCHIVES := $(B)/librunner.a $(B)/libgates.a
UNIT     := $(UNIT_C:%.c=$(B)/%)
DRIVERS  := $(B)/tests/history/driver $(B)/tests/zone/driver
MAN      := $(patsubst docs/%.scd,$(B)/%,$(wildcard docs/man/*.scd))
SHELLS   := bash zsh fish

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all help deps demo test asan dev lint coverage judge mutation fuzz bench corpus contract ci-local component image golden manual man completions check-docs install uninstall dist clean

all: $(B)/qgate ## build build/release/qgate

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

deps: ## install what is missing: libraries, test tools, checkers
	@ci/deps.sh all

$(B)/qgate: $(B)/runner/main.o $(ARCHIVES)
	$(call SAY,ld,$@)$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/libgates.a: $(GATES_O) $(EMBED)
$(B)/librunner.a: $(filter-out $(B)/runner/main.o,$(RUNNER_O))
$(ARCHIVES):
	$(call SAY,ar,$@)$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/%.o: %.c | build/deps-build.stamp
	@mkdir -p $(@D)
	$(call SAY,cc,$<)$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The ready-made policies, the schemas, the store's migrations and data are compiled in: the program is one file.
$(B)/embedded.c: ci/embed.sh $(POLICIES) $(SCHEMAS) $(MIGRATIONS) $(DATA)
	@mkdir -p $(@D)
	$(Q)ci/embed.sh $(POLICIES) $(SCHEMAS) $(MIGRATIONS) $(DATA) > $@

$(EMBED): $(B)/embedded.c gates/policies/embedded.h | build/deps-build.stamp
	$(call SAY,cc,$<)$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Once per tree and stage (build, test, lint): looks for what is needed and installs what is missing.
build/deps-%.stamp: ci/deps.sh
	@mkdir -p build
	@ci/deps.sh $*
	@touch $@
build/deps-test.stamp: build/deps-build.stamp tests/editor/package-lock.json # one installs at a time
build/deps-lint.stamp: build/deps-test.stamp

demo: all ## judge the reports of a small service, once passing and once failing
	@tests/demo/run.sh $(B)/qgate

# Every cmocka program and every bats file; ends with `N passed, N failed`.
test: build/deps-test.stamp all $(UNIT) $(DRIVERS) ## run all tests
	@$(if $(JUNIT),mkdir -p $(JUNIT) && JUNIT=$(abspath $(JUNIT))) tests/run.sh $(B)

$(B)/tests/%: tests/%.c $(ARCHIVES) $(wildcard tests/support/*.h) | build/deps-test.stamp
	@mkdir -p $(@D)
	$(call SAY,cc,$<)$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< $(ARCHIVES) $(PKG_LIBS) -lcmocka

asan: ## all tests under the address and undefined-behaviour sanitizers
	$(MAKE) VARIANT=asan SANITIZE=address,undefined WERROR=-Werror test

dev: build/deps-lint.stamp ## build with warnings as errors, gcc and clang
	$(MAKE) VARIANT=dev WERROR=-Werror CC=gcc all
	$(MAKE) VARIANT=clang WERROR=-Werror CC=clang all

lint: build/deps-lint.stamp ## layers, symbols, banned functions, clang-tidy, cppcheck, shellcheck, codespell
	@ci/lint.sh

# The programs of the command line's tests take minutes and test runner/: they are left out.
coverage: build/deps-lint.stamp ## which lines and branches the tests take; fails below the floors
	$(MAKE) VARIANT=coverage all $(UNIT_C:%.c=build/coverage/%)
	@ci/coverage.sh build/coverage

judge: all ## qgate judges qgate, by .qgate.yml and what `make coverage` left
	$(B)/qgate check

mutation: build/deps-test.stamp ## change the judge in every place: a test must notice (takes minutes)
	$(MAKE) VARIANT=mutation build/mutation/libgates.a
	@tests/mutation/run.py build/mutation $(if $(SAMPLE),--sample $(SAMPLE))

fuzz: build/deps-lint.stamp ## a short run of every fuzz target (FUZZ_SECONDS each, or FUZZ_RUNS inputs)
	@ci/fuzz.sh

print-%: # a variable, quoted for a shell: ci/lint.sh and ci/fuzz.sh call the compiler too
	$(info $($*))@:

bench: all $(B)/tests/bench/store ## the figures of docs/performance.md, side by side
	tests/bench/run.sh $(B)/qgate

FORMATS ?= cobertura junit jasmine sonarqube trivy jmeter
corpus: all ## compare with independently computed facts: make corpus CORPUS=DIR
	@for f in $(FORMATS); do python3 $(CORPUS)/check.py --qgate $(B)/qgate --format $$f || failed=1; done; \
	test -z "$$failed"

CONTRACT ?= ../shared/gitlab-contract.json
contract: all build/deps-test.stamp ## check what is sent to GitLab against its API description (CONTRACT=FILE)
	@tests/contract/run.sh $(B)/qgate $(CONTRACT)

ci-local: all build/deps-test.stamp ## run the pipeline template in a throw-away repository, without a GitLab
	@tests/ci-local/run.sh $(B)/qgate

image: ## build the image for pipelines and try it (podman, buildah or docker)
	@ci/image.sh qgate:$(VERSION)

component: ## write the project of a CI/CD component: make component DIR=…
	@ci/component.sh $(DIR)

golden: all ## rewrite the expected texts of fixtures/; review the diff like code
	tests/golden/update.sh $(B)/qgate

manual: all ## rewrite what docs/man repeats of the program
	@ci/manual.sh $(B)/qgate docs/man/*.scd

man: $(MAN) ## build the manual pages
$(B)/man/%: docs/man/%.scd | build/deps-build.stamp
	@mkdir -p $(@D)
	$(call SAY,scdoc,$@)$(Q)scdoc < $< > $@

completions: $(SHELLS:%=$(B)/completions/%)
$(B)/completions/%: $(B)/qgate
	@mkdir -p $(@D)
	$(Q)$(B)/qgate completion $* > $@

check-docs: all man ## examples in the documentation load, tables agree with the program
	@ci/check-docs.sh $(B)/qgate
	@ci/check-walk.sh

SHARE = $(DESTDIR)$(PREFIX)/share
install: all man completions ## install into PREFIX (DESTDIR obeyed)
	install -D -m 755 $(B)/qgate $(DESTDIR)$(PREFIX)/bin/qgate
	install -D -m 644 $(B)/man/qgate.1 $(SHARE)/man/man1/qgate.1
	install -D -m 644 $(B)/man/qgate-policy.5 $(SHARE)/man/man5/qgate-policy.5
	install -D -m 644 $(B)/man/qgate-delivery.5 $(SHARE)/man/man5/qgate-delivery.5
	install -D -m 644 $(B)/completions/bash $(SHARE)/bash-completion/completions/qgate
	install -D -m 644 $(B)/completions/zsh $(SHARE)/zsh/site-functions/_qgate
	install -D -m 644 $(B)/completions/fish $(SHARE)/fish/vendor_completions.d/qgate.fish

uninstall: ## remove what install wrote
	rm -f $(DESTDIR)$(PREFIX)/bin/qgate $(SHARE)/man/man1/qgate.1 $(SHARE)/man/man5/qgate-policy.5 \
	    $(SHARE)/man/man5/qgate-delivery.5 $(SHARE)/bash-completion/completions/qgate \
	    $(SHARE)/zsh/site-functions/_qgate $(SHARE)/fish/vendor_completions.d/qgate.fish

dist: ## a source archive of HEAD
	@mkdir -p build
	git archive --format=tar.gz --prefix=qgate-$(VERSION)/ -o build/qgate-$(VERSION).tar.gz HEAD

clean: ## remove build/
	rm -rf build

-include $(GATES_O:.o=.d) $(RUNNER_O:.o=.d) $(UNIT:=.d) $(DRIVERS:=.d)
