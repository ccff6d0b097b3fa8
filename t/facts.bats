# The 18 facts of the store: each is shown twice, with its cure and, in the program with seams (lib/base/seam.h),
# without it. What goes wrong without the cure is what the cure is for.
#
# Scripts for a disk of their own stand in quotes, and are run by another shell.
# shellcheck disable=SC2016,SC2154
load lib
load fault

setup() {
	store
}

pages() {
	echo $(($(stat -c %s "$GCS_DIR/data.mdb") / 4096))
}

# --- 1: an opener that dies inside mdb_env_open while another waits there ---

# opener_dies SEAMS: after two commits a first process opens the store and stops where LMDB has its exclusive lock
# and has not yet told the lock table of the newest commit; a second one comes to write b; then the first is killed.
# Leaves the second one's exit code in $code.
opener_dies() {
	local second
	gcs kv put a 1
	gcs kv put a 2
	stops_at pread64 2 "$1" kv get a
	GCS_SEAM=$1 "$GCS_SEAMS_BIN" kv put b 1 2>"$BATS_TEST_TMPDIR/second" 3>&- &
	second=$!
	wait_for waits_somewhere
	kill -KILL "$first"
	code=0
	wait "$second" || code=$?
}

waits_somewhere() {
	locked '-> ' lock.mdb || locked '-> ' gate
}

@test "1: without gate and check a death while opening loses what was acknowledged" {
	opener_dies no-gate,no-check
	[ "$code" -eq 0 ]
	[ "$(gcs kv get a)" = 1 ]
	fails 1 gcs kv get b
}

@test "1: the gate alone is enough" {
	opener_dies no-check,no-heal
	[ "$code" -eq 0 ]
	[ "$(gcs kv get a) $(gcs kv get b)" = '2 1' ]
}

@test "1: check and heal alone are enough" {
	opener_dies no-gate
	[ "$code" -eq 0 ]
	[ "$(gcs kv get a) $(gcs kv get b)" = '2 1' ]
	gcs doctor --deep
}

@test "1: the check alone refuses, and loses nothing" {
	opener_dies no-gate,no-heal
	[ "$code" -eq 7 ]
	grep -q 'does not know the newest commit' "$BATS_TEST_TMPDIR/second"
	[ "$(gcs kv get a)" = 2 ]
}

@test "1: with everything nobody notices" {
	opener_dies ''
	[ "$code" -eq 0 ]
	[ "$(gcs kv get a) $(gcs kv get b)" = '2 1' ]
}

# --- 2, 3: descriptors ---

@test "2: without stdin, stdout and stderr nothing of what is printed lands in the store" {
	gcs kv put a 1
	code=0
	gcs kv get a <&- >&- 2>&- || code=$?
	[ "$code" -eq 0 ]
	gcs kv put a 2 --new <&- >&- 2>&- || code=$?
	[ "$code" -eq 3 ]
	[ "$(gcs kv get a)" = 1 ]
	gcs doctor --deep
}

@test "2: without the cure it does" {
	gcs kv put a 1
	GCS_SEAM=no-streams seams kv get a <&- >&- 2>&-
	fails 7 gcs kv get a
}

# What of the store the child of a watch has open.
child_sees() {
	GCS_SEAM=$1 seams watch --since 0 --count 1 -- find /proc/self/fd -lname "$GCS_DIR*" -printf '%l\n' | sed "s|$GCS_DIR/*||" | sort
}

@test "3: children have nothing of the store" {
	gcs kv put a 1
	[ "$(child_sees '')" = '' ]
	[ "$(child_sees no-close-range)" = '' ]
	[ "$(child_sees no-cloexec)" = '' ]
	[ "$(child_sees no-close-range,no-cloexec)" = data.mdb ]
}

# --- 4: LMDB's locks belong to the process and go with any close of the file ---

@test "4: only LMDB opens the lock file, and once" {
	for command in 'kv put a 1' 'kv get a' 'node list' doctor 'kv delete a'; do
		# shellcheck disable=SC2086
		strace -o "$trace" -e trace=open,openat,openat2,creat "$GCS_BIN" $command >/dev/null
		[ "$(grep -c 'lock\.mdb' "$trace")" -eq 1 ]
		grep -qE '"/proc/self/fd/[0-9]+/lock\.mdb", O_RDWR\|O_CREAT\|O_CLOEXEC' "$trace"
	done
}

# Two writers at once, without our own lock, so that it is LMDB's that matters: the first stands still in the middle of
# its commit, the second comes and (where it can) goes before the first moves on.
two_writers() {
	local second
	stops_at fdatasync 1 "no-writer-lock,$1" kv put first 1
	GCS_SEAM=no-writer-lock "$GCS_SEAMS_BIN" kv put second 1 3>&- &
	second=$!
	if [ "$1" = touch-lock ]; then
		wait "$second"
	else
		wait_for locked "POSIX +ADVISORY +WRITE +$second" lock.mdb
	fi
	kill -CONT "$first"
	wait "$watcher"
	[ "$1" = touch-lock ] || wait "$second"
}

@test "4: with LMDB's locks in place the second writer waits" {
	two_writers no-gate
	[ "$(gcs kv get first) $(gcs kv get second)" = '1 1' ]
	gcs doctor --deep
}

@test "4: after an open and a close of our own there are two writers, and one's commit is gone" {
	two_writers touch-lock
	fails 1 gcs kv get first
}

@test "4: a second store in a process, and a store across a fork, are refused" {
	fails 7 "$GCS_TOOLS/stores" twice <<-EOF
		'$GCS_DIR' is open in this process already
	EOF
	fails 7 "$GCS_TOOLS/stores" fork <<-EOF
		'$GCS_DIR' was opened before a fork: open it anew
	EOF
	gcs doctor
}

# --- 5: the version ---

@test "5: the version of what was read is our own number, not LMDB's" {
	printf 'kv put %s 1\n' a b c | gcs batch
	gcs kv put d 1
	same gcs kv list -o json --limit 0 <<-EOF
		{"v":1,"seq":4,"items":[]}
	EOF
	[ "$(GCS_SEAM=id-as-seq seams kv list -o json --limit 0)" = '{"v":1,"seq":3,"items":[]}' ]
}

# --- 6: waking ---

# watching SEAMS [strace arguments…]: a watch for one event, which waits by now; its process is $watcher.
watching() {
	local trace_it=()
	rm -f "$BATS_TEST_TMPDIR/cursor"
	[ $# -eq 1 ] || trace_it=(strace -o "$trace" "${@:2}")
	GCS_SEAM=$1 "${trace_it[@]}" "$GCS_SEAMS_BIN" watch --count "${count:-1}" --timeout "${patience:-60s}" -o jsonl \
		--cursor-file "$BATS_TEST_TMPDIR/cursor" \
		>"$BATS_TEST_TMPDIR/events" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	watcher=$!
	wait_for test -e "$BATS_TEST_TMPDIR/cursor"
}

seen() {
	wait "$watcher"
	grep -q '"type":"KV_PUT"' "$BATS_TEST_TMPDIR/events"
}

# Not even in longer than the poll takes.
unseen() {
	sleep 1.2
	[ ! -s "$BATS_TEST_TMPDIR/events" ]
	kill -KILL "$watcher"
	wait "$watcher" 2>"$BATS_TEST_TMPDIR/gone" || [ $? -eq 137 ]
}

@test "6: a bell that is lost costs time, never an event" {
	watching ''
	GCS_SEAM=no-bell seams kv put a 1
	seen
	watching ''
	code=0
	GCS_SEAM=crash=after-commit seams kv put a 2 || code=$?
	[ "$code" -eq 137 ]
	seen
}

@test "6: with the bell and without a poll it is seen, without both it is not" {
	watching no-poll
	gcs kv put a 1
	seen
	watching no-poll
	GCS_SEAM=no-bell seams kv put a 2
	unseen
}

@test "6: a watcher that gets no inotify polls" {
	watching '' -e trace=inotify_init1,ppoll -e inject=inotify_init1:error=EMFILE
	gcs kv put a 1
	seen
	grep -q 'EMFILE.*INJECTED' "$trace"
	patience=5s watching no-poll -e trace=inotify_init1,ppoll -e inject=inotify_init1:error=EMFILE
	gcs kv put a 2
	unseen
}

# --- 7: process namespaces ---

# elsewhere SEAMS COMMAND…: the command in another PID namespace.
elsewhere() {
	local how=-pf
	[ "$(id -u)" -eq 0 ] || how=-Urpf
	if unshare "$how" true; then
		GCS_SEAM=$1 unshare "$how" "$GCS_SEAMS_BIN" "${@:2}"
	else
		GCS_SEAM=pid-ns=1,$1 seams "${@:2}"
	fi
}

@test "7: a directory in use is closed to another PID namespace" {
	patience=1h watching ''
	fails 7 elsewhere '' kv put a 1
	grep -q "is in use from another PID namespace" "$BATS_TEST_TMPDIR/.err"
	elsewhere no-namespace kv put a 2
	seen
	elsewhere '' kv put a 3
	[ "$(gcs kv get a)" = 3 ]
}

# --- 8: damage ---

# What the store says, in all.
all_of_it() {
	"$1" kv list -a -o jsonl && "$1" node list -a -o jsonl && "$1" log -a -p -o jsonl
}

# flips PROGRAM N: turns N bits, one at a time, and reads everything: what it says is right, or it says that something
# is wrong; never a signal. Leaves how often it was which in $right, $refused and $wrong.
flips() {
	local n code data=$GCS_DIR/data.mdb want=$BATS_TEST_TMPDIR/want got=$BATS_TEST_TMPDIR/got
	for n in $(seq 300); do
		[ $((n % 6)) -ne 0 ] || echo "node register n$n -r cpu=$n --label a=$n"
		echo "kv put key$n value$n$RANDOM"
	done | gcs batch >"$got"
	all_of_it "$1" >"$want"
	cp "$data" "$BATS_TEST_TMPDIR/whole"
	right=0 refused=0 wrong=0
	for n in $(seq "$2"); do
		cp "$BATS_TEST_TMPDIR/whole" "$data"
		"$GCS_TOOLS/flipbit" "$data" "$n" >"$BATS_TEST_TMPDIR/bit"
		code=0
		all_of_it "$1" >"$got" 2>"$BATS_TEST_TMPDIR/err" || code=$?
		if [ "$code" -eq 7 ] && [ "$(wc -l <"$BATS_TEST_TMPDIR/err")" -eq 1 ]; then
			refused=$((refused + 1))
		elif [ "$code" -eq 0 ] && cmp -s "$want" "$got"; then
			right=$((right + 1))
		else
			echo "flip $n, $(cat "$BATS_TEST_TMPDIR/bit"): exit $code $(cat "$BATS_TEST_TMPDIR/err")"
			wrong=$((wrong + 1))
		fi
	done
	echo "right $right, refused $refused, wrong $wrong"
}

@test "8: of 200 flipped bits none passes unseen, and none ends in a signal" {
	flips gcs 200
	[ "$wrong" -eq 0 ]
	[ "$refused" -gt 20 ]
}

@test "8: without checksums bits pass unseen" {
	export GCS_SEAM=no-crc
	flips seams 100
	[ "$wrong" -gt 5 ]
}

# --- 9: the lock file on a full disk ---

@test "9: the lock file has its room from the start" {
	[ "$(stat -c '%s' "$GCS_DIR/lock.mdb")" -ge 65664 ]
	[ $(($(stat -c '%b * %B' "$GCS_DIR/lock.mdb"))) -ge 65664 ]
}

@test "9: a lock file that cannot be made is said, not a signal" {
	on_small_disk 4m '
		gcs kv put a 1
		rm "$GCS_DIR/lock.mdb"
		fill_disk
		fails 7 gcs kv get a <<-EOF
			gcs: kv get: cannot use '\''$GCS_DIR/lock.mdb'\'': No space left on device
		EOF
		rm -f "$GCS_DIR/lock.mdb"
		GCS_SEAM=no-fallocate fails 7 seams kv get a <<-EOF
			gcs: state damaged, run gcs doctor
		EOF
		rm "$fs/filler" "$GCS_DIR/lock.mdb"
		[ "$(gcs kv get a)" = 1 ]'
}

# --- 10: a suspended writer ---

# suspended SEAMS: a writer gets Ctrl-Z in the middle of its transaction. Leaves it in $first.
suspended() {
	# A process group of its own within the session, or Ctrl-Z would not stop it.
	set -m
	GCS_SEAM=commit-delay=2000,$1 "$GCS_SEAMS_BIN" kv put a 1 3>&- &
	first=$!
	set +m
	wait_for writing "$first"
	kill -TSTP "$first"
	wait_for in_state "$first" T
}

@test "10: Ctrl-Z stops a writer only after its commit" {
	suspended ''
	[ "$(gcs kv get a)" = 1 ]
	gcs kv put b 1 --lock-timeout 0s
	kill -CONT "$first"
	wait "$first"
}

@test "10: without blocked signals it stops with the lock, and everybody waits" {
	suspended no-signal-block
	fails 8 gcs kv put b 1 --lock-timeout 50ms <<-EOF
		gcs: kv put: the store is busy: pid $first has held the writer lock for more than 50ms
	EOF
	kill -CONT "$first"
	wait "$first"
	gcs kv put b 1
}

@test "10: who waits for a writer that stands still gives up, and says for whom it waited" {
	stops_at fdatasync 1 '' kv put a 1
	fails 8 gcs kv put b 1 --lock-timeout 50ms <<-EOF
		gcs: kv put: the store is busy: pid $first has held the writer lock for more than 50ms
	EOF
	fails 8 gcs kv put b 1 --lock-timeout 0s <<-EOF
		gcs: kv put: the store is busy: pid $first holds the writer lock
	EOF
	fails 1 gcs kv get a
	# With LMDB's lock alone nothing ends the waiting but this.
	code=0
	GCS_SEAM=no-writer-lock timeout -s KILL 0.3 "$GCS_SEAMS_BIN" kv put b 1 --lock-timeout 50ms || code=$?
	[ "$code" -eq 137 ]
	kill -CONT "$first"
	wait "$watcher"
	[ "$(gcs kv get a)" = 1 ]
}

# --- 11: idle readers ---

# slow_reader SEAMS: a list that nobody reads, so that it stands still in the middle; then commits. Leaves in $grown
# by how many pages the file grew.
slow_reader() {
	local before
	for n in $(seq 2000); do echo "kv put key$n $n"; done | gcs batch
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 7<>"$BATS_TEST_TMPDIR/pipe"
	GCS_SEAM=$1 "$GCS_SEAMS_BIN" kv list -o jsonl >"$BATS_TEST_TMPDIR/pipe" 3>&- 7>&- &
	watcher=$!
	wait_for "$2" "$watcher"
	gcs kv put a 1
	before=$(pages)
	for n in $(seq 60); do
		gcs kv put a "$n"
	done
	grown=$(($(pages) - before))
	kill -0 "$watcher"
	exec 7>&-
}

# It waits for its pipe, inside its transaction or not.
stands_reading() {
	in_state "$1" S && reading "$1"
}

stands_without_reading() {
	[ "$(readlink "/proc/$1/exe")" = "$(readlink -f "$GCS_SEAMS_BIN")" ] && in_state "$1" S && ! reading "$1"
}

@test "11: a slow reader of a long list holds no read transaction" {
	slow_reader '' stands_without_reading
	echo "grown by $grown pages"
	[ "$grown" -le 20 ]
}

@test "11: one that waits inside its transaction makes the file grow" {
	slow_reader no-patience stands_reading
	echo "grown by $grown pages"
	[ "$grown" -ge 60 ]
}

# --- 12: killed writers and readers ---

@test "12: a killed writer leaves all or nothing, and the next goes on" {
	gcs kv add n 1
	for where in after-begin before-commit after-commit; do
		code=0
		GCS_SEAM=crash=$where seams kv add n 1 || code=$?
		[ "$code" -eq 137 ]
	done
	# Of the three one had committed.
	[ "$(gcs kv add n 1 --lock-timeout 0s)" = 3 ]
	gcs doctor --deep
}

@test "12: a request id makes the repeat of a command that had committed without telling harmless" {
	code=0
	GCS_SEAM=crash=after-commit seams kv add n 1 --request-id one || code=$?
	[ "$code" -eq 137 ]
	[ "$(gcs kv add n 1 --request-id one)" = 1 ]
	[ "$(gcs kv get n)" = 1 ]
	GCS_SEAM=crash=after-commit seams kv add n 1 || code=$?
	[ "$(gcs kv add n 1)" = 3 ]
}

# dead_reader SEAMS: a reader is killed in its transaction; then commits, whose growth is left in $grown.
dead_reader() {
	local before
	gcs kv put a 0
	code=0
	GCS_SEAM=crash=reading seams kv get a || code=$?
	[ "$code" -eq 137 ]
	before=$(pages)
	for n in $(seq 60); do
		GCS_SEAM=$1 seams kv put a "$n"
	done
	grown=$(($(pages) - before))
	echo "grown by $grown pages"
}

@test "12: a killed reader's place is freed by the next writer" {
	dead_reader ''
	[ "$grown" -le 20 ]
}

@test "12: without that it pins the pages it saw" {
	# The opener of a store that nobody has open starts a new table.
	count=1000 patience=1h watching ''
	dead_reader no-reader-check
	[ "$grown" -ge 60 ]
}

@test "12: a table full of dead readers is cleared" {
	local slots=$BATS_TEST_TMPDIR/slots dead
	# Somebody has the store open, or the next one would start with a new table.
	stops_at fdatasync 1 '' kv put b 1
	dead=$(bash -c 'echo $$')
	# A reader is 64 bytes, txnid and pid in front; the table begins at byte 128, its length stands at byte 56.
	printf '\1\0\0\0\0\0\0\0' >"$slots"
	# shellcheck disable=SC2059
	printf "\\x$(printf %02x $((dead & 255)))\\x$(printf %02x $((dead >> 8 & 255)))\\x$(printf %02x $((dead >> 16)))" >>"$slots"
	truncate -s 64 "$slots"
	for _ in $(seq 10); do
		cat "$slots" "$slots" >"$slots.2"
		mv "$slots.2" "$slots"
	done
	dd if="$slots" of="$GCS_DIR/lock.mdb" bs=64 seek=2 conv=notrunc status=none
	printf '\0\4\0\0' | dd of="$GCS_DIR/lock.mdb" bs=1 seek=56 conv=notrunc status=none
	GCS_SEAM=no-reader-check fails 8 seams kv get a <<-EOF
		gcs: kv get: the store is busy: all places for readers are taken
	EOF
	fails 1 gcs kv get a
	kill -CONT "$first"
	wait "$watcher"
	[ "$(gcs kv get b)" = 1 ]
}

# --- 13: what LMDB has and we do not use ---

@test "13: no feature of LMDB is used that is known to have bugs" {
	cd "$root"
	code=0
	grep -rnE 'MDB_(DUP|INTEGERDUP|REVERSEDUP|WRITEMAP|MAPASYNC|NOSYNC|MULTIPLE|CURRENT|NEXT_DUP|GET_MULTIPLE)|mdb_cursor_(del|put)|mdb_drop' lib cmd || code=$?
	[ "$code" -eq 1 ]
	# Each transaction has no parent.
	grep -rhoE 'mdb_txn_begin\([^,]*, [^,]*,' lib cmd >"$BATS_TEST_TMPDIR/begins"
	[ -s "$BATS_TEST_TMPDIR/begins" ]
	[ "$(grep -vc ', NULL,$' "$BATS_TEST_TMPDIR/begins")" -eq 0 ]
}

# --- 14: room ---

# lines N BYTES: a batch of N puts of values of that size.
lines() {
	local value
	value=$(printf '%0*d' "$2" 0)
	for n in $(seq "$1"); do
		echo "kv put key$n $value"
	done
}

@test "14: a map that is full in the middle of a transaction grows" {
	lines 40 100000 | GCS_SEAM=map=1048576 seams batch
	[ "$(gcs kv list -o id | wc -l)" -eq 40 ]
	gcs doctor --deep
}

@test "14: without growing the whole transaction fails" {
	gcs kv put a 1
	lines 40 100000 >"$BATS_TEST_TMPDIR/lines"
	code=0
	GCS_SEAM=map=1048576,no-grow seams batch <"$BATS_TEST_TMPDIR/lines" 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 7 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/err")" -eq 1 ]
	[ "$(gcs kv list -o name)" = a ]
	gcs kv put a 2
	gcs doctor --deep
}

@test "14: a process whose map is smaller than the data goes on with a larger one" {
	count=41 watching map=1048576
	lines 40 100000 | gcs batch
	gcs kv put last 1
	wait "$watcher"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/events")" -eq 41 ]
}

@test "14: without that it can go no further" {
	count=41 watching map=1048576,no-grow
	lines 40 100000 | gcs batch
	code=0
	wait "$watcher" || code=$?
	[ "$code" -eq 7 ]
}

@test "14: a quota refuses what adds, whole, and lets go what frees" {
	gcs config quota 300Ki
	gcs kv put a 1
	lines 40 10000 >"$BATS_TEST_TMPDIR/lines"
	code=0
	gcs batch <"$BATS_TEST_TMPDIR/lines" 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 7 ]
	grep -q 'the quota of 300Ki is used up: delete something first' "$BATS_TEST_TMPDIR/err"
	[ "$(gcs kv list -o name)" = a ]
	gcs kv put b 1
	gcs kv delete a
	gcs config quota default
	gcs batch <"$BATS_TEST_TMPDIR/lines"
	gcs doctor --deep
}

@test "14: on a full disk deletes work, thanks to a reserve" {
	on_small_disk 8m '
		for n in $(seq 200); do echo "kv put key$n $n$n$n$n$n$n$n$n$n$n$n$n$n$n$n$n$n$n"; done | gcs batch
		fill_disk
		[ "$(gcs kv get key7)" = 777777777777777777 ]
		code=0
		while gcs kv put more "$(printf %09999d 0)$((code += 1))" 2>"$fs/../said"; do :; done
		grep "the disk under .* is full" "$fs/../said"
		GCS_SEAM=no-reserve fails 7 seams kv delete --prefix key1
		gcs kv delete --prefix key1
		gcs doctor --deep
		[ "$(gcs kv list -o id | wc -l)" -lt 100 ]
		rm "$fs/filler"
		gcs kv put after 1
		gcs kv put after 2
		[ "$(stat -c "%s" "$GCS_DIR/reserve")" -eq 1048576 ]
		gcs doctor --deep'
}

# --- 15: file systems ---

@test "15: what is not a local file system is refused by name" {
	GCS_SEAM=fs-magic=6969 fails 7 seams status <<-EOF
		gcs: status: '$GCS_DIR' is on nfs: only ext4, xfs, btrfs, tmpfs, zfs, f2fs and bcachefs will do
	EOF
	GCS_SEAM=fs-magic=6969 fails 7 seams kv put a 1
	GCS_SEAM=fs-magic=65735546 fails 7 seams -D "$BATS_TEST_TMPDIR/new" init
	GCS_SEAM=fs-magic=abcdef fails 7 seams status <<-EOF
		gcs: status: '$GCS_DIR' is on a file system of unknown kind (0xabcdef), which may not be local
	EOF
	GCS_SEAM=fs-magic=6969,no-fs-check seams kv put a 1
	GCS_SEAM=fs-magic=794c7630 seams kv put a 2 2>"$BATS_TEST_TMPDIR/err"
	grep -q 'is on overlayfs: it must not be seen through another mount' "$BATS_TEST_TMPDIR/err"
}

@test "15: tmpfs will do" {
	on_small_disk 4m 'gcs kv put a 1; [ "$(gcs kv get a)" = 1 ]'
}

# --- 16, 18: flushes, and calls in all ---

# flushes SEAMS COMMAND…: how often the program flushes to disk, by name or by writing to what was opened O_DSYNC.
flushes() {
	GCS_SEAM=$1 strace -f -o "$trace" "$GCS_SEAMS_BIN" "${@:2}" >"$BATS_TEST_TMPDIR/out" 2>&1
	awk '
		/ openat\(.*O_D?SYNC.* = [0-9]+$/ { synced[$NF] = 1 }
		/ (fsync|fdatasync|msync|sync_file_range|syncfs|sync)\(/ { n++ }
		/ p?writev?(64|2)?\([0-9]+,/ { fd = $2; sub(/^[a-z0-9]+\(/, "", fd); sub(/,.*/, "", fd); n += fd in synced }
		END { print n + 0 }' "$trace"
}

# The commit's own order: the number of the line where a pattern stands last in the trace.
line_of() {
	grep -nE "$1" "$trace" | tail -1 | cut -d : -f 1
}

@test "16: group sync flushes twice, too, the second time when others may write already" {
	[ "$(flushes '' kv put a 1)" -eq 2 ]
	[ "$(line_of F_UNLCK)" -gt "$(line_of 'fdatasync|pwrite64\([0-9]+, .*, 120, ')" ]
	gcs config sync group
	[ "$(flushes '' kv put a 2)" -eq 2 ]
	[ "$(line_of fdatasync)" -gt "$(line_of F_UNLCK)" ]
	[ "$(line_of fdatasync)" -gt "$(line_of ', 120, ')" ]
	[ "$(gcs kv get a)" = 2 ]
}

@test "16: without the second flush the commit is not on disk when it is told" {
	gcs config sync group
	[ "$(flushes no-group-flush kv put a 3)" -eq 1 ]
}

# --- 17: C libraries ---

@test "17: a directory of another C library is refused, and stays that library's" {
	rm -r "$GCS_DIR"
	GCS_SEAM=libc=musl-40-8 seams -q init
	GCS_SEAM=libc=musl-40-8 seams kv put a 1
	for command in 'kv put a 2' 'kv get a' init; do
		# shellcheck disable=SC2086
		fails 7 gcs $command
		grep -q 'was made by a program with another C library or lock layout (musl-40-8, this is glibc' "$BATS_TEST_TMPDIR/.err"
	done
	GCS_SEAM=no-libc-check seams kv put a 3
	fails 7 gcs kv get a
	[ "$(GCS_SEAM=libc=musl-40-8 seams kv get a)" = 3 ]
}

# --- 18: what a call costs ---

reads=('node show n1' 'node list' 'node alive n1' 'kv get a' 'kv list' log 'show 1' status config 'config quota')
writes=('kv put a 1' 'kv put a 2' 'kv add n 1' 'label n1 a=b' 'cordon n1 -m why' 'uncordon n1' 'node register n2 -r cpu=1'
	'node fail n2 -m why' 'config quota 1G' 'clock +1s' 'kv delete a')

# calls COMMAND…: how many calls the program makes after start-up, which is what one makes that only returns 0.
calls() {
	local bare
	bare=$(strace -o "$trace" "$GCS_TOOLS/bare" && grep -c '(' "$trace")
	strace -o "$trace" "$GCS_BIN" "$@" >"$BATS_TEST_TMPDIR/out"
	echo $(($(grep -c '(' "$trace") - bare))
}

@test "18: a durable command flushes exactly twice, a read and a heartbeat never" {
	gcs node register n1 -r cpu=8
	gcs kv put a 0
	for command in "${reads[@]}" 'node heartbeat n1'; do
		# shellcheck disable=SC2086
		[ "$(flushes '' $command)" -eq 0 ] || { echo "flushes: $command" && false; }
	done
	for command in "${writes[@]}"; do
		# shellcheck disable=SC2086
		[ "$(flushes '' $command)" -eq 2 ] || { echo "not two flushes: $command" && false; }
	done
	# What changes nothing is not written.
	gcs kv put a 1
	[ "$(flushes '' label n1 a=b)" -eq 0 ]
}

@test "18: at most 60 calls in a read, 80 in a write" {
	[ -z "${SAN:-}" ] || skip 'a sanitizer makes calls of its own'
	gcs node register n1 -r cpu=8
	gcs kv put a 0
	for command in "${reads[@]}" 'node heartbeat n1'; do
		# shellcheck disable=SC2086
		n=$(calls $command)
		[ "$n" -le 60 ] || { echo "$n calls: $command" && false; }
	done
	for command in "${writes[@]}"; do
		# shellcheck disable=SC2086
		n=$(calls $command)
		[ "$n" -le 80 ] || { echo "$n calls: $command" && false; }
	done
}
