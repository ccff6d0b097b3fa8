# Faults of the world around a store: processes that are killed, disks that are full, files that are not what they were,
# many at once, and input nobody thought of.
#
# Scripts for a disk of their own stand in quotes, and are run by another shell.
# Each test is a shell of its own.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154
load lib
load fault

# --- killed ---

# missing FILE: the keys of the first column that the store does not have.
missing() {
	gcs kv list -o name --limit 1000000 | sort >"$BATS_TEST_TMPDIR/keys"
	cut -d ' ' -f 1 "$1" | sort | comm -23 - "$BATS_TEST_TMPDIR/keys"
}

# acknowledged WORD: the names told after it.
acknowledged() {
	awk -v word="$1" '$1 == word { print $2 }' "$BATS_TEST_TMPDIR/acks"
}

@test "200 writers killed at random moments lose nothing that was acknowledged, and leave no halves" {
	store
	kills=${KILLS:-200}
	# Under sanitizers a process takes ten times as long, and the moments are tried without as well.
	[ -z "${SAN:-}" ] || kills=${KILLS:-60}
	"$GCS_TOOLS/killer" "$kills" "${SEED:-1}" >"$BATS_TEST_TMPDIR/acks"
	[ "$(acknowledged killed)" -ge "$kills" ]

	# Each put, each of three in one batch, and the keys of nodes that have not failed.
	acknowledged put >"$BATS_TEST_TMPDIR/put"
	[ -s "$BATS_TEST_TMPDIR/put" ]
	[ "$(missing "$BATS_TEST_TMPDIR/put")" = '' ]
	acknowledged three | sed 's/.*/&.1\n&.2\n&.3/' >"$BATS_TEST_TMPDIR/three"
	[ "$(missing "$BATS_TEST_TMPDIR/three")" = '' ]

	# All or none of the three, acknowledged or not.
	grep -E '^v[0-9.]+\.[123]$' "$BATS_TEST_TMPDIR/keys" | sed 's/\.[123]$//' | sort | uniq -c >"$BATS_TEST_TMPDIR/threes"
	[ "$(awk '$1 == 1 && $2 !~ /\./ || $1 == 2' "$BATS_TEST_TMPDIR/threes")" = '' ]

	# A node is there with its key, or failed without it: both in one transaction.
	gcs node list -a --limit 1000000 -o 'fmt=%{name} %{state}\n' >"$BATS_TEST_TMPDIR/nodes"
	awk '$2 == "ALIVE" { print "own." $1 }' "$BATS_TEST_TMPDIR/nodes" | sort >"$BATS_TEST_TMPDIR/owners"
	grep '^own\.' "$BATS_TEST_TMPDIR/keys" | diff - "$BATS_TEST_TMPDIR/owners"
	awk '$2 == "DEAD" { print $1 }' "$BATS_TEST_TMPDIR/nodes" | sort >"$BATS_TEST_TMPDIR/dead"
	acknowledged fail | sort | comm -23 - "$BATS_TEST_TMPDIR/dead" | diff /dev/null -
	cut -d ' ' -f 1 "$BATS_TEST_TMPDIR/nodes" | sort >"$BATS_TEST_TMPDIR/names"
	acknowledged node | sort | comm -23 - "$BATS_TEST_TMPDIR/names" | diff /dev/null -

	# Nobody got a number twice, and none is lost.
	[ "$(gcs kv get sure)" = "$(acknowledged sure)" ]
	[ "$(acknowledged add | sort | uniq -d)" = '' ]
	[ "$(gcs kv get count)" -ge "$(acknowledged add | sort -n | tail -1)" ]
	gcs doctor --deep
}

# calls_of COMMAND…: the calls the program makes, each with its number among those of its name.
calls_of() {
	strace -o "$trace" "$GCS_BIN" "$@" >"$BATS_TEST_TMPDIR/said" 2>&1
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$trace" | awk '$1 != "execve" && $1 != "exit_group" { print $1, ++n[$1] }'
}

# killed_at CALL N COMMAND…: runs the program and kills it when it comes to that call.
killed_at() {
	code=0
	{
		strace -f -o "$trace" -e trace="$1" -e inject="$1:signal=KILL:when=$2" "$GCS_BIN" "${@:3}" || code=$?
	} >"$BATS_TEST_TMPDIR/said" 2>&1
	[ "$code" -eq 137 ]
}

@test "a writer killed at any of its calls leaves the state before or the state after" {
	store
	gcs kv put a 0
	before=0 n=0
	calls_of kv put b 0 >"$BATS_TEST_TMPDIR/calls"
	while read -r name nth; do
		n=$((n + 1))
		# Now and then there is no such call: pages are written one by one, or in a row.
		killed_at "$name" "$nth" kv put a "$n" || [ "$code" -eq 0 ]
		[ "$code" -eq 0 ] || killed=$((${killed:-0} + 1))
		now=$(gcs kv get a)
		[ "$now" = "$n" ] || { [ "$now" = "$before" ] && [ "$code" -eq 137 ]; }
		[ "$now" = "$before" ] || after=$((${after:-0} + 1))
		before=$now
	done <"$BATS_TEST_TMPDIR/calls"
	echo "killed at $killed of $n calls; it was there $after times"
	[ "$killed" -gt 60 ]
	[ "$after" -gt 3 ]
	[ "$after" -lt 60 ]
	gcs doctor --deep
}

@test "an init killed at any of its calls can be done again" {
	calls_of init --test-clock 2026-01-01T00:00:00Z >"$BATS_TEST_TMPDIR/calls"
	while read -r name nth; do
		rm -rf "$GCS_DIR"
		killed_at "$name" "$nth" init --test-clock 2026-01-01T00:00:00Z
		gcs -q init --test-clock 2026-01-01T00:00:00Z
		gcs kv put a 1
		[ "$(gcs kv get a)" = 1 ]
		n=$((${n:-0} + 1))
	done <"$BATS_TEST_TMPDIR/calls"
	[ "$n" -gt 80 ]
	gcs doctor --deep
}

@test "what is left of an init that died before its end is no cluster yet" {
	for call in 'fallocate 2' 'fdatasync 1'; do
		# shellcheck disable=SC2086
		killed_at $call init
		fails 7 gcs kv get a <<-EOF
			gcs: kv get: no cluster in '$GCS_DIR' (make one with: gcs init)
		EOF
	done
	gcs -q init
	gcs kv put a 1
}

@test "SIGTERM in a write comes after the commit, and before what would be printed" {
	store
	GCS_SEAM=commit-delay=300 "$GCS_SEAMS_BIN" kv add a 1 >"$BATS_TEST_TMPDIR/said" 3>&- &
	first=$!
	wait_for writing "$first"
	kill -TERM "$first"
	code=0
	wait "$first" || code=$?
	[ "$code" -eq 143 ]
	[ ! -s "$BATS_TEST_TMPDIR/said" ]
	[ "$(gcs kv get a)" = 1 ]
}

@test "SIGTERM ends who waits for a writer" {
	store
	stops_at fdatasync 1 '' kv put a 1
	gcs_pid=''
	"$GCS_BIN" kv put b 1 3>&- &
	gcs_pid=$!
	wait_for locked '-> OFDLCK' writer
	kill -TERM "$gcs_pid"
	code=0
	wait "$gcs_pid" || code=$?
	[ "$code" -eq 143 ]
	kill -CONT "$first"
	wait "$watcher"
	fails 1 gcs kv get b
	[ "$(gcs kv get a)" = 1 ]
}

# --- many at once ---

@test "50 registers of one name at once make one node" {
	store
	for _ in $(seq 50); do
		"$GCS_BIN" node register same -r cpu=8 >>"$BATS_TEST_TMPDIR/ids" 3>&- &
		pids+=" $!"
	done
	for pid in $pids; do wait "$pid"; done
	[ "$(sort "$BATS_TEST_TMPDIR/ids" | uniq -c | tr -s ' ')" = ' 50 N1' ]
	[ "$(gcs node list -a -o id)" = N1 ]
}

@test "64 writers at once: none fails" {
	store
	for n in $(seq 64); do
		"$GCS_BIN" kv put "key$n" "$n" 3>&- &
		pids+=" $!"
	done
	for pid in $pids; do wait "$pid"; done
	[ "$(gcs kv list -o id | wc -l)" -eq 64 ]
	[ "$(gcs kv list -o json --limit 0)" = '{"v":1,"seq":64,"items":[]}' ]
	gcs doctor --deep
}

@test "of several inits at once one makes the store" {
	for n in $(seq 8); do
		"$GCS_BIN" init >"$BATS_TEST_TMPDIR/init.$n" 2>&1 3>&- &
		pids+=" $!"
	done
	for pid in $pids; do wait "$pid"; done
	[ "$(cat "$BATS_TEST_TMPDIR"/init.* | grep -c 'created a private cluster')" -eq 1 ]
	[ "$(cat "$BATS_TEST_TMPDIR"/init.* | grep -c 'there is already a private cluster')" -eq 7 ]
	gcs kv put a 1
}

# --- disks ---

@test "a full disk fails whole with 7, stays readable, and is writable once there is room" {
	on_small_disk 6m '
		gcs kv put a 1
		gcs node register n1 -r cpu=1
		for n in $(seq 2000); do echo "kv put key$n $(printf %01000d 0)"; done >"$fs/../lines"
		fill_disk
		code=0
		gcs batch <"$fs/../lines" 2>"$fs/../said" || code=$?
		[ "$code" -eq 7 ]
		[ "$(cat "$fs/../said")" = "gcs: batch: the disk under '\''$GCS_DIR'\'' is full" ]
		[ "$(gcs kv list -o name)" = a ]
		gcs node show n1 >"$fs/../said"
		gcs node heartbeat n1
		gcs doctor --deep
		rm "$fs/filler"
		gcs batch <"$fs/../lines"
		gcs doctor --deep
		[ "$(gcs kv list -o id | wc -l)" -eq 2001 ]'
}

@test "a disk mounted read-only can be read, and says so to who writes" {
	on_small_disk 4m '
		gcs kv put a 1
		gcs node register n1 -r cpu=1
		mount -o remount,bind,ro "$fs"
		[ "$(gcs kv get a)" = 1 ]
		gcs node list >"$fs/../said"
		gcs status >"$fs/../said"
		gcs log >"$fs/../said"
		gcs doctor --deep
		fails 7 gcs kv put a 2 <<-EOF
			gcs: kv put: '\''$GCS_DIR'\'' is mounted read-only
		EOF
		fails 7 gcs node heartbeat n1
		fails 7 gcs -D "$fs/new" init
		mount -o remount,bind,rw "$fs"
		gcs kv put a 2'
}

@test "a disk that is too small for init says so, and init can be done again" {
	on_small_disk 4m '
		rm -r "$GCS_DIR"
		dd if=/dev/zero of="$fs/filler" bs=4096 count=824 status=none
		fails 7 gcs init
		rm "$fs/filler"
		gcs -q init
		gcs kv put a 1'
}

# --- the directory ---

@test "a directory that is not there, or no cluster, or none at all" {
	fails 7 gcs status <<-EOF
		gcs: status: no cluster in '$GCS_DIR' (make one with: gcs init)
	EOF
	fails 7 gcs kv put a 1
	mkdir "$GCS_DIR"
	fails 7 gcs status <<-EOF
		gcs: status: no cluster in '$GCS_DIR' (make one with: gcs init)
	EOF
	touch "$GCS_DIR/mine"
	fails 7 gcs init <<-EOF
		gcs: init: '$GCS_DIR' is not empty: it has 'mine'
	EOF
	[ "$(ls -A "$GCS_DIR")" = mine ]
	fails 7 gcs -D "$GCS_DIR/mine" status
	fails 7 gcs -D "$GCS_DIR/mine" init
}

@test "a directory from a newer program is refused" {
	GCS_SEAM=format=2 seams -q init
	fails 7 gcs kv get a <<-EOF
		gcs: kv get: '$GCS_DIR' was made by a newer gcs (format 2, this program knows 1)
	EOF
	fails 7 gcs init
	rm -r "$GCS_DIR"
	GCS_SEAM=needed=5 seams -q init
	fails 7 gcs kv put a 1 <<-EOF
		gcs: kv put: '$GCS_DIR' was made by a newer gcs (it needs features 0x5, which this program does not know)
	EOF
}

# refused WORDS: reading, writing and init end with 7, one line that has these words, and no signal.
refused() {
	fails 7 gcs kv get a
	grep -q "$1" "$BATS_TEST_TMPDIR/.err"
	fails 7 gcs kv put a 2
	grep -q "$1" "$BATS_TEST_TMPDIR/.err"
}

@test "a data file that is none is refused" {
	store
	gcs kv put a 1
	cp "$GCS_DIR/data.mdb" "$BATS_TEST_TMPDIR/whole"
	for n in $(seq 3000); do echo 'no LMDB file at all'; done >"$GCS_DIR/data.mdb"
	refused 'is not an LMDB file'
	head -c 100 "$BATS_TEST_TMPDIR/whole" >"$GCS_DIR/data.mdb"
	refused 'is not an LMDB file'
	: >"$GCS_DIR/data.mdb"
	refused 'no cluster in'
	rm "$GCS_DIR/data.mdb"
	refused 'no cluster in'
	cp "$BATS_TEST_TMPDIR/whole" "$GCS_DIR/data.mdb"
	[ "$(gcs kv get a)" = 1 ]
}

@test "a data file that was cut off is refused at every length, never a signal" {
	store
	for n in $(seq 100); do echo "kv put key$n value$n"; done | gcs batch
	size=$(stat -c %s "$GCS_DIR/data.mdb")
	cp "$GCS_DIR/data.mdb" "$BATS_TEST_TMPDIR/whole"
	for length in $(seq 4096 4096 $((size - 4096))) 5000 $((size - 100)); do
		head -c "$length" "$BATS_TEST_TMPDIR/whole" >"$GCS_DIR/data.mdb"
		refused 'truncated\|not an LMDB file\|damaged'
	done
	# What was told before: the bare state is not sound, and without the check it would be a fault.
	head -c 12288 "$BATS_TEST_TMPDIR/whole" >"$GCS_DIR/data.mdb"
	code=0
	GCS_SEAM=no-size-check seams doctor >"$BATS_TEST_TMPDIR/said" 2>&1 || code=$?
	[ "$code" -eq 7 ]
	cp "$BATS_TEST_TMPDIR/whole" "$GCS_DIR/data.mdb"
	gcs doctor --deep
}

@test "another program's LMDB file is refused, and left alone" {
	mkdir "$GCS_DIR"
	"$GCS_TOOLS/stranger" "$GCS_DIR"
	before=$(cksum <"$GCS_DIR/data.mdb")
	refused 'gate\|not of gcs'
	fails 7 gcs init
	[ "$(cksum <"$GCS_DIR/data.mdb")" = "$before" ]
}

@test "files that are links, or no files, are refused" {
	store
	gcs node register n1
	for file in data.mdb lock.mdb gate writer bell; do
		ln "$GCS_DIR/$file" "$BATS_TEST_TMPDIR/link"
		fails 7 gcs kv put a 1 <<-EOF
			gcs: kv put: '$GCS_DIR/$file' has 2 links, not one
		EOF
		rm "$BATS_TEST_TMPDIR/link"
		mv "$GCS_DIR/$file" "$BATS_TEST_TMPDIR/kept"
		for thing in link fifo directory; do
			case $thing in
			link) ln -s "$BATS_TEST_TMPDIR/kept" "$GCS_DIR/$file" ;;
			fifo) mkfifo "$GCS_DIR/$file" ;;
			directory) mkdir "$GCS_DIR/$file" ;;
			esac
			fails 7 gcs kv put a 1
			rm -rf "${GCS_DIR:?}/$file"
		done
		mv "$BATS_TEST_TMPDIR/kept" "$GCS_DIR/$file"
	done
	ln "$GCS_DIR/pulse" "$BATS_TEST_TMPDIR/link"
	fails 7 gcs node heartbeat n1
	rm "$BATS_TEST_TMPDIR/link"
	gcs node heartbeat n1
	gcs kv put a 1
}

@test "files that are missing are named, and put back by init" {
	store
	gcs kv put a 1
	for file in gate writer; do
		rm "$GCS_DIR/$file"
		fails 7 gcs kv put a 2 <<-EOF
			gcs: kv put: '$GCS_DIR/$file' is missing (gcs init puts it back)
		EOF
		gcs -q init
		gcs kv put a 1
	done
	rm -r "$GCS_DIR/bell" "$GCS_DIR/pulse" "$GCS_DIR/reserve" "$GCS_DIR/watch" "$GCS_DIR/lock.mdb"
	gcs -q init
	[ -f "$GCS_DIR/bell" ] && [ -f "$GCS_DIR/pulse" ] && [ -f "$GCS_DIR/reserve" ] && [ -d "$GCS_DIR/watch" ]
	gcs kv put b 1
	gcs doctor --deep
}

@test "files that belong to somebody else are refused" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can give a file away'
	store
	for file in data.mdb lock.mdb gate writer bell; do
		chown 65534 "$GCS_DIR/$file"
		fails 7 gcs kv put a 1 <<-EOF
			gcs: kv put: '$GCS_DIR/$file' belongs to uid 65534, but its directory to uid 0
		EOF
		chown 0 "$GCS_DIR/$file"
	done
	gcs kv put a 1
}

@test "root in somebody's directory leaves only files of theirs" {
	[ "$(id -u)" -eq 0 ] || skip 'not root'
	mkdir "$GCS_DIR"
	chown 65534:65534 "$GCS_DIR"
	store
	gcs kv put a 1
	gcs node register n1
	gcs node heartbeat n1
	rm "$GCS_DIR/lock.mdb" "$GCS_DIR/bell"
	gcs kv put a 2
	gcs -q init
	[ "$(find "$GCS_DIR" -not \( -user 65534 -group 65534 \))" = '' ]
	gcs log --limit 1 -o json | grep -q '"user":"root"'
}

@test "a directory is its owner's alone, or its group's, whatever the umask" {
	for mask in 000 022 077 0777; do
		for kind in '' --shared; do
			rm -rf "$GCS_DIR"
			(
				umask "$mask"
				# shellcheck disable=SC2086
				"$GCS_BIN" -q init $kind
				gcs kv put a 1
			)
			if [ "$kind" ]; then want='2770 0660'; else want='700 0600'; fi
			[ "$(find "$GCS_DIR" -type d -printf '%m\n' | sort -u)" = "${want% *}" ]
			[ "$(find "$GCS_DIR" -type f -printf '%#m\n' | sort -u)" = "${want#* }" ]
		done
	done
}

# --- input and output ---

@test "a value of 1 MiB is kept, one more byte is refused" {
	store
	head -c 1048576 /dev/urandom >"$BATS_TEST_TMPDIR/value"
	"$GCS_BIN" kv put big - <"$BATS_TEST_TMPDIR/value"
	gcs kv get big | cmp - "$BATS_TEST_TMPDIR/value"
	echo >>"$BATS_TEST_TMPDIR/value"
	code=0
	"$GCS_BIN" kv put big - <"$BATS_TEST_TMPDIR/value" 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 2 ]
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = 'gcs: kv put: the value is larger than 1048576 bytes' ]
	gcs kv get big | cmp -n 1048576 - "$BATS_TEST_TMPDIR/value"
	gcs doctor --deep
}

@test "any bytes go in and come out" {
	store
	for n in $(seq 0 255); do
		printf '%b' "\\x$(printf %02x "$n")"
	done >"$BATS_TEST_TMPDIR/bytes"
	"$GCS_BIN" kv put bytes - <"$BATS_TEST_TMPDIR/bytes"
	gcs kv get bytes | cmp - "$BATS_TEST_TMPDIR/bytes"
	gcs kv get bytes -o json | sed 's/.*"value_base64":"\([^"]*\)".*/\1/' | base64 -d | cmp - "$BATS_TEST_TMPDIR/bytes"
}

@test "what is not text reaches no terminal" {
	store
	evil=$(printf 'a\033[31mb\007\r\nc')
	fails 2 gcs node register "$evil"
	gcs node register n1 -r cpu=1
	gcs cordon n1 -m "$evil"
	gcs kv put "$evil" "$evil"
	fails 1 gcs node show "$evil"
	[ "$(tr -d '\n[:print:]' <"$BATS_TEST_TMPDIR/.err" | wc -c)" -eq 0 ]
	for command in 'log -p' 'kv list' 'node list -o wide' 'node show n1' 'show 2'; do
		script -qec "stty -onlcr; '$GCS_BIN' $command" "$BATS_TEST_TMPDIR/typescript" >"$BATS_TEST_TMPDIR/said"
		sed '1d;/^Script done/d' "$BATS_TEST_TMPDIR/typescript" | grep -v '^$' >"$BATS_TEST_TMPDIR/seen"
		[ -s "$BATS_TEST_TMPDIR/seen" ]
		# Colours are our own; of those here there is none.
		[ "$(grep -c "$(printf '\033\\[31m')" "$BATS_TEST_TMPDIR/seen")" -eq 0 ]
		[ "$(grep -c "$(printf '[\007\r]')" "$BATS_TEST_TMPDIR/seen")" -eq 0 ]
	done
	gcs kv list -o json | "$GCS_TOOLS/json" doc
	gcs log -p -o jsonl --limit 1 | "$GCS_TOOLS/json" lines
}

@test "a full stdout is an error, and after a commit says what is committed" {
	store
	gcs kv put a 1
	code=0
	"$GCS_BIN" kv get a >/dev/full 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 7 ]
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = 'gcs: kv get: write error: No space left on device' ]
	"$GCS_BIN" kv add n 1 >/dev/full 2>"$BATS_TEST_TMPDIR/err" || code=$?
	[ "$code" -eq 7 ]
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = 'gcs: kv add: committed as seq 2, output failed: No space left on device' ]
	[ "$(gcs kv get n)" = 1 ]
}

@test "a closed stdout ends a list and a watch quietly" {
	store
	for n in $(seq 3000); do echo "kv put key$n $n"; done | gcs batch
	run --separate-stderr bash -c 'set -o pipefail; "$GCS_BIN" kv list -o jsonl | head -1'
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[ "$stderr" = '' ]
	run --separate-stderr bash -c 'set -o pipefail; "$GCS_BIN" watch --since 0 | head -1'
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[ "$stderr" = '' ]
}
