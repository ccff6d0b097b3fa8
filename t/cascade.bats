# Cascades: what goes, in which order and because of what, when a node, a group, a job, an actor, a task or a process
# ends to which much belongs. Whole logs are compared: the order of events is a promise, and so are their causes.
load lib
load placement

setup() { store; }
teardown() { gcs -q doctor --deep; }

# dies COMMAND…: killed once its change is in, so that its process is still in the records. Whatever it had begun has
# ended, too, once nobody has the pipe any more.
dies() {
	local code=0 said
	said=$(GCS_SEAM=crash=after-commit "$GCS_SEAMS_BIN" -q "$@" 2>&1) || code=$?
	[ "$code" -eq 137 ] || echo "exit $code: $*: $said" >&2
	[ "$code" -eq 137 ]
}

# tick: what is due is done, then what has vanished is found out.
tick() { gcs -q monitor --once; }

# events SEQ: those after it, each with its cause and with what changed, but for times, processes and users, and for
# what a record was that is no more.
events() {
	gcs log -q -p --reverse --since "$1" | awk '
		/^[0-9]/ {
			cause = ""
			for (i = 5; i < NF; i++)
				if ($i == "because")
					cause = " <" $(i + 2)
			gone = $3 ~ /RELEASED|DELETED|FORGOTTEN/
			name = $3 ~ /^KV/ ? $4 : $5
			printf "%s%s %s %s%s", n++ ? "\n" : "", $1, $3, name, cause
			next
		}
		!gone {
			sub(/^ */, "")
			gsub(/,?"end_ms":[0-9]+/, "")
			gsub(/(; )?(user|uid|pid|(end|start|alive|queued|stop)_ms): [^;]*/, "")
			sub(/^; /, "")
			printf "%s%s", $0 == "" ? "" : ": ", $0
		}
		END { if (n) print "" }'
}

# told NAME: runs the commands of t/data/cascade/NAME, each on a line after "% " (in silence) or "$ " (which says what
# events it led to): what is said must be what stands there.
told() {
	local want=$root/t/data/cascade/$1 line seq
	grep '^[%$] ' "$want" >"$BATS_TEST_TMPDIR/commands"
	while IFS= read -r line <&3; do
		seq=$(last_seq)
		echo "$line"
		eval "${line#??}" >/dev/null || return
		[[ $line == '%'* ]] || events "${seq:-0}"
	done 3<"$BATS_TEST_TMPDIR/commands" >"$BATS_TEST_TMPDIR/.got"
	diff -u --label "$1" --label 'what was said' "$want" "$BATS_TEST_TMPDIR/.got" >&2
}

submit() { gcs job submit --cwd / --clean-env "$@" -- run; }
actor() { gcs actor create "$@"; }

# world: two nodes, and of everything that can end with something else at least two.
world() {
	gcs node register n1 -r cpu=16,gpu=2 --heartbeat-timeout never
	gcs node register n2 -r cpu=16 --heartbeat-timeout never
	gcs kv put n1-1 x --owner n1
	gcs kv put n1-2 x --owner n1
	gcs resource hold n1 cpu=1 gpu:0 -m hold --until 1h
	gcs resource hold n2 cpu=1 -m hold

	# A job whose driver runs elsewhere, its process, its actors and its group.
	gcs job add out
	gcs worker start out --node n1
	gcs kv put out-1 x --owner out
	gcs kv put out-2 x --owner out
	gcs kv put driver x --owner W1
	gcs task submit --job out --on n1 --soft -r cpu=0.25 -- side
	gcs task submit --job out --on n2 -r cpu=0.25 -- side
	gcs worker start T2
	actor once --job out --on n1 -r cpu=1
	gcs worker start once
	gcs kv put once x --owner once
	gcs kv put once-process x --owner W3
	actor twice --job out --max-restarts 1 --on n1 --soft -r cpu=1
	gcs worker start twice
	actor apart --job out --detached --max-restarts -1 --on n1 --soft -r cpu=1
	gcs actor ready apart
	gcs kv put apart x --owner apart
	gcs pg create own --job out --strategy STRICT_SPREAD --bundle cpu=4 --bundle cpu=3
	gcs pg create other --job out --bundle cpu=1
	gcs pg create kept --job out --detached --bundle cpu=1
	gcs kv put own x --owner own

	# What is in the group: in the bundle on n1, but for the second.
	actor inside --pg own --bundle 1 -r cpu=1 --max-restarts 1
	dies supervise inside
	actor second --pg own --bundle 0 -r cpu=1
	gcs worker start second
	gcs kv put second x --owner second
	submit group --pg own --bundle 1 -r cpu=1
	gcs worker start group
	gcs kv put group x --owner group
	gcs kv put group-task x --owner T3
	gcs task submit --job group --pg own --bundle 0 -r cpu=0.5 -- side
	gcs worker start T4
	actor of-group --job group -r cpu=1 --on n2
	submit array --pg own --bundle 1 --array 1-4%2 -r cpu=0.25
	gcs worker start T5
	dies job run --name there --on n1 --pg own --bundle 1 -r cpu=0.5 -- true

	# What comes after others.
	submit then --after out -r cpu=1
	submit then-array --after out:any --array 1-2 -r cpu=0.5
	submit after-then --after then --after group:any
	submit after-group --after group:any -r cpu=1
	submit in-group --after group:any --pg own -r cpu=0.5
	submit never --after out:any --after then:any --pg own

	# On a node: tasks that run or are to run, with retries and without, and what is theirs.
	submit retried --on n1 --soft --max-retries 1 -r cpu=1
	gcs worker start retried
	submit frail --on n1 --soft -r cpu=1
	gcs worker start frail
	actor of-frail --job frail -r cpu=0.5 --on n2
	gcs pg create of-frail --job frail --bundle cpu=0.5
	gcs kv put frail x --owner frail
	submit after-frail --after frail:any -r cpu=0.5
	submit placed --on n1 --soft -r cpu=1
	submit spread --array 1-3%2 --on n1 --soft -r cpu=0.25
	gcs worker start "$(gcs task list -q --filter 'index=1' --filter node=N1 --sort -id --limit 1 -o id)"

	# Under a supervisor: one runs, one is to stop, locks.
	dies job run --name run --on n1 -r cpu=1 -- true
	dies job run --name stopping --on n1 -r cpu=1 -- true
	gcs job cancel stopping
	GCS_NODE_ID=n1 dies lock mutex --ttl 2h -- true
	GCS_NODE_ID=n1 dies lock -s shelf -- true
	dies lock elsewhere -- true
}

@test "a node that is lost: leases and groups, actors, tasks with their jobs, processes, keys" {
	told node-fail
}

@test "a node that is taken out, with the other bundle" {
	told node-unregister
}

@test "both nodes in one transaction" {
	told nodes-fail
}

@test "a node that is drained: what moves, and what its end brings, step by step" {
	told drain
}

@test "a node whose deadline comes, with a hold and a lock whose time is over" {
	told deadline
}

@test "a group that is removed: actors, tasks, jobs that were to run in it, leases, keys" {
	told pg-remove
}

@test "groups that are removed in one transaction" {
	told pgs-remove
}

@test "a job whose driver has ended well: its process, actors, groups and what is in them, keys, what comes after" {
	told job-finish
}

@test "a job whose driver has failed" {
	told job-fails
}

@test "a job that is cancelled" {
	told job-cancel
}

@test "the process of a driver that has ended" {
	told driver-exit
}

@test "a job of tasks that has ended: its other tasks, actors, keys, what comes after, in the group and out of it" {
	told tasks-job-ends
}

@test "jobs of tasks that are cancelled together" {
	told jobs-cancel
}

@test "processes of actors and tasks that end, one after the other" {
	told worker-exit
}

@test "actors, tasks and jobs that are ended by hand" {
	told by-hand
}

@test "processes that vanished: locks, a task with its job, a submitter that waited, a driver's keys" {
	told vanished
}

@test "a group that is removed while what was in it has to stop yet" {
	told to-stop
}

@test "what is due in one tick" {
	told tick
}

@test "chains of jobs: in the order of their ends, however deep they go" {
	told chains
}

@test "an array to its end: each task makes room for the next, a failed one fails it" {
	told array
}

@test "an array whose group goes while its tasks run" {
	told array-group
}

@test "a drained node that becomes empty in the middle of a job's end" {
	told emptied
}

@test "a drained node that becomes empty as a group goes, and as a task ends" {
	told emptied-twice
}

@test "a drained node whose groups move: bundles, what is in them, each into its own again" {
	told moves
}

@test "nodes that fell silent together" {
	told silent
}

@test "a chain of many: more end at once than there was room for" {
	told many
}

@test "each transcript is compared" {
	same ls "$root/t/data/cascade" < <(sed -n 's/^\ttold \([a-z-]*\)$/\1/p' "$BATS_TEST_FILENAME" | sort)
}
