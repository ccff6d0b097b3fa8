# batch: many commands in one transaction, or in one each.
load lib

# contract batch:

setup() {
	store
	work=$BATS_TEST_TMPDIR
}

# lines TEXT…: what batch will read, one line each.
lines() {
	printf '%s\n' "$@" >"$work/lines"
}

# batch [OPTION…]: runs the lines (same and fails close stdin).
batch() {
	gcs batch "$@" <"$work/lines"
}

events() {
	gcs log --reverse --no-headers -o tsv -c seq,type,name,command "$@"
}

@test "all or none: the lines are one transaction, with what they print in their order" {
	lines 'node register a -r cpu=2' 'kv put k one' 'kv get k' 'node register b' 'kv add n 41' 'kv add n 1'
	same batch <<-'END'
		N1
		oneN2
		41
		42
	END
}

@test "all or none: one transaction in the log" {
	lines 'node register a' 'kv put k one' 'kv delete k' 'kv put k two'
	same batch <<<N1
	same gcs log --reverse --no-headers -o fmt='%{seq} %{type} %{txn} %{command}\n' <<-'END'
		1 NODE_ALIVE 1 batch
		2 KV_PUT 1 batch
		3 KV_DELETED 1 batch
		4 KV_PUT 1 batch
	END
}

@test "all or none: a line that fails takes everything back, prints nothing and is named" {
	gcs node register old >"$work/out"
	lines 'kv put a 1' 'node register n' '' '# a comment' 'node fail nobody -m gone' 'kv put b 1'
	fails 1 batch <<-'END'
		gcs: batch: line 5: node fail: no node matches 'nobody'
	END
	same events <<-'END'
		1	NODE_ALIVE	old	node register
	END
	# Also what is noticed only after other lines ran, by what they did.
	lines 'node fail old -m broken' 'cordon old -m late'
	fails 3 batch <<-'END'
		gcs: batch: line 2: cordon: node old (N1) is DEAD: cannot cordon it
	END
	gcs node alive old
	# The number that node would have had was never given out.
	same gcs node register n <<<N2
}

@test "a line that is no command is found before anything is done, with --each too" {
	lines 'kv put a 1' 'kv putt b 1'
	fails 2 batch --each --keep-going <<-'END'
		gcs: batch: line 2: unknown command 'kv putt': did you mean 'kv put'?
	END
	lines 'kv put a 1' '' 'kv put'
	fails 2 batch --each <<-'END'
		gcs: batch: line 3: missing operand KEY
	END
	same events </dev/null
}

@test "--each: a transaction a line, told of as the line's own command; the first failure ends it" {
	lines 'kv put a 1' 'node register n' 'node fail nobody -m gone' 'kv put b 1'
	code=0
	batch --each >"$work/out" 2>"$work/err" || code=$?
	same cat "$work/out" "$work/err" <<-'END'
		N1
		gcs: batch: line 3: node fail: no node matches 'nobody'
	END
	[ $code -eq 1 ]
	same events <<-'END'
		1	KV_PUT	default/a	kv put
		2	NODE_ALIVE	n	node register
	END
}

@test "--each --keep-going: goes on, tells each failure, and ends with the first one's code" {
	lines 'kv put a 1' 'cordon nobody -m x' 'kv put a 2 --new' 'kv put b 1'
	code=0
	batch --each --keep-going >"$work/out" 2>"$work/err" || code=$?
	same cat "$work/out" "$work/err" <<-'END'
		gcs: batch: line 2: cordon: no node matches 'nobody'
		gcs: batch: line 3: kv put: key 'a' already exists (rev 1)
	END
	[ $code -eq 1 ]
	same events <<-'END'
		1	KV_PUT	default/a	kv put
		2	KV_PUT	default/b	kv put
	END
	fails 2 batch --keep-going <<-'END'
		gcs: batch: --keep-going goes with --each
	END
}

@test "labels: what a line makes is used by later ones, and @@ is an @" {
	lines 'g: node register a' 'h: node register b' 'cordon @h -m why' 'kv put k v --owner @g' 'kv put mail @@home' 'x: kv add n 5' 'kv put copy @x'
	same batch <<-'END'
		N1
		N2
		5
	END
	same gcs node list --no-headers -o tsv -c name,reason <<-'END'
		a	
		b	cordoned
	END
	same gcs kv list --values --no-headers -o tsv -c key,owner,value <<-'END'
		copy		5
		k	N1	v
		mail		@home
		n		5
	END
	# The last line of a label counts, in a transaction each as well, and under json.
	lines 'g: node register c' 'cordon @g -m 1' 'g: node register d' 'drain @g -m 2 --keep'
	same batch --each <<-'END'
		N3
		N4
	END
	lines 'g: node register e' 'drain @g -m why --keep'
	same batch -o json <<-'END'
		{"line":1,"ids":["N5"]}
		{"line":2,"ids":["N5"]}
		{"v":1,"seq":13,"changed":true,"ids":[]}
	END
	same gcs node list --no-headers -o tsv -c name,state,cordoned <<-'END'
		a	ALIVE	false
		b	ALIVE	true
		c	ALIVE	true
		d	DRAINING	false
		e	DRAINING	false
	END
}

@test "labels: one that nobody gave is refused, and nothing is done" {
	lines 'kv put a 1' 'g: node register n' 'cordon @h -m why'
	fails 2 batch <<-'END'
		gcs: batch: line 3: no line before is labelled 'h:'
	END
	lines 'cordon @g -m why' 'g: node register n'
	fails 2 batch <<-'END'
		gcs: batch: line 1: no line before is labelled 'g:'
	END
	lines 'kv put a 1' 'g:'
	fails 2 batch <<-'END'
		gcs: batch: line 2: a label without a command
	END
	same events </dev/null
}

@test "require: a guard that does not hold refuses the whole batch" {
	gcs node register a >"$work/out"
	lines 'require a alive' 'kv put k 1' 'require a cordoned=true' 'kv put k 2'
	fails 3 batch <<-'END'
		gcs: batch: line 3: require: a: 'cordoned=true' does not hold
	END
	lines 'require nobody exists'
	fails 3 batch <<-'END'
		gcs: batch: line 1: require: nobody: 'exists' does not hold
	END
	lines 'require a'
	fails 2 batch <<-'END'
		gcs: batch: line 1: require: needs REC and EXPR
	END
	lines 'require a asleep'
	fails 2 batch <<-'END'
		gcs: batch: line 1: require: 'asleep' is not a node state (ALIVE, DRAINING, DEAD)
	END
	same events <<-'END'
		1	NODE_ALIVE	a	node register
	END
	# It sees what the lines before it did.
	lines 'require nobody gone' 'cordon a -m why' 'require a cordoned=true' 'g: node register b' 'require @g exists' 'kv put k 3' 'require kv/default/k size=1'
	same batch <<<N2
	[ "$(gcs kv get k)" = 3 ]
}

@test "words: quotes, backslashes, comments and JSON arrays" {
	# shellcheck disable=SC2016 # batch expands nothing either
	lines "kv put one 'it is'\\''nt'" 'kv put two "a \"quoted\" \$HOME \\ b"' 'kv put three a\ b\#c # a comment' \
		'   kv   put   four   "" ' '["kv","put","five","\u00e9 \"x\" #y"]' 'kv put six a#b' "kv put 'a key' \"\"'x'y" \
		$'kv\tput seven 7\r'
	same batch </dev/null
	same gcs kv list --values -o jsonl -c key,value <<-'END'
		{"key":"a key","value":"xy"}
		{"key":"five","value":"é \"x\" #y"}
		{"key":"four","value":""}
		{"key":"one","value":"it is'nt"}
		{"key":"seven","value":"7"}
		{"key":"six","value":"a#b"}
		{"key":"three","value":"a b#c"}
		{"key":"two","value":"a \"quoted\" $HOME \\ b"}
	END
}

@test "words: what cannot be read is named with its line" {
	lines 'kv put a 1' 'kv put "b'
	fails 2 batch <<<"gcs: batch: line 2: a quote is not closed"
	lines '' "kv put 'b"
	fails 2 batch <<<"gcs: batch: line 2: a quote is not closed"
	lines "kv put b\\"
	fails 2 batch <<<"gcs: batch: line 1: a backslash ends the line"
	lines '["kv","put","a"'
	fails 2 batch <<<"gcs: batch: line 1: malformed JSON at byte 16"
	lines '["kv","put","a",1]'
	fails 2 batch <<<"gcs: batch: line 1: expected a JSON array of strings"
	printf 'kv put a b\0c\n' >"$work/lines"
	fails 2 batch <<<"gcs: batch: line 1: a word has a NUL byte"
	same events </dev/null
}

@test "what is not for a line: children, waiting commands, batch in batch, stdin, options of the whole" {
	for line in watch monitor 'batch' 'node heartbeat a' 'init' 'help' 'doctor --at 1'; do
		lines 'kv put a 1' "$line"
		fails 2 batch
	done
	lines 'kv put a -'
	fails 2 batch <<<"gcs: batch: line 1: a value from stdin is not for batch"
	lines 'node register --from -'
	fails 2 batch <<<"gcs: batch: line 1: --from - is not for batch"
	for option in -n '--request-id x' '--if-plan x'; do
		lines "kv put a 1 $option"
		fails 2 batch <<<"gcs: batch: line 1: -n, --if-plan and --request-id are for the whole batch"
	done
	lines "-D elsewhere kv put a 1"
	fails 2 batch
	lines "kv put a 1 -D elsewhere"
	fails 2 batch <<<"gcs: batch: line 1: -h, --version, --at and -D are not for a line of a batch"
	same events </dev/null
}

@test "nothing to do is done; an empty batch changes nothing" {
	: >"$work/lines"
	same batch </dev/null
	same batch -o json <<<'{"v":1,"seq":0,"changed":false,"ids":[]}'
	same batch --each </dev/null
	lines '' '   ' '# only words' '   # more'
	same batch </dev/null
	printf 'kv put last 1' >"$work/lines" # no newline at the end
	same batch </dev/null
	[ "$(gcs kv get last)" = 1 ]
}

@test "messages: of the batch, else of the first line that has one; with --each of each line" {
	lines 'kv put a 1' 'kv put b 1 -m "of b"' 'kv put c 1 -m "of c"'
	batch
	lines 'kv put d 1 -m "of d"'
	batch -m 'of all'
	lines 'kv put e 1 -m "of e"' 'kv put f 1'
	batch --each -m 'of the rest'
	same gcs log --reverse --no-headers -o tsv -c name,message <<-'END'
		default/a	of b
		default/b	of b
		default/c	of b
		default/d	of all
		default/e	of e
		default/f	of the rest
	END
	# What asks for a message asks for it in a line as well.
	gcs node register n >"$work/out"
	lines 'drain n'
	fails 2 batch
}

@test "--if-rev of a line guards that line" {
	gcs kv put a 1
	gcs kv put b 1
	lines 'kv put a 2 --if-rev 1' 'kv put b 2'
	batch
	lines 'kv put b 3' 'kv put a 3 --if-rev 1'
	fails 3 batch <<-'END'
		gcs: batch: line 2: kv put: kv default/a is at rev 3, not 1
	END
	fails 2 batch --if-rev 1 <<<"gcs: batch: --if-rev is for the lines of a batch"
}

@test "a dry run shows all events and a plan, and changes nothing; the plan is held" {
	lines 'g: node register a' 'cordon @g -m why' 'kv put k v'
	batch -n >"$work/out"
	same events </dev/null
	same sed 's/([a-z0-9_-]*: /(WHO: /; s/boot_id: .*/boot_id: B/; s/^plan [0-9a-f]\{32\}$/plan HASH/' "$work/out" <<-'END'
		1      2026-01-01T00:00:00.000Z  NODE_ALIVE     N1 a  (WHO: batch: why)
		       name: a; id: N1; state: ALIVE; boot_id: B
		2      2026-01-01T00:00:00.000Z  NODE_UPDATED   N1 a  (WHO: batch: why)
		       cordoned: true
		3      2026-01-01T00:00:00.000Z  KV_PUT         default/k  (WHO: batch: why)
		       namespace: default; key: k; size: 1; crc32c: 88400052; value_rev: 3
		plan HASH
	END
	plan=$(sed -n 's/^plan //p' "$work/out")
	gcs kv put other 1 # moves the numbers, not the plan
	same batch --if-plan "$plan" <<<N1
	same batch -o json -n <<-END
		$(batch -o json -n)
	END
	# A second time other events would follow.
	code=0
	batch --if-plan "$plan" >"$work/out" 2>"$work/err" || code=$?
	[ $code -eq 3 ]
	grep -q '^gcs: batch: --if-plan: other events would follow now (plan ' "$work/err"
	fails 2 batch --each -n <<-'END'
		gcs: batch: -n, --if-plan and --request-id are for a batch that is one change
	END
}

@test "--request-id: a repeat answers as the first did; the same key for other lines is refused" {
	lines 'node register a' 'kv add n 1'
	for _ in 1 2 3; do
		same batch --request-id again <<-'END'
			N1
			1
		END
	done
	same events <<-'END'
		1	NODE_ALIVE	a	batch
		2	KV_PUT	default/n	batch
	END
	lines 'node register a' 'kv add n 2'
	fails 3 batch --request-id again <<-'END'
		gcs: batch: --request-id: 'again' was used for another call
	END
	# A batch that failed has left no answer.
	lines 'kv add n 5' 'cordon nobody -m x'
	fails 1 batch --request-id fresh
	lines 'kv add n 5'
	same batch --request-id fresh <<<6
	# The same holds for a value or a file that was read.
	printf one >"$work/one"
	printf two >"$work/two"
	put() { gcs kv put k --request-id value <"$work/$1"; }
	put one
	put one
	fails 3 put two <<<"gcs: kv put: --request-id: 'value' was used for another call"
}

@test "nothing is read while the lock is held: a slow script keeps nobody waiting" {
	mkfifo "$work/pipe"
	gcs batch <"$work/pipe" &
	exec 9>"$work/pipe"
	echo 'kv put slow 1' >&9
	gcs --lock-timeout 0 kv put quick 1
	gcs --lock-timeout 0 kv put quick 2
	echo 'kv put slow 2' >&9
	exec 9>&-
	wait $!
	same events <<-'END'
		1	KV_PUT	default/quick	kv put
		2	KV_PUT	default/quick	kv put
		3	KV_PUT	default/slow	batch
		4	KV_PUT	default/slow	batch
	END
}

@test "10,000 puts in one batch: all, in one transaction, and sound" {
	awk 'BEGIN { for (i = 1; i <= 10000; i++) printf "kv put key%05d value-of-%d\n", i, i }' >"$work/lines"
	same batch </dev/null
	same gcs log --limit 1 --no-headers -o tsv -c seq,name,txn 2>"$work/err" <<-'END'
		10000	default/key10000	1
	END
	[ "$(gcs kv get key07777)" = value-of-7777 ]
	gcs -q doctor
	# And not one of them if the last line fails.
	echo 'kv delete nothing' >>"$work/lines"
	sed -i 's/value-of/other/' "$work/lines"
	fails 1 batch <<-'END'
		gcs: batch: line 10001: kv delete: no key 'nothing' in namespace 'default'
	END
	[ "$(gcs kv get key07777)" = value-of-7777 ]
}

@test "what lines say to people is kept: notes on stderr, refusals as JSON where JSON is asked for" {
	gcs node register dead >"$work/out"
	gcs node fail dead -m gone
	lines 'node list -o id' 'kv put a 1'
	batch >"$work/out" 2>"$work/err"
	same cat "$work/out" "$work/err" <<-'END'
		gcs: 1 ended node not shown (-a shows them)
	END
	lines 'node list -o id'
	batch --each >"$work/out" 2>"$work/err"
	same cat "$work/err" <<-'END'
		gcs: 1 ended node not shown (-a shows them)
	END
	lines 'cordon dead -m why'
	fails 3 batch -o json <<-'END'
		{"code":3,"error":"refused","command":"batch","message":"line 1: cordon: node dead (N1) is DEAD: cannot cordon it","value":"dead"}
	END
}

@test "what is read is bounded: 16 MiB a line and 256 MiB in all; beyond, nothing is done" {
	long() { # a line of so many bytes behind one that does something
		echo "kv put long $1"
		head -c "$1" /dev/zero | tr '\0' '#'
		echo
	}
	all() { # so many bytes, of which the first do something
		echo 'kv put all 1'
		yes "# $(printf '%1021s' '')" | head -c $(($1 - 13))
	}
	endless() {
		{ echo 'kv put endless 1' && yes | tr -d '\n'; } | gcs batch
	}
	too_long() { long $(((16 << 20) + 1)) | gcs batch; }
	too_much() { all $(((256 << 20) + 1)) | gcs batch --each; }
	long $((16 << 20)) | gcs batch
	fails 2 too_long <<<'gcs: batch: line 2: longer than 16 MiB'
	fails 2 endless <<<'gcs: batch: line 2: longer than 16 MiB'
	all $((256 << 20)) | gcs batch
	fails 2 too_much <<<'gcs: batch: the input is longer than 256 MiB'
	same events <<-'END'
		1	KV_PUT	default/long	batch
		2	KV_PUT	default/all	batch
	END
}

@test "a line that waits for its turn takes little memory: 100,000 of them less than 40 MiB" {
	[ -z "$SAN" ] || skip 'a sanitizer has memory of its own'
	seq 100000 | sed 's|.*|is kv/default/key& gone|' >"$work/lines"
	# shellcheck disable=SC2016 # the inner shell's
	read -r peak _ < <("$GCS_TOOLS/bench" memory sh -c 'exec "$GCS_BIN" batch <"$0"' "$work/lines")
	[ "$peak" -gt 1000 ]
	[ "$peak" -lt 40960 ]
}
