# restarts: a small random cluster whose nodes fail one after the other, and what must become of each actor: the rules
# of gcs-model(7) by brute force, in plain arithmetic. They are placed by bestfit.
#
#   awk -v seed=7 -v batch=FILE -f t/restarts.awk      prints "aK<TAB>STATE<TAB>nJ<TAB>restarts<TAB>free ones"
#
# batch: takes the commands that make the same of the same cluster.

function draw(n) {
	random = random * 16807 % 2147483647
	return int(random / 2147483647 * n)
}

# The node with the least left that has room, then the fuller one, then the older one; 0: none.
function best(    n, found) {
	for (n = 1; n <= nodes; n++)
		if (up[n] && left[n] >= need && (!found || left[n] < left[found] || \
		    (left[n] == left[found] && total[n] > total[found])))
			found = n
	return found
}

function place(a,    n) {
	need = size[a]
	n = best()
	if (!n)
		return
	left[n] -= need
	on[a] = n
}

# By priority, then age; a smaller one may go ahead of one that does not fit.
function rest(    a, p) {
	for (p = 2; p >= 0; p--)
		for (a = 1; a <= actors; a++)
			if (priority[a] == p && !on[a] && lives(a))
				place(a)
}

function lives(a) { return state[a] != "DEAD" }

function lose(a, free) {
	left[on[a]] += size[a]
	on[a] = 0
	if (most[a] < 0 || (most[a] > 0 && (free || restarts[a] - freely[a] < most[a]))) {
		state[a] = "RESTARTING"
		restarts[a]++
		freely[a] += free
		return
	}
	state[a] = "DEAD"
}

function node_make() {
	up[++nodes] = 1
	left[nodes] = total[nodes] = 2 + draw(5)
	print "node register n" nodes " --heartbeat-timeout never -r cpu=" left[nodes] >batch
	rest()
}

function actor_make(    a) {
	a = ++actors
	size[a] = 1 + draw(2)
	most[a] = draw(4) - 1
	priority[a] = draw(3)
	state[a] = "PENDING"
	print "actor create a" a " -r cpu=" size[a] " --max-restarts " most[a] " --priority " priority[a] >batch
	rest()
}

function ready(    a) {
	for (a = 1; a <= actors; a++)
		if (on[a] && state[a] != "ALIVE" && lives(a) && draw(3)) {
			state[a] = "ALIVE"
			print "actor ready a" a >batch
		}
}

# A node goes: at once, or drained, with all that stays there until the deadline.
function node_end(    n, a, free) {
	for (n = 1 + draw(nodes); n <= nodes && !up[n]; n++)
		continue
	if (n > nodes)
		return
	free = draw(3) == 0
	if (free) {
		print "drain n" n " --no-evict --for preemption --deadline 1s -m spot" >batch
		for (a = 1; a <= actors && on[a] != n; a++)
			continue
		if (a <= actors) { # else it is empty, and gone
			print "clock +2s" >batch
			print "node fail n" n " -m gone" >batch
		}
	} else {
		print "node fail n" n " -m gone" >batch
	}
	up[n] = 0
	for (a = 1; a <= actors; a++)
		if (on[a] == n)
			lose(a, free)
	rest()
}

BEGIN {
	random = seed * 7919 + 1
	for (i = 0; i < 20; i++)
		draw(1)
	print "config placement_policy bestfit" >batch
	node_make()
	node_make()
	for (step = 0; step < 40; step++) {
		kind = draw(8)
		if (kind < 3)
			actor_make()
		else if (kind < 5)
			ready()
		else if (kind < 6)
			node_make()
		else
			node_end()
	}
	if (draw(2))
		node_make()
	ready()
	for (a = 1; a <= actors; a++)
		print "a" a "\t" state[a] "\t" (on[a] ? "N" on[a] : "") "\t" restarts[a] + 0 "\t" (freely[a] ? freely[a] : "")
}
