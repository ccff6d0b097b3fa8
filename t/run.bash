# Shared by the tests that run jobs (`load run`, after lib, placement and fault): the cluster's clock is the real one.
#
# shellcheck shell=bash disable=SC2154

# cluster: creates the test's own directory, and sets $host to this machine's name.
cluster() {
	gcs init -q
	host=$(hostname)
	host=${host%%.*}
}

# field KIND REC FIELD: prints one field of a record.
field() { gcs "$1" show "$2" -o fmt="%{$3}"; }

# is REC EXPR: the expression holds; a condition for wait_for.
is() { gcs is "$1" "$2" >/dev/null 2>&1; }

# live KIND N: N records of a kind have not ended.
live() { [ "$(gcs "$1" list -q -o id | wc -l)" -eq "$2" ]; }

# lines N FILE: the file has N lines.
lines() { [ -e "$2" ] && [ "$(wc -l <"$2")" -eq "$1" ]; }

# is_line FILE: the file is not empty.
is_line() { [ -s "$1" ]; }

# nothing_left: no jobs, tasks, workers, leases or lock files are left, and all is in order.
nothing_left() {
	local kind left
	for kind in job task worker lease; do
		left=$(gcs "$kind" list -q -o id)
		if [ -n "$left" ]; then
			echo "a $kind is left: $left" >&2
			return 1
		fi
	done
	left=$(find "$GCS_DIR/run" -name '*.lock')
	if [ -n "$left" ]; then
		echo "lock files are left: $left" >&2
		return 1
	fi
	at_rest
}
