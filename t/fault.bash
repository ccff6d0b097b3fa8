# Shared by the fault tests (`load fault`, after lib): stopping the program in the middle of a call, and a small private
# disk.
#
# Scripts for such a disk are quoted, and run by another shell.
# shellcheck shell=bash disable=SC2016,SC2154

# LeakSanitizer cannot work under strace.
export ASAN_OPTIONS="detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"

trace=${BATS_TEST_TMPDIR:-/dev}/trace first='' watcher=''

# Kills what a failed test left behind.
# shellcheck disable=SC2086 # one process or none
teardown() { end_jobs $first $watcher; }

# locked WORDS FILE: /proc/locks has a line with WORDS for the file.
locked() {
	grep -qE -- "$1.* [0-9a-f]+:[0-9a-f]+:$(stat -c %i "$GCS_DIR/$2") " /proc/locks
}

# writing PID: the process has the writer lock.
writing() {
	[ "$(tr -d ' \n' <"$GCS_DIR/writer")" = "$1" ]
}

# reading PID: the process is inside a read transaction: it has a slot in LMDB's reader table.
reading() {
	od -A n -t d4 -v -w64 -j 128 "$GCS_DIR/lock.mdb" | awk -v pid="$1" '$3 == pid { n++ } END { exit !n }'
}

# stops_at CALL N SEAMS COMMAND…: starts the program, which stops at the Nth CALL on data.mdb. Sets $first to its pid and
# $watcher to that of strace.
stops_at() {
	: >"$trace"
	GCS_SEAM=$3 strace -f -o "$trace" -P "$GCS_DIR/data.mdb" -e trace="$1" -e inject="$1:signal=STOP:when=$2" \
		"$GCS_SEAMS_BIN" "${@:4}" >"$BATS_TEST_TMPDIR/first" 2>&1 3>&- &
	watcher=$!
	wait_for grep -q 'stopped by SIGSTOP' "$trace"
	first=$(awk 'NR == 1 { print $1 }' "$trace")
}

# on_small_disk SIZE SCRIPT: runs the script with a store on a private tmpfs of that size, mounted at $fs.
on_small_disk() {
	local how=-m
	[ "$(id -u)" -eq 0 ] || how=-rm
	unshare "$how" true || skip 'no mount namespace to be had'
	mkdir -p "$BATS_TEST_TMPDIR/fs"
	size=$1 fs=$BATS_TEST_TMPDIR/fs script=$2 unshare "$how" bash -eEuo pipefail -c '
		mount -t tmpfs -o "size=$size" tmpfs "$fs"
		export GCS_DIR=$fs/c
		gcs -q init --test-clock 2026-01-01T00:00:00Z
		eval "$script"'
}

fill_disk() {
	dd if=/dev/zero of="$fs/filler" bs=4096 status=none 2>"$BATS_TEST_TMPDIR/full" || grep -q 'No space' "$BATS_TEST_TMPDIR/full"
}
export -f same fails fill_disk
