# Loaded first by every test file (`load lib`): the path of the program, an environment independent of the caller's,
# conditions to wait for, and two ways to state the expected output.

bats_require_minimum_version 1.5.0

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
GCS_BIN=${GCS_BIN:-$root/build/gcs}
GCS_SEAMS_BIN=${GCS_SEAMS_BIN:-$root/build/var-seams/gcs}
GCS_TOOLS=${GCS_TOOLS:-$root/build/tool}

for name in $(compgen -e GCS_); do
	case $name in
	GCS_BIN | GCS_SEAMS_BIN | GCS_TOOLS | GCS_BUILD) ;;
	*) unset "$name" ;;
	esac
done
unset name NO_COLOR COLUMNS XDG_STATE_HOME
export GCS_BIN GCS_SEAMS_BIN GCS_TOOLS ME
export GCS_DIR=$BATS_TEST_TMPDIR/c TZ=UTC LC_ALL=C TERM=xterm
export SHELL=$BASH # script(1) runs its command with it, and printf %q quotes for bash

ME=$(id -un) # as in the log
# The name and the title in a table's column of users, both of the same width.
# shellcheck disable=SC2034
printf -v ME_CELL %-4s "$ME" && printf -v ME_TITLE "%-${#ME_CELL}s" USER

# No test reads the stdin of make check (and fails can tell whether it was given a line).
exec </dev/null

gcs() {
	"$GCS_BIN" "$@"
}

seams() {
	"$GCS_SEAMS_BIN" "$@"
}
export -f gcs seams

# store: creates the test's own state directory, with a given clock: gcs clock +31s moves it.
store() {
	gcs init -q --test-clock 2026-01-01T00:00:00Z
}

# --- waiting: for conditions, never for time. A condition must not hold already before the wait. ---

# wait_for COMMAND…: until it succeeds. The limit is for commands that never will: a busy machine stays far below it.
wait_for() {
	local end=$((SECONDS + 90))
	until "$@"; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "never came true: $*" >&2
			return 1
		fi
		sleep 0.01
	done
}

# in_state PID LETTER: the process state as ps(1) shows it: T is stopped, S sleeps.
in_state() {
	[ "$(sed 's/.*) //; s/ .*//' "/proc/$1/stat")" = "$2" ]
}

# no_process PID: the process is gone, or a zombie.
no_process() {
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
	stat=${stat##*) }
	[ "${stat%% *}" = Z ]
}

# has_open PID FILE: the process has opened it.
has_open() {
	[ -n "$(find "/proc/$1/fd" -lname "$2")" ]
}

# ends CODE PID: this child exits with CODE.
ends() {
	local code=0
	wait_for no_process "$2"
	wait "$2" || code=$?
	[ "$code" -eq "$1" ] || {
		echo "exit $code, expected $1" >&2
		return 1
	}
}

# stops PID: sends SIGSTOP and waits until the process has stopped.
stops() {
	kill -STOP "$1"
	wait_for in_state "$1" T
}

# monitor_starts [OPTION…]: starts a monitor in the background and waits until it has the lock and handles signals; its
# pid is in $monitor, its output in monitor.log.
# shellcheck disable=SC2034 # for the caller
monitor_starts() {
	local log=$BATS_TEST_TMPDIR/monitor.log
	rm -f "$log"
	"$GCS_BIN" monitor "$@" 2>"$log" 3>&- &
	monitor=$!
	wait_for grep -qs ': started as process' "$log"
}

# in_line N: N processes queue for locks. Each has a place in the queue, numbered from 1; 0 is the door.
in_line() {
	local inode place n=0
	inode=$(stat -c %i "$GCS_DIR/run/turns" 2>"$BATS_TEST_TMPDIR/.none") || return 1
	# shellcheck disable=SC2013 # each number is a word
	for place in $(sed -n "s/^[0-9]*: OFDLCK .*:$inode \([0-9]*\) .*/\1/p" /proc/locks); do
		[ $((place & 0x7fffffff)) -eq 0 ] || n=$((n + 1))
	done
	[ "$n" -eq "$1" ]
}

# end_jobs [PID…]: kills the test's background processes, and these.
# shellcheck disable=SC2120
end_jobs() {
	local pid
	for pid in "$@" $(jobs -p); do
		kill -KILL "$pid" 2>/dev/null || continue # it has exited
	done
	wait
}

# A teardown that does more calls end_jobs first.
# shellcheck disable=SC2119
teardown() { end_jobs; }

# --- expected output ---

# same COMMAND… <<EOF: the command exits 0 and its stdout equals stdin.
same() {
	local dir=$BATS_TEST_TMPDIR code=0
	cat >"$dir/.want"
	"$@" >"$dir/.got" </dev/null || code=$?
	if [ "$code" -ne 0 ]; then
		echo "exit $code: $*" >&2
		return 1
	fi
	diff -u --label expected --label "$*" "$dir/.want" "$dir/.got" >&2
}

# fails CODE COMMAND… [<<EOF]: the command exits with CODE, prints nothing on stdout and one line on stderr: that of
# stdin, if given.
fails() {
	local want=$1 dir=$BATS_TEST_TMPDIR code=0 line=() said=()
	shift
	if [ -f /dev/stdin ] || [ -p /dev/stdin ]; then
		mapfile line
	fi
	"$@" >"$dir/.got" 2>"$dir/.err" </dev/null || code=$?
	if [ "$code" -ne "$want" ]; then
		echo "exit $code, expected $want: $*" >&2
		cat "$dir/.err" >&2
		return 1
	fi
	if [ -s "$dir/.got" ]; then
		echo "wrote to stdout: $*" >&2
		cat "$dir/.got" >&2
		return 1
	fi
	mapfile said <"$dir/.err"
	if [ "${#said[@]}" -ne 1 ] || [[ ${said[0]} != *$'\n' ]]; then
		echo "not one line on stderr: $*" >&2
		cat "$dir/.err" >&2
		return 1
	fi
	if [ "${#line[@]}" -gt 0 ] && [ "${line[*]}" != "${said[*]}" ]; then
		printf 'expected: %sbut said: %s' "${line[*]}" "${said[*]}" >&2
		return 1
	fi
}
