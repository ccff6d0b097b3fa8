# The log: what happened, newest first; and each event in full.
load lib

# contract log:
# contract show: 1

# history: eight events in six transactions, a minute apart.
setup() {
	store
	gcs node register n1 --label zone=a
	gcs clock +1m
	gcs node register n2 -r cpu=4
	gcs clock +1m
	gcs kv put mine v --owner n2
	gcs clock +1m
	gcs cordon n1 -m noisy
	gcs clock +1m
	gcs drain n2 -m 'too old'
	gcs clock +1m
} >/dev/null

# brief OPTION…: the log in four columns.
brief() { gcs log -c seq,type,name,cause --no-headers "$@"; }

# told OPTION…: whole lines, with a name for whoever ran the test and no boot id.
told() { gcs log "$@" | sed "s/($ME: /(me: /; s/boot_id: [0-9a-f]*/boot_id: BOOT/"; }

@test "newest first, in columns for people" {
	same gcs log -c seq,time_ms,type,id,name,cause,command,message <<-'END'
		SEQ  TIME                      TYPE           ID  NAME          CAUSE  COMMAND        MESSAGE
		 12  2026-01-01T00:05:00.000Z  CONFIG_SET     -   clock             0  clock          -
		 11  2026-01-01T00:04:00.000Z  KV_DELETED     -   default/mine     10  drain          too old
		 10  2026-01-01T00:04:00.000Z  NODE_DEAD      N2  n2                9  drain          too old
		  9  2026-01-01T00:04:00.000Z  NODE_DRAINING  N2  n2                0  drain          too old
		  8  2026-01-01T00:04:00.000Z  CONFIG_SET     -   clock             0  clock          -
		  7  2026-01-01T00:03:00.000Z  NODE_UPDATED   N1  n1                0  cordon         noisy
		  6  2026-01-01T00:03:00.000Z  CONFIG_SET     -   clock             0  clock          -
		  5  2026-01-01T00:02:00.000Z  KV_PUT         -   default/mine      0  kv put         -
		  4  2026-01-01T00:02:00.000Z  CONFIG_SET     -   clock             0  clock          -
		  3  2026-01-01T00:01:00.000Z  NODE_ALIVE     N2  n2                0  node register  -
		  2  2026-01-01T00:01:00.000Z  CONFIG_SET     -   clock             0  clock          -
		  1  2026-01-01T00:00:00.000Z  NODE_ALIVE     N1  n1                0  node register  -
	END
	gcs log | sed -n '1p;$p' | sed "s/  $ME */  ME  /" >"$BATS_TEST_TMPDIR/out"
	same sed 's/  */ /g' "$BATS_TEST_TMPDIR/out" <<-'END'
		SEQ TIME TYPE ID NAME CAUSE USER COMMAND MESSAGE
		 1 2026-01-01T00:00:00.000Z NODE_ALIVE N1 n1 0 ME node register -
	END
}

@test "--since and --until: a number, a duration ago, RFC 3339, a date, an hour, yesterday, @UNIX" {
	for since in 8 90s 1.5m 2026-01-01T00:03:30Z 2026-01-01T01:03:30+01:00 '2026-01-01 00:03:30' @1767225810 @1767225810.5; do
		same brief --since "$since" --filter kind=node <<-'END'
			10  NODE_DEAD      n2  9
			 9  NODE_DRAINING  n2  0
		END
	done
	for until in 3 3m30s 2026-01-01T00:01:30Z '2026-01-01 00:01:59' @1767225660 00:01; do
		same brief --until "$until" --type NODE_ALIVE <<-'END'
			3  NODE_ALIVE  n2  0
			1  NODE_ALIVE  n1  0
		END
	done
	same brief --since 3 --until 5 <<-'END'
		5  KV_PUT      default/mine  0
		4  CONFIG_SET  clock         0
	END
	same brief --since 2025-12-31 --until 00:00 <<<'1  NODE_ALIVE  n1  0'
	same brief --since yesterday --limit 1 -q <<<'12  CONFIG_SET  clock  0'
	same brief --until yesterday </dev/null
	same brief --since 12 </dev/null
	same brief --since 99 </dev/null
	same brief --until 0 </dev/null
	same brief --since 5 --until 3 </dev/null
	same brief --until 999 --limit 1 -q <<<'12  CONFIG_SET  clock  0'
	gcs clock +1d
	same brief --since yesterday --until 4 <<-'END'
		4  CONFIG_SET  clock  0
		3  NODE_ALIVE  n2     0
		2  CONFIG_SET  clock  0
	END
	# An hour that is still to come today was yesterday's.
	same brief --until 00:06 --limit 1 -q <<<'12  CONFIG_SET  clock  0'
	# Local time is that of the caller.
	TZ=Etc/GMT-2 same brief --until '2026-01-01 02:00' <<<'1  NODE_ALIVE  n1  0'
}

@test "a WHEN that is none is named" {
	for when in soon 2026-13-01 2026-02-30T00:00:00Z 25:00 5x -1 '' @ @x 2026-01-01T00:00:00 tag; do
		fails 2 gcs log --since "$when" <<<"gcs: log: --since: invalid time '$when'"
		fails 2 gcs log --until="$when" <<<"gcs: log: --until: invalid time '$when'"
	done
	fails 1 gcs log --since tag:none <<<"gcs: log: --since: no tag is called 'none'"
	fails 2 gcs log --type NODE_GONE \
		<<<"gcs: log: --type: no event is called 'NODE_GONE' (see: gcs explain)"
}

@test "of records: by id, name and key, also those that are gone" {
	same brief n2 <<-'END'
		10  NODE_DEAD      n2  9
		 9  NODE_DRAINING  n2  0
		 3  NODE_ALIVE     n2  0
	END
	same brief kv/default/mine N1 <<-'END'
		11  KV_DELETED    default/mine  10
		 7  NODE_UPDATED  n1             0
		 5  KV_PUT        default/mine   0
		 1  NODE_ALIVE    n1             0
	END
	same brief node/n2 --reverse --since 3 <<-'END'
		 9  NODE_DRAINING  n2  0
		10  NODE_DEAD      n2  9
	END
	fails 1 gcs log n3 <<<"gcs: log: no record matches 'n3'"
	fails 1 gcs log N3 <<<"gcs: log: no record matches 'N3'"
}

@test "--type, --reverse, --limit, --filter, --sort" {
	same brief --type NODE_ALIVE <<-'END'
		3  NODE_ALIVE  n2  0
		1  NODE_ALIVE  n1  0
	END
	same brief --type node_alive --reverse <<-'END'
		1  NODE_ALIVE  n1  0
		3  NODE_ALIVE  n2  0
	END
	cut() { gcs log -c seq --no-headers "$@" 2>&1; }
	same cut --limit 2 <<-'END'
		12
		11
		gcs: only the first 2 are shown (--limit)
	END
	same cut --limit 2 --reverse -q <<-'END'
		1
		2
	END
	same cut --limit 12 --reverse --type NODE_DEAD <<<10
	same brief --filter 'type=NODE_ALIVE,NODE_DEAD' --filter name=n2 <<-'END'
		10  NODE_DEAD   n2  9
		 3  NODE_ALIVE  n2  0
	END
	same brief --filter 'cause>0' --filter 'message~^too' --filter command=drain <<-'END'
		11  KV_DELETED  default/mine  10
		10  NODE_DEAD   n2             9
	END
	same brief --filter 'time_ms<2026-01-01T00:01:00Z' <<<'1  NODE_ALIVE  n1  0'
	# Filter, then sort, then limit.
	same brief --filter kind=node --sort name --limit 3 -q <<-'END'
		 7  NODE_UPDATED  n1  0
		 1  NODE_ALIVE    n1  0
		10  NODE_DEAD     n2  9
	END
	same brief --filter kind=node --sort -seq --limit 1 -q <<<'10  NODE_DEAD  n2  9'
}

@test "-p: what changed, field by field" {
	same told -p --filter kind!=config <<-'END'
		11     2026-01-01T00:04:00.000Z  KV_DELETED     default/mine  because of 10  (me: drain: too old)
		       namespace: default -> -; key: mine -> -; size: 1 -> -; crc32c: 88400052 -> -; value_rev: 5 -> -; owner: N2 -> -
		10     2026-01-01T00:04:00.000Z  NODE_DEAD      N2 n2  because of 9  (me: drain: too old)
		       state: DRAINING -> DEAD; death: {"reason":"DRAINED","message":"too old","end_ms":1767225840000}
		9      2026-01-01T00:04:00.000Z  NODE_DRAINING  N2 n2  (me: drain: too old)
		       state: ALIVE -> DRAINING; drain: {"purpose":"removal","message":"too old"}
		7      2026-01-01T00:03:00.000Z  NODE_UPDATED   N1 n1  (me: cordon: noisy)
		       cordoned: true
		5      2026-01-01T00:02:00.000Z  KV_PUT         default/mine  (me: kv put)
		       namespace: default; key: mine; size: 1; crc32c: 88400052; value_rev: 5; owner: N2
		3      2026-01-01T00:01:00.000Z  NODE_ALIVE     N2 n2  (me: node register)
		       name: n2; id: N2; state: ALIVE; total: cpu=4; boot_id: BOOT
		1      2026-01-01T00:00:00.000Z  NODE_ALIVE     N1 n1  (me: node register)
		       name: n1; id: N1; state: ALIVE; labels: zone=a; boot_id: BOOT
	END
	gcs label n1 zone=b rack=1
	gcs uncordon n1
	same told --patch n1 --limit 2 --sort seq --filter 'seq>12' <<-'END'
		13     2026-01-01T00:05:00.000Z  NODE_UPDATED   N1 n1  (me: label)
		       labels: zone=a -> rack=1,zone=b
		14     2026-01-01T00:05:00.000Z  NODE_UPDATED   N1 n1  (me: uncordon)
		       cordoned: true -> -
	END
	same told -p n1 --limit 1 -q --time unix <<-'END'
		14     1767225900  NODE_UPDATED   N1 n1  (me: uncordon)
		       cordoned: true -> -
	END
	TZ=Etc/GMT-2 same told -p n1 --limit 1 -q --time rel <<-'END'
		14     2026-01-01 02:05:00  NODE_UPDATED   N1 n1  (me: uncordon)
		       cordoned: true -> -
	END
	fails 2 gcs log -p -c seq <<<'gcs: log: --columns: not where whole lines are shown'
	run -1 gcs log -p --some --type NODE_FORGOTTEN
	[ "$output" = '' ]
	# Programs get before and after, with or without -p.
	same gcs log n1 -p -o jsonl --limit 1 -q -c seq,before,after \
		<<<'{"seq":14,"before":{"cordoned":true},"after":{"cordoned":false}}'
}

@test "--cascade: whole transactions, each event below its cause" {
	same told --cascade kv/default/mine <<-'END'
		9      2026-01-01T00:04:00.000Z  NODE_DRAINING  N2 n2  (me: drain: too old)
		`- 10     2026-01-01T00:04:00.000Z  NODE_DEAD      N2 n2  because of 9  (me: drain: too old)
		   `- 11     2026-01-01T00:04:00.000Z  KV_DELETED     default/mine  because of 10  (me: drain: too old)
		5      2026-01-01T00:02:00.000Z  KV_PUT         default/mine  (me: kv put)
	END
	same told --cascade --type NODE_DEAD <<-'END'
		9      2026-01-01T00:04:00.000Z  NODE_DRAINING  N2 n2  (me: drain: too old)
		`- 10     2026-01-01T00:04:00.000Z  NODE_DEAD      N2 n2  because of 9  (me: drain: too old)
		   `- 11     2026-01-01T00:04:00.000Z  KV_DELETED     default/mine  because of 10  (me: drain: too old)
	END
	same told --cascade n2 --since 3 < <(told --cascade --type NODE_DEAD)
	same told --cascade --reverse --filter kind=node --limit 2 -q <<-'END'
		1      2026-01-01T00:00:00.000Z  NODE_ALIVE     N1 n1  (me: node register)
		3      2026-01-01T00:01:00.000Z  NODE_ALIVE     N2 n2  (me: node register)
	END
	fails 2 gcs log --cascade --sort name \
		<<<'gcs: log: --sort: not with --cascade, which has an order of its own'
	fails 2 gcs log --cascade -p <<<'gcs: log: --cascade: not with --patch'
	fails 2 gcs log --cascade -o json
}

@test "every event says who, when, why and because of what" {
	gcs log -o json -c by,command,message,cause,txn,request_id --limit 2 -q --sort -cause >"$BATS_TEST_TMPDIR/out"
	sed -E "s/\"uid\":$(id -u),\"user\":\"$ME\",\"pid\":[0-9]+,\"host\":\"$(uname -n)\"/WHO/g" "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/seen"
	same cat "$BATS_TEST_TMPDIR/seen" <<-'END'
		{"v":1,"seq":12,"items":[{"by":{WHO},"command":"drain","message":"too old","cause":10,"txn":9,"request_id":""},{"by":{WHO},"command":"drain","message":"too old","cause":9,"txn":9,"request_id":""}]}
	END
	gcs label n1 a=b -m 'a reason' --request-id key-1
	same gcs log -o jsonl --limit 1 -q -c command,message,cause,txn,request_id \
		<<<'{"command":"label","message":"a reason","cause":0,"txn":13,"request_id":"key-1"}'
}

@test "show: events in full" {
	gcs show 10 | sed "s/^  pid .*/  pid    PID/; s/^  host .*/  host   HOST/; s/^  uid .*/  uid    UID/; s/^  user .*/  user   USER/" \
		>"$BATS_TEST_TMPDIR/out"
	same cat "$BATS_TEST_TMPDIR/out" <<-'END'
		seq      10
		time     2026-01-01T00:04:00.000Z
		type     NODE_DEAD
		kind     node
		id       N2
		name     n2
		cause    9
		before   {"state":"DRAINING","death":null}
		after    {"state":"DEAD","death":{"reason":"DRAINED","message":"too old","end_ms":1767225840000}}
		txn      9
		by
		  uid    UID
		  user   USER
		  pid    PID
		  host   HOST
		command  drain
		message  too old
	END
	same gcs show 10 3 -o 'fmt=%{seq} %{type}\n' <<-'END'
		10 NODE_DEAD
		3 NODE_ALIVE
	END
	same gcs show 10 -o json < <(gcs log -o json --filter seq=10)
	fails 1 gcs show 13 <<<'gcs: show: no event has the number 13'
	fails 1 gcs show 0 <<<'gcs: show: no event has the number 0'
	fails 2 gcs show ten <<<"gcs: show: invalid number 'ten'"
	fails 1 gcs show 3 99 -o id
}

@test "what is forgotten is said, with 6" {
	gcs node heartbeat n1
	gcs config history_events 3
	gcs monitor --once -q
	horizon=$(gcs status -o json | sed 's/.*"horizon":\([0-9]*\).*/\1/')
	[ "$horizon" -gt 1 ]
	fails 6 gcs show 1 <<<"gcs: show: event 1 is forgotten: horizon $horizon"
	fails 6 gcs log --since 1 <<<"gcs: log: --since: the history begins later: horizon $horizon"
	fails 6 gcs log --since 2026-01-01 <<<"gcs: log: --since: the history begins later: horizon $horizon"
	same gcs log --reverse -o id --limit 1 -q <<<"$horizon"
	same gcs log --since $((horizon - 1)) --reverse -o id --limit 1 -q <<<"$horizon"
	same gcs node list -o name <<<n1
}
