# A real cluster filled with the tasks of its own trace (t/bench-openb has the whole experiment): how full it gets, and
# that every part of it is accounted for.
load lib

openb=$BATS_TEST_DIRNAME/data/openb

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	awk -F, 'NR == 1 || $4 > 0' "$openb/nodes.csv" >gpu.csv
	awk -f "$openb/nodes.awk" gpu.csv >register.csv
	awk -v seed=1 -f "$BATS_TEST_DIRNAME/openb-fill.awk" gpu.csv "$openb/pods.csv" >fill
}

setup() {
	store
	cd "$BATS_FILE_TMPDIR" || return 1
}

# filled POLICY SHARE: the cluster, filled under this policy, has at least this share of its GPUs allocated.
filled() {
	gcs config -q placement_policy "$1"
	gcs node register -q --from register.csv >/dev/null
	gcs batch -q <fill >"$BATS_TEST_TMPDIR/ids"
	gcs lease list --no-headers -o tsv -c node,owner,resources >"$BATS_TEST_TMPDIR/leases"
	awk -v least="$2" '
		match($3, /gpu=[0-9.]+/) { used += substr($3, RSTART + 4, RLENGTH - 4) }
		END {
			printf "%.2f %% of 6212 GPUs are allocated\n", used / 62.12
			exit used / 62.12 < least
		}' "$BATS_TEST_TMPDIR/leases"
}

# accounted: each lease is of an actor that stands on its node, each such actor has one, and what is free is the
# total less the leases, for each resource.
accounted() {
	local dir=$BATS_TEST_TMPDIR
	gcs actor list --no-headers -o fmt='%{node}\t%{id}\n' --filter 'node!=' | sort >"$dir/placed"
	cut -f 1,2 "$dir/leases" | sort | diff "$dir/placed" -
	[ "$(gcs actor list -o id | wc -l)" -eq "$(wc -l <"$dir/ids")" ]
	awk '{
		n = split($3, all, ",")
		for (i = 1; i <= n; i++) {
			split(all[i], one, "=")
			sum[one[1]] += one[2]
		}
	}
	END { printf "cpu %.4f\ngpu %.4f\n", sum["cpu"], sum["gpu"] }' "$dir/leases" >"$dir/sums"
	gcs resource summary -o tsv --no-headers -c resource,used | awk '$1 != "mem" { printf "%s %.4f\n", $1, $2 }' |
		diff "$dir/sums" -
	gcs -q doctor --deep
}

@test "1,213 machines with GPUs under fgd: 94.5 % of the GPUs are allocated, every lease accounted for" {
	filled fgd 94.5
	accounted
}

@test "1,213 machines with GPUs under bestfit: 92 % of the GPUs are allocated, every lease accounted for" {
	filled bestfit 92
	accounted
}

@test "the trace itself: the first 300 tasks come and go at their second, and all is free at the end" {
	DEMO_DIR=$BATS_TEST_TMPDIR PODS=300 "$BATS_TEST_DIRNAME/demo-openb" >"$BATS_TEST_TMPDIR/said"
	grep -q '^[0-9]* transactions in [0-9.]* s, [0-9.]* ms each$' "$BATS_TEST_TMPDIR/said"
	same sed 1d "$BATS_TEST_TMPDIR/said" <<-'END'
		DEAD 300  (on a node now: 0)
		300 placed, 300 of them in the transaction in which they came
		2023-05-30T08:09:20.000Z
		RESOURCE  NODES    TOTAL  USED     FREE  LARGEST-FREE
		cpu        1523   125514     0   125514           128
		mem        1523  583.7Ti     0  583.7Ti           1Ti
		gpu        1213     6212     0     6212             8
		KIND  COUNT  RESOURCES  BUNDLES  STRATEGY  SELECTOR  FIRST
	END
}
