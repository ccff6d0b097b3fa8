# job run: a command in the foreground, when its resources are free.
#
# Scripts for a child stand in quotes: it is the child that is to expand them.
# shellcheck shell=bash disable=SC2016,SC2154

load lib
load placement
load fault
load run
load terminal

# contract job run: -r cpu=1 -- true

setup() { cluster; }

# gpus N: this machine as a node with GPUs that do not beat.
gpus() {
	gcs node register -q "$host" -r "cpu=8,gpu=$1" --heartbeat-timeout never
}

@test "the exit code is the command's, 128 and the signal's number, 127 or 126; our own failures are 125" {
	same gcs job run -- echo done <<<done
	for code in 1 7 124 125 255; do
		run -"$code" gcs job run -- sh -c "exit $code"
	done
	run -137 gcs job run -- sh -c 'kill -KILL $$'
	run -143 gcs job run -- sh -c 'kill -TERM $$'
	fails 127 gcs job run -- ./nowhere <<<"gcs: job run: cannot run './nowhere': No such file or directory"
	fails 126 gcs job run -- /etc/passwd <<<"gcs: job run: cannot run '/etc/passwd': Permission denied"
	fails 125 gcs job run <<<"gcs: job run: what is to run? (after --)"
	fails 125 gcs job run -r cpu=99999 --now -- true <<<'gcs: job run: it does not fit now (gcs resource fit)'
	fails 125 gcs job run --nonsense -- true
	fails 125 gcs -D "$BATS_TEST_TMPDIR/none" job run -- true
	nothing_left
}

@test "its turn did not come in time: 124" {
	gpus 1
	gcs resource hold -q "$host" gpu=1 -m mine
	fails 124 gcs job run -r gpu=1 --queue-timeout 200ms -- true <<<'gcs: job run: J1 did not get its resources in time (gcs why J1)'
	gcs resource release -q L1
	nothing_left
}

@test "stdin is passed on, also a closed one; so are stdout and stderr" {
	[ "$(echo in | gcs job run -- cat)" = in ]
	[ "$(gcs job run -- sh -c 'echo out; echo err >&2' 2>&1 >"$BATS_TEST_TMPDIR/out")" = err ]
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = out ]
	# What a closed one becomes is nothing of ours: no file of the cluster's directory.
	gcs job run -- sh -c 'is=$(readlink /proc/$$/fd/0 /proc/$$/fd/1); echo "$is" >&2' <&- >&- 2>"$BATS_TEST_TMPDIR/links"
	[ "$(sort -u "$BATS_TEST_TMPDIR/links")" = /dev/null ]
	nothing_left
}

@test "the child knows what it runs as, and the GPUs it may see" {
	gpus 4
	gcs resource hold -q "$host" gpu:0 gpu:2 -m mine
	same gcs job run -r cpu=2,gpu=2 -- sh -c 'echo $GCS_JOB_ID $GCS_TASK_ID $GCS_NODE_ID $GCS_CPUS $GCS_GPUS $CUDA_VISIBLE_DEVICES $ROCR_VISIBLE_DEVICES; echo $GCS_DIR' <<-END
		J1 T1 N1 2 1,3 1,3 1,3
		$GCS_DIR
	END
	# One that asked for none is to see none.
	same gcs job run -r cpu=1 -- sh -c 'echo "<${CUDA_VISIBLE_DEVICES-unset}>"' <<<'<>'
	same env HIS=own gcs_keeps=yes "$GCS_BIN" job run -- sh -c 'echo $HIS $gcs_keeps' <<<'own yes'
	gcs resource release -q L1
	nothing_left
}

@test "this machine becomes a node for as long as jobs run on it" {
	mkfifo "$BATS_TEST_TMPDIR/go"
	gcs job run -r cpu=0.1 -- cat "$BATS_TEST_TMPDIR/go" 3>&- &
	wait_for is J1 RUNNING
	gcs job run -r cpu=0.1 -- true
	same gcs node list --no-headers -c name,state <<<"$host  ALIVE"
	echo >"$BATS_TEST_TMPDIR/go"
	wait %1
	same gcs node list -a -q --no-headers -c id,state,reason <<<'N1  DEAD  EXPECTED_TERMINATION: its last job run has ended'
	nothing_left
}

@test "doctor is content while things run: in a group, as a job, under a lock" {
	gpus 2
	gcs pg create -q g --bundle cpu=2,gpu=1
	mkfifo "$BATS_TEST_TMPDIR/go" "$BATS_TEST_TMPDIR/went"
	gcs job run --pg g -r cpu=1,gpu=0.5 -- cat "$BATS_TEST_TMPDIR/go" 3>&- &
	gcs job run -r cpu=1 -- cat "$BATS_TEST_TMPDIR/went" 3>&- &
	wait_for is J1 RUNNING
	wait_for is J2 RUNNING
	gcs job run -r gpu=2 -- true 3>&- & # waits, and ends with its submitter
	wait_for is J3 PENDING
	gcs actor create -q a --pg g -r cpu=1
	same gcs -q doctor --deep </dev/null
	same gcs lock k -- "$GCS_BIN" -q doctor --deep </dev/null
	gcs pg remove -q g
	same gcs -q doctor --deep </dev/null
	echo >"$BATS_TEST_TMPDIR/went"
	wait %1 || [ $? -ne 0 ]
	wait %2 %3
	nothing_left
}

@test "it stays a node if it was one, or if somebody made it one meanwhile" {
	gcs job run -r cpu=0.1 -- "$GCS_BIN" -q node register "$host" --heartbeat-timeout never
	gcs job run -r cpu=0.1 -- true
	same gcs node list --no-headers -c id,state <<<'N1  ALIVE'
	nothing_left
}

@test "who waits gets its turn in order, and -v says how many are ahead" {
	gpus 1
	mkfifo "$BATS_TEST_TMPDIR/go"
	gcs job run -r gpu=1 -- cat "$BATS_TEST_TMPDIR/go" 3>&- &
	wait_for is J1 RUNNING
	for n in 2 3 4; do
		gcs -v job run -r gpu=1 -- sh -c "echo $n >>$BATS_TEST_TMPDIR/order" 2>"$BATS_TEST_TMPDIR/said.$n" 3>&- &
		wait_for is "J$n" exists
	done
	wait_for grep -q 'J2 is queued, next in line' "$BATS_TEST_TMPDIR/said.2"
	wait_for grep -q 'J4 is queued, 2 ahead of it' "$BATS_TEST_TMPDIR/said.4"
	echo >"$BATS_TEST_TMPDIR/go"
	wait
	same cat "$BATS_TEST_TMPDIR/order" <<<$'2\n3\n4'
	nothing_left
}

@test "what no node could ever take: it says so, once, and waits for one that could" {
	gpus 0
	"$GCS_BIN" job run -r gpu=1 -- true 2>"$BATS_TEST_TMPDIR/err" &
	waits=$!
	wait_for is_line "$BATS_TEST_TMPDIR/err"
	gcs kv put some thing # wakes it
	gcs resource hold -q "$host" cpu=1 -m mine
	kill -0 $waits
	gcs resource set -q "$host" gpu=1
	ends 0 $waits
	same cat "$BATS_TEST_TMPDIR/err" <<<'gcs: job run: J1 is queued, but no existing node could ever run it (gcs why J1)'
	# One that is only busy is worth no word; nor is it with -q.
	gcs resource hold -q "$host" gpu=1 -m mine
	fails 124 gcs job run -r gpu=1 --queue-timeout 200ms -- true <<<'gcs: job run: J2 did not get its resources in time (gcs why J2)'
	fails 124 gcs -q job run -r gpu=9 --queue-timeout 200ms -- true
	fails 125 gcs job run -r gpu=9 --now -- true <<<'gcs: job run: it does not fit now (gcs resource fit)'
	gcs resource release -q L1 L3
	nothing_left
}

@test "its time limit ends it, though nobody advances time" {
	run -143 timeout 60 "$GCS_BIN" job run --time-limit 300ms -- sleep 60
	same gcs job list -aq --no-headers -c state,reason <<<'FAILED  TIME_LIMIT'
	# And what does not mind SIGTERM goes by SIGKILL.
	run -137 timeout 60 "$GCS_BIN" job run --time-limit 1s --grace 200ms -- sh -c 'trap "" TERM; while :; do sleep 0.1; done'
	nothing_left
}

@test "signals are passed on, and what was ignored at our start stays ignored" {
	for signal in HUP INT QUIT TERM USR1 USR2; do
		"$GCS_BIN" job run -- sh -c "trap 'echo $signal; exit 3' $signal; echo ready; while :; do sleep 0.05; done" >"$BATS_TEST_TMPDIR/$signal" 3>&- &
		wait_for is_line "$BATS_TEST_TMPDIR/$signal"
		if [ "$signal" = INT ] || [ "$signal" = QUIT ]; then
			# A shell's job in the background ignores these.
			kill -"$signal" $!
			sleep 0.2
			kill -0 $!
			kill -TERM $!
			ends 143 $!
			continue
		fi
		kill -"$signal" $!
		ends 3 $!
		[ "$(tail -1 "$BATS_TEST_TMPDIR/$signal")" = "$signal" ]
	done
	nothing_left
}

@test "Ctrl-C while it waits leaves no trace" {
	for way in INT TERM HUP; do
		gpus 1
		lease=$(gcs resource hold "$host" gpu=1 -m mine)
		env --default-signal=INT "$GCS_BIN" job run -r gpu=1 -- touch "$BATS_TEST_TMPDIR/ran" 3>&- &
		wait_for live job 1
		kill -"$way" $!
		ends $((128 + $(kill -l "$way"))) $!
		[ ! -e "$BATS_TEST_TMPDIR/ran" ]
		gcs resource release -q "$lease"
		nothing_left
	done
	# Nor does the node that was registered for it.
	gcs node unregister -q "$host"
	env --default-signal=INT "$GCS_BIN" job run -r gpu=777 -- true 3>&- &
	wait_for live job 1
	kill -INT $!
	ends 130 $!
	live node 0
	nothing_left
}

@test "stopped and continued while it waits, it goes on waiting" {
	gpus 1
	lease=$(gcs resource hold "$host" gpu=1 -m mine)
	set -m # a process group of its own: in the shell's it would not stop
	"$GCS_BIN" job run -r gpu=1 -- touch "$BATS_TEST_TMPDIR/ran" 3>&- &
	set +m
	wait_for live job 1
	kill -TSTP $!
	wait_for in_state $! T
	kill -CONT $!
	wait_for in_state $! S
	gcs resource release -q "$lease"
	ends 0 $!
	[ -e "$BATS_TEST_TMPDIR/ran" ]
	nothing_left
}

@test "killed while it waits, it is found by the next one" {
	gpus 1
	mkfifo "$BATS_TEST_TMPDIR/go"
	gcs job run -r gpu=1 -- cat "$BATS_TEST_TMPDIR/go" 3>&- &
	wait_for is J1 RUNNING
	"$GCS_BIN" job run -r gpu=1 -- touch "$BATS_TEST_TMPDIR/ran" 3>&- &
	wait_for is J2 exists
	kill -KILL $!
	ends 137 $!
	echo >"$BATS_TEST_TMPDIR/go"
	wait %1
	# The GPU is with a dead one now: also who would not wait finds that out.
	wait_for live lease 1
	gcs job run -r gpu=1 --now -- true
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
	same gcs job list -aq --no-headers -c id,state,reason --filter id=J2 <<<'J2  STOPPED  WORKER_LOST: its submitter vanished while it waited'
	nothing_left
}

@test "killed while it runs: the child goes on, keeps its resources, and is found when it ends" {
	"$GCS_BIN" job run -r cpu=0.1 -- sh -c 'echo $$; exec sleep 60' >"$BATS_TEST_TMPDIR/pid" 3>&- &
	wait_for is_line "$BATS_TEST_TMPDIR/pid"
	kill -KILL $!
	ends 137 $!
	gcs monitor --once -q
	is J1 RUNNING
	live lease 1
	kill -KILL "$(cat "$BATS_TEST_TMPDIR/pid")"
	wait_for no_process "$(cat "$BATS_TEST_TMPDIR/pid")"
	gcs monitor --once -q
	same gcs job list -aq --no-headers -c state,reason <<<'FAILED  WORKER_LOST: its process vanished'
	live node 0
	nothing_left
}

@test "what it leaves behind goes with it" {
	same gcs job run -- sh -c 'setsid sleep 60 & echo $! >"$1"; (setsid sleep 61 &) ; echo ended' - "$BATS_TEST_TMPDIR/pid" <<<ended
	no_process "$(cat "$BATS_TEST_TMPDIR/pid")"
	nothing_left
}

@test "cancelled by somebody else: SIGTERM, and after its grace SIGKILL" {
	"$GCS_BIN" job run --grace 1s -- sh -c 'trap "echo told" TERM; echo ready; while :; do sleep 0.05; done' >"$BATS_TEST_TMPDIR/said" 3>&- &
	wait_for is_line "$BATS_TEST_TMPDIR/said"
	gcs job cancel -q J1
	ends 137 $!
	same cat "$BATS_TEST_TMPDIR/said" <<<$'ready\ntold'
	same gcs job list -aq --no-headers -c state,reason <<<'STOPPED  CANCELLED'
	nothing_left
}

@test "--grace 0: SIGKILL at once" {
	run -137 timeout 9 "$GCS_BIN" job run --time-limit 1s --grace 0 -- sh -c 'trap "" TERM; while :; do sleep 0.1; done'
	"$GCS_BIN" job run -- sh -c 'trap "" TERM; echo ready; while :; do sleep 0.05; done' >"$BATS_TEST_TMPDIR/said" 3>&- &
	wait_for is_line "$BATS_TEST_TMPDIR/said"
	gcs job cancel -q J2 --grace 0
	ends 137 $!
	nothing_left
}

@test "a job run within a job run is a job of its own" {
	same gcs job run -r cpu=0.1 -- bash -c 'gcs job run -r cpu=0.1 -- sh -c "echo \$GCS_JOB_ID in $GCS_JOB_ID"' <<<'J2 in J1'
	run -9 gcs job run -- bash -c 'gcs job run -- sh -c "exit 9"'
	nothing_left
}

@test "200 wait for one GPU, and one starts for each that is freed" {
	gpus 1
	lease=$(gcs resource hold "$host" gpu=1 -m mine)
	for n in $(seq 200); do
		"$GCS_BIN" job run -r gpu=1 -- sh -c 'echo $GCS_JOB_ID >>"$1"; exec sleep 60' - "$BATS_TEST_TMPDIR/started" 2>/dev/null 3>&- &
	done
	wait_for live job 200
	gcs resource release -q "$lease"
	for n in 1 2 3; do
		wait_for lines "$n" "$BATS_TEST_TMPDIR/started"
		sleep 0.3 # for another one, which there must not be
		lines "$n" "$BATS_TEST_TMPDIR/started"
		live lease 1
		same gcs job list -q -o id --filter state=RUNNING < <(tail -1 "$BATS_TEST_TMPDIR/started")
		gcs job cancel -q "$(tail -1 "$BATS_TEST_TMPDIR/started")"
	done
	mapfile -t left < <(gcs job list -q -o id)
	gcs job cancel -q "${left[@]}"
	wait
	nothing_left
}

# --- a terminal: a shell with job control stands between ---

@test "the child has the terminal: its keys reach it and no other" {
	cd "$BATS_TEST_TMPDIR"
	shell
	type '"$GCS_BIN" job run -- sh -c '\''tty >its-tty; [ -t 0 ] && echo yes >is-a-tty; read -r line; echo "got $line" >line'\''\n'
	wait_for is_line is-a-tty
	type 'typed\n'
	wait_for is_line line
	shell_ends
	same cat its-tty is-a-tty line <<<"$(cat tty)"$'\nyes\ngot typed'
	nothing_left
}

@test "Ctrl-C ends the child, Ctrl-Z stops both and fg brings them back" {
	cd "$BATS_TEST_TMPDIR"
	shell
	type '"$GCS_BIN" job run -- sh -c "echo \\$\\$ >pid; while :; do sleep 0.05; done"\n'
	wait_for is_line pid
	type '\003'
	wait_for is J1 ended
	shell_does 'echo $? >code'
	[ "$(cat code)" -eq 130 ]

	type '"$GCS_BIN" job run -- sh -c "echo \\$\\$ >pid2; read -r line; echo \\$line >line"\n'
	wait_for is_line pid2
	type '\032'
	wait_for in_state "$(cat pid2)" T
	shell_does 'jobs >stopped'
	grep -q Stopped stopped
	type 'fg\n'
	wait_for in_front "$(cat pid2)"
	type 'again\n'
	wait_for is_line line
	[ "$(cat line)" = again ]
	wait_for is J2 ended
	shell_ends
	nothing_left
}
