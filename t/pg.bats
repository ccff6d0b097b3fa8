# Placement groups: bundles that are had all at once or not at all, and what runs inside them.
load lib

# contract pg create: other --bundle cpu=1
# contract pg remove: grp
# contract pg list:
# contract pg show: grp

setup() { store; }
teardown() {
	end_jobs
	gcs -q doctor --deep
}

# nodes NAME:RESOURCES…: registers them.
nodes() {
	local node
	for node in "$@"; do
		gcs node register -q "${node%%:*}" -r "${node#*:}" >/dev/null
	done
}

# groups: what a list of them says in short.
groups() { gcs pg list --no-headers -o tsv -c name,state,size "$@"; }

# bundles: of each lease its node, owner and amounts, in the order of the bundles.
bundles() { gcs lease list --no-headers -o tsv -c owner,node,resources; }

actors() { gcs actor list --no-headers -o tsv -c name,state,node,reason "$@"; }

@test "inside a group, too, it is where it is to be, and nowhere else" {
	nodes a:cpu=4 b:cpu=4
	gcs label b zone=b
	gcs pg create g --strategy STRICT_SPREAD --bundle 2:cpu=3
	gcs actor create on --pg g -r cpu=1 --on b
	gcs actor create off --pg g -r cpu=1 --avoid a
	gcs actor create zone --pg g -r cpu=1 -l zone=b
	same actors -c name,state,node <<-'END'
		on	PENDING	N2
		off	PENDING	N2
		zone	PENDING	N2
	END
	gcs pg remove g
	gcs pg create h --strategy STRICT_PACK --bundle cpu=1 -l '!zone'
	gcs actor create lost --pg h -r cpu=1 --on b
	same actors -c name,node --filter name=lost <<<$'lost\t'
	run -0 gcs why lost
	[[ $output == *'bundle 1 of default/h: it is not the node asked for'* ]]
	[[ $output == *'no bundle of its group could ever take it'* ]]
}

@test "each strategy places its bundles by its rule" {
	nodes a:cpu=4 b:cpu=4 c:cpu=2
	same gcs pg create pack --strategy PACK --bundle 2:cpu=1 <<<P1
	same bundles <<-'END'
		P1	N3	cpu=1
		P1	N3	cpu=1
	END
	gcs pg remove pack
	gcs pg create spread --strategy SPREAD --bundle 4:cpu=1 >/dev/null
	same bundles <<-'END'
		P2	N1	cpu=1
		P2	N2	cpu=1
		P2	N3	cpu=1
		P2	N1	cpu=1
	END
	gcs pg remove spread
	gcs pg create strictpack --strategy STRICT_PACK --bundle 3:cpu=1 >/dev/null
	same bundles <<-'END'
		P3	N1	cpu=1
		P3	N1	cpu=1
		P3	N1	cpu=1
	END
	gcs pg remove strictpack
	gcs pg create strictspread --strategy STRICT_SPREAD --bundle 3:cpu=1 >/dev/null
	same bundles <<-'END'
		P4	N1	cpu=1
		P4	N2	cpu=1
		P4	N3	cpu=1
	END
	same groups -a <<-'END'
		pack	REMOVED	2/2
		spread	REMOVED	4/4
		strictpack	REMOVED	3/3
		strictspread	CREATED	3/3
	END
}

@test "all at once or nothing: a bundle short, and no bundle is had; when it comes, all are, in one transaction" {
	nodes a:cpu=2
	gcs pg create g --bundle cpu=1 --bundle cpu=2 >/dev/null
	same groups <<<$'g\tPENDING\t0/2'
	same bundles </dev/null
	# Nothing is kept for it meanwhile.
	gcs actor create x -r cpu=2 >/dev/null
	same actors <<<$'x\tPENDING\tN1\tplaced, not ready yet'
	nodes b:cpu=2
	same groups <<<$'g\tPENDING\t0/2'
	nodes c:cpu=1
	same groups <<<$'g\tCREATED\t2/2'
	same gcs log --reverse --since 6 --no-headers -o tsv -c txn,type,name,cause <<-'END'
		7	NODE_ALIVE	c	0
		7	PG_CREATED	default/g	7
		7	LEASE_GRANTED	L2	8
		7	LEASE_GRANTED	L3	8
	END
}

@test "STRICT_SPREAD with more bundles than nodes waits, and counts as demand" {
	nodes a:cpu=8 b:cpu=8
	gcs pg create g --strategy STRICT_SPREAD --bundle 3:cpu=1 >/dev/null
	same groups <<<$'g\tPENDING\t0/3'
	same bundles </dev/null
	same gcs resource demand <<-'END'
		KIND  COUNT  RESOURCES  BUNDLES  STRATEGY       SELECTOR  FIRST
		pg        1  cpu=3            3  STRICT_SPREAD  -         default/g
	END
	nodes c:cpu=1
	same groups <<<$'g\tCREATED\t3/3'
	same gcs resource demand <<-'END'
		KIND  COUNT  RESOURCES  BUNDLES  STRATEGY  SELECTOR  FIRST
	END
}

@test "a PACK that fits bundle by bundle, though on no node in sum, is placed; a STRICT_PACK waits" {
	nodes a:cpu=3 b:cpu=3
	gcs pg create strict --strategy STRICT_PACK --bundle 2:cpu=2 >/dev/null
	gcs pg create g --bundle 2:cpu=2 --bundle 2:cpu=1 >/dev/null
	same groups <<-'END'
		strict	PENDING	0/2
		g	CREATED	4/4
	END
	same bundles <<-'END'
		P2	N1	cpu=2
		P2	N2	cpu=2
		P2	N1	cpu=1
		P2	N2	cpu=1
	END
	gcs pg remove g
	same groups <<<$'strict\tPENDING\t0/2'
	nodes c:cpu=4
	same groups <<<$'strict\tCREATED\t2/2'
}

@test "a group that fits only in another order than greedy is placed all the same" {
	nodes a:cpu=6 b:cpu=4
	# The best fit of the first 3 is b, and then the last 2 has no room.
	gcs pg create g --bundle 2:cpu=3 --bundle 2:cpu=2 >/dev/null
	same bundles <<-'END'
		P1	N1	cpu=3
		P1	N1	cpu=3
		P1	N2	cpu=2
		P1	N2	cpu=2
	END
	gcs pg remove g
	gcs node fail a b -m 'another cluster'
	# One node can take either bundle, the other only the second: the harder one must not stand in its place.
	nodes c:cpu=4,gpu=1 d:cpu=3
	gcs pg create h --strategy STRICT_SPREAD --bundle cpu=3 --bundle cpu=2,gpu=1 >/dev/null
	same bundles <<-'END'
		P2	N4	cpu=3
		P2	N3	cpu=2,gpu=1
	END
}

@test "a node dies: only its bundles are lost, and the group goes before what is new" {
	nodes a:cpu=2 b:cpu=2
	gcs pg create g --strategy SPREAD --bundle 2:cpu=2 >/dev/null
	gcs pg create new --bundle cpu=1 --priority 9 >/dev/null
	gcs actor create x -r cpu=1 --priority 9 >/dev/null
	gcs actor create inside --pg g --bundle 0 -r cpu=1 --max-restarts 1 >/dev/null
	gcs actor create stays --pg g --bundle 1 -r cpu=1 >/dev/null
	gcs node fail a -m 'power lost'
	same groups <<-'END'
		g	RESCHEDULING	1/2
		new	PENDING	0/1
	END
	same bundles <<-'END'
		P1	N2	cpu=2
		A3	N2	cpu=1
	END
	nodes c:cpu=2
	same groups <<-'END'
		g	CREATED	2/2
		new	PENDING	0/1
	END
	# The actor that was lost with its bundle is in the new one.
	same gcs actor list --no-headers -o tsv -c name,state,node,restarts <<-'END'
		x	PENDING		0/0
		inside	RESTARTING	N3	1/1
		stays	PENDING	N2	0/0
	END
	gcs node register -q d -r cpu=2 >/dev/null
	same groups <<-'END'
		g	CREATED	2/2
		new	CREATED	1/1
	END
}

@test "actors inside a bundle get a part of it, its instances included, and never more" {
	nodes a:cpu=9,gpu=4
	gcs actor create before -r gpu=1 >/dev/null
	gcs pg create g --bundle cpu=1,gpu=1 --bundle cpu=1,gpu=0.5 >/dev/null
	for want in 'x 0 cpu=1,gpu=0.5' 'y 0 gpu=0.5' 'more 0 gpu=0.1' 'w 1 gpu=0.5' 'much 1 cpu=2'; do
		read -r name bundle resources <<<"$want"
		gcs actor create "$name" --pg g --bundle "$bundle" -r "$resources" >/dev/null
	done
	gcs actor create any --pg g -r gpu=0.5 >/dev/null
	same gcs lease list --no-headers -o jsonl -c id,owner,parent,instances <<-'END'
		{"id":"L1","owner":"A1","parent":null,"instances":[{"resource":"gpu","index":0,"amount":1}]}
		{"id":"L2","owner":"P1","parent":null,"instances":[{"resource":"gpu","index":1,"amount":1}]}
		{"id":"L3","owner":"P1","parent":null,"instances":[{"resource":"gpu","index":2,"amount":0.5}]}
		{"id":"L4","owner":"A2","parent":"L2","instances":[{"resource":"gpu","index":1,"amount":0.5}]}
		{"id":"L5","owner":"A3","parent":"L2","instances":[{"resource":"gpu","index":1,"amount":0.5}]}
		{"id":"L6","owner":"A5","parent":"L3","instances":[{"resource":"gpu","index":2,"amount":0.5}]}
	END
	# The node has plenty: it is the bundle that is full. What is inside counts once.
	same gcs resource summary <<-'END'
		RESOURCE  NODES  TOTAL  USED  FREE  LARGEST-FREE
		cpu           1      9     2     7             7
		gpu           1      4   2.5   1.5           1.5
	END
	same actors --filter node= <<-'END'
		more	PENDING		waits for resources
		much	PENDING		waits for resources
		any	PENDING		waits for resources
	END
	# Whoever leaves a bundle makes room in it, in the same transaction.
	gcs actor kill y
	same actors --filter node= <<-'END'
		much	PENDING		waits for resources
		any	PENDING		waits for resources
	END
	gcs actor kill w
	same actors --filter node= <<<$'much\tPENDING\t\twaits for resources'
	same gcs lease list --no-headers -o tsv --filter parent!= -c owner,parent,resources <<-'END'
		A2	L2	cpu=1,gpu=0.5
		A4	L2	gpu=0.1
		A7	L3	gpu=0.5
	END
}

@test "removing a group kills what is inside and what waits for it, and frees all; again: nothing" {
	nodes a:cpu=2
	gcs pg create g --bundle cpu=1 --bundle cpu=1 >/dev/null
	gcs actor create in --pg g -r cpu=1 --max-restarts -1 >/dev/null
	gcs actor ready in
	gcs actor create waits --pg g -r cpu=2 >/dev/null
	gcs actor create outside -r cpu=2 >/dev/null
	gcs pg remove g -m 'no longer needed'
	same actors -a <<-'END'
		in	DEAD		PG_REMOVED
		waits	DEAD		PG_REMOVED
		outside	PENDING	N1	placed, not ready yet
	END
	same bundles <<<$'A3\tN1\tcpu=2'
	same gcs pg list -a --no-headers -o tsv -c name,state,reason <<<$'g\tREMOVED\tno longer needed'
	last=$(gcs log --limit 1 -o id)
	same gcs pg remove g </dev/null
	same gcs log --limit 1 -o id <<<"$last"
	fails 3 gcs actor create q --pg g <<<'gcs: actor create: --pg: group g was removed'
}

@test "removing a group leaves a process that has yet to stop what it has, apart from its bundle" {
	nodes n1:cpu=3
	gcs pg create g --bundle cpu=2 >/dev/null
	mkfifo "$BATS_TEST_TMPDIR/up" "$BATS_TEST_TMPDIR/go"
	(
		cd "$BATS_TEST_TMPDIR"
		exec "$GCS_BIN" job run --on n1 --pg g -r cpu=1 --grace 1h -- \
			sh -c 'trap "" TERM; echo >up; read -r line <go; exit 0'
	) &
	read -r _ <"$BATS_TEST_TMPDIR/up"
	same bundles <<-'END'
		P1	N1	cpu=2
		T1	N1	cpu=1
	END
	gcs pg remove g
	same gcs lease list --no-headers -o tsv -c owner,parent,resources <<<$'W1\t\tcpu=1'
	# Who stops already keeps it, whatever else tells it to.
	gcs job cancel J1
	same bundles <<<$'W1\tN1\tcpu=1'
	gcs actor create wide -r cpu=3 >/dev/null
	same actors <<<$'wide\tPENDING\t\twaits for resources'
	echo >"$BATS_TEST_TMPDIR/go"
	wait $! || [ $? -ne 0 ]
	same actors <<<$'wide\tPENDING\tN1\tplaced, not ready yet'
	same bundles <<<$'A1\tN1\tcpu=3'
}

@test "names: one living holder in each namespace, free again when it is removed" {
	nodes a:cpu=1
	same gcs pg create g --bundle cpu=1 <<<P1
	fails 3 gcs pg create g --bundle cpu=1 <<<"gcs: pg create: placement group name 'default/g' is already used by P1"
	same gcs pg create g --namespace other --bundle cpu=1 <<<P2
	same gcs pg create --bundle cpu=1 <<<P3
	fails 2 gcs pg create P9 --bundle cpu=1 <<<"gcs: pg create: 'P9' is not a valid placement group name"
	gcs pg remove g
	same gcs pg create g --bundle cpu=1 <<<P4
	fails 1 gcs pg remove nobody <<<"gcs: pg remove: no pg matches 'nobody'"
	fails 1 gcs actor create --pg nobody <<<"gcs: actor create: --pg: no pg matches 'nobody'"
	fails 2 gcs actor create --pg P4 --bundle 1 <<<'gcs: actor create: --bundle: group P4 has 1 bundles'
	fails 2 gcs actor create --bundle 1 <<<'gcs: actor create: --bundle goes with --pg'
}

@test "N:R is N bundles; 1,000 are the most, and are placed at once" {
	nodes a:cpu=600 b:cpu=600
	gcs pg create g --bundle 999:cpu=1 --bundle cpu=0.5 >/dev/null
	same groups <<<$'g\tCREATED\t1000/1000'
	same gcs resource summary --no-headers -o tsv <<<$'cpu\t2\t1200\t999.5\t200.5\t200.5'
	fails 2 gcs pg create z <<<'gcs: pg create: a placement group has 1 to 1000 bundles'
	fails 2 gcs pg create z --bundle 1001:cpu=1 <<<"gcs: pg create: --bundle: 1 to 1000 of '1001:cpu=1'"
	fails 2 gcs pg create z --bundle 1000:cpu=1 --bundle cpu=1 <<<'gcs: pg create: a placement group has 1 to 1000 bundles'
	fails 2 gcs pg create z --bundle 0:cpu=1 <<<"gcs: pg create: --bundle: 1 to 1000 of '0:cpu=1'"
	fails 2 gcs pg create z --bundle 3: <<<"gcs: pg create: --bundle: '' is not a list of resources"
	fails 2 gcs pg create z --bundle gpu:0 <<<"gcs: pg create: --bundle: 'gpu:0' is not a list of resources"
	fails 2 gcs pg create z --bundle cpu=x <<<"gcs: pg create: --bundle: resource 'cpu': invalid amount 'x'"
	same groups <<<$'g\tCREATED\t1000/1000'
}

# hold NODE RESOURCES: keeps them from everybody.
hold() { gcs resource hold "$1" "$2" -m x; }

@test "a group that starves keeps the nodes that could serve it, and only those" {
	for node in a:cpu=4 b:cpu=4 c:cpu=1; do
		gcs node register "${node%%:*}" -r "${node#*:}" --heartbeat-timeout never
	done
	hold a cpu=3
	hold b cpu=3
	gcs pg create g --strategy STRICT_SPREAD --bundle 2:cpu=2
	gcs pg create late --bundle cpu=1
	gcs clock +11m
	gcs actor create s1 -r cpu=1
	gcs actor create s2 -r cpu=1
	gcs pg create later --bundle cpu=1
	gcs actor create vip -r cpu=1 --priority 1
	same actors <<-'END'
		s1	PENDING	N3	placed, not ready yet
		s2	PENDING		waits for resources
		vip	PENDING	N2	placed, not ready yet
	END
	# The first two of the queue had been placed before it starved.
	same groups <<-'END'
		g	PENDING	0/2
		late	CREATED	1/1
		later	PENDING	0/1
	END
	gcs actor kill vip
	gcs pg remove late
	gcs resource release L1
	same actors --filter node= <<<$'s2\tPENDING\t\twaits for resources'
	gcs resource release L2
	same groups <<-'END'
		g	CREATED	2/2
		later	CREATED	1/1
	END
	same actors --filter node= </dev/null
}

@test "a STRICT_PACK that starves keeps a node for the sum; what can never fit keeps none" {
	gcs node register a -r cpu=4 --heartbeat-timeout never
	gcs node register b -r cpu=3 --heartbeat-timeout never
	hold a cpu=1
	hold b cpu=1
	gcs pg create g --strategy STRICT_PACK --bundle 2:cpu=2
	gcs pg create much --strategy STRICT_PACK --bundle 2:cpu=3
	gcs pg create many --strategy STRICT_SPREAD --bundle 3:cpu=1
	gcs pg create elsewhere --bundle cpu=3 -l zone=z
	gcs clock +11m
	gcs actor create s1 -r cpu=1 --on a --soft
	gcs actor create s2 -r cpu=1
	gcs actor create s3 -r cpu=1
	same actors <<-'END'
		s1	PENDING	N2	placed, not ready yet
		s2	PENDING	N2	placed, not ready yet
		s3	PENDING		waits for resources
	END
	# It is removed, and its node is free for others.
	gcs pg remove g
	same actors --filter name=s3 <<<$'s3\tPENDING\tN1\tplaced, not ready yet'
}

@test "a group that lost bundles keeps nodes for what it lacks, before all others" {
	for node in a b c; do
		gcs node register $node -r cpu=2 --heartbeat-timeout never
	done
	gcs pg create g --strategy STRICT_SPREAD --bundle 2:cpu=2
	hold c cpu=1
	gcs node fail a -m gone
	gcs clock +11m
	gcs actor create vip -r cpu=1 --priority 9
	same actors <<<$'vip\tPENDING\t\twaits for resources'
	gcs resource release "$(gcs lease list --filter owner= -o id)"
	same groups <<<$'g\tCREATED\t2/2'
	same actors <<<$'vip\tPENDING\t\twaits for resources'
}

@test "a group that can never fit any more, because a node went, keeps nothing any more" {
	for node in a b c; do
		gcs node register $node -r cpu=2 --heartbeat-timeout never
		hold $node cpu=1
	done
	gcs pg create g --strategy STRICT_SPREAD --bundle 3:cpu=2
	gcs clock +11m
	gcs actor create x -r cpu=1 --on a
	same actors <<<$'x\tPENDING\t\twaits for resources'
	gcs cordon b -m noisy
	same actors <<<$'x\tPENDING\tN1\tplaced, not ready yet'
	gcs actor kill x
	gcs uncordon b
	gcs actor create y -r cpu=1 --on a
	same actors --filter name=y <<<$'y\tPENDING\t\twaits for resources'
	gcs node fail c -m gone
	same actors --filter name=y <<<$'y\tPENDING\tN1\tplaced, not ready yet'
}

# What is learned of the nodes while a search takes them for empty was once kept for the next search: it never ended.
@test "what starves is looked for on empty nodes, and what is placed then on the nodes as they are" {
	gcs config starvation_age 1m
	printf '%s\n' 'actor create a -r cpu=8' 'pg create p --strategy PACK --bundle cpu=8' \
		'pg create q --strategy STRICT_PACK --bundle licence=1 --bundle gpu=2 --bundle gpu=0.5' \
		'node register n1 -r cpu=16,gpu=4' 'job submit -r gpu=2' \
		'pg create r --strategy STRICT_PACK --bundle cpu=2 --bundle cpu=8 --bundle cpu=2 --bundle gpu=0.5' \
		'actor create b -r gpu=0.75,cpu=1' 'actor create c -r gpu:0 --strategy PACK' 'node register n2 -r cpu=16,gpu=4' \
		'pg remove r' 'resource set n2 licence=4' 'actor create d -r cpu=30' 'actor create e -r gpu:0' 'clock +5m' \
		'node register n3 -r gpu=8,cpu=32' >"$BATS_TEST_TMPDIR/lines"
	timeout -s KILL 30 "$GCS_BIN" batch --each --check <"$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/ids"
	same groups 2>"$BATS_TEST_TMPDIR/err" <<<$'p\tCREATED\t1/1\nq\tPENDING\t0/3'
	same gcs lease list --no-headers -o tsv -c owner,node <<<$'A1\tN1\nP1\tN1\nT1\tN1\nA2\tN2\nA3\tN2\nA4\tN3\nA5\tN3'
}

@test "what a group could have is looked at without a change of what is in use, also of instances that are none now" {
	nodes a:cpu=4,fpga=3
	gcs node register b -r fpga=2:indexed >/dev/null
	gcs actor create x -r fpga:1 --on a >/dev/null
	gcs node fail b -m broken # fpga has no instances any more, but x has one
	gcs pg create g --bundle cpu=8 >/dev/null
	gcs clock +2m
	gcs batch -q --check <<-'END'
		config starvation_age 1m
		node register c -r fpga=1:indexed
		actor create y -r fpga=1 --on a
		actor create z -r fpga=1 --on a
	END
	same gcs lease list --no-headers -o tsv -c owner,instances <<-'END'
		A1	{"resource":"fpga","index":1,"amount":1}
		A2	{"resource":"fpga","index":0,"amount":1}
		A3	{"resource":"fpga","index":2,"amount":1}
	END
}
