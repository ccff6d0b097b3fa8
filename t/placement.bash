# Shared by the placement tests (`load placement`, after lib): the invariants that hold at the end of every scenario.

# balanced: for every node total = free + used and used = the sum of the leases that are not inside another, for each
# resource and for each instance; checked with two independent lists.
balanced() {
	{
		gcs lease list -o json
		gcs resource list -o json
	} >"$BATS_TEST_TMPDIR/.lists"
	sed 's/{"id":"L/\nlease &/g; s/{"name":"/\nnode &/g' "$BATS_TEST_TMPDIR/.lists" | awk '
		# The value of a text field.
		function field(name) {
			if (!match($0, "\"" name "\":\"[^\"]*\""))
				return ""
			return substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
		}
		# Adds the amounts of a field to a sum.
		function add(sum, name, sign, node,    i, n, pairs, pair) {
			if (!match($0, "\"" name "\":[{][^}]*[}]"))
				return
			n = split(substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 5), pairs, ",")
			for (i = 1; i <= n; i++) {
				split(pairs[i], pair, ":")
				sum[node " " pair[1]] += sign * pair[2]
			}
		}
		$1 == "lease" && field("parent") == "" {
			leases++
			node = field("node")
			add(held, "resources", 1, node)
			while (match($0, /"resource":"[^"]*","index":[0-9]+,"amount":[0-9.]+/)) {
				split(substr($0, RSTART, RLENGTH), part, /[":,]+/)
				instance[node " " part[3] ":" part[5]] += part[7]
				$0 = substr($0, RSTART + RLENGTH)
			}
		}
		$1 == "node" {
			nodes++
			node = field("id")
			add(left, "total", 1, node)
			add(left, "free", -1, node)
			add(left, "used", -1, node)
			add(held, "used", -1, node)
			n = split(field("instances"), pairs, ",")
			for (i = 1; i <= n; i++) {
				split(pairs[i], pair, "=")
				instance[node " " pair[1]] += pair[2] - 1
			}
		}
		function wrong(text, sum,    key) {
			for (key in sum)
				if (sum[key] > 0.00001 || sum[key] < -0.00001) {
					print text ": " key " by " sum[key]
					bad = 1
				}
		}
		END {
			wrong("total is not free and used", left)
			wrong("used is not the sum of the leases", held)
			wrong("an instance is not what leases have of it", instance)
			exit bad
		}' >&2
}

# at_rest: all is balanced, and every row follows from the records.
at_rest() {
	balanced
	gcs -q doctor --deep
}

# last_seq: the number of the last event.
last_seq() { gcs log -q --limit 1 -o id; }

# foretold COMMAND…: the dry run prints exactly the events that the command then makes, and changes nothing itself.
foretold() {
	local dir=$BATS_TEST_TMPDIR before
	before=$(last_seq)
	before=${before:-0}
	gcs "$@" -n >"$dir/.dry"
	sed -i '/^plan [0-9a-f]*$/d' "$dir/.dry"
	if [ "$(last_seq)" != "${before#0}" ]; then
		echo "a dry run changed something: $*" >&2
		return 1
	fi
	gcs "$@" >"$dir/.ids"
	gcs log -p --reverse --since "$before" >"$dir/.real"
	[ -s "$dir/.real" ]
	diff -u --label "$* -n" --label "$*" "$dir/.dry" "$dir/.real" >&2
}
