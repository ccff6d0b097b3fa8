# The live view: one picture as text, compared whole; and live, on a terminal of the test's own.
load lib
load placement
load terminal

# contract top: --once

setup() {
	gcs init -q --name lab --test-clock 2026-01-01T00:00:00Z
	cd "$BATS_TEST_TMPDIR" || return 1
}

# busy: two nodes with work, one that is drained, and a queue with everything that waits.
busy() {
	gcs batch >ids <<-'EOF'
		node register n1 -r cpu=8,gpu=2,mem=64Gi
		node register n2 -r cpu=4,mem=16Gi
		node register n3 -r cpu=4,licence=3
		drain n3 --keep -m repair
		job submit train -r cpu=2,gpu=1 -- python train.py --lr 3
		job submit sweep -r cpu=3 --array 1-100%4 -- ./step
		job add outside
		actor create srv -r cpu=1 --class Server
		actor create big -r cpu=999
		pg create grp --bundle 2:cpu=1,gpu=1
	EOF
	gcs clock +12s
	gcs node heartbeat n1
	gcs worker start T1 --pid 77 >>ids
	gcs actor ready srv
	gcs clock +7s
}

# picture: what stands on the terminal now, if a picture does.
picture() {
	tr -d '\r' <typescript | awk 'BEGIN { RS = "\033\\[H" } { last = $0 } END { printf "%s", last }' |
		sed 's/\x1b\[[0-9;?]*[A-Za-z]//g; $a\'
}

is_shown() {
	picture >shown
	cmp -s wanted shown
}

grep_shown() {
	picture >shown
	grep -q -e "$1" shown
}

# bottom_is TEXT: the last line above the one with the keys.
bottom_is() {
	[ "$(picture | tail -n 2 | head -n 1)" = "$1" ]
}

# ended CODE: the shell had this code from it, and the terminal is as it was. Until the picture's screen is left, which was
# seen before, keys are taken by the picture.
ended() {
	wait_for is_left
	rm -f code after
	type 'echo $? >code; stty -g >after\n'
	wait_for test -s after
	same cat code <<<"$1"
	cmp modes after
	# The picture's screen was left, and the cursor is there again.
	same left <<-'EOF'
		^[[?1049h^[[?25l
		^[[0m^[[?25h^[[?1049l
	EOF
}

left() {
	grep -a -o -E $'\e\\[\\?1049h\e\\[\\?25l|\e\\[0m\e\\[\\?25h\e\\[\\?1049l' typescript | cat -v | tail -n 2
}

is_left() { left | tail -n 1 | grep -q '1049l$'; }

@test "an empty cluster is two lines" {
	same gcs top --once <<-'EOF'
		lab   2026-01-01 00:00:00   event 0   monitor not running
		nodes 0 alive, 0 draining, 0 dead
	EOF
	same gcs top --once --only queue <<-'EOF'
		lab   2026-01-01 00:00:00   event 0   monitor not running
		nodes 0 alive, 0 draining, 0 dead
		QUEUE: nothing
	EOF
	at_rest
}

# A narrow picture leaves out another word where the user's name is longer.
need_short_name() {
	[ ${#ME} -le 4 ] || skip 'your name is longer than "root"'
}

@test "80x24: every part has its share, and says what it leaves out" {
	need_short_name
	busy
	same gcs top <<-EOF
		lab   2026-01-01 00:00:19   event 31   monitor not running
		nodes 2 alive (1 overdue), 1 draining, 0 dead   jobs 1 PENDING, 2 RUNNING
		tasks 4 PENDING, 1 RUNNING   actors 1 PENDING, 1 ALIVE   pgs 1 PENDING
		cpu [########..] 12 of 16   gpu [#####.....] 1 of 2
		licence [..........] 0 of 3   mem [..........] 0 of 80Gi
		unhealthy: nodes overdue with their heartbeats: 1 (gcs node list)
		NODES  ID  STATE     CPU         GPU         MEM            BEAT
		n1     N1  ALIVE     [####] 8/8  [##..] 1/2  [....] 0/64Gi  7s
		n2     N2  ALIVE!    [####] 4/4              [....] 0/16Gi  19s
		n3     N3  DRAINING  [....] 0/4                             19s
		QUEUE 2 of 3  ID  NAME  JOB  RESOURCES  WAITED  REASON
		1             T5        J2   cpu=3      19s     waits for resources
		2             A2  big        cpu=999    19s     waits for resources
		JOBS 2 of 3  NAME     STATE    USER  RESOURCES  WAITED  RAN  REASON
		J3           outside  RUNNING  $ME_CELL                     19s
		J2           sweep    PENDING  $ME_CELL  cpu=3      19s          0 of 100 tasks end…
		TASKS 2 of 4  STATE    JOB  INDEX  NODE  RESOURCES  REASON               COMMAND
		T4            PENDING  J2   3      N1    cpu=3      placed, not starte…  ./step
		T3            PENDING  J2   2      N1    cpu=3      placed, not starte…  ./step
		ACTORS  NAME  STATE  NODE  RESOURCES  RESTARTS  AGE
		A1      srv   ALIVE  N2    cpu=1      0/0       19s
		EVENTS 2 of 31
		30     2026-01-01 00:00:12  ACTOR_ALIVE    A1 default/srv  ($ME: actor ready)
		31     2026-01-01 00:00:19  CONFIG_SET     clock  ($ME: clock)
	EOF
	[ "$(gcs top --once | wc -l)" -eq 24 ]
	at_rest
}

@test "a large one shows all there is, with wider bars" {
	busy
	gcs top --size 200x60 >large
	same head -n 29 large <<-EOF
		lab   2026-01-01 00:00:19   event 31   monitor not running
		nodes 2 alive (1 overdue), 1 draining, 0 dead   jobs 1 PENDING, 2 RUNNING   tasks 4 PENDING, 1 RUNNING   actors 1 PENDING, 1 ALIVE   pgs 1 PENDING
		cpu [########..] 12 of 16   gpu [#####.....] 1 of 2   licence [..........] 0 of 3   mem [..........] 0 of 80Gi
		unhealthy: nodes overdue with their heartbeats: 1 (gcs node list)

		NODES  ID  STATE     CPU                         GPU                         MEM                            LICENCE                     BEAT
		n1     N1  ALIVE     [####################] 8/8  [##########..........] 1/2  [....................] 0/64Gi                              7s
		n2     N2  ALIVE!    [####################] 4/4                              [....................] 0/16Gi                              19s
		n3     N3  DRAINING  [....................] 0/4                                                             [....................] 0/3  19s

		QUEUE  ID  NAME  JOB  RESOURCES  WAITED  REASON
		1      T5        J2   cpu=3      19s     waits for resources
		2      A2  big        cpu=999    19s     waits for resources
		3      P1  grp        0/2        19s     waits for resources

		JOBS  NAME     STATE    $ME_TITLE  RESOURCES    WAITED  RAN  REASON
		J3    outside  RUNNING  $ME_CELL                       19s
		J2    sweep    PENDING  $ME_CELL  cpu=3        19s          0 of 100 tasks ended
		J1    train    RUNNING  $ME_CELL  cpu=2,gpu=1  12s     7s

		TASKS  STATE    JOB  INDEX  NODE  RESOURCES    RAN  REASON                   COMMAND
		T4     PENDING  J2   3      N1    cpu=3             placed, not started yet  ./step
		T3     PENDING  J2   2      N1    cpu=3             placed, not started yet  ./step
		T2     PENDING  J2   1      N2    cpu=3             placed, not started yet  ./step
		T1     RUNNING  J1   0      N1    cpu=2,gpu=1  7s                            python train.py --lr 3

		ACTORS  NAME  STATE  NODE  RESOURCES  RESTARTS  AGE
		A1      srv   ALIVE  N2    cpu=1      0/0       19s

	EOF
	# The rest is the log.
	{
		echo 'EVENTS 30 of 31'
		gcs watch --since 1 --count 30 --time rel
	} | diff -u - <(tail -n +30 large)
}

@test "one part alone, by each order" {
	busy
	same gcs top --size 70x9 --only nodes --sort name <<-'EOF'
		lab   2026-01-01 00:00:19   event 31   monitor not running
		nodes 2 alive (1 overdue), 1 draining, 0 dead
		jobs 1 PENDING, 2 RUNNING   tasks 4 PENDING, 1 RUNNING
		actors 1 PENDING, 1 ALIVE   pgs 1 PENDING
		cpu [########..] 12 of 16   gpu [#####.....] 1 of 2
		licence [..........] 0 of 3   mem [..........] 0 of 80Gi
		unhealthy: nodes overdue with their heartbeats: 1 (gcs node list)
		NODES 1 of 3  ID  STATE  CPU         GPU         MEM            BEAT
		n1            N1  ALIVE  [####] 8/8  [##..] 1/2  [....] 0/64Gi  7s
	EOF
	gcs node register n0 -r cpu=4,gpu=2 --label zone=b >>ids
	gcs resource hold n0 gpu=1 -m mine >>ids
	names() { gcs top --size 80x40 --only nodes --sort "$1" | sed '1,/^NODES/d' | cut -d' ' -f 1 | xargs; }
	same names use <<<'n1 n2 n0 n3'
	same names name <<<'n0 n1 n2 n3'
	same names beat <<<'n2 n3 n1 n0'
	fails 2 gcs top --sort size <<<"gcs: top: --sort: invalid value 'size' (one of use, name, beat)"
	fails 2 gcs top --only lease \
		<<<"gcs: top: --only: invalid value 'lease' (one of nodes, queue, jobs, tasks, actors, events)"
	for size in 80 80x 0x5 x24 80x24x1 -1x5; do
		fails 2 gcs top "--size=$size" <<<"gcs: top: --size: '$size' is not of the form 80x24"
	done
}

@test "it is for people: another format is refused, and says where the figures are" {
	fails 2 gcs top -o json <<-'EOF'
		{"code":2,"error":"usage","command":"top","message":"-o json: this is a picture for people; the figures are in gcs status -o json","value":"json"}
	EOF
	fails 2 gcs top --once -o tsv \
		<<<'gcs: top: -o tsv: this is a picture for people; the figures are in gcs status -o json'
	fails 2 gcs top --at 1 <<<'gcs: top: --at is for commands that only read'
}

@test "the queue stands in the order in which it is placed, over all demands alike" {
	gcs batch >ids <<-'EOF'
		actor create a1 -r cpu=1
		actor create b1 -r cpu=2
		actor create a2 -r cpu=1
		actor create b2 -r cpu=2 --priority 5
		actor create a3 -r cpu=1 --priority -1
	EOF
	gcs clock +90s
	same gcs top --size 60x9 --only queue <<-'EOF'
		lab   2026-01-01 00:01:30   event 6   monitor not running
		nodes 0 alive, 0 draining, 0 dead   actors 5 PENDING
		QUEUE  ID  NAME  RESOURCES  WAITED  REASON
		1      A4  b2    cpu=2      1m30s   waits for resources
		2      A1  a1    cpu=1      1m30s   waits for resources
		3      A2  b1    cpu=2      1m30s   waits for resources
		4      A3  a2    cpu=1      1m30s   waits for resources
		5      A5  a3    cpu=1      1m30s   waits for resources
	EOF
	at_rest
}

@test "1,523 machines fit on a screen" {
	need_short_name
	awk -f "$BATS_TEST_DIRNAME/data/openb/nodes.awk" "$BATS_TEST_DIRNAME/data/openb/nodes.csv" >nodes.csv
	gcs node register --from nodes.csv >>ids
	gcs job submit fill -r cpu=30,gpu=1 --array 1-900 -- work >>ids
	gcs job submit big -r cpu=3000 --array 1-2000 -- work >>ids
	same gcs top --once <<-EOF
		lab   2026-01-01 00:00:00   event 5225   monitor not running
		nodes 1523 alive, 0 draining, 0 dead   jobs 2 PENDING   tasks 1900 PENDING
		cpu [##........] 27000 of 125514   gpu [#.........] 900 of 6212
		mem [..........] 0 of 583.7Ti
		unhealthy: no monitor runs, so silent nodes stay ALIVE (gcs monitor)
		NODES 3 of 1523  ID    STATE  CPU           GPU         MEM             BEAT
		openb-node-0123  N124  ALIVE  [##..] 30/64  [##..] 1/2  [....] 0/256Gi  1ms
		openb-node-0124  N125  ALIVE  [##..] 30/64  [##..] 1/2  [....] 0/256Gi  1ms
		openb-node-0125  N126  ALIVE  [##..] 30/64  [##..] 1/2  [....] 0/256Gi  1ms
		QUEUE 3 of 1000  ID    JOB  RESOURCES  REASON
		1                T901  J2   cpu=3000   waits for resources
		2                T902  J2   cpu=3000   waits for resources
		3                T903  J2   cpu=3000   waits for resources
		JOBS  NAME  STATE    USER  RESOURCES     REASON
		J2    big   PENDING  $ME_CELL  cpu=3000      0 of 2000 tasks ended
		J1    fill  PENDING  $ME_CELL  cpu=30,gpu=1  0 of 900 tasks ended
		TASKS 3 of 900  STATE    JOB  INDEX  NODE  RESOURCES     REASON          COMMAND
		T900            PENDING  J1   900    N968  cpu=30,gpu=1  placed, not s…  work
		T899            PENDING  J1   899    N967  cpu=30,gpu=1  placed, not s…  work
		T898            PENDING  J1   898    N966  cpu=30,gpu=1  placed, not s…  work
		EVENTS 3 of 5225
		5223   2026-01-01 00:00:00  TASK_PENDING   T1898 T1898  because of 4225  (${ME:0:4}:
		5224   2026-01-01 00:00:00  TASK_PENDING   T1899 T1899  because of 4225  (${ME:0:4}:
		5225   2026-01-01 00:00:00  TASK_PENDING   T1900 T1900  because of 4225  (${ME:0:4}:
	EOF
	[ "$(gcs top --size 200x60 | wc -l)" -eq 60 ]
	[ "$(gcs top --size 200x60 | awk 'length > 200' | wc -l)" -eq 0 ]
}

# wants COLUMNS ROWS [OPTION…]: the live picture of that size is the one that is printed, and the line with the keys.
wants() {
	local cols=$1 rows=$2 foot=$foot
	shift 2
	gcs top --size "${cols}x$((rows - 1))" "$@" >wanted
	while [ "$(wc -l <wanted)" -lt $((rows - 1)) ]; do
		echo >>wanted
	done
	sed 's/ *$//' <<<"${foot:0:cols}" >>wanted
	if ! wait_for is_shown; then
		diff -u wanted shown >&2
		return 1
	fi
}
foot='q quit p pause s by use 0 all 1 nodes 2 queue 3 jobs 4 tasks 5 actors 6 events'

frames() { grep -a -o $'\e\\[H' typescript | wc -l; }

@test "what people named moves no terminal" {
	local bad=$'\e]0;t\a\n\t\x7f'
	gcs node register n1 -r cpu=1 --address "$bad" >>ids
	gcs job submit -r cpu=9 -m "$bad" -- "$bad" >>ids
	gcs cordon n1 -m "$bad"
	shell 80 24
	type '"$GCS_BIN" top --color never\n'
	wants 80 24
	type q
	ended 0
	# Nothing but what the pictures are made of.
	sed '1,/1049h/d' typescript >pictures
	run -1 grep -a -F -e $'\e]0;t' -e $'\a' pictures
	grep -q -F '\x1b]0;t\x07' wanted
}

@test "what is typed after q is for the shell" {
	shell 80 24
	type '"$GCS_BIN" top --color never\n'
	wait_for grep -q -F '0 all' typescript
	type 'qecho $? >ahead\n'
	wait_for test -s ahead
	same cat ahead <<<0
}

@test "live: drawn anew when something happens, and by keys" {
	busy
	shell 80 24
	type '"$GCS_BIN" top --color never\n'
	wants 80 24
	gcs node register n4 -r cpu=1 >>ids
	wants 80 24
	grep -q 'event 32 ' shown
	type 1
	wants 80 24 --only nodes
	type s
	foot=${foot/by use/by name}
	wants 80 24 --only nodes --sort name
	type '\t'
	wants 80 24 --only queue
	type '\033[C'
	wants 80 24 --only jobs
	type 6
	wants 80 24 --only events
	# One line back, and a page: the newest is no longer the last.
	type j
	wait_for bottom_is "31     2026-01-01 00:00:19  CONFIG_SET     clock  ($ME: clock)"
	grep_shown '^EVENTS 16 of 32$'
	type '\033[6~'
	wait_for grep_shown '^15 .*TASK_UPDATED   T2 T2'
	type b
	wait_for bottom_is "31     2026-01-01 00:00:19  CONFIG_SET     clock  ($ME: clock)"
	type 0
	wants 80 24
	type q
	ended 0
	at_rest
}

@test "live: p holds the picture, whatever happens" {
	gcs node register n1 -r cpu=4 >ids
	shell 80 12
	type '"$GCS_BIN" top --color never\n'
	wants 80 12
	foot="PAUSED $foot"
	type p
	wants 80 12
	before=$(frames)
	gcs node register n2 -r cpu=4 >>ids
	sleep 1.5 # longer than it would ever wait by itself
	[ "$(frames)" -eq "$before" ]
	foot=${foot#PAUSED }
	type p
	wants 80 12
	type q
	ended 0
}

@test "live: a terminal that changes its size" {
	busy
	shell 80 24
	type '"$GCS_BIN" top --color never\n'
	wants 80 24
	stty -F "$(cat tty)" cols 100 rows 40
	wants 100 40
	grep -q '^T1 .*python train.py --lr 3' shown
	stty -F "$(cat tty)" cols 60 rows 9
	wants 60 9
	stty -F "$(cat tty)" cols 5 rows 1
	wait_for grep_shown '^lab$'
	type q
	ended 0
}

@test "live: Ctrl-Z gives the terminal back until fg" {
	gcs node register n1 -r cpu=4 >ids
	shell 80 12
	type '"$GCS_BIN" top --color never\n'
	wants 80 12
	type '\032'
	wait_for grep -a -q Stopped typescript
	type 'stty -g >stopped\n'
	wait_for test -s stopped
	cmp modes stopped
	# It holds no transaction meanwhile: what is written over and over does not pile up.
	seq 400 | sed 's/.*/kv put same &/' | gcs batch --each
	[ "$(stat -c %s "$GCS_DIR/data.mdb")" -lt 2000000 ]
	type 'fg\n'
	wants 80 12
	type q
	ended 0
}

@test "live: whatever ends it, the terminal is as it was" {
	gcs node register n1 -r cpu=4 >ids
	shell 80 12
	for signal in INT TERM HUP QUIT; do
		type 'sh -c '\''echo $$ >pid; exec "$GCS_BIN" top --color never'\''\n'
		wants 80 12
		kill -$signal "$(cat pid)"
		ended 0
		gcs kv put at $signal # so that the next picture is another one
	done
	type '"$GCS_BIN" top --color never\n'
	wants 80 12
	type '\003'
	ended 0
	# An error, and a crash.
	gcs kv put at once
	type '"$GCS_BIN" top --color never\n'
	wants 80 12
	mv "$GCS_DIR/pulse" pulse
	mkdir "$GCS_DIR/pulse"
	ended 7
	complained() { tr -d '\r' <typescript | sed 's/.*\x1b\[?1049l//' | grep -a -q '^gcs: top: .*pulse'; }
	wait_for complained
	rmdir "$GCS_DIR/pulse"
	mv pulse "$GCS_DIR/pulse"
	gcs kv put at last
	type 'sh -c '\''echo $$ >pid; exec "$GCS_BIN" top --color never'\''\n'
	wants 80 12
	kill -SEGV "$(cat pid)"
	ended 7
}

@test "live: a storm of changes is at most five pictures a second" {
	local before start
	shell 80 12
	type '"$GCS_BIN" top --color never\n'
	wants 80 12
	before=$(frames) start=$(date +%s%N)
	seq 3000 | sed 's/.*/kv put k &/' | gcs batch --each
	wants 80 12
	[ "$(frames)" -gt "$before" ]
	[ $(($(frames) - before)) -le $((($(date +%s%N) - start) / 200000000 + 2)) ]
	type q
	ended 0
}

@test "colour is for terminals, unless somebody says otherwise" {
	gcs node register n1 -r cpu=4 >ids
	tints() { sed '1,/1049h/d' typescript | grep -a -c $'\e\\[3[0-9]m'; }
	shell 80 12
	type '"$GCS_BIN" top\n'
	wants 80 12
	type q
	ended 0
	[ "$(tints)" -gt 0 ]
	for words in 'NO_COLOR=1 "$GCS_BIN" top' '"$GCS_BIN" top --color never'; do
		: >typescript
		type "$words\\n"
		wants 80 12
		type q
		ended 0
		run -1 tints
	done
}
