# doctor says when something is wrong: every row of a store that has all kinds of rows is taken away or bent, one at
# a time, and none of that goes unnoticed.
load lib

# contract doctor:

damage() {
	"$GCS_TOOLS/damage" "$@"
}

# A row of every table: records of each kind, alive and ended, indexed by name, owner, time and end; old values; a
# request; and the whole log.
whole() {
	store
	gcs node register a -r cpu=2,gpu=1 --label zone=1 >"$BATS_TEST_TMPDIR/id"
	gcs node register b >"$BATS_TEST_TMPDIR/id"
	gcs kv put k one
	gcs kv put k two --ttl 1h --request-id again
	gcs kv put own x --owner a
	gcs node fail b -m broke
	gcs config heartbeat_timeout 1m
	gcs kv put gone 1
	gcs kv delete gone
}

# found DAMAGE…: after it doctor exits with 7.
found() {
	local code=0
	rm -rf "$BATS_TEST_TMPDIR/w"
	cp -a "$BATS_TEST_TMPDIR/c" "$BATS_TEST_TMPDIR/w"
	GCS_DIR=$BATS_TEST_TMPDIR/w damage "$@"
	GCS_DIR=$BATS_TEST_TMPDIR/w gcs -q doctor ${deep:+--deep} >"$BATS_TEST_TMPDIR/said" 2>&1 || code=$?
	if [ "$code" -ne 7 ]; then
		echo "doctor exits with $code after: damage $*" >&2
		cat "$BATS_TEST_TMPDIR/said" >&2
		return 1
	fi
}

setup() {
	deep=
	whole
}

@test "a sound store is sound, and this one has rows in every table" {
	same gcs -q doctor </dev/null
	same gcs -q doctor --deep </dev/null
	damage dump | cut -c1 | sort | uniq -c | awk '{ printf "%s%s%s", (NR > 1 ? " " : ""), $2, $1 } END { print "" }' >"$BATS_TEST_TMPDIR/tables"
	same cat "$BATS_TEST_TMPDIR/tables" <<<"N2 Q1 d1 e9 g1 h9 k2 n2 o1 q1 s4 t9 u1 v4 x1"
}

@test "a row that is taken away is missed, whichever it is" {
	for table in N Q d e g h k n o q s t u v x; do
		rows=$(damage dump $table | wc -l)
		for n in $(seq "$rows"); do
			found drop $table "$n"
		done
	done
}

@test "a bit that turned is noticed, in whichever row" {
	for table in N Q d e g h k n o q s t u v x; do
		rows=$(damage dump $table | wc -l)
		for n in $(seq "$rows"); do
			found flip $table "$n"
		done
	done
}

@test "so of what is placed, waits, runs, and ends with a process" {
	gcs batch -q <<-'END'
		actor create runs -r cpu=1
		actor create waits -r cpu=30
		pg create g --bundle gpu=1
		job submit j --pg g -r gpu=1 --queue-timeout 1h -- true
		worker start T1 --pid 1
		actor kill runs
	END
	damage set W1 supervised 1
	same gcs -q doctor --deep </dev/null
	damage dump | cut -c1 | sort | uniq -c | awk '{ printf "%s%s%s", (NR > 1 ? " " : ""), $2, $1 } END { print "" }' >"$BATS_TEST_TMPDIR/tables"
	same cat "$BATS_TEST_TMPDIR/tables" <<<"A2 J1 L2 N2 P1 Q1 T1 W1 b3 d1 e26 g1 h26 k2 l1 n6 o7 q1 s11 t11 u2 v4 w1 x2"
	for table in A J L P T W b l o w x; do
		rows=$(damage dump $table | wc -l)
		for n in $(seq "$rows"); do
			found drop $table "$n"
			found flip $table "$n"
		done
	done
	found put b 00000000000000010500000000000000ff ''
	found put l 0900000000000000ff ''
	found put w 61 ''
}

@test "a sum that is wrong is noticed, whichever it is" {
	for n in 1 2 3 4; do
		found more "$n"
	done
}

@test "a row too many is noticed" {
	ns=64656661756c7400 # "default" and a NUL
	found put n 01616200000000000000000009 '' # a name
	found put o 4e00000000000000010261 ''     # an owned key
	found put d 000000000000000001${ns}61 ''  # a due time
	found put x 0100000000000000010000000000000001 ''
	found put s 0109 0000000000000001 # a count of a state that nobody is in
	found put v ${ns}6b0000000000000002 31    # a version that was never put
	found put v ${ns}7a7a0000000000000003 31  # a value of a key that never was
	found put v ${ns}6b0000000000000003 31    # an old value with other bytes than it had
	found put h 01000000000000000a0000000000000001 ''
	found put e 000000000000000a 080a         # an event after the last
	found put t 000000000000000a 080a10013801 # a transaction after the last
	found put q 61 0801                       # a request that no index knows
	found put Q 000000000000000161 ''         # and the other way round
	found put N 0000000000000009 0a017a10091801 # a node beyond the counter, without an event
}

@test "a record changed behind the log's back is found by --deep" {
	deep=yes
	found add N 1 a00607
	found add k 1 a00607
	found add g 1 a00607
}

@test "each problem is told in a line, the sum on stderr; under json all in one object" {
	damage drop n 1
	gcs doctor >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 7 ]
	same cat "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err" <<-'END'
		node a: a row of index 'n' is missing
		the indexes have 4 rows, the records call for 5
		gcs: doctor: 2 problems found
	END
	gcs doctor -o json >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 7 ]
	same cat "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err" <<-'END'
		{"v":1,"seq":9,"problems":2,"rows":49,"events":9,"found":["node a: a row of index 'n' is missing","the indexes have 4 rows, the records call for 5"]}
		{"code":7,"error":"store","command":"doctor","message":"2 problems found","value":null}
	END
}
