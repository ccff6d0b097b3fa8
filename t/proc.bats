# lib/proc by itself: children that can be written down before they run, locks that live as long as they do, who is who,
# what is killed with them, and where their output goes. `proc` is t/tool/proc.c.
#
# shellcheck disable=SC2016 # what stands in single quotes is for the child's shell
# shellcheck disable=SC2030,SC2031,SC2317 # tests are subshells, and wait_for calls what it is given
load lib
load fault
load terminal

setup() {
	work=$BATS_TEST_TMPDIR
	cd "$work" || return 1
}

proc() {
	timeout 60 "$GCS_TOOLS/proc" "$@"
}
export -f proc

# begin WORD…: a supervisor in the background, $supervisor, its stdin ours.
begin() {
	"$GCS_TOOLS/proc" spawn "$@" <&0 >said 2>errors 3>&- &
	supervisor=$!
}

need_root() {
	[ "$(id -u)" -eq 0 ] || skip 'only root can'
}

is_free() {
	[ "$(proc lock look . L)" = free ]
}

is_dead() {
	[ "$(proc who is "$@")" = dead ]
}

# --- spawn ---

@test "spawn: exit codes, signals, and what cannot be run, as shells give them" {
	same proc spawn -- sh -c 'exit 3' <<<'code=3 signal=0 dumped=0 left=0'
	same proc spawn -- sh -c 'kill -TERM $$' <<<'code=143 signal=15 dumped=0 left=0'
	same proc spawn -- no-such-program <<-'END'
		cannot run 'no-such-program': No such file or directory
		code=127 signal=0 dumped=0 left=0
	END
	same proc spawn -- ./no/such <<-'END'
		cannot run './no/such': No such file or directory
		code=127 signal=0 dumped=0 left=0
	END
	echo 'echo "script $1"' >script
	same proc spawn -- ./script x <<-'END'
		cannot run './script': Permission denied
		code=126 signal=0 dumped=0 left=0
	END
	chmod +x script
	same proc spawn -- ./script x <<<$'script x\ncode=0 signal=0 dumped=0 left=0'
	PATH=$work:$PATH same proc spawn -- script y <<<$'script y\ncode=0 signal=0 dumped=0 left=0'
	same proc spawn cwd=/no/such -- true <<-'END'
		cannot run 'true': cannot enter its directory: No such file or directory
		code=126 signal=0 dumped=0 left=0
	END
}

@test "spawn: cwd, umask, stdin, environment; a name is searched from where it runs" {
	mkdir there
	printf '#!/bin/sh\necho found in "$PWD"\n' >there/program
	chmod +x there/program
	PATH=:$PATH same proc spawn cwd="$work/there" -- program <<-END
		found in $work/there
		code=0 signal=0 dumped=0 left=0
	END
	proc spawn umask=027 cwd="$work/there" -- sh -c 'umask; : >made'
	[ "$(stat -c %a there/made)" = 640 ]
	echo line >in
	same proc spawn in=in -- cat <<<$'line\ncode=0 signal=0 dumped=0 left=0'
	same proc spawn -- cat <<<'code=0 signal=0 dumped=0 left=0'
}

@test "spawn: a session of its own, no signal ignored or blocked" {
	proc spawn -- sh -c 'cut -d" " -f1,5,6 /proc/$$/stat; exec grep -E "Sig(Blk|Ign)" /proc/self/status' >got
	read -r pid group session <got
	[ "$pid" = "$group" ]
	[ "$pid" = "$session" ]
	(trap '' INT HUP TERM USR1 && same proc spawn -- grep -E 'Sig(Blk|Ign)' /proc/self/status) <<-'END'
		SigBlk:	0000000000000000
		SigIgn:	0000000000000000
		code=0 signal=0 dumped=0 left=0
	END
}

@test "spawn: only 0 to 2 and the lock are open in the child, whatever is open around it" {
	exec 7<"$BATS_TEST_FILENAME" 19<"$BATS_TEST_FILENAME" 200<"$BATS_TEST_FILENAME"
	# The shell's own glob opens one more, which is closed when the names are printed.
	fds='for fd in /proc/self/fd/*; do [ ! -e "$fd" ] || echo "${fd##*/} $(readlink "$fd")"; done'
	proc spawn lock="$work/L" -- bash -c "$fds" | sed "s| pipe:.*| pipe|" >got
	same grep -v '^code' got <<-END
		0 /dev/null
		1 pipe
		2 $(readlink /proc/self/fd/2)
		3 $work/L
	END
	proc spawn -- bash -c "$fds" | cut -d' ' -f1 >got
	same grep -v '^code' got <<<$'0\n1\n2'
}

@test "spawn: with stdin, stdout and stderr closed the numbers still are what they should be" {
	code=0
	proc spawn lock="$work/L" out="$work/out" -- bash -c 'readlink /proc/self/fd/{0,1,3}' <&- >&- 2>&- || code=$?
	[ "$code" -eq 0 ]
	same cat out <<<$'/dev/null\n'"$work/out"$'\n'"$work/L"
}

@test "spawn: it runs nothing before it is told to, and has its pid and start by then" {
	mkfifo say
	exec 8<>say
	begin hold= -- touch ran <&8
	wait_for grep -q made said
	read -r _ pid start <said
	[ "$(proc who look "$pid")" = "$pid $start $(cat /proc/sys/kernel/random/boot_id)" ]
	[ "$(proc who is "$pid" "$start" "$(cat /proc/sys/kernel/random/boot_id)")" = alive ]
	[ ! -e ran ]
	echo go >&8
	wait "$supervisor"
	[ -e ran ]
}

@test "spawn: if its parent dies before it said go, or drops it, the child ends without having run" {
	boot=$(cat /proc/sys/kernel/random/boot_id)
	mkfifo say
	exec 8<>say
	begin hold= lock="$work/L" -- touch ran <&8
	wait_for grep -q made said
	read -r _ pid start <said
	kill -KILL "$supervisor"
	wait_for is_dead "$pid" "$start" "$boot"
	wait_for is_free
	[ ! -e ran ]
	begin hold= -- touch ran </dev/null
	wait "$supervisor"
	read -r _ pid start <said
	is_dead "$pid" "$start" "$boot"
	[ ! -e ran ]
}

@test "spawn: root becomes the user, with their groups; nobody else becomes anybody" {
	need_root
	chmod 711 "$work" # and what is above it belongs to the tests
	line='id -u; id -g; id -G; grep -E "^(Uid|Gid)" /proc/self/status | tr "\t" " "'
	uid=$(id -u nobody) gid=$(id -g nobody)
	same proc spawn user="$uid" cwd=/ -- sh -c "$line" <<-END
		$uid
		$gid
		$(id -G nobody)
		Uid: $uid $uid $uid $uid
		Gid: $gid $gid $gid $gid
		code=0 signal=0 dumped=0 left=0
	END
	cp "$GCS_TOOLS/proc" /tmp/gcs-proc.$$ && chmod 755 /tmp/gcs-proc.$$
	same setpriv --reuid "$uid" --regid "$gid" --clear-groups /tmp/gcs-proc.$$ spawn user=0 -- true <<-'END'
		cannot run 'true': cannot become its user: Operation not permitted
		code=126 signal=0 dumped=0 left=0
	END
	rm /tmp/gcs-proc.$$
	fails 1 proc spawn user=54321 -- true <<<'proc: 1: no user has the uid 54321'
}

# --- lock ---

@test "lock: one holder; looking takes nothing; what nobody holds can be removed" {
	same proc lock look . L <<<none
	mkfifo say
	"$GCS_TOOLS/proc" lock take . L <say >said 3>&- &
	exec 8>say
	wait_for grep -q taken said
	[ "$(stat -c %a L)" = 600 ]
	for _ in 1 2 3; do
		same proc lock look . L <<<held
	done
	fails 1 proc lock take . L <<<"proc: 8: lock file 'L' is held"
	fails 1 proc lock remove . L <<<"proc: 8: lock file 'L' is held"
	exec 8>&-
	wait $!
	same proc lock look . L <<<free
	proc lock remove . L
	same proc lock look . L <<<none
	proc lock remove . L
	ln -s elsewhere S
	fails 1 proc lock take . S <<<"proc: 7: lock file 'S': Too many levels of symbolic links"
	[ ! -e elsewhere ]
}

@test "lock: it lives as long as the child does, and what the child forked" {
	begin lock="$work/L" -- sh -c 'sleep 1000 & echo $! >grandchild; wait'
	wait_for test -s grandchild
	kill -KILL "$supervisor"
	gone=0
	wait "$supervisor" || gone=$?
	[ "$gone" -eq 137 ]
	same proc lock look . L <<<held
	pid=$(cut -d' ' -f4 "/proc/$(cat grandchild)/stat")
	kill -KILL "$pid"
	same proc lock look . L <<<held
	kill -KILL "$(cat grandchild)"
	wait_for is_free
}

@test "lock: takers, lookers and removers at once: never two holders, never a holder without its file" {
	cat >taker <<-'END'
		for i in $(seq 60); do
			"$GCS_TOOLS/proc" spawn lock="$PWD/L" -- sh -c '
				mkdir critical || echo two holders
				[ "$(stat -Lc %i /proc/self/fd/3)" = "$(stat -c %i L)" ] || echo not its file
				rmdir critical' 2>&1 | grep -v -e '^code=0' -e "is held"
			"$GCS_TOOLS/proc" lock remove . L 2>&1 | grep -v "is held"
			"$GCS_TOOLS/proc" lock look . L | grep -v -e held -e free -e none
		done
	END
	for _ in 1 2 3 4; do
		timeout 600 bash taker >>troubles 3>&- &
	done
	wait
	same cat troubles </dev/null
}

# --- who ---

# runs PID NAME: that program.
runs() {
	[ "$(cat "/proc/$1/comm")" = "$2" ]
}

@test "who: alive, dead or unknown by pid, start and boot; a strange name does not confuse it" {
	boot=$(cat /proc/sys/kernel/random/boot_id)
	cp "$(command -v sleep)" 'a) R 1 (b'
	'./a) R 1 (b' 1000 3>&- &
	sleeper=$!
	wait_for runs "$sleeper" 'a) R 1 (b'
	read -r pid start id < <(proc who look "$sleeper")
	[ "$start" = "$(sed 's/.*) //' "/proc/$sleeper/stat" | cut -d' ' -f20)" ]
	[ "$pid $id" = "$sleeper $boot" ]
	same proc who is "$pid" "$start" "$boot" <<<alive
	same proc who is "$pid" "$((start + 1))" "$boot" <<<dead
	same proc who is "$pid" "$start" 00000000-0000-0000-0000-000000000000 <<<dead
	same proc who is "$pid" "$start" '' <<<unknown
	kill -KILL "$pid"
	wait "$pid" || gone=$?
	[ "$gone" -eq 137 ]
	is_dead "$pid" "$start" "$boot"
}

@test "who: one that has ended and is not reaped is dead" {
	bash -c 'sleep 1000 & echo $! >pid; exec sleep 1000' 3>&- &
	parent=$!
	wait_for test -s pid
	wait_for runs "$parent" sleep # and reaps nobody any more
	zombie=$(cat pid)
	read -r pid start boot < <(proc who look "$zombie")
	same proc who is "$pid" "$start" "$boot" <<<alive
	kill -KILL "$pid"
	wait_for in_state "$zombie" Z
	same proc who is "$pid" "$start" "$boot" <<<dead
	kill -KILL "$parent"
	wait "$parent" || gone=$?
	[ "$gone" -eq 137 ]
}

@test "who: a test can stage another boot" {
	read -r pid start boot < <(proc who look $$)
	same proc who is "$pid" "$start" "$boot" <<<alive
	GCS_SEAM=boot-id=next-boot,other same "${GCS_SEAMS_BIN%/*}/tool/proc" who is "$pid" "$start" "$boot" <<<dead
	GCS_SEAM=boot-id=next-boot,other same "${GCS_SEAMS_BIN%/*}/tool/proc" who is "$pid" "$start" next-boot <<<alive
}

# --- family ---

@test "family: SIGTERM is enough for who listens, and goes to the group and the session" {
	begin grace=60000 -- bash -c 'trap "wait; echo bye; exit 5" TERM; set -m; (trap "echo bye too; exit" TERM; : >ready; while :; do sleep 0.01; done) & while [ ! -e ready ]; do sleep 0.01; done; : >both; while :; do sleep 0.01; done'
	wait_for test -e both
	kill -TERM "$supervisor"
	wait "$supervisor"
	same sort said <<<$'bye\nbye too\ncode=5 signal=0 dumped=0 left=0'
}

@test "family: who ignores SIGTERM is killed after the grace" {
	begin grace=100 -- sh -c 'trap "" TERM; : >ready; while :; do sleep 0.01; done'
	wait_for test -e ready
	kill -TERM "$supervisor"
	wait "$supervisor"
	same cat said <<<'code=137 signal=9 dumped=0 left=0'
}

@test "family: a child that forks away, into sessions of their own, takes nobody with it" {
	: >pids
	begin lock="$work/L" -- sh -c 'for n in 1 2 3; do setsid -f sh -c "trap \"\" TERM; echo \$\$ >>pids; setsid -f sleep 1000; exec sleep 1000"; done; while [ "$(wc -l <pids)" -lt 3 ]; do sleep 0.01; done; exit 4'
	wait "$supervisor"
	same cat said <<<'code=4 signal=0 dumped=0 left=0'
	same proc lock look . L <<<free
	while read -r pid; do
		[ ! -e "/proc/$pid" ]
	done <pids
	[ "$(wc -l <pids)" -eq 3 ]
}

@test "family: one that forks all the time while it is killed" {
	begin grace=50 lock="$work/L" -- bash -c 'trap "" TERM; spin() { for i in $(seq 400); do (trap "" TERM; sleep 1000) & sleep 0.002; done; wait; }; (spin) & : >ready; spin'
	wait_for test -e ready
	kill -TERM "$supervisor"
	wait "$supervisor"
	same cat said <<<'code=137 signal=9 dumped=0 left=0'
	same proc lock look . L <<<free
}

@test "family: what it took is told: time, memory, a core" {
	export USAGE=1
	proc spawn -- sh -c 'head -c 50000000 /dev/zero | tail -c 40000000 | wc -c; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done' >got
	{ read -r && read -r && read -r user_us _ rss_max; } <got
	[ "$user_us" -gt 10000 ]
	[ "$user_us" -lt 60000000 ]
	[ "$rss_max" -gt 35000000 ]
	[ "$rss_max" -lt 400000000 ]
}

# --- terminal ---

@test "terminal: the child is in the foreground, reads from it, and Ctrl-C is its own" {
	shell
	type '"$GCS_TOOLS/proc" spawn in= foreground= -- bash -c '\''echo $$ >pid; read -r line; echo "got $line" >line; trap "echo interrupted >int; exit 9" INT; : >ready; while :; do sleep 0.01; done'\'' >said; echo "after $?" >after\n'
	wait_for test -s pid
	in_front "$(cat pid)"
	type 'hello\n'
	wait_for test -e ready
	type '\003'
	wait_for test -s after
	same cat line int said after <<-'END'
		got hello
		interrupted
		code=9 signal=0 dumped=0 left=0
		after 0
	END
	shell_ends
}

@test "terminal: Ctrl-Z, bg and fg do what a shell's user expects" {
	shell
	type '"$GCS_TOOLS/proc" spawn in= foreground= -- bash -c '\''echo $$ >pid; trap "exit 9" INT; : >ready; while :; do sleep 0.01; done'\'' >said\n'
	wait_for test -e ready
	child=$(cat pid)
	goes_on() { ! in_state "$child" T; }
	supervisor=$(sed 's/.*) //' "/proc/$child/stat" | cut -d' ' -f2)
	wait_for in_front "$child"
	type '\032'
	wait_for in_state "$child" T
	# When the shell does something it has the terminal again: until then a key would still go to the child.
	shell_does 'jobs >jobs'
	grep -q Stopped jobs
	type 'fg\n'
	wait_for in_front "$child"
	wait_for goes_on
	type '\032'
	wait_for in_state "$child" T
	shell_does bg
	wait_for goes_on
	shell_does 'jobs >jobs'
	grep -q Running jobs
	# A shell does not tell a job that runs that it is in front again: the first key goes to the supervisor.
	type 'fg\n'
	wait_for in_front "$supervisor"
	type '\032'
	wait_for in_state "$child" T
	shell_does 'jobs >jobs'
	grep -q Stopped jobs
	type 'fg; echo "after $?" >after\n'
	wait_for in_front "$child"
	type '\003'
	wait_for test -s after
	same cat said after <<<$'code=9 signal=0 dumped=0 left=0\nafter 0'
	shell_ends
}

@test "terminal: a child in the background that reads from it stops us as well, and goes on in front" {
	shell
	type '"$GCS_TOOLS/proc" spawn in= foreground= -- bash -c '\''echo $$ >pid; read -r line; echo "got $line"'\'' >said &\n'
	wait_for test -s pid
	wait_for in_state "$(cat pid)" T
	wait_for in_state "$(sed 's/.*) //' "/proc/$(cat pid)/stat" | cut -d' ' -f2)" T
	type 'fg\n'
	wait_for in_front "$(cat pid)"
	type 'hello\n'
	wait_for test -s said
	shell_ends
	same cat said <<<$'got hello\ncode=0 signal=0 dumped=0 left=0'
}

# --- output and follow ---

# put IN LIMIT KEEP: copies a file to out, with rotation; says how much is lost.
put() {
	proc put . out "$2" "$3" <"$1"
}

# kept: all there is of out, oldest first.
kept() {
	for i in $(seq 99 -1 1); do
		[ ! -e "out.$i" ] || cat "out.$i"
	done
	cat out
}

@test "output: rotation by size, after the end of a line, as many kept as asked for" {
	seq 1000 1999 >all # 5000 bytes
	same put all 1002 9 <<<0
	same stat -c '%n %s' out out.? <<-'END'
		out 1000
		out.1 1000
		out.2 1000
		out.3 1000
		out.4 1000
	END
	same kept <all
	same put all 1002 2 <<<0
	same stat -c '%n %s' out out.1 out.2 <<<$'out 1000\nout.1 1000\nout.2 1000'
	tail -n 400 all >want
	same cat out.1 out <want
	rm out*
	same put all 1002 0 <<<0
	[ "$(ls out*)" = out ]
	[ "$(stat -c %s out)" = 1000 ]
}

@test "output: a line longer than a file is cut, and nothing is lost; an old file is gone on with" {
	head -c 5000 /dev/zero | tr '\0' x >all
	same put all 1000 9 <<<0
	same kept <all
	[ "$(stat -c %s out.4)" = 1000 ]
	echo again >again
	rm out.?
	same put again 10000 9 <<<0
	tail -c 1000 all | cat - again >want
	same cat out <want
	ln -sf elsewhere out
	fails 1 put again 1000 1 <<<"proc: 7: cannot open 'out': Too many levels of symbolic links"
}

@test "output: a child that writes a lot, followed while its files turn: every byte once, in order" {
	"$GCS_TOOLS/proc" follow . out all >followed 2>skipped 3>&- &
	follower=$!
	same proc spawn limit=20000,90,.,out -- seq 100000 199999 <<<'lost=0 code=0 signal=0 dumped=0 left=0'
	: >end
	wait "$follower"
	same cat skipped </dev/null
	seq 100000 199999 >all
	cmp followed all
	kept >got
	cmp got all
	[ -e out.30 ]
}

@test "output: stdout and stderr in one file are in the order they were written" {
	proc spawn limit=10000,1,.,out -- sh -c 'echo 1; echo 2 >&2; echo 3'
	same cat out <<<$'1\n2\n3'
}

@test "output: a full disk loses output and nothing else, and the file tells how much" {
	need_root
	mkdir disk
	mount -t tmpfs -o size=1m gcs-test disk || skip 'cannot mount a tmpfs'
	head -c 900000 /dev/zero >disk/ballast
	# The child waits in the middle until we have made room again.
	begin limit=10000000,1,disk,out -- sh -c 'seq 100000 199999; : >filled; while [ ! -e room ]; do sleep 0.01; done; echo last'
	wait_for test -e filled
	is_full() { [ "$(stat -f -c %f disk)" -eq 0 ]; }
	wait_for is_full
	rm disk/ballast
	: >room
	wait "$supervisor"
	cp disk/out out
	umount disk
	same cat said <<<'lost=0 code=0 signal=0 dumped=0 left=0'
	[ "$(grep -c '^\[gcs: ' out)" -eq 1 ]
	lost=$(sed -n 's/^\[gcs: \([0-9]*\) bytes of output lost here\]$/\1/p' out)
	# All that was written is there or counted, but for the line and the end of line before it.
	[ $((lost + $(sed '/^\[gcs: /d' out | wc -c) - 1)) -eq 700005 ]
	[ "$(tail -n 1 out)" = last ]
}

@test "output: what no file could tell of is said to who asks" {
	need_root
	mkdir disk
	mount -t tmpfs -o size=64k gcs-test disk || skip 'cannot mount a tmpfs'
	head -c 100000 /dev/zero >zeros
	code=0
	proc put disk out 10000000 1 <zeros >said || code=$?
	size=$(stat -c %s disk/out)
	umount disk
	[ "$code" -eq 0 ]
	same cat said <<<$((100000 - size))
}

@test "output: a limit on the size of files is a full disk too" {
	head -c 100000 /dev/zero >zeros
	(ulimit -f 32 && put zeros 10000000 1) >said
	same cat said <<<$((100000 - 32 * 1024))
}

@test "follow: the last lines, across files, with and without an end of the last line" {
	: >end
	same proc follow . out 3 </dev/null
	seq 1000 1999 >all
	put all 1002 9
	same proc follow . out 2 <<<$'1998\n1999'
	same proc follow . out 0 </dev/null
	for n in 1 199 200 201 999; do
		tail -n "$n" all >want
		same proc follow . out "$n" <want
	done
	for n in 1000 1001 all; do
		same proc follow . out "$n" <all
	done
	printf rest >>out
	[ "$(proc follow . out 2)" = $'1999\nrest' ]
}

@test "follow: from before there is a file, through one that is emptied, to the end told" {
	"$GCS_TOOLS/proc" follow . out 10 >followed 3>&- &
	follower=$!
	echo one >>out
	wait_for grep -q one followed
	: >out
	echo 2 >>out
	wait_for grep -q 2 followed
	echo three >>out
	: >end
	wait "$follower"
	same cat followed <<<$'one\n2\nthree'
}

@test "follow: one that falls behind more than is kept says so, and goes on with the oldest" {
	seq 1000 1999 >all
	put all 1002 3
	"$GCS_TOOLS/proc" follow . out 0 >followed 2>skipped 3>&- &
	follower=$!
	wait_for has_open "$follower" "$work/out"
	stops "$follower"
	put all 1002 3
	put all 1002 3
	: >end
	kill -CONT "$follower"
	wait
	same cat skipped <<<skipped
	kept >want
	same cat followed <want
}

# --- gpus ---

# nvidia PCI-ADDRESS TEXT: what the driver would show below root/.
nvidia() {
	mkdir -p "root/proc/driver/nvidia/gpus/$1"
	printf '%s\n' "Model: 		 NVIDIA $2" "IRQ:   		 35" "GPU UUID: 	 $3" >"root/proc/driver/nvidia/gpus/$1/information"
}

# amd NODE SIMDS UNIQUE NAME
amd() {
	mkdir -p "root/sys/class/kfd/kfd/topology/nodes/$1"
	printf 'cpu_cores_count 0\nsimd_count %s\nunique_id %s\n' "$2" "$3" >"root/sys/class/kfd/kfd/topology/nodes/$1/properties"
	echo "$4" >"root/sys/class/kfd/kfd/topology/nodes/$1/name"
}

# smi TEXT: an nvidia-smi that runs it.
smi() {
	mkdir -p root/usr/bin
	printf '#!/bin/sh\n%s\n' "$1" >root/usr/bin/nvidia-smi
	chmod +x root/usr/bin/nvidia-smi
}

@test "gpus: NVIDIA's by address, then AMD's by node, with what shows them to a program" {
	nvidia 0000:41:00.0 A100 GPU-bbbb
	nvidia 0000:01:00.0 A100 GPU-aaaa
	amd 0 0 0 cpu
	amd 10 256 4660 gfx90a
	amd 2 256 15 gfx90a
	smi 'echo "GPU-never, asked"'
	same proc gpus root <<-'END'
		nvidia 0 GPU-aaaa 'NVIDIA A100'
		nvidia 1 GPU-bbbb 'NVIDIA A100'
		amd 0 GPU-000000000000000f 'gfx90a'
		amd 1 GPU-0000000000001234 'gfx90a'
		nvidia=GPU-aaaa,GPU-bbbb
		amd=GPU-000000000000000f,GPU-0000000000001234
	END
	proc gpus root 1 | tail -n 2 >got
	same cat got <<<$'nvidia=GPU-aaaa\namd='
	proc gpus root 5 >got 2>errors && return 1
	same cat errors <<<'proc: 1: gpu:4 is not among the 4 GPUs of this host'
	# One without a UUID: by index, all of them.
	nvidia 0000:01:00.0 A100 'GPU-????????-????'
	proc gpus root 2 | tail -n 2 >got
	same cat got <<<$'nvidia=0,1\namd='
}

@test "gpus: nvidia-smi is asked where the driver shows nothing, but not for ever, nor believed when it fails" {
	same proc gpus root <<<$'nvidia=\namd='
	smi '[ "$*" = "--query-gpu=uuid,name --format=csv,noheader" ] && echo "GPU-1, NVIDIA L4" && echo "GPU-2, NVIDIA L4"'
	same proc gpus root <<-'END'
		nvidia 0 GPU-1 'NVIDIA L4'
		nvidia 1 GPU-2 'NVIDIA L4'
		nvidia=GPU-1,GPU-2
		amd=
	END
	smi 'echo "GPU-1, NVIDIA L4"; exit 9'
	same proc gpus root <<<$'nvidia=\namd='
	smi 'echo "NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver"'
	same proc gpus root <<<$'nvidia=\namd='
	smi "echo \$\$ >$work/pid; trap '' TERM; sleep 1000 & wait; sleep 1000"
	same proc gpus root <<<$'nvidia=\namd='
	gone() { ! kill -0 -- "-$(cat pid)" 2>/dev/null; }
	wait_for gone
}
