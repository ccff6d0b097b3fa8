# wait: until something holds, now or right after any later event; and what commands wait for after their commit.
# shellcheck disable=SC2030,SC2031,SC2317 # tests are subshells, and wait_for calls what it is given
load lib
load placement

# contract wait: n2 --for exists --timeout 20s
# contract is: n1 exists

setup() {
	store
	work=$BATS_TEST_TMPDIR
}

teardown() {
	end_jobs
	at_rest
}

# waiting NAME COMMAND…: in the background, until it sleeps; its output is in NAME.out, what it says in NAME.err. In the
# background stands the program itself: $waiter must be its process.
waiting() {
	local name=$1
	shift
	rm -f "$work/$name.err" # of the one before
	"$GCS_BIN" "$@" -v >"$work/$name.out" 2>"$work/$name.err" &
	waiter=$!
	wait_for grep -qs 'waiting for' "$work/$name.err"
}

# said NAME: what it said besides what it waits for.
said() { sed '/waiting for/d; /committed events/d' "$work/$1.err"; }

@test "what holds is not waited for, and nothing is printed" {
	gcs node register n1 -r cpu=4,gpu=1 --label zone=a >"$work/ids"
	gcs kv put k v
	for words in 'n1 --for ALIVE' 'n1 --for alive' 'N1 --for exists' 'node/n1 --for total.cpu>=2' 'n1 --for labels.zone=a' \
		'n1 --for used=' 'n1 --for empty' 'nobody --for gone' 'N7 --for gone' 'kv/default/k --for size=1' 'kv/default/x --for gone' \
		'--for fits:cpu=4,gpu=0.5' 'n1 --for ALIVE --for cordoned=false' 'n1 nobody --for ALIVE --any'; do
		# shellcheck disable=SC2086 # several words
		same gcs wait $words --timeout 0 -v </dev/null
	done
}

@test "what does not hold in time is 124, and names the first that did not come" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	fails 124 gcs wait n1 --for DEAD --timeout 0 <<<"gcs: wait: n1: 'DEAD' did not come in time"
	fails 124 gcs wait n1 --for DEAD --timeout 20ms <<<"gcs: wait: n1: 'DEAD' did not come in time"
	fails 124 gcs wait n1 n2 --for ALIVE --for DEAD --timeout 0 \
		<<<"gcs: wait: n2: 'ALIVE' did not come in time, nor did 2 more"
	fails 124 gcs wait n2 n3 --for ALIVE --any --timeout 0 <<<"gcs: wait: n2: 'ALIVE' did not come in time, nor did 1 more"
	fails 124 gcs wait --for fits:cpu=5 --timeout 0 <<<"gcs: wait: 'fits:cpu=5' did not come in time"
	fails 124 gcs wait N7 --for exists --timeout 0 <<<"gcs: wait: N7: 'exists' did not come in time"
	fails 124 gcs wait n1 --for DEAD --timeout 0 -o json <<-'END'
		{"code":124,"error":"timeout","command":"wait","message":"n1: 'DEAD' did not come in time","value":"DEAD"}
	END
}

@test "a timeout is real time, to the millisecond, also where the clock is given" {
	local before after
	gcs node register n1 >"$work/ids"
	before=$(date +%s%3N)
	fails 124 gcs wait n1 --for DEAD --timeout 1200ms
	after=$(date +%s%3N)
	[ $((after - before)) -ge 1200 ]
	waiting w wait n1 --for DEAD --timeout 1h
	gcs clock +2h
	gcs node fail n1 -m gone
	ends 0 "$waiter"
}

@test "what makes no sense is refused at once" {
	gcs node register n1 >"$work/ids"
	fails 2 gcs wait n1 <<<'gcs: wait: --for is required: what is waited for?'
	fails 2 gcs wait --for ALIVE <<<"gcs: wait: 'ALIVE' of which record?"
	fails 2 gcs wait n1 --for CREATED <<<"gcs: wait: 'CREATED' is not a node state (ALIVE, DRAINING, DEAD)"
	fails 2 gcs wait nobody --for BORED <<<"gcs: wait: 'BORED' can be asked of no record"
	fails 2 gcs wait nobody --for colour=red <<<"gcs: wait: 'colour=red' can be asked of no record"
	fails 2 gcs wait pg/later --for DRAINING <<<"gcs: wait: 'DRAINING' is not a pg state (PENDING, CREATED, RESCHEDULING, REMOVED)"
	fails 2 gcs wait n1 --for ok <<<"gcs: wait: 'ok' cannot be asked of a node"
	fails 2 gcs wait pg/later --for empty <<<"gcs: wait: 'empty' cannot be asked of a pg"
	fails 2 gcs wait kv/default/k --for ended <<<"gcs: wait: 'ended' cannot be asked of a kv"
	fails 2 gcs wait n1 --for fits:cpu=x <<<"gcs: wait: fits: resource 'cpu': invalid amount 'x'"
	fails 2 gcs wait n1 --for quiet:soon <<<"gcs: wait: quiet: invalid duration 'soon'"
	fails 2 gcs wait planet/x --for exists <<<"gcs: wait: no record can ever be called 'planet/x'"
	fails 1 gcs wait @self --for exists <<<"gcs: wait: @self is unset: this process was not started by gcs"
	fails 1 gcs wait n1 --for exists --since 9 <<<'gcs: wait: event 9 does not exist yet: the last one is 1'
	GCS_NODE_ID=N1 gcs wait @self --for ALIVE
}

@test "what comes later ends the wait; -v says what it waits for, -o json what came, as it comes" {
	gcs node register n1 >"$work/ids"
	waiting w wait n1 kv/default/k --for exists -o json
	gcs kv put k v
	ends 0 "$waiter"
	same cat "$work/w.out" "$work/w.err" <<-'END'
		{"v":1,"record":"n1","id":"N1","for":"exists","seq":1}
		{"v":1,"record":"kv/default/k","id":null,"for":"exists","seq":2}
		gcs: waiting for kv/default/k: exists
	END
	waiting w wait n1 --for DEAD --for 'labels.rack=7' -o json
	gcs label n1 rack=7
	wait_for grep -q rack "$work/w.out"
	gcs node fail n1 -m gone
	ends 0 "$waiter"
	same cat "$work/w.out" "$work/w.err" <<-'END'
		{"v":1,"record":"n1","id":"N1","for":"labels.rack=7","seq":3}
		{"v":1,"record":"n1","id":"N1","for":"DEAD","seq":4}
		gcs: waiting for n1: DEAD
		gcs: waiting for n1: labels.rack=7
	END
}

@test "an absent record is waited for by its future name, id or key; a kind that cannot be asked so is not meant" {
	local pids=()
	for rec in web actor/web actor/default/web A1; do
		waiting "${rec////.}" wait $rec --for ALIVE
		pids+=("$waiter")
	done
	waiting kv wait kv/other/k --for exists
	pids+=("$waiter")
	gcs pg create web --bundle cpu=1 >"$work/ids"
	gcs node register n1 -r cpu=4 >"$work/ids"
	gcs actor create web -r cpu=1 >"$work/ids"
	gcs actor create -r cpu=1 --namespace other web >"$work/ids"
	gcs actor ready A1
	gcs kv put -N other k v
	for pid in "${pids[@]}"; do ends 0 "$pid"; done
}

@test "a state that lasted one transaction only is seen" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	waiting w wait web --for ALIVE -o json
	waiting l wait L1 --for exists
	lease=$waiter
	waiting l2 wait L1 --for resources~cpu=1
	stops "$waiter" # both read the log only when all is over
	stops "$lease"
	printf '%s\n' 'actor create web -r cpu=1' 'actor ready web' 'actor kill web' >"$work/lines"
	gcs batch --each <"$work/lines" >"$work/ids"
	kill -CONT "$waiter" "$lease"
	ends 0 "$waiter"
	ends 0 "$lease"
	wait_for test -s "$work/w.out"
	same cat "$work/w.out" <<<'{"v":1,"record":"web","id":"A1","for":"ALIVE","seq":5}'
}

@test "--since is as if it had begun right after that event" {
	gcs node register n1 -r cpu=4 >"$work/ids" # 1
	printf '%s\n' 'actor create web -r cpu=1' 'actor ready web' 'actor ready web --address a' 'actor ready web --address b' 'actor kill web' \
		'actor create web -r cpu=2' >"$work/lines"
	gcs batch --each <"$work/lines" >"$work/ids"
	same gcs log --reverse -o fmt='%{seq} %{type} %{id}\n' <<-'END'
		1 NODE_ALIVE N1
		2 ACTOR_PENDING A1
		3 LEASE_GRANTED L1
		4 ACTOR_UPDATED A1
		5 ACTOR_ALIVE A1
		6 ACTOR_UPDATED A1
		7 ACTOR_UPDATED A1
		8 ACTOR_DEAD A1
		9 LEASE_RELEASED L1
		10 ACTOR_PENDING A2
		11 LEASE_GRANTED L2
		12 ACTOR_UPDATED A2
	END
	came() { gcs wait "$@" -o json --timeout 0 | sed 's/.*"id":"\([A-Z0-9]*\)".*"seq":\([0-9]*\).*/\1 \2/'; }
	same came web --for ALIVE --since 0 <<<'A1 5'
	same came web --for ALIVE --since 5 <<<'A1 5'
	same came web --for address=a --since 6 <<<'A1 6'
	same came web --for DEAD --since 6 <<<'A1 8'
	same came A1 --for address=a --since 1 <<<'A1 6'
	same came web --for exists --since 8 <<<'A2 10'
	same came L1 --for exists --since 1 <<<'L1 3'
	same came L1 --for exists --since 8 <<<'L1 8'
	same came web --for gone --since 8 <<<'A2 9'
	fails 5 gcs wait web --for address=a --since 7 --timeout 0 \
		<<<"gcs: wait: actor default/web is DEAD: 'address=a' can no longer come"
	fails 124 gcs wait web --for ALIVE --since 8 --timeout 0
	fails 124 gcs wait web --for ALIVE --timeout 0
}

@test "what can no longer come is 5: an end in another state, a state that is past, an id that is gone" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	gcs resource hold n1 cpu=1 -m mine >"$work/ids"
	gcs actor create web -r cpu=1 >"$work/ids"
	waiting state wait web --for ALIVE
	state=$waiter
	waiting field wait A1 --for num_restarts=3 --for exists
	field=$waiter
	waiting ok wait web --for ok
	ok=$waiter
	gcs actor kill web
	ends 5 "$state"
	ends 5 "$field"
	ends 5 "$ok"
	same said state <<<'gcs: wait: actor default/web is DEAD: cannot become ALIVE'
	same said field <<<"gcs: wait: actor default/web is DEAD: 'num_restarts=3' can no longer come"
	same said ok <<<"gcs: wait: actor default/web is DEAD: 'ok' can no longer come"
	# Its latest holder is what a name means: it has ended.
	fails 5 gcs wait web --for ALIVE <<<'gcs: wait: actor default/web is DEAD: cannot become ALIVE'
	fails 5 gcs wait A1 --for exists <<<"gcs: wait: actor default/web is DEAD: 'exists' can no longer come"
	gcs wait web --for ended
	# A name can be taken again, and then means the new one; so can a key.
	waiting again wait web --for exists -o json
	gcs actor create web -r cpu=1 >"$work/ids"
	ends 0 "$waiter"
	same cat "$work/again.out" <<<'{"v":1,"record":"web","id":"A2","for":"exists","seq":8}'
	gcs actor ready web
	fails 5 gcs wait web --for PENDING <<<"gcs: wait: actor default/web is ALIVE: 'PENDING' can no longer come"
	gcs resource release L1
	fails 5 gcs wait L1 --for exists <<<"gcs: wait: L1 is gone: 'exists' can no longer come"
	gcs wait L1 --for ended --for gone
	gcs kv put k v
	gcs kv delete k
	fails 124 gcs wait kv/default/k --for exists --timeout 0
}

@test "--any: one is enough, and 5 only when none can come" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	gcs node register n2 -r cpu=4 >"$work/ids"
	waiting one wait n1 n2 --for DRAINING --any
	one=$waiter
	waiting none wait n1 n2 --for DRAINING --any
	gcs node fail n1 -m gone
	gcs drain n2 --keep -m disk
	ends 0 "$one"
	ends 0 "$waiter"
	gcs undrain n2
	waiting none wait n1 n2 --for DRAINING --any
	gcs node fail n2 -m gone
	ends 5 "$waiter"
	same said none <<<'gcs: wait: node n1 is DEAD: cannot become DRAINING'
}

@test "fits: is woken by room, quiet: by nothing" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	gcs actor create web -r cpu=3 >"$work/ids"
	waiting fits wait --for fits:cpu=2
	gcs actor kill web
	ends 0 "$waiter"
	gcs kv put k 1
	fails 124 gcs wait kv/default/k --for quiet:10s --timeout 0
	waiting quiet wait kv/default/k --for quiet:10s
	gcs clock +8s
	gcs kv put k 2
	gcs clock +8s
	run ! no_process "$waiter"
	fails 124 gcs wait kv/default/k --for quiet:10s --timeout 0
	gcs clock +2s
	ends 0 "$waiter"
	# A pause between two events counts as well.
	gcs kv put k 3
	fails 124 gcs wait kv/default/k --for quiet:10s --timeout 0
	gcs wait kv/default/k --for quiet:10s --since 7 --timeout 0
}

@test "on a clock that runs, quiet: ends by itself" {
	rm -rf "$GCS_DIR"
	gcs init -q
	gcs kv put k 1
	gcs wait kv/default/k --for quiet:300ms --timeout 10s
	gcs is kv/default/k quiet:300ms
}

@test "is and require take the same expressions" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	gcs actor create web -r cpu=1 >"$work/ids"
	gcs is n1 exists
	gcs is fits:cpu=3
	run -1 gcs is fits:cpu=4
	run -1 gcs is n1 empty
	run -1 gcs is web ok
	run -1 gcs is web quiet:1s
	gcs clock +1s
	gcs is web quiet:1s
	gcs actor kill web
	run -1 gcs is web ok
	gcs is n1 empty
	gcs is L1 ended
	run -1 gcs is L2 ended
	fails 2 gcs is n1 <<<'gcs: is: missing operand EXPR'
	fails 2 gcs is n1 ok <<<"gcs: is: 'ok' cannot be asked of a node"
	fails 1 gcs is nobody quiet:1s <<<"gcs: is: no record matches 'nobody'"
	gcs batch <<<$'require fits:cpu=4\nkv put k v'
	fails 3 bash -c 'gcs batch <<<"require fits:cpu=5"' <<<"gcs: batch: line 1: require: 'fits:cpu=5' does not hold"
	fails 2 bash -c 'gcs batch <<<"require n1"' <<<"gcs: batch: line 1: require: needs REC and EXPR"
}

@test "ok: each kind says what its success is" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	gcs job add good >"$work/ids"
	gcs job add bad >"$work/ids"
	gcs job submit gone -r cpu=9 -- true >"$work/ids"
	waiting good wait good --for ok
	good=$waiter
	waiting bad wait bad --for ok
	bad=$waiter
	waiting task wait T1 --for ok
	gcs job finish good
	gcs job finish bad --failed -m 'no such file'
	gcs job cancel gone
	ends 0 "$good"
	ends 5 "$bad"
	ends 5 "$waiter"
	same said bad <<<"gcs: wait: job bad is FAILED: 'ok' can no longer come"
	same said task <<<"gcs: wait: task T1 is CANCELLED: 'ok' can no longer come"
	gcs is good ok
	run -1 gcs is gone ok
}

@test "a hundred waiters on one event" {
	local pids=() i
	gcs node register n1 >"$work/ids"
	for i in {1..100}; do
		"$GCS_BIN" wait n1 --for DEAD -v -o json >"$work/out.$i" 2>"$work/err.$i" &
		pids+=($!)
	done
	all_wait() { [ "$(cat "$work"/err.* | grep -c 'waiting for n1: DEAD')" -eq 100 ]; }
	wait_for all_wait
	gcs node fail n1 -m gone
	for i in "${pids[@]}"; do ends 0 "$i"; done
	same sort -u "$work"/out.* <<<'{"v":1,"record":"n1","id":"N1","for":"DEAD","seq":2}'
}

@test "more events than one turn takes" {
	gcs node register n1 >"$work/ids"
	seq 2500 | sed 's/.*/kv put k &/' >"$work/lines"
	printf '%s\n' 'cordon n1 -m x' 'uncordon n1' >>"$work/lines"
	seq 2500 | sed 's/.*/kv put j &/' >>"$work/lines"
	gcs batch <"$work/lines"
	same gcs wait n1 --for cordoned=true --since 1 -o json <<<'{"v":1,"record":"n1","id":"N1","for":"cordoned=true","seq":2502}'
	same gcs wait kv/default/k --for rev=1800 --since 1 -o json \
		<<<'{"v":1,"record":"kv/default/k","id":null,"for":"rev=1800","seq":1800}'
}

@test "SIGINT is 130, and kill -9 leaves nothing" {
	gcs node register n1 >"$work/ids"
	ls -A "$GCS_DIR" >"$work/before"
	env --default-signal=INT "$GCS_BIN" wait n1 --for DEAD -v 2>"$work/int.err" &
	waiter=$!
	wait_for grep -q 'waiting for' "$work/int.err"
	kill -INT $waiter
	ends 130 $waiter
	waiting w wait n1 --for DEAD
	kill -9 "$waiter"
	ends 137 "$waiter"
	same ls -A "$GCS_DIR" <"$work/before"
}

@test "what it has to read is forgotten: 6" {
	gcs node register n1 --heartbeat-timeout never >"$work/ids"
	waiting w wait n1 --for DEAD
	stops "$waiter"
	gcs config history_events 10
	seq 30 | sed 's/.*/kv put k &/' >"$work/lines"
	gcs batch --each <"$work/lines"
	gcs -q monitor --once
	kill -CONT "$waiter"
	ends 6 "$waiter"
	same said w <<<'gcs: wait: events 2 to 22 are forgotten: horizon 23'
	fails 6 gcs wait n1 --for DEAD --since 5 <<<'gcs: wait: events 6 to 22 are forgotten: horizon 23'
}

@test "with the bell and without a poll it wakes; without inotify it polls" {
	for seam in no-poll no-inotify; do
		GCS_BIN=$GCS_SEAMS_BIN GCS_SEAM=$seam waiting $seam wait kv/default/$seam --for exists
		gcs kv put $seam v
		ends 0 "$waiter"
	done
}

@test "actor create --wait: prints the id, then waits until it is ALIVE; 5 if it ends" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	waiting good actor create web -r cpu=1 --wait
	good=$waiter
	same cat "$work/good.out" <<<A1
	gcs actor ready web
	ends 0 "$good"
	waiting bad actor create other -r cpu=1 --wait -o json
	same cat "$work/bad.out" <<<'{"v":1,"seq":8,"changed":true,"ids":["A2"]}'
	gcs actor fail other -m 'no such module' --no-restart
	ends 5 "$waiter"
	same said bad <<<'{"code":5,"error":"impossible","command":"actor create","message":"actor default/other is FAILED: cannot become ALIVE","value":null}'
	code=0
	gcs actor create late -r cpu=9 --wait --timeout 10ms >"$work/out" 2>"$work/err" || code=$?
	[ $code -eq 124 ]
	same cat "$work/out" "$work/err" <<-'END'
		A3
		gcs: actor create: A3: 'ALIVE' did not come in time
	END
	same gcs actor create web --get-or-create --wait <<<A1
	fails 2 gcs actor create x --timeout 1s <<<'gcs: actor create: --timeout goes with --wait'
	fails 2 bash -c 'gcs batch <<<"actor create x --wait"' <<<'gcs: batch: line 1: --wait is not for a line of a batch'
	# A dry run has nothing to wait for.
	gcs actor create y -r cpu=9 --wait -n >"$work/out"
}

@test "a repeated request waits for what the first one made" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	for options in '' '-o json'; do
		# shellcheck disable=SC2086 # one option or none
		create() { gcs actor create -r cpu=1 --wait --timeout 10ms --request-id "r$options" $options; }
		run -124 create
		gcs actor ready "$(gcs actor list -o id -q | tail -n 1)"
		create >"$work/out"
	done
	create_drain() { gcs drain n1 -m x --wait --timeout "$1" --request-id d; }
	run -124 create_drain 10ms
	gcs actor kill A1 A2
	run -3 create_drain 20ms # other words: another call
	create_drain 10ms
}

@test "pg create --wait: CREATED, or 5 when it is removed" {
	gcs node register n1 -r cpu=4 >"$work/ids"
	same gcs pg create now --bundle cpu=3 --wait <<<P1
	waiting later pg create later --bundle cpu=3 --wait
	later=$waiter
	waiting never pg create never --bundle cpu=9 --wait
	gcs pg remove now
	ends 0 "$later"
	gcs pg remove never
	ends 5 "$waiter"
	same said never <<<'gcs: pg create: pg default/never is REMOVED: cannot become CREATED'
}

@test "drain --wait: DEAD, or empty with --keep, or 5 when it is taken back" {
	gcs node register n1 -r cpu=4 --heartbeat-timeout never >"$work/ids"
	gcs node register n2 -r cpu=4 --heartbeat-timeout never >"$work/ids"
	gcs actor create a1 -r cpu=1 --on n1 --soft >"$work/ids"
	gcs resource hold n2 cpu=1 -m mine >"$work/ids"
	waiting keep drain n1 -m disk --keep --wait
	keep=$waiter
	waiting back drain n2 -m disk --wait
	gcs actor kill a1
	ends 0 "$keep"
	gcs is n1 DRAINING
	gcs undrain n2
	ends 5 "$waiter"
	same said back <<-'END'
		gcs: node n2: L2 stays: mine
		gcs: drain: node n2 is ALIVE: 'DEAD' can no longer come
	END
	waiting both drain n1 n2 -m old --wait
	gcs resource release L2
	ends 0 "$waiter"
	gcs is n2 DEAD
}

@test "the cluster's directory is removed: who waits for something there is told, and ends" {
	gcs node register n1 -r cpu=1 >"$work/ids"
	"$GCS_BIN" lock held -- sh -c 'until [ -e "$0" ]; do sleep 0.05; done' "$work/go" >"$work/held.out" 2>"$work/held.err" 3>&- &
	local holder=$!
	wait_for gcs -q is held exists
	waiting w wait kv/default/never --for exists
	local wait=$waiter pids=()
	"$GCS_BIN" watch --since 0 >"$work/watch.out" 2>"$work/watch.err" &
	pids[0]=$!
	wait_for test -s "$work/watch.out"
	monitor_starts -v
	pids[1]=$monitor
	"$GCS_BIN" job run -v -r cpu=99999 -- true 2>"$work/run.err" &
	pids[2]=$!
	"$GCS_BIN" lock held -- true 2>"$work/lock.err" &
	pids[3]=$!
	wait_for grep -q . "$work/run.err"
	wait_for in_line 1
	rm -rf "$GCS_DIR"
	ends 7 "$wait"
	ends 7 "${pids[0]}"
	ends 7 "${pids[1]}"
	ends 125 "${pids[2]}"
	ends 125 "${pids[3]}"
	# One file is removed after the other: who looks just then misses one of them.
	for name in w.err watch.err monitor.log run.err lock.err; do
		grep -qE "^gcs: .*'$GCS_DIR.*' is (gone|missing)" "$work/$name" || { cat "$work/$name" && false; }
	done
	touch "$work/go"
	ends 0 "$holder"
	gcs init -q # for those who look after the test
}
