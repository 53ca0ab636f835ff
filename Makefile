# roentext. `make` builds into build/$(BUILD)/, `make help` names the targets.
BUILD  ?= release
OUT    ?= build/$(BUILD)
PREFIX ?= /usr/local
CC     := $(if $(filter default,$(origin CC)),gcc,$(CC))
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# What we stand on. Asked for when first needed, so that `make help` and `make setup` work on a bare machine.
PKGS       := icu-uc icu-i18n libpcre2-8 libxml-2.0 libxslt sqlite3 jansson nettle
pkg         = $(or $(shell pkg-config $1 2>/dev/null),$(error pkg-config finds no "$1": try `make setup` or `make setup-tests`))
PKG_CFLAGS  = $(eval PKG_CFLAGS := $$(call pkg,--cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS    = $(eval PKG_LIBS := $$(call pkg,--libs $(PKGS)))$(PKG_LIBS)
VERSION     = $(shell sed -n 's/.*rt_version(void);.*"\(.*\)".*/\1/p' src/roentext.h)
SOVERSION  := 0

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wold-style-definition -Wwrite-strings -Wcast-qual -Wcast-align -Wformat=2 -Wundef -Wvla -Wdouble-promotion \
        -Wswitch-enum -Wnull-dereference $(if $(WERROR),-Werror)
FORTIFY        := $(if $(filter 9 10 11,$(shell $(CC) -dumpversion 2>/dev/null)),2,3)
FLAGS_release  := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(FORTIFY) -fstack-protector-strong
FLAGS_debug    := -O0 -g3
FLAGS_asan     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FLAGS_ubsan    := -O2 -g -fsanitize=undefined -fno-sanitize-recover=all
FLAGS_tsan     := -O1 -g -fsanitize=thread
FLAGS_cov      := -O0 -g --coverage
FLAGS_fuzz     := $(FLAGS_asan) -fsanitize=fuzzer-no-link
CFLAGS         ?= $(or $(FLAGS_$(BUILD)),$(error BUILD=$(BUILD) is none of release debug asan ubsan tsan cov fuzz))
BASE_FLAGS     := -std=c17 -D_POSIX_C_SOURCE=200809L -Isrc $(WARN) -fno-common -fvisibility=hidden -fPIC -pthread
COMPILE         = @mkdir -p $(@D) && echo "  CC    $@" && $(CC) $(BASE_FLAGS) $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP
LINK            = @mkdir -p $(@D) && echo "  LINK  $@" && $(CC) $(CFLAGS) $(LDFLAGS) -pthread

objects  = $(patsubst %.c,$(OUT)/obj/%.o,$(wildcard $1))
CLI_OBJ := $(call objects,src/cli/*.c)
LIB_OBJ := $(filter-out $(CLI_OBJ) $(OUT)/obj/src/index/extension.o,$(call objects,src/*.c src/*/*.c))
EXT_OBJ := $(patsubst %,$(OUT)/ext/src/%.o,$(addprefix base/,arena buf err str utf8) text/fold text/text $(addprefix index/,content extension pieces tokenizer))
EXT     := $(OUT)/roentext_fts5.so
LIB     := $(OUT)/libroentext.a
SHARED  := $(OUT)/libroentext.so
PROGRAM := $(if $(CLI_OBJ),$(OUT)/roentext)
LEXICON := $(if $(wildcard src/cli/cmd_lexicon.c),$(if $(wildcard lexicons/concepts.tsv),$(OUT)/lexicon.rtl))
UNIT    := $(patsubst tests/unit/%.c,$(OUT)/test/%,$(wildcard tests/unit/test_*.c))
HELPER  := $(filter-out $(OUT)/obj/tests/unit/test_%,$(call objects,tests/unit/*.c))
FUZZ    := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY  := $(FUZZ:%=$(OUT)/replay/%)
BENCH   := $(patsubst bench/%.c,$(OUT)/bench/%,$(wildcard bench/*.c))

all: $(LIB) $(SHARED) $(EXT) $(PROGRAM) $(LEXICON) ## build the library, the program, the SQLite extension and the compiled lexicon

$(OUT)/obj/%.o: %.c Makefile
	$(COMPILE) -c $< -o $@
$(OUT)/ext/%.o: %.c Makefile
	$(COMPILE) -DRT_SQLITE_EXTENSION -c $< -o $@
$(EXT): $(EXT_OBJ)
	$(LINK) -shared $^ -o $@
$(LIB): $(LIB_OBJ)
	@rm -f $@ && echo "  AR    $@" && $(AR) rcs $@ $^
$(SHARED): $(LIB_OBJ)
	$(LINK) -shared -Wl,-soname,libroentext.so.$(SOVERSION) $^ $(PKG_LIBS) -lm -o $@
$(OUT)/roentext: $(CLI_OBJ) $(LIB)
	$(LINK) $^ $(PKG_LIBS) -lm -o $@
$(OUT)/lexicon.rtl: $(OUT)/roentext $(wildcard lexicons/*.tsv templates/*.xml templates/schema/*.xsd)
	@echo "  LEX   $@" && $(OUT)/roentext lexicon compile --lexicons lexicons -o $@
$(OUT)/test/%: tests/unit/%.c $(HELPER) $(LIB) Makefile
	$(COMPILE) $(call pkg,--cflags check) $< $(HELPER) $(LIB) $(call pkg,--libs check) $(PKG_LIBS) -lm $(LDFLAGS) -MF $@.d -MT $@ -o $@
$(OUT)/replay/%: $(OUT)/obj/tests/fuzz/%.o $(OUT)/obj/tests/fuzz/replay.o $(LIB)
	$(LINK) $^ $(PKG_LIBS) -lm -o $@
$(OUT)/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(LIB)
	$(LINK) -fsanitize=fuzzer $^ $(PKG_LIBS) -lm -o $@
$(OUT)/bench/%: bench/%.c $(LIB) Makefile
	$(COMPILE) $< $(LIB) $(PKG_LIBS) -lm $(LDFLAGS) -MF $@.d -MT $@ -o $@

# ---- tests: every suite is a list of commands for tests/run.sh, which counts what each of them counted
FUZZ_TIME ?= 30
# seconds a unit test may take: sanitizers on a busy machine need more than four
export CK_DEFAULT_TIMEOUT ?= 30
JOBS      ?= 2
PARALLEL   = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
export OUT CC WERROR
export ROENTEXT := $(OUT)/roentext
sub      = $(if $(filter build/%,$(OUT)),build,$(OUT))/$1
RUN     := tests/run.sh
SUITES  := $(UNIT) $(sort $(wildcard tests/golden/run.sh tests/golden/fields.py tests/golden/sentences.py tests/cli/*.sh)) $(foreach f,$(FUZZ),'$(OUT)/replay/$f tests/fuzz/seeds/$(f:fuzz_%=%)')
STYLE   := $(sort $(wildcard tests/style/*.sh)) tests/golden/gold.py tests/golden/vignettes.py
INSTALL := $(if $(PROGRAM),tests/install.sh)
fuzz_run = 'tests/fuzz/run.sh $(call sub,fuzz) $2 $1'

test: all $(UNIT) $(REPLAY) ## run unit, golden, command line and style tests and replay the fuzz seeds
	@$(RUN) $(SUITES) $(INSTALL) $(STYLE)
suites: all $(UNIT) $(REPLAY)
	@$(RUN) $(SUITES)
unit: $(UNIT) ## the unit tests alone
	@$(RUN) $(UNIT)
golden: all ## compare findings over corpus/ (UPDATE=1 rewrites .todo and .xml, ONLY=PART of a path)
	@tests/golden/run.sh $(ONLY) && tests/golden/sentences.py
style: ## layers, banned words, function length, mutable statics, headers that stand alone
	@$(RUN) $(STYLE)
fuzz-build:
	@$(MAKE) BUILD=fuzz OUT=$(call sub,fuzz) CC=clang $(PARALLEL) $(FUZZ:%=$(call sub,fuzz)/fuzz/%)
fuzz: fuzz-build ## fuzz every target for FUZZ_TIME seconds
	@$(RUN) $(foreach f,$(FUZZ),$(call fuzz_run,$(FUZZ_TIME),$f))
asan ubsan tsan: ## all tests of the code under AddressSanitizer and UBSan, UBSan alone, ThreadSanitizer
	@$(MAKE) BUILD=$@ OUT=$(call sub,$@) $(PARALLEL) suites
valgrind: all $(UNIT) ## unit tests and the program over corpus/ under valgrind
	@CK_FORK=no CK_DEFAULT_TIMEOUT=0 RUN_PREFIX='valgrind -q --leak-check=full --error-exitcode=99' $(RUN) $(UNIT) \
	    '$(OUT)/roentext convert --to jsonl -o /dev/null corpus/*/*.txt' '$(OUT)/roentext convert --to xml -o $(OUT)/valgrind/ corpus/*/*.txt' \
	    '$(OUT)/roentext index $(OUT)/valgrind.db corpus/*/*.txt' '$(OUT)/roentext search $(OUT)/valgrind.db "pleural effusion"'
cov: ## line coverage of the tests, file by file
	@$(MAKE) BUILD=cov OUT=$(call sub,cov) $(PARALLEL) suites; status=$$?; \
	gcov -n -r $$(find $(call sub,cov)/obj/src -name '*.gcda') 2>/dev/null | awk -F"[':%]" '/^File/{f=$$2} /^Lines/&&f~/^src.*c$$/{printf "%6.1f %% %s\n",$$2,f; f=""}' | sort -n; exit $$status
lint: ## clang-format, clang-tidy, cppcheck
	@$(RUN) $(sort $(wildcard tests/lint/*.sh))
format: ## lay out all C files as .clang-format says
	@clang-format -i $$(find src tests bench -name '*.[ch]' 2>/dev/null)
test style lint check-run: export LINT_FLAGS = $(BASE_FLAGS) $(PKG_CFLAGS)
bench-gate: all ## instructions of the main commands against bench/gate.tsv (+5 %)
	@bench/gate.sh
bench: all $(BENCH) ## speed and memory
	@bench/run.sh
check: setup-tests ## set up, build, and run every quick test (under 8 minutes)
	@$(MAKE) WERROR=1 $(PARALLEL) check-run
check-run: all $(UNIT) $(REPLAY) fuzz-build
	@$(RUN) $(SUITES) $(INSTALL) $(STYLE) $(foreach f,$(FUZZ),$(call fuzz_run,5,$f))
check-all: ## check, sanitizers, valgrind, lint and longer fuzzing (up to 30 minutes)
	@$(RUN) -v 'make check' 'make asan' 'make tsan' 'make valgrind' 'make lint' 'make fuzz FUZZ_TIME=20'

# ---- set-up, demonstration, installation
setup: ## install the packages that building needs
	@tests/setup.sh build
setup-tests: ## install the packages that building and testing need
	@tests/setup.sh build demo tests
demo: ## set up, build, and show everything on the reports of corpus/
	@tests/setup.sh build demo
	@$(MAKE) $(PARALLEL) all
	@tests/demo/demo.sh
SHARE := $(DESTDIR)$(PREFIX)/share
install: all ## install under PREFIX (DESTDIR is obeyed)
	@install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin include lib/pkgconfig share/man/man1 share/roentext)
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 src/roentext.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 $(LIB) $(DESTDIR)$(PREFIX)/lib/
	install -m 755 $(SHARED) $(DESTDIR)$(PREFIX)/lib/libroentext.so.$(SOVERSION)
	install -m 755 $(EXT) $(DESTDIR)$(PREFIX)/lib/
	ln -sf libroentext.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/lib/libroentext.so
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@PKGS@|$(PKGS)|' src/roentext.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/roentext.pc
	install -m 644 src/roentext.1 $(SHARE)/man/man1/
	cp -R lexicons templates $(LEXICON) $(SHARE)/roentext/
uninstall: ## remove what install put there
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,bin/roentext include/roentext.h lib/libroentext.a lib/libroentext.so* lib/roentext_fts5.so lib/pkgconfig/roentext.pc share/man/man1/roentext.1)
	rm -rf $(SHARE)/roentext
clean: ## remove build/
	rm -rf build
help: ## this list
	@awk -F':.*## ' '/^[a-z][a-z -]*:.*## /{printf "%-18s %s\n",$$1,$$2}' Makefile
	@echo 'Variables: BUILD=release|debug|asan|ubsan|tsan|cov OUT=DIR CC=gcc|clang WERROR=1 PREFIX=/usr/local DESTDIR= FUZZ_TIME=30'

.PHONY: all test suites unit golden style fuzz-build fuzz asan ubsan tsan valgrind cov lint format bench bench-gate check check-run check-all setup setup-tests demo install uninstall clean help
.SECONDARY:
-include $(patsubst %.o,%.d,$(LIB_OBJ) $(EXT_OBJ) $(CLI_OBJ) $(HELPER) $(FUZZ:%=$(OUT)/obj/tests/fuzz/%.o) $(OUT)/obj/tests/fuzz/replay.o) $(UNIT:%=%.d) $(BENCH:%=%.d)
