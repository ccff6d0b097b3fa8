# undo: a change is taken back whole, as a new one, or not at all.
load lib

# contract undo: "$(gcs log --limit 1 -q -o id 2>/dev/null || echo 1)"

setup() { store; }

brief() { gcs log -c seq,type,name,command,message --no-headers "$@"; }

@test "a put, a second put and a delete are taken back, with their bytes" {
	gcs kv put k one
	printf 'two\0\377' | gcs kv put k
	gcs kv delete k
	same gcs undo 3 </dev/null
	same gcs kv get k < <(printf 'two\0\377')
	# What was put back is a version of its own: the change before is covered by it.
	fails 3 gcs undo 2 <<<'gcs: undo: default/k was changed again since event 2'
	same gcs undo 4 -m 'it was right' </dev/null
	fails 1 gcs kv get k
	same brief <<-'END'
		5  KV_DELETED  default/k  undo       it was right
		4  KV_PUT      default/k  undo       -
		3  KV_DELETED  default/k  kv delete  -
		2  KV_PUT      default/k  kv put     -
		1  KV_PUT      default/k  kv put     -
	END
	gcs doctor --deep -q
}

@test "a second put is taken back to the first" {
	gcs kv put k one --ttl 1h
	gcs clock +1m
	gcs kv put k two
	gcs undo 3
	same gcs kv list --values -c key,value,expires_ms,rev --no-headers <<<'k  one  2026-01-01T01:00:00.000Z  4'
}

@test "the first put is taken back by removing the key" {
	gcs kv put k one
	same gcs undo 1 -o json <<<'{"v":1,"seq":2,"changed":true,"ids":[]}'
	fails 1 gcs kv get k
	# And the undo is undone.
	gcs undo 2
	same gcs kv get k < <(printf one)
	same brief <<-'END'
		3  KV_PUT      default/k  undo    -
		2  KV_DELETED  default/k  undo    -
		1  KV_PUT      default/k  kv put  -
	END
	gcs doctor --deep -q
}

@test "cordon, labels, a kept drain and settings" {
	gcs node register n1 --label a=b
	gcs cordon n1 -m x
	gcs label n1 c=d a-
	gcs drain n1 --keep -m repair
	gcs config heartbeat_timeout 5m
	gcs config heartbeat_timeout 6m
	gcs undo 6
	same gcs config heartbeat_timeout <<<5m
	gcs undo 7
	same gcs config heartbeat_timeout <<<6m
	gcs undo 4
	gcs undo 3
	gcs undo 2
	same gcs node list -c name,state,cordoned,labels,drain --no-headers <<<'n1  ALIVE  false  a=b  -'
	gcs doctor --deep -q
}

@test "any event of a transaction stands for the whole of it" {
	gcs batch <<-'END'
		kv put a 1
		kv put b 1
		kv put c 1
	END
	gcs kv delete --prefix ''
	gcs undo 5
	same gcs kv list -o id <<-'END'
		a
		b
		c
	END
	gcs kv put b 2
	fails 3 gcs undo 7 <<<'gcs: undo: default/b was changed again since event 8'
	same gcs kv list --values -o 'fmt=%{key}=%{value}\n' <<-'END'
		a=1
		b=2
		c=1
	END
	gcs undo "$(gcs log -q --limit 1 -o id)"
	same gcs kv get b < <(printf 1)
}

@test "what does not come back says why, with 3" {
	gcs node register n1
	gcs kv put k v --owner n1
	gcs drain n1 -m old
	gcs clock +1s
	fails 3 gcs undo 1 \
		<<<'gcs: undo: event 1 (NODE_ALIVE) cannot be undone: a node that was registered is taken out by: gcs node unregister'
	fails 3 gcs undo 3 <<<'gcs: undo: the owner N1 has ended'
	fails 3 gcs undo 6 <<<'gcs: undo: event 6: the clock does not go back'
	gcs node register n2
	gcs drain n2 --keep -m x
	gcs undrain n2
	fails 3 gcs undo 9 <<<'gcs: undo: event 9: an undrain is taken back by: gcs drain'
	gcs kv put t v --ttl 1m
	gcs kv delete t
	gcs clock +2m
	fails 3 gcs undo 11 <<<'gcs: undo: default/t has expired since'
	same gcs log -o id --limit 1 -q <<<12
}

@test "no such event: 1; a forgotten one: 6; no number: 2" {
	fails 1 gcs undo 1 <<<'gcs: undo: no event has the number 1'
	fails 1 gcs undo 0 <<<'gcs: undo: no event has the number 0'
	fails 2 gcs undo last <<<"gcs: undo: invalid number 'last'"
	gcs batch < <(seq 20 | sed 's/.*/kv put k& v/')
	gcs kv put last v
	gcs config history_events 2
	gcs monitor --once -q
	fails 6 gcs undo 1
}
