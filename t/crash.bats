# Faults of the path that runs things: what is killed at random moments, and a machine that reboots.
#
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

load lib
load placement
load fault
load run

@test "agents, supervisors, children and the monitor are killed: every job ends once and truly, nothing is left" {
	for seed in ${SEEDS:-1}; do
		bash "$root/t/tool/crash" "$seed" 40 3>&-
	done
}

@test "a reboot: what ran is accounted for, and tried again as far as it may be" {
	cluster
	export GCS_SEAM=boot-id=before
	"$GCS_SEAMS_BIN" agent n1 -r cpu=4 2>"$BATS_TEST_TMPDIR/n1.log" 3>&- &
	agent=$!
	wait_for grep -qs 'this is node' "$BATS_TEST_TMPDIR/n1.log"
	seams job submit -q once -r cpu=1 -- sleep 60
	seams job submit -q again -r cpu=1 --max-retries 1 -- sh -c '[ "$GCS_TASK_ATTEMPT" = 2 ] || exec sleep 60'
	seams actor create -q a -r cpu=1 --max-restarts 1 -- sleep 60
	"$GCS_SEAMS_BIN" job run -r cpu=1 -- sleep 60 3>&- &
	run=$!
	wait_for live worker 4
	"$GCS_SEAMS_BIN" job run -r cpu=4 -- sleep 60 3>&- &
	waits=$!
	wait_for is J4 exists
	pids=$(seams worker list -q -o fmt='%{pid} ')
	kill -KILL "$agent" "$run" "$waits"
	# shellcheck disable=SC2086 # several
	for pid in $(pgrep -f -- "-D $GCS_DIR supervise") $pids; do
		kill -KILL "$pid" 2>"$BATS_TEST_TMPDIR/gone" || continue # the child that was spare goes with its supervisor
	done
	for pid in $pids; do wait_for no_process "$pid"; done

	# The pids of before the reboot are other processes' now, and prove nothing.
	export GCS_SEAM=boot-id=after
	"$GCS_SEAMS_BIN" agent n1 -r cpu=4 --monitor 2>"$BATS_TEST_TMPDIR/again.log" 3>&- &
	agent=$!
	wait_for live job 0
	wait_for is A1 ALIVE
	same gcs job list -aq --no-headers --sort id -c id,state,reason <<-'END'
		J1  FAILED   WORKER_LOST: its process vanished
		J2  STOPPED  FINISHED
		J3  FAILED   WORKER_LOST: its process vanished
		J4  STOPPED  WORKER_LOST: its submitter vanished while it waited
	END
	is A1 'num_restarts = 1'
	seams actor kill -q A1
	wait_for live worker 0
	kill -TERM "$agent"
	ends 0 "$agent"
	nothing_left
}

@test "objects of its own sources, built over agents that are killed and drained, are as a plain build makes them" {
	FILES=16 run -0 bash "$root/t/demo-build" 3>&-
	[[ ${lines[-1]} = '16 objects, all as a plain build makes them; no lease is left' ]]
}
