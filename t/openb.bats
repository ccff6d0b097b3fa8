# A real cluster: 1,523 machines register, beat, and 100 of them fall silent. And files that are not what
# `node register --from` asks for.
load lib

openb=$BATS_TEST_DIRNAME/data/openb

# The nodes as gcs reads them, their names, the 100 that will fall silent and those that will not.
setup_file() {
	awk -f "$openb/nodes.awk" "$openb/nodes.csv" >"$BATS_FILE_TMPDIR/nodes.csv"
	cd "$BATS_FILE_TMPDIR" || return 1
	awk -F, 'NR > 1 { print $1 }' nodes.csv >all
	awk 'NR % 15 == 0 && n < 100 { n++; print; next } { print >"beating" }' all >silent
}

setup() {
	store
	cd "$BATS_FILE_TMPDIR" || return 1
}

@test "1,523 machines: 100 fall silent, and exactly those die, with what they owned" {
	gcs node register --from nodes.csv -o json >"$BATS_TEST_TMPDIR/ids"
	same sed 's/"ids":\[[^]]*\]/IDS/' "$BATS_TEST_TMPDIR/ids" <<-'END'
		{"v":1,"seq":1523,"changed":true,IDS}
	END
	same grep -o '"N[0-9]*"' "$BATS_TEST_TMPDIR/ids" <<-END
		$(seq -f '"N%g"' 1523)
	END
	same gcs node list --filter name=openb-node-0998 -o tsv --no-headers -c name,id,state,cpu,gpu,mem,labels <<-'END'
		openb-node-0998	N999	ALIVE	104	2	512Gi	gpu_model=T4
	END
	# One transaction, made by one command.
	same gcs log --type NODE_ALIVE -o fmt='%{txn} %{command}\n' <<-END
		$(yes '1 node register' | head -1523)
	END

	gcs clock +20s
	xargs "$GCS_BIN" node heartbeat <all
	# Some of the doomed own keys, one of them two; a living node's key stays.
	for n in 1 50 100; do
		gcs kv put "mark-$n" x --owner "$(sed -n "${n}p" silent)"
	done
	gcs kv put second x --owner "$(sed -n 50p silent)"
	gcs kv put stays x --owner "$(sed -n 1p beating)"
	gcs clock +20s
	xargs "$GCS_BIN" node heartbeat <beating
	gcs clock +11s
	same gcs log --type NODE_DEAD -o name <<-'END'
	END
	before=$(gcs log --limit 1 --no-headers -c seq -o tsv)
	gcs -q monitor --once

	same gcs log --type NODE_DEAD --reverse --no-headers -c name,cause -o tsv <<-END
		$(sed 's/$/\t0/' silent)
	END
	same gcs node list -a --filter state=DEAD --no-headers -c name,state,reason -o tsv <<-END
		$(sed 's/$/\tDEAD\tUNEXPECTED_TERMINATION: no heartbeat for 31s/' silent)
	END
	same gcs node list --no-headers -c name -o tsv <<-END
		$(cat beating)
	END
	# Everything else that happened has one of those deaths as its cause.
	dead() {
		gcs log --type NODE_DEAD -o tsv --no-headers -c seq,name | awk -v n="$(sed -n "$1p" silent)" '$2 == n { print $1 }'
	}
	same gcs log --since "$before" --filter type!=NODE_DEAD --reverse --no-headers -c type,name,cause,command -o tsv <<-END
		KV_DELETED	default/mark-1	$(dead 1)	monitor
		KV_DELETED	default/mark-50	$(dead 50)	monitor
		KV_DELETED	default/second	$(dead 50)	monitor
		KV_DELETED	default/mark-100	$(dead 100)	monitor
	END
	gcs log --cascade --since "$before" --time iso >"$BATS_TEST_TMPDIR/tree"
	same grep -c '^[0-9]* .*NODE_DEAD ' "$BATS_TEST_TMPDIR/tree" <<-'END'
		100
	END
	user=$(gcs log --limit 1 --no-headers -c user -o tsv)
	same grep -A 2 "NODE_DEAD .* $(sed -n 50p silent) " "$BATS_TEST_TMPDIR/tree" <<-END
		$(dead 50)   2026-01-01T00:00:51.000Z  NODE_DEAD      N750 openb-node-0749  ($user: monitor)
		\`- $(($(dead 50) + 1))   2026-01-01T00:00:51.000Z  KV_DELETED     default/mark-50  because of $(dead 50)  ($user: monitor)
		\`- $(($(dead 50) + 2))   2026-01-01T00:00:51.000Z  KV_DELETED     default/second  because of $(dead 50)  ($user: monitor)
	END
	xargs "$GCS_BIN" node heartbeat <beating
	gcs status -o json | sed 's/.*"nodes":/"nodes":/; s/,"store_bytes.*//' >"$BATS_TEST_TMPDIR/status"
	same cat "$BATS_TEST_TMPDIR/status" <<-'END'
		"nodes":{"ALIVE":1423,"DRAINING":0,"DEAD":100,"cordoned":0,"overdue":0},"kv":1
	END
	# What the living have in all, reckoned from the file itself.
	gcs status -o json | grep -o '"cpu":[0-9.]*,"gpu":[0-9]*' >"$BATS_TEST_TMPDIR/total"
	# shellcheck disable=SC2016 # awk's $1
	same awk -F, 'NR == FNR { dead[$1]; next } FNR > 1 && !($1 in dead) { c += $2; g += $4 }
		END { printf "\"cpu\":%d,\"gpu\":%d\n", c, g }' silent nodes.csv <"$BATS_TEST_TMPDIR/total"
	# Again: nothing more to do.
	last=$(gcs log --limit 1 --no-headers -c seq -o tsv)
	gcs -q monitor --once
	same gcs log --limit 1 --no-headers -c seq -o tsv <<-END
		$last
	END
	gcs -q doctor --deep
}

# refused MESSAGE: what stands on stdin as the file f registers nothing and fails with that message.
refused() {
	local dir=$BATS_TEST_TMPDIR
	cat >"$dir/f"
	(cd "$dir" && fails 2 gcs node register --from f <<<"gcs: node register: $1")
	same gcs node list -a --no-headers -o tsv </dev/null
	same gcs log --no-headers -o tsv </dev/null
}

@test "--from: a header that is none names file and line, and nothing is registered" {
	refused "f: line 1: there is no header" </dev/null
	printf '\n\r\n' | refused "f: line 1: there is no header"
	printf 'cpu,mem\n1,1Gi\n' | refused "f: line 1: the header has no column 'name'"
	printf 'name,cpu,cpu\na,1,2\n' | refused "f: line 1: there are two columns 'cpu'"
	printf '\n\nname,C P U\na,1\n' | refused "f: line 3: invalid resource name 'C P U'"
	printf 'name,,cpu\na,,1\n' | refused "f: line 1: invalid resource name ''"
	printf 'name%s\n' "$(seq -f ,r%g -s '' 64)" | refused "f: line 1: more than 64 columns"
}

@test "--from: a bad line names file and line, and nothing before it is registered" {
	printf 'name,cpu\na,1\nb,much\n' | refused "f: line 3: resource 'cpu': invalid amount 'much'"
	printf 'name,cpu\na,-1\n' | refused "f: line 2: resource 'cpu': invalid amount '-1'"
	printf 'name,mem\na,1Gi\n\nb,12Zi\n' | refused "f: line 4: resource 'mem': invalid size '12Zi'"
	printf 'name,cpu\na,1\nb,1,1\n' | refused "f: line 3: more fields than the header has"
	printf 'name,cpu\na,1\nb\n' | refused "f: line 3: fewer fields than the header has"
	printf 'name,cpu\na,1\n,1\n' | refused "f: line 3: '' is not a valid node name (letters, digits, . _ -; not like an id)"
	printf 'name,cpu\na,1\nN7,1\n' | refused "f: line 3: 'N7' is not a valid node name (letters, digits, . _ -; not like an id)"
	printf 'name,cpu\na,1\nb,"1\nc,1\n' | refused "f: line 3: a quote is not closed"
	printf 'name,cpu\na,1\nb\0c,1\n' | refused "f: line 3: a NUL byte"
	printf 'name,labels\na,k=v\nb,k=v;w\n' | refused "f: line 3: invalid label 'w': expected KEY=VALUE"
}

@test "--from: a name that stands twice in the file is refused, a name that lives is updated" {
	printf 'name,cpu\na,1\nb,1\nc,1\nb,2\na,2\n' | refused "f: line 5: node 'b' is in line 3 already"
	gcs node register b -r cpu=9 >/dev/null
	printf 'name,cpu\na,1\nb,2\n' >"$BATS_TEST_TMPDIR/f"
	same gcs node register --from "$BATS_TEST_TMPDIR/f" <<-'END'
		N2
		N1
	END
	same gcs node list --no-headers -c name,id,cpu -o tsv <<-'END'
		b	N1	2
		a	N2	1
	END
}

@test "--from: CRLF, quotes, a byte order mark and a missing last newline are read" {
	printf '\xef\xbb\xbfname,address,labels,cpu\r\n"a","host ""one"", left","k=v;w=x y",1.5\r\n\r\nb,,,"2"' >"$BATS_TEST_TMPDIR/f"
	same gcs node register --from "$BATS_TEST_TMPDIR/f" <<-'END'
		N1
		N2
	END
	same gcs node list -c name,address,labels,total -o jsonl <<-'END'
		{"name":"a","address":"host \"one\", left","labels":{"k":"v","w":"x y"},"total":{"cpu":1.5}}
		{"name":"b","address":"","labels":{},"total":{"cpu":2}}
	END
}

@test "--from: JSON lines, each a record's fields; a bad one names its line" {
	printf '%s\n' '{"name":"a","total":{"cpu":4,"mem":1024},"labels":{"k":"v"},"heartbeat_timeout":60000}' '' '{"name":"b"}' >"$BATS_TEST_TMPDIR/f"
	same gcs node register --from "$BATS_TEST_TMPDIR/f" <<-'END'
		N1
		N2
	END
	same gcs node list -c name,heartbeat_timeout,total,labels -o jsonl <<-'END'
		{"name":"a","heartbeat_timeout":60000,"total":{"cpu":4,"mem":1024},"labels":{"k":"v"}}
		{"name":"b","heartbeat_timeout":null,"total":{},"labels":{}}
	END
}

@test "--from: bad JSON lines register nothing" {
	printf '%s\n' '{"name":"a"}' '{"nam":"b"}' | refused "f: line 2: node has no field 'nam'"
	printf '%s\n' '{"name":"a"}' '{"name":"b","state":"DEAD"}' | refused "f: line 2: field 'state' cannot be given"
	printf '%s\n' '{"name":"a"}' '{"name":' | refused "f: line 2: malformed JSON at byte 9"
	printf '%s\n' '{"name":"a"}' '' '{"name":"a"}' | refused "f: line 3: node 'a' is in line 1 already"
	printf '%s\n' '{"name":"a"}' '{}' | refused "f: line 2: '' is not a valid node name (letters, digits, . _ -; not like an id)"
	printf '%s\n' '{"name":"a","name":"b"}' | refused "f: line 1: key 'name' is given twice"
}

@test "--from: a header alone registers nothing and is no failure; - is stdin; nothing else beside it" {
	printf 'name,cpu\n' >"$BATS_TEST_TMPDIR/f"
	same gcs node register --from "$BATS_TEST_TMPDIR/f" </dev/null
	same gcs log --no-headers -o tsv </dev/null
	same bash -c 'printf "name\nz\n" | gcs node register --from -' <<-'END'
		N1
	END
	fails 2 gcs node register --from "$BATS_TEST_TMPDIR/f" -r cpu=1 <<-'END'
		gcs: node register: --from stands alone: the file says the rest
	END
	cd "$BATS_TEST_TMPDIR"
	fails 2 gcs node register --from nowhere <<-'END'
		gcs: node register: cannot read 'nowhere': No such file or directory
	END
}

@test "--from: a dry run registers nothing and leaves no beat, and its plan holds" {
	printf 'name,cpu\na,1\nb,2\n' >"$BATS_TEST_TMPDIR/f"
	cp "$GCS_DIR/pulse" "$BATS_TEST_TMPDIR/pulse"
	plan=$(gcs node register --from "$BATS_TEST_TMPDIR/f" -n | sed -n 's/^plan //p')
	cmp "$GCS_DIR/pulse" "$BATS_TEST_TMPDIR/pulse"
	same gcs log --no-headers -o tsv </dev/null
	same gcs node register --from "$BATS_TEST_TMPDIR/f" --if-plan "$plan" <<-'END'
		N1
		N2
	END
}
