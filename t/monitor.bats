# monitor: what time brings, seen by one process at a time, which nobody's slowness holds up.
# shellcheck disable=SC2016 # what stands in single quotes is for a child's shell, or awk's
# shellcheck disable=SC2030,SC2031,SC2317 # tests are subshells, and wait_for calls what it is given
load lib
load fault

# contract node heartbeat: n1
# contract monitor: --once

setup() {
	work=$BATS_TEST_TMPDIR
}

# In the background stands the program itself, not our function: $! must be its process.

events() {
	gcs log --reverse --no-headers -o tsv -c type,name "$@"
}

seq_now() {
	gcs log --limit 1 --no-headers -o tsv -c seq 2>"$work/.cut"
}

# published: the numbers of the events in a file of JSON lines.
published() {
	sed 's/^{"seq":\([0-9]*\),.*/\1/' "$1"
}

@test "one monitor: a second is refused and told whose place it is" {
	store
	monitor_starts
	fails 3 gcs monitor <<<"gcs: monitor: process $monitor is this directory's monitor already"
	fails 3 gcs monitor --once <<<"gcs: monitor: process $monitor is this directory's monitor already"
	same gcs status -o json <<-END
		$(gcs status -o json | sed 's/"monitor":false/"monitor":true/')
	END
	gcs status -o json | grep -q '"monitor":true'
	kill $monitor
	ends 0 $monitor
	gcs status -o json | grep -q '"monitor":false'
	gcs -q monitor --once
}

@test "SIGTERM and SIGINT end it cleanly, waiting or at work, and it says when it came and went" {
	store
	for signal in TERM INT; do
		monitor_starts
		kill -$signal $monitor
		ends 0 $monitor
		same sed 's/^[0-9]\{4\}-[0-9-]*T[0-9:.]*Z //; s/process [0-9]*/process P/; s/signal [0-9]*/signal S/' "$work/monitor.log" <<-'END'
			gcs monitor: started as process P, events published up to 0
			gcs monitor: stopped by signal S
		END
	done
	# With a bell that never rests.
	monitor_starts
	awk 'BEGIN { for (i = 0; i < 1000; i++) print "kv put k " i }' >"$work/lines"
	"$GCS_BIN" batch --each <"$work/lines" &
	busy=$!
	wait_for gcs kv exists k
	kill $monitor
	ends 0 $monitor
	ends 0 $busy
}

@test "--standby waits, says for whom, and takes over when the first is killed" {
	store
	gcs node register n >"$work/id"
	monitor_starts
	first=$monitor
	"$GCS_BIN" monitor --standby 2>"$work/second" &
	second=$!
	wait_for grep -q "waiting: process $first is the monitor" "$work/second"
	fails 3 gcs monitor <<<"gcs: monitor: process $first is this directory's monitor already"
	kill -9 $first
	ends 137 $first
	wait_for grep -q ": started as process $second" "$work/second"
	fails 3 gcs monitor <<<"gcs: monitor: process $second is this directory's monitor already"
	# It does the work.
	gcs clock +31s
	same gcs watch --since 1 --type NODE_DEAD --count 1 --timeout 60s -o name <<<n
	kill $second
	ends 0 $second
}

@test "--standby: a signal ends the wait with 0" {
	store
	monitor_starts
	for signal in TERM INT; do
		"$GCS_BIN" monitor --standby 2>"$work/$signal" &
		second=$!
		wait_for grep -qs 'waiting: process' "$work/$signal"
		kill -$signal $second
		ends 0 $second
	done
}

@test "a service manager is told when it is ready, and when it stops" {
	store
	"$GCS_TOOLS/notify" "$work/socket" 2 >"$work/heard" &
	manager=$!
	wait_for test -S "$work/socket"
	NOTIFY_SOCKET=$work/socket "$GCS_BIN" -q monitor &
	monitor=$!
	heard() { grep -qx "$1" "$work/heard"; }
	wait_for heard READY=1
	# Ready means: the place is taken.
	fails 3 gcs monitor
	kill $monitor
	ends 0 $monitor
	ends 0 $manager
	same cat "$work/heard" <<<$'READY=1\nSTOPPING=1'
	# --once is no service, and a manager that is gone is no reason to fail.
	NOTIFY_SOCKET=$work/nowhere gcs monitor --once
	NOTIFY_SOCKET=$work/nowhere "$GCS_BIN" monitor 2>"$work/monitor.log" &
	monitor=$!
	wait_for grep -q "cannot notify '$work/nowhere'" "$work/monitor.log"
	kill $monitor
	ends 0 $monitor
}

@test "--once does what is due, once; with nothing due it leaves no trace" {
	store
	gcs node register n >"$work/id"
	gcs kv put k v --ttl 10s
	for _ in 1 2 3; do
		same gcs monitor --once </dev/null
	done
	same seq_now <<<2
	gcs clock +31s
	gcs -q monitor --once
	gcs -q monitor --once
	same events --since 3 <<<$'NODE_DEAD\tn\nKV_DELETED\tdefault/k'
	same gcs log --limit 1 --no-headers -c command,user -o tsv 2>"$work/err" <<-END
		monitor	$(id -un)
	END
}

@test "more than fits into one transaction is done all the same, in several" {
	store
	awk 'BEGIN { for (i = 0; i < 1200; i++) print "node register n" i "\nkv put k" i " v --ttl 5s" }' >"$work/lines"
	gcs batch <"$work/lines" >"$work/ids"
	gcs clock +31s
	gcs -q monitor --once
	events --since 2401 | sort | uniq -c | awk '{ print $1, $2 }' >"$work/all"
	same awk '{ n[$2] += $1 } END { print n["NODE_DEAD"], n["KV_DELETED"] }' "$work/all" <<<'1200 1200'
	gcs log --since 2401 -o fmt='%{txn}\n' | sort | uniq -c | awk '{ print ($1 <= 2000) }' >"$work/sizes"
	same sort -u "$work/sizes" <<<1
	[ "$(wc -l <"$work/sizes")" -ge 2 ]
	gcs -q doctor --deep
}

@test "a given clock that is moved wakes it" {
	store
	gcs node register quick --heartbeat-timeout 10s >"$work/id"
	gcs node register slow >>"$work/id"
	gcs node register forever --heartbeat-timeout never >>"$work/id"
	monitor_starts
	gcs clock +11s
	same gcs watch --since 3 --type NODE_DEAD --count 1 --timeout 60s -o name <<<quick
	gcs node heartbeat slow
	gcs clock +30s
	gcs clock +1s
	same gcs watch --since 3 --type NODE_DEAD --count 2 --timeout 60s -o name <<<$'quick\nslow'
	same gcs node list -o name 2>"$work/err" <<<forever
	kill $monitor
	ends 0 $monitor
}

@test "all that it does is logged under its user and host" {
	store
	gcs node register quick --heartbeat-timeout 10s >"$work/id"
	gcs node register slow >>"$work/id"
	monitor_starts
	gcs clock +11s
	gcs watch --since 2 --type NODE_DEAD --count 1 --timeout 60s -o name >"$work/names"
	gcs clock +31s
	gcs watch --since 2 --type NODE_DEAD --count 2 --timeout 60s -o name >"$work/names"
	kill $monitor
	ends 0 $monitor
	gcs log --since 2 -o jsonl >"$work/events"
	same grep -o '"user":"[^"]*","pid":'$monitor',"host":"[^"]*"' "$work/events" <<-END
		"user":"$ME","pid":$monitor,"host":"$(uname -n)"
		"user":"$ME","pid":$monitor,"host":"$(uname -n)"
	END
}

@test "kept drains are not judged, and one that is taken back has its whole timeout" {
	store
	gcs node register n >"$work/id"
	gcs drain n -m upkeep --keep
	gcs clock +1h
	gcs -q monitor --once
	gcs undrain n
	gcs clock +30s
	gcs -q monitor --once
	gcs node alive n
	gcs clock +1s
	gcs -q monitor --once
	fails 1 gcs node alive n
}

@test "a beat that comes late, but before the look, saves the node" {
	store
	gcs node register n >"$work/id"
	gcs clock +31s
	gcs node heartbeat n
	gcs -q monitor --once
	gcs node alive n
}

@test "a beat between the look and the act saves the node" {
	store
	gcs node register n >"$work/id"
	gcs clock +31s
	cp "$GCS_DIR/pulse" "$work/pulse"
	# Somebody has the writer lock, so that the monitor has looked, but cannot act yet.
	stops_at fdatasync 1 '' kv put k v
	"$GCS_BIN" -q monitor --once 3>&- &
	monitor=$!
	wait_for locked '-> OFDLCK' writer
	run -1 cmp -s "$GCS_DIR/pulse" "$work/pulse"
	gcs node heartbeat n
	kill -CONT "$first"
	ends 0 "$watcher"
	ends 0 $monitor
	gcs node alive n
}

# --- the real clock ---

@test "on the real clock it ends a silent node by itself, and not one that beats" {
	gcs -q init
	gcs config heartbeat_period 200ms
	monitor_starts
	gcs node register beats --heartbeat-timeout 3s >"$work/id"
	"$GCS_BIN" node heartbeat beats --every 100ms 3>&- &
	beating=$!
	gcs node register silent --heartbeat-timeout 1s >>"$work/id"
	same gcs watch --since 0 --type NODE_DEAD --count 1 --timeout 60s -o name <<<silent
	# Long enough for the other, too, had it not been heard.
	gcs kv put mark x --ttl 4s
	gcs watch --since 0 --type KV_DELETED --count 1 --timeout 60s -o name >"$work/name"
	same gcs node list -o name 2>"$work/err" <<<beats
	# Once it stops, that is noticed as well.
	kill $beating
	ends 143 $beating
	same gcs watch --since 0 --type NODE_DEAD --count 2 --timeout 60s -o name <<<$'silent\nbeats'
	kill $monitor
	ends 0 $monitor
}

@test "on the real clock a key goes when its time is over" {
	gcs -q init
	monitor_starts
	gcs kv put k v --ttl 1s
	same gcs watch --since 1 --count 1 --timeout 60s -o fmt='%{type} %{name}\n' <<<'KV_DELETED default/k'
	gcs -q doctor
}

@test "node heartbeat --every goes on, and ends with 3 when its node is DEAD" {
	gcs -q init
	gcs node register n >"$work/id"
	cp "$GCS_DIR/pulse" "$work/pulse" # to register is a beat, too
	"$GCS_BIN" node heartbeat n --every 20ms 2>"$work/err" 3>&- &
	beating=$!
	beaten() { ! cmp -s "$GCS_DIR/pulse" "$work/pulse"; }
	wait_for beaten
	cp "$GCS_DIR/pulse" "$work/pulse"
	wait_for beaten
	gcs node fail n -m broken
	ends 3 $beating
	same cat "$work/err" <<<'gcs: node heartbeat: node n (N1) is DEAD: register again'
	fails 2 gcs node heartbeat n --every 1ms <<<'gcs: node heartbeat: --every: at least 10ms'
}

# real TIME COMMAND…: gcs with seams, on a machine with that boot id, CLOCK_BOOTTIME and CLOCK_MONOTONIC.
boot=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
real() {
	local boot_ms=$1
	shift
	GCS_SEAM=boot-id=$boot,boot-ms=$boot_ms,monotonic-ms=$((boot_ms - ${asleep:-0})) seams -q "$@"
}

@test "silence is counted from the last beat, to the millisecond" {
	gcs -q init
	real 100000 node register n >"$work/id"
	real 120000 node heartbeat n
	real 150000 monitor --once
	gcs node alive n
	real 150001 monitor --once
	fails 1 gcs node alive n
	same events <<<$'NODE_ALIVE\tn\nNODE_DEAD\tn'
}

@test "a new boot gives one timeout of grace from the first look, and no more" {
	gcs -q init
	real 900000 node register n >"$work/id"
	real 900000 monitor --once
	boot=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
	# A monitor that starts anew, cron, or a second look add nothing.
	real 5000 monitor --once
	real 20000 monitor --once
	real 35000 monitor --once
	gcs node alive n
	real 35001 monitor --once
	fails 1 gcs node alive n
}

@test "a beat after a new boot counts as ever" {
	gcs -q init
	real 900000 node register n >"$work/id"
	real 900000 monitor --once
	boot=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
	real 5000 monitor --once
	real 10000 node heartbeat n
	real 40000 monitor --once
	gcs node alive n
	real 40001 monitor --once
	fails 1 gcs node alive n
}

@test "a sleep of the machine gives one timeout of grace, once; a doze within a period none" {
	gcs -q init
	real 100000 node register n >"$work/id"
	real 100000 monitor --once
	# An hour asleep: boot time went on, monotonic time did not.
	asleep=3600000
	real 3700000 monitor --once
	real 3715000 monitor --once
	real 3730000 monitor --once
	gcs node alive n
	real 3730001 monitor --once
	fails 1 gcs node alive n
	# Less than a period (5 s): no grace.
	real 3740000 node register m >"$work/id"
	real 3740000 monitor --once
	asleep=3604000
	real 3770000 monitor --once
	gcs node alive m
	real 3770001 monitor --once
	fails 1 gcs node alive m
}

@test "no look for a long time is no reason for grace" {
	gcs -q init
	real 100000 node register n >"$work/id"
	real 100000 monitor --once
	real 100100 monitor --once
	real 500000 monitor --once
	fails 1 gcs node alive n
	# Nor is it that nobody ever looked.
	real 500000 node register m >"$work/id"
	real 540000 monitor --once
	fails 1 gcs node alive m
}

@test "steps of the wall clock, an hour back and forth, kill nobody and part no events" {
	export ASAN_OPTIONS=verify_asan_link_order=0 # faketime comes before it
	export FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_NO_CACHE=1 FAKETIME_TIMESTAMP_FILE=$work/now
	gcs -q init
	gcs config heartbeat_timeout 5s
	now() { echo "$1" >"$work/next" && mv "$work/next" "$work/now"; } # at no time it is empty
	now +0
	# The monitor that runs while the clock steps, and what it is told by programs that see the same clock.
	faketime -f +0 "$GCS_BIN" monitor 2>"$work/monitor.log" &
	wait_for grep -q ': started as process' "$work/monitor.log"
	monitor=$(sed -n 's/.*started as process \([0-9]*\),.*/\1/p' "$work/monitor.log")
	gcs node register n >"$work/id"
	"$GCS_BIN" node heartbeat n --every 50ms &
	for step in +3600s +0 -3600s +0 +3600s -3600s; do
		now "$step"
		before=$(seq_now)
		faketime -f +0 "$GCS_BIN" kv put mark x --ttl 100ms
		gcs watch --since "$before" --type KV_DELETED --count 1 --timeout 60s -o name >"$work/name"
		gcs node alive n
	done
	same gcs log --type NODE_DEAD --no-headers -o tsv </dev/null
	gcs log --reverse -o fmt='%{time_ms}\n' --time unix >"$work/times"
	sort -n -c "$work/times"
	kill "$monitor"
	gcs -q doctor --deep
}

# --- FIFOs ---

@test "FIFOs: whoever listens hears every event, as watch tells it" {
	store
	mkfifo "$GCS_DIR/watch/one" "$GCS_DIR/watch/two"
	exec 7<>"$GCS_DIR/watch/one" 8<>"$GCS_DIR/watch/two"
	monitor_starts
	gcs node register n >"$work/id"
	gcs kv put k v
	gcs node fail n -m broken
	head -3 <&7 >"$work/one"
	head -3 <&8 >"$work/two"
	gcs watch --since 0 --count 3 -o jsonl >"$work/watched"
	same cat "$work/one" <"$work/watched"
	same cat "$work/two" <"$work/watched"
	kill $monitor
	ends 0 $monitor
}

@test "FIFOs: --fifo names another directory; --once publishes, too" {
	store
	mkdir "$work/there"
	mkfifo "$work/there/mine"
	exec 7<>"$work/there/mine"
	gcs -q monitor --once --fifo "$work/there" # from here on
	gcs kv put k v
	gcs -q monitor --once --fifo "$work/there"
	head -1 <&7 >"$work/heard"
	same published "$work/heard" <<<1
	fails 7 gcs monitor --once --fifo "$work/nowhere" <<<"gcs: monitor: cannot open '$work/nowhere': No such file or directory"
}

@test "FIFOs: files, directories, links and FIFOs that nobody reads are left alone" {
	store
	cd "$GCS_DIR/watch"
	echo kept >file
	mkdir directory
	mkfifo unread "$work/elsewhere"
	exec 9<>"$work/elsewhere"
	ln -s "$work/elsewhere" link
	mkfifo mine
	exec 7<>mine
	monitor_starts
	gcs kv put k v
	head -1 <&7 >"$work/heard"
	same published "$work/heard" <<<1
	same cat file <<<kept
	gcs kv put k w # the first one is with all by the time this one is
	head -1 <&7 >"$work/heard"
	same published "$work/heard" <<<2
	# Nothing came through the link: what is in there first is ours.
	echo ours >&9
	head -1 <&9 >"$work/through"
	same cat "$work/through" <<<ours
	kill $monitor
	ends 0 $monitor
}

# covers FILE N: its lines are the events 1 to N in order, or gap markers in the places of those that are not there.
covers() {
	awk -v n="$2" -F'[:,}]' '
		/^{"seq":/ { if ($2 != next_) exit; next_++ }
		/^{"gap":/ { if ($3 != next_ || $5 < $3) exit; next_ = $5 + 1 }
		BEGIN { next_ = 1 }
		END { exit !(next_ == n + 1) }' "$1"
}

# noted N: the monitor has published so far. It notes that afterwards.
noted() {
	[ "$(awk '{ print $3 }' "$GCS_DIR/monitor.lock")" -eq "$1" ]
}

@test "FIFOs: a slow reader holds up nobody, and is told what it missed when it reads again" {
	store
	mkfifo "$GCS_DIR/watch/slow" "$GCS_DIR/watch/quick"
	exec 7<>"$GCS_DIR/watch/slow" 8<>"$GCS_DIR/watch/quick"
	monitor_starts
	cat <&8 >"$work/quick" &
	# Five hundred events are more than a FIFO holds.
	seq 500 | sed 's/.*/kv put k &/' >"$work/lines"
	gcs batch --each <"$work/lines"
	wait_for covers "$work/quick" 500
	wait_for noted 500
	same sed -n '/gap/p' "$work/quick" </dev/null
	cat <&7 >"$work/slow" &
	wait_for covers "$work/slow" 500
	grep -q '^{"gap":{"from":[0-9]*,"to":500}}$' "$work/slow"
	# From then on it hears everything again.
	gcs kv put k last
	wait_for covers "$work/slow" 501
	wait_for covers "$work/quick" 501
	kill $monitor
	ends 0 $monitor
}

@test "FIFOs: readers that are killed, or whose FIFO is taken away, are forgotten; new ones are heard" {
	store
	mkfifo "$GCS_DIR/watch/dies" "$GCS_DIR/watch/vanishes" "$GCS_DIR/watch/stays"
	exec 7<>"$GCS_DIR/watch/vanishes" 8<>"$GCS_DIR/watch/stays"
	monitor_starts
	cat <&8 >"$work/stays" &
	cat "$GCS_DIR/watch/dies" >"$work/dies" 8<&- 7<&- &
	reader=$!
	gcs kv put k 1
	# It may have come too late for the first one.
	heard() { gcs kv put k "$RANDOM$RANDOM" && [ -s "$work/dies" ]; }
	wait_for heard
	kill -9 $reader
	ends 137 $reader
	rm "$GCS_DIR/watch/vanishes"
	seq 300 | sed 's/.*/kv put k &/' >"$work/lines"
	gcs batch --each <"$work/lines"
	last=$(seq_now)
	wait_for covers "$work/stays" "$last"
	# The same names again.
	mkfifo "$GCS_DIR/watch/vanishes"
	exec 7<>"$GCS_DIR/watch/vanishes"
	cat "$GCS_DIR/watch/dies" >"$work/again" 8<&- 7<&- &
	cat <&7 >"$work/new" &
	heard() { gcs kv put k "$RANDOM$RANDOM" && [ -s "$work/again" ] && [ -s "$work/new" ]; }
	wait_for heard
	[ "$(published "$work/new" | head -1)" -gt "$last" ]
	kill $monitor
	ends 0 $monitor
}

@test "FIFOs: what happens while no monitor runs is published by the next one; nothing is lost or told twice" {
	store
	mkfifo "$GCS_DIR/watch/mine"
	exec 7<>"$GCS_DIR/watch/mine"
	cat <&7 >"$work/heard" &
	monitor_starts
	for round in 1 2 3; do
		gcs kv put k "$round"
		wait_for covers "$work/heard" $((round * 3 - 2))
		wait_for noted $((round * 3 - 2))
		kill -9 "$monitor"
		ends 137 "$monitor"
		gcs kv put k "$round$round"
		gcs kv put k "$round$round$round"
		monitor_starts
		wait_for covers "$work/heard" $((round * 3))
	done
	same published "$work/heard" <<<"$(seq 9)"
	kill "$monitor"
	ends 0 "$monitor"
}

@test "FIFOs: a line is never longer than a FIFO takes whole; what is longer loses before and after, and says so" {
	store
	mkfifo "$GCS_DIR/watch/mine"
	exec 7<>"$GCS_DIR/watch/mine"
	long=$(printf '%0200d' 0)
	gcs -q monitor --once
	# shellcheck disable=SC2046 # a word for each label
	gcs node register n $(for i in $(seq 30); do echo "--label l$i=$long"; done) >"$work/id"
	gcs -q monitor --once
	head -1 <&7 | sed 's/"by":{[^}]*}/"by":WHO/' >"$work/heard"
	same cat "$work/heard" <<-'END'
		{"seq":1,"time_ms":1767225600000,"type":"NODE_ALIVE","kind":"node","id":"N1","name":"n","cause":0,"txn":1,"by":WHO,"command":"node register","cut":true}
	END
}

# --- retention ---

@test "retention: dead nodes beyond dead_nodes_keep are forgotten, the oldest first" {
	store
	gcs config dead_nodes_keep 2
	for n in a b c d; do
		gcs node register $n >"$work/id"
		gcs clock +1s
		gcs node fail $n -m gone
	done
	gcs node register lives >"$work/id"
	gcs -q monitor --once
	same gcs node list -a -o name <<<$'c
d
lives'
	same events --type NODE_FORGOTTEN <<<$'NODE_FORGOTTEN	a
NODE_FORGOTTEN	b'
	gcs -q monitor --once
	same events --type NODE_FORGOTTEN <<<$'NODE_FORGOTTEN	a
NODE_FORGOTTEN	b'
	gcs config dead_nodes_keep 0
	gcs -q monitor --once
	same gcs node list -a -o name <<<lives
	gcs -q doctor --deep
}

@test "retention: history_events keeps so many, by whole transactions, and old values go with them" {
	store
	gcs config history_events 5
	seq 10 | sed 's/.*/kv put k &/' >"$work/lines"
	gcs batch --each <"$work/lines"
	gcs kv put big "$(printf '%09999d' 0)"
	gcs kv put big small
	gcs -q monitor --once
	same gcs log --reverse --no-headers -o tsv -c seq <<<$'9\n10\n11\n12\n13'
	fails 6 gcs node list --at 3 <<<'gcs: node list: --at: the history begins later: horizon 9'
	fails 6 gcs log --since 2 <<<'gcs: log: --since: the history begins later: horizon 9'
	same gcs kv list --values -o tsv --no-headers -c key,value --at 11 <<<$'k\t10'
	seq 6 | sed 's/.*/kv put k &/' >"$work/lines"
	gcs batch --each <"$work/lines"
	gcs -q monitor --once
	# The value that no event leads back to is not kept any longer.
	"$GCS_TOOLS/damage" dump v | wc -c >"$work/bytes"
	[ "$(cat "$work/bytes")" -lt 9999 ]
	# A transaction larger than that stays whole.
	awk 'BEGIN { for (i = 0; i < 9; i++) print "kv put k" i " v" }' >"$work/lines"
	gcs batch <"$work/lines"
	gcs -q monitor --once
	same gcs log --no-headers -o tsv -c txn <<-END
		$(yes 20 | head -9)
	END
	gcs -q doctor --deep
}

@test "retention: history_keep lets go what is older, and what is left can be undone and shown" {
	store
	gcs config history_keep 10m
	gcs kv put k one
	gcs clock +10m
	gcs kv put k two
	gcs -q monitor --once
	same gcs log --reverse --no-headers -o tsv -c seq <<<$'1\n2\n3\n4'
	gcs clock +1ms
	gcs -q monitor --once
	same gcs log --reverse --no-headers -o tsv -c seq <<<$'3\n4\n5'
	same gcs kv list --values -o tsv --no-headers -c value --at 3 <<<one
	gcs undo 4
	same gcs kv list --values -o tsv --no-headers -c value <<<one
	# The settings are as they were, though nothing tells of them any more.
	same gcs config history_keep <<<10m
	gcs clock +1h
	gcs -q monitor --once
	same events <<<$'CONFIG_SET\tclock' # just now
	same gcs kv list --values -o tsv --no-headers -c value <<<one
	gcs kv put k three
	gcs -q doctor --deep
}

@test "retention: a key with a time to live goes at its time, not before" {
	store
	gcs kv put short v --ttl 10s
	gcs kv put long v --ttl 1h
	gcs kv put again v --ttl 10s
	gcs kv put again v --ttl 20s # another put, another time
	gcs kv put stays v --ttl 10s
	gcs kv put stays v
	gcs clock +9999ms
	gcs -q monitor --once
	gcs kv exists short
	gcs clock +1ms
	# Gone for readers at once, for good with the monitor.
	same bash -c 'gcs kv exists short; echo $?' <<<1
	same events --type KV_DELETED </dev/null
	gcs -q monitor --once
	same events --type KV_DELETED <<<$'KV_DELETED\tdefault/short'
	gcs clock +10s
	gcs -q monitor --once
	same gcs kv list -o fmt='%{key}\n' -a <<<$'long\nstays'
	gcs -q doctor --deep
}

@test "retention: the answer to a request is kept for a day" {
	store
	gcs config history_keep 365d
	request() { gcs kv add n 1 --request-id once; }
	same request <<<1
	gcs clock +23h
	gcs -q monitor --once
	same request <<<1
	gcs clock +1h
	gcs -q monitor --once
	same "$GCS_TOOLS/damage" dump q </dev/null
	same "$GCS_TOOLS/damage" dump Q </dev/null
	same request <<<2
	gcs -q doctor --deep
}
