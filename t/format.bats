# Format 1: what is on disk stays as it was, byte for byte, and so does the order of events. The script that made
# t/data/format1 makes the same rows again, and the directory as it was kept is one for the program of today.
load lib

data=$root/t/data/format1

dump() { "$GCS_TOOLS/dump" "$@"; }

# kept: the cluster that was kept, in $GCS_DIR.
kept() {
	mkdir -m 700 "$GCS_DIR"
	install -m 600 "$data/data.mdb" "$data/pulse" "$GCS_DIR"
	gcs init -q
}

# rows_are FILE: there are these rows, and no others.
rows_are() {
	dump rows "$GCS_DIR" >"$BATS_TEST_TMPDIR/rows"
	diff -u "$1" "$BATS_TEST_TMPDIR/rows" | head -n 40 >&2
	cmp "$1" "$BATS_TEST_TMPDIR/rows"
}

@test "the same commands make the same rows and heartbeats, byte for byte" {
	"$data/make"
	rows_are "$data/rows"
	cmp -n "$(stat -c %s "$data/pulse")" "$data/pulse" "$GCS_DIR/pulse"
}

@test "what is compared has rows in every table, and records in every state" {
	cut -c1 "$data/rows" | sort -u | paste -sd '' >"$BATS_TEST_TMPDIR/tables"
	same cat "$BATS_TEST_TMPDIR/tables" <<<AJKLNPQTWbcdeghklmnoqstuvwx
	kept
	for kind in node actor pg job task worker; do
		gcs "$kind" list -a -q -c state --no-headers | sort -u | tr -d '!' | paste -sd' '
	done >"$BATS_TEST_TMPDIR/states"
	same cat "$BATS_TEST_TMPDIR/states" <<-'END'
		ALIVE DEAD DRAINING
		ALIVE DEAD FAILED PENDING RESTARTING
		CREATED PENDING REMOVED RESCHEDULING
		FAILED PENDING RUNNING STOPPED
		CANCELLED FAILED FINISHED PENDING RUNNING
		EXITED RUNNING
	END
}

@test "the directory that was kept opens, is sound and says what it always said" {
	kept
	rows_are "$data/rows"
	local command
	while IFS= read -r command; do
		echo "$ gcs $command"
		eval "gcs -q $command"
	done < <(sed -n 's/^\$ gcs //p' "$data/said") >"$BATS_TEST_TMPDIR/said"
	same cat "$BATS_TEST_TMPDIR/said" <"$data/said"
	rows_are "$data/rows"
}

@test "work goes on in it" {
	kept
	gcs kv put versions 4
	gcs undo "$(gcs log m1 --limit 1 -q -o 'fmt=%{seq}')"
	gcs drain n1 -m 'on we go' --deadline 1m
	gcs job cancel elsewhere
	gcs clock +1h
	gcs monitor --once -q
	gcs node register n1 -r cpu=100
	same gcs doctor --deep -q </dev/null
} >/dev/null

# Its rows are too many to be kept.
@test "what 1000 placements in one transaction leave over is marked" {
	export GCS_SEAM=by=1000:ada:host1,pid=4242,libc=glibc-40-8,ids=00112233445566778899aabbccddeeff
	GCS_SEAM=$GCS_SEAM,boot-id=0123456789abcdef0123456789abcdef
	seams init -q --test-clock 2026-01-01T00:00:00Z
	for n in {1..1001}; do echo actor create -r cpu=1; done | seams batch >/dev/null
	seams node register n1 -r cpu=2000 >/dev/null
	dump rows "$GCS_DIR" >"$BATS_TEST_TMPDIR/rows"
	same grep -a '^y' "$BATS_TEST_TMPDIR/rows" <<<'yplacement \01\00\d7\d6\c1m'
	cd "$BATS_TEST_TMPDIR"
	same sha256sum rows <<<'284b3de7a58c0cbb5b8b49919f157478fb5a9e2c4aa521a6f9a47887d9ca5735  rows'
}

@test "each kind has the verbs that its rows promise, and its own turn when something ends" {
	kept
	same "$GCS_TOOLS/kinds" </dev/null
}
