# Random commands that place and end things, one a line in shell words: every command there is that changes where
# something runs, with all its options, over names that soon collide. The same seed gives the same lines.
#
#   awk -v seed=1 -v lines=100 -v nodes=5 -v start=1 -v seq=812 -f placement.awk
#
# nodes: how many names nodes have. start=1: registers them all first. seq: about where the log ends, for undo.
# To add a command: a line in change(), with how often it comes.

function below(n) { return int(rand() * n) }
function chance(percent) { return rand() * 100 < percent }
function among(text, v) { return v[1 + below(split(text, v, "|"))] }
function maybe(percent, text) { return chance(percent) ? " " text : "" }
function recent(letter, n) { return letter (1 + below(n)) }

function node() { return chance(8) ? recent("N", 2 * nodes) : "n" below(nodes) }
function actor() { return chance(30) ? recent("A", ids) : "a" below(24) }
function group() { return chance(20) ? recent("P", ids / 4) : "p" below(6) }
function job() { return chance(30) ? recent("J", ids / 4) : "j" below(8) }
function task() { return recent("T", ids / 3) }
function worker() { return recent("W", ids / 4) }
function why() { return " -m " among("why|'for a reason'") }
function span() { return among("1s|7s|31s|2m|1h") }
function priority() { return maybe(25, "--priority " among("-1|1|5|5")) }

function total() { return among("cpu=8|cpu=4,gpu=2|cpu=16,gpu=4,mem=64Gi|cpu=2|cpu=8,gpu=1,fpga=2:indexed|cpu=4,licence=3|gpu=8,cpu=32") }
function resources() {
	return among("cpu=1|cpu=1|cpu=2|cpu=0.5|cpu=4|cpu=8|cpu=1,gpu=1|gpu=0.5|gpu=0.25|gpu=0.75,cpu=1|gpu=2|gpu=4|gpu:0|gpu:1|cpu=1,mem=8Gi|" \
		"licence=1|fpga=1|fpga:1|fpga=0.5|cpu=30|gpu=1.5|nothing=1")
}
function demand() { return needs() maybe(12, "--pg " group() maybe(40, "--bundle " below(4))) }
function needs() {
	return " -r " resources() maybe(8, "-l " among("zone=a|zone=b|'zone in (a,b)'|'!rack'|zone!=a")) maybe(6, "--avoid " node()) \
		maybe(8, "--on " node() maybe(50, "--soft")) maybe(20, "--strategy " strategy())
}
function strategy() { return among("DEFAULT|PACK|SPREAD|STRICT_PACK|STRICT_SPREAD") }
function owner() { return among(actor() "|" node() "|" group() "|" job() "|" task() "|" worker() "|" recent("L", ids)) }

function create() {
	return "actor create" maybe(55, "a" below(24)) maybe(70, "--max-restarts " among("-1|0|1|1|3")) maybe(6, "--get-or-create") \
		maybe(15, "--job " job()) maybe(10, "--detached") priority() demand()
}
function group_create(    n, text) {
	text = "pg create" maybe(50, "p" below(6)) maybe(80, "--strategy " among("PACK|SPREAD|STRICT_PACK|STRICT_SPREAD")) priority()
	for (n = 1 + below(4); n > 0; n--)
		text = text " --bundle " maybe_times() among("cpu=1|cpu=2|cpu=4|gpu=1|gpu=0.5|cpu=1,gpu=1|gpu=2|licence=1|cpu=8")
	return text maybe(10, "-l zone=a") maybe(8, "--avoid " node()) maybe(10, "--job " job()) maybe(8, "--detached")
}
function maybe_times() { return chance(20) ? (2 + below(3)) ":" : "" }
function limits() { return maybe(15, "--time-limit " span()) maybe(15, "--queue-timeout " span()) maybe(30, "--max-retries " below(3)) maybe(10, "--retry-exit") }
function submit() {
	return "job submit" maybe(45, "j" below(8)) maybe(20, "--after " job() among("|:ok|:any")) maybe(15, "--array 1-" (1 + below(6)) (chance(40) ? "%" (1 + below(2)) : "")) \
		limits() priority() demand()
}
function drain() {
	return "drain " node() why() maybe(40, "--keep") maybe(40, "--for " among("removal|preemption|idle")) \
		maybe(30, "--deadline " span()) maybe(8, "--strict") maybe(8, "--no-evict")
}
function undo(to) {
	to = seq + int(1.5 * made) - below(40)
	return "undo " (to > 0 ? to : 1)
}

function change(r) {
	r = rand() * 1000
	if ((r -= 60) < 0) return "node register n" below(nodes) " -r " total() maybe(40, "--label " among("zone=a|zone=b|rack=1"))
	if ((r -= 14) < 0) return "node fail " node() why()
	if ((r -= 8) < 0) return "node unregister " node()
	if ((r -= 18) < 0) return drain()
	if ((r -= 18) < 0) return "undrain " node()
	if ((r -= 14) < 0) return "cordon " node() why()
	if ((r -= 20) < 0) return "uncordon " node()
	if ((r -= 16) < 0) return "label " node() " " among("zone=a|zone=b|zone-|rack=1|rack-")
	if ((r -= 24) < 0) return "resource set " node() " " among("cpu=2|cpu=8|cpu=20|gpu=0|gpu=2|gpu=8|licence=1|licence=4|mem=8Gi|fpga=3")
	if ((r -= 26) < 0) return "resource hold " node() " " resources() why() maybe(50, "--until " span())
	if ((r -= 20) < 0) return "resource release " recent("L", ids)
	if ((r -= 200) < 0) return create()
	if ((r -= 70) < 0) return "actor ready " actor()
	if ((r -= 60) < 0) return "actor fail " actor() why() maybe(10, "--no-restart")
	if ((r -= 80) < 0) return "actor kill " actor() maybe(25, "--restart")
	if ((r -= 50) < 0) return group_create()
	if ((r -= 35) < 0) return "pg remove " group()
	if ((r -= 20) < 0) return "kv put k" below(9) " " below(9) maybe(70, "--owner " owner()) maybe(20, "--ttl " span())
	if ((r -= 6) < 0) return "kv delete k" below(9)
	if ((r -= 12) < 0) return "config " among("placement_policy hybrid|placement_policy bestfit|placement_policy spread|placement_policy fgd|placement_policy standard|" \
		"starvation_age 1m|starvation_age 1s|starvation_age 1h|starvation_age standard|ended_keep 20|ended_keep standard|dead_nodes_keep 3|heartbeat_timeout never")
	if ((r -= 25) < 0) return undo()
	if ((r -= 40) < 0) return "clock +" among("1s|2s|8s|20s|90s|5m")
	if ((r -= 45) < 0) return submit()
	if ((r -= 8) < 0) return "job add" maybe(70, "j" below(8))
	if ((r -= 12) < 0) return "job finish " job() maybe(40, "--exit " below(3))
	if ((r -= 14) < 0) return "job cancel " job()
	if ((r -= 12) < 0) return "job update " job() priority() limits_change()
	if ((r -= 5) < 0) return "job rerun " job()
	if ((r -= 25) < 0) return "task submit --job " job() limits() demand()
	if ((r -= 12) < 0) return "task cancel " task()
	if ((r -= 45) < 0) return "worker start " among(task() "|" task() "|" task() "|" actor() "|" job())
	return "worker exit " worker() " " among("--exit 0|--exit 1|--signal 9|--type USER_ERROR|--type NODE_OUT_OF_MEMORY|--exit 0")
}
function limits_change() { return maybe(30, "--max-retries " below(3)) maybe(20, "--time-limit " span()) maybe(20, "--queue-timeout " span()) " --label a=" below(3) }

BEGIN {
	srand(seed)
	for (i = 0; i < 7; i++) rand()
	ids = 20 + seq / 8
	if (start)
		for (i = 0; i < nodes; i++)
			print "node register n" i " -r " total() maybe(60, "--label " among("zone=a|zone=b|rack=1"))
	for (made = 0; made < lines; made++)
		print change()
}
