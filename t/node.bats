# Nodes: registering, beating, ending, and what people say about them.
load lib

# contract init:
# contract status:
# contract clock: +1s
# contract node register: n9
# contract node list:
# contract node show: n1
# contract node alive: n1
# contract node fail: n1 -m why
# contract node unregister: n1
# contract node cordon: n1 -m why
# contract node uncordon: n5
# contract cordon: n1 -m why
# contract uncordon: n5
# contract label: n1 a=b

setup() { store; }

# shown NODE…: the record in full, without what the machine under the test is.
shown() { gcs node show "$@" | sed 's/^boot_id .*/boot_id    BOOT/'; }

# states: what a list of all nodes says in short.
states() { gcs node list -a -c name,id,state,reason --no-headers "$@"; }

@test "register prints the id alone, and show has all that was said" {
	same gcs node register n1 --address 10.0.0.1:6379 -r cpu=8,gpu=4 --resources mem=64Gi,disk=1Ti,licence=3 \
		--label zone=a --label rack=r1 --heartbeat-timeout 1m <<<N1
	same gcs node register n2 <<<N2
	same shown n1 <<-'END'
		name               n1
		id                 N1
		state              ALIVE
		heartbeat          1ms
		labels
		  rack             r1
		  zone             a
		born               1
		rev                1
		created            2026-01-01T00:00:00.000Z
		updated            2026-01-01T00:00:00.000Z
		address            10.0.0.1:6379
		total
		  cpu              8
		  disk             1Ti
		  gpu              4
		  licence          3
		  mem              64Gi
		cordoned           false
		boot_id    BOOT
		heartbeat_timeout  1m
	END
	same shown N2 <<-'END'
		name       n2
		id         N2
		state      ALIVE
		heartbeat  1ms
		born       2
		rev        2
		created    2026-01-01T00:00:00.000Z
		updated    2026-01-01T00:00:00.000Z
		cordoned   false
		boot_id    BOOT
	END
	same gcs node list <<-'END'
		NAME  ID  STATE  AGE  HEARTBEAT  CPU  GPU  MEM   ACTORS  JOBS  REASON
		n1    N1  ALIVE  0s   1ms        8    4    64Gi       -     -  -
		n2    N2  ALIVE  0s   1ms        -    -    -          -     -  -
	END
}

@test "list counts the actors, and the jobs that have tasks there" {
	local i
	gcs node register n1 -r cpu=8 >/dev/null
	gcs node register n2 -r cpu=8 >/dev/null
	{
		for i in 1 2 3; do echo 'actor create -r cpu=1 --on n1'; done
		echo 'actor create -r cpu=1 --on n2'
		echo 'job submit arr --array 1-3 -r cpu=1 --on n1 -- true'
		echo 'job submit one -r cpu=1 --on n1 -- true'
		echo 'job add driver'
		for i in 1 2; do echo 'task submit --job driver -r cpu=1 --on n2'; done
		echo 'task submit --job driver -r cpu=0.5 --on n1'
	} | gcs batch -q --each >/dev/null
	counts() { gcs node list -a -q --no-headers -c name,actors,jobs "$@"; }
	same counts <<-'END'
		n1  3  3
		n2  1  1
	END
	gcs job cancel arr
	gcs actor kill A1
	same counts <<-'END'
		n1  2  2
		n2  1  1
	END
	gcs node fail n1 -m x
	same counts <<-'END'
		n1  -  -
		n2  1  1
	END
	same counts --at "$(($(gcs log --limit 1 --type NODE_DEAD -o id) - 1))" <<-'END'
		n1  2  2
		n2  1  1
	END
}

@test "a node without a name is called as its machine" {
	same gcs node register <<<N1
	same gcs node list -o name <<<"$(uname -n)"
}

@test "what has instances is had as a whole number of them" {
	fails 2 gcs node register n1 -r gpu=1.5 <<<'gcs: node register: gpu has instances: a node has a whole number of them'
	fails 2 gcs node register n1 -r lic=0.5:indexed \
		<<<'gcs: node register: lic has instances: a node has a whole number of them'
	gcs node register n1 -r gpu=1,cpu=0.5 >/dev/null
	fails 2 gcs resource set n1 gpu=2.5 <<<'gcs: resource set: gpu has instances: a node has a whole number of them'
}

@test "registering a living name again updates that node: what is given replaces, labels are added" {
	gcs node register n1 -r cpu=8,gpu=2 --label zone=a --label old=yes --address here
	gcs clock +10s
	same gcs node register n1 -r cpu=16 --label zone=b --heartbeat-timeout never <<<N1
	same shown n1 <<-'END'
		name               n1
		id                 N1
		state              ALIVE
		heartbeat          1ms
		labels
		  old              yes
		  zone             b
		born               1
		rev                3
		created            2026-01-01T00:00:00.000Z
		updated            2026-01-01T00:00:10.000Z
		address            here
		total
		  cpu              16
		cordoned           false
		boot_id    BOOT
		heartbeat_timeout  never
	END
	# Nothing new: nothing happens, but the node beats.
	gcs clock +10s
	same gcs node register n1 -o json <<<'{"v":1,"seq":4,"changed":false,"ids":["N1"]}'
	same gcs node list -c name,heartbeat --no-headers <<<'n1  1ms'
}

@test "names that are none, and amounts that are none, are refused" {
	fails 2 gcs node register 'a b' \
		<<<"gcs: node register: 'a b' is not a valid node name (letters, digits, . _ -; not like an id)"
	fails 2 gcs node register N7 \
		<<<"gcs: node register: 'N7' is not a valid node name (letters, digits, . _ -; not like an id)"
	fails 2 gcs node register ''
	fails 2 gcs node register "$(printf 'x%.0s' {1..129})"
	same gcs node register "$(printf 'x%.0s' {1..128})" <<<N1
	for amount in cpu cpu= cpu=-1 cpu=x cpu=1.23456 =3 mem=1Xi 'a b=1' cpu=1e3 cpu=99999999999999999; do
		fails 2 gcs node register n1 -r "$amount"
	done
	fails 2 gcs node register n1 --label =v
	fails 2 gcs node register n1 --heartbeat-timeout soon \
		<<<"gcs: node register: --heartbeat-timeout: invalid duration 'soon'"
	same gcs node list -o id <<<N1
}

@test "heartbeats: ages, overdue is marked, what was measured is shown" {
	gcs node register n1
	gcs node register n2
	gcs clock +4s
	same gcs node heartbeat n2 --load 1.5 --free-mem 3Gi </dev/null
	same gcs node list -o wide <<-'END'
		NAME  ID  STATE  AGE  HEARTBEAT  CPU  GPU  MEM  ACTORS  JOBS  LOAD  FREE-MEM  REASON  LABELS  ADDRESS
		n1    N1  ALIVE  4s   4s         -    -    -         -     -     -         -  -       -       -
		n2    N2  ALIVE  4s   1ms        -    -    -         -     -   1.5       3Gi  -       -       -
	END
	gcs clock +8s
	same gcs node list -c name,state,heartbeat --no-headers <<-'END'
		n1  ALIVE!  12s
		n2  ALIVE   8s
	END
	same gcs node list -o json -c name,state,stale <<-'END'
		{"v":1,"seq":4,"items":[{"name":"n1","state":"ALIVE","stale":true},{"name":"n2","state":"ALIVE","stale":false}]}
	END
	# A beat is no event, and names several nodes at once.
	same gcs node heartbeat n1 N2 </dev/null
	same gcs log -o id --limit 1 -q <<<4
	same gcs node list -c state,heartbeat --no-headers <<-'END'
		ALIVE  1ms
		ALIVE  1ms
	END
	gcs node fail n1 -m gone
	fails 3 gcs node heartbeat n1 <<<'gcs: node heartbeat: node n1 (N1) is DEAD: register again'
	fails 1 gcs node heartbeat n9 <<<"gcs: node heartbeat: no node matches 'n9'"
}

@test "heartbeat --every goes on beating until it is told to stop" {
	gcs node register n1
	"$GCS_BIN" node heartbeat n1 --every 20ms &
	beating=$!
	beaten() { [ "$(gcs node list -c heartbeat --no-headers)" = 1ms ]; }
	for ((i = 0; i < 3; i++)); do
		gcs clock +5s
		wait_for beaten
	done
	kill "$beating"
	ends 143 "$beating"
	fails 2 gcs node heartbeat n1 --every 1ms <<<'gcs: node heartbeat: --every: at least 10ms'
}

@test "alive answers with its exit code" {
	gcs node register n1
	gcs node register n2
	same gcs node alive n1 n2 </dev/null
	gcs cordon n1 -m noise
	gcs drain n1 --keep -m repair
	same gcs node alive n1 n2 </dev/null
	gcs node fail n2 -m gone
	fails 1 gcs node alive n1 n2 <<<'gcs: node n2 (N2) is DEAD'
	fails 1 gcs node alive n3 <<<"gcs: node alive: no node matches 'n3'"
}

@test "a node ends once, for a reason; its name is free then, its id is not" {
	gcs node register n1
	gcs node register n2
	gcs clock +1m
	same gcs node fail n1 -m 'smoke came out' </dev/null
	same gcs node unregister n2 -o json <<<'{"v":1,"seq":5,"changed":true,"ids":["N2"]}'
	same states <<-'END'
		n1  N1  DEAD  MARKED: smoke came out
		n2  N2  DEAD  EXPECTED_TERMINATION
	END
	same gcs node list -q --no-headers </dev/null
	same gcs node show n1 -o json -q < <(
		gcs node show n1 -o json |
			sed 's/"death":{[^}]*}/"death":{"reason":"MARKED","message":"smoke came out","end_ms":1767225660000}/'
	)
	# To end what has ended succeeds, and changes nothing.
	same gcs node fail n1 -m again -o json <<<'{"v":1,"seq":5,"changed":false,"ids":["N1"]}'
	same gcs node unregister n1 n2 -o json <<<'{"v":1,"seq":5,"changed":false,"ids":["N1","N2"]}'
	same gcs node register n1 <<<N3
	# A name means its living holder, else the one that ended last.
	same gcs node show n1 -o id <<<N3
	gcs node unregister n1
	same gcs node show n1 -o id <<<N3
	same gcs node show N1 -o 'fmt=%{id} %{death.reason}\n' <<<'N1 MARKED'
}

@test "cordon and uncordon; what is so already is no change" {
	gcs node register n1
	gcs node register n2
	same gcs cordon n1 n2 -m noisy </dev/null
	same gcs node cordon n1 -m again -o json <<<'{"v":1,"seq":4,"changed":false,"ids":["N1"]}'
	same states <<-'END'
		n1  N1  ALIVE  cordoned
		n2  N2  ALIVE  cordoned
	END
	same gcs node uncordon n1 </dev/null
	same gcs uncordon n2 -o json <<<'{"v":1,"seq":6,"changed":true,"ids":["N2"]}'
	same gcs uncordon n2 -o json <<<'{"v":1,"seq":6,"changed":false,"ids":["N2"]}'
	same states <<-'END'
		n1  N1  ALIVE  -
		n2  N2  ALIVE  -
	END
	same gcs log -c seq,type,name,message --no-headers <<-'END'
		6  NODE_UPDATED  n2  -
		5  NODE_UPDATED  n1  -
		4  NODE_UPDATED  n2  noisy
		3  NODE_UPDATED  n1  noisy
		2  NODE_ALIVE    n2  -
		1  NODE_ALIVE    n1  -
	END
}

@test "an empty node that is drained is DEAD in the same transaction" {
	gcs node register n1
	gcs node register n2
	gcs node register n3
	same gcs drain n1 -m 'too old' </dev/null
	same gcs node drain n2 --for preemption -m 'spot' </dev/null
	same gcs drain n3 --for idle -m 'not needed' </dev/null
	same states <<-'END'
		n1  N1  DEAD  DRAINED: too old
		n2  N2  DEAD  PREEMPTED: spot
		n3  N3  DEAD  DRAINED: not needed
	END
	same gcs log n2 -c seq,type,cause,command,message --no-headers <<-'END'
		7  NODE_DEAD      6  node drain     spot
		6  NODE_DRAINING  0  node drain     spot
		2  NODE_ALIVE     0  node register  -
	END
	same gcs node show n2 -o 'fmt=%{drain.purpose} %{drain.message} %{death.reason} %{death.end_ms}\n' \
		<<<'preemption spot PREEMPTED 2026-01-01T00:00:00.000Z'
	fails 3 gcs drain n1 -m again <<<'gcs: drain: node n1 (N1) is DEAD: cannot drain it'
	fails 2 gcs drain n1 -m x --for fun \
		<<<"gcs: drain: --for: invalid value 'fun' (one of removal, preemption, idle)"
}

@test "drain --keep stays DRAINING until undrain" {
	gcs node register n1 --label a=b
	gcs cordon n1 -m first
	same gcs drain n1 --keep -m repair --deadline 1h </dev/null
	same states <<<'n1  N1  DRAINING  drained: repair'
	same gcs node show n1 -o 'fmt=%{drain.keep} %{drain.deadline_ms} %{cordoned} %{labels}\n' \
		<<<'true 2026-01-01T01:00:00.000Z true a=b'
	same gcs undrain n1 </dev/null
	same states <<<'n1  N1  ALIVE  cordoned'
	same gcs node show n1 -o 'fmt=%{drain}|\n' <<<'|'
	same gcs node undrain n1 -o json <<<'{"v":1,"seq":4,"changed":false,"ids":["N1"]}'
	# A drain that is kept may be made final.
	gcs drain n1 --keep -m repair
	gcs drain n1 -m 'not worth it'
	same states <<<'n1  N1  DEAD  DRAINED: not worth it'
	fails 3 gcs undrain n1 <<<'gcs: undrain: node n1 (N1) is DEAD: cannot undrain it'
}

@test "label sets and removes, all or nothing" {
	gcs node register n1 --label zone=a
	same gcs label n1 rack=r1 zone=b empty= </dev/null
	same gcs node show n1 -o 'fmt=%{labels}\n' <<<'empty=,rack=r1,zone=b'
	same gcs label node/n1 rack- zone- gone- -o json <<<'{"v":1,"seq":3,"changed":true,"ids":["N1"]}'
	same gcs node show N1 -o 'fmt=%{labels}\n' <<<'empty='
	same gcs label n1 empty= -o json <<<'{"v":1,"seq":3,"changed":false,"ids":["N1"]}'
	fails 2 gcs label n1 a=1 nonsense
	fails 2 gcs label n1 a=1 'b c=2'
	fails 1 gcs label n2 a=1 <<<"gcs: label: no record matches 'n2'"
	same gcs node show N1 -o 'fmt=%{labels}\n' <<<'empty='
	gcs node fail n1 -m x
	fails 3 gcs label n1 a=1 <<<'gcs: label: node n1 (N1) is DEAD: cannot label it'
	gcs kv put n3 v
	fails 2 gcs label kv/default/n3 a=1 <<<'gcs: label: a kv has no labels'
}

@test "actors, groups and jobs have labels, too" {
	gcs actor create a -r cpu=1 --label old=1
	gcs pg create g --bundle cpu=1
	gcs job add j
	same gcs label a k=v old- -o json <<<'{"v":1,"seq":4,"changed":true,"ids":["A1"]}'
	gcs label g k=v
	gcs label j k=v
	same gcs actor list -l k=v -o id <<<A1
	same gcs actor list -l old -o id </dev/null
	same gcs pg list -l k -o id <<<P1
	same gcs job list -l k -o id <<<J1
	same gcs log --limit 3 -q --no-headers -c type <<<$'JOB_UPDATED\nPG_UPDATED\nACTOR_UPDATED'
	gcs actor kill a
	fails 3 gcs label A1 k=w <<<'gcs: label: actor default/a has ended: cannot label it'
}

@test "a command that fails for one of several nodes changes none" {
	gcs node register n1
	gcs node register n2
	gcs node fail n2 -m gone
	for words in 'node fail n1 n9 -m x' 'node unregister n1 n9' 'drain n1 n9 -m x' 'cordon n1 n9 -m x' 'uncordon n1 n9'; do
		# shellcheck disable=SC2086
		fails 1 gcs $words
	done
	fails 3 gcs drain n1 n2 -m x
	fails 3 gcs cordon n1 n2 -m x
	same states <<-'END'
		n1  N1  ALIVE  -
		n2  N2  DEAD   MARKED: gone
	END
	same gcs log -o id --limit 1 -q <<<3
}

@test "a record is an id, a name, KIND/NAME or @self" {
	gcs node register n1
	gcs node register n2
	for record in N2 n2 node/n2 node/N2; do
		same gcs node show "$record" -o id <<<N2
	done
	GCS_NODE_ID=N1 same gcs node show @self -o id <<<N1
	fails 1 gcs node show @self <<<"gcs: node show: @self is unset: this process was not started by gcs"
	fails 1 gcs node show N9 <<<"gcs: node show: no node matches 'N9'"
	fails 1 gcs node show n <<<"gcs: node show: no node matches 'n'"
	fails 1 gcs node show node/n <<<"gcs: node show: no node matches 'n'"
	gcs kv put n1 v
	fails 1 gcs node show kv/default/n1
}

@test "--from CSV registers many, all or none, and names the line that is wrong" {
	cat >"$BATS_TEST_TMPDIR/nodes.csv" <<-'END'
		name,address,cpu,mem,labels,gpu
		a1,10.0.0.1,8,16Gi,zone=a;rack=1,2
		a2,,4,8Gi,,

		"a3","10.0.0.3, port 1",2.5,512Mi,"note=say ""hi""",
	END
	same gcs node register --from "$BATS_TEST_TMPDIR/nodes.csv" <<-'END'
		N1
		N2
		N3
	END
	same gcs node list -c name,address,total,labels --no-headers <<-'END'
		a1  10.0.0.1          cpu=8,gpu=2,mem=16Gi  rack=1,zone=a
		a2  -                 cpu=4,mem=8Gi         -
		a3  10.0.0.3, port 1  cpu=2.5,mem=512Mi     note=say "hi"
	END
	same gcs log -c seq,txn --no-headers <<-'END'
		3  1
		2  1
		1  1
	END
	printf 'name,cpu\nb1,1\nb2\n' >"$BATS_TEST_TMPDIR/nodes.csv"
	fails 2 gcs node register --from "$BATS_TEST_TMPDIR/nodes.csv" \
		<<<"gcs: node register: $BATS_TEST_TMPDIR/nodes.csv: line 3: fewer fields than the header has"
	fails 2 gcs node register --from "$BATS_TEST_TMPDIR/nodes.csv" n1 \
		<<<'gcs: node register: --from stands alone: the file says the rest'
	fails 2 gcs node register --from "$BATS_TEST_TMPDIR/none" <<-END
		gcs: node register: cannot read '$BATS_TEST_TMPDIR/none': No such file or directory
	END
	same gcs node list -o name <<-'END'
		a1
		a2
		a3
	END
}

@test "--from JSON lines takes what show writes as input" {
	printf '%s\n' '{"name":"j1","address":"a","total":{"cpu":2.5,"mem":1073741824},"labels":{"k":"v"}}' \
		'{"name":"j2","heartbeat_timeout":60000}' | gcs node register --from - >"$BATS_TEST_TMPDIR/ids"
	same cat "$BATS_TEST_TMPDIR/ids" <<-'END'
		N1
		N2
	END
	same gcs node list -c name,address,total,labels,heartbeat_timeout --no-headers <<-'END'
		j1  a  cpu=2.5,mem=1Gi  k=v  -
		j2  -  -                -    1m
	END
}

@test "--detect asks the machine, and what is given goes first" {
	gcs node register n1 --detect -r cpu=3
	same gcs node list --filter 'total.mem>0' -c name,cpu --no-headers <<<'n1  3'
	gcs node register n2 --detect
	same gcs node list --filter 'total.cpu>0' --filter name=n2 -o name <<<n2
}
