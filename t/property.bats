# Whatever is done, and in whatever order: the state is what the log says. t/tool/property makes the changes and
# looks after each chunk; `make property SEEDS=… STEPS=…` does the same for longer.
load lib

damage() {
	"$GCS_TOOLS/damage" "$@"
}

@test "random changes: the log back to nothing and forward again, derived rows made anew, --at as it was" {
	for seed in 1 2 3; do
		mkdir "$BATS_TEST_TMPDIR/$seed"
		"$BATS_TEST_DIRNAME/tool/property" $seed 1000 "$BATS_TEST_TMPDIR/$seed"
	done
}

@test "random changes while the history is being forgotten" {
	for seed in 4 5; do
		mkdir "$BATS_TEST_TMPDIR/$seed"
		TRIM=1 "$BATS_TEST_DIRNAME/tool/property" $seed 1000 "$BATS_TEST_TMPDIR/$seed"
	done
}

# placed STEPS NODES SEED…: t/tool/placed with each seed, two at a time.
placed() {
	local steps=$1 nodes=$2 running=() seed
	shift 2
	[ -z "${SAN:-}" ] || steps=$((steps / 40)) # a sanitizer's run is a long one
	for seed; do
		"$BATS_TEST_DIRNAME/tool/placed" "$seed" "$steps" "$BATS_TEST_TMPDIR/$seed" "$nodes" &
		running+=($!)
		if [ ${#running[@]} -eq 2 ]; then
			wait "${running[0]}"
			wait "${running[1]}"
			running=()
		fi
	done
}

@test "random placement in small clusters: all rules after each of 40,000 commands" {
	placed 6700 1 1 2
	placed 6700 3 3 4
	placed 6700 5 5 6
}

@test "random placement in large clusters: all rules after each of 10,000 commands" {
	placed 5000 40 7 8
}

# What a newer program would have written: field 100 is 7, field 200 is "kept".
more=a00607c20c046b657074

# keeps REC COMMAND…: the command changes the record, and the unknown fields are still there.
keeps() {
	local rec=$1 rev
	shift
	rev=$(last)
	gcs "$@" >"$BATS_TEST_TMPDIR/out"
	if [ "$(last)" = "$rev" ]; then
		echo "changes nothing: $*" >&2
		return 1
	fi
	damage kept >"$BATS_TEST_TMPDIR/kept"
	if ! grep -qxF "$rec $more" "$BATS_TEST_TMPDIR/kept"; then
		echo "has lost what it does not know: $*" >&2
		cat "$BATS_TEST_TMPDIR/kept" >&2
		return 1
	fi
	gcs -q doctor --deep
}

last() {
	gcs log --limit 1 --no-headers -c seq -o tsv 2>"$BATS_TEST_TMPDIR/.cut"
}

@test "fields of a newer program pass through every command that changes a node" {
	store
	for n in n o p q r; do
		gcs node register $n -r cpu=2 --label zone=a >"$BATS_TEST_TMPDIR/out"
		damage newer $n $more
	done
	gcs -q doctor --deep
	same gcs log --limit 1 --no-headers -c type,name,user,command -o tsv 2>"$BATS_TEST_TMPDIR/err" <<-'END'
		NODE_UPDATED	r	newer	newer
	END
	keeps "node n" node register n -r cpu=4,gpu=1 --label rack=1 --address host --heartbeat-timeout 1m
	keeps "node n" undo "$(last)"
	keeps "node n" label n zone=b rack=2
	keeps "node n" label n rack-
	keeps "node n" undo "$(last)"
	keeps "node n" cordon n -m why
	keeps "node n" uncordon n
	keeps "node n" undo "$(last)"
	keeps "node n" drain n -m why --keep
	keeps "node n" drain n -m 'another reason' --keep --deadline 1h
	keeps "node n" undrain n
	keeps "node n" drain n -m why --keep
	keeps "node n" undo "$(last)"
	keeps "node n" node fail n -m broken
	keeps "node o" drain o -m 'for good'
	keeps "node p" node unregister p
	keeps "node q" batch <<<'label q a=b'
	gcs clock +31s
	keeps "node r" -q monitor --once
	# All that was before the newer program came is before it still.
	same gcs node list -a --at 1 -c name,cpu,labels --no-headers -o tsv <<-'END'
		n	2	zone=a
	END
}

@test "fields of a newer program pass through every command that changes a key or a setting" {
	store
	gcs node register owner >"$BATS_TEST_TMPDIR/out"
	gcs kv put k one
	gcs kv put count 1
	gcs kv put mine x --owner owner
	gcs config heartbeat_timeout 10s
	for rec in kv/default/k kv/default/count kv/default/mine config/heartbeat_timeout; do
		damage newer $rec $more
	done
	gcs -q doctor --deep
	keeps "kv default/k" kv put k two
	keeps "kv default/k" kv put k three --ttl 1h
	keeps "kv default/k" kv put k three --owner owner
	keeps "kv default/k" undo "$(last)"
	keeps "kv default/count" kv add count 5
	keeps "kv default/count" undo "$(last)"
	gcs kv delete k
	keeps "kv default/k" undo "$(last)"
	gcs kv delete --prefix m
	keeps "kv default/mine" undo "$(last)"
	keeps "config heartbeat_timeout" config heartbeat_timeout 20s
	keeps "config heartbeat_timeout" undo "$(last)"
	gcs config heartbeat_timeout default
	keeps "config heartbeat_timeout" undo "$(last)"
	# What the newer program did can be undone here, too.
	damage newer kv/default/k a00608
	same gcs log kv/default/k --limit 1 --no-headers -c type,command -o tsv 2>"$BATS_TEST_TMPDIR/err" <<-'END'
		KV_PUT	newer
	END
	keeps "kv default/k" undo "$(last)"
}

@test "a clock that moves within a batch: the batch has one time, and the log gives the same rows" {
	store
	printf '%s\n' 'kv put a 1' 'clock +1m' 'kv put b 2 --ttl 1m' >"$BATS_TEST_TMPDIR/lines"
	gcs batch <"$BATS_TEST_TMPDIR/lines"
	gcs -q doctor --deep
	same gcs kv list -c key,updated_ms,expires_ms -o jsonl <<-'END'
		{"key":"a","updated_ms":1767225600000,"expires_ms":null}
		{"key":"b","updated_ms":1767225600000,"expires_ms":1767225720000}
	END
}

@test "the history of a key is not that of the keys which it begins" {
	store
	printf '%s\n' 'kv put ab 1' 'kv put a 1' 'kv put b 1' 'kv put abc 1' 'kv put ab 2' 'kv put a 2' 'kv delete abc' >"$BATS_TEST_TMPDIR/lines"
	gcs batch --each <"$BATS_TEST_TMPDIR/lines"
	same gcs log kv/default/a --no-headers -c seq,type -o tsv <<-'END'
		6	KV_PUT
		2	KV_PUT
	END
	same timeout 10 "$GCS_BIN" log kv/default/a --reverse --no-headers -c seq,type -o tsv <<-'END'
		2	KV_PUT
		6	KV_PUT
	END
	same timeout 10 "$GCS_BIN" log kv/default/ab kv/default/abc --reverse --no-headers -c seq,type -o tsv <<-'END'
		1	KV_PUT
		4	KV_PUT
		5	KV_PUT
		7	KV_DELETED
	END
}

@test "a quota that is too small can be raised" {
	store
	gcs kv put a 1
	gcs config quota 12
	fails 7 gcs kv put b 1 <<-'END'
		gcs: kv put: the quota of 12 is used up: delete something first
	END
	gcs kv delete a
	gcs config quota default
	gcs kv put b 1
}
