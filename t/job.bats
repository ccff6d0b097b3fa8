# Jobs: what they wait for, how they end, and what ends with them.
load lib
load placement

# contract job add: lead
# contract job submit: later -r cpu=1
# contract job finish: led
# contract job cancel: fresh
# contract job update: fresh --priority 3
# contract job rerun: past
# contract job list:
# contract job show: fresh

setup() { store; }
teardown() { at_rest; }

# jobs: a list of all jobs in short.
jobs_() { gcs job list -a -c id,state,node,code,reason --no-headers "$@" | tr -s ' '; }

# submit NAME…: a job that takes nothing from here.
submit() { gcs job submit --clean-env "$@"; }

# events SEQ: what came after it, and what it was because of.
events() { gcs log --since "$1" --reverse -c seq,type,name,cause --no-headers | tr -s ' '; }

# ran WORKER-OPTION…: a process for the record REC, which ends so.
ran() {
	local worker
	worker=$(gcs worker start "$1")
	shift
	gcs worker exit "$worker" "$@"
}

@test "a driver elsewhere: add, finish; finishing what is finished changes nothing" {
	same gcs job add train --pid 4711 --address 10.0.0.1:9 --config team=x --label a=b <<<J1
	same gcs job show train <<-END
		id       J1
		name     train
		state    RUNNING
		labels
		  a      b
		born     1
		rev      1
		created  2026-01-01T00:00:00.000Z
		updated  2026-01-01T00:00:00.000Z
		user     $ME
		uid      $(id -u)
		config
		  team   x
		pid      4711
		address  10.0.0.1:9
		start    2026-01-01T00:00:00.000Z
	END
	fails 3 gcs job add train <<<"gcs: job add: job name 'train' is already used by J1"
	fails 2 gcs job add J7 <<<"gcs: job add: 'J7' is not a valid job name (letters, digits, . _ -; not like an id)"
	fails 2 gcs job finish train --failed --exit 0 <<<'gcs: job finish: --failed does not go with --exit 0'
	fails 2 gcs job finish train --exit 256 <<<'gcs: job finish: --exit: 0 to 255'
	gcs clock +5s
	foretold job finish train -m done
	same gcs job list -a <<-END
		ID  NAME   STATE    $ME_TITLE  NODE  RESOURCES  WAITED  RAN  CODE  REASON
		J1  train  STOPPED  $ME_CELL  -     -          -       5s   0     FINISHED: done
	END
	same gcs job finish train --failed -o json <<<'{"v":1,"seq":3,"changed":false,"ids":["J1"]}'
	same gcs job cancel train -o json <<<'{"v":1,"seq":3,"changed":false,"ids":["J1"]}'
	same gcs job add train <<<J2
	gcs job finish train --exit 3
	same gcs job add train <<<J3
	gcs job finish train --failed -m bad
	same jobs_ <<-'END'
		J1 STOPPED - 0 FINISHED: done
		J2 FAILED - 3 NONZERO_EXIT
		J3 FAILED - 1 NONZERO_EXIT: bad
	END
	fails 3 gcs job update train --priority 1 <<<'gcs: job update: job J3 is FAILED: nothing of it can be changed'
	fails 3 gcs job rerun train <<<'gcs: job rerun: job J3 has nothing to run again'
	fails 3 gcs task submit --job train <<<'gcs: task submit: job J3 is FAILED'
}

@test "what a job owns ends with it, in the same transaction; what is detached stays" {
	gcs node register n1 -r cpu=8
	gcs job add owner
	GCS_JOB_ID=J1 gcs actor create inner -r cpu=1 --max-restarts 5
	gcs actor create other -r cpu=1 --job owner --detached
	gcs pg create grp --bundle cpu=1 --job owner
	gcs pg create loose --bundle cpu=1 --job owner --detached
	gcs actor create within --pg grp -r cpu=1
	gcs task submit --job owner -r cpu=1
	gcs kv put k v --owner J1
	foretold job finish owner
	same gcs actor list -a -c name,state,reason --no-headers <<-'END'
		inner   DEAD     OWNER_DIED
		other   PENDING  placed, not ready yet
		within  DEAD     PG_REMOVED
	END
	same gcs pg list -a -c name,state,reason --no-headers <<-'END'
		grp    REMOVED  OWNER_DIED
		loose  CREATED  -
	END
	same gcs task list -a -c id,state,reason --no-headers <<<'T1  FAILED  OWNER_DIED'
	fails 1 gcs kv get k
	same gcs log --limit 1 -q --filter type=KV_DELETED -c txn,cause --no-headers <<<'23  23'
	same gcs actor create inner <<<A4
	same gcs pg create grp --bundle cpu=1 <<<P3
	fails 3 gcs actor create late --job owner <<<'gcs: actor create: job J1 is STOPPED'
}

@test "submit: placed, run, ended as its driver" {
	gcs node register n1 -r cpu=4
	submit ok -r cpu=1 -- true
	submit code -r cpu=1
	submit signal -r cpu=1
	submit lost -r cpu=1
	same jobs_ <<-'END'
		J1 PENDING N1 - placed, not started yet
		J2 PENDING N1 - placed, not started yet
		J3 PENDING N1 - placed, not started yet
		J4 PENDING N1 - placed, not started yet
	END
	fails 3 gcs job finish ok <<<'gcs: job finish: task T1 is PENDING: cannot become FINISHED'
	gcs clock +2s
	foretold worker start ok --pid 77
	same events "$(($(last_seq) - 3))" <<-'END'
		19 WORKER_RUNNING W1 0
		20 TASK_RUNNING T1 19
		21 JOB_RUNNING ok 20
	END
	gcs clock +3s
	foretold worker exit W1 --exit 0
	ran code --exit 7
	ran signal --signal 15 -m 'by hand'
	ran lost --type SYSTEM_ERROR
	same jobs_ <<-'END'
		J1 STOPPED N1 0 FINISHED
		J2 FAILED N1 7 NONZERO_EXIT
		J3 FAILED N1 SIGTERM SIGNALED: by hand
		J4 FAILED N1 - WORKER_LOST
	END
	same gcs job list -a -c id,waited,ran --filter name=ok --no-headers <<<'J1  2s  3s'
	same gcs lease list -q --no-headers </dev/null
}

@test "a submitted job that runs can be finished by a script; its process counts as gone" {
	gcs node register n1 -r cpu=1
	submit j -r cpu=1
	gcs worker start j
	gcs job finish j --exit 2
	same jobs_ <<<'J1 FAILED N1 2 NONZERO_EXIT'
	same gcs worker list -a -c id,state,code,reason --no-headers <<<'W1  EXITED  -  INTENDED_SYSTEM_EXIT'
	same gcs worker exit W1 --exit 0 -o json <<<"{\"v\":1,\"seq\":$(last_seq),\"changed\":false,\"ids\":[\"W1\"]}"
}

@test "after: ok and any, before and after the end, and from a cancelled one" {
	gcs job add first
	submit ok --after first
	submit any --after first:any
	same jobs_ <<-'END'
		J1 RUNNING - - -
		J2 PENDING - - waits for J1 to end
		J3 PENDING - - waits for J1 to end
	END
	fails 3 gcs job finish ok <<<'gcs: job finish: job J2 is PENDING: cannot become STOPPED'
	fails 3 gcs worker start ok <<<'gcs: worker start: job J2 has no driver to start: start its tasks'
	foretold job finish first --failed
	submit late --after first
	submit later --after first:any
	same jobs_ <<-'END'
		J1 FAILED - 1 NONZERO_EXIT
		J2 FAILED - - DEPENDENCY_FAILED: J1
		J3 PENDING - - waits for resources
		J4 FAILED - - DEPENDENCY_FAILED: J1
		J5 PENDING - - waits for resources
	END
	gcs job cancel any
	submit more --after any
	same jobs_ --filter id=J6 <<<'J6 FAILED - - DEPENDENCY_FAILED: J3'
	fails 1 gcs job submit x --after nobody <<<"gcs: job submit: --after: no job matches 'nobody'"
	fails 2 gcs job submit x --after J1:well <<<"gcs: job submit: --after: 'J1:well' (as J3, J3:ok or J3:any)"
}

@test "after: one job named twice, diamonds, and several before" {
	gcs node register n1 -r cpu=4
	gcs job add a
	submit b --after a -r cpu=1
	submit c --after a -r cpu=1
	submit d --after b --after c:any -r cpu=1
	submit twice --after a:ok --after a:any -r cpu=1
	at_rest
	foretold job finish a
	ran b --exit 0
	same jobs_ <<-'END'
		J1 STOPPED - 0 FINISHED
		J2 STOPPED N1 0 FINISHED
		J3 PENDING N1 - placed, not started yet
		J4 PENDING - - waits for J3 to end
		J5 PENDING N1 - placed, not started yet
	END
	ran c --exit 1
	same jobs_ --filter id=J4 <<<'J4 PENDING N1 - placed, not started yet'
}

@test "after: a chain of thousands fails as one" {
	{
		echo job add head
		for i in {1..3000}; do
			echo "job submit --clean-env -r cpu=1 --after J$i"
		done
	} | gcs batch -q >/dev/null
	gcs job cancel head
	same gcs job list -a --filter state=FAILED -o id --sort -born --limit 1 -q <<<J3001
	[ "$(gcs job list -a -q --filter state=FAILED,reason=DEPENDENCY_FAILED -o id | wc -l)" -eq 3000 ]
}

@test "after: what waits to run in a group ends with it" {
	gcs node register n1 -r cpu=4
	gcs pg create p --bundle cpu=2
	gcs job add first
	submit inside --after first --pg p -r cpu=1
	submit arr --array 1-1000000%2 --pg p -r cpu=1
	submit runs --pg p
	foretold pg remove p
	same jobs_ <<-'END'
		J1 RUNNING - - -
		J2 FAILED - - PG_REMOVED
		J3 FAILED - - PG_REMOVED
		J4 FAILED N1 - PG_REMOVED
	END
	same gcs -q doctor --deep </dev/null
	# One whose turn comes because its group goes finds no group.
	gcs pg create q --bundle cpu=2
	submit ahead --pg q -r cpu=1
	submit behind --after ahead:any --pg q -r cpu=1
	foretold pg remove q
	same jobs_ --filter name=behind <<<'J6 FAILED - - PG_REMOVED'
	fails 3 gcs job rerun runs <<<'gcs: job rerun: its placement group is REMOVED'
}

@test "arrays: so many at once, failures, and a job after it" {
	gcs node register n1 -r cpu=4
	submit arr --array 0-4%2 -r cpu=1
	submit then --after arr -r cpu=1
	submit anyhow --after arr:any -r cpu=1
	same gcs task list -c id,job,index,node --no-headers <<-'END'
		T1  J1  0  N1
		T2  J1  1  N1
	END
	same jobs_ --filter id=J1 <<<'J1 PENDING - - 0 of 5 tasks ended'
	fails 3 gcs task submit --job arr <<<'gcs: task submit: job J1 is an array: it makes its own tasks'
	fails 3 gcs worker start arr <<<'gcs: worker start: job J1 has no driver to start: start its tasks'
	ran T1 --exit 0
	ran T2 --exit 1
	gcs task cancel T3
	same jobs_ --filter id=J1 <<<'J1 RUNNING - - 3 of 5 tasks ended'
	ran T4 --exit 0
	ran T5 --exit 0
	same jobs_ <<-'END'
		J1 FAILED - 1 TASKS_FAILED: 2 of 5 tasks
		J2 FAILED - - DEPENDENCY_FAILED: J1
		J3 PENDING N1 - placed, not started yet
	END
	same gcs job rerun arr <<<J4
	foretold job cancel arr
	same gcs task list -a --filter job=J4 -c index,state,reason --no-headers <<-'END'
		0  CANCELLED  CANCELLED
		1  CANCELLED  CANCELLED
	END
	same submit one --array 7 <<<J5
	same gcs task list --filter job=J5 -c index --no-headers <<<7
	for bad in x 5-1 1-2%0 1-2%x -3 1-10000001; do
		fails 2 gcs job submit "--array=$bad"
	done
}

@test "arrays: ten thousand tasks through the window" {
	gcs node register n1 -r cpu=1
	submit big --array 1-10000 --max-retries 0
	[ "$(gcs task list -q -o id | wc -l)" -eq 1000 ]
	gcs task list -q -o id | sed 's/^/task cancel /' | gcs batch -q
	[ "$(gcs task list -q -o id | wc -l)" -eq 1000 ]
	[ "$(gcs task list -q -c index --no-headers | sed -n '$p' | tr -d ' ')" -eq 2000 ]
	gcs job cancel big
	same jobs_ <<<'J1 STOPPED - - CANCELLED'
	same gcs task list -q -o id </dev/null
}

@test "update: priority reorders who waits, also within limits" {
	gcs node register n1 -r cpu=1
	submit a -r cpu=1
	submit b -r cpu=1
	submit c -r cpu=1
	submit d -r cpu=1 --priority 2
	fails 2 gcs job update c --priority x
	foretold job update c --priority 3 --max-retries 2 --label k=v
	gcs job cancel a
	same gcs job list -c id,node,priority,labels --no-headers -q <<-'END'
		J2  -   -  -
		J3  N1  3  k=v
		J4  -   2  -
	END
	gcs job cancel c
	same gcs job list -c id,node --no-headers -q <<-'END'
		J2  -
		J4  N1
	END
	same gcs task show T3 -o 'fmt=%{priority} %{max_retries}\n' <<<'3 2'
}

@test "rerun: the same again, whoever waits for the old one" {
	gcs node register n1 -r cpu=2
	submit j -r cpu=1 --env A=b --config c=d --label e=f --time-limit 1h --priority 4 --cwd /tmp -- run me
	fails 3 gcs job rerun j <<<"gcs: job rerun: job name 'j' is already used by J1"
	gcs job cancel j
	foretold job rerun j
	gcs job show J1 -o 'fmt=%{name} %{env} %{config} %{labels} %{priority} %{cwd}\n' >"$BATS_TEST_TMPDIR/one"
	same gcs job show J2 -o 'fmt=%{name} %{env} %{config} %{labels} %{priority} %{cwd}\n' <"$BATS_TEST_TMPDIR/one"
	same gcs task show T2 -o 'fmt=%{job} %{argv} %{time_limit} %{demand.resources.cpu} %{priority}\n' <<<'J2 run,me 1h 1 4'
}

@test "rerun: runs as who asks for it, not as the first submitter; the lines of a batch as who runs that" {
	gcs batch <<<'job submit b --clean-env' >/dev/null
	printf '%s\n' 'job cancel b' 'job rerun b' | gcs batch >/dev/null
	printf '%s\n' 'job cancel b' 'job rerun b' | gcs batch --each >/dev/null
	same gcs job list -a --no-headers -o tsv -c id,user,uid <<-END
		J1	$ME	$(id -u)
		J2	$ME	$(id -u)
		J3	$ME	$(id -u)
	END
	[ "$(id -u)" -eq 0 ] || skip 'only root can become somebody'
	other=$(mktemp -d)
	cp "$GCS_BIN" "$other/gcs"
	chmod 755 "$other" "$other/gcs"
	mkdir "$other/c"
	chown 65534:65534 "$other/c"
	export GCS_DIR=$other/c
	store
	gcs job submit j --clean-env --cwd /tmp -- id
	gcs job cancel j
	same setpriv --reuid 65534 --regid 65534 --clear-groups "$other/gcs" job rerun j <<<J2
	same gcs job list -a --no-headers -o tsv -c id,user,uid <<-END
		J1	root	0
		J2	$(id -un 65534)	65534
	END
	gcs -q doctor --deep
	rm -r "$other"
	GCS_DIR=$BATS_TEST_TMPDIR/c
}

@test "submit: where and with what it runs" {
	cd "$BATS_TEST_TMPDIR"
	env -i PATH="$PATH" HOME=/h LANG=C CONDA_X=y SECRET=1 GCS_DIR="$GCS_DIR" "$GCS_BIN" job submit --env K=v --env SECRET
	same gcs job show J1 -o 'fmt=%{cwd} %{env.HOME} %{env.CONDA_X} %{env.K} %{env.SECRET}\n' <<<"$PWD /h y v 1"
	submit --cwd sub --env =x || [ $? -eq 2 ]
	submit --cwd sub
	same gcs job show J2 -o 'fmt=%{cwd} %{env}\n' <<<"$PWD/sub "
	fails 2 gcs job submit --env 1=x <<<"gcs: job submit: --env: '1' is not a valid variable name"
	fails 2 gcs job submit --env UNSET_HERE <<<'gcs: job submit: --env: UNSET_HERE is not set here'
	printf '#!/bin/sh\necho $1\n' >script
	submit s --script script -- arg
	same gcs task show T3 -o 'fmt=%{argv} %{script}' <<<$'arg #!/bin/sh\necho $1'
	: >empty
	fails 2 gcs job submit --script empty <<<'gcs: job submit: --script: it is empty'
	fails 1 gcs job submit --script none
}

@test "undo says what to do instead; a request is made once" {
	gcs node register n1 -r cpu=1
	same submit j -r cpu=1 --request-id r1 <<<J1
	same submit j -r cpu=1 --request-id r1 <<<J1
	fails 3 gcs undo "$(last_seq)" <<<'gcs: undo: event 2 (JOB_PENDING) cannot be undone: a job is ended by: gcs job cancel'
	gcs job cancel j
	fails 3 gcs undo "$(last_seq)" <<<'gcs: undo: event 6 (JOB_STOPPED) cannot be undone: a job is submitted again by: gcs job rerun'
	plan=$(gcs job rerun j -n | sed -n 's/^plan //p')
	same gcs job rerun j --if-plan "$plan" <<<J2
	run -3 gcs job cancel j --if-plan "$plan"
	gcs is j PENDING
	run -1 gcs is j RUNNING
}

@test "ended jobs and tasks beyond what is kept are forgotten" {
	gcs config ended_keep 2
	for i in 1 2 3 4; do
		submit
		gcs job cancel "J$i"
	done
	gcs monitor --once 2>/dev/null
	same gcs job list -a -o id <<<$'J3\nJ4'
	same gcs task list -a -o id <<<$'T3\nT4'
	same gcs log J1 --limit 1 -q -c type --no-headers <<<JOB_FORGOTTEN
}

@test "what is named is taken one after the other, each as the ones before it left it" {
	gcs job add j
	gcs job submit after --after j --clean-env -- true
	# The second one cannot run any more when its turn comes.
	gcs job cancel J1 J2 j
	same gcs log --reverse --no-headers -o tsv -c type,name,command --since 2 <<-'END'
		JOB_STOPPED	j	job cancel
		JOB_FAILED	after	job cancel
	END
	# And if one of them is not there, nothing is done.
	gcs job add other
	fails 1 gcs job cancel other nobody <<<"gcs: job cancel: no job matches 'nobody'"
	gcs is other RUNNING
}

# repeated KIND: its fields that a rerun repeats, as the table of its fields says.
repeated() {
	local field
	while IFS=$'\t' read -r field _; do
		if gcs explain "$1.$field" | grep -q ', repeated by a rerun$'; then echo "$field"; fi
	done < <(gcs explain -o tsv "$1")
}

# asked LIST ID FIELD: what that record has there.
asked() { gcs "$1" list -a --no-headers -o tsv -c "$3" --filter "id=$2"; }

@test "rerun: every field that the table says is repeated is repeated, and was set here" {
	local field was kind list one two
	printf 'echo "$@"\n' >"$BATS_TEST_TMPDIR/script"
	gcs node register n1 -r cpu=4 --label zone=a
	gcs job submit whole --label a=b --config c=d --cwd /tmp --env K=V --priority 3 --max-retries 2 --retry-exit \
		--time-limit 1h --queue-timeout 2h --grace 5s -r cpu=1 -l zone=a --script "$BATS_TEST_TMPDIR/script" -- x y
	gcs job submit many --array 2-5%2
	gcs label T1 e=f
	gcs job cancel whole many
	gcs job rerun J1 J2
	while read -r kind list one two prefix; do
		[ "$(repeated "$kind" | wc -l)" -ge 3 ]
		while read -r field; do
			[ "$kind $field" != 'job array' ] || continue # field by field, below
			was=$(asked "$list" "$one" "$prefix$field")
			case $was in '' | 0 | false) echo "$kind.$field: the test does not set it" >&2 && return 1 ;; esac
			if [ "$(asked "$list" "$two" "$prefix$field")" != "$was" ]; then
				echo "$kind.$field: not repeated" >&2
				return 1
			fi
		done < <(repeated "$kind")
	done <<-'END'
		job job J1 J3
		task task T1 T4
		array job J2 J4 array.
	END
	# And nothing of what became of it.
	[ "$(gcs job list -a --no-headers -o tsv -c array.next,array.ended,death --filter id=J4)" = $'4\t\t' ]
}
