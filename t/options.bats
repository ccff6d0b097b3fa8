# The options of changes: dry run and plan, rev, message, repeated requests.
load lib

# contract help:
# contract version:

setup() {
	store
	gcs node register n1
	gcs node register n2
} >/dev/null

told() { "$@" | sed "s/($ME: /(me: /"; }
plan() { gcs "$@" -n | sed -n 's/^plan //p'; }
last() { gcs log -q --limit 1 -o id; }

@test "-n shows the events that would be, and the plan's hash; and changes nothing" {
	gcs kv put mine v --owner n1
	told gcs node fail n1 -m gone -n >"$BATS_TEST_TMPDIR/out"
	plan=$(plan node fail n1 -m gone)
	same cat "$BATS_TEST_TMPDIR/out" <<-END
		4      2026-01-01T00:00:00.000Z  NODE_DEAD      N1 n1  (me: node fail: gone)
		       state: ALIVE -> DEAD; death: {"reason":"MARKED","message":"gone","end_ms":1767225600000}
		5      2026-01-01T00:00:00.000Z  KV_DELETED     default/mine  because of 4  (me: node fail: gone)
		       namespace: default -> -; key: mine -> -; size: 1 -> -; crc32c: 88400052 -> -; value_rev: 3 -> -; owner: N1 -> -
		plan $plan
	END
	same last <<<3
	same gcs node show n1 -o 'fmt=%{state}\n' <<<ALIVE
	# What would print an id prints none: there is none.
	gcs node register n3 -n | head -n 1 | cut -c 1-6 >"$BATS_TEST_TMPDIR/out"
	same cat "$BATS_TEST_TMPDIR/out" <<<'4     '
	same gcs kv put mine v --owner n1 -n <<<"plan $(plan kv put mine v --owner n1)"
}

@test "-n has the exit code that the change would have" {
	fails 1 gcs node fail n9 -m x -n <<<"gcs: node fail: no node matches 'n9'"
	gcs node fail n1 -m x
	fails 3 gcs cordon n1 -m x -n <<<'gcs: cordon: node n1 (N1) is DEAD: cannot cordon it'
	fails 2 gcs cordon n1 -n <<<'gcs: cordon: -m is required: say why'
	fails 3 gcs kv put k v --if-rev 3 -n
	fails 2 gcs config sync never -n
}

@test "a plan is the same tomorrow and after other changes, and another for other events" {
	one=$(plan drain n1 -m old)
	gcs clock +1d
	gcs kv put unrelated v
	[ "$(plan drain n1 -m old)" = "$one" ]
	[ "$(plan node drain n1 -m old)" = "$one" ]
	[ "$(plan drain n2 -m old)" != "$one" ]
	[ "$(plan drain n1 -m older)" != "$one" ]
	[ "$(plan drain n1 -m old --keep)" != "$one" ]
	gcs kv put mine v --owner n1
	[ "$(plan drain n1 -m old)" != "$one" ]
	[[ $one =~ ^[0-9a-f]{32}$ ]]
}

@test "--if-plan applies what was planned, or says with 3 what would follow now" {
	plan=$(plan node fail n1 -m gone)
	gcs kv put mine v --owner n1
	now=$(plan node fail n1 -m gone)
	run -3 --separate-stderr gcs node fail n1 -m gone --if-plan "$plan"
	[ "$output" = '' ]
	# shellcheck disable=SC2154 # run sets it
	same sed "s/($ME: /(me: /" <(echo "$stderr") <<-END
		gcs: what would follow now:
		4      2026-01-01T00:00:00.000Z  NODE_DEAD      N1 n1  (me: node fail: gone)
		       state: ALIVE -> DEAD; death: {"reason":"MARKED","message":"gone","end_ms":1767225600000}
		5      2026-01-01T00:00:00.000Z  KV_DELETED     default/mine  because of 4  (me: node fail: gone)
		       namespace: default -> -; key: mine -> -; size: 1 -> -; crc32c: 88400052 -> -; value_rev: 3 -> -; owner: N1 -> -
		gcs: node fail: --if-plan: other events would follow now (plan $now)
	END
	same last <<<3
	fails 3 gcs node fail n1 -m gone --if-plan "$plan" -o json <<-END
		{"code":3,"error":"refused","command":"node fail","message":"--if-plan: other events would follow now (plan $now)","value":null}
	END
	same gcs node fail n1 -m gone --if-plan "$now" </dev/null
	same last <<<5
	# Both together: tried against the plan.
	gcs node fail n2 -m gone -n --if-plan "$(plan node fail n2 -m gone)" >"$BATS_TEST_TMPDIR/out"
	run -3 gcs node fail n2 -m gone -n --if-plan "$now"
	same last <<<5
}

@test "--if-rev: only if the record is still at that rev; 0: not there" {
	gcs kv put k one --if-rev 0
	gcs kv put k two --if-rev 3
	fails 3 gcs kv put k three --if-rev 3 <<<'gcs: kv put: kv default/k is at rev 4, not 3'
	fails 3 gcs kv put k three --if-rev 0 <<<'gcs: kv put: kv default/k is at rev 4, not 0'
	fails 3 gcs kv put k two --if-rev 9
	fails 3 gcs kv put new v --if-rev 3
	fails 3 gcs kv delete k --if-rev 3
	gcs kv delete k --if-rev 4
	fails 3 gcs cordon n1 -m x --if-rev 2
	gcs cordon n1 -m x --if-rev 1
	fails 3 gcs label n1 a=b --if-rev 1
	gcs label n1 a=b --if-rev 6
	fails 3 gcs node fail n1 -m x --if-rev 1
	fails 2 gcs kv put k v --if-rev x <<<"gcs: kv put: --if-rev: invalid number 'x'"
	same last <<<7
}

@test "-m is required where people must say why, and empty is not why" {
	for command in drain 'node drain' cordon 'node cordon' 'node fail'; do
		# shellcheck disable=SC2086
		{
			fails 2 gcs $command n1 <<<"gcs: $command: -m is required: say why"
			fails 2 gcs $command n1 -m '' <<<"gcs: $command: -m: the message is empty"
			fails 2 gcs $command n1 -m <<<"gcs: $command: -m needs a value: TEXT"
		}
	done
	for command in uncordon undrain 'node unregister'; do
		# shellcheck disable=SC2086
		gcs $command n2 --message 'for the log'
	done
	same gcs log -q --limit 1 -c type,command,message --no-headers <<<'NODE_DEAD  node unregister  for the log'
} 2>&1

@test "--request-id: a repeat changes nothing and answers as the first did" {
	same gcs kv add hits 1 --request-id r1 <<<1
	same gcs kv add hits 1 --request-id r1 <<<1
	same gcs kv add hits 1 --request-id r2 <<<2
	same gcs kv add hits 1 --request-id r1 <<<1
	same gcs kv get hits < <(printf 2)
	same gcs node register n3 --request-id r3 <<<N3
	gcs node unregister n3
	same gcs node register n3 --request-id r3 <<<N3
	same gcs node list -o id <<-'END'
		N1
		N2
	END
	# The answer is kept in the form in which it was given.
	same gcs kv add hits 1 --request-id r4 -o json <<<'{"v":1,"seq":7,"changed":true,"ids":[],"value":3}'
	gcs kv put other v
	same gcs kv add hits 1 --request-id r4 -o json <<<'{"v":1,"seq":7,"changed":true,"ids":[],"value":3}'
	same last <<<8
}

@test "--request-id: the same key for another call is refused" {
	gcs kv add hits 1 --request-id r1
	for words in 'kv add hits 2' 'kv add other 1' 'kv put hits 1' 'kv add hits 1 -N x'; do
		# shellcheck disable=SC2086
		fails 3 gcs $words --request-id r1 <<<"gcs: $(cut -d ' ' -f 1,2 <<<"$words"): --request-id: 'r1' was used for another call"
	done
	fails 3 gcs kv add hits 1 --request-id r1 -o json <<-'END'
		{"code":3,"error":"refused","command":"kv add","message":"--request-id: 'r1' was used for another call","value":"r1"}
	END
	fails 2 gcs kv add hits 1 --request-id '' <<<'gcs: kv add: --request-id: a key has 1 to 128 bytes of UTF-8'
	fails 2 gcs kv add hits 1 --request-id $'\xff'
	same gcs kv get hits < <(printf 1)
}

@test "--request-id: what is read from stdin or a file is part of the call" {
	printf one | gcs kv put k --request-id r1
	printf one | gcs kv put k --request-id r1
	other() { printf two | gcs kv put k --request-id r1; }
	fails 3 other <<<"gcs: kv put: --request-id: 'r1' was used for another call"
	same gcs kv get k < <(printf one)
}

@test "--request-id: a refusal is not kept, and neither is what changed nothing or was only tried" {
	fails 3 gcs kv put k v --if-rev 7 --request-id r1
	gcs kv put k v
	gcs kv put k v --request-id r1
	gcs kv put k w
	gcs kv put k v --request-id r1 -n >"$BATS_TEST_TMPDIR/out"
	gcs kv put k v --request-id r1
	same gcs kv get k < <(printf v)
	gcs kv put k w
	gcs kv put k v --request-id r1
	same gcs kv get k < <(printf w)
}

@test "--request-id: a day later the key is new" {
	same gcs kv add hits 1 --request-id r1 <<<1
	gcs clock +23h59m59s
	same gcs kv add hits 1 --request-id r1 <<<1
	gcs clock +1s
	same gcs kv add hits 1 --request-id r1 <<<2
	same gcs kv add hits 1 --request-id r1 <<<2
	gcs clock +2d
	gcs monitor --once -q
	gcs doctor -q
}

@test "options: letters together, values beside or behind, the last one counts, after -- none" {
	same gcs cordon -qnm why n1 < <(gcs cordon n1 -m why -n -q)
	same gcs cordon -mwhy -qn n1 < <(gcs cordon n1 -m why -n -q)
	same gcs -q cordon n1 --message=why --dry-run < <(gcs cordon n1 -m why -n)
	same gcs cordon n1 -m no -m why -n < <(gcs cordon n1 -m why -n)
	gcs kv put -- -k --value
	same gcs kv get -- -k < <(printf %s --value)
	same gcs kv add n -5 <<<-5
	fails 2 gcs kv get -k <<<"gcs: kv get: unknown option '-k'"
	fails 2 gcs node list -qx <<<"gcs: node list: unknown option '-x' in '-qx'"
	fails 2 gcs node list --quie <<<"gcs: node list: unknown option '--quie': did you mean '--quiet'?"
	fails 2 gcs node list --quiet=yes <<<"gcs: node list: --quiet takes no value, not 'yes'"
	fails 2 gcs node list --limit <<<'gcs: node list: --limit needs a value: N'
	fails 2 gcs nod list <<<"gcs: unknown command 'nod': did you mean 'node'?"
	fails 2 gcs node lst <<<"gcs: unknown command 'node lst': did you mean 'node list'?"
	fails 2 gcs node <<<"gcs: which verb of 'node'? see: gcs node --help"
}

@test "-D, GCS_DIR and where a cluster is else expected" {
	gcs init -q -D "$BATS_TEST_TMPDIR/other" --test-clock 2026-01-01T00:00:00Z
	same gcs -D "$BATS_TEST_TMPDIR/other" node register other <<<N1
	same gcs node list -o name --dir="$BATS_TEST_TMPDIR/other" <<<other
	GCS_DIR=$BATS_TEST_TMPDIR/other same gcs node list -o name <<<other
	ours=$GCS_DIR
	GCS_DIR=$BATS_TEST_TMPDIR/other same gcs node list -o name -D "$ours" <<-'END'
		n1
		n2
	END
	if [ ! -e /var/lib/gcs ]; then
		mkdir "$BATS_TEST_TMPDIR/state"
		cp -r "$BATS_TEST_TMPDIR/other" "$BATS_TEST_TMPDIR/state/gcs"
		GCS_DIR='' XDG_STATE_HOME=$BATS_TEST_TMPDIR/state same gcs node list -o name <<<other
		mkdir -p "$BATS_TEST_TMPDIR/home/.local"
		mv "$BATS_TEST_TMPDIR/state" "$BATS_TEST_TMPDIR/home/.local/state"
		GCS_DIR='' HOME=$BATS_TEST_TMPDIR/home same gcs node list -o name <<<other
	fi
}

@test "-v says what was committed, -q says nothing" {
	run -0 --separate-stderr gcs cordon n1 -m x -v
	[ "$stderr" = 'gcs: committed events 3 to 3' ]
	run -0 --separate-stderr gcs cordon n1 -m x -v
	[ "$stderr" = 'gcs: nothing changed' ]
	gcs node fail n1 -m x
	run -0 --separate-stderr gcs node list -o id
	[ "$stderr" = 'gcs: 1 ended node not shown (-a shows them)' ]
	run -0 --separate-stderr gcs node list -o id -q
	[ "$stderr" = '' ]
}
