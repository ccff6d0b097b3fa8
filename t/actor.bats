# Actors: where they are placed, what becomes of them when something dies, and how often they come back.
load lib
load placement

# contract actor create: new -r cpu=1
# contract actor ready: act
# contract actor fail: act -m why
# contract actor kill: act
# contract actor list:
# contract actor show: act

setup() { store; }
teardown() { at_rest; }

# actors: what a list of all actors says in short.
actors() { gcs actor list -a -c name,id,state,node,restarts,reason --no-headers "$@"; }

# counters ACTOR: state, restarts so far, and how many of them were free.
counters() {
	gcs actor list -a --filter "name=$1" -c state,num_restarts,num_preempted --no-headers | tr -s ' '
}

# events SEQ: what came after it, and what it was because of.
events() { gcs log --since "$1" --reverse -c seq,txn,type,name,cause --no-headers; }

@test "create places at once if it fits, ready makes it ALIVE, kill ends it" {
	gcs node register n1 -r cpu=4,gpu=1
	same gcs actor create a1 -r cpu=2,gpu=0.5 --class Counter --clean-env --env A=b --cwd /tmp --label team=x \
		--max-restarts 2 -- serve --port 1 <<<A1
	same actors <<<'a1  A1  PENDING  N1  0/2  placed, not ready yet'
	same gcs actor ready a1 --pid 77 --address 10.0.0.1:9 </dev/null
	same gcs actor list <<-'END'
		NAME  ID  STATE  NODE  ADDRESS     RESTARTS  RESOURCES      JOB  PG  AGE  REASON
		a1    A1  ALIVE  N1    10.0.0.1:9  0/2       cpu=2,gpu=0.5  -    -   0s   -
	END
	same gcs actor show a1 <<-END
		name            a1
		id              A1
		state           ALIVE
		labels
		  team          x
		born            2
		rev             5
		created         2026-01-01T00:00:00.000Z
		updated         2026-01-01T00:00:00.000Z
		node            N1
		address         10.0.0.1:9
		namespace       default
		class           Counter
		demand
		  resources
		    cpu         2
		    gpu         0.5
		argv            serve,--port,1
		cwd             /tmp
		env
		  A             b
		max_restarts    2
		num_restarts    0
		lease           L1
		pid             77
		alive           2026-01-01T00:00:00.000Z
		ready_on_start  true
		uid             $(id -u)
	END
	same gcs actor ready a1 --pid 77 -o json <<<'{"v":1,"seq":5,"changed":false,"ids":["A1"]}'
	same gcs actor kill a1 -m enough </dev/null
	same actors <<<'a1  A1  DEAD  -  0/2  KILLED: enough'
	same events 5 <<-'END'
		6  6  ACTOR_DEAD      default/a1  0
		7  6  LEASE_RELEASED  L1          6
	END
}

@test "the counters as Ray publishes them: ALIVE 0, RESTARTING 1, ALIVE 1" {
	gcs node register n1 -r cpu=4
	gcs node register n2 -r cpu=4
	gcs actor create a1 -r cpu=1 --max-restarts 1
	gcs actor ready a1
	node=$(gcs actor show a1 -o 'fmt=%{node}')
	gcs node fail "$node" -m gone
	gcs actor ready a1
	same gcs log actor/a1 --reverse --filter 'type=ACTOR_ALIVE,type=ACTOR_RESTARTING' -o 'fmt=%{type} %{after}\n' <<-'END'
		ACTOR_ALIVE {"state":"ALIVE","alive_ms":1767225600000}
		ACTOR_RESTARTING {"state":"RESTARTING","node":null,"num_restarts":1,"lease":null,"alive_ms":null}
		ACTOR_ALIVE {"state":"ALIVE","alive_ms":1767225600000}
	END
	same counters a1 <<<'ALIVE 1 -'
	# That was its one restart.
	gcs node fail "$(gcs actor show a1 -o 'fmt=%{node}')" -m 'gone too'
	same actors <<<'a1  A1  DEAD  -  1/1  RESTARTS_EXHAUSTED'
	same gcs actor show a1 -o 'fmt=%{death.reason} %{death.last}\n' <<<'RESTARTS_EXHAUSTED NODE_DIED'
}

@test "max_restarts 0, 1 and -1, when the node dies" {
	gcs node register n1 -r cpu=8
	gcs actor create never -r cpu=1
	gcs actor create once -r cpu=1 --max-restarts 1
	gcs actor create always -r cpu=1 --max-restarts -1
	gcs actor ready never
	gcs actor ready once
	gcs actor ready always
	for n in 2 3 4; do
		gcs node register "n$n" -r cpu=8
		gcs node fail "n$((n - 1))" -m gone
	done
	same actors <<-'END'
		never   A1  DEAD        -   0/0  NODE_DIED
		once    A2  DEAD        -   1/1  RESTARTS_EXHAUSTED
		always  A3  RESTARTING  N4  3/-  placed, not ready yet
	END
	fails 2 gcs actor create x --max-restarts -2 \
		<<<'gcs: actor create: --max-restarts: -1 (always), 0 (never) or more'
	fails 2 gcs actor create x --max-restarts many
}

@test "preempted restarts are free, but not for max_restarts 0" {
	gcs node register n1 -r cpu=8
	gcs actor create never -r cpu=1
	gcs actor create once -r cpu=1 --max-restarts 1
	gcs actor create always -r cpu=1 --max-restarts -1
	for name in never once always; do gcs actor ready "$name"; done
	for n in 2 3; do
		gcs node register "n$n" -r cpu=8
		gcs drain "n$((n - 1))" --for preemption -m spot --deadline 1s
		gcs clock +1s
		gcs monitor --once
		gcs actor ready once
		gcs actor ready always
	done
	same actors <<-'END'
		never   A1  DEAD   -   0/0  NODE_DIED
		once    A2  ALIVE  N3  2/1  -
		always  A3  ALIVE  N3  2/-  -
	END
	same counters once <<<'ALIVE 2 2'
	# Its one restart is still its own.
	gcs node register n4 -r cpu=8
	gcs node fail n3 -m gone
	same counters once <<<'RESTARTING 3 2'
	gcs node fail n4 -m gone
	same gcs actor show once -o 'fmt=%{state} %{death.reason} %{death.last} %{num_restarts}\n' \
		<<<'DEAD RESTARTS_EXHAUSTED NODE_DIED 3'
}

@test "a process that dies on a draining node was preempted too" {
	gcs node register n1 -r cpu=8
	gcs actor create a1 -r cpu=1 --max-restarts 1
	gcs actor ready a1
	gcs drain n1 -m out --keep
	gcs actor fail a1 -m crash
	same counters a1 <<<'RESTARTING 1 1'
}

@test "an actor lost while it was PENDING uses a restart" {
	gcs node register n1 -r cpu=1
	gcs node register n2 -r cpu=1
	gcs actor create a1 -r cpu=1 --max-restarts 1
	gcs actor create a2 -r cpu=1
	gcs actor create waits -r cpu=1 --max-restarts 1
	gcs node fail n1 -m gone
	gcs node fail n2 -m gone
	same actors <<-'END'
		a1     A1  RESTARTING  -  1/1  waits for resources
		a2     A2  DEAD        -  0/0  NODE_DIED
		waits  A3  PENDING     -  0/1  waits for resources
	END
}

@test "the name is free in the transaction of the final death, and not before" {
	gcs node register n1 -r cpu=2
	gcs actor create a1 -r cpu=1 --max-restarts 1
	fails 3 gcs actor create a1 -r cpu=1 \
		<<<"gcs: actor create: actor name 'default/a1' is already used by A1"
	same gcs actor create a1 -r cpu=1 --namespace other <<<A2
	gcs actor kill a1 --restart
	fails 3 gcs actor create a1
	printf '%s\n' 'actor kill actor/default/a1 -m enough' 'actor create a1 -r cpu=1' | gcs batch
	same gcs actor list -a -c name,id,state,namespace --no-headers <<-'END'
		a1  A1  DEAD     default
		a1  A2  PENDING  other
		a1  A3  PENDING  default
	END
	same gcs actor show actor/default/a1 -o id <<<A3
	fails 2 gcs actor create A7
	fails 2 gcs actor create 'a b'
	fails 2 gcs actor create x --namespace ''
}

@test "get-or-create: of fifty at once one creates, and all have the same id" {
	gcs node register n1 -r cpu=64
	for i in {1..50}; do
		gcs actor create one -r cpu=1 --get-or-create >"$BATS_TEST_TMPDIR/id.$i" &
		pids[i]=$!
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	same sort -u "$BATS_TEST_TMPDIR"/id.* <<<A1
	same gcs actor list -a -o id <<<A1
	same events 0 <<-'END'
		1  1  NODE_ALIVE     n1           0
		2  2  ACTOR_PENDING  default/one  0
		3  2  LEASE_GRANTED  L1           2
		4  2  ACTOR_UPDATED  default/one  3
	END
	same gcs actor create one --get-or-create -o json <<<'{"v":1,"seq":4,"changed":false,"ids":["A1"]}'
	gcs actor kill one
	same gcs actor create one --get-or-create <<<A2
	fails 2 gcs actor create --get-or-create <<<'gcs: actor create: --get-or-create needs a name'
}

@test "after a crash it waits 1 s, then twice as long, to 60 s; a minute ALIVE is a new beginning" {
	gcs node register n1 -r cpu=1 --heartbeat-timeout never
	gcs actor create a1 -r cpu=1 --max-restarts -1
	for seconds in 1 2 4 8 16 32 60 60; do
		gcs actor ready a1
		gcs actor fail a1 -m crash
		[ "$(actors -c state,node,reason)" = "RESTARTING  -  backoff of $([ "$seconds" = 60 ] && echo 1m || echo "${seconds}s")" ]
		same gcs lease list --no-headers </dev/null
		gcs clock "+$((seconds - 1))s"
		gcs monitor --once
		same gcs actor show a1 -o 'fmt=%{node}|\n' <<<'|'
		gcs clock +1s
		gcs monitor --once
		same gcs actor show a1 -o 'fmt=%{node}|\n' <<<'N1|'
	done
	gcs actor ready a1
	gcs clock +59s
	gcs actor fail a1 -m crash
	same actors -c reason <<<'backoff of 1m'
	gcs clock +1m
	gcs monitor --once
	gcs actor ready a1
	gcs clock +60s
	gcs actor fail a1 -m crash
	same actors -c reason <<<'backoff of 1s'
}

@test "what has no node cannot be restarted, but it can be ended" {
	gcs actor create a1 -r cpu=1 --max-restarts 2
	fails 3 gcs actor fail a1 -m crash <<<'gcs: actor fail: actor A1 has no node: there is nothing to restart'
	fails 3 gcs actor kill a1 --restart \
		<<<'gcs: actor kill: actor A1 has no node: there is nothing to restart'
	same actors <<<'a1  A1  PENDING  -  0/2  waits for resources'
	gcs actor fail a1 --no-restart -m 'no such class'
	same actors <<<'a1  A1  FAILED  -  0/2  CREATION_FAILED: no such class'
}

@test "an actor that was never ready, and may not be restarted, FAILED; its name is free" {
	gcs node register n1 -r cpu=4
	gcs actor create final -r cpu=1 --max-restarts 3
	gcs actor create none -r cpu=1
	gcs actor create spent -r cpu=1 --max-restarts 1
	seq=$(last_seq)
	foretold actor fail final -m 'no such class' --no-restart
	same events "$seq" <<-'END'
		11  11  ACTOR_FAILED    default/final   0
		12  11  LEASE_RELEASED  L1             11
	END
	gcs actor fail none -m crash
	# Lost while PENDING, it uses its restart, and has been RESTARTING since: then it is DEAD.
	gcs actor fail spent -m crash
	gcs clock +1s
	gcs -q monitor --once
	gcs actor fail spent -m 'crash again'
	same actors -c name,state,restarts,reason <<-'END'
		final  FAILED  0/3  CREATION_FAILED: no such class
		none   FAILED  0/0  CREATION_FAILED: crash
		spent  DEAD    1/1  RESTARTS_EXHAUSTED: crash again
	END
	fails 3 gcs actor ready final <<<'gcs: actor ready: actor A1 is FAILED: cannot become ALIVE'
	same gcs actor fail final -m again </dev/null
	same gcs actor create final -r cpu=1 <<<A4
	# Its node's death and its killing are no failures of its creation.
	gcs actor create killed -r cpu=1
	gcs actor kill killed
	gcs node fail n1 -m gone
	same actors --filter state=DEAD -c name,reason <<-'END'
		spent   RESTARTS_EXHAUSTED: crash again
		final   NODE_DIED
		killed  KILLED
	END
}

@test "a node that dies is no crash: nothing waits" {
	gcs node register n1 -r cpu=1
	gcs actor create a1 -r cpu=1 --max-restarts -1
	gcs node register n2 -r cpu=1
	gcs node fail n1 -m gone
	same actors <<<'a1  A1  RESTARTING  N2  1/-  placed, not ready yet'
}

@test "reasons: KILLED, WORKER_DIED, NODE_DIED, and the last cause of RESTARTS_EXHAUSTED" {
	gcs node register n1 -r cpu=9
	for n in {1..6}; do
		gcs actor create "a$n" -r cpu=1 --max-restarts $((n % 2))
		gcs actor ready "a$n"
	done
	gcs actor kill a1 a2
	gcs actor fail a3 -m crash --no-restart
	gcs actor fail a4 -m crash
	gcs actor fail a5 -m crash
	gcs clock +1s
	gcs monitor --once
	gcs actor fail a5 -m 'crash again'
	gcs node fail n1 -m gone
	same gcs actor list -a -c name,death.reason,death.last,death.message --no-headers <<-'END'
		a1  KILLED              -            -
		a2  KILLED              -            -
		a3  WORKER_DIED         -            crash
		a4  WORKER_DIED         -            crash
		a5  RESTARTS_EXHAUSTED  WORKER_DIED  crash again
		a6  NODE_DIED           -            -
	END
}

@test "what has ended stays as it is, and to end it again succeeds; other ways are refused" {
	gcs node register n1 -r cpu=1
	gcs actor create a1 -r cpu=1
	gcs actor create a2 -r cpu=1
	fails 3 gcs actor ready a2 <<<'gcs: actor ready: actor A2 has no node yet'
	gcs actor kill a1 -m enough
	seq=$(last_seq)
	for words in 'kill A1' 'kill A1 --restart' 'fail A1 -m again' 'fail A1 -m again --no-restart'; do
		# shellcheck disable=SC2086
		same gcs actor $words -o json <<<"{\"v\":1,\"seq\":$seq,\"changed\":false,\"ids\":[\"A1\"]}"
	done
	fails 3 gcs actor ready A1 <<<'gcs: actor ready: actor A1 is DEAD: cannot become ALIVE'
	same actors --filter name=a1 <<<'a1  A1  DEAD  -  0/0  KILLED: enough'
	fails 1 gcs actor kill a9 <<<"gcs: actor kill: no actor matches 'a9'"
	fails 1 gcs actor kill a2 a9
	same actors --filter name=a2 <<<'a2  A2  PENDING  N1  0/0  placed, not ready yet'
}

@test "a node with many actors dies in one transaction, and every event has its cause" {
	gcs node register n1 -r cpu=3
	gcs actor create a1 -r cpu=1 --max-restarts 1
	gcs actor create a2 -r cpu=1
	gcs actor create a3 -r cpu=1 --max-restarts -1
	gcs node register n2 -r cpu=1
	gcs actor create waits -r cpu=1 --on n1
	seq=$(last_seq)
	gcs node fail n1 -m gone
	same events "$seq" <<-'END'
		13  13  NODE_DEAD         n1           0
		14  13  LEASE_RELEASED    L1          13
		15  13  LEASE_RELEASED    L2          13
		16  13  LEASE_RELEASED    L3          13
		17  13  ACTOR_RESTARTING  default/a1  13
		18  13  ACTOR_DEAD        default/a2  13
		19  13  ACTOR_RESTARTING  default/a3  13
		20  13  LEASE_GRANTED     L4          17
		21  13  ACTOR_UPDATED     default/a1  20
	END
	same actors <<-'END'
		a1     A1  RESTARTING  N2  1/1  placed, not ready yet
		a2     A2  DEAD        -   0/0  NODE_DIED
		a3     A3  RESTARTING  -   1/-  waits for resources
		waits  A4  PENDING     -   0/0  waits for resources
	END
	# What was known of it comes too late.
	fails 3 gcs node heartbeat N1 <<<'gcs: node heartbeat: node n1 (N1) is DEAD: register again'
}

@test "three hundred actors lose their node, and all are placed elsewhere at once" {
	gcs node register n1 -r cpu=300
	for i in {1..300}; do echo "actor create a$i -r cpu=1 --max-restarts 1"; done | gcs batch >"$BATS_TEST_TMPDIR/ids"
	gcs node register n2 -r cpu=299
	gcs node fail n1 -m gone
	same gcs actor list --filter node=N2 -o 'fmt=%{state}\n' < <(yes RESTARTING | head -299)
	same gcs actor list --filter state=RESTARTING --sort -id --limit 1 -q -c id,node --no-headers <<<'A300  -'
	same gcs log --since "$(($(gcs log --type NODE_DEAD -o id) - 1))" --limit 1 --reverse -q -c type --no-headers \
		<<<NODE_DEAD
	[ "$(gcs log --since "$(($(gcs log --type NODE_DEAD -o id) - 1))" -c txn --no-headers | sort -u | wc -l)" -eq 1 ]
}

@test "a node that fell silent comes back under its name while its actors restart" {
	gcs node register n1 -r cpu=2
	gcs actor create a1 -r cpu=1 --max-restarts 1
	gcs actor ready a1
	gcs clock +31s
	gcs monitor --once
	same actors <<<'a1  A1  RESTARTING  -  1/1  waits for resources'
	fails 3 gcs node heartbeat n1 <<<'gcs: node heartbeat: node n1 (N1) is DEAD: register again'
	same gcs node register n1 -r cpu=2 <<<N2
	same actors <<<'a1  A1  RESTARTING  N2  1/1  placed, not ready yet'
	gcs actor ready a1
	same gcs node list -a -c id,state --no-headers <<-'END'
		N1  DEAD
		N2  ALIVE
	END
	# The old node's end, said again, does not touch the new one.
	gcs node fail N1 -m again
	same counters a1 <<<'ALIVE 1 -'
}

@test "a selector, nodes to avoid, a node to be on, and one that would be nice" {
	gcs node register n1 -r cpu=1 --label zone=a
	gcs node register n2 -r cpu=9 --label zone=b --label rack=r1
	gcs node register n3 -r cpu=9 --label zone=c
	gcs actor create sel -r cpu=1 -l 'zone!=a,!rack'
	gcs actor create in -r cpu=1 -l 'zone in (b,x)'
	gcs actor create avoid -r cpu=1 --avoid n1 --avoid N2
	gcs actor create on -r cpu=1 --on n1
	gcs actor create hard -r cpu=1 --on n1
	gcs actor create soft -r cpu=1 --on n1 --soft --avoid n2
	gcs actor create nowhere -r cpu=1 -l zone=z
	same gcs actor list -c name,node --no-headers <<-'END'
		sel      N3
		in       N2
		avoid    N3
		on       N1
		hard     -
		soft     N3
		nowhere  -
	END
	gcs actor kill on
	same actors --filter name=hard -c node <<<N1
	# A label that comes to match is as good as a node.
	gcs label n2 zone=z
	same actors --filter name=nowhere -c node <<<N2
	fails 2 gcs actor create x --soft <<<'gcs: actor create: --soft goes with --on'
	fails 1 gcs actor create x --on n9 <<<"gcs: actor create: --on: no node matches 'n9'"
	fails 1 gcs actor create x --avoid n9 <<<"gcs: actor create: --avoid: no node matches 'n9'"
	fails 2 gcs actor create x -l 'zone in'
}

@test "priority goes first, then age; a restart keeps its age" {
	gcs node register n1 -r cpu=1
	gcs actor create first -r cpu=1 --max-restarts -1
	gcs actor create old -r cpu=1
	gcs actor create young -r cpu=1
	gcs actor create vip -r cpu=1 --priority 3
	gcs actor create last -r cpu=1 --priority -1
	gcs actor kill first --restart
	order=()
	for _ in {1..5}; do
		name=$(gcs actor list --filter node=N1 -o name)
		order+=("$name")
		gcs actor kill "$name"
	done
	[ "${order[*]}" = 'vip first old young last' ]
}

@test "a smaller one goes ahead of one that does not fit, until that one starves" {
	gcs node register n1 -r cpu=4 --heartbeat-timeout never
	gcs actor create a1 -r cpu=2
	gcs actor create a2 -r cpu=2
	gcs actor create big -r cpu=4
	gcs actor create s1 -r cpu=2
	gcs actor kill a1
	same actors --filter name=s1 -c node <<<N1
	gcs clock +10m
	gcs actor create s2 -r cpu=2
	gcs actor kill a2
	same actors --filter name=s2 -c node <<<N1
	gcs clock +1s
	gcs actor create s3 -r cpu=2
	gcs actor kill s1
	same actors --filter name=s3 -c node <<<'-'
	gcs actor kill s2
	same actors --filter state!=DEAD -c name,node <<-'END'
		big  N1
		s3   -
	END
	gcs actor kill big
	same actors --filter name=s3 -c node <<<N1
}

@test "what starves keeps only the nodes that could serve it" {
	gcs node register n1 -r cpu=4 --heartbeat-timeout never
	gcs node register n2 -r cpu=2 --heartbeat-timeout never
	gcs config starvation_age 1m
	gcs resource hold n1 cpu=2 -m x
	gcs actor create big -r cpu=4
	gcs clock +61s
	gcs actor create s1 -r cpu=2
	gcs actor create s2 -r cpu=2
	same gcs actor list -c name,node --no-headers <<-'END'
		big  -
		s1   N2
		s2   -
	END
	gcs resource release L1
	same gcs actor list -c name,node --no-headers <<-'END'
		big  N1
		s1   N2
		s2   -
	END
}

@test "what starves for an instance that a node does not have does not keep that node" {
	gcs node register n1 -r cpu=4,gpu=2 --heartbeat-timeout never
	gcs node register n2 -r cpu=4,gpu=1 --heartbeat-timeout never
	gcs config starvation_age 1m
	gcs resource hold n1 gpu:1 -m x
	gcs actor create second -r gpu:1
	gcs clock +61s
	gcs actor create s1 -r cpu=1
	gcs actor create s2 -r cpu=4 --on n1
	same gcs actor list -c name,node --no-headers <<-'END'
		second  -
		s1      N2
		s2      -
	END
}

@test "what starves for other nodes keeps none; a higher priority is not later" {
	gcs node register n1 -r cpu=4 --label zone=a --heartbeat-timeout never
	gcs node register n2 -r cpu=4 --heartbeat-timeout never
	gcs actor create never -r cpu=1 -l zone=z
	gcs actor create avoids -r cpu=4 --avoid n2
	gcs actor create here -r cpu=4 --on n1
	gcs actor create filler -r cpu=1 --on n1
	gcs clock +11m
	gcs actor create s1 -r cpu=1
	same gcs actor list --filter name=s1 -c node --no-headers <<<N2
	gcs actor kill avoids
	same gcs actor list --filter name=here -c node --no-headers <<<N1
	gcs actor create vip -r cpu=2 --priority 1
	same gcs actor list --filter name=vip -c node --no-headers <<<N2
}

@test "of two that starve the older one goes first, whatever they ask for" {
	gcs node register n1 -r cpu=4 --heartbeat-timeout never
	gcs resource hold n1 cpu=2 -m x
	gcs resource hold n1 cpu=2 -m x
	gcs actor create big -r cpu=4
	gcs actor create small -r cpu=2
	gcs clock +11m
	gcs resource release L1
	same gcs actor list -c name,node --no-headers <<-'END'
		big    -
		small  -
	END
	gcs actor create vip -r cpu=1 --priority 1
	same gcs actor list -c name,node --no-headers <<-'END'
		big    -
		small  -
		vip    N1
	END
	gcs actor kill vip
	gcs resource release L2
	same gcs actor list -c name,node --no-headers <<-'END'
		big    N1
		small  -
	END
}

@test "what was kept for one that starved is for others when it is placed elsewhere, or ends" {
	gcs node register n1 -r cpu=4 --heartbeat-timeout never
	gcs node register n2 -r cpu=4 --heartbeat-timeout never
	gcs resource hold n1 cpu=2 -m x
	gcs resource hold n2 cpu=2 -m x
	gcs actor create big -r cpu=4
	gcs actor create huge -r cpu=4
	gcs clock +11m
	gcs actor create s1 -r cpu=2
	gcs actor create s2 -r cpu=2
	gcs resource release L1
	same actors -c name,node <<-'END'
		big   N1
		huge  -
		s1    -
		s2    -
	END
	seq=$(last_seq)
	foretold actor kill huge -m enough
	same events "$seq" <<-'END'
		13  13  ACTOR_DEAD     default/huge   0
		14  13  LEASE_GRANTED  L4            13
		15  13  ACTOR_UPDATED  default/s1    14
	END
	gcs actor kill s1
	same actors --filter state!=DEAD -c name,node <<-'END'
		big  N1
		s2   N2
	END
	# The only one that starves, placed on one of the two nodes that it kept.
	gcs actor kill big s2
	gcs resource hold n1 cpu=1 -m x
	gcs resource release L2
	gcs resource hold n2 cpu=1 -m x
	gcs actor create next -r cpu=4
	gcs clock +11m
	gcs actor create s3 -r cpu=3
	same actors --filter state!=DEAD -c name,node <<-'END'
		next  -
		s3    -
	END
	gcs resource release "$(gcs lease list --filter node=N1 -o id)"
	same actors --filter state!=DEAD -c name,node <<-'END'
		next  N1
		s3    N2
	END
}

@test "what is given back is given at once, in the same transaction, because of it" {
	gcs node register n1 -r gpu=1
	gcs actor create a1 -r gpu=1
	gcs actor create a2 -r gpu=0.5
	gcs actor create a3 -r gpu=0.5
	gcs actor create a4 -r gpu=0.5
	seq=$(last_seq)
	gcs actor kill a1 -m enough
	same events "$seq" <<-'END'
		 8  8  ACTOR_DEAD      default/a1   0
		 9  8  LEASE_RELEASED  L1           8
		10  8  LEASE_GRANTED   L2           9
		11  8  ACTOR_UPDATED   default/a2  10
		12  8  LEASE_GRANTED   L3           9
		13  8  ACTOR_UPDATED   default/a3  12
	END
	same gcs actor list -c name,node --no-headers <<-'END'
		a2  N1
		a3  N1
		a4  -
	END
}

@test "cordoned nodes take nothing new; uncordon places what waits" {
	gcs node register n1 -r cpu=1
	gcs cordon n1 -m noisy
	gcs actor create a1 -r cpu=1
	same gcs actor list -c name,node --no-headers <<<'a1  -'
	seq=$(last_seq)
	gcs uncordon n1
	same events "$seq" <<-'END'
		4  4  NODE_UPDATED   n1          0
		5  4  LEASE_GRANTED  L1          4
		6  4  ACTOR_UPDATED  default/a1  5
	END
}

@test "every dry run is what then happens" {
	foretold node register n1 -r cpu=4,gpu=2 --label zone=a
	foretold resource hold n1 gpu:1 cpu=1 -m mine --until 1h
	foretold actor create a1 -r cpu=2 --max-restarts 1
	foretold actor create a2 -r cpu=2,gpu=1
	foretold actor create a3 -l zone=b
	foretold actor ready a1 --pid 7
	foretold label n1 zone=b
	foretold resource set n1 cpu=5
	foretold actor ready a2
	foretold actor fail a1 -m crash
	foretold resource release L1
	foretold cordon n1 -m noisy
	foretold actor kill a2 --restart -m again
	foretold uncordon n1
	foretold node register n2 -r cpu=8,gpu=1
	foretold pg create g --strategy SPREAD --bundle cpu=1 --bundle cpu=1
	foretold actor create in --pg g -r cpu=1 --max-restarts 1
	foretold kv put k v --owner a1
	foretold kv add n 3
	foretold drain n1 -m out --no-evict
	foretold undrain n1
	foretold pg remove g
	foretold kv delete n
	foretold config starvation_age 1m
	foretold node fail n1 -m gone
	foretold node unregister n2
}

@test "the name of one that goes with its owner, or with its node and its last restart, is free in that transaction" {
	gcs batch -q >"$BATS_TEST_TMPDIR/ids" <<-'END'
		node register n1 -r cpu=2
		node register n2 -r cpu=4
		job add owner
		actor create owned --job owner --max-restarts 5 -r cpu=1 --on n1
		actor create last -r cpu=1 --on n1
		pg create grp --job owner --bundle cpu=1
	END
	printf '%s\n' 'job finish owner' 'actor create owned -r cpu=1' 'pg create grp --bundle cpu=1' \
		'node fail n1 -m gone' 'actor create last -r cpu=1' | gcs batch >"$BATS_TEST_TMPDIR/ids"
	same cat "$BATS_TEST_TMPDIR/ids" <<-'END'
		A3
		P2
		A4
	END
}
