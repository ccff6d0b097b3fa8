# agent: makes this machine a node and runs what is placed on it.
#
# Scripts for a child stand in quotes: it is the child that is to expand them.
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

load lib
load placement
load fault
load run

# contract agent: held

setup() { cluster; }

# agent NAME [OPTION…]: an agent in the background; its process in $agent, what it says in NAME.log.
agent() {
	rm -f "$BATS_TEST_TMPDIR/$1.log" # of the one before
	"$GCS_BIN" agent "$@" 2>"$BATS_TEST_TMPDIR/$1.log" 3>&- &
	agent=$!
	wait_for grep -qs 'this is node' "$BATS_TEST_TMPDIR/$1.log"
}

# goes PID: SIGTERM, and it exits with 0.
goes() {
	kill -TERM "$1"
	ends 0 "$1"
}

# path REC: of the log of its last process, without .out and .err.
path() { echo "$GCS_DIR/log/$1"; }

@test "it registers what the machine has, or what -r says, and leaves by SIGTERM" {
	agent here
	[ "$(gcs node show here -o fmt='%{total.cpu}')" = "$(nproc)" ]
	works_for=any
	[ "$(id -u)" -eq 0 ] || works_for=$(id -u)
	same gcs node show here -o fmt='%{state} %{agent} %{labels.host}\n' <<<"ALIVE $works_for $host"
	goes "$agent"
	same gcs node list -aq --no-headers -c name,state,reason <<<'here  DEAD  DRAINED: its agent was told to stop'
	agent other -r cpu=3,gpu=2 -l zone=a
	same gcs node list -q --no-headers -c name,cpu,gpu <<<'other  3  2'
	goes "$agent"
	nothing_left
}

@test "each node has one agent" {
	agent n1 -r cpu=1
	fails 3 gcs agent n1 -r cpu=1 <<<'gcs: agent: node n1 has an agent already'
	goes "$agent"
	nothing_left
}

@test "with --monitor where there is a monitor it does not even begin" {
	monitor_starts
	run ! gcs agent n1 -r cpu=1 --monitor
	live node 0
	goes "$monitor"
}

@test "tasks: output, environment, exit codes, directory" {
	agent n1 -r cpu=2,gpu=2
	gcs job submit -q -r cpu=1,gpu=1 --env A=b -- sh -c 'echo $GCS_JOB_ID $GCS_TASK_ID $GCS_TASK_ATTEMPT $GCS_CPUS $CUDA_VISIBLE_DEVICES $A; pwd; echo bad >&2; exit 5'
	gcs job submit -q -- nowhere
	wait_for live job 0
	same cat "$(path T1.1).out" <<<"J1 T1 1 1 0 b"$'\n'"$PWD"
	same cat "$(path T1.1).err" <<<bad
	same gcs job list -aq --no-headers -c id,code,reason <<-'END'
		J1  5    NONZERO_EXIT
		J2  127  NONZERO_EXIT: cannot run 'nowhere': No such file or directory
	END
	goes "$agent"
	nothing_left
}

@test "one task after the other, no more at once than there is room for" {
	agent n1 -r cpu=2
	gcs job submit -q --array 1-40 -r cpu=1 -- sh -c 'echo "+" >>"$0"; sleep 0.02; echo "-" >>"$0"' "$BATS_TEST_TMPDIR/both"
	wait_for live job 0
	awk '/\+/ { n++; if (n > most) most = n } /-/ { n-- } END { exit !(NR == 80 && n == 0 && most == 2) }' "$BATS_TEST_TMPDIR/both"
	goes "$agent"
	nothing_left
}

@test "what is to run again does not wait for the supervisor that does others since" {
	agent n1 -r cpu=2 --monitor
	gcs job submit -q first -r cpu=1 --max-retries 1 --retry-exit -- sh -c 'test "$GCS_TASK_ATTEMPT" = 2'
	gcs job submit -q long -r cpu=1 -- sleep 60
	gcs job submit -q longer -r cpu=1 -- sleep 60
	wait_for is J3 RUNNING
	gcs job cancel -q J2 # the other one still sleeps
	wait_for is J1 ended
	is J1 ok
	gcs job cancel -q J3
	goes "$agent"
	nothing_left
}

@test "actors: ready when they run or when they say so, restarted with a pause, and they know it" {
	agent n1 -r cpu=4 --monitor
	gcs actor create -q a --max-restarts 1 -- sh -c 'echo $GCS_ACTOR_ID $GCS_ACTOR_RESTARTS; [ $GCS_ACTOR_RESTARTS = 1 ] && exec sleep 60; exit 1'
	wait_for is_line "$(path A1.1).out"
	gcs wait A1 --for RESTARTING --since 0 --timeout 0
	is A1 'num_restarts = 1'
	wait_for is A1 ALIVE
	same cat "$(path A1.0).out" "$(path A1.1).out" <<<$'A1 0\nA1 1'
	gcs actor create -q b --reports -- bash -c 'until [ -e "$1" ]; do sleep 0.05; done; "$2" -q actor ready; exec sleep 60' - "$BATS_TEST_TMPDIR/go" "$GCS_BIN"
	wait_for live worker 2
	is A2 PENDING
	touch "$BATS_TEST_TMPDIR/go"
	wait_for is A2 ALIVE
	gcs actor create -q c --reports --start-timeout 300ms -- sleep 60
	wait_for is A3 ended
	same gcs actor list -aq --no-headers -c id,state,reason --filter id=A3 <<<'A3  DEAD  START_TIMEOUT'
	gcs actor kill -q a b
	wait_for live worker 0
	goes "$agent"
	nothing_left
}

@test "an actor has the PATH and HOME of who created it, as a task has, and no other of the agent's" {
	AGENTS=1 agent n1 -r cpu=1
	PATH=/there:$PATH HOME=/h OURS=1 gcs actor create -q a --env K=v -- sh -c 'echo ${PATH%%:*} $HOME $K $AGENTS$OURS; exec sleep 60'
	PATH=/there:$PATH HOME=/h gcs actor create -q b --clean-env --env K=v -- "$(command -v env)"
	wait_for is_line "$(path A1.0).out"
	same cat "$(path A1.0).out" <<<'/there /h v'
	wait_for is A2 ended
	run ! grep -E '^(PATH|HOME)=' "$(path A2.0).out"
	grep -x K=v "$(path A2.0).out"
	gcs actor kill -q a
	wait_for live worker 0
	goes "$agent"
	nothing_left
}

# told N: when the agent said that the Nth start has failed, in milliseconds.
told() { date -d "$(sed -n "s/ gcs agent: .*supervisor, number $1.*//p" "$BATS_TEST_TMPDIR/n1.log")" +%s%3N; }

@test "a supervisor that cannot start its task is not tried again at once, and others are not held up" {
	agent n1 -r cpu=4
	mkdir "$GCS_DIR/run/T1.1.lock"
	gcs job submit -q stuck -r cpu=1 -- true
	wait_for grep -q 'T1 was not started by its supervisor, number 2' "$BATS_TEST_TMPDIR/n1.log"
	for job in a b; do
		gcs job submit -q $job -r cpu=1 -- true
		wait_for is $job ended
	done
	wait_for grep -q 'number 3' "$BATS_TEST_TMPDIR/n1.log"
	[ $(($(told 3) - $(told 2))) -gt 1500 ] # two seconds, from somewhat before the one is said
	rmdir "$GCS_DIR/run/T1.1.lock"
	wait_for is J1 ok
	[ "$(grep -c 'T1 was not started' "$BATS_TEST_TMPDIR/n1.log")" -le 4 ]
	goes "$agent"
	nothing_left
}

@test "killed: SIGTERM, and SIGKILL after its grace; what forked away goes too" {
	agent n1 -r cpu=4
	gcs actor create -q a --grace 1s -- sh -c 'trap "echo told" TERM; setsid sleep 60 & echo $!; while :; do sleep 0.05; done'
	wait_for is_line "$(path A1.0).out"
	gcs actor kill -q a
	wait_for live worker 0
	same tail -1 "$(path A1.0).out" <<<told
	wait_for no_process "$(head -1 "$(path A1.0).out")"
	gcs job submit -q -- sh -c 'setsid sh -c "sleep 60; :" & echo $!'
	wait_for live job 0
	no_process "$(head -1 "$(path T1.1).out")"
	goes "$agent"
	nothing_left
}

@test "SIGTERM: what runs may end until the deadline, then it is stopped" {
	agent n1 -r cpu=4 --drain-timeout 20s
	gcs job submit -q -- sh -c 'until [ -e "$1" ]; do sleep 0.05; done' - "$BATS_TEST_TMPDIR/go"
	wait_for is J1 RUNNING
	kill -TERM "$agent"
	wait_for is n1 DRAINING
	touch "$BATS_TEST_TMPDIR/go"
	ends 0 "$agent"
	is J1 ok
	agent n2 -r cpu=4 --drain-timeout 300ms
	gcs job submit -q -- sleep 60
	wait_for is J2 RUNNING
	goes "$agent"
	same gcs job list -aq --no-headers -c state,reason --filter id=J2 <<<'FAILED  NODE_DIED'
	nothing_left
}

@test "the cluster's directory is removed: what runs is stopped, and nobody stays" {
	agent n1 -r cpu=4
	gcs job submit -q --grace 200ms -- sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done'
	gcs job submit -q -- sh -c 'echo $$; exec sleep 60'
	wait_for is_line "$(path T1.1).out"
	wait_for is_line "$(path T2.1).out"
	pids="$(cat "$(path T1.1).out" "$(path T2.1).out") $(pgrep -f -- "-D $GCS_DIR supervise")"
	"$GCS_BIN" job run -- sh -c 'echo $$; exec sleep 60' >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	run=$!
	wait_for is_line "$BATS_TEST_TMPDIR/out"
	rm -rf "$GCS_DIR"
	ends 7 "$agent"
	grep -q "the cluster in '$GCS_DIR' is gone" "$BATS_TEST_TMPDIR/n1.log"
	for pid in $pids $(cat "$BATS_TEST_TMPDIR/out"); do wait_for no_process "$pid"; done
	ends 125 "$run"
	same cat "$BATS_TEST_TMPDIR/err" <<<"gcs: job run: the cluster in '$GCS_DIR' is gone"
}

@test "a new agent of a node that is being drained says so" {
	agent n1 -r cpu=1
	gcs job submit -q -- sleep 60
	wait_for is J1 RUNNING
	kill -KILL "$agent"
	ends 137 "$agent"
	gcs drain -q n1 --no-evict -m leaving
	same gcs node list --no-headers -c state,reason <<<'DRAINING  draining: leaving'
	agent n1 -r cpu=1
	grep -q 'this is node n1 (N1), which is draining and takes nothing new: gcs undrain n1$' "$BATS_TEST_TMPDIR/n1.log"
	gcs job cancel -q J1
	ends 0 "$agent"
	nothing_left
}

@test "drained by somebody, it exits with 0" {
	agent n1 -r cpu=1
	gcs drain -q n1 -m 'no more'
	ends 0 "$agent"
	nothing_left
}

@test "thought dead while it lives, it kills its workers and registers anew" {
	agent n1 -r cpu=1 --heartbeat 100ms
	gcs node register -q n1 --heartbeat-timeout 1s -r cpu=1
	gcs job submit -q -- sh -c 'echo $$; exec sleep 60'
	wait_for is_line "$(path T1.1).out"
	stops "$agent"
	monitor_starts
	wait_for is N1 DEAD
	is J1 ended
	kill -CONT "$agent"
	wait_for is n1 ALIVE
	[ "$(gcs node list -q -o id)" = N2 ]
	no_process "$(cat "$(path T1.1).out")"
	goes "$agent"
	goes "$monitor"
	nothing_left
}

@test "a supervisor is killed: the agent tells how its task ended, and takes away what that left" {
	agent n1 -r cpu=4
	gcs job submit -q -- sh -c 'setsid sleep 60 & echo $PPID $!; until [ -e "$1" ]; do sleep 0.05; done; exit 7' - "$BATS_TEST_TMPDIR/go"
	wait_for is_line "$(path T1.1).out"
	read -r supervisor left <"$(path T1.1).out"
	kill -KILL "$supervisor"
	wait_for no_process "$supervisor"
	gcs monitor --once -q
	is J1 RUNNING
	touch "$BATS_TEST_TMPDIR/go"
	wait_for is J1 ended
	same gcs job list -aq --no-headers -c code,reason <<<'7  NONZERO_EXIT'
	wait_for no_process "$left"
	goes "$agent"
	nothing_left
}

@test "its agent is killed: what runs goes on, and the next one has it" {
	agent n1 -r cpu=4
	gcs job submit -q -- sh -c 'echo $$; until [ -e "$1" ]; do sleep 0.05; done; exit 7' - "$BATS_TEST_TMPDIR/go"
	wait_for is_line "$(path T1.1).out"
	kill -KILL "$agent"
	ends 137 "$agent"
	agent n1 -r cpu=4
	is J1 RUNNING
	touch "$BATS_TEST_TMPDIR/go"
	wait_for is J1 ended
	same gcs job list -aq --no-headers -c code <<<7
	same gcs node list -aq -o id <<<N1
	goes "$agent"
	nothing_left
}

@test "logs are cut at their limit, and kept up to their number" {
	gcs config -q log_limit 4Ki
	gcs config -q log_keep 2
	agent n1 -r cpu=1
	gcs job submit -q -- sh -c 'for n in $(seq 1000); do echo "line $n of what it says"; done'
	wait_for live job 0
	[ "$(tail -qn1 "$(path T1.1).out")" = 'line 1000 of what it says' ]
	for file in "$(path T1.1).out"*; do
		[ "$(stat -c %s "$file")" -le 4096 ]
	done
	[ "$(ls "$(path T1.1).out"* | wc -l)" -le 3 ]
	goes "$agent"
	nothing_left
}

@test "a full log disk stops no task" {
	[ "$(id -u)" -eq 0 ] || skip 'a disk of its own is for root'
	unshare -m true 2>/dev/null || skip 'no mount namespace'
	gcs config -q log_limit 1Mi
	run -0 unshare -m bash -c '
		mount -t tmpfs -o size=64k none "$GCS_DIR/log" || exit 99
		"$GCS_BIN" agent n1 -r cpu=1 2>"$0/said" 3>&- & agent=$!
		"$GCS_BIN" job submit -q -- sh -c "head -c 1000000 /dev/zero; echo done >$0/done; exit 4"
		until "$GCS_BIN" is J1 ended >"$0/out" 2>&1; do sleep 0.05; done
		kill -TERM $agent; wait $agent' "$BATS_TEST_TMPDIR"
	same cat "$BATS_TEST_TMPDIR/done" <<<done
	same gcs job list -aq --no-headers -c code <<<4
	nothing_left
}

@test "as root it runs a task as who submitted it, as another only its own" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	export GCS_DIR=/tmp/gcs-$$-shared
	mkdir -m 2777 "$GCS_DIR.d" && GCS_DIR=$GCS_DIR.d/c
	gcs init -q --shared
	chgrp -R nogroup "$GCS_DIR"
	install -m 755 "$GCS_BIN" "$(dirname "$GCS_DIR")/gcs"
	as_nobody() { setpriv --reuid nobody --regid nogroup --clear-groups -- env GCS_DIR="$GCS_DIR" "$@"; }
	agent n1 -r cpu=1
	as_nobody "$(dirname "$GCS_DIR")/gcs" job submit -q --cwd / -- sh -c 'id -un; echo $HOME'
	wait_for live job 0
	same head -1 "$GCS_DIR/log/T1.1.out" <<<nobody
	goes "$agent"
	rm -rf "$(dirname "$GCS_DIR")"
}
