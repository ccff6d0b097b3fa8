# job wait: until jobs have ended, with their own exit code.
load lib
load placement

# contract job wait: over

setup() { store; }
teardown() {
	end_jobs
	at_rest
}

# codes CODE JOB…: job wait of these ends with that code, and says nothing.
codes() {
	local want=$1 code=0
	shift
	gcs job wait "$@" >"$BATS_TEST_TMPDIR/said" 2>&1 || code=$?
	[ "$code" -eq "$want" ] || { echo "exit $code, expected $want" >&2; return 1; }
	[ ! -s "$BATS_TEST_TMPDIR/said" ]
}

# waiting JOB…: job wait of these in the background, when it sleeps.
waiting() {
	"$GCS_BIN" job wait "$@" -v 2>"$BATS_TEST_TMPDIR/waiting" &
	waiter=$!
	wait_for grep -qs 'waiting for' "$BATS_TEST_TMPDIR/waiting"
}

@test "the code is the job's; of several the first that is not 0, in the order given" {
	gcs node register n1 -r cpu=9
	for name in good bad killed; do
		gcs job submit "$name" -r cpu=1 --clean-env >/dev/null
		gcs worker start "$name" >/dev/null
	done
	fails 124 gcs job wait bad --timeout 0 <<<"gcs: job wait: J2: 'ended' did not come in time"
	gcs worker exit W1 --exit 0
	gcs worker exit W2 --exit 3
	gcs worker exit W3 --signal 9
	codes 0 good
	codes 3 bad --timeout 0
	codes 137 J3
	codes 3 good bad killed
	codes 137 good killed bad
	gcs job add elsewhere >/dev/null
	gcs job finish elsewhere --exit 7
	codes 7 elsewhere
}

@test "it ends when the last of them does, whoever has the name by then" {
	gcs node register n1 -r cpu=9
	gcs job submit one -r cpu=1 --clean-env >/dev/null
	gcs job submit two -r cpu=1 --clean-env >/dev/null
	gcs worker start one
	gcs worker start two
	waiting one two
	gcs worker exit W1 --exit 0
	kill -0 "$waiter"
	gcs batch >/dev/null <<-'END'
		worker exit W2 --exit 5
		job rerun two
	END
	code=0
	wait "$waiter" || code=$?
	[ "$code" -eq 5 ]
}

@test "an array ends with its last task, and fails with any of them" {
	gcs node register n1 -r cpu=9
	gcs job submit a --array 1-3 -r cpu=1 --clean-env >/dev/null
	for t in 1 2 3; do gcs worker start T$t >/dev/null; done
	gcs worker exit W2 --exit 4
	gcs worker exit W1 --exit 0
	waiting a
	gcs worker exit W3 --exit 0
	code=0
	wait "$waiter" || code=$?
	[ "$code" -eq 1 ]
}

@test "125: what has no code of its own, and what is no job" {
	gcs job submit never -r cpu=1 --clean-env >/dev/null
	gcs job submit after --after never --clean-env >/dev/null
	gcs job cancel never
	code=0
	gcs job wait never 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 125 ]
	same cat "$BATS_TEST_TMPDIR/err" <<<'gcs: job wait: J1 has no exit code: it is STOPPED, CANCELLED'
	code=0
	gcs job wait -q after || code=$?
	[ "$code" -eq 125 ]
	fails 125 gcs job wait nobody <<<"gcs: job wait: no job matches 'nobody'"
	fails 125 gcs job wait <<<'gcs: job wait: missing operand JOB'
}

@test "on a terminal a line says how far they are" {
	gcs node register n1 -r cpu=9
	gcs job submit a --array 1-100 -r cpu=1 --clean-env >/dev/null
	gcs job submit b --clean-env >/dev/null
	for t in 1 2 3; do gcs worker start T$t >/dev/null; done
	gcs worker exit W1 --exit 0
	gcs worker exit W2 --exit 1
	code=0
	script -qec "stty cols 200; $GCS_BIN job wait a b --timeout 10ms" /dev/null >"$BATS_TEST_TMPDIR/seen" || code=$?
	[ "$code" -eq 124 ]
	grep -q '2 of 101 ended, 1 failed, 1 running' "$BATS_TEST_TMPDIR/seen"
	script -qec "$GCS_BIN job wait -q a b --timeout 10ms" /dev/null >"$BATS_TEST_TMPDIR/seen" || code=$?
	[ "$(grep -c 'ended,' "$BATS_TEST_TMPDIR/seen")" -eq 0 ]
}

@test "job submit --wait prints the id at once, waits, and ends with the job's code" {
	gcs node register n1 -r cpu=9
	"$GCS_BIN" job submit train -r cpu=1 --clean-env --wait >"$BATS_TEST_TMPDIR/id" 2>"$BATS_TEST_TMPDIR/err" &
	waiter=$!
	wait_for test -s "$BATS_TEST_TMPDIR/id"
	same cat "$BATS_TEST_TMPDIR/id" <<<J1
	gcs worker start train
	kill -0 "$waiter"
	gcs worker exit W1 --exit 3
	code=0
	wait "$waiter" || code=$?
	[ "$code" -eq 3 ]
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	run -124 --separate-stderr gcs job submit -r cpu=1 --clean-env --wait --timeout 50ms
	[ "$output" = J2 ]
	[ "$stderr" = "gcs: job submit: J2: 'ended' did not come in time" ]
	gcs -q is J2 PENDING
	gcs job cancel J2
	# A repeated request waits for what the first one made.
	run -124 gcs job submit -r cpu=1 --clean-env --request-id r --wait --timeout 50ms
	gcs job cancel J3
	run -125 --separate-stderr gcs job submit -r cpu=1 --clean-env --request-id r --wait --timeout 50ms
	[ "$stderr" = 'gcs: job submit: J3 has no exit code: it is STOPPED, CANCELLED' ]
}

@test "job submit --wait: 125 for what could not be submitted; it is not for a batch, nor --timeout alone" {
	fails 125 gcs job submit --after nobody --wait <<<"gcs: job submit: --after: no job matches 'nobody'"
	fails 1 gcs job submit --after nobody <<<"gcs: job submit: --after: no job matches 'nobody'"
	fails 2 gcs job submit --timeout 1s <<<'gcs: job submit: --timeout goes with --wait'
	run -2 gcs batch <<<'job submit --wait'
	run -0 --separate-stderr gcs job submit --clean-env --wait --dry-run
	run ! gcs show J1
}
