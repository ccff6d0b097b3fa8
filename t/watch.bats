# watch: every event from here on, none missed, none told twice, or a gap that is said.
# shellcheck disable=SC2016 # what stands in single quotes is for the child's shell
# shellcheck disable=SC2030,SC2031,SC2094,SC2317 # tests are subshells, and wait_for calls what it is given
load lib

# contract watch: --since 0 --count 1

setup() {
	store
	work=$BATS_TEST_TMPDIR
}

# In the background stands the program itself, not our function: $! must be its process.

# holds FILE N: the cursor in FILE stands at N.
holds() {
	[ -f "$1" ] && [ "$(cut -d' ' -f2 "$1")" = "$2" ]
}

has_lines() {
	[ "$(wc -l <"$1")" -eq "$2" ]
}

numbers='fmt=%{seq}\n'

@test "events are told as they happen, one line each, whoever makes them" {
	user=$(id -un)
	"$GCS_BIN" watch --cursor-file "$work/cursor" --count 4 >"$work/out" &
	wait_for test -f "$work/cursor"
	gcs kv put k v
	wait_for has_lines "$work/out" 1
	gcs node register a --label zone=b >"$work/id"
	gcs drain a -m 'it is "old"' --keep
	gcs clock +5s
	wait $!
	same cat "$work/out" <<-END
		1      2026-01-01T00:00:00.000Z  KV_PUT         default/k  ($user: kv put)
		2      2026-01-01T00:00:00.000Z  NODE_ALIVE     N1 a  ($user: node register)
		3      2026-01-01T00:00:00.000Z  NODE_DRAINING  N1 a  ($user: drain: it is "old")
		4      2026-01-01T00:00:05.000Z  CONFIG_SET     clock  ($user: clock)
	END
}

@test "formats: JSON lines with what changed, tsv, and one's own" {
	gcs node register a >"$work/id"
	gcs cordon a -m why
	same gcs watch --since 1 --count 1 -o fmt='%{seq} %{type} %{name} %{command} %{message}\n' <<-'END'
		2 NODE_UPDATED a cordon why
	END
	same gcs watch --since 1 --count 1 -o tsv <<-END
		2	2026-01-01T00:00:00.000Z	NODE_UPDATED	N1	a	0	$(id -un)	cordon	why
	END
	gcs watch --since 1 --count 1 -o jsonl | sed 's/,"by":{[^}]*}//' >"$work/json"
	same cat "$work/json" <<-'END'
		{"seq":2,"time_ms":1767225600000,"type":"NODE_UPDATED","kind":"node","id":"N1","name":"a","cause":0,"before":{"cordoned":false},"after":{"cordoned":true},"txn":2,"command":"cordon","message":"why"}
	END
}

# Ten events of several kinds.
several() {
	printf '%s\n' 'node register a' 'kv put k 1' 'node register b' 'kv put k 2' 'kv delete k' 'config heartbeat_timeout 1m' \
		'label a x=y' 'kv put other 1' 'kv put k 3' 'node fail b -m broken' >"$work/lines"
	gcs batch --each <"$work/lines" >"$work/ids"
}

@test "REC, --kind and --type choose; several records are any of them" {
	several
	chosen() {
		gcs watch --since 0 --timeout 1ms -o fmt='%{seq} %{type}\n' "$@"
	}
	same chosen a <<<$'1 NODE_ALIVE\n7 NODE_UPDATED'
	same chosen N2 <<<$'3 NODE_ALIVE\n10 NODE_DEAD'
	same chosen kv/default/k --type kv_put <<<$'2 KV_PUT\n4 KV_PUT\n9 KV_PUT'
	same chosen a b --kind node --type NODE_ALIVE <<<$'1 NODE_ALIVE\n3 NODE_ALIVE'
	same chosen --kind config <<<'6 CONFIG_SET'
	same chosen a --kind kv </dev/null
	gcs kv delete k
	same chosen kv/default/k --type KV_DELETED <<<$'5 KV_DELETED\n11 KV_DELETED' # what is gone has a past
	fails 1 gcs watch nobody <<<"gcs: watch: no record matches 'nobody'"
	fails 2 gcs watch --kind planet <<<"gcs: watch: --kind: no kind of record is called 'planet'"
	fails 2 gcs watch --type NODE_BORED <<<"gcs: watch: --type: no event is called 'NODE_BORED' (see: gcs explain)"
}

@test "--since: a number, a moment, or what does not make sense" {
	gcs kv put a 1
	gcs clock +10m
	gcs kv put b 1
	same gcs watch --since 2 --count 1 -o "$numbers" <<<3
	same gcs watch --since 5m --count 2 -o "$numbers" <<<$'2\n3'
	same gcs watch --since 2026-01-01T00:00:00Z --count 1 -o "$numbers" <<<2
	fails 1 gcs watch --since 9 --count 1 <<<'gcs: watch: event 9 does not exist yet: the last one is 3'
	fails 2 gcs watch --since never --count 1
}

@test "--count ends with 0, --timeout with 0, and both with 124 when not enough came" {
	several
	same gcs watch --since 0 --count 3 -o "$numbers" <<<$'1\n2\n3'
	same gcs watch --since 0 --count 0 </dev/null
	same gcs watch --timeout 5ms </dev/null
	same gcs watch --since 8 --timeout 5ms -o "$numbers" <<<$'9\n10'
	code=0
	gcs watch --since 8 --count 5 --timeout 5ms -o "$numbers" >"$work/out" 2>"$work/err" || code=$?
	[ $code -eq 124 ]
	same cat "$work/out" "$work/err" <<-'END'
		9
		10
		gcs: watch: 3 more events did not come in time
	END
	# The filter counts, not what it leaves out.
	fails 124 gcs watch --since 0 --type NODE_DRAINING --count 1 --timeout 5ms <<<'gcs: watch: 1 more events did not come in time'
}

@test "more than a thousand events in one turn are all told" {
	awk 'BEGIN { for (i = 1; i <= 2500; i++) print "kv put k" i " v" }' >"$work/lines"
	gcs batch <"$work/lines"
	gcs watch --since 0 --count 2500 -o "$numbers" >"$work/out"
	same cat "$work/out" <<<"$(seq 2500)"
}

@test "--cursor-file: one that is missing starts now, and from then on nothing is lost or told twice" {
	several
	same gcs watch --cursor-file "$work/cursor" --timeout 1ms </dev/null
	holds "$work/cursor" 10
	gcs kv put while-away 1
	gcs kv put while-away 2
	same gcs watch --cursor-file "$work/cursor" --count 1 -o "$numbers" <<<11
	holds "$work/cursor" 11
	same gcs watch --cursor-file "$work/cursor" --timeout 1ms -o "$numbers" <<<12
	same gcs watch --cursor-file "$work/cursor" --timeout 1ms -o "$numbers" </dev/null
	# What a filter passes over is passed for good.
	gcs kv put x 1
	same gcs watch --cursor-file "$work/cursor" --kind node --timeout 1ms </dev/null
	holds "$work/cursor" 13
	# --since is for the first time only.
	same gcs watch --cursor-file "$work/new" --since 11 --timeout 1ms -o "$numbers" <<<$'12\n13'
	same gcs watch --cursor-file "$work/new" --since 0 --timeout 1ms -o "$numbers" </dev/null
}

@test "--cursor-file: what holds no cursor, or cannot be kept, is an error" {
	gcs kv put a 1
	echo nonsense >"$work/cursor"
	fails 2 gcs watch --cursor-file "$work/cursor" --timeout 1ms <<<"gcs: watch: --cursor-file: '$work/cursor' holds no cursor"
	same cat "$work/cursor" <<<nonsense
	: >"$work/cursor"
	fails 2 gcs watch --cursor-file "$work/cursor" --timeout 1ms <<<"gcs: watch: --cursor-file: '$work/cursor' holds no cursor"
	fails 7 gcs watch --cursor-file "$work/no/such" --timeout 1ms <<<"gcs: watch: --cursor-file: cannot write '$work/no/such': No such file or directory"
	fails 7 gcs watch --cursor-file "$work" --timeout 1ms <<<'gcs: watch: --cursor-file: cannot read: Is a directory'
}

@test "--cursor-file: a cursor of another cluster is told, not followed; --resync goes on from what there is" {
	gcs kv put a 1
	gcs watch --cursor-file "$work/cursor" --timeout 1ms
	gcs kv put a 2
	export GCS_DIR=$work/other
	store
	gcs kv put theirs 1
	fails 6 gcs watch --cursor-file "$work/cursor" --timeout 1ms <<<'gcs: watch: the cursor belongs to another history: horizon 1'
	holds "$work/cursor" 1
	gcs watch --cursor-file "$work/cursor" --timeout 1ms --resync -o "$numbers" >"$work/out" 2>"$work/err"
	same cat "$work/out" "$work/err" <<-'END'
		1
		gcs: the cursor belongs to another history: going on from event 1
	END
	same gcs watch --cursor-file "$work/cursor" --timeout 1ms </dev/null
}

@test "killed at rest and started again: every event once" {
	for round in 1 2 3; do
		"$GCS_BIN" watch --cursor-file "$work/cursor" -o "$numbers" >>"$work/out" &
		watcher=$!
		wait_for test -f "$work/cursor"
		for n in 1 2 3; do
			gcs kv put "k$n" "$round"
		done
		wait_for holds "$work/cursor" $((round * 5 - 2))
		kill -9 $watcher
		wait $watcher || gone=$?
		[ "$gone" -eq 137 ]
		gcs kv put between "$round"
		gcs kv put between "$round$round"
	done
	gcs watch --cursor-file "$work/cursor" --timeout 1ms -o "$numbers" >>"$work/out"
	same cat "$work/out" <<<"$(seq 15)"
}

@test "killed at any moment, with a command for each event: none is lost, one at most is run again" {
	seq 300 | sed 's/.*/kv put k &/' >"$work/lines"
	watching() {
		exec "$GCS_BIN" watch --cursor-file "$work/cursor" --since 0 "$@" -- sh -c 'echo "$GCS_EVENT_SEQ" >>"$0"' "$work/out"
	}
	"$GCS_BIN" batch --each <"$work/lines" &
	for n in 10 60 110 160; do
		watching &
		watcher=$!
		reached() { [ -f "$work/out" ] && [ "$(wc -l <"$work/out")" -ge "$n" ]; }
		wait_for reached
		kill -9 $watcher
		wait $watcher || gone=$?
		[ "$gone" -eq 137 ]
	done
	wait
	(watching --timeout 20ms)
	same sort -nu "$work/out" <<<"$(seq 300)"
	# What ran when its watch was killed may have run again: four times at most.
	again=$(sort -n "$work/out" | uniq -d | wc -l)
	[ "$again" -le 4 ]
}

# small: a history of ten events at most, of which the first are gone.
small() {
	gcs config history_events 10
	seq 30 | sed 's/.*/kv put k &/' >"$work/lines"
	gcs batch --each <"$work/lines"
	gcs -q monitor --once
}

@test "a gap ends with 6 and says where the history begins; --resync says so and goes on" {
	gcs watch --cursor-file "$work/cursor" --timeout 1ms
	small
	fails 6 gcs watch --since 0 --timeout 1ms <<<'gcs: watch: events 1 to 21 are forgotten: horizon 22'
	fails 6 gcs watch --cursor-file "$work/cursor" --timeout 1ms <<<'gcs: watch: events 1 to 21 are forgotten: horizon 22'
	holds "$work/cursor" 0
	gcs watch --since 0 --resync --timeout 1ms -o "$numbers" >"$work/out" 2>"$work/err"
	same cat "$work/out" "$work/err" <<-END
		$(seq 22 31)
		gcs: events 1 to 21 are forgotten
	END
	gcs watch --cursor-file "$work/cursor" --resync --count 1 -o "$numbers" >"$work/out" 2>"$work/err"
	same cat "$work/out" <<<22
	# Just before the horizon there is no gap.
	same gcs watch --since 21 --count 1 -o "$numbers" <<<22
	fails 6 gcs watch --since 20 --count 1 <<<'gcs: watch: events 21 to 21 are forgotten: horizon 22'
}

@test "a watcher that was stopped for so long that its history went is told so" {
	for resync in '' --resync; do
		rm -rf "$GCS_DIR" "$work/cursor"
		store
		# shellcheck disable=SC2086 # one option or none
		"$GCS_BIN" watch --cursor-file "$work/cursor" $resync -o "$numbers" >"$work/out" 2>"$work/err" &
		watcher=$!
		wait_for test -f "$work/cursor"
		stops $watcher
		small
		kill -CONT $watcher
		if [ -z "$resync" ]; then
			code=0
			wait $watcher || code=$?
			[ "$code" -eq 6 ]
			same cat "$work/out" "$work/err" <<<'gcs: watch: events 1 to 21 are forgotten: horizon 22'
			continue
		fi
		wait_for holds "$work/cursor" 31
		kill $watcher
		same cat "$work/out" "$work/err" <<-END
			$(seq 22 31)
			gcs: events 1 to 21 are forgotten
		END
	done
}

@test "-- CMD: run for each event, with what is known of it in its environment, stdin empty" {
	gcs node register a >"$work/id"
	gcs cordon a -m 'two words'
	export GCS_EVENT_STALE=old
	same gcs watch --since 1 --count 1 -- sh -c 'env | grep "^GCS_EVENT_" | grep -v JSON | sort; cat' <<-END
		GCS_EVENT_CAUSE=0
		GCS_EVENT_COMMAND=cordon
		GCS_EVENT_ID=N1
		GCS_EVENT_KIND=node
		GCS_EVENT_MESSAGE=two words
		GCS_EVENT_NAME=a
		GCS_EVENT_SEQ=2
		GCS_EVENT_TIME_MS=1767225600000
		GCS_EVENT_TXN=2
		GCS_EVENT_TYPE=NODE_UPDATED
		GCS_EVENT_USER=$(id -un)
	END
	same gcs watch --since 1 --count 1 -- sh -c 'echo "$GCS_EVENT_JSON"' <<-END
		$(gcs watch --since 1 --count 1 -o jsonl)
	END
	# The child may use gcs itself: nothing is held while it runs.
	same gcs watch --since 1 --count 1 -- "$GCS_BIN" kv add seen 1 <<<1
}

@test "-- CMD: one that fails stops the watch with its code, and the cursor stays before that event" {
	several
	broken='echo "$GCS_EVENT_SEQ" >>"$0"; [ "$GCS_EVENT_SEQ" -ne 5 ] || exit 42'
	fails 42 gcs watch --since 0 --cursor-file "$work/cursor" --timeout 1ms -- sh -c "$broken" "$work/out" <<<'gcs: watch: the command for event 5 ended with 42'
	same cat "$work/out" <<<"$(seq 5)"
	holds "$work/cursor" 4
	fails 42 gcs watch --cursor-file "$work/cursor" --timeout 1ms -- sh -c "$broken" "$work/out"
	gcs watch --cursor-file "$work/cursor" --timeout 1ms -- sh -c 'echo "$GCS_EVENT_SEQ" >>"$0"' "$work/out"
	same cat "$work/out" <<<$'1\n2\n3\n4\n5\n5\n5\n6\n7\n8\n9\n10'
	holds "$work/cursor" 10
	fails 127 gcs watch --since 0 -- no-such-command <<<"gcs: watch: event 1: cannot run 'no-such-command': No such file or directory"
	fails 143 gcs watch --since 0 -- sh -c 'kill $$' <<<'gcs: watch: the command for event 1 ended with 143'
}

@test "a reader that has seen enough ends it: watch | head -1, at once and while nothing happens" {
	several
	same timeout 60 bash -c 'gcs watch --since 0 -o "$1" | head -1; echo "${PIPESTATUS[0]}"' - "$numbers" <<<$'1\n0'
	# head has its line and is gone; no event comes that would show it.
	same timeout 60 bash -c 'gcs watch --since 9 -o "$1" | head -1; echo "${PIPESTATUS[0]}"' - "$numbers" <<<$'10\n0'
	# Nor is there a line at all before the reader goes.
	same timeout 60 bash -c 'gcs watch --type NODE_DRAINING | true; echo "${PIPESTATUS[0]}"' <<<0
}

@test "a cursor does not pass what went to a reader that was gone already" {
	several
	mkfifo "$work/pipe"
	# The reader opens and goes; only then does watch begin to write.
	exec 8<>"$work/pipe"
	exec 9>"$work/pipe"
	exec 8<&-
	timeout 60 "$GCS_BIN" watch --since 0 --cursor-file "$work/cursor" -o id >&9
	exec 9>&-
	[ ! -e "$work/cursor" ]
}

@test "--fifo: what the monitor publishes, in a FIFO that goes when the watch ends" {
	monitor_starts
	"$GCS_BIN" watch --fifo mine --count 2 >"$work/out" &
	watcher=$!
	wait_for has_open $watcher "$GCS_DIR/watch/mine"
	gcs kv put a 1
	gcs kv put a 2
	ends 0 $watcher
	same sed 's/.*"seq":\([0-9]*\),.*"type":"\([A-Z_]*\)".*/\1 \2/' "$work/out" <<<$'1 KV_PUT\n2 KV_PUT'
	[ ! -e "$GCS_DIR/watch/mine" ]
	# The same lines as watch itself has.
	gcs watch --since 0 --count 2 -o jsonl >"$work/watched"
	same cat "$work/out" <"$work/watched"
	kill $monitor
	ends 0 $monitor
}

@test "--fifo: ends with a signal, with its time and with its reader, and takes the FIFO along" {
	for signal in TERM INT HUP; do
		"$GCS_BIN" watch --fifo mine &
		watcher=$!
		wait_for test -p "$GCS_DIR/watch/mine"
		kill -$signal $watcher
		ends 0 $watcher
		[ ! -e "$GCS_DIR/watch/mine" ]
	done
	same gcs watch --fifo mine --timeout 5ms </dev/null
	fails 124 gcs watch --fifo mine --timeout 5ms --count 2 <<<'gcs: watch: 2 more events did not come in time'
	same timeout 60 bash -c 'gcs watch --fifo mine | true; echo "${PIPESTATUS[0]}"' <<<0
	[ ! -e "$GCS_DIR/watch/mine" ]
}

@test "--fifo: one listener a name; a name that was left over is taken over; what is no FIFO stays" {
	"$GCS_BIN" watch --fifo mine &
	watcher=$!
	wait_for test -p "$GCS_DIR/watch/mine"
	fails 3 gcs watch --fifo mine <<<"gcs: watch: FIFO 'mine' is being read"
	kill -9 $watcher
	wait $watcher || gone=$?
	[ "$gone" -eq 137 ]
	test -p "$GCS_DIR/watch/mine"
	same gcs watch --fifo mine --timeout 1ms </dev/null
	echo kept >"$GCS_DIR/watch/file"
	fails 3 gcs watch --fifo file <<<"gcs: watch: 'file' exists and is not a FIFO"
	same cat "$GCS_DIR/watch/file" <<<kept
	fails 2 gcs watch --fifo ../mine <<<"gcs: watch: invalid FIFO name '../mine'"
	for options in '--kind kv' '--type KV_PUT' '--since 0' "--cursor-file $work/c" 'kv/default/a' '-- true'; do
		# shellcheck disable=SC2086 # several words
		fails 2 gcs watch --fifo mine $options <<<'gcs: watch: --fifo shows what the monitor publishes: everything, from now on'
	done
}

@test "without inotify, or without the bell, events come all the same" {
	for seam in no-inotify no-bell; do
		rm -rf "$GCS_DIR" "$work/cursor"
		store
		GCS_SEAM=$seam "$GCS_SEAMS_BIN" watch --cursor-file "$work/cursor" --count 3 -o "$numbers" >"$work/out" &
		watcher=$!
		wait_for test -f "$work/cursor"
		for n in 1 2 3; do
			GCS_SEAM=$seam seams kv put k $n
			wait_for has_lines "$work/out" $n
		done
		wait $watcher
		same cat "$work/out" <<<$'1\n2\n3'
	done
}
