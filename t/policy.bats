# Placement policies: where single demands go, against a model of the test's own (t/policy.awk), and by hand.
load lib

# as_modelled POLICY: 100 small clusters, 16 demands each, placed as the model says.
as_modelled() {
	local seed dir=$BATS_TEST_TMPDIR
	for seed in {1..100}; do
		rm -rf "$GCS_DIR"
		store
		awk -v seed="$seed" -v policy="$1" -v batch="$dir/batch" -f "$BATS_TEST_DIRNAME/policy.awk" >"$dir/want"
		gcs batch -q <"$dir/batch" >"$dir/ids"
		gcs actor list --no-headers -o tsv -c name,node >"$dir/got"
		if ! diff -u --label "the model, $1, seed $seed" --label gcs "$dir/want" "$dir/got" >&2; then
			cat "$dir/batch" >&2
			return 1
		fi
		cut -f 2 "$dir/got" >>"$dir/all"
	done
	gcs -q doctor --deep
	# It has been asked something: enough was placed, on every node, and some had to wait.
	[ "$(wc -l <"$dir/all")" -eq 1600 ]
	[ "$(sort -u "$dir/all" | wc -l)" -eq 7 ]
	[ "$(grep -c N "$dir/all")" -gt 500 ]
}

@test "bestfit places as the model does, on 100 small clusters" {
	as_modelled bestfit
}

@test "spread places as the model does, on 100 small clusters" {
	as_modelled spread
}

@test "hybrid places as the model does, on 100 small clusters" {
	as_modelled hybrid
}

@test "a group is placed exactly where it can be, by every strategy: 300 small clusters" {
	local seed dir=$BATS_TEST_TMPDIR
	for seed in 1 2 3; do
		rm -rf "$GCS_DIR"
		store
		awk -v seed=$seed -v cases=100 -v batch="$dir/batch" -f "$BATS_TEST_DIRNAME/groups.awk" >"$dir/want"
		gcs batch -q <"$dir/batch" >"$dir/ids"
		gcs pg list --no-headers -o tsv -c name,state >"$dir/got"
		if ! diff -u --label "the model, seed $seed" --label gcs "$dir/want" "$dir/got" >&2; then
			cat "$dir/batch" >&2
			return 1
		fi
		cat "$dir/got" >>"$dir/all"
		gcs -q doctor --deep
	done
	[ "$(grep -c CREATED "$dir/all")" -gt 100 ]
	[ "$(grep -c PENDING "$dir/all")" -gt 80 ]
}

@test "what waits is placed by priority, then age, whatever its shape" {
	local dir=$BATS_TEST_TMPDIR
	store
	# 40 actors of random priorities and five shapes wait for a node without room; the node comes to have all at once.
	awk 'BEGIN {
		srand(5)
		print "node register n -r cpu=0.5,mem=1Gi"
		for (i = 1; i <= 40; i++)
			printf "actor create x%d -r cpu=1,mem=%dMi --priority %d\n", i, 1 + int(rand() * 5), int(rand() * 4) - 1
	}' >"$dir/batch"
	gcs batch --check <"$dir/batch" >"$dir/ids"
	gcs resource set n cpu=40
	gcs lease list --sort id --no-headers -o tsv -c id,owner | sort -k1.2n | cut -f 2 >"$dir/got"
	sed -n 's/^actor create x\([0-9]*\) .*--priority \(.*\)/\2 A\1/p' "$dir/batch" | sort -s -k1,1nr | cut -d ' ' -f 2 >"$dir/want"
	[ "$(wc -l <"$dir/got")" -eq 40 ]
	diff -u "$dir/want" "$dir/got" >&2
}

# placed: where each actor went.
placed() { gcs actor list --no-headers -o tsv -c name,node; }

@test "hybrid packs up to half of a node, then spreads" {
	store
	for n in a b; do gcs node register -q "$n" -r cpu=8 >/dev/null; done
	for n in 1 2 3 4 5 6 7 8; do gcs actor create "x$n" -r cpu=1 >/dev/null; done
	same placed <<-'END'
		x1	N1
		x2	N1
		x3	N1
		x4	N2
		x5	N2
		x6	N2
		x7	N1
		x8	N2
	END
	gcs -q doctor --deep
}

@test "work without GPU goes to GPU nodes last, under every policy" {
	for policy in hybrid bestfit spread fgd; do
		rm -rf "$GCS_DIR"
		store
		gcs config -q placement_policy "$policy"
		gcs node register -q gpu -r cpu=2,gpu=1 >/dev/null
		gcs node register -q plain -r cpu=9 >/dev/null
		gcs actor create w1 -r cpu=8 >/dev/null
		gcs actor create w2 -r cpu=1 >/dev/null
		gcs actor create w3 -r cpu=1 >/dev/null
		gcs actor create g1 -r cpu=1,gpu=0.5 >/dev/null
		same placed <<-'END'
			w1	N2
			w2	N2
			w3	N1
			g1	N1
		END
		gcs -q doctor --deep
	done
}

@test "equal scores fall to the fuller node, then to the lower id" {
	store
	gcs config -q placement_policy bestfit
	for n in a b c; do gcs node register -q "$n" -r cpu=4,mem=4Gi >/dev/null; done
	gcs actor create memory --on c -r mem=1Gi >/dev/null
	gcs actor create x -r cpu=1 >/dev/null
	gcs actor create y --avoid c --strategy SPREAD -r cpu=1 >/dev/null
	gcs actor create z --avoid c --strategy SPREAD -r cpu=1 >/dev/null
	same placed <<-'END'
		memory	N3
		x	N3
		y	N1
		z	N2
	END
	gcs -q doctor --deep
}

@test "what becomes of actors whose nodes fail or are drained is as the model says: 60 small clusters" {
	local seed dir=$BATS_TEST_TMPDIR
	for seed in {1..60}; do
		rm -rf "$GCS_DIR"
		store
		awk -v seed="$seed" -v batch="$dir/batch" -f "$BATS_TEST_DIRNAME/restarts.awk" >"$dir/want"
		gcs batch -q --each --check <"$dir/batch" >"$dir/ids"
		gcs actor list -a --no-headers -o tsv -c name,state,node,num_restarts,num_preempted >"$dir/got"
		if ! diff -u --label "the model, seed $seed" --label gcs "$dir/want" "$dir/got" >&2; then
			cat "$dir/batch" >&2
			return 1
		fi
		cat "$dir/got" >>"$dir/all"
	done
	# It has been asked something: of each outcome there was enough, here and elsewhere.
	[ "$(grep -c DEAD "$dir/all")" -gt 50 ]
	[ "$(grep -c 'RESTARTING	N' "$dir/all")" -gt 15 ]
	[ "$(grep -c 'RESTARTING		' "$dir/all")" -gt 20 ]
	[ "$(grep -c 'ALIVE.*	[1-9]' "$dir/all")" -gt 30 ]
	[ "$(awk -F '\t' '$5' "$dir/all" | wc -l)" -gt 30 ]
}
