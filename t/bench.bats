# The benches: a row is void if what it timed did not happen, and the bench ends with 1; and what t/tool/bench.c does
# around what it times.

load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
	bench=$GCS_TOOLS/bench
	work=$PWD
	gcs=$GCS_BIN
	. "$root/t/bench-rows"
}

@test "rounds to warm up, and the lines before and after each run, which is told its round" {
	run -0 --separate-stderr "$bench" compare -w 1 -b 'echo "before $1 $2" >>said' -a 'echo "after $1 $2" >>said; [ "$1 $2" != "2 3" ]' 2 \
		-- sh -c 'echo "one $1" >>said' sh '{#}' -- sh -c 'echo "two $1" >>said' sh '{#}'
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]#* }" = 0 ]
	[ "${lines[1]#* }" = 1 ]
	same cat said <<-'EOF'
		before 1 1
		one 1
		after 1 1
		before 2 1
		two 1
		after 2 1
		before 2 2
		two 2
		after 2 2
		before 1 2
		one 2
		after 1 2
		before 1 3
		one 3
		after 1 3
		before 2 3
		two 3
		after 2 3
	EOF
	run -0 "$bench" compare -w 0 3 -- false
	[ "${lines[0]#* }" = 3 ]
}

@test "pairs: the median of new to old, and an interval that needs six of them" {
	read -r ratio low high old new failed < <("$bench" pair -w 0 9 -- sleep 0.02 -- sleep 0.3)
	awk "BEGIN { exit !($low <= $ratio && $ratio <= $high && 1.2 < $low && $old < $new && $failed == 0) }"
	read -r ratio low high old new failed < <("$bench" pair 6 -- false -- true)
	[ "$failed" -eq 8 ]
	run -2 "$bench" pair 5 -- true -- true
	run -2 "$bench" pair 6 -- true
}

@test "a row is void if what it timed did not happen, and void rows end a bench with 1" {
	happened "lines" 3 3
	row first - 1 ok >got
	grep -q ok got
	sum_up >got
	happened "lines" 3 2 2>said
	same cat said <<<"bench: lines: expected '3', found '2': the next row is void"
	row second - 1 ok >got
	grep -q VOID got
	row third - 1 missed >got
	grep -q missed got
	happened "nothing" "" "" 2>said
	row fourth - 1 ok >got
	grep -q VOID got
	run -1 sum_up
	[ "${lines[-1]}" = "1 missed, 2 void" ]
}

@test "the death of a node is timed once for each copy, and a node that does not die is noticed" {
	node_death 11000 >got 2>&1
	grep -Eq '(ok|missed) *$' got
	sum_up >got
	cat >deathless <<-'EOF'
		#!/bin/sh
		case "$*" in *'node fail'*) exit 0 ;; esac
		exec "$GCS_BIN" "$@"
	EOF
	chmod +x deathless
	gcs=$PWD/deathless
	node_death 11000 >got 2>said
	grep -q 'VOID *$' got
	grep -q 'not all 1,000 are elsewhere' said
	run -1 sum_up
}

@test "the scripts of the benches are sound" {
	command -v shellcheck || skip "no shellcheck here"
	cd "$root"
	shellcheck -x t/bench t/bench-*
}
