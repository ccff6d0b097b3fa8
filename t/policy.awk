# policy: a small random cluster and demands that arrive one after the other, and where each must go: the rules of
# gcs-model(7) (and lib/place/policy.h) by brute force, in plain arithmetic.
#
#   awk -v seed=7 -v policy=bestfit -v batch=FILE -f t/policy.awk      prints "aK<TAB>nJ", or "aK<TAB>" if it must wait
#
# batch: takes the commands that make the same cluster and ask the same of it.

function draw(n) {
	random = random * 16807 % 2147483647
	return int(random / 2147483647 * n)
}

function share(part, whole) { return whole > 0 ? int(part * 1000000 / whole) : 0 }
function left(n, r) { return total[n, r] - used[n, r] }

# The instance of the node's that a part of this size goes to: the fullest that has it left; 0: none.
function part_of(n, size,    i, best) {
	best = 0
	for (i = 1; i <= total[n, "gpu"]; i++)
		if (1 - taken[n, i] >= size && (!best || taken[n, i] > taken[n, best]))
			best = i
	return best
}

function whole_ones(n,    i, count) {
	count = 0
	for (i = 1; i <= total[n, "gpu"]; i++)
		count += taken[n, i] == 0
	return count
}

function fits(n,    r) {
	for (r in want)
		if (left(n, r) < want[r])
			return 0
	if (!("gpu" in want))
		return 1
	return want["gpu"] < 1 ? part_of(n, want["gpu"]) > 0 : whole_ones(n) >= want["gpu"]
}

function use_then(n,    r, most, one) {
	most = 0
	for (r in want) {
		one = share(used[n, r] + want[r], total[n, r])
		if (one > most)
			most = one
	}
	return most
}

# Bestfit counts what is left of that which is asked for, memory apart, and GPUs that nobody could use then.
function left_then(n,    sum) {
	sum = share(left(n, "cpu") - want["cpu"], largest["cpu"])
	if ("gpu" in want)
		return sum + share(left(n, "gpu") - want["gpu"], largest["gpu"])
	return sum + share(left(n, "gpu"), largest["gpu"])
}

function score(n,    then) {
	if (policy == "bestfit")
		return left_then(n)
	then = use_then(n)
	return policy == "hybrid" && then < 500000 ? 0 : then
}

function empty(n) {
	return share(left(n, "cpu"), total[n, "cpu"]) + share(left(n, "mem"), total[n, "mem"]) + \
	    share(left(n, "gpu"), total[n, "gpu"])
}

# GPU nodes after others for work without GPU, then by score, then the fuller one, then the older one.
function before(a, b) {
	if (avoided[a] != avoided[b])
		return avoided[a] < avoided[b]
	if (points[a] != points[b])
		return points[a] < points[b]
	if (empty(a) != empty(b))
		return empty(a) < empty(b)
	return a < b
}

function take(n,    r, i, whole) {
	for (r in want)
		used[n, r] += want[r]
	if (!("gpu" in want))
		return
	if (want["gpu"] < 1) {
		taken[n, part_of(n, want["gpu"])] += want["gpu"]
		return
	}
	whole = want["gpu"]
	for (i = 1; whole && i <= total[n, "gpu"]; i++)
		if (taken[n, i] == 0) {
			taken[n, i] = 1
			whole--
		}
}

function node_make(n,    gpu) {
	total[n, "cpu"] = 1 + draw(8)
	total[n, "mem"] = 1 + draw(8)
	gpu = draw(2) ? draw(4) : 0
	total[n, "gpu"] = gpu
	if (total[n, "cpu"] > largest["cpu"])
		largest["cpu"] = total[n, "cpu"]
	if (gpu > largest["gpu"])
		largest["gpu"] = gpu
	print "node register n" n " -r cpu=" total[n, "cpu"] ",mem=" total[n, "mem"] "Gi" (gpu ? ",gpu=" gpu : "") >batch
}

function demand_make(    kind) {
	split("", want)
	want["cpu"] = 1 + draw(3)
	if (draw(2))
		want["mem"] = 1 + draw(3)
	kind = draw(6)
	if (kind > 1)
		want["gpu"] = kind == 2 ? 0.25 : kind == 3 ? 0.5 : kind - 3
}

function demand_text() {
	return "cpu=" want["cpu"] ("mem" in want ? ",mem=" want["mem"] "Gi" : "") ("gpu" in want ? ",gpu=" want["gpu"] : "")
}

BEGIN {
	random = seed * 7919 + 1
	for (a = 0; a < 20; a++)
		draw(1)
	print "config placement_policy " policy >batch
	nodes = 2 + draw(5)
	for (n = 1; n <= nodes; n++)
		node_make(n)
	for (a = 1; a <= 16; a++) {
		demand_make()
		print "actor create a" a " -r " demand_text() >batch
		best = 0
		for (n = 1; n <= nodes; n++) {
			if (!fits(n))
				continue
			avoided[n] = !("gpu" in want) && total[n, "gpu"] > 0
			points[n] = score(n)
			if (!best || before(n, best))
				best = n
		}
		print "a" a "\t" (best ? "N" best : "")
		if (best)
			take(best)
	}
}
