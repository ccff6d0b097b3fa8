# What is in use: leases as its one source, held by hand here; and what lists and resource fit make of them.
# shellcheck disable=SC2154 # stderr is what run --separate-stderr sets
load lib
load placement

# contract resource list:
# contract resource summary:
# contract resource fit: -r cpu=1
# contract resource demand:
# contract resource set: n1 cpu=9
# contract resource hold: n1 gpu=1 -m why
# contract resource release: L1
# contract lease list:
# contract lease show: L1

setup() { store; }
teardown() { at_rest; }

# left NODE: what is free of its instances.
left() { gcs resource list --filter "name=$1" -c instances --no-headers; }

@test "hold and release, whole and by number; the lists agree" {
	gcs node register n1 -r cpu=4,gpu=2,mem=8Gi --label zone=a
	gcs node register n2 -r cpu=8,licence=3
	same gcs resource hold n1 gpu:1 cpu=1.5 mem=1Gi -m 'for ada' <<<L1
	same gcs resource hold n2 licence=2 -m build -o json <<<'{"v":1,"seq":4,"changed":true,"ids":["L2"]}'
	same gcs lease list <<-'END'
		ID  NODE  OWNER  RESOURCES              EXPIRES  AGE  MESSAGE
		L1  N1    -      cpu=1.5,gpu=1,mem=1Gi  -        0s   for ada
		L2  N2    -      licence=2              -        0s   build
	END
	same gcs resource list <<-'END'
		NAME  ID  STATE  TOTAL                USED                   FREE
		n1    N1  ALIVE  cpu=4,gpu=2,mem=8Gi  cpu=1.5,gpu=1,mem=1Gi  cpu=2.5,gpu=1,mem=7Gi
		n2    N2  ALIVE  cpu=8,licence=3      licence=2              cpu=8,licence=1
	END
	same gcs resource list -o json -c name,used,free,instances <<-'END'
		{"v":1,"seq":4,"items":[{"name":"n1","used":{"cpu":1.5,"gpu":1,"mem":1073741824},"free":{"cpu":2.5,"gpu":1,"mem":7516192768},"instances":"gpu:0=1,gpu:1=0"},{"name":"n2","used":{"licence":2},"free":{"cpu":8,"licence":1},"instances":""}]}
	END
	same gcs resource summary <<-'END'
		RESOURCE  NODES  TOTAL  USED  FREE  LARGEST-FREE
		cpu           2     12   1.5  10.5             8
		gpu           1      2     1     1             1
		mem           1    8Gi   1Gi   7Gi           7Gi
		licence       1      3     2     1             1
	END
	same gcs resource summary -o json --filter resource=gpu <<-'END'
		{"v":1,"seq":4,"items":[{"resource":"gpu","nodes":1,"total":2,"used":1,"free":1,"largest_free":1}]}
	END
	same gcs resource release L1 -o json <<<'{"v":1,"seq":5,"changed":true,"ids":["L1"]}'
	fails 1 gcs resource release L1 <<<"gcs: resource release: no lease matches 'L1'"
	same gcs resource list -c name,used --no-headers <<-'END'
		n1  -
		n2  licence=2
	END
	same gcs log --filter kind=lease -c seq,type,id,message --no-headers <<-'END'
		5  LEASE_RELEASED  L1  -
		4  LEASE_GRANTED   L2  build
		3  LEASE_GRANTED   L1  for ada
	END
}

@test "a hold says why, for what, and for how much; what is not there is not held" {
	gcs node register n1 -r cpu=4,gpu=2
	fails 2 gcs resource hold n1 cpu=1
	fails 2 gcs resource hold n1 cpu -m x <<<"gcs: resource hold: invalid demand 'cpu' (as cpu=2 or gpu:3)"
	fails 2 gcs resource hold n1 gpu:x -m x
	fails 2 gcs resource hold n1 gpu=1.5 -m x \
		<<<'gcs: resource hold: gpu comes in whole instances, or a part of one'
	fails 1 gcs resource hold n9 cpu=1 -m x <<<"gcs: resource hold: no node matches 'n9'"
	fails 4 gcs resource hold n1 cpu=5 -m x \
		<<<'gcs: resource hold: node n1: infeasible: cpu: 5 wanted, 4 in all'
	fails 4 gcs resource hold n1 gpu:2 -m x \
		<<<'gcs: resource hold: node n1: infeasible: gpu:2: no such instance'
	fails 4 gcs resource hold n1 cpu:0 -m x \
		<<<'gcs: resource hold: node n1: infeasible: cpu:0: no such instance'
	gcs resource hold n1 cpu=3 gpu:1 -m x
	fails 4 gcs resource hold n1 cpu=2 -m x <<<'gcs: resource hold: node n1: cpu: 2 wanted, 1 free'
	fails 4 gcs resource hold n1 gpu:1 -m x <<<'gcs: resource hold: node n1: gpu:1: in use'
	gcs drain n1 --keep -m repair
	fails 3 gcs resource hold n1 cpu=1 -m x \
		<<<'gcs: resource hold: node n1: node N1 is DRAINING: it takes nothing new'
	gcs node fail n1 -m gone
	fails 3 gcs resource hold n1 cpu=1 -m x <<<'gcs: resource hold: node n1: node N1 is DEAD'
	same gcs lease list --no-headers </dev/null
}

@test "--until: the hold ends by itself, and what waits is placed in the same transaction" {
	gcs node register n1 -r cpu=4
	same gcs resource hold n1 cpu=3 -m lunch --until 30s <<<L1
	same gcs resource hold n1 cpu=1 -m night --until 2026-01-01T08:00:00Z <<<L2
	fails 2 gcs resource hold n1 cpu=1 -m x --until 2025-12-31T00:00:00Z \
		<<<"gcs: resource hold: --until: '2025-12-31T00:00:00Z' is over"
	gcs actor create a1 -r cpu=2
	gcs clock +29s
	gcs monitor --once
	same gcs actor list -c name,node --no-headers <<<'a1  -'
	gcs clock +1s
	gcs monitor --once
	same gcs lease list -c id,owner,resources,expires_ms --no-headers <<-'END'
		L2  -   cpu=1  2026-01-01T08:00:00.000Z
		L3  A1  cpu=2  -
	END
	same gcs log --since 6 --reverse -c seq,txn,type,id,cause --no-headers <<-'END'
		7  7  LEASE_RELEASED  L1  0
		8  7  LEASE_GRANTED   L3  7
		9  7  ACTOR_UPDATED   A1  8
	END
	fails 3 gcs resource release L3 <<<'gcs: resource release: lease L3 is not a hold: it belongs to A1'
}

@test "a part goes to the instance that it leaves the fullest, a whole one to a free instance" {
	gcs node register n1 -r gpu=4
	gcs resource hold n1 gpu=0.5 -m x
	same left n1 <<<'gpu:0=0.5,gpu:1=1,gpu:2=1,gpu:3=1'
	gcs resource hold n1 gpu:1 -m x
	gcs resource hold n1 gpu=0.7 -m x
	same left n1 <<<'gpu:0=0.5,gpu:1=0,gpu:2=0.3,gpu:3=1'
	# 0.25 fits on 0, 2 and 3, and leaves least on 2; then 0.25 fits on 0 and 3.
	gcs resource hold n1 gpu=0.25 -m x
	same left n1 <<<'gpu:0=0.5,gpu:1=0,gpu:2=0.05,gpu:3=1'
	gcs resource hold n1 gpu=0.25 -m x
	same left n1 <<<'gpu:0=0.25,gpu:1=0,gpu:2=0.05,gpu:3=1'
	gcs resource hold n1 gpu=1 -m x
	same left n1 <<<'gpu:0=0.25,gpu:1=0,gpu:2=0.05,gpu:3=0'
	fails 4 gcs resource hold n1 gpu=0.3 -m x \
		<<<'gcs: resource hold: node n1: gpu: 0.3 wanted, 0.3 free, but fragmented'
	gcs resource hold n1 gpu=0.0001 -m x
	same left n1 <<<'gpu:0=0.25,gpu:1=0,gpu:2=0.0499,gpu:3=0'
	gcs resource release L3
	same left n1 <<<'gpu:0=0.25,gpu:1=0,gpu:2=0.7499,gpu:3=0'
}

@test "an instance is asked for once, and not beside an amount of the same resource" {
	gcs node register n1 -r gpu=3
	fails 2 gcs resource hold n1 gpu:0 gpu:0 -m x <<<'gcs: resource hold: gpu:0 is asked for twice'
	fails 2 gcs resource hold n1 gpu:0,gpu=1 -m x \
		<<<'gcs: resource hold: gpu is asked for by number and by amount'
	fails 2 gcs actor create -r gpu:0 -r gpu=1 \
		<<<'gcs: actor create: -r: gpu is asked for by number and by amount'
	gcs resource hold n1 gpu:0 gpu:2 -m x
	same left n1 <<<'gpu:0=0,gpu:1=1,gpu:2=0'
	gcs actor create -r gpu:1,gpu:0
	gcs resource release L1
	same left n1 <<<'gpu:0=0,gpu:1=0,gpu:2=1'
}

@test "fragmented: enough is free, but not on one instance, and not on one node" {
	gcs node register n1 -r gpu=2
	gcs resource hold n1 gpu=0.5 -m x
	gcs resource hold n1 gpu=0.6 -m x
	same left n1 <<<'gpu:0=0.5,gpu:1=0.4'
	gcs resource release L2
	gcs resource hold n1 gpu:1 -m x
	gcs resource release L3
	gcs resource hold n1 gpu=0.75 -m x
	# 0.75 of a whole is free in 0.5 and 0.25.
	same gcs resource fit -r gpu=0.5 <<-'END'
		NAME  ID  FITS  REASON
		n1    N1     1  -
	END
	gcs resource summary >"$BATS_TEST_TMPDIR/summary"
	same cat "$BATS_TEST_TMPDIR/summary" <<-'END'
		RESOURCE  NODES  TOTAL  USED  FREE  LARGEST-FREE
		gpu           1      2  1.25  0.75          0.75
	END
	run -4 gcs resource fit -r gpu=0.6
	[ "$output" = 'NAME  ID  FITS  REASON
n1    N1     0  gpu: 0.6 wanted, 0.75 free, but fragmented
gcs: resource fit: does not fit now' ]
	# Two nodes with one GPU each have two, and never two for one.
	gcs node unregister n1
	gcs node register n2 -r gpu=1
	gcs node register n3 -r gpu=1
	run -4 gcs resource fit -r gpu=2
	[ "$output" = 'NAME  ID  FITS  REASON
n2    N2     0  gpu: 2 wanted, 1 in all
n3    N3     0  gpu: 2 wanted, 1 in all
gcs: resource fit: infeasible: no existing node could ever run it' ]
}

@test "fit: 0 now, 4 not now, 4 and infeasible never; how many, and why not more" {
	gcs node register n1 -r cpu=4,gpu=2 --label zone=a
	gcs node register n2 -r cpu=8 --label zone=b
	gcs node register n3 -r cpu=8
	gcs cordon n3 -m noisy
	same gcs resource fit -r cpu=2 <<-'END'
		NAME  ID  FITS  REASON
		n1    N1     1  -
		n2    N2     1  -
		n3    N3     0  it is cordoned
	END
	same gcs resource fit -r cpu=3 --count 3 -o json <<-'END'
		{"v":1,"seq":4,"items":[{"name":"n1","id":"N1","fits":1,"reason":"cpu: 3 wanted, 1 free"},{"name":"n2","id":"N2","fits":2,"reason":"cpu: 3 wanted, 2 free"},{"name":"n3","id":"N3","fits":0,"reason":"it is cordoned"}]}
	END
	run -4 --separate-stderr gcs resource fit -r cpu=3 --count 4
	[ "$stderr" = 'gcs: resource fit: does not fit now' ]
	run -0 gcs resource fit -r cpu=3 -l 'zone in (b, c)' --count 2 --no-headers
	[ "$output" = 'n1  N1  0  its labels do not match
n2  N2  2  -
n3  N3  0  it is cordoned' ]
	run -0 gcs resource fit -r cpu=3 --avoid n1 --no-headers
	[ "$output" = 'n1  N1  0  it is to be avoided
n2  N2  1  -
n3  N3  0  it is cordoned' ]
	run -4 --separate-stderr gcs resource fit -r cpu=8 --on n1 --no-headers
	[ "$output" = 'n1  N1  0  cpu: 8 wanted, 4 in all
n2  N2  0  it is not the node asked for
n3  N3  0  it is cordoned' ]
	run -4 --separate-stderr gcs resource fit -r cpu=5 --on n3 -q
	[ "$stderr" = 'gcs: resource fit: does not fit now' ]
	# What is busy hides nothing that is missing for ever.
	gcs resource hold n2 cpu=8 -m x
	run -4 --separate-stderr gcs resource fit -r cpu=2,gpu=1 --on n2 --no-headers
	[ "${lines[1]}" = 'n2  N2  0  gpu: 1 wanted, 0 in all' ]
	[ "$stderr" = 'gcs: resource fit: infeasible: no existing node could ever run it' ]
	gcs uncordon n3
	run -4 --separate-stderr gcs resource fit -r cpu=9 -q
	[ "$stderr" = 'gcs: resource fit: infeasible: no existing node could ever run it' ]
	run -4 --separate-stderr gcs resource fit -r unheard=1 -q
	[ "$stderr" = 'gcs: resource fit: infeasible: no existing node could ever run it' ]
	fails 2 gcs resource fit -r cpu=x
}

@test "totals cannot go below what is used, in sum or by instance" {
	gcs node register n1 -r cpu=4,gpu=4
	gcs resource hold n1 cpu=3 gpu:2 -m x
	fails 3 gcs resource set n1 cpu=2 <<<'gcs: resource set: cpu of node n1 are in use: 3'
	fails 3 gcs resource set n1 gpu=2 <<<'gcs: resource set: gpu:2 of node n1 is in use'
	fails 3 gcs node register n1 -r gpu=2
	fails 2 gcs resource set n1 cpu
	same gcs resource set n1 cpu=3 gpu=3 licence=2 </dev/null
	same gcs resource list -c total,free --no-headers <<<'cpu=3,gpu=3,licence=2  gpu=2,licence=2'
	same gcs resource set n1 cpu=3 -o json <<<'{"v":1,"seq":3,"changed":false,"ids":["N1"]}'
	gcs node fail n1 -m gone
	fails 3 gcs resource set n1 cpu=9 <<<'gcs: resource set: node n1 (N1) is DEAD: cannot change it'
}

@test "a demand that no instances can ever make up waits, and stops nothing" {
	fails 2 gcs actor create a1 -r gpu=1.5 \
		<<<'gcs: actor create: -r: gpu comes in whole instances, or a part of one'
	gcs actor create a1 -r tpu=1.5
	same gcs node register n1 -r tpu=4:indexed <<<N1
	gcs actor create a2 -r tpu=2
	same gcs actor list -c name,node --no-headers <<-'END'
		a1  -
		a2  N1
	END
	run -4 --separate-stderr gcs resource fit -r tpu=1.5 --no-headers
	[ "$output" = 'n1  N1  0  tpu comes in whole instances, or a part of one' ]
	[ "$stderr" = 'gcs: resource fit: infeasible: no existing node could ever run it' ]
}

@test "what a node comes to have is given to what waits, in the same transaction" {
	gcs node register n1 -r cpu=1
	gcs actor create a1 -r cpu=4
	gcs resource set n1 cpu=4
	same gcs log --since 2 --reverse -c seq,txn,type,id,cause --no-headers <<-'END'
		3  3  NODE_UPDATED   N1  0
		4  3  LEASE_GRANTED  L1  3
		5  3  ACTOR_UPDATED  A1  4
	END
	gcs actor create a2 -r licence=1
	gcs node register n2 -r licence=1
	same gcs actor list -c name,node --no-headers <<-'END'
		a1  N1
		a2  N2
	END
	same gcs log --since 6 --reverse -c seq,txn,type,id,cause --no-headers <<-'END'
		7  7  NODE_ALIVE     N2  0
		8  7  LEASE_GRANTED  L2  7
		9  7  ACTOR_UPDATED  A2  8
	END
}

@test "demand: what waits, alike together, first in line first" {
	gcs node register n1 -r cpu=1
	same gcs resource demand <<<'KIND  COUNT  RESOURCES  BUNDLES  STRATEGY  SELECTOR  FIRST'
	gcs actor create a1 -r gpu=1
	gcs actor create a2 -r cpu=4 -l zone=a
	gcs actor create a3 -r gpu=1
	gcs actor create a4 -r gpu=1 --priority 5
	gcs actor create a5 -r cpu=1
	same gcs resource demand --sort count <<-'END'
		KIND   COUNT  RESOURCES  BUNDLES  STRATEGY  SELECTOR  FIRST
		actor      1  cpu=4            -  -         zone=a    default/a2
		actor      3  gpu=1            -  -         -         default/a4
	END
	same gcs resource demand -o json --filter 'count=3' <<-'END'
		{"v":1,"seq":8,"items":[{"kind":"actor","count":3,"resources":{"gpu":1},"first":"default/a4"}]}
	END
}

@test "holds end with their node" {
	gcs node register n1 -r cpu=4
	gcs resource hold n1 cpu=1 -m x
	gcs resource hold n1 cpu=2 -m y --until 1h
	gcs node fail n1 -m gone
	same gcs lease list --no-headers </dev/null
	same gcs log --since 3 --reverse -c seq,txn,type,id,cause --no-headers <<-'END'
		4  4  NODE_DEAD       N1  0
		5  4  LEASE_RELEASED  L1  4
		6  4  LEASE_RELEASED  L2  4
	END
	gcs clock +2h
	same gcs monitor --once </dev/null
}

@test "instances that a node comes to have are free, also for what is placed in the same transaction" {
	gcs node register n1 -r gpu=2,cpu=1
	gcs batch -q <<-'END'
		actor create a -r gpu=0.5
		resource set n1 gpu=64
		actor create b -r gpu=63
	END
	same gcs actor list --no-headers -c name,node <<<$'a  N1\nb  N1'
	same gcs resource list --no-headers -c used,free <<<'gpu=63.5  cpu=1,gpu=0.5'
}
