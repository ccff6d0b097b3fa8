# The line that says how far something is (lib/ui/progress.h), as a terminal gets it.
load lib

# on_terminal COLUMNS STEP…: the bytes that the terminal is sent, control bytes visible.
on_terminal() {
	local words cols=$1
	shift
	words=$(printf '%q ' "$GCS_TOOLS/progress" 2 "$@")
	script -qec "stty cols $cols; $words" /dev/null | cat -v
}

@test "a line is written over the one before, and is gone at the end" {
	same on_terminal 80 '1 of 10 ended' +200 '2 of 10 ended, 1 failed' +200 'nearly' \
		< <(printf '^M1 of 10 ended^M2 of 10 ended, 1 failed^Mnearly                 ^M      ^M')
}

@test "no more often than five times a second; after a clear at once" {
	same on_terminal 80 a +199 b +1 c d - e < <(printf '^Ma^Mc^M ^M^Me^M ^M')
}

@test "cut to the terminal, by columns and whole characters" {
	same on_terminal 10 '0123456789' < <(printf '^M012345678^M         ^M')
	same on_terminal 6 'aäöüß漢字' < <(printf '^MaM-CM-$M-CM-6M-CM-<M-CM-^_^M     ^M')
	same on_terminal 5 '漢字漢' < <(printf '^MM-fM-<M-"M-eM--M-^W^M    ^M')
}

@test "what is shown moves no terminal" {
	same on_terminal 80 $'a\e[2Jb\x7f\xc2\x9bc' < <(printf '^Ma?[2Jb???c^M          ^M')
	same on_terminal 80 $'a\xff\xfeb' < <(printf '^Ma??b^M    ^M')
}

@test "nothing but a terminal is written to" {
	"$GCS_TOOLS/progress" 1 a +200 b >"$BATS_TEST_TMPDIR/out"
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	"$GCS_TOOLS/progress" 2 a - b 2>&1 | same cat </dev/null
	"$GCS_TOOLS/progress" 9 a
}

@test "in the background of a terminal it is silent, and is not stopped" {
	# Job control gives the background a group of its own; tostop would stop whoever writes.
	same script -qec "exec 2>/dev/null; stty tostop; set -m; '$GCS_TOOLS/progress' 1 a +200 b & wait \$!; echo \$?" /dev/null <<<$'0\r'
}
