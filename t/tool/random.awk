# Random changes, one command a line in shell words: the same seed gives the same lines.
#
#   awk -v seed=1 -v lines=40 -v seq=812 -f random.awk
#
# seq: about where the log ends, for undo. wrong=1: also lines that are no commands at all.
# trim=1: also settings that let the history be forgotten.

function below(n) { return int(rand() * n) }
function chance(percent) { return rand() * 100 < percent }
function among(text, v) { return v[1 + below(split(text, v, "|"))] }
function maybe(percent, text) { return chance(percent) ? " " text : "" }

function node() { return chance(12) ? "N" (1 + below(40)) : chance(3) ? "node/n1" : "n" below(8) }
function key() { return among("a|ab|abc|abd|b|k1|k2|count|'a key'|ключ|sum|'ab%'") }
function namespace() { return chance(70) ? "" : " -N " among("other|default|o") }
function value() { return among("''|one|two|0|17|-4|'with  spaces'|'quote '\\''inside'|9223372036854775807|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") }
function label() { return among("zone=a|zone=b|rack=1|rack=|disk=ssd") }
function why() { return " -m " among("why|'for a reason'|\"it's time\"") }
function guard() { return maybe(4, "--if-rev " (1 + below(seq + NR_made + 1))) }
function span() { return among("1s|7s|29s|31s|2m|1h") }

function register() {
	return "node register n" below(8) maybe(60, "-r " among("cpu=8|cpu=4,gpu=2|mem=64Gi,licence=3|cpu=1.5,fpga=2:indexed")) \
		maybe(30, "--label " label()) maybe(20, "--address host" below(4)) \
		maybe(15, "--heartbeat-timeout " among("never|5s|2m"))
}
function drain() {
	return "drain " node() why() maybe(70, "--keep") maybe(40, "--for " among("removal|preemption|idle")) \
		maybe(30, "--deadline " span())
}
function put() {
	return "kv put" namespace() " " key() " " value() maybe(20, "--ttl " span()) maybe(25, "--owner " node()) maybe(10, "--new") guard()
}
function config() {
	if (trim && chance(30))
		return among("config history_events 60|config history_events 200|config history_keep 10m|config history_events standard")
	return "config " among("heartbeat_timeout 10s|heartbeat_timeout 1m|heartbeat_timeout standard|heartbeat_period 3s|" \
		"heartbeat_period standard|dead_nodes_keep 3|dead_nodes_keep 12|dead_nodes_keep standard|sync group|" \
		"sync standard|quota 64Mi|quota standard|dead_nodes_keep many|nonsense 1")
}
function wrongly() {
	return among("kv put|no such command|drain n1|kv put a b --ttl soon|node register N5|config|'an open quote|kv get a --at 1|-h|")
}
function undo(to) {
	to = seq - below(24) + below(NR_made + 1)
	return "undo " (to > 0 ? to : 1)
}

function change(r) {
	r = rand() * 100
	if (r < 16) return register()
	if (r < 42) return put()
	if (r < 48) return "kv add" namespace() " " key() " " among("1|-1|100|9223372036854775807")
	if (r < 54) return "kv delete" namespace() " " key() maybe(20, key())
	if (r < 56) return "kv delete --prefix" namespace() " " among("a|ab|k|z")
	if (r < 63) return "label " node() " " label() maybe(40, among("zone-|rack-|disk=hdd")) guard()
	if (r < 67) return drain()
	if (r < 70) return "undrain " node()
	if (r < 73) return "cordon " node() why()
	if (r < 76) return "uncordon " node()
	if (r < 78) return "node fail " node() why()
	if (r < 80) return "node unregister " node()
	if (r < 86) return config()
	if (r < 93) return undo()
	if (r < 96) return "clock +" among("1s|3s|8s|20s|45s")
	if (r < 98) return "require " node() " " among("exists|gone|alive|'cordoned = true'")
	return "g" below(3) ": " register()
}

BEGIN {
	srand(seed)
	for (i = 0; i < 7; i++) rand()
	for (NR_made = 0; NR_made < lines; NR_made++)
		print wrong && chance(12) ? wrongly() : change()
}
