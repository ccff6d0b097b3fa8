# The rules of gcs-model(7) as doctor checks them. First a state in which nothing is wrong, then one rule broken at a
# time, through record_put, so that rows, indexes and log agree and only the rule is broken: the whole answer is compared.
load lib

damage() {
	"$GCS_TOOLS/damage" "$@"
}

# Nodes a and b and a dead one; actors placed (A1, A2), waiting (A3), dead (A4), in a group (A5); groups P1 of two
# bundles and P2 that waits; a hold; keys with owners.
setup() {
	store
	gcs batch --each --check >"$BATS_TEST_TMPDIR/ids" <<-'END'
		node register a -r cpu=8,gpu=2
		node register b -r cpu=8
		node register c -r cpu=1
		node fail c -m broken
		actor create one -r cpu=1,gpu=1 --on a
		actor create two -r cpu=1 --on b --max-restarts 3
		actor create wait -r cpu=30
		actor create dead
		actor kill dead
		pg create pair --strategy STRICT_SPREAD --bundle 2:cpu=2
		actor create inner --pg pair --bundle 0 -r cpu=1
		pg create big --bundle cpu=30
		resource hold a cpu=1 -m mine
		kv put k v --owner one
	END
}

# broken REC FIELD VALUE <<LINES: doctor says these lines, and 7.
broken() {
	local code=0
	rm -rf "$BATS_TEST_TMPDIR/w"
	cp -a "$BATS_TEST_TMPDIR/c" "$BATS_TEST_TMPDIR/w"
	GCS_DIR=$BATS_TEST_TMPDIR/w damage set "$@"
	GCS_DIR=$BATS_TEST_TMPDIR/w gcs -q doctor >"$BATS_TEST_TMPDIR/said" 2>"$BATS_TEST_TMPDIR/err" </dev/null || code=$?
	diff -u --label "after damage $*" - --label "doctor" "$BATS_TEST_TMPDIR/said" >&2
	[ "$code" -eq 7 ]
}

@test "nothing is wrong to begin with" {
	same gcs -q doctor --deep </dev/null
	same gcs lease list -o tsv -c id,node,owner,parent,bundle --no-headers <<-'END'
		L1	N1	A1		
		L2	N2	A2		
		L4	N2	P1		1
		L5	N1	P1		2
		L6	N2	A5	L4	
		L7	N1			
	END
}

@test "leases: no more than there is, of a node and of a bundle, each with its owner" {
	broken L1 resources cpu=9,gpu=1 <<-'END'
		lease L1 is of what its node does not have
		leases have more of the cpu of N1 than it has
	END
	broken L1 resources cpu=7,gpu=1 <<-'END'
		leases have more of the cpu of N1 than it has
	END
	broken L1 resources cpu=1,gpu=2 <<-'END'
		lease L1 has instances that do not come to its amounts
	END
	broken L1 resources cpu=1,mem=1,gpu=1 <<-'END'
		lease L1 is of what its node does not have
	END
	broken L6 resources cpu=5 <<-'END'
		lease L4 has less than those inside it
	END
	broken L5 resources cpu=3 <<-'END'
		pg default/pair has a bundle of another size than asked for
	END
	broken L5 parent 6 <<-'END'
		lease L5 is on another node than what it is a part of
		lease L5 is a part of what is no bundle's
	END
	broken L5 node 2 <<-'END'
		pg default/pair is STRICT_SPREAD, but twice on one node
	END
	broken L1 node 2 <<-'END'
		lease L1 is of what its node does not have
		actor default/one has a lease on another node
		leases have more of the gpu of N2 than it has
	END
	broken L2 owner A1 <<-'END'
		lease L2 belongs to what knows nothing of it
		actor default/two has a lease that is another's
	END
	broken L2 owner A77 <<-'END'
		lease L2: owner A77 never was
		lease L2 belongs to what knows nothing of it
		actor default/two has a lease that is another's
	END
	broken L2 owner A4 <<-'END'
		lease L2: owner A4 has ended
		lease L2 belongs to what knows nothing of it
		actor default/two has a lease that is another's
	END
	broken L2 owner - <<-'END'
		actor default/two has a lease that is another's
	END
	broken L2 expires_ms 1767225600001 <<-'END'
		lease L2 is no hold, but ends by itself
	END
	broken L4 bundle 7 <<-'END'
		actor default/inner is in another bundle than asked for
		pg default/pair has leases that are none of its bundles'
		pg default/pair counts other bundles as missing than are
		pg default/pair is CREATED, but not placed
	END
	broken L4 node 1 <<-'END'
		lease L6 is on another node than what it is a part of
		pg default/pair is STRICT_SPREAD, but twice on one node
	END
	broken L4 resources cpu=1 <<-'END'
		pg default/pair has a bundle of another size than asked for
	END
}

@test "actors: what they have is theirs, and agrees with their state" {
	broken A4 lease 2 <<-'END'
		actor default/dead: lease L2 is held, though it has ended
		actor default/dead has ended, but is on a node
		actor default/dead has a lease or a node, but not both
		actor default/dead has a lease that is another's
		actor default/dead has a lease on another node
	END
	broken A4 node 1 <<-'END'
		actor default/dead has ended, but is on a node
		actor default/dead has a lease or a node, but not both
	END
	broken A1 lease - <<-'END'
		lease L1 belongs to what knows nothing of it
		actor default/one has a lease or a node, but not both
		actor A1 waits, though it would fit now
	END
	broken A1 node 3 <<-'END'
		actor default/one: node N3 has ended
		actor default/one has a lease on another node
	END
	broken A1 node 9 <<-'END'
		actor default/one: node N9 never was
		actor default/one has a lease on another node
	END
	broken A1 lease 9 <<-'END'
		lease L1 belongs to what knows nothing of it
		actor default/one: lease L9 never was
	END
	broken A2 num_preempted 1 <<-'END'
		actor default/two was preempted more often than restarted
	END
	broken A2 num_restarts 4 <<-'END'
		actor default/two was restarted more often than it may be
	END
	broken A2 not_before_ms 1767225700000 <<-'END'
		actor default/two has a backoff, but is not RESTARTING
		actor default/two has a backoff and a lease
	END
	broken A4 death - <<-'END'
		actor default/dead has ended without a reason, or not at all
	END
}

@test "names, references, nodes, groups, and what waits though it would fit" {
	broken two name one <<-'END'
		two living actors have the name one
	END
	broken a total cpu=40,gpu=2 <<-'END'
		actor A3 waits, though it would fit now
		pg P2 waits, though it would fit now
	END
	broken a total cpu=3,gpu=2 <<-'END'
		leases have more of the cpu of N1 than it has
	END
	broken a state 2 <<-'END'
		node a is DRAINING, but not said how
	END
	broken c death - <<-'END'
		node c is DEAD without a death
	END
	broken pair missing 1 <<-'END'
		pg default/pair counts other bundles as missing than are
	END
	broken pair strategy 4 <<-'END'
		pg default/pair is STRICT_PACK, but on two nodes
	END
	broken kv/default/k owner A4 <<-'END'
		kv default/k: owner A4 has ended
	END
	broken kv/default/k owner N9 <<-'END'
		kv default/k: owner N9 never was
	END
}

@test "a state that the kind does not have" {
	damage dump A >"$BATS_TEST_TMPDIR/rows"
	# The first actor's field 3, state 1, becomes 9.
	read -r table key value <"$BATS_TEST_TMPDIR/rows"
	[[ $value == *10011801* ]]
	damage put "$table" "$key" "${value/10011801/10011809}"
	code=0
	gcs -q doctor >"$BATS_TEST_TMPDIR/said" 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 7 ]
	grep -qxF 'actor default/one is in no state that there is' "$BATS_TEST_TMPDIR/said"
}

@test "batch --check takes a line back that would break a rule, and stops, whatever else was said" {
	# A store in which a rule is broken already refuses every change.
	damage set A2 num_preempted 1
	printf '%s\n' 'kv list -q --no-headers -c key' 'kv put a 1' 'kv put b 1' >"$BATS_TEST_TMPDIR/lines"
	code=0
	gcs batch --each --keep-going --check <"$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 7 ]
	same cat "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err" <<-'END'
		k
		gcs: batch: line 2: kv put: actor default/two was preempted more often than restarted
	END
	same gcs kv list -q --no-headers -o tsv -c key <<<k
	damage set A2 num_preempted 0
	gcs batch --each --keep-going --check <"$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/out"
	gcs kv exists b
}

# A job with a driver that runs (J1, T1, W1) and one that waits (J2, T2), one that comes after (J3), an array (J4).
working() {
	gcs batch --each --check >"$BATS_TEST_TMPDIR/ids" <<-'END'
		job submit runs -r cpu=1
		worker start T1
		job submit waits -r cpu=30
		job submit later --after runs
		job submit many --array 1-3%2 -r cpu=30
	END
}

@test "jobs, tasks and workers agree" {
	working
	broken runs state 1 <<-'END'
		job runs is not in the state of its driver
	END
	broken waits state 2 <<-'END'
		job waits is not in the state of its driver
	END
	broken later state 2 <<-'END'
		job later runs, though it was to come after another
	END
	broken J1 driver 2 <<-'END'
		job runs has a driver that is another's
		job runs is not in the state of its driver
	END
	broken J1 driver 77 <<-'END'
		job runs: driver T77 never was
	END
	broken T1 worker - <<-'END'
		task T1 is RUNNING without a process of its own
		task T1 runs on another node than it is placed on
		worker W1 is not to stop, but executes what knows nothing of it
	END
	broken T1 lease - <<-'END'
		lease L8 belongs to what knows nothing of it
		task T1 has a lease or a node, but not both
		task T1 is RUNNING, but on no node
	END
	broken T2 lease 7 <<-'END'
		task T2 has a lease or a node, but not both
		task T2 has a lease that is another's
		task T2 has a lease on another node
	END
	broken T4 job 2 <<-'END'
		job many counts other tasks as unfinished than there are
	END
	broken T1 lost 4 <<-'END'
		task T1 was lost more often than it was started
	END
	broken W1 record A1 <<-'END'
		task T1 is RUNNING without a process of its own
		worker W1 is not to stop, but executes what knows nothing of it
	END
	broken W1 lease 1 <<-'END'
		worker W1 has a lease, but is not to stop
		worker W1 has a lease that is another's
	END
}
