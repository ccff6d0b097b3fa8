# Promises about all commands. Each is a loop over what the program itself says there is, so a new command is
# held to them from its first day.
load lib

setup() {
	mapfile -t names < <(gcs __pages | cut -f 1)
}

# cluster: a store in which every command finds something to do.
cluster() {
	store
	gcs batch <<-'END'
		node register n1 -r cpu=8,gpu=2,mem=64Gi --label zone=a --address 10.0.0.1
		node register n2 -r cpu=4 --label zone=b
		node register n3
		node register n4
		node register n5
		node fail n3 -m gone
		drain n4 --keep -m repair
		cordon n5 -m noisy
		config heartbeat_timeout 40s
		kv put a hello
		kv put -N other b 2
		resource hold n1 cpu=1 -m spare
		actor create act -r cpu=1
		actor create old
		actor create big -r cpu=999
		actor kill old
		pg create grp --bundle 2:cpu=1
		job add led
		job submit fresh -r cpu=1 --clean-env
		job submit going --clean-env
		job submit past --clean-env
		job cancel past
		worker start going
		job add over
		job finish over
	END
	gcs kv add count 1
} >"$BATS_TEST_TMPDIR/.cluster"

# call NAME: options and operands with which that command does something in `cluster`, and the child command that
# must follow; its stdin is $typed. They stand as `# contract NAME: WORDS [-- CHILD]` in the test of the command.
typed='kv put b 1'
call() {
	local row i
	row=$(sed -n "s/^# contract $1:\( \|$\)/:/p" "$root"/t/*.bats)
	if [[ $row != :* || $row == *$'\n'* ]]; then
		echo "contract.bats: how is '$1' called? (one '# contract $1: …' in its test)" >&2
		return 1
	fi
	eval "args=(${row#:})"
	child=()
	for i in "${!args[@]}"; do
		if [ "${args[i]}" = -- ]; then
			child=("${args[@]:i}")
			args=("${args[@]:0:i}")
			break
		fi
	done
}

# is_one NAME WORD: what the program's table says of the command: its mode, and `stands` if it stands for a child.
is_one() {
	gcs __pages modes | grep -q "^$1"$'\t'".*\b$2\b"
}

# failure NAME CODE: with which code the command exits where others do with CODE. What stands for a child says so of
# all that is not the child's failure.
failure() {
	if is_one "$1" stands; then echo 125; else echo "$2"; fi
}

# snapshot: all that a change could change.
snapshot() {
	gcs log -p
	gcs node list -a -o json
	gcs kv list -a -o json --values
	gcs config -o json
	gcs clock
}

# takes NAME OPTION: the command's help has that option.
takes() {
	# shellcheck disable=SC2086
	gcs $1 --help | grep -q -e "--$2[= ]"
}

json() { "$GCS_TOOLS/json" "$@"; }

# on_terminal COMMAND…: its output where stdout is a terminal, control bytes made visible, line ends made ours.
on_terminal() {
	local words
	words=$(printf '%q ' "$GCS_BIN" "$@")
	script -qec "stty cols 200; $words" /dev/null | tr -d '\r' | cat -v
}

@test "every command has help that begins with its usage" {
	[ "${#names[@]}" -ge 39 ]
	for name in "${names[@]}"; do
		# shellcheck disable=SC2086
		gcs $name --help >"$BATS_TEST_TMPDIR/help"
		read -r first <"$BATS_TEST_TMPDIR/help"
		[[ "$first " == "Usage: gcs $name "* ]]
		[ "$(awk 'length > 79' "$BATS_TEST_TMPDIR/help")" = '' ]
		# shellcheck disable=SC2086
		{
			same gcs $name -h <"$BATS_TEST_TMPDIR/help"
			same gcs help $name <"$BATS_TEST_TMPDIR/help"
		}
	done
}

@test "the help of every command has exactly the options that completion and its page have" {
	for name in "${names[@]}"; do
		# shellcheck disable=SC2086
		gcs $name --help | grep -o -E -e '^  (-.,|   ) --[a-z-]+' | sed 's/.*--//' | sort >"$BATS_TEST_TMPDIR/help"
		# What is understood is what completion offers; hidden from neither are the global options.
		# shellcheck disable=SC2086
		gcs __complete $name -- | grep -o '^--[a-z-]*' | sed 's/^--//' | sort >"$BATS_TEST_TMPDIR/offered"
		diff -u "$BATS_TEST_TMPDIR/offered" "$BATS_TEST_TMPDIR/help"
		# The manual page takes the same ones.
		# shellcheck disable=SC2086
		{
			gcs __pages options $name
			gcs __pages options
		} | grep -o -E 'Fl Fl [a-z-]+|Fl -[a-z-]+' | sed 's/.*[ ]-*//' | sort >"$BATS_TEST_TMPDIR/page"
		diff -u "$BATS_TEST_TMPDIR/page" "$BATS_TEST_TMPDIR/help"
	done
}

@test "an unknown option is named, with 2" {
	for name in "${names[@]}"; do
		code=$(failure "$name" 2)
		# shellcheck disable=SC2086
		{
			fails $code gcs $name --no-such-option <<<"gcs: $name: unknown option '--no-such-option'"
			fails $code gcs $name -Z <<<"gcs: $name: unknown option '-Z'"
			fails $code gcs $name --no-such-option=5 <<<"gcs: $name: unknown option '--no-such-option'"
			fails $code gcs --no-such-option $name <<<"gcs: $name: unknown option '--no-such-option'"
		}
	done
}

@test "a missing operand and one too many are named, with 2" {
	local seen=0
	for name in "${names[@]}"; do
		# shellcheck disable=SC2086
		usage=$(gcs $name --help | sed -n '1s/.*\[OPTION\]\.\.\.//p')
		first=$(awk '{ print $1 }' <<<"$usage")
		case $first in
		'' | '['*) ;;
		*)
			# shellcheck disable=SC2086
			fails "$(failure "$name" 2)" gcs $name -D /nowhere <<<"gcs: $name: missing operand ${first%...}"
			seen=$((seen + 1))
			;;
		esac
		case $usage in
		*...*) ;;
		*)
			# shellcheck disable=SC2086
			fails "$(failure "$name" 2)" gcs $name -D /nowhere w w w <<<"gcs: $name: unexpected operand 'w'"
			seen=$((seen + 1))
			;;
		esac
	done
	[ $seen -ge 30 ]
}

@test "every change can be tried with -n: it shows events and a plan, and changes nothing" {
	local seen=0
	cluster
	snapshot >"$BATS_TEST_TMPDIR/before"
	for name in "${names[@]}"; do
		takes "$name" dry-run || continue
		call "$name"
		for how in -n --dry-run; do
			[ "$name $how" != 'lock -n' ] || continue # that is flock's -n
			# shellcheck disable=SC2086
			gcs $name "${args[@]}" $how "${child[@]}" <<<"$typed" >"$BATS_TEST_TMPDIR/plan"
			[ "$(wc -l <"$BATS_TEST_TMPDIR/plan")" -ge 2 ]
			[[ $(tail -n 1 "$BATS_TEST_TMPDIR/plan") =~ ^plan\ [0-9a-f]{32}$ ]]
		done
		snapshot >"$BATS_TEST_TMPDIR/after"
		diff -u "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
		# shellcheck disable=SC2086
		gcs $name "${args[@]}" --dry-run -o json "${child[@]}" <<<"$typed" | json lines >"$BATS_TEST_TMPDIR/count"
		seen=$((seen + 1))
	done
	[ $seen -ge 19 ]
}

@test "every change does what its plan said" {
	for name in "${names[@]}"; do
		takes "$name" if-plan || continue
		rm -rf "$GCS_DIR"
		cluster
		call "$name"
		before=$(gcs log -o id | wc -l)
		# shellcheck disable=SC2086
		plan=$(gcs $name "${args[@]}" -n <<<"$typed" | sed -n 's/^plan //p')
		# shellcheck disable=SC2086
		run -3 --separate-stderr gcs_typed $name "${args[@]}" --if-plan "0$plan"
		# shellcheck disable=SC2154 # run sets it
		[ "${stderr##*$'\n'}" = "gcs: $name: --if-plan: other events would follow now (plan $plan)" ]
		# shellcheck disable=SC2086
		run -3 --separate-stderr gcs_typed $name "${args[@]}" --if-plan "0$plan" -o json
		json doc code message value <<<"$stderr"
		[ "$(gcs log -o id | wc -l)" -eq "$before" ]
		# shellcheck disable=SC2086
		gcs $name "${args[@]}" --if-plan "$plan" <<<"$typed" >"$BATS_TEST_TMPDIR/out"
		[ "$(gcs log -o id | wc -l)" -gt "$before" ]
		gcs doctor -q
	done
}

gcs_typed() { gcs "$@" <<<"$typed"; }

@test "every change answers under json with seq, changed and ids" {
	cluster
	for name in "${names[@]}"; do
		takes "$name" if-plan || continue # what has a child leaves stdout to it
		rm -rf "$GCS_DIR"
		cluster
		call "$name"
		# shellcheck disable=SC2086
		gcs $name "${args[@]}" -o json <<<"$typed" | tail -n 1 | json doc v seq changed ids
	done
}

@test "what reads writes one JSON document, or answers with its exit code alone" {
	cluster
	for name in "${names[@]}"; do
		case $name in
		help | explain | completion | monitor | watch | top | logs) continue ;; # for people only, and bytes as they are
		agent | 'job run') continue ;; # says what others do, and what its child says
		esac
		! takes "$name" dry-run || continue
		call "$name"
		# shellcheck disable=SC2086
		gcs $name "${args[@]}" -o json <<<"$typed" >"$BATS_TEST_TMPDIR/out"
		if [ -s "$BATS_TEST_TMPDIR/out" ]; then
			json doc v <"$BATS_TEST_TMPDIR/out"
		else
			# What answers with its exit code alone.
			[[ $name =~ ^(is|job wait|kv exists|node alive|node heartbeat)$ ]]
		fi
	done
}

@test "every list takes every list option in every format" {
	local seen=0 options format holder
	cluster
	"$GCS_BIN" lock held -- sh -c ': >"$0"; exec sleep 900' "$BATS_TEST_TMPDIR/held" &
	holder=$!
	wait_for test -e "$BATS_TEST_TMPDIR/held"
	for name in "${names[@]}"; do
		takes "$name" filter || continue
		seen=$((seen + 1))
		field=name
		case $name in
		'kv list') field=key ;;
		'lease list') field=message ;;
		'resource summary') field=resource ;;
		'resource demand') field=kind ;;
		'task list' | 'worker list') field=reason ;;
		esac
		args=()
		[ "$name" != 'resource fit' ] || args=(-r cpu=1)
		[ "$name" != lock ] || args=(--list)
		for format in table wide json jsonl tsv id name env "fmt=%{$field}\n"; do
			for options in "--filter $field!=x" "--sort $field" "--sort -$field" '--limit 1' '--limit 0' \
				"-c $field" "--columns=$field" --no-headers -a --all --some '-l zone=a' '-l !zone' \
				"-q --filter $field~. --sort $field --limit 2 -a"; do
				# Not every record has labels, not every format columns: that is said, with 2.
				code=0
				# shellcheck disable=SC2086
				gcs $name "${args[@]}" $options -o "$format" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || code=$?
				case "$code $name $options" in
				'0 '* | '2 log -l '* | '2 kv list -l '* | '2 lease list -l '* | '2 worker list -l '* | '125 lock -l '* | '2 resource summary -l '* | '2 resource demand -l '* | '4 resource fit -l '*) ;;
				*' -c '* | *' --columns='*) [[ $code$format =~ ^(2|125)(id|name|fmt=.*)$ ]] ;;
				*)
					echo "exit $code: gcs $name $options -o $format" >&2
					cat "$BATS_TEST_TMPDIR/err" >&2
					return 1
					;;
				esac
				[ "$code" -eq 0 ] || continue
				case $format in
				json) json doc v seq items <"$BATS_TEST_TMPDIR/out" ;;
				jsonl) json lines <"$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/count" ;;
				esac
			done
		done
	done
	[ $seen -ge 3 ]
	kill "$holder"
	ends 143 "$holder"
}

@test "an empty list is still a document, and --some makes it a no" {
	store
	same gcs node list -o json <<<'{"v":1,"seq":0,"items":[]}'
	same gcs kv list -o json <<<'{"v":1,"seq":0,"items":[]}'
	same gcs log -o json <<<'{"v":1,"seq":0,"items":[]}'
	same gcs node list -o jsonl </dev/null
	run -1 gcs kv list --some --no-headers
	[ "$output" = '' ]
	run -1 gcs log --some -o id
	[ "$output" = '' ]
}

@test "an error is one line of text, or one JSON object where JSON was asked for" {
	cluster
	for name in "${names[@]}"; do
		for words in --no-such-option '--time never' '-o nothing'; do
			# shellcheck disable=SC2086
			fails "$(failure "$name" 2)" gcs $name $words
			grep -q -E "^gcs: $name: [a-z'-]" "$BATS_TEST_TMPDIR/.err"
		done
		for format in '-o json' --output=jsonl; do
			# shellcheck disable=SC2086
			fails "$(failure "$name" 2)" gcs $format $name --no-such-option
			json doc code error command message value <"$BATS_TEST_TMPDIR/.err"
			# shellcheck disable=SC2086
			fails "$(failure "$name" 2)" gcs $name --time never $format
			json doc code error command message value <"$BATS_TEST_TMPDIR/.err"
		done
	done
	for format in -ojson '--output json' '-o jsonl' -ojsonl; do
		# shellcheck disable=SC2086
		fails 2 gcs status --no-such-option $format
		json doc code error command message value <"$BATS_TEST_TMPDIR/.err"
	done
	fails 1 gcs node show nobody -o json <<-'END'
		{"code":1,"error":"no","command":"node show","message":"no node matches 'nobody'","value":"nobody"}
	END
	fails 2 gcs -o json node list --limit=x <<-'END'
		{"code":2,"error":"usage","command":"node list","message":"--limit: invalid number 'x'","value":"x"}
	END
	fails 2 gcs -o json nod list <<-'END'
		{"code":2,"error":"usage","command":"","message":"unknown command 'nod': did you mean 'node'?","value":"nod"}
	END
}

@test "every command that needs a store says that there is none, with 7" {
	local seen=0
	GCS_DIR=$BATS_TEST_TMPDIR/none
	for name in "${names[@]}"; do
		! is_one "$name" none || continue
		call "$name"
		# shellcheck disable=SC2086
		fails "$(failure "$name" 7)" gcs_typed $name "${args[@]}" "${child[@]}" \
			<<<"gcs: $name: no cluster in '$GCS_DIR' (make one with: gcs init)"
		seen=$((seen + 1))
	done
	[ $seen -ge 30 ]
}

@test "a reader that has seen enough ends the program quietly" {
	store
	seq 4000 | sed 's/.*/kv put key-&-of-many-with-a-longer-name &/' | gcs batch
	for format in table json jsonl tsv id env; do
		for name in 'kv list' log 'log -p'; do
			# shellcheck disable=SC2086
			gcs $name -o $format 2>"$BATS_TEST_TMPDIR/err" | head -c 10 >"$BATS_TEST_TMPDIR/out"
			[ "${PIPESTATUS[*]}" = '0 0' ]
			[ ! -s "$BATS_TEST_TMPDIR/err" ]
		done
	done
	gcs log -p 2>"$BATS_TEST_TMPDIR/err" | head -n 1 >"$BATS_TEST_TMPDIR/out"
	[ "${PIPESTATUS[*]}" = '0 0' ]
	for name in "${names[@]}"; do
		# shellcheck disable=SC2086
		gcs $name --help 2>>"$BATS_TEST_TMPDIR/err" | true
		[ "${PIPESTATUS[*]}" = '0 0' ]
	done
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
}

full() { gcs "$@" <<<"$typed" >/dev/full; }

@test "a full disk under stdout is an error, and what was committed by then is said" {
	cluster
	for name in "${names[@]}"; do
		# shellcheck disable=SC2086
		fails "$(failure "$name" 7)" full $name --help <<<"gcs: $name: write error: No space left on device"
		case $name in
		log | show | status | top | *' list' | *' show' | 'kv get' | explain | help | completion | version | watch)
			call "$name"
			# shellcheck disable=SC2086
			fails 7 full $name "${args[@]}" -q <<<"gcs: $name: write error: No space left on device"
			;;
		esac
	done
	before=$(gcs log -o id -q --limit 1)
	fails 7 full node register n9 \
		<<<"gcs: node register: committed as seq $((before + 1)), output failed: No space left on device"
	same gcs is n9 exists </dev/null
	fails 7 full kv add count 5 -o json <<-END
		{"code":7,"error":"store","command":"kv add","message":"committed as seq $((before + 2)), output failed: No space left on device","value":null}
	END
	same gcs kv get count < <(printf 6)
	fails 7 full node register n10 -n <<<'gcs: node register: write error: No space left on device'
	run -1 gcs is n10 exists
}

# survives COMMAND…: it ends by itself, with whatever code.
survives() {
	local code=0
	"$@" || code=$?
	[ "$code" -le 9 ]
}

@test "closed standard streams damage nothing" {
	local before
	cluster
	for name in "${names[@]}"; do
		case $name in
		init | agent) continue ;; # an agent stays until it is told to go
		esac
		call "$name"
		# shellcheck disable=SC2086
		{
			survives gcs $name "${args[@]}" "${child[@]}" <&- >&- 2>&-
			survives gcs $name "${args[@]}" "${child[@]}" <<<"$typed" >&- 2>"$BATS_TEST_TMPDIR/err"
			survives gcs $name "${args[@]}" "${child[@]}" <<<"$typed" 2>&- >"$BATS_TEST_TMPDIR/out"
			survives gcs $name "${args[@]}" -o json "${child[@]}" <&- 2>&- >"$BATS_TEST_TMPDIR/out"
		}
	done
	gcs doctor --deep -q
	# They were done all the same.
	gcs is n9 exists
	run -1 gcs is N1 exists
	same gcs kv get -N default k < <(printf v)
	before=$(gcs log -o id -q --limit 1)
	gcs kv put last words <&- >&- 2>&-
	same gcs log -o id -q --limit 1 <<<$((before + 1))
}

@test "what people named cannot move a terminal, and is itself everywhere else" {
	local bad=$'\e]0;t\a\n\t\\\x7f'
	store
	gcs node register n1 --label "k=$bad" --address "$bad"
	gcs cordon n1 -m "$bad"
	gcs kv put "k$bad" "v$bad"
	gcs kv put raw < <(printf '\377\033\0')
	for words in 'kv list' 'kv list --values -o tsv' 'kv list -o name' 'kv list -o env' 'kv list -o fmt=%{key}\n' 'node list -o wide' \
		'node show n1' 'node show n1 -o env' log 'log -p' 'log --cascade' 'show 2' 'watch --since 0 --count 4' \
		'node list -o json' 'kv list --values -o jsonl' 'log -o json' 'cordon n1 -n -m x'; do
		# shellcheck disable=SC2086
		on_terminal $words --color never >"$BATS_TEST_TMPDIR/out"
		if grep -q -F -e '^' -e 'M-' "$BATS_TEST_TMPDIR/out"; then
			echo "gcs $words wrote to the terminal:" >&2
			cat "$BATS_TEST_TMPDIR/out" >&2
			return 1
		fi
	done
}

@test "colour is for terminals, unless somebody says otherwise" {
	store
	gcs node register n1
	plain=$'NAME  ID  STATE  AGE  HEARTBEAT  CPU  GPU  MEM  ACTORS  JOBS  REASON\nn1    N1  ALIVE  0s   1ms        -    -    -         -     -  -'
	color=$'\e[1mNAME  ID  STATE  AGE  HEARTBEAT  CPU  GPU  MEM  ACTORS  JOBS  REASON\e[0m
n1    N1  \e[32mALIVE\e[0m  0s   1ms        -    -    -         -     -  -'
	same gcs node list <<<"$plain"
	same gcs node list --color auto <<<"$plain"
	same gcs node list --color always <<<"$color"
	same on_terminal node list --color never <<<"$plain"
	same on_terminal node list < <(cat -v <<<"$color")
	NO_COLOR=1 same on_terminal node list <<<"$plain"
	NO_COLOR='' same on_terminal node list < <(cat -v <<<"$color")
	NO_COLOR=1 same on_terminal node list --color=always < <(cat -v <<<"$color")
	fails 2 gcs node list --color sometimes \
		<<<"gcs: node list: --color: invalid value 'sometimes' (one of auto, always, never)"
	same on_terminal log --limit 1 -c type,name --no-headers --color always <<<'NODE_ALIVE  n1'
}

@test "the same bytes: escaped on a terminal, themselves in a pipe, valid in JSON" {
	local key=$'k\e[31m\n\\\x7f\xc2\x9b' line
	store
	gcs kv put "$key" v
	same gcs kv list -c key --no-headers < <(printf 'k\e[31m\\n\\\x7f\xc2\x9b\n')
	same gcs kv list -o tsv -c key --no-headers < <(printf 'k\e[31m\\n\\\\\x7f\xc2\x9b\n')
	same gcs kv list -o 'fmt=%{key}.' < <(printf '%s.' "$key")
	same gcs kv list -o json -c key <<<'{"v":1,"seq":1,"items":[{"key":"k\u001b[31m\n\\\u007f\u009b"}]}'
	same on_terminal kv list -c key --no-headers <<<'k\x1b[31m\n\\\x7f\xc2\x9b'
	same on_terminal kv list -o tsv -c key --no-headers <<<'k\x1b[31m\n\\\x7f\xc2\x9b'
	same on_terminal kv list -o 'fmt=%{key}\n' <<<'k\x1b[31m\x0a\\\x7f\xc2\x9b'
	line='1      2026-01-01 00:00:00  KV_PUT         default/k\x1b[31m\n\\\x7f\xc2\x9b  ('$ME': kv put)'
	same on_terminal log -p < <(
		cat <<-END
			$line
			       namespace: default; key: k\\x1b[31m\\n\\\\\\x7f\\xc2\\x9b; size: 1; crc32c: 88400052; value_rev: 1
		END
	)
	# An error goes to people.
	fails 1 gcs kv get $'no\e[1m' <<<"gcs: kv get: no key 'no?[1m' in namespace 'default'"
}
