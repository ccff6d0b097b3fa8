# Tasks: how they are lost, tried again and ended, and what time does to them.
load lib
load placement

# contract task submit: --job led -r cpu=1
# contract task cancel: T1
# contract task list:
# contract task show: T1

setup() { store; }
teardown() { at_rest; }

tasks() { gcs task list -a -c id,state,node,attempt,lost,code,reason --no-headers "$@" | tr -s ' '; }
submit() { gcs job submit --clean-env "$@"; }
tick() { gcs monitor --once 2>/dev/null; }

@test "lost with its process: tried again after 1 s, doubling, up to its retries" {
	gcs node register n1 -r cpu=2
	submit j -r cpu=1 --max-retries 2
	gcs worker start j
	foretold worker exit W1 --type SYSTEM_ERROR
	same tasks <<<'T1 PENDING - 1 1 - backoff of 1s'
	same gcs job list -c state,reason --no-headers <<<'PENDING  backoff of 1s'
	fails 3 gcs worker start j <<<'gcs: worker start: task T1 has no resources yet'
	gcs clock +999ms
	tick
	same tasks <<<'T1 PENDING - 1 1 - backoff of 1s'
	gcs clock +1ms
	tick
	same tasks <<<'T1 PENDING N1 1 1 - placed, not started yet'
	gcs worker start j
	same tasks <<<'T1 RUNNING N1 2 1 - -'
	gcs worker exit W2 --type NODE_OUT_OF_MEMORY
	same tasks <<<'T1 PENDING - 2 2 - backoff of 2s'
	gcs clock +2s
	tick
	gcs worker start j
	gcs worker exit W3 --type SYSTEM_ERROR
	same tasks <<<'T1 FAILED N1 3 2 - WORKER_LOST'
	same gcs job list -a -c state,reason --no-headers <<<'FAILED  WORKER_LOST'
	# What is over stays over, whatever is said of old processes.
	same gcs worker exit W1 --exit 0 -o json <<<"{\"v\":1,\"seq\":$(last_seq),\"changed\":false,\"ids\":[\"W1\"]}"
}

@test "backoff: up to a minute, and anew after a run of a minute" {
	gcs node register n1 -r cpu=2 --heartbeat-timeout never
	submit j -r cpu=1 --max-retries 99
	for want in 1s 2s 4s 8s 16s 32s 1m 1m; do
		gcs worker exit "$(gcs worker start j)" --type SYSTEM_ERROR
		same gcs task list -c reason --no-headers <<<"backoff of $want"
		gcs clock +1m
		tick
	done
	w=$(gcs worker start j)
	gcs clock +1m
	gcs worker exit "$w" --type SYSTEM_ERROR
	same gcs task list -c reason --no-headers <<<'backoff of 1s'
}

@test "a non-zero exit is tried again only if it says so; USER_ERROR never" {
	gcs node register n1 -r cpu=4
	gcs job add lead
	gcs task submit --job lead -r cpu=1
	gcs task submit --job lead -r cpu=1 --retry-exit
	gcs task submit --job lead -r cpu=1 --retry-exit
	gcs worker exit "$(gcs worker start T1)" --exit 3
	gcs worker exit "$(gcs worker start T2)" --exit 4
	gcs worker exit "$(gcs worker start T3)" --exit 5 --type USER_ERROR
	same tasks <<-'END'
		T1 FAILED N1 1 - 3 NONZERO_EXIT
		T2 PENDING - 1 1 4 backoff of 1s
		T3 FAILED N1 1 - 5 NONZERO_EXIT
	END
	same gcs task show T1 -o 'fmt=%{max_retries}\n' <<<3
	gcs is J1 RUNNING
}

@test "death of the node: at once elsewhere, or the end of the job" {
	gcs node register n1 -r cpu=2
	gcs job add lead
	gcs task submit --job lead -r cpu=1
	submit driver -r cpu=1
	gcs worker start T1
	gcs worker start driver
	gcs node register n2 -r cpu=2
	foretold node fail n1 -m smoke
	same tasks <<-'END'
		T1 PENDING N2 1 1 - placed, not started yet
		T2 FAILED N1 1 - - NODE_DIED
	END
	same gcs worker list -a -c id,state,reason --no-headers <<-'END'
		W1  EXITED  its node died
		W2  EXITED  its node died
	END
	same gcs job list -a -c id,state,reason --no-headers <<-'END'
		J1  RUNNING  -
		J2  FAILED   NODE_DIED
	END
	# What was placed and not started has lost nothing.
	gcs node register n3 -r cpu=2
	gcs node fail n2 -m smoke
	same tasks --filter id=T1 <<<'T1 PENDING N3 1 1 - placed, not started yet'
}

@test "limits: of the wait, and of the run" {
	gcs node register n1 -r cpu=1 --heartbeat-timeout never
	submit a -r cpu=1 --time-limit 10s --max-retries 3
	submit b -r cpu=1 --queue-timeout 5s
	gcs worker start a
	gcs clock +4999ms
	tick
	same gcs task list -c id,state --no-headers <<<$'T1  RUNNING\nT2  PENDING'
	gcs clock +1ms
	tick
	same tasks <<-'END'
		T1 RUNNING N1 1 - - -
		T2 FAILED - 0 - - QUEUE_TIMEOUT
	END
	gcs job update a --time-limit 20s
	gcs clock +14s
	tick
	gcs is T1 RUNNING
	gcs clock +1s
	tick
	same tasks --filter id=T1 <<<'T1 FAILED N1 1 - - TIME_LIMIT'
	same gcs job list -a -c id,state,reason --no-headers <<-'END'
		J1  FAILED  TIME_LIMIT
		J2  FAILED  QUEUE_TIMEOUT
	END
	same gcs worker list -a -c id,state --no-headers <<<'W1  EXITED'
}

@test "cancel: what waits, what runs, and the driver" {
	gcs node register n1 -r cpu=1
	gcs job add lead
	gcs task submit --job lead -r cpu=1
	gcs task submit --job lead -r cpu=1
	submit j -r cpu=1
	gcs worker start T1
	foretold task cancel T1 -m enough
	same tasks <<-'END'
		T1 CANCELLED N1 1 - - CANCELLED: enough
		T2 PENDING N1 0 - - placed, not started yet
		T3 PENDING - 0 - - waits for resources
	END
	gcs task cancel T3
	same gcs job list -a -c id,state,reason --no-headers <<-'END'
		J1  RUNNING  -
		J2  STOPPED  CANCELLED
	END
	same gcs task cancel T1 -o json <<<"{\"v\":1,\"seq\":$(last_seq),\"changed\":false,\"ids\":[\"T1\"]}"
	fails 3 gcs worker start T1 <<<'gcs: worker start: task T1 is CANCELLED: cannot become RUNNING'
	fails 3 gcs undo "$(last_seq)"
}

@test "drain: what has not started leaves, what runs stays until the deadline, --strict refuses" {
	gcs node register n1 -r cpu=4 --heartbeat-timeout never
	gcs job add lead
	gcs task submit --job lead -r cpu=1
	gcs task submit --job lead -r cpu=1
	gcs worker start T1
	gcs node register n2 -r cpu=4 --heartbeat-timeout never
	fails 4 gcs drain n1 -m disk --strict <<<'gcs: drain: task T1 cannot move: it runs'
	gcs drain n1 -m disk --deadline 1m 2>/dev/null
	same tasks <<-'END'
		T1 RUNNING N1 1 - - -
		T2 PENDING N2 0 - - placed, not started yet
	END
	gcs clock +1m
	tick
	same tasks --filter id=T1 <<<'T1 PENDING N2 1 1 - placed, not started yet'
	gcs is N1 DEAD
}

@test "a placement group takes its tasks along" {
	gcs node register n1 -r cpu=4
	gcs pg create p --bundle cpu=2
	gcs job add lead
	gcs task submit --job lead --pg p -r cpu=1
	gcs task submit --job lead --pg p -r cpu=2
	gcs worker start T1
	same gcs lease list --filter owner=T1 -c owner,parent --no-headers <<<'T1  L1'
	foretold pg remove p
	same tasks <<-'END'
		T1 FAILED N1 1 - - PG_REMOVED
		T2 FAILED - 0 - - PG_REMOVED
	END
	same gcs lease list -q -o id </dev/null
	gcs is J1 RUNNING
}

@test "demand and status know what waits" {
	gcs job add lead
	gcs task submit --job lead -r cpu=3
	gcs task submit --job lead -r cpu=3
	same gcs resource demand -c kind,count,resources,first --no-headers <<<'task  2  cpu=3  T1'
	gcs status >"$BATS_TEST_TMPDIR/status"
	grep -qx 'jobs  *1 RUNNING' "$BATS_TEST_TMPDIR/status"
	grep -qx 'tasks  *2 PENDING' "$BATS_TEST_TMPDIR/status"
	fails 2 gcs task submit <<<'gcs: task submit: which job? (--job, or GCS_JOB_ID)'
	same env GCS_JOB_ID=lead "$GCS_BIN" task submit -r cpu=3 --request-id r <<<T3
	same env GCS_JOB_ID=lead "$GCS_BIN" task submit -r cpu=3 --request-id r <<<T3
}
