# Settings: what is in force, what was set, and what is refused.
load lib

# contract config: heartbeat_timeout 50s

setup() { store; }

@test "config shows all settings, what is in force and what is the default" {
	gcs config heartbeat_timeout 45s
	same gcs config <<-'END'
		KEY                VALUE    DEFAULT  HELP
		heartbeat_period   5s       5s       how often a node should send a heartbeat
		heartbeat_timeout  45s      30s      how long a node may be silent before it is DEAD
		history_keep       30d      30d      how long events are kept
		history_events     1000000  1000000  the maximum number of events kept
		dead_nodes_keep    1000     1000     how many records of dead nodes are kept
		sync               full     full     full: both flushes under the lock; group: the second flush after it, shared by waiting writers
		quota              0        0        above this size, refuse writes other than deletions; 0: never
		placement_policy   hybrid   hybrid   how a node is chosen: hybrid (pack up to half full, then spread), bestfit, spread, fgd (least new fragmentation of GPUs)
		ended_keep         100000   100000   how many ended records of each kind are kept (nodes: dead_nodes_keep)
		starvation_age     10m      10m      how long a record waits before the nodes that could serve it are reserved for it
		log_limit          0        0        size at which an agent rotates the log files of its processes; 0: never
		log_keep           3        3        how many rotated log files are kept
	END
	same gcs config heartbeat_timeout <<<45s
	same gcs config history_keep <<<30d
	same gcs config heartbeat_timeout -o json \
		<<<'{"v":1,"seq":1,"items":[{"key":"heartbeat_timeout","value":"45s"}]}'
}

@test "a setting is set, set again to the same, and set back" {
	same gcs config heartbeat_timeout 45s </dev/null
	same gcs config heartbeat_timeout 45s -o json <<<'{"v":1,"seq":1,"changed":false,"ids":[]}'
	same gcs config heartbeat_timeout default -o json <<<'{"v":1,"seq":2,"changed":true,"ids":[]}'
	same gcs config heartbeat_timeout default -o json <<<'{"v":1,"seq":2,"changed":false,"ids":[]}'
	same gcs config heartbeat_timeout <<<30s
	same gcs log -p --time iso <<-END
		2      2026-01-01T00:00:00.000Z  CONFIG_SET     heartbeat_timeout  ($ME: config)
		       key: heartbeat_timeout -> -; value: 45s -> -
		1      2026-01-01T00:00:00.000Z  CONFIG_SET     heartbeat_timeout  ($ME: config)
		       key: heartbeat_timeout; value: 45s
	END
}

@test "what is no setting, and what is no value of one, is refused and changes nothing" {
	fails 1 gcs config nope <<<"gcs: config: no setting is called 'nope'"
	fails 1 gcs config nope 5 <<<"gcs: config: no setting is called 'nope'"
	fails 2 gcs config heartbeat_timeout soon <<<"gcs: config: heartbeat_timeout: invalid duration 'soon'"
	fails 2 gcs config heartbeat_timeout 1ms <<<"gcs: config: heartbeat_timeout: '1ms' is too small"
	fails 2 gcs config history_events 0 <<<"gcs: config: history_events: '0' is too small"
	fails 2 gcs config history_events -5
	fails 2 gcs config dead_nodes_keep many <<<"gcs: config: dead_nodes_keep: invalid number 'many'"
	fails 2 gcs config sync never <<<"gcs: config: sync: invalid value 'never' (one of: full, group)"
	fails 2 gcs config quota lots <<<"gcs: config: quota: invalid size 'lots'"
	same gcs log -o id </dev/null
}

@test "every setting takes the value it shows as its default" {
	while IFS=$'\t' read -r key _ default _; do
		gcs config "$key" "$default"
		same gcs config "$key" <<<"$default"
	done < <(gcs config -o tsv | tail -n +2)
	gcs doctor -q
}

@test "what a setting governs follows it at once" {
	gcs node register n1
	gcs config heartbeat_timeout 2m
	gcs clock +1m
	gcs monitor --once -q
	same gcs node list -c name,state --no-headers <<<'n1  ALIVE!'
	gcs config heartbeat_timeout 30s
	gcs monitor --once -q
	same gcs node list -a -c name,state --no-headers <<<'n1  DEAD'
}

@test "the clock: shown, moved, and never back" {
	same gcs clock <<<2026-01-01T00:00:00.000Z
	gcs clock +1h30m5.25s
	same gcs clock <<<2026-01-01T01:30:05.250Z
	gcs clock 2026-01-02T00:00:00+02:00
	same gcs clock <<<2026-01-01T22:00:00.000Z
	same gcs clock -o json <<<'{"v":1,"seq":2,"now_ms":1767304800000,"given":true}'
	fails 3 gcs clock 2026-01-01T00:00:00Z <<<'gcs: clock: the clock does not go back'
	fails 2 gcs clock tomorrow <<<"gcs: clock: invalid time 'tomorrow'"
	fails 2 gcs clock +soon <<<"gcs: clock: invalid duration 'soon'"
	GCS_NOW=2026-01-03T00:00:00Z same gcs clock <<<2026-01-03T00:00:00.000Z
	GCS_NOW=never fails 2 gcs clock <<<"gcs: clock: GCS_NOW: invalid time 'never'"
}

@test "the clock of a real cluster is nobody's to move" {
	gcs init -q -D "$BATS_TEST_TMPDIR/real"
	fails 3 gcs clock -D "$BATS_TEST_TMPDIR/real" +1h \
		<<<"gcs: clock: this cluster has the machine's clock, which is not ours to move"
	GCS_NOW=2030-01-01T00:00:00Z fails 3 gcs clock -D "$BATS_TEST_TMPDIR/real" \
		<<<"gcs: clock: '$BATS_TEST_TMPDIR/real' has a real clock: its time cannot be given"
}
