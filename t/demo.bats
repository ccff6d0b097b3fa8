# The demonstration shows what it says it shows and leaves nothing behind.

load lib

setup() {
	export TMPDIR=$BATS_TEST_TMPDIR/tmp PACE=0
	mkdir "$TMPDIR"
}

demo() {
	timeout 600 sh "$root/share/demo"
}

# Processes that work in a directory below $TMPDIR.
left_running() {
	local environ
	for environ in /proc/[0-9]*/environ; do
		if [ -r "$environ" ] && grep -qz "^GCS_DIR=$TMPDIR/" "$environ" 2>"$BATS_TEST_TMPDIR/.gone"; then
			echo "$environ" >&2
			return 0
		fi
	done
	return 1
}

left_nothing() { [ -z "$(ls -A "$TMPDIR")" ] && ! left_running; }

@test "the demonstration: a node is lost, live, and what it owned goes with it" {
	demo >"$BATS_TEST_TMPDIR/shown"
	cd "$BATS_TEST_TMPDIR"
	# In the watch that stands beside, and in the log.
	grep -q '^  *| 8 .* NODE_DEAD  *N2 n2  (.*: monitor)$' shown
	grep -q '^  *| 9 .* KV_DELETED  *default/serve/model  because of 8  (.*: monitor)$' shown
	grep -q '^`- 9 .* KV_DELETED  *default/serve/model  because of 8 ' shown
	grep -q '^plan [0-9a-f]\{32\}$' shown
	grep -q '^n3 *DEAD *DRAINED: returned to the owner$' shown
	[[ $(tail -n 1 shown) == 'That was it: 11 events,'* ]]
	wait_for left_nothing # what was ended by a signal may need a moment
}

@test "the demonstration on a terminal, in colours" {
	command -v script || skip "no script(1) here"
	TERM=xterm script -qec "sh '$root/share/demo'" "$BATS_TEST_TMPDIR/typescript" </dev/null >"$BATS_TEST_TMPDIR/shown"
	grep -q "$(printf '\033\\[31mNODE_DEAD')" "$BATS_TEST_TMPDIR/shown"
	wait_for left_nothing
}

@test "the demonstration fails if what it shows did not happen" {
	cat >"$BATS_TEST_TMPDIR/gcs" <<-'EOF'
		#!/bin/sh
		# Keys that belong to nobody stay.
		[ "$1 $2" != "kv put" ] || set -- kv put "$3" "$4"
		exec "$REAL" "$@"
	EOF
	chmod +x "$BATS_TEST_TMPDIR/gcs"
	REAL=$GCS_BIN GCS_BIN=$BATS_TEST_TMPDIR/gcs run demo
	[ "$status" -eq 1 ]
	[[ $output == *'demo: what n2 owned did not go with it'* ]]
	wait_for left_nothing
}

@test "the demonstration, ended in the middle, cleans up" {
	sh "$root/share/demo" >"$BATS_TEST_TMPDIR/shown" 3>&- &
	demo=$!
	wait_for grep -qs 'n2 loses power' "$BATS_TEST_TMPDIR/shown"
	kill -TERM "$demo"
	ends 143 "$demo"
	wait_for left_nothing
}
