# What every test file loads first (`load lib`): where the program is, an environment in which nothing of the
# caller's is felt, and two ways to state what the program should say.

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
