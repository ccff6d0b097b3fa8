# gcs: a cluster's control plane as one program and one directory.
#
#   make                 build build/gcs
#   make check           everything CI checks: layers, symbols, headers, pages, all tests
#   make SAN=address,undefined check    the same under sanitizers (built beside)
#   make bench           speed, measured side by side in one run
#   make demo            a small cluster that registers, beats and loses a node, live
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
MANDIR = $(PREFIX)/share/man
VERSION = 0.1.0
Q = $(if $(V),,@)

variant := $(if $(SEAMS),-seams)$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(filter-out gcc cc,$(CC)),-$(notdir $(CC)))$(if $(SHARED),-shared)
comma := ,
B := build$(if $(variant),/var$(variant))

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Werror
OPT = $(if $(SAN),-O1 -fno-omit-frame-pointer,-O2 -D_FORTIFY_SOURCE=2)
CFLAGS = $(OPT) -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DGCS_VERSION='"$(VERSION)"' -Ilib $(WARN) -fPIE -fstack-protector-strong \
	$(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) $(if $(SEAMS),-DGCS_SEAMS) $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro -Wl,--as-needed $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
LIBS = $(if $(SHARED),-llmdb -lsodium,-l:liblmdb.a -l:libsodium.a) -lcjson -lpthread

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

clean:
	rm -rf build

.PHONY: all clean
