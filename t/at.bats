# --at: the state as it was, in every way to name a moment.
load lib

setup() {
	store
	gcs node register n1 -r cpu=8 --label zone=a
	gcs clock +1m
	gcs kv put k one
	gcs clock +1m
	gcs cordon n1 -m noisy
	gcs node register n2
	gcs clock +1m
	gcs kv put k 'two!'
	gcs drain n2 -m old
	gcs kv delete k
	gcs config heartbeat_timeout 5m
	gcs clock +1h
} >/dev/null

nodes() { gcs node list -a -c name,state,age,heartbeat,reason --no-headers "$@"; }

@test "an event's number: the state right after it" {
	same nodes --at 0 </dev/null
	same nodes --at 1 <<<'n1  ALIVE  0s  -  -'
	same nodes --at 3 <<<'n1  ALIVE  1m  -  -'
	same nodes --at 6 <<-'END'
		n1  ALIVE  2m  -  cordoned
		n2  ALIVE  0s  -  -
	END
	same nodes --at 9 <<-'END'
		n1  ALIVE     3m  -  cordoned
		n2  DRAINING  1m  -  drained: old
	END
	same nodes --at 10 <<-'END'
		n1  ALIVE  3m  -  cordoned
		n2  DEAD   1m  -  DRAINED: old
	END
	same gcs kv list --at 2 -o id </dev/null
	same gcs kv get k --at 3 < <(printf one)
	same gcs kv get k --at 8 < <(printf 'two!')
	same gcs kv list --at 8 --values -o tsv -c key,size,value,age --no-headers <<<$'k\t4\ttwo!\t0s'
	fails 1 gcs kv get k --at 11 <<<"gcs: kv get: no key 'k' in namespace 'default'"
	same gcs config heartbeat_timeout --at 11 <<<30s
	same gcs config heartbeat_timeout --at 12 <<<5m
	fails 1 gcs node list --at 14 <<<'gcs: node list: --at: event 14 does not exist yet: the last one is 13'
	fails 1 gcs node list --at 18446744073709551615
}

@test "a time, in all its forms" {
	for at in 2026-01-01T00:01:30Z 2026-01-01T02:01:30+02:00 '2026-01-01 00:01:30' '2026-01-01 00:01' 00:01 @1767225690 \
		@1767225690.999 61m30s 1h1m30s; do
		same nodes --at "$at" <<<'n1  ALIVE  1m  -  -'
	done
	same nodes --at 2026-01-01T00:00:00Z <<<'n1  ALIVE  0s  -  -'
	same nodes --at 2025-12-31T23:59:59.999Z </dev/null
	same nodes --at 2026-01-01 <<<'n1  ALIVE  0s  -  -'
	same nodes --at yesterday </dev/null
	same nodes --at 2999-01-01 -c name,state <<-'END'
		n1  ALIVE
		n2  DEAD
	END
	TZ=Etc/GMT-2 same nodes --at '2026-01-01 02:01:30' <<<'n1  ALIVE  1m  -  -'
	fails 2 gcs node list --at nonsense <<<"gcs: node list: --at: invalid time 'nonsense'"
	fails 2 gcs node list --at '' <<<"gcs: node list: --at: invalid time ''"
	fails 1 gcs node list --at tag:none <<<"gcs: node list: --at: no tag is called 'none'"
}

@test "every reading command has it: show, is, alive, exists, log, status" {
	gcs node show n1 --at 3 | sed 's/^boot_id .*/boot_id    BOOT/' >"$BATS_TEST_TMPDIR/out"
	same cat "$BATS_TEST_TMPDIR/out" <<-'END'
		name       n1
		id         N1
		state      ALIVE
		heartbeat  -
		stale      -
		load       -
		free_mem   -
		labels
		  zone     a
		born       1
		rev        1
		created    2026-01-01T00:00:00.000Z
		updated    2026-01-01T00:00:00.000Z
		total
		  cpu      8
		cordoned   false
		boot_id    BOOT
	END
	same gcs node list --at 6 -o json -c name,state,cordoned,heartbeat,stale,rev <<-'END'
		{"v":1,"seq":6,"items":[{"name":"n1","state":"ALIVE","cordoned":true,"heartbeat":null,"stale":null,"rev":5},{"name":"n2","state":"ALIVE","cordoned":false,"heartbeat":null,"stale":null,"rev":6}]}
	END
	gcs is n2 DRAINING --at 9
	run -1 gcs is n2 DRAINING --at 10
	gcs is kv/default/k exists --at 10
	gcs is kv/default/k gone --at 11
	gcs node alive n1 n2 --at 9
	run -1 gcs node alive n2 --at 10
	gcs kv exists k --at 10
	run -1 gcs kv exists k --at 11
	fails 1 gcs node show n2 --at 5 <<<"gcs: node show: no node matches 'n2'"
	same gcs log --at 3 -o id <<-'END'
		3
		2
		1
	END
	fails 1 gcs show 4 --at 3 <<<'gcs: show: no event has the number 4'
	gcs status --at 6 | sed 1d >"$BATS_TEST_TMPDIR/out"
	same cat "$BATS_TEST_TMPDIR/out" <<-'END'
		log        event 6, kept from 1
		clock      2026-01-01T00:02:00.000Z (a test clock)
		nodes      2 alive (1 cordoned), 0 draining, 0 dead
		cpu        8
		kv         1 key
	END
	same gcs clock --at 6 <<<2026-01-01T00:02:00.000Z
}

@test "the past is of all events, as of the present: what it shows now is what it showed then" {
	for at in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
		gcs node list -a -o json --at $at
		gcs kv list -a -o json --values --at $at
		gcs config -o json --at $at
	done >"$BATS_TEST_TMPDIR/before"
	gcs undo 12
	gcs node unregister n1
	gcs kv put k three
	gcs node register n1
	for at in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
		gcs node list -a -o json --at $at
		gcs kv list -a -o json --values --at $at
		gcs config -o json --at $at
	done >"$BATS_TEST_TMPDIR/after"
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	gcs doctor --deep -q
}

@test "changes and what runs on cannot be made in the past" {
	for words in 'node register n9' 'kv put k v' 'cordon n1 -m x' 'undo 1' 'config sync group' 'clock +1s' batch watch \
		'monitor --once' 'node heartbeat n1'; do
		# shellcheck disable=SC2086
		fails 2 gcs $words --at 3 <<<"gcs: $(sed 's/ n9//; s/ k v//; s/ n1.*//; s/ 1$//; s/ sync.*//; s/ +1s//; s/ --once//' <<<"$words"): --at is for commands that only read"
	done
	fails 2 gcs doctor --at 3 <<<'gcs: doctor: --at: doctor checks the present state only'
	fails 2 gcs status --check --at 3 <<<'gcs: status: --check: not with --at: health is of now'
}

@test "a past that is forgotten: 6, and where the history begins" {
	gcs node heartbeat n1
	gcs config history_events 4
	gcs monitor --once -q
	horizon=$(gcs status -o json | sed 's/.*"horizon":\([0-9]*\).*/\1/')
	[ "$horizon" -gt 3 ]
	for at in 0 1 $((horizon - 2)) 2026-01-01 2025-01-01T00:00:00Z 2h @1767225600; do
		fails 6 gcs node list --at "$at" \
			<<<"gcs: node list: --at: the history begins later: horizon $horizon"
	done
	fails 6 gcs node list --at 1 -o json <<-END
		{"code":6,"error":"horizon","command":"node list","message":"--at: the history begins later: horizon $horizon","value":null}
	END
	gcs node list --at $((horizon - 1)) -o id
	gcs node list --at 0s -o id
	gcs doctor -q
}
