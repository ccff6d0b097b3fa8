# The Makefile: what is made with other flags is made again, variants have names of their own, and the compiler may be
# several words. Whole builds are too long for this: one object stands for all.

load lib

setup() {
	unset MAKEFLAGS MFLAGS MAKELEVEL SAN CC
	b=$BATS_TEST_TMPDIR/b
	object=$b/lib/base/crc32c.o
	cd "$root"
}

# variant WORD…: where `make WORD…` puts the program.
variant() {
	make -n VERSION=another "$@" all | sed -n 's/.* LD  \([^"]*\)"$/\1/p'
}

@test "other flags make what they concern again, the same ones nothing" {
	make B="$b" "$object" >"$BATS_TEST_TMPDIR/said"
	make -q B="$b" "$object"
	for other in VERSION=9.9 CFLAGS=-O0 LDFLAGS=-Wl,-z,now "WARN=-Wall -Wextra" SAN=undefined SHARED=1; do
		run -1 make -q B="$b" "$object" "$other"
	done
	# Asking changes nothing.
	make -n B="$b" "$object" VERSION=9.9 >"$BATS_TEST_TMPDIR/said"
	grep -q "CC  $object" "$BATS_TEST_TMPDIR/said"
	make -q B="$b" "$object"
	make B="$b" "$object" VERSION=9.9 >"$BATS_TEST_TMPDIR/said"
	grep -q "CC  $object" "$BATS_TEST_TMPDIR/said"
	make -q B="$b" "$object" VERSION=9.9
	run -1 make -q B="$b" "$object"
}

@test "the compiler may be several words" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho "$1" >>"%s/called"\nexec "$@"\n' "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/bin/ccache"
	chmod +x "$BATS_TEST_TMPDIR/bin/ccache"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	make CC='ccache gcc' B="$b" "$object" "$b/lib/ui/complete_scripts.o"
	same cat "$BATS_TEST_TMPDIR/called" <<<$'gcc\ngcc'
	make -q CC='ccache gcc' B="$b" "$object"
}

@test "variants are built beside each other" {
	same variant <<<build/gcs
	same variant CC='ccache gcc' <<<build/gcs
	same variant CC=/usr/bin/gcc <<<build/gcs
	same variant CC=clang <<<build/var-clang/gcs
	same variant CC='ccache clang' <<<build/var-clang/gcs
	same variant CC='/opt/x/clang -m32' <<<build/var-clang--m32/gcs
	same variant SAN=address,undefined SHARED=1 <<<build/var-address-undefined-shared/gcs
}
