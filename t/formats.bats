# Formats: one row of values, told in every way.
# shellcheck disable=SC2016,SC2154 # dollars that are text; run sets stderr
load lib

setup() {
	store
	gcs node register n1 -r cpu=8,gpu=2,mem=64Gi,licence=3 --label zone=a --label 'note=it'"'"'s $HOME "x"' --address 10.0.0.1
	gcs clock +90s
	gcs node register n2 -r cpu=2.5,mem=512Mi --label zone=b
	gcs node register n3
	gcs node fail n3 -m 'went up in smoke'
	gcs clock +1h
	gcs node heartbeat n1 n2 --load 0.25 --free-mem 1Gi
	gcs clock +3s
	printf 'tab\there\nback\\slash\377' | gcs kv put bytes --owner n1
	gcs kv put text 'plain'
} >/dev/null

@test "table: columns, numbers to the right, and dashes for what is not there" {
	same gcs node list <<-'END'
		NAME  ID  STATE  AGE   HEARTBEAT  CPU  GPU  MEM    ACTORS  JOBS  REASON
		n1    N1  ALIVE  1h1m  3s         8    2    64Gi        -     -  -
		n2    N2  ALIVE  1h    3s         2.5  -    512Mi       -     -  -
	END
	same gcs kv list <<-'END'
		NAMESPACE  KEY    SIZE  AGE  EXPIRES  OWNER
		default    bytes    20  0s   -        N1
		default    text      5  0s   -        -
	END
	same gcs node list -o table < <(gcs node list)
	same gcs node list --no-headers -a -c name,age,reason <<-'END'
		n1  1h1m  -
		n2  1h    -
		n3  1h    MARKED: went up in smoke
	END
}

@test "wide has more columns, and is never cut" {
	same gcs node list -o wide --filter name=n2 <<-'END'
		NAME  ID  STATE  AGE  HEARTBEAT  CPU  GPU  MEM    ACTORS  JOBS  LOAD  FREE-MEM  REASON  LABELS  ADDRESS
		n2    N2  ALIVE  1h   3s         2.5  -    512Mi       -     -  0.25       1Gi  -       zone=b  -
	END
}

@test "a table is cut at the terminal's edge, in its last column" {
	gcs cordon n1 -m "$(printf 'long %.0s' {1..40})"
	script -qec "stty cols 60; '$GCS_BIN' log --limit 1 -q --no-headers -c seq,type,message" /dev/null | tr -d '\r' >"$BATS_TEST_TMPDIR/out"
	same cat "$BATS_TEST_TMPDIR/out" <<<'10  NODE_UPDATED  long long long long long long long long l…'
	same gcs log --limit 1 -q --no-headers -c seq,type,message \
		<<<"10  NODE_UPDATED  $(printf 'long %.0s' {1..39})long"
}

@test "json: one document; jsonl: the same records, one a line" {
	boot=$(gcs node show n1 -o 'fmt=%{boot_id}')
	one='{"name":"n1","id":"N1","state":"ALIVE","heartbeat":3000,"load":0.25,"free_mem":1073741824,'
	one+='"labels":{"note":"it'"'"'s $HOME \"x\"","zone":"a"},"born":1,"rev":1,"created_ms":1767225600000,"updated_ms":1767225600000,'
	one+='"address":"10.0.0.1","total":{"cpu":8,"gpu":2,"licence":3,"mem":68719476736},"cordoned":false,"boot_id":"'$boot'"}'
	two='{"name":"n2","id":"N2","state":"ALIVE","heartbeat":3000,"load":0.25,"free_mem":1073741824,'
	two+='"labels":{"zone":"b"},"born":3,"rev":3,"created_ms":1767225690000,"updated_ms":1767225690000,'
	two+='"total":{"cpu":2.5,"mem":536870912},"cordoned":false,"boot_id":"'$boot'"}'
	same gcs node list -o json <<<'{"v":1,"seq":9,"items":['"$one,$two"']}'
	same gcs node list -o jsonl <<<"$one"$'\n'"$two"
	same gcs node show n1 n2 -o json < <(gcs node list -o json)
	same gcs node show n1 n2 -o jsonl < <(gcs node list -o jsonl)
	same gcs node list -o jsonl -c name,total.cpu,labels.zone,labels.none,total <<-'END'
		{"name":"n1","total.cpu":8,"labels.zone":"a","labels.none":null,"total":{"cpu":8,"gpu":2,"licence":3,"mem":68719476736}}
		{"name":"n2","total.cpu":2.5,"labels.zone":"b","labels.none":null,"total":{"cpu":2.5,"mem":536870912}}
	END
	same gcs kv list -o jsonl --values -c key,value <<-'END'
		{"key":"bytes","value_base64":"dGFiCWhlcmUKYmFja1xzbGFzaP8="}
		{"key":"text","value":"plain"}
	END
}

@test "tsv: titles, tabs, and escapes for what would break a line" {
	same gcs node list -o tsv -a <<-END
		NAME	ID	STATE	AGE	HEARTBEAT	CPU	GPU	MEM	ACTORS	JOBS	REASON
		n1	N1	ALIVE	1h1m	3s	8	2	64Gi			
		n2	N2	ALIVE	1h	3s	2.5		512Mi			
		n3	N3	DEAD	1h							MARKED: went up in smoke
	END
	same gcs kv list -o tsv --values -c key,value,owner --no-headers \
		< <(printf 'bytes\ttab\\there\\nback\\\\slash\377\tN1\ntext\tplain\t\n')
}

@test "id and name, one a line" {
	same gcs node list -o id -a <<<$'N1\nN2\nN3'
	same gcs node list -o name <<<$'n1\nn2'
	same gcs kv list -o id <<<$'bytes\ntext'
	same gcs kv list -o name <<<$'bytes\ntext'
	same gcs log -o id --limit 2 -q <<<$'9\n8'
	same gcs node show n3 -o id <<<N3
}

@test "env: a shell reads back what was there" {
	same gcs node list -o env -c name,labels.note,total,address --filter name=n1 <<-'END'
		GCS_NODE_NAME='n1'
		GCS_NODE_LABELS_NOTE='it'\''s $HOME "x"'
		GCS_NODE_TOTAL='cpu=8,gpu=2,licence=3,mem=64Gi'
		GCS_NODE_ADDRESS='10.0.0.1'
	END
	gcs kv put hostile "\$(touch $BATS_TEST_TMPDIR/pwned) \`id\` ' \" \\ ;&|"
	for shell in sh bash; do
		same "$shell" -c 'eval "$('"'$GCS_BIN'"' kv show hostile -o env)"; printf "%s\n" "$GCS_KV_VALUE" "$GCS_KV_KEY"' <<-END
			\$(touch $BATS_TEST_TMPDIR/pwned) \`id\` ' " \\ ;&|
			hostile
		END
	done
	[ ! -e "$BATS_TEST_TMPDIR/pwned" ]
	same sh -c 'eval "$('"'$GCS_BIN'"' node show n3 -o env)"; echo "$GCS_NODE_STATE|$GCS_NODE_ADDRESS|$GCS_NODE_CREATED_MS"' \
		<<<'DEAD||2026-01-01T00:01:30.000Z'
}

@test "fmt: fields and parts of fields in a template" {
	same gcs node list -o 'fmt=%{id} %{state}\n' <<<$'N1 ALIVE\nN2 ALIVE'
	same gcs node list -o 'fmt=%{name}\t%{total.cpu}\t%{labels.zone}|%{labels.none}|%{address}\n' <<-END
		n1	8	a||10.0.0.1
		n2	2.5	b||
	END
	same gcs node list -o 'fmt=100%% \\ %{name};' < <(printf '100%% \\ n1;100%% \\ n2;')
	same gcs node show n3 -o 'fmt=%{death.reason}: %{death.message} at %{death.end_ms}\n' \
		<<<'MARKED: went up in smoke at 2026-01-01T00:01:30.000Z'
	fails 2 gcs node list -o 'fmt=%{nope}'
	fails 2 gcs node list -o 'fmt=%{name'
	fails 2 gcs node list -o 'fmt=%name'
	fails 2 gcs node list -o 'fmt=\q'
	fails 2 gcs node list -o fmt
	fails 2 gcs node list -o xml \
		<<<"gcs: node list: -o: unknown format 'xml' (table, wide, json, jsonl, tsv, id, name, env or fmt=TEMPLATE)"
}

@test "--time: relative, RFC 3339, seconds" {
	same gcs log --reverse --limit 2 -q -c seq,time_ms --no-headers --time iso <<-'END'
		1  2026-01-01T00:00:00.000Z
		2  2026-01-01T00:01:30.000Z
	END
	same gcs log --reverse --limit 2 -q -c seq,time_ms --no-headers --time unix <<-'END'
		1  1767225600
		2  1767225690
	END
	same gcs log --reverse --limit 2 -q -c seq,time_ms --no-headers --time rel <<-'END'
		1  1h1m ago
		2  1h ago
	END
	# Away from a terminal times are points in time; JSON has its numbers whatever was asked for.
	same gcs log --limit 1 -q -c time_ms --no-headers <<<2026-01-01T01:01:33.000Z
	same gcs log --limit 1 -q -c time_ms -o jsonl --time iso <<<'{"time_ms":1767229293000}'
	fails 2 gcs log --time local
}

@test "--columns: paths, in the order asked for; unknown ones are named" {
	same gcs node list -c state,name,total.mem,labels.zone,rev <<-'END'
		STATE  NAME  TOTAL.MEM  LABELS.ZONE  REV
		ALIVE  n1         64Gi  a              1
		ALIVE  n2        512Mi  b              3
	END
	fails 2 gcs node list -c name,nope
	fails 2 gcs node list -c '' -o tsv
	fails 2 gcs node list -c name -o id <<<'gcs: node list: --columns: format id has none'
}

# names OPTION…: of all nodes, ended or not.
names() { gcs node list -a -o name "$@"; }

@test "--filter: operators, or within one, and over several" {
	same names --filter state=ALIVE <<<$'n1\nn2'
	same names --filter state!=ALIVE <<<n3
	same names --filter 'total.cpu>2.5' <<<n1
	same names --filter 'total.cpu>=2.5' <<<$'n1\nn2'
	same names --filter 'total.cpu<8' --filter state=ALIVE <<<n2
	same names --filter 'total.mem>1Gi' <<<n1
	same names --filter 'total.mem<=512Mi' --filter 'total.mem>0' <<<n2
	same names --filter 'name~^n[13]$' <<<$'n1\nn3'
	same names --filter 'name=n1,n3' <<<$'n1\nn3'
	same names --filter 'name!=n1,n3' <<<n2
	same names --filter 'state=DEAD,total.gpu>1' <<<$'n1\nn3'
	same names --filter address= <<<$'n2\nn3'
	same names --filter 'created_ms>2026-01-01T00:01:00Z' <<<$'n2\nn3'
	same names --filter 'age>1h1m' <<<n1
	same names --filter labels.zone=a,b --filter labels.zone!=b <<<n1
	same names --filter 'death.reason=MARKED' <<<n3
	fails 2 gcs node list --filter nonsense
	fails 2 gcs node list --filter 'nope=1'
	fails 2 gcs node list --filter 'state=SLEEPING'
	fails 2 gcs node list --filter 'total.cpu>many'
	fails 2 gcs node list --filter 'name~['
}

@test "-l: by label, with the selector's operators" {
	same names -l zone=a <<<n1
	same names -l zone!=a <<<$'n2\nn3'
	same names -l 'zone in (a,b)' <<<$'n1\nn2'
	same names -l 'zone notin (a)' <<<$'n2\nn3'
	same names --selector zone <<<$'n1\nn2'
	same names -l '!zone' <<<n3
	same names -l 'zone,note' <<<n1
	fails 2 gcs node list -l 'zone in a'
	fails 2 gcs kv list -l zone=a <<<'gcs: kv list: --selector: kv records have no labels'
}

@test "--sort: numbers as numbers, times as times, what is not there first" {
	same names --sort -name <<<$'n3\nn2\nn1'
	same names --sort total.cpu <<<$'n3\nn2\nn1'
	same names --sort -total.mem <<<$'n1\nn2\nn3'
	same names --sort -created_ms <<<$'n2\nn3\nn1'
	same names --sort state <<<$'n1\nn2\nn3'
	fails 2 gcs node list --sort nope
}

@test "filter, then sort, then limit; and what was left out is said on stderr" {
	said() { { gcs node list -o name "$@" >/dev/null; } 2>&1; }
	same names --filter 'name!=n3' --sort -name --limit 1 -q <<<n2
	same names --sort -total.cpu --filter 'total.cpu<8' --limit 1 -q <<<n2
	same said <<<'gcs: 1 ended node not shown (-a shows them)'
	same said -a </dev/null
	same said -q </dev/null
	same said -a --limit 2 <<<'gcs: only the first 2 are shown (--limit)'
	same said -a --limit 3 </dev/null
	same said -a --limit 1 --filter name=n2 </dev/null
	gcs node fail n2 -m x
	same said <<<'gcs: 2 ended nodes not shown (-a shows them)'
	same said --limit 0 <<<'gcs: only the first 0 are shown (--limit)'
}

@test "--some: 1 if nothing is shown" {
	gcs node list --some -o id -q
	run -1 --separate-stderr gcs node list --some --filter name=n9 -o id -q
	[ "$output" = '' ]
	[ "$stderr" = '' ]
	run -1 --separate-stderr gcs node list --some --filter name=n9 -o json -q
	[ "$output" = '{"v":1,"seq":9,"items":[]}' ]
	[ "$stderr" = '' ]
	run -1 gcs node list --some --filter name=n3 -o id -q
}
