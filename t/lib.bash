# What every test file loads first (`load lib`): where the program is, an environment in which nothing of the
# caller's is felt, what tests wait for, and two ways to state what the program should say.

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
export SHELL=$BASH # script(1) runs its command by it, and printf %q writes for bash

ME=$(id -un) # as the log will say
# A table's column of users has this name and this title, one as wide as the other.
# shellcheck disable=SC2034
printf -v ME_CELL %-4s "$ME" && printf -v ME_TITLE "%-${#ME_CELL}s" USER

# Nobody here reads from whatever make check was started from (and fails can tell whether it was given a line).
exec </dev/null

gcs() {
	"$GCS_BIN" "$@"
}

seams() {
	"$GCS_SEAMS_BIN" "$@"
}
export -f gcs seams

# store: the test's own state directory, whose clock is given: gcs clock +31s moves it.
store() {
	gcs init -q --test-clock 2026-01-01T00:00:00Z
}

# --- waiting: for what shows that it is so, never for time. Whoever waits asks himself whether it held before, too. ---

# wait_for COMMAND…: until it succeeds. The limit is for what never will: a busy machine does not come near it.
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

# in_state PID LETTER: as ps(1) shows it: T is stopped, S sleeps.
in_state() {
	[ "$(sed 's/.*) //; s/ .*//' "/proc/$1/stat")" = "$2" ]
}

# no_process PID: it is gone, or only to be reaped.
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

# ends CODE PID: this child of ours ends so.
ends() {
	local code=0
	wait_for no_process "$2"
	wait "$2" || code=$?
	[ "$code" -eq "$1" ] || {
		echo "exit $code, expected $1" >&2
		return 1
	}
}

# stops PID: by SIGSTOP, and it stands still by now.
stops() {
	kill -STOP "$1"
	wait_for in_state "$1" T
}

# monitor_starts [OPTION…]: a monitor in the background, which has its place and heeds signals by now; its process in
# $monitor, what it says in monitor.log.
# shellcheck disable=SC2034 # for who calls it
monitor_starts() {
	local log=$BATS_TEST_TMPDIR/monitor.log
	rm -f "$log"
	"$GCS_BIN" monitor "$@" 2>"$log" 3>&- &
	monitor=$!
	wait_for grep -qs ': started as process' "$log"
}

# in_line N: so many stand in line for locks. Each has a place there, whose number is not 0; 0 is the door.
in_line() {
	local inode place n=0
	inode=$(stat -c %i "$GCS_DIR/run/turns" 2>"$BATS_TEST_TMPDIR/.none") || return 1
	# shellcheck disable=SC2013 # numbers are words
	for place in $(sed -n "s/^[0-9]*: OFDLCK .*:$inode \([0-9]*\) .*/\1/p" /proc/locks); do
		[ $((place & 0x7fffffff)) -eq 0 ] || n=$((n + 1))
	done
	[ "$n" -eq "$1" ]
}

# end_jobs [PID…]: what a test left in the background is killed, and these.
# shellcheck disable=SC2120
end_jobs() {
	local pid
	for pid in "$@" $(jobs -p); do
		kill -KILL "$pid" 2>/dev/null || continue # it has ended
	done
	wait
}

# Who has more to do afterwards calls end_jobs first.
# shellcheck disable=SC2119
teardown() { end_jobs; }

# --- stating what the program should say ---

# same COMMAND… <<EOF: the command exits 0 and its stdout is exactly what stands on stdin.
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

# fails CODE COMMAND… [<<EOF]: exits with CODE, prints nothing on stdout and one line on stderr: the one on stdin,
# if one is given there.
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
