# One Makefile for the whole tree; everything it makes goes under build/.
#
#   make                 every service and tool
#   make run             the whole system on this machine, in RUN=build/run (ONCE=1: up, then down)
#   make test            unit, integration, simulation, stories    ONLY=foster: those named so
#   make sim SEEDS=200   more simulated co-operatives              SEED=17: that one again
#   make sim-selftest    bugs planted, each of which must be found ONLY=fencing: those named so
#   make powercut        the power cut under every store           POINTS=20000: more often
#   make faults          failing calls, full disks, kills          ONLY=disk: that part
#   make bench           figures on stdout                         ONLY=follow: that one alone
#   make coverage        what unit and integration tests run       ONLY=foster: that part alone
#   make fuzz            every decoder, FUZZ_SECONDS=20 a target   ONLY=json: those named so
#   make soak            ten times a region's load, then a flood   SCALE=england STEADY=seconds
#   make browser         the portal in Chromium, told as stories   ONLY=commissioner: those named so
#   make lint            all that guards the tree                  ONLY=layers: that one alone
#   make install         DESTDIR= PREFIX= as usual
#
# CONFIG=release|debug|san|cov|clang|fuzz picks build/<config>; they never mix. V=1 shows the
# commands. Each target first installs what it lacks (tools/setup); SETUP=true keeps it from that.

comma := ,
SERVICES := members foster residential requests matching observatory gateway
TOOLS    := rccctl rcc-region
CONFIG   ?= release
RUN      ?= build/run
SETUP    ?= tools/setup

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/rcc
SYSCONFDIR ?= /etc/rcc
UNITDIR    ?= $(PREFIX)/lib/systemd/system

GOALS  := $(or $(MAKECMDGOALS),all)
GROUPS := $(if $(filter-out clean,$(GOALS)),run) $(if $(findstring test,$(GOALS))$(filter faults soak,$(GOALS)),test) \
  $(if $(findstring bench,$(GOALS)),bench) $(if $(filter browser,$(GOALS)),test browser) \
  $(if $(filter coverage,$(GOALS)),test coverage) \
  $(if $(filter lint everything analysed,$(GOALS)),test bench dev) \
  $(if $(findstring fuzz,$(GOALS)),test fuzz)
ifneq ($(strip $(GROUPS)),)
  $(shell $(SETUP) $(GROUPS) >&2)
  $(if $(filter-out 0,$(.SHELLSTATUS)),$(error $(SETUP) could not prepare this machine))
endif
ifeq ($(MAKELEVEL),0)
  MAKEFLAGS += -j$(shell nproc)
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
  -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla \
  -Wcast-qual -Wcast-align -Wwrite-strings -Wundef -Wformat=2 \
  -Wswitch-enum -Wenum-conversion -Wimplicit-fallthrough -Wnull-dereference \
  -Wdouble-promotion -Wpointer-arith -Wdate-time -Werror

FLAGS_debug   := -O1 -g
FLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
FLAGS_clang   := $(FLAGS_release)
FLAGS_san     := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
  -fno-omit-frame-pointer
FLAGS_cov     := -O0 -g --coverage
FLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
  -fno-omit-frame-pointer
# Unoptimised, the analyzer reads what was written.
FLAGS_analyzer := -O0 -fanalyzer
LINK_release  := -pie -Wl,-z,relro,-z,now
LINK_clang    := $(LINK_release)
CC            := $(if $(filter clang fuzz,$(CONFIG)),clang-14,$(if $(filter default,$(origin CC)),gcc,$(CC)))
CXX           := $(if $(filter clang fuzz,$(CONFIG)),clang++-14,$(if $(filter default,$(origin CXX)),g++,$(CXX)))

# Generated headers are system headers to the compiler (no warnings), hence -MD below: -MMD
# would leave them out of the .d files. The odd -D keeps INT_MAX out of every generated enum,
# or no switch over one could be complete.
B      := build/$(CONFIG)
GEN    := build/gen
PKGS   := libzmq lmdb libprotobuf-c libsodium jansson libsystemd inih
DEFS   := -std=c17 -D_GNU_SOURCE '-DPROTOBUF_C__FORCE_ENUM_TO_BE_INT_SIZE(n)=' \
  -Iservices -Itools -Itests -isystem $(GEN) $(shell pkg-config --cflags $(PKGS))
HTTP   := $(shell pkg-config --libs libmicrohttpd liboath libqrencode libseccomp)
LDLIBS := -Wl,--as-needed $(shell pkg-config --libs $(PKGS)) -lcsv -lm -lstdc++
FLAGS   = $(DEFS) $(FLAGS_$(CONFIG)) $(EXTRA) $(CFLAGS) -MD -MP -c $< -o $@
# The one C++ file: what the compilers know of the above.
CXXFLAGS_OF = $(filter-out -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wenum-conversion,$(WARNINGS)) \
  -Wnon-virtual-dtor -Woverloaded-virtual $(subst -std=c17,-std=c++17,$(FLAGS)) $(if $(filter san fuzz,$(CONFIG)),-fno-sanitize=vptr) $(if $(filter fuzz,$(CONFIG)),-fno-sanitize=function)
LINK    = $(CC) $(FLAGS_$(CONFIG)) $(LINK_$(CONFIG)) $(LDFLAGS) $(filter %.o,$^) $(LDLIBS) $(EXTRA) -o $@
Q       = $(if $(V),,@echo '  $(CONFIG)  $@';)

# --- what is made of what: folders that are still empty are passed over ------------------

objs   = $(patsubst %.c,$(B)/%.o,$(patsubst %.cc,$(B)/%.o,$(wildcard $(1))))
PROTO := $(wildcard proto/*.proto)
PB_C  := $(PROTO:proto/%.proto=$(GEN)/%.pb-c.c)
BASE  := $(call objs,services/base/*.c) $(PROTO:proto/%.proto=$(B)/gen/%.pb-c.o) $(B)/gen/geo_sectors.o
# What the gateway carries in itself.
CARRIED := $(filter-out %.scss,$(wildcard $(addprefix services/gateway/,templates/*.mustache assets/* data/*)))
made   = $(if $(filter gateway,$(1)),$(B)/gen/gateway_assets.o $(B)/gen/boundaries.o $(B)/gen/proto_words.o)
# A service or tool without its main(), which is what its tests link.
body   = $(filter-out %/main.o,$(call objs,$(1:%=services/%/*.c) $(1:%=services/%/*.cc) $(1:%=tools/%/*.c))) $(made)
# tests/unit/foster_rules_test.c tests services/foster, and links that and base alone.
owner  = $(filter-out base,$(firstword $(subst _, ,$(notdir $(1)))))
only   = $(if $(ONLY),$(foreach t,$(1),$(if $(findstring $(ONLY),$(t)),$(t))),$(1))

SERVICE_BINS := $(patsubst services/%/main.c,$(B)/bin/rcc-%,$(wildcard $(SERVICES:%=services/%/main.c)))
TOOL_BINS    := $(foreach t,$(TOOLS),$(if $(wildcard tools/$(subst rcc-,,$(t))/*.c),$(B)/bin/$(t)))
SIM          := $(if $(wildcard tests/sim/*.c),$(B)/bin/rcc-sim)
LOAD         := $(B)/bin/rcc-load $(B)/bin/rcc-history
POWERCUT     := $(B)/bin/rcc-powercut
UNIT         := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*_test.c))
INTEGRATION  := $(patsubst %.c,$(B)/%,$(wildcard tests/integration/*_test.c))
STORIES      := $(sort $(wildcard tests/e2e/[0-9]*.sh))
FUZZERS      := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/*_fuzz.c))
BENCHES      := $(patsubst %.c,$(B)/%,$(wildcard tests/bench/*_bench.c))
TESTED       := $(call only,$(UNIT) $(INTEGRATION) $(FUZZERS) $(SIM) $(STORIES))
COUNTED      := $(call only,$(UNIT) $(INTEGRATION))
MEASURED     := $(if $(ONLY),$(ONLY:%=$(B)/tests/bench/%_bench),$(BENCHES))

all: $(SERVICE_BINS) $(TOOL_BINS)
everything: all $(POWERCUT) $(BASE) $(UNIT) $(INTEGRATION) $(FUZZERS) $(SIM) $(LOAD) $(BENCHES)
# Every file of ours compiled and nothing linked, which is all that CONFIG=analyzer is for.
analysed: $(call objs,services/*/*.c tools/*/*.c tests/*/*.c tests/*/*/*.c)

.SECONDEXPANSION:
$(SERVICE_BINS): $(B)/bin/rcc-%: $(B)/services/%/main.o $$(call body,$$*) $(BASE)
$(TOOL_BINS): $(B)/bin/%: $$(call objs,tools/$$(subst rcc-,,$$*)/*.c) $(BASE)
# The gateway too, from its site inwards: its door, its children and the clock are simulated.
SIM_MADE_OF  := $(call objs,tests/sim/*.c tests/support/still_bus.c) $(call body,$(filter-out gateway,$(SERVICES))) \
  $(filter-out $(addprefix %/gateway/,$(addsuffix .o,http http_answer http_request listen guard options serve)),$(call body,gateway)) $(BASE)
wrapped       = $(addprefix -Wl$(comma)--wrap=,$(1))
# What stands between the gateway's site and the world: the clock, the bus, the door.
OUTSIDE      := clock_now_ms clock_ticks_us bus_open bus_close bus_connect bus_send bus_wait bus_receive
SIM_LINK     := $(call wrapped,kv_end $(OUTSIDE) bus_new_id) $(HTTP)
$(SIM): $(SIM_MADE_OF)
$(LOAD): $(call objs,tests/load/history/*.c) $(BASE)
$(B)/bin/rcc-load: $(call objs,tests/load/*.c) $(B)/tests/sim/random.o
$(B)/bin/rcc-history: $(call objs,tests/load/check/*.c)
$(filter %/load_history_test %/load_tables_test,$(INTEGRATION)): $(filter-out %/main.o,$(call objs,tests/load/check/*.c)) $(call objs,tests/load/history/*.c)
$(UNIT) $(INTEGRATION): $(B)/%: $(B)/%.o $(call objs,tests/support/*.c) $$(call body,$$(call owner,$$*)) $(BASE)
$(BENCHES): $(B)/%: $(B)/%.o $(call objs,tests/bench/support/*.c) $(BASE)
$(FUZZERS): $(B)/%: $(B)/%.o $(call objs,tests/fuzz/support/*.c tests/support/*.c) \
  $(if $(filter-out fuzz,$(CONFIG)),$(B)/tests/fuzz/replay.o) $(B)/gen/message_types.o $(B)/tools/rccctl/method.o \
  $$(call body,$$(call owner,$$*)) $(BASE)
$(SERVICE_BINS) $(TOOL_BINS) $(SIM) $(LOAD) $(UNIT) $(INTEGRATION) $(FUZZERS) $(BENCHES):
	@mkdir -p $(@D)
	$(Q)$(LINK)
$(POWERCUT): $(call objs,tests/powercut/*.c) $(call body,$(filter-out gateway,$(SERVICES))) $(BASE)
	@mkdir -p $(@D)
	$(Q)$(LINK)
# Power that goes in the middle of a turn: tests/sim/power.c.
$(SIM): private EXTRA = $(SIM_LINK)
$(UNIT) $(INTEGRATION): private EXTRA = -lcmocka $(if $(findstring /gateway_,$@),$(HTTP))
$(FUZZERS): private EXTRA = -lcmocka $(if $(filter fuzz,$(CONFIG)),-fsanitize=fuzzer) \
  $(if $(findstring /gateway_,$@),$(HTTP)) $(if $(findstring /region_,$@),$(call wrapped,$(REGION_WRAPPED))) \
  $(if $(findstring /gateway_site,$@),$(call wrapped,$(OUTSIDE) page_worker_send $(addprefix gateway_http_,header answer stream push end)))
REGION_WRAPPED := fail csv_init csv_free $(addprefix table_inside_,councils adjacency sectors providers figures)
$(B)/bin/rcc-gateway: private EXTRA = $(HTTP)
PEERED := $(B)/tests/bench/durable_bench $(B)/tests/bench/matching_shortlist_bench
$(PEERED): private EXTRA = $(shell pkg-config --libs libpq)
$(PEERED:=.o) $(B)/tests/bench/shortlist/matching_theirs.o: private EXTRA = $(shell pkg-config --cflags libpq)
$(B)/tests/bench/matching_shortlist_bench: $(call objs,tests/bench/shortlist/*.c) $(call body,matching)

$(B)/bin/faults.so: $(wildcard tests/faults/*.[ch]) tests/support/preload.h
$(B)/bin/slow_disk.so: tests/bench/slow_disk/slow_disk.c tests/support/preload.h
$(B)/bin/powercut_recorder.so: $(wildcard tests/powercut/recorder/*.[ch]) tests/powercut/recording.h tests/support/preload.h
$(B)/bin/slow_disk.so $(B)/bin/powercut_recorder.so $(B)/bin/faults.so:
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -Itests -O2 -Wall -Wextra -Werror -shared -fPIC $(filter %.c,$^) -o $@ -ldl

# The rules, of many homes at a time: at -O2 gcc makes no vectors of them.
$(B)/services/matching/matching.o: private EXTRA = $(if $(filter release,$(CONFIG)),-O3)

# A test is told to the analyzer with what the claims of cmocka promise.
CLAIMING := $(call objs,tests/unit/*.c tests/integration/*.c tests/support/*.c)
$(CLAIMING): private EXTRA = $(if $(filter analyzer,$(CONFIG)),-include tools/lint/claims.h)

# What .incbin takes in, no compiler lists.
$(B)/tools/region/table.o: $(wildcard tools/region/data/*.csv)

$(B)/%.o: %.c Makefile | $(PB_C) $(PB_C:.c=.h)
	@mkdir -p $(@D)
	$(Q)$(CC) $(WARNINGS) $(FLAGS)
$(B)/%.o: %.cc Makefile
	@mkdir -p $(@D)
	$(Q)$(CXX) $(CXXFLAGS_OF)
$(B)/gen/%.o: $(GEN)/%.c Makefile | $(PB_C:.c=.h)
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS)
$(GEN)/%.pb-c.c $(GEN)/%.pb-c.h: proto/%.proto
	@mkdir -p $(@D)
	$(Q)protoc-c --proto_path=proto --c_out=$(GEN) $<
$(GEN)/geo_sectors.c: services/base/geo_sectors.csv tools/geo-table
	@mkdir -p $(@D)
	$(Q)LC_ALL=C tools/geo-table $< >$@
# The folders too: a file that is gone is gone from the table.
$(GEN)/gateway_assets.c: $(CARRIED) $(GEN)/portal.css tools/assets $(wildcard $(addprefix services/gateway/,templates assets data))
	$(Q)tools/assets $(GEN)/packed assets/portal.css=$(GEN)/portal.css $(foreach f,$(CARRIED),$(f:services/gateway/%=%)=$(f)) >$@
$(GEN)/portal.css: services/gateway/assets/portal.scss tools/npm/style $(wildcard tools/npm/portal/*)
	@mkdir -p $(@D)
	$(Q)tools/npm/style $< >$@
$(GEN)/proto_words.c: $(PROTO) tools/proto-words
	@mkdir -p $(@D)
	$(Q)LC_ALL=C tools/proto-words $(PROTO) >$@
$(GEN)/boundaries.c: services/gateway/boundaries.csv tools/boundary-table
	@mkdir -p $(@D)
	$(Q)LC_ALL=C tools/boundary-table $< >$@
$(GEN)/message_types.c: tests/fuzz/message-types $(PB_C:.c=.h)
	$(Q)tests/fuzz/message-types $(PB_C:.c=.h) >$@

# --- what you run --------------------------------------------------------------------------

run: all
	@BIN=$(B)/bin RUN=$(RUN) ONCE=$(ONCE) deploy/run
RECORDED := $(POWERCUT) $(B)/bin/powercut_recorder.so
$(if $(filter %-the-power-is-cut.sh,$(TESTED)),test: $(RECORDED))
test: all $(filter $(B)/%,$(TESTED))
	@BIN=$(B)/bin SEEDS=$(or $(SEEDS),10) tests/run $(TESTED)
sim: $(SIM)
	@$(if $(SIM),$(SIM) $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),50)),echo 'tests/sim is empty')
sim-selftest: $(SIM)
	@SIM=$(SIM) OBJDIR=$(B) OBJECTS="$(filter %.o,$(SIM_MADE_OF))" \
	  COMPILE="$(CC) $(DEFS) $(FLAGS_$(CONFIG))" LIBRARIES="$(LDLIBS) $(HTTP)" \
	  LINK="$(CC) $(FLAGS_$(CONFIG)) $(LINK_$(CONFIG)) $(SIM_LINK)" \
	  tests/sim/planted/run $(ONLY)
coverage:
	@$(MAKE) --no-print-directory CONFIG=cov SETUP=true counted
counted: $(call objs,services/*/*.c tools/*/*.c) $(COUNTED)
	@B=$(B) BIN=$(B)/bin ONLY=$(ONLY) tests/coverage $(COUNTED)
powercut: all $(RECORDED)
	@rm -rf $(B)/powercut && BIN=$(B)/bin tests/powercut/record $(B)/powercut && \
	  $(POWERCUT) $(B)/powercut $(if $(POINTS),--points $(POINTS))
fuzz:
	@+$(MAKE) --no-print-directory CONFIG=fuzz fuzzers
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),20) tests/fuzz/run $(call only,$(FUZZERS:$(B)/%=build/fuzz/%))
fuzzers: $(call only,$(FUZZERS))
faults: all $(LOAD) $(B)/bin/faults.so
	@BIN=$(B)/bin ONLY=$(ONLY) AT='$(AT)' $(if $(SEED),SEED=$(SEED)) tests/faults/run
bench: all $(MEASURED) $(B)/bin/slow_disk.so
	@missed=0; for b in $(MEASURED); do BIN=$(B)/bin $$b || missed=1; done; exit $$missed
soak: all $(LOAD)
	@BIN=$(B)/bin tests/load/soak
browser: all
	@BIN=$(B)/bin ONLY=$(ONLY) FRESH=$(FRESH) tests/browser/run
lint: $(PB_C:.c=.h)
	@MAKE="$(MAKE)" DEFS="$(DEFS) $(shell pkg-config --cflags libpq)" tools/lint/all $(ONLY)
# A file as it is wanted there; a configuration that stands there already is kept.
PLACE = sed 's|/usr/local/libexec/rcc|$(LIBEXECDIR)|; s|/usr/local/bin|$(BINDIR)|; s|/etc/rcc|$(SYSCONFDIR)|' $$f | install -m 0644 /dev/stdin
install: all
	install -d $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(BINDIR) $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSCONFDIR)
	install -m 0755 $(SERVICE_BINS) $(DESTDIR)$(LIBEXECDIR)
	install -m 0755 $(TOOL_BINS) $(DESTDIR)$(BINDIR)
	@set -e; for f in deploy/systemd/*; do $(PLACE) $(DESTDIR)$(UNITDIR)/$${f##*/}; done
	@set -e; for f in deploy/config/* services/matching/policy.conf; do \
	  to=$(DESTDIR)$(SYSCONFDIR)/$${f##*/}; [ -e $$to ] || $(PLACE) $$to; done
clean:
	rm -rf build

.DEFAULT_GOAL := all
.PHONY: all everything analysed run test sim sim-selftest powercut faults bench browser coverage counted \
  fuzz fuzzers soak lint install clean
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
