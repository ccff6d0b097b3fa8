# lock: a name that one process holds, some share, or so many have slots of; gone with its holder, however that ends.
# shellcheck disable=SC2016 # what stands in single quotes is for a child's shell
# shellcheck disable=SC2030,SC2031,SC2317 # tests are subshells, and wait_for calls what it is given
load lib
load placement

# contract lock: free -- true

setup() {
	work=$BATS_TEST_TMPDIR
	cd "$work" || return 1
	store
}

# shellcheck disable=SC2046 # several
teardown() { end_jobs $(cat "$work"/*.pid 2>/dev/null); }

# In the background stands the program itself, not our function: $! must be its process.

# A child that says so when it runs, in FILE.pid, and ends when FILE.go is there.
staying='echo $$ >$0.new; mv $0.new $0.pid; until [ -e $0.go ]; do sleep 0.01; done'

# holds FILE OPTION…: a lock is held in the background by a child as above; the pid of gcs in $holder.
holds() {
	local file=$1
	shift
	"$GCS_BIN" lock "$@" -- sh -c "$staying" "$file" &
	holder=$!
	wait_for [ -e "$file.pid" ]
}

held() { gcs lock --list --no-headers -o tsv -c name,mode,slot "$@"; }

free() { [ "$(gcs lock --list -q -o id)" = '' ]; }

# clean: nobody holds anything, no file is left but the line's, and the state is sound.
clean() {
	free
	same ls "$GCS_DIR/run" <<<turns
	at_rest
}

@test "one at a time: the second waits until the first has done" {
	holds a build
	same held <<<$'build\tEXCLUSIVE\t'
	"$GCS_BIN" lock build -- sh -c 'cat b.said; echo second' >second &
	second=$!
	wait_for in_line 1
	[ ! -s second ]
	echo first >b.said
	touch a.go
	ends 0 $holder
	ends 0 $second
	same cat second <<<$'first\nsecond'
	same gcs log --reverse --no-headers -o tsv -c type,name,cause <<-'END'
		WORKER_RUNNING	W1	0
		LOCK_GRANTED	build	1
		WORKER_EXITED	W1	0
		LOCK_RELEASED	build	3
		WORKER_RUNNING	W2	0
		LOCK_GRANTED	build	5
		WORKER_EXITED	W2	0
		LOCK_RELEASED	build	7
	END
	clean
}

@test "50 at once: none comes between reading and writing, and each later grant has a larger fence" {
	echo 0 >count
	for i in {1..50}; do
		"$GCS_BIN" lock count -- sh -c 'n=$(cat count); echo "$GCS_LOCK_FENCE" >>fences; echo $((n + 1)) >count' &
	done
	for pid in $(jobs -p); do
		wait "$pid"
	done
	same cat count <<<50
	[ "$(wc -l <fences)" -eq 50 ]
	sort -n -u fences | diff - fences
	# It is the number of the grant.
	same cat fences < <(gcs log --type LOCK_GRANTED --reverse -o id)
	clean
}

@test "first come, first served" {
	holds a build
	for i in 1 2 3 4 5; do
		"$GCS_BIN" lock build -- sh -c 'echo $0 >>order' $i &
		wait_for in_line $i
	done
	touch a.go
	for pid in $(jobs -p); do
		wait "$pid"
	done
	same cat order < <(seq 5)
	clean
}

@test "-s shares it with others that share it; who wants it alone waits, and those who come later wait behind" {
	holds a data -s
	holds b data -s -w 0
	same held <<<$'data\tSHARED\t\ndata\tSHARED\t'
	run -1 gcs lock data -n -- true
	run -1 gcs lock data -n -x -- true
	run -1 gcs lock data -n --slots 2 -- true
	"$GCS_BIN" lock data -- sh -c 'echo alone >>order' &
	wait_for in_line 1
	"$GCS_BIN" lock data -s -- sh -c 'echo shared >>order' &
	wait_for in_line 2
	# Who does not wait takes what is there.
	gcs lock data -s -n -- touch now
	[ -e now ] && [ ! -e order ]
	# Who waits is not let in before his turn, however long that takes.
	run -1 gcs lock data -s -w 2.5 -- touch early
	[ ! -e early ]
	touch a.go b.go
	for pid in $(jobs -p); do
		wait "$pid"
	done
	same cat order <<<$'alone\nshared'
	clean
}

@test "--slots: at most so many, each in a slot of its own" {
	for i in {1..10}; do
		"$GCS_BIN" lock pool --slots 3 -- sh -c '
			mkdir "slot$GCS_LOCK_SLOT" && ls -d slot* | wc -l >>at_once && sleep 0.05 && rmdir "slot$GCS_LOCK_SLOT"' &
	done
	for pid in $(jobs -p); do
		wait "$pid"
	done
	[ "$(wc -l <at_once)" -eq 10 ]
	[ "$(sort -n at_once | tail -n 1)" -le 3 ]
	holds a pool --slots 2
	holds b pool --slots 2
	same held --sort slot <<<$'pool\tSLOT\t1\npool\tSLOT\t2'
	run -1 gcs lock pool --slots 2 -n -- true
	run -1 gcs lock pool -n -- true
	run -1 gcs lock pool -n -s -- true
	fails 125 gcs lock pool --slots 3 -n -- true <<<"gcs: lock: lock 'pool' is held with 2 slots, not 3"
	a=$holder
	touch a.go
	[ "$(held)" ] # never empty: b goes on
	wait_for gcs lock pool --slots 2 -n -- sh -c 'echo $GCS_LOCK_SLOT >slot'
	same cat slot <<<1
	touch b.go
	wait
	clean
}

@test "-n and -w do not wait for ever, -E says with which code" {
	holds a build
	run -1 --separate-stderr gcs lock build -n -- echo no
	[ "$output$stderr" = '' ]
	run -7 gcs lock build -n -E 7 -- echo no
	run -0 gcs lock build -n -E 0 -- echo no
	[ "$output" = '' ]
	run -3 gcs lock build --nonblock --conflict-exit-code=3 -- echo no
	run -1 gcs lock build -w 0 -- echo no
	before=$(date +%s%N)
	run -9 gcs lock build -w 0.3 -E 9 -- echo no
	run -9 gcs lock build -w 300ms -E 9 -- echo no
	[ $(($(date +%s%N) - before)) -ge 600000000 ]
	in_line 0
	"$GCS_BIN" lock build -w 1m -- touch got &
	wait_for in_line 1
	touch a.go
	wait
	[ -e got ]
	clean
}

@test "the command's own code, and 125 for every failure of gcs itself" {
	for code in 0 1 2 7 124 125 255; do
		run -$code gcs lock x -- sh -c "exit $code"
	done
	run -137 gcs lock x -- sh -c 'kill -KILL $$'
	run -143 gcs lock x -- sh -c 'kill -TERM $$'
	fails 127 gcs lock x -- no-such-program <<<"gcs: lock: cannot run 'no-such-program': No such file or directory"
	touch plain
	fails 126 gcs lock x -- ./plain <<<"gcs: lock: cannot run './plain': Permission denied"
	fails 125 gcs lock <<<'gcs: lock: missing operand NAME'
	fails 125 gcs lock x <<<'gcs: lock: what is to be run? (gcs lock NAME -- COMMAND)'
	fails 125 gcs lock K1 -- true <<<"gcs: lock: 'K1' is not a valid lock name (letters, digits, . _ -; not like an id)"
	fails 125 gcs lock x -s --slots 2 -- true <<<'gcs: lock: -s goes neither with -x nor with --slots'
	fails 125 gcs lock x -n -w 1 -- true <<<'gcs: lock: -n does not go with -w'
	fails 125 gcs lock x -w soon -- true <<<"gcs: lock: -w: invalid duration 'soon'"
	fails 125 gcs lock x --slots 0 -- true <<<'gcs: lock: a lock has 1 to 4096 slots'
	fails 125 gcs lock x -E 256 -- true <<<'gcs: lock: -E: 0 to 255'
	fails 125 gcs lock --list x <<<'gcs: lock: --list stands alone'
	fails 125 gcs lock -D "$work/none" x -- true <<<"gcs: lock: no cluster in '$work/none' (make one with: gcs init)"
	clean
}

@test "stdin, stdout, stderr, arguments and directory are the command's" {
	mkdir sub
	cd sub
	printf 'line\n' | gcs lock x -- sh -c 'cat; pwd; echo "$1"; echo err >&2' sh 'a  b' >../out 2>../err
	same cat ../out <<<$'line\n'"$work"$'/sub\na  b'
	same cat ../err <<<err
	gcs lock x -- sh -c 'test -z "$GCS_LOCK_SLOT$GCS_DIRECTORY"'
}

@test "signals go on to the command, and its code comes back" {
	set -m # else a shell starts what stands in the background with SIGINT ignored
	for signal in TERM INT HUP QUIT USR1 USR2; do
		"$GCS_BIN" lock x -- sh -c 'trap "echo '$signal' >>came; exit 5" '$signal'
			touch ready; while :; do sleep 0.01; done' &
		pid=$!
		wait_for [ -e ready ]
		kill -$signal $pid
		ends 5 $pid
		rm ready
	done
	same cat came <<<$'TERM\nINT\nHUP\nQUIT\nUSR1\nUSR2'
	# What it ignores it does not pass on: nohup is nohup.
	(trap '' HUP && exec "$GCS_BIN" lock x -- sh -c 'trap "echo no >>came" HUP; echo $$ >b.pid; until [ -e go ]; do sleep 0.01; done') &
	pid=$!
	wait_for [ -e b.pid ]
	kill -HUP $pid
	touch go
	ends 0 $pid
	[ "$(wc -l <came)" -eq 6 ]
	wait_for free
}

@test "SIGKILL for gcs: its command goes on, and so does the lock, until that ends" {
	holds a x
	kill -KILL $holder
	ends 137 $holder
	same held <<<$'x\tEXCLUSIVE\t'
	run -1 gcs lock x -n -- true
	"$GCS_BIN" lock x -- touch got &
	waiter=$!
	wait_for in_line 1
	touch a.go
	ends 0 $waiter
	[ -e got ]
	same gcs worker show W1 -o 'fmt=%{state} %{exit.type} %{message}\n' <<<'EXITED SYSTEM_ERROR its process vanished'
	clean
}

@test "SIGKILL for the command: the lock is free at once" {
	"$GCS_BIN" lock x -- sh -c 'echo $$ >a.pid; exec sleep 60' &
	holder=$!
	wait_for [ -s a.pid ]
	kill -KILL "$(cat a.pid)"
	ends 137 $holder
	same gcs worker show W1 -o 'fmt=%{state} %{exit.code} %{exit.signal}\n' <<<'EXITED 137 9'
	clean
}

@test "SIGKILL for both: who wants it, who lists it and the monitor find out" {
	for way in take list monitor; do
		holds $way x
		kill -KILL $holder "$(cat $way.pid)"
		ends 137 $holder
		wait_for no_process "$(cat $way.pid)"
		[ "$(gcs log -o name --limit 1 -q)" = x ] # nobody has told
		case $way in
		take) gcs lock x -n -- true ;;
		list) same gcs lock --list -o id </dev/null ;;
		monitor) gcs -q monitor --once ;;
		esac
		clean
	done
}

@test "a monitor that runs frees what died, within its second" {
	monitor_starts
	holds a x
	kill -KILL $holder "$(cat a.pid)"
	ends 137 $holder
	wait_for gcs is W1 EXITED
	kill $monitor
	ends 0 $monitor
	clean
}

@test "what the command leaves running keeps the lock, as with flock; with --close it does not" {
	run -4 gcs lock x -- sh -c "setsid sh -c '$staying' a >/dev/null 2>&1 & exit 4"
	wait_for [ -e a.pid ]
	same held <<<$'x\tEXCLUSIVE\t'
	run -1 gcs lock x -n -- true
	touch a.go
	wait_for gcs lock x -n -- true
	clean
	rm a.go a.pid
	gcs lock x --close -- sh -c "setsid sh -c '$staying' a >/dev/null 2>&1 &"
	free
	wait_for [ -e a.pid ]
	gcs lock x -n -- true
	touch a.go
	clean
}

@test "a process is not gone because its file is free, nor there because another has its pid" {
	GCS_SEAM=boot-id=before "$GCS_SEAMS_BIN" lock x -- sh -c ': >a.ready; until [ -e a.go ]; do sleep 0.01; done' &
	holder=$!
	wait_for [ -e a.ready ]
	rm "$GCS_DIR/run/W1.lock" && : >"$GCS_DIR/run/W1.lock"
	export GCS_SEAM=boot-id=before
	run -1 seams lock x -n -- true
	unset GCS_SEAM
	# Since the machine came up again, a process of that number is somebody else.
	gcs lock x -n -- true
	ends 125 $holder
	wait_for free
}

@test "Ctrl-C while waiting leaves no trace, and the next in line moves up" {
	holds a x
	before=$(last_seq)
	# Job control gives it the SIGINT that a terminal's foreground has.
	set -m
	"$GCS_BIN" lock x -- touch no &
	first=$!
	set +m
	wait_for in_line 1
	"$GCS_BIN" lock x -- touch yes &
	second=$!
	wait_for in_line 2
	kill -INT $first
	ends 130 $first
	in_line 1
	[ "$(last_seq)" = "$before" ]
	touch a.go
	ends 0 $second
	[ ! -e no ]
	clean
}

@test "who is stopped while first in line holds nobody up for longer than a second" {
	holds a x
	"$GCS_BIN" lock x -- touch late &
	first=$!
	wait_for in_line 1
	stops $first
	"$GCS_BIN" lock x -- touch got &
	second=$!
	wait_for in_line 2
	touch a.go
	ends 0 $second
	[ -e got ] && [ ! -e late ]
	kill -CONT $first
	ends 0 $first
	[ -e late ]
	clean
}

@test "a node's death takes its locks away, and stops their commands" {
	gcs node register n1 -r cpu=1
	GCS_NODE_ID=N1 "$GCS_BIN" lock x -- sh -c 'exec 2>/dev/null; trap "echo stopped >came; exit 3" TERM; touch ready; while :; do sleep 0.01; done' 2>err &
	holder=$!
	wait_for [ -e ready ]
	same gcs lock --list -o 'fmt=%{name} %{node} %{holder}\n' <<<'x N1 W1'
	gcs node fail n1 -m 'power supply'
	gcs lock x -n -- touch got
	[ -e got ]
	ends 125 $holder
	same cat came <<<stopped
	same cat err <<-'END'
		gcs: lock: the lock was taken away: the command is stopped
		gcs: lock: lock 'x' was taken away while the command ran (see: gcs log K1)
	END
	same gcs log K1 --no-headers -o tsv -c type,cause,command <<<$'LOCK_RELEASED\t5\tnode fail\nLOCK_GRANTED\t2\tlock'
	fails 125 env GCS_NODE_ID=N1 "$GCS_BIN" lock x -- true <<<'gcs: lock: node n1 (N1) is DEAD: nothing there gets a lock'
	clean
}

@test "a lock of this host belongs to the node of its name, or to the one that is labelled so" {
	gcs node register "$(hostname -s)"
	same gcs lock x -- "$GCS_BIN" lock --list -o 'fmt=%{node}\n' <<<N1
	# What another cluster's job says of its node is not meant.
	same env GCS_NODE_ID=N9 GCS_DIR="$work/other" "$GCS_BIN" -D "$GCS_DIR" lock x -- "$GCS_BIN" -D "$GCS_DIR" lock --list -o 'fmt=%{node}\n' <<<N1
	# Else to the one labelled so, as an agent's is; of several nobody knows to which.
	gcs node unregister -q "$(hostname -s)"
	gcs node register -q elsewhere --label host=other
	gcs node register -q n1 --label host="$(hostname -s)"
	same gcs lock x -- "$GCS_BIN" lock --list -o 'fmt=%{node}\n' <<<N3
	gcs node register -q n2 --label host="$(hostname -s)"
	same gcs lock x -- "$GCS_BIN" lock --list -o 'fmt=<%{node}>\n' <<<'<>'
	clean
}

@test "--ttl: it is taken away when its time is over" {
	"$GCS_BIN" lock x --ttl 1m -- sh -c 'trap "exit 3" TERM; touch ready; while :; do sleep 0.01; done' 2>err &
	holder=$!
	wait_for [ -e ready ]
	same gcs lock --list -o 'fmt=%{expires_ms}\n' <<<2026-01-01T00:01:00.000Z
	gcs clock +59s
	gcs -q monitor --once
	run -1 gcs lock x -n -- true
	gcs clock +1s
	gcs -q monitor --once
	free
	gcs lock x -n -- true
	ends 125 $holder
	clean
}

@test "--ttl: its holder sees to it, where nobody else advances time" {
	export GCS_DIR=$work/real
	gcs init -q
	run -125 timeout 60 "$GCS_BIN" lock x --ttl 300ms -- sleep 60
	same gcs lock --list -o id </dev/null
	gcs lock x -n -- true
}

@test "two clusters have nothing to do with each other" {
	holds a x
	other=$work/other
	gcs init -q -D "$other"
	gcs -D "$other" lock x -n -- touch got
	[ -e got ]
	same gcs -D "$other" lock --list -o id </dev/null
	touch a.go
	ends 0 $holder
	clean
}

@test "the list, the record, events and words" {
	holds a build -m nightly
	gcs clock +5s
	same gcs lock --list <<-'END'
		NAME   ID  MODE       SLOT  HOLDER  NODE  FENCE  AGE
		build  K1  EXCLUSIVE     -  W1      -         2  5s
	END
	same gcs lock --list -o json <<-END
		{"v":1,"seq":3,"items":[{"name":"build","id":"K1","born":2,"rev":2,"created_ms":1767225600000,"updated_ms":1767225600000,"mode":"EXCLUSIVE","holder":"W1","pid":$holder,"user":"$ME","fence":2}]}
	END
	same gcs lock --list --filter name=other -o id </dev/null
	run -1 gcs lock --list --filter name=other --some -o id
	same gcs worker list --no-headers -o tsv -c id,state,record,pid <<<$'W1\tRUNNING\tK1\t'$holder
	gcs is lock/build exists
	gcs is build exists
	same gcs __complete lock b <<<$'build\tlock'
	touch a.go
	ends 0 $holder
	run -1 gcs is K1 exists
	same gcs watch --since 0 --kind lock --count 2 <<-END
		2      2026-01-01T00:00:00.000Z  LOCK_GRANTED   K1 build  because of 1  ($ME: lock: nightly)
		5      2026-01-01T00:00:05.000Z  LOCK_RELEASED  K1 build  because of 4  ($ME: lock: nightly)
	END
	same gcs explain lock.mode <<-'END'
		lock.mode: who else may hold it at the same time
		  word, stored as field 9
		  EXCLUSIVE              no other holder
		  SHARED                 other holders that share it
		  SLOT                   up to the number of slots, each in a slot of its own
	END
	fails 3 gcs undo 5 <<<'gcs: undo: event 4 (WORKER_EXITED) cannot be undone: what ended or was placed does not come back'
	clean
}

@test "a dry run says what would be, and runs nothing" {
	gcs lock x --dry-run -- touch no >plan
	same sed 's/; pid: [0-9]*.*//; $d' plan <<-END
		1      2026-01-01T00:00:00.000Z  WORKER_RUNNING W1 W1  ($ME: lock)
		       id: W1; state: RUNNING; record: K1
		2      2026-01-01T00:00:00.000Z  LOCK_GRANTED   K1 x  because of 1  ($ME: lock)
		       name: x; id: K1; mode: EXCLUSIVE; holder: W1
	END
	holds a x
	run -6 gcs lock x --dry-run -E 6 -- touch no
	touch a.go
	ends 0 $holder
	[ ! -e no ]
	clean
}
