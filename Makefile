# gcs: a cluster's control plane as one program and one directory.
#
#   make                 build build/gcs
#   make check           everything CI checks: the guards (t/layers, t/circles …), pages, all tests
#   make check-all       the other compiler, sanitizers for the suites that matter most, and check: before each landing
#   make check-often N=10     run the suites (or those of T=) N times as usual, and N times beside two busy loops
#   make SAN=address,undefined check    the same under sanitizers
#   make bench           speed, measured side by side in one run; then bench-jobs
#   make bench-pair OLD=path/to/gcs    compare with an older program, taking turns
#   make bench-large     the speed of placement, with 10,000 nodes and 1,000,000 actors
#   make bench-jobs      the speed of running jobs, beside task-spooler, nq and slurm (make bench-deps)
#   make bench-openb     how full each placement policy fills a real cluster
#   make demo-openb      one day of that cluster: 8,152 tasks come and go
#   make demo-build      build gcs by jobs on three agents, of which one is killed and one drained
#   make torture         kill writers at 20,000 random moments
#   make crash           kill agents, supervisors and their jobs at random moments, 300 jobs for each of SEEDS=
#   make property        STEPS= random changes and placements for each of SEEDS=, on up to NODES= nodes
#   make demo            a small cluster live: nodes register, send heartbeats, and one is lost
#   make record          record docs/two-users.svg anew, which README.md shows (as root)
#   make install PREFIX=/usr/local DESTDIR=
#   make deps            install the Debian packages needed, as root; check-deps, bench-deps: also those for check, bench
#   make SHARED=1        link liblmdb and libsodium as shared libraries
#   make SEAMS=1         the program in which tests can disable a safeguard (lib/base/seam.h)
#   make CC=clang        the other compiler; "ccache gcc" is gcc
#   make V=1             show the commands
#
# Variants are built beside each other (build/var-clang …); changed flags rebuild what they affect.

CC = gcc
PREFIX = /usr/local
VERSION = 0.1.0
Q = $(if $(V),,@)

comma := ,
cc := $(filter-out ccache gcc cc,$(notdir $(CC)))
variant := $(if $(SEAMS),-seams)$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(cc),-$(subst $() ,-,$(cc)))$(if $(SHARED),-shared)
B := build$(if $(variant),/var$(variant))

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Werror
CFLAGS = $(if $(SAN),-O1 -fno-omit-frame-pointer,-O2 -D_FORTIFY_SOURCE=2) -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DGCS_VERSION='"$(VERSION)"' -Ilib -Icmd $(WARN) -fPIE -fstack-protector-strong \
	$(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) $(if $(SEAMS),-DGCS_SEAMS) $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro -Wl,--as-needed $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
LIBS = $(if $(SHARED),-llmdb -lsodium,-l:liblmdb.a -l:libsodium.a) -lpthread

LIB_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard lib/*/*.c)) $(B)/lib/ui/complete_scripts.o
CMD_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard cmd/*.c cmd/*/*.c))
COMPILING = @mkdir -p $(@D) && echo "  CC  $@"

all: $(B)/gcs

$(B)/gcs: $(CMD_OBJ) $(B)/libgcs.a
	@echo "  LD  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libgcs.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/%.o: %.c $(B)/flags
	$(COMPILING)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# As new as the last change of the flags, so that files made with other flags are made again.
flags = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS)
ifneq ($(file <$(B)/flags),$(flags))
.PHONY: $(B)/flags
endif
$(B)/flags:
	@mkdir -p $(@D) && printf '%s\n' '$(subst ','\'',$(flags))' >$@

# The shells' completion scripts, which `gcs completion` prints.
script = printf '{"$(1)", (const char[]){\n'; od -An -v -t d1 share/completions/$(2) | sed 's/[0-9][0-9]*/&,/g'; echo '0}},';
$(B)/lib/ui/complete_scripts.o: $(addprefix share/completions/,gcs.bash _gcs gcs.fish) lib/ui/complete.h $(B)/flags
	$(COMPILING)
	$(Q){ printf '#include "ui/complete.h"\n\nconst struct complete_script complete_scripts[] = {\n'; \
		$(call script,bash,gcs.bash) $(call script,zsh,_gcs) $(call script,fish,gcs.fish) echo '};'; } | \
		$(CC) $(ALL_CFLAGS) -c -o $@ -x c -

-include $(LIB_OBJ:.o=.d) $(CMD_OBJ:.o=.d)

# --- tests: the program itself, and the one in which safeguards can be disabled ---

SEAMS_B = build/var-seams$(variant)
seams:
	@$(MAKE) --no-print-directory SEAMS=1 B=$(SEAMS_B) $(SEAMS_B)/gcs $(SEAMS_B)/tool/proc

ENV = GCS_BIN=$(abspath $(B)/gcs) GCS_SEAMS_BIN=$(abspath $(SEAMS_B)/gcs) GCS_TOOLS=$(abspath $(B)/tool) \
	GCS_BUILD=$(abspath $(B)) SAN=$(SAN) CC="$(CC)"

check: all seams man tools
	$(ENV) sh t/run $(T)

# What places and runs things, and what is on disk, is also checked under sanitizers.
SANITIZED = actor cascade drain format job kv pg rest rules run task undo worker
check-san:
	$(MAKE) SAN=address,undefined check T="$(SANITIZED:%=t/%.bats)"
check-all:
	$(MAKE) CC=clang && $(MAKE) check-san && $(MAKE) check

N = 10
check-often: all seams man tools
	$(ENV) sh t/often $(N) $(T)

tools: $(patsubst t/tool/%.c,$(B)/tool/%,$(wildcard t/tool/*.c))

$(B)/tool/%: t/tool/%.c $(B)/libgcs.a
	$(COMPILING)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(B)/libgcs.a $(LIBS) -lcjson

headers:
	sh t/headers

# Long runs: the short versions are part of check.
SEEDS = 1 2 3 4 5 6 7 8 9 10
STEPS = 20000
NODES = 5
torture: all seams tools
	for seed in $(SEEDS); do KILLS=2000 SEED=$$seed $(ENV) bats -f '200 writers' t/faults.bats || exit 1; done

crash: all seams
	for seed in $(SEEDS); do $(ENV) bash t/tool/crash $$seed 300 || exit 1; done

property: all tools
	for seed in $(SEEDS); do \
		$(ENV) bash t/tool/property $$seed $(STEPS) build/property/$$seed && \
		$(ENV) bash t/tool/placed $$seed $(STEPS) build/property/placed-$$seed $(NODES) || exit 1; done

bench: all tools
	$(ENV) t/bench
	$(ENV) t/bench-jobs

bench-jobs bench-large bench-openb bench-pair demo-openb demo-build: all tools
	$(ENV) t/$@

demo: all
	$(ENV) sh share/demo

record: all
	GCS_BIN=$(abspath $(B)/gcs) bash docs/record 'two users, two GPUs, one machine' share/two-users >$(B)/two-users.svg
	mv $(B)/two-users.svg docs/two-users.svg

# --- pages, installation, packages ---

man: $(B)/gcs
	sh docs/weave $(B)/gcs build/man

P = $(DESTDIR)$(PREFIX)
S = $(P)/share
install: all man
	install -D -m 755 $(B)/gcs $(P)/bin/gcs
	for n in 1 5 7; do install -D -m 644 -t $(S)/man/man$$n build/man/*.$$n || exit 1; done
	install -D -m 644 share/completions/gcs.bash $(S)/bash-completion/completions/gcs
	install -D -m 644 -t $(S)/zsh/site-functions share/completions/_gcs
	install -D -m 644 -t $(S)/fish/vendor_completions.d share/completions/gcs.fish
	install -d $(P)/lib/systemd/system
	for unit in gcs-monitor gcs-agent; do sed "s|/usr/bin/gcs|$(PREFIX)/bin/gcs|" share/systemd/$$unit.service \
		>$(P)/lib/systemd/system/$$unit.service || exit 1; done

deps = libc6-dev liblmdb-dev libcjson-dev libsodium-dev
check-deps = $(deps) bats mandoc procps strace faketime sqlite3 zsh fish bash shellcheck clang-format bsdutils util-linux mount
bench-deps = $(check-deps) task-spooler nq munge slurm-client slurmctld slurmd
ci-deps = $(check-deps) clang
deps check-deps bench-deps ci-deps:
	apt-get update -q
	apt-get install -y --no-install-recommends $($@)

clean:
	rm -rf build

.PHONY: all seams check check-san check-all check-often tools headers torture crash property bench bench-large bench-jobs bench-openb bench-pair demo-openb demo-build demo record man install deps check-deps bench-deps ci-deps clean
