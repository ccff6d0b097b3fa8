# Drain: what leaves, what stays, and when the node is gone.
load lib
load placement

# contract node drain: n1 -m why
# contract node undrain: n4
# contract drain: n1 -m why
# contract undrain: n4

setup() {
	store
	gcs node register n1 -r cpu=4 --heartbeat-timeout never
	gcs node register n2 -r cpu=2 --heartbeat-timeout never
}
teardown() { at_rest; }

# ALIVE!, overdue, is ALIVE here: nobody beats.
nodes() { gcs node list -a -c name,state,reason --no-headers | sed 's/ALIVE!/ALIVE/' | tr -s ' '; }
actors() { gcs actor list -a -c name,state,node,restarts --no-headers; }
events() { gcs log --since "$1" --reverse -c seq,txn,type,name,cause --no-headers; }

# on_n1 NAME [OPTION]…: an actor that is ALIVE on n1.
on_n1() {
	gcs actor create "$@" --on n1 --soft
	gcs actor ready "$1"
}

@test "what may be restarted leaves at once, free of charge, and the empty node is DEAD in the same transaction" {
	on_n1 a1 -r cpu=1 --max-restarts 1
	seq=$(last_seq)
	foretold drain n1 -m 'too old'
	same events "$seq" <<-'END'
		 7  7  NODE_DRAINING     n1           0
		 8  7  ACTOR_RESTARTING  default/a1   7
		 9  7  LEASE_RELEASED    L1           8
		10  7  NODE_DEAD         n1           9
		11  7  LEASE_GRANTED     L2           8
		12  7  ACTOR_UPDATED     default/a1  11
	END
	same nodes <<-'END'
		n1 DEAD DRAINED: too old
		n2 ALIVE -
	END
	same actors <<<'a1  RESTARTING  N2  1/1'
	same gcs actor show a1 -o 'fmt=%{num_restarts} %{num_preempted}\n' <<<'1 1'
}

@test "the dry run shows what would move where, and changes nothing" {
	on_n1 a1 -r cpu=1 --max-restarts 1
	on_n1 stays -r cpu=1
	gcs drain n1 -m out -n >"$BATS_TEST_TMPDIR/dry"
	same sed "s/($ME: /(ME: /; s/^plan .*/plan HASH/" "$BATS_TEST_TMPDIR/dry" <<-'END'
		11     2026-01-01T00:00:00.000Z  NODE_DRAINING  N1 n1  (ME: drain: out)
		       state: ALIVE -> DRAINING; drain: {"purpose":"removal","message":"out"}
		12     2026-01-01T00:00:00.000Z  ACTOR_RESTARTING A1 default/a1  because of 11  (ME: drain: out)
		       state: ALIVE -> RESTARTING; node: N1 -> -; num_restarts: 1; num_preempted: 1; lease: L1 -> -; alive_ms: 2026-01-01T00:00:00.000Z -> -
		13     2026-01-01T00:00:00.000Z  LEASE_RELEASED L1 L1  because of 12  (ME: drain: out)
		       id: L1 -> -; node: N1 -> -; owner: A1 -> -; resources: cpu=1 -> -
		14     2026-01-01T00:00:00.000Z  LEASE_GRANTED  L3 L3  because of 12  (ME: drain: out)
		       id: L3; node: N2; owner: A1; resources: cpu=1
		15     2026-01-01T00:00:00.000Z  ACTOR_UPDATED  A1 default/a1  because of 14  (ME: drain: out)
		       node: N2; lease: L3
		plan HASH
	END
	same last_seq <<<10
	same actors <<-'END'
		a1     ALIVE  N1  0/1
		stays  ALIVE  N1  0/0
	END
}

@test "what cannot move stays until the deadline: not to be restarted, or no room elsewhere" {
	on_n1 never -r cpu=1
	on_n1 big -r cpu=3 --max-restarts 5
	gcs drain n1 -m out --deadline 1h
	same actors <<-'END'
		never  ALIVE  N1  0/0
		big    ALIVE  N1  0/5
	END
	same nodes <<-'END'
		n1 DRAINING draining: out
		n2 ALIVE -
	END
	# Nothing new comes.
	gcs actor create new -r cpu=1 --on n1
	gcs clock +59m
	gcs clock +59s
	gcs monitor --once
	same actors <<-'END'
		never  ALIVE    N1  0/0
		big    ALIVE    N1  0/5
		new    PENDING  -   0/0
	END
	gcs clock +1s
	seq=$(last_seq)
	gcs monitor --once
	same events "$seq" <<-'END'
		16  16  NODE_DEAD         n1              0
		17  16  LEASE_RELEASED    L1             16
		18  16  LEASE_RELEASED    L2             16
		19  16  ACTOR_DEAD        default/never  16
		20  16  ACTOR_RESTARTING  default/big    16
	END
	same nodes <<-'END'
		n1 DEAD DRAINED: out
		n2 ALIVE -
	END
	same gcs actor show big -o 'fmt=%{num_restarts} %{num_preempted}\n' <<<'1 1'
	same gcs actor show never -o 'fmt=%{death.reason}\n' <<<NODE_DIED
}

@test "what stays is told, and why, by the dry run too" {
	on_n1 never -r cpu=1
	on_n1 big -r cpu=2.5 --max-restarts 5
	gcs resource hold n1 cpu=0.5 -m 'for ada'
	gcs resource hold n2 cpu=1 -m x
	for also in -n --keep; do
		gcs drain n1 -m out --keep "$also" 2>"$BATS_TEST_TMPDIR/told" >/dev/null
		same cat "$BATS_TEST_TMPDIR/told" <<-'END'
			gcs: node n1: actor default/never stays: it may not be restarted
			gcs: node n1: actor default/big stays: it fits nowhere else
			gcs: node n1: L3 stays: for ada
		END
	done
	gcs undrain n1
	gcs actor kill never big
	gcs resource release L3 L4
	gcs pg create g --strategy PACK --bundle cpu=4
	gcs actor create inside -r cpu=1 --pg g --max-restarts 1
	run -0 gcs drain n1 -m out
	[ "$output" = 'gcs: node n1: bundle 1 of group default/g stays: it fits nowhere else' ]
	run -0 gcs drain n1 -m out --no-evict
	[ "$output" = 'gcs: node n1: bundle 1 of group default/g stays' ]
}

@test "two that fit elsewhere one by one, but not together: one stays" {
	on_n1 a1 -r cpu=2 --max-restarts -1
	on_n1 a2 -r cpu=2 --max-restarts -1
	gcs drain n1 -m out
	same actors <<-'END'
		a1  RESTARTING  N2  1/-
		a2  ALIVE       N1  0/-
	END
	same nodes <<-'END'
		n1 DRAINING draining: out
		n2 ALIVE -
	END
	# The last one to go takes the node with it.
	gcs actor kill a2
	same nodes <<-'END'
		n1 DEAD DRAINED: out
		n2 ALIVE -
	END
}

@test "--strict refuses if something would have to stay, and then nothing moves" {
	on_n1 a1 -r cpu=1 --max-restarts 1
	on_n1 never -r cpu=1
	fails 4 gcs drain n1 -m out --strict \
		<<<'gcs: drain: actor default/never cannot move: it may not be restarted'
	gcs actor kill never
	on_n1 big -r cpu=3 --max-restarts 1
	fails 4 gcs drain n1 -m out --strict \
		<<<'gcs: drain: actor default/big cannot move: it fits nowhere else'
	gcs actor kill big
	gcs resource hold n1 cpu=1 -m mine
	fails 4 gcs drain n1 -m out --strict <<<'gcs: drain: node n1: 1 lease cannot move'
	gcs resource release "$(gcs lease list --filter owner= -o id)"
	same gcs actor list -c name,state,node,restarts --no-headers <<<'a1  ALIVE  N1  0/1'
	same nodes <<-'END'
		n1 ALIVE -
		n2 ALIVE -
	END
	foretold drain n1 -m out --strict
	same nodes <<-'END'
		n1 DEAD DRAINED: out
		n2 ALIVE -
	END
}

@test "--no-evict moves nothing: the node waits until what is there ends by itself" {
	on_n1 a1 -r cpu=1 --max-restarts 1
	foretold drain n1 -m out --no-evict
	same actors <<<'a1  ALIVE  N1  0/1'
	seq=$(last_seq)
	gcs actor kill a1
	same events "$seq" <<-'END'
		 8  8  ACTOR_DEAD      default/a1  0
		 9  8  LEASE_RELEASED  L1          8
		10  8  NODE_DEAD       n1          9
	END
}

@test "--for idle is refused while the node is busy" {
	on_n1 a1 -r cpu=1 --max-restarts 1
	gcs resource hold n1 cpu=1 -m mine
	fails 3 gcs drain n1 --for idle -m 'not needed' <<-'END'
		gcs: drain: node n1 is not idle: A1, L2 (gcs lease list --filter node=N1)
	END
	gcs actor kill a1
	gcs resource release L2
	foretold drain n1 --for idle -m 'not needed'
	same nodes <<-'END'
		n1 DEAD DRAINED: not needed
		n2 ALIVE -
	END
}

@test "--keep stays DRAINING when empty; undrain places what waits, because of it" {
	on_n1 a1 -r cpu=1 --max-restarts 1
	foretold drain n1 -m repair --keep --deadline 1m
	same actors <<<'a1  RESTARTING  N2  1/1'
	gcs actor create big -r cpu=4
	gcs clock +2m
	gcs monitor --once
	same nodes <<-'END'
		n1 DRAINING drained: repair
		n2 ALIVE -
	END
	seq=$(last_seq)
	foretold undrain n1
	same gcs log --since "$seq" --reverse -c type,name --no-headers <<-'END'
		NODE_ALIVE     n1
		LEASE_GRANTED  L3
		ACTOR_UPDATED  default/big
	END
	same actors <<-'END'
		a1   RESTARTING  N2  1/1
		big  PENDING     N1  0/0
	END
}

@test "a drain of a draining node updates its message, its purpose and its deadline" {
	on_n1 never -r cpu=1
	gcs drain n1 -m first --deadline 1h
	foretold drain n1 -m second --for preemption --deadline 10s
	same gcs node show n1 -o 'fmt=%{drain.purpose} %{drain.message} %{drain.deadline_ms}\n' \
		<<<'preemption second 2026-01-01T00:00:10.000Z'
	same gcs drain n1 -m second --for preemption --deadline 10s -o json \
		<<<'{"v":1,"seq":8,"changed":false,"ids":["N1"]}'
	gcs clock +10s
	gcs monitor --once
	same nodes <<-'END'
		n1 DEAD PREEMPTED: second
		n2 ALIVE -
	END
}

@test "a hold keeps the node until it is released or the deadline comes" {
	gcs resource hold n1 cpu=1 -m mine
	gcs drain n1 -m out
	same nodes <<-'END'
		n1 DRAINING draining: out
		n2 ALIVE -
	END
	seq=$(last_seq)
	foretold resource release L1
	same events "$seq" <<-'END'
		5  5  LEASE_RELEASED  L1  0
		6  5  NODE_DEAD       n1  5
	END
	gcs resource hold n2 cpu=1 -m mine
	gcs drain n2 -m out --deadline 1s
	gcs clock +1s
	gcs monitor --once
	same nodes <<-'END'
		n1 DEAD DRAINED: out
		n2 DEAD DRAINED: out
	END
	same gcs lease list --no-headers </dev/null
}

@test "a hold with an end keeps a draining node that long" {
	gcs resource hold n1 cpu=1 -m mine --until 1m
	gcs drain n1 -m out
	gcs clock +1m
	gcs monitor --once
	same nodes <<-'END'
		n1 DEAD DRAINED: out
		n2 ALIVE -
	END
}

@test "nodes that are drained together do not take each other's actors" {
	on_n1 a1 -r cpu=1 --max-restarts 1
	gcs actor create a2 -r cpu=1 --max-restarts 1 --on n2 --soft
	gcs actor ready a2
	# One by one the first would go to n2, which is the fuller one, and leave again.
	gcs node register n3 -r cpu=2 --label zone=far
	gcs actor create a3 -r cpu=1 --max-restarts 1 --on n1 --soft -l zone!=far
	fails 4 gcs drain n1 n2 -m out --strict \
		<<<'gcs: drain: actor default/a3 cannot move: it fits nowhere else'
	gcs actor kill a3
	foretold drain n1 n2 -m out
	same actors <<-'END'
		a1  RESTARTING  N3  1/1
		a2  RESTARTING  N3  1/1
		a3  DEAD        -   0/1
	END
	same nodes <<-'END'
		n1 DEAD DRAINED: out
		n2 DEAD DRAINED: out
		n3 ALIVE -
	END
}

@test "undrain takes back a drain that is under way" {
	on_n1 never -r cpu=1
	gcs drain n1 -m out --deadline 1m
	gcs actor create big -r cpu=3
	same gcs undrain n1 </dev/null
	same actors <<-'END'
		never  ALIVE    N1  0/0
		big    PENDING  N1  0/0
	END
	gcs clock +2m
	same gcs monitor --once </dev/null
	same nodes <<-'END'
		n1 ALIVE -
		n2 ALIVE -
	END
}

# in_g NAME BUNDLE [OPTION]…: an actor that is ALIVE in a bundle of g.
in_g() {
	gcs actor create "$1" --pg g --bundle "${@:2}"
	gcs actor ready "$1"
}
@test "a bundle that fits elsewhere leaves at once, and what runs in it restarts there, free of charge" {
	gcs pg create g --strategy STRICT_SPREAD --bundle cpu=3 --bundle cpu=2
	in_g inside 0 -r cpu=1 --max-restarts 1
	in_g other 1 -r cpu=1
	gcs actor create waits --pg g --bundle 0 -r cpu=3
	gcs node register n3 -r cpu=3
	seq=$(last_seq)
	foretold drain n1 -m 'too old'
	same events "$seq" <<-'END'
		17  17  NODE_DRAINING     n1               0
		18  17  PG_RESCHEDULING   default/g       17
		19  17  ACTOR_RESTARTING  default/inside  18
		20  17  LEASE_RELEASED    L3              19
		21  17  LEASE_RELEASED    L1              18
		22  17  NODE_DEAD         n1              21
		23  17  PG_CREATED        default/g       18
		24  17  LEASE_GRANTED     L5              23
		25  17  LEASE_GRANTED     L6              19
		26  17  ACTOR_UPDATED     default/inside  25
	END
	same gcs pg list -c name,state,size --no-headers <<<'g  CREATED  2/2'
	same gcs lease list --no-headers -o tsv -c id,owner,node,parent <<-'END'
		L2	P1	N2	
		L4	A2	N2	L2
		L5	P1	N3	
		L6	A1	N3	L5
	END
	same actors <<-'END'
		inside  RESTARTING  N3  1/1
		other   ALIVE       N2  0/0
		waits   PENDING     -   0/0
	END
	same gcs actor show inside -o 'fmt=%{num_restarts} %{num_preempted}\n' <<<'1 1'
}

@test "all of a group's bundles on the node leave together, each actor into its own, or none does" {
	gcs pg create g --strategy STRICT_PACK --bundle cpu=1 --bundle cpu=2
	in_g one 0 -r cpu=0.5 --max-restarts 1
	in_g two 1 -r cpu=2 --max-restarts -1
	gcs actor create any --pg g -r cpu=0.5 --max-restarts 1
	# Either bundle would fit on n2, but not both.
	gcs drain n1 -m out --keep 2>"$BATS_TEST_TMPDIR/told"
	same cat "$BATS_TEST_TMPDIR/told" <<-'END'
		gcs: node n1: bundle 1 of group default/g stays: it fits nowhere else
		gcs: node n1: bundle 2 of group default/g stays: it fits nowhere else
	END
	same gcs pg list -c name,state,size --no-headers <<<'g  CREATED  2/2'
	fails 4 gcs drain n1 -m out --strict \
		<<<'gcs: drain: bundle 1 of group default/g cannot move: it fits nowhere else'
	gcs node register n3 -r cpu=3
	foretold drain n1 -m out --strict
	same gcs lease list --no-headers -o tsv -c owner,node,resources,parent <<-'END'
		P1	N3	cpu=1	
		P1	N3	cpu=2	
		A1	N3	cpu=0.5	L6
		A3	N3	cpu=0.5	L6
		A2	N3	cpu=2	L7
	END
	same actors <<-'END'
		one  RESTARTING  N3  1/1
		two  RESTARTING  N3  1/-
		any  RESTARTING  N3  1/1
	END
}

@test "a bundle stays with what may not be restarted, and with --no-evict; at the deadline all of it goes" {
	gcs resource hold n2 cpu=2 -m x
	gcs pg create g --strategy PACK --bundle cpu=2 --bundle cpu=2
	in_g never 1 -r cpu=1
	gcs node register n3 -r cpu=4 --heartbeat-timeout never
	gcs drain n1 -m out --no-evict --deadline 1m 2>"$BATS_TEST_TMPDIR/told"
	same cat "$BATS_TEST_TMPDIR/told" <<-'END'
		gcs: node n1: bundle 1 of group default/g stays
		gcs: node n1: bundle 2 of group default/g stays
	END
	gcs drain n1 -m out --deadline 1m 2>"$BATS_TEST_TMPDIR/told"
	same cat "$BATS_TEST_TMPDIR/told" <<-'END'
		gcs: node n1: bundle 1 of group default/g stays: actor default/never in it may not be restarted
		gcs: node n1: bundle 2 of group default/g stays: actor default/never in it may not be restarted
	END
	fails 4 gcs drain n1 -m out --strict <<-'END'
		gcs: drain: bundle 1 of group default/g cannot move: actor default/never in it may not be restarted
	END
	same gcs pg list -c name,state,size --no-headers <<<'g  CREATED  2/2'
	gcs clock +1m
	gcs monitor --once
	same actors <<<'never  DEAD  -  0/0'
	same gcs lease list --no-headers -o tsv -c owner,node,resources --filter owner=P1 <<-'END'
		P1	N3	cpu=2
		P1	N3	cpu=2
	END
}

@test "groups leave before actors, and see what is left by the one before" {
	gcs resource hold n2 cpu=2 -m x
	on_n1 a1 -r cpu=2 --max-restarts 1
	gcs pg create g --strategy PACK --bundle cpu=2
	gcs resource release L1
	gcs drain n1 -m out 2>"$BATS_TEST_TMPDIR/told"
	same cat "$BATS_TEST_TMPDIR/told" <<<'gcs: node n1: actor default/a1 stays: it fits nowhere else'
	same gcs lease list --no-headers -o tsv -c owner,node <<-'END'
		A1	N1
		P1	N2
	END
}

@test "actors in a placement group stay with their bundle" {
	gcs pg create g --strategy PACK --bundle cpu=2
	node=$(gcs lease list -c node --no-headers)
	gcs actor create inside -r cpu=1 --pg g --max-restarts 5
	gcs actor ready inside
	gcs drain "$node" -m out --no-evict
	gcs undrain "$node"
	same gcs actor list -c name,state,restarts --no-headers <<<'inside  ALIVE  0/5'
	gcs node fail "$node" -m gone
	same gcs actor list -c name,state,restarts --no-headers <<<'inside  RESTARTING  1/5'
	same gcs pg list -c name,state --no-headers <<<'g  CREATED'
}
