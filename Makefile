# gcs: a cluster's control plane as one program and one directory.
#
#   make                 build build/gcs
#   make check           everything CI checks: layers, symbols, headers, pages, all tests
#   make SAN=address,undefined check    the same under sanitizers (built beside)
#   make bench           speed, measured side by side in one run
#   make bench-large     the same of placement, with 10,000 nodes and 1,000,000 actors
#   make bench-jobs      the same of running jobs, beside task-spooler, nq and slurm (make bench-deps)
#   make bench-openb     how full a real cluster gets under each placement policy
#   make demo-openb      that cluster's own day: 8,152 tasks come and go
#   make demo-build      its own objects built by jobs over three agents, of which one is killed and one drained
#   make torture         writers killed at 20,000 random moments
#   make crash           agents, supervisors and what they run killed at random moments, 300 jobs for each of SEEDS=
#   make property        random changes and placements, SEEDS= and STEPS= of them, on up to NODES= nodes
#   make demo            a small cluster that registers, beats and loses a node, live
#   make record          renew docs/two-users.svg, the recording that README.md shows (as root)
#   make install PREFIX=/usr/local DESTDIR=
#   make deps            install what Debian has of what is needed (as root)
#   make SHARED=1        link liblmdb and libsodium as shared libraries
#   make SEAMS=1         the program in which tests may take a cure away (lib/base/seam.h)
#   make CC=clang        the other compiler
#   make V=1             show the commands
#
# Variants are built beside each other: build/, build/san/, build/seams/, build/clang/ …

CC = gcc
PREFIX = /usr/local
VERSION = 0.1.0
Q = $(if $(V),,@)

comma := ,
variant := $(if $(SEAMS),-seams)$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(filter-out gcc cc,$(CC)),-$(notdir $(CC)))$(if $(SHARED),-shared)
B := build$(if $(variant),/var$(variant))

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Werror
OPT = $(if $(SAN),-O1 -fno-omit-frame-pointer,-O2 -D_FORTIFY_SOURCE=2)
CFLAGS = $(OPT) -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DGCS_VERSION='"$(VERSION)"' -Ilib $(WARN) -fPIE -fstack-protector-strong \
	$(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) $(if $(SEAMS),-DGCS_SEAMS) $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro -Wl,--as-needed $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
LIBS = $(if $(SHARED),-llmdb -lsodium,-l:liblmdb.a -l:libsodium.a) -lpthread

LIB_SRC := $(wildcard lib/*/*.c)
CMD_SRC := $(wildcard cmd/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(B)/%.o)

all: $(B)/gcs

$(B)/gcs: $(CMD_OBJ) $(B)/libgcs.a
	@echo "  LD  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libgcs.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(LIB_OBJ:.o=.d) $(CMD_OBJ:.o=.d)

# --- tests: the program itself, and the one in which cures can be taken away ---

SEAMS_B = build/var-seams$(variant)

seams:
	@$(MAKE) --no-print-directory SEAMS=1 B=$(SEAMS_B) $(SEAMS_B)/gcs $(SEAMS_B)/tool/proc

check: all seams man tools
	GCS_BIN=$(abspath $(B)/gcs) GCS_SEAMS_BIN=$(abspath $(SEAMS_B)/gcs) GCS_TOOLS=$(abspath $(B)/tool) GCS_BUILD=$(abspath $(B)) \
		SAN=$(SAN) CC=$(CC) sh t/run $(T)

TOOL_SRC := $(wildcard t/tool/*.c)
tools: $(TOOL_SRC:t/tool/%.c=$(B)/tool/%)

$(B)/tool/%: t/tool/%.c $(B)/libgcs.a
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(B)/libgcs.a $(LIBS) -lcjson

headers:
	sh t/headers

# Campaigns: the short versions are part of check.
torture: all seams tools
	for seed in 1 2 3 4 5 6 7 8 9 10; do \
		KILLS=2000 SEED=$$seed GCS_BIN=$(abspath $(B)/gcs) GCS_SEAMS_BIN=$(abspath $(SEAMS_B)/gcs) \
			GCS_TOOLS=$(abspath $(B)/tool) SAN=$(SAN) bats -f '200 writers' t/faults.bats || exit 1; done

# The whole path that runs things, 300 jobs for each seed.
crash: all seams
	for seed in $(SEEDS); do GCS_BIN=$(abspath $(B)/gcs) bash t/tool/crash $$seed 300 || exit 1; done

SEEDS = 1 2 3 4 5 6 7 8 9 10
STEPS = 20000
NODES = 5
property: all tools
	for seed in $(SEEDS); do \
		GCS_BIN=$(abspath $(B)/gcs) GCS_TOOLS=$(abspath $(B)/tool) bash t/tool/property $$seed $(STEPS) build/property/$$seed \
			|| exit 1; \
		GCS_BIN=$(abspath $(B)/gcs) bash t/tool/placed $$seed $(STEPS) build/property/placed-$$seed $(NODES) || exit 1; done

bench: all tools
	GCS_BIN=$(abspath $(B)/gcs) GCS_TOOLS=$(abspath $(B)/tool) sh t/bench
	GCS_BIN=$(abspath $(B)/gcs) GCS_TOOLS=$(abspath $(B)/tool) sh t/bench-jobs

bench-jobs: all tools
	GCS_BIN=$(abspath $(B)/gcs) GCS_TOOLS=$(abspath $(B)/tool) sh t/bench-jobs

bench-large: all tools
	GCS_BIN=$(abspath $(B)/gcs) GCS_TOOLS=$(abspath $(B)/tool) sh t/bench-large

bench-openb: all
	GCS_BIN=$(abspath $(B)/gcs) sh t/bench-openb

demo-openb: all
	GCS_BIN=$(abspath $(B)/gcs) sh t/demo-openb

demo-build: all
	GCS_BIN=$(abspath $(B)/gcs) CC=$(CC) bash t/demo-build

demo: all
	GCS_BIN=$(abspath $(B)/gcs) sh share/demo

record: all
	GCS_BIN=$(abspath $(B)/gcs) bash docs/record 'two users, two GPUs, one machine' share/two-users >$(B)/two-users.svg
	mv $(B)/two-users.svg docs/two-users.svg

# --- pages, installation, packages ---

man: $(B)/gcs
	sh docs/weave $(B)/gcs build/man

S = $(DESTDIR)$(PREFIX)/share
install: all man
	install -d $(DESTDIR)$(PREFIX)/bin $(S)/man/man1 $(S)/man/man5 $(S)/man/man7 $(S)/bash-completion/completions \
		$(S)/zsh/site-functions $(S)/fish/vendor_completions.d $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 755 $(B)/gcs $(DESTDIR)$(PREFIX)/bin/gcs
	for n in 1 5 7; do install -m 644 build/man/*.$$n $(S)/man/man$$n/; done
	$(B)/gcs completion bash >$(S)/bash-completion/completions/gcs
	$(B)/gcs completion zsh >$(S)/zsh/site-functions/_gcs
	$(B)/gcs completion fish >$(S)/fish/vendor_completions.d/gcs.fish
	for unit in gcs-monitor gcs-agent; do sed "s|/usr/bin/gcs|$(PREFIX)/bin/gcs|" share/systemd/$$unit.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit.service || exit 1; done

APT = apt-get install -y --no-install-recommends
deps:
	apt-get update -q
	$(APT) libc6-dev liblmdb-dev libcjson-dev libsodium-dev

check-deps: deps
	$(APT) bats mandoc procps strace faketime sqlite3 zsh fish bash shellcheck bsdutils util-linux mount

# Daemons come with these; bench-jobs starts its own.
bench-deps: check-deps
	$(APT) task-spooler nq munge slurm-client slurmctld slurmd

ci-deps: check-deps
	$(APT) clang

clean:
	rm -rf build

.PHONY: all seams check tools headers torture crash property bench bench-large bench-jobs bench-openb demo-openb demo-build demo record man install deps check-deps bench-deps ci-deps clean
