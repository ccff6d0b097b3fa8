# groups: small random clusters, a placement group in each, and whether it can be placed at all: by trying every node for
# every bundle. Clusters are told apart by a label, so that one store holds them all.
#
#   awk -v seed=7 -v cases=100 -v batch=FILE -f t/groups.awk     prints "pK<TAB>CREATED" or "pK<TAB>PENDING"
#
# batch: takes the commands that make the clusters and ask for the groups.

function draw(n) {
	random = random * 16807 % 2147483647
	return int(random / 2147483647 * n)
}

# Whether the strategy lets this bundle go to node n, the bundles before it being where they are.
function may(i, n,    k) {
	for (k = 1; k < i; k++) {
		if (strategy == "STRICT_PACK" && on[k] != n)
			return 0
		if (strategy == "STRICT_SPREAD" && on[k] == n)
			return 0
	}
	return 1
}

function can(i,    n, yes) {
	if (i > bundles)
		return 1
	for (n = 1; n <= nodes; n++) {
		if (cpu[n] < want_cpu[i] || gpu[n] < want_gpu[i] || !may(i, n))
			continue
		cpu[n] -= want_cpu[i]
		gpu[n] -= want_gpu[i]
		on[i] = n
		yes = can(i + 1)
		cpu[n] += want_cpu[i]
		gpu[n] += want_gpu[i]
		if (yes)
			return 1
	}
	return 0
}

BEGIN {
	random = seed * 7919 + 1
	for (i = 0; i < 20; i++)
		draw(1)
	split("PACK SPREAD STRICT_PACK STRICT_SPREAD", strategies, " ")
	for (k = 1; k <= cases; k++) {
		nodes = 1 + draw(4)
		for (n = 1; n <= nodes; n++) {
			cpu[n] = 1 + draw(6)
			gpu[n] = draw(2) ? draw(4) : 0
			print "node register c" k "n" n " -r cpu=" cpu[n] (gpu[n] ? ",gpu=" gpu[n] : "") " --label case=" k >batch
		}
		strategy = strategies[1 + draw(4)]
		text = "pg create p" k " -l case=" k " --strategy " strategy
		bundles = 1 + draw(4)
		for (i = 1; i <= bundles; i++) {
			want_cpu[i] = 1 + draw(4)
			want_gpu[i] = draw(2) ? draw(3) : 0
			text = text " --bundle cpu=" want_cpu[i] (want_gpu[i] ? ",gpu=" want_gpu[i] : "")
		}
		print text >batch
		print "p" k "\t" (can(1) ? "CREATED" : "PENDING")
	}
}
