# Workers: the processes that execute tasks, actors and drivers, and what their end means.
load lib
load placement

# contract worker start: T1
# contract worker exit: W1 --exit 0
# contract worker list:
# contract worker show: W1

setup() { store; }
teardown() { at_rest; }

actor() { gcs actor list -a -c state,node,restarts,reason --no-headers "$@" | tr -s ' '; }
tick() { gcs monitor --once 2>/dev/null; }

@test "start: of what, and where" {
	gcs node register n1 -r cpu=2
	gcs node register n2 -r cpu=2
	gcs kv put k v
	gcs job submit j -r cpu=1 --clean-env
	gcs actor create a -r cpu=1
	gcs actor create wide -r cpu=9
	fails 2 gcs worker start n1 <<<'gcs: worker start: a process executes a task, an actor or a job, not a node'
	fails 2 gcs worker start kv/default/k <<<'gcs: worker start: a process executes a task, an actor or a job'
	fails 1 gcs worker start nobody
	fails 3 gcs worker start wide <<<'gcs: worker start: actor A2 has no node yet'
	fails 3 gcs worker start j --node n2 <<<'gcs: worker start: T1 is on N1, not on N2'
	foretold worker start j --node n1 --pid 5
	fails 3 gcs worker start j <<<'gcs: worker start: task T1 is RUNNING: cannot become RUNNING'
	foretold worker start a --pid 6
	fails 3 gcs worker start a <<<'gcs: worker start: actor A1 runs already, as W2'
	same gcs worker list -c id,state,record,node,pid --no-headers <<-END
		W1  RUNNING  T1  N1  5
		W2  RUNNING  A1  $(gcs actor show a -o 'fmt=%{node}')  6
	END
	fails 3 gcs undo "$(last_seq)" <<<"gcs: undo: event $(($(last_seq) - 1)) (WORKER_RUNNING) cannot be undone: a process that has ended is reported by: gcs worker exit"
}

@test "exit: what can be said" {
	gcs job add lead
	gcs worker start lead
	fails 2 gcs worker exit W1 <<<'gcs: worker exit: how did it end? (--exit, --signal or --type)'
	fails 2 gcs worker exit W1 --exit 1 --signal 2 <<<'gcs: worker exit: --exit does not go with --signal'
	fails 2 gcs worker exit W1 --exit 256
	fails 2 gcs worker exit W1 --signal 0
	fails 2 gcs worker exit W1 --signal 65
	fails 1 gcs worker exit W2 --exit 0
}

@test "a driver elsewhere: one process, which ends with the job as the job ends with it" {
	gcs node register n1 -r cpu=2
	gcs node register n2 -r cpu=2
	gcs node fail n2 -m gone
	gcs job add a
	gcs job add b
	gcs job add c
	gcs job add d
	fails 3 gcs worker start a --node N2 <<<'gcs: worker start: node N2 is DEAD'
	gcs worker start a --pid 1
	fails 3 gcs worker start a --pid 2 <<<'gcs: worker start: job J1 runs already, as W1'
	gcs worker start b
	gcs worker start c --node n1
	gcs worker start d
	gcs kv put mine x --owner W1
	foretold job finish a
	fails 1 gcs kv get mine
	gcs worker exit W2 --signal 9
	gcs worker exit W4 --exit 0
	gcs node fail n1 -m smoke
	same gcs job list -a -c id,state,code,reason --no-headers <<-'END'
		J1  STOPPED  0        FINISHED
		J2  FAILED   SIGKILL  SIGNALED
		J3  FAILED   -        WORKER_LOST: its node died
		J4  STOPPED  0        FINISHED
	END
	same gcs worker list -a -c id,state,code,reason --no-headers <<-'END'
		W1  EXITED  -        INTENDED_SYSTEM_EXIT
		W2  EXITED  SIGKILL  SYSTEM_ERROR
		W3  EXITED  -        its node died
		W4  EXITED  0        INTENDED_USER_EXIT
	END
	fails 3 gcs worker start a <<<'gcs: worker start: job J1 is STOPPED'
}

@test "how the process of an actor ended decides whether it comes back" {
	gcs node register n1 -r cpu=4
	gcs actor create self -r cpu=1 --max-restarts -1
	gcs actor create user -r cpu=1 --max-restarts -1
	gcs actor create system -r cpu=1 --max-restarts -1
	gcs actor create memory -r cpu=1 --max-restarts -1
	for a in self user system memory; do
		gcs worker start "$a"
	done
	gcs actor ready system
	foretold worker exit W1 --exit 0
	foretold worker exit W2 --type USER_ERROR -m oops
	foretold worker exit W3 --signal 11
	foretold worker exit W4 --type NODE_OUT_OF_MEMORY
	same actor <<-'END'
		DEAD - 0/- EXITED
		FAILED - 0/- CREATION_FAILED: oops
		RESTARTING - 1/- backoff of 1s
		RESTARTING - 1/- backoff of 1s
	END
	gcs clock +1s
	tick
	same actor --filter 'name=system,name=memory' <<-'END'
		RESTARTING N1 1/- placed, not ready yet
		RESTARTING N1 1/- placed, not ready yet
	END
}

@test "a late report about an old process does not touch the new one" {
	gcs node register n1 -r cpu=4 --heartbeat-timeout never
	gcs actor create a -r cpu=1 --max-restarts 5
	gcs worker start a --pid 1
	gcs actor fail a -m silent
	gcs clock +1m
	tick
	gcs worker start a --pid 2
	gcs actor ready a
	before=$(gcs actor show a -o json)
	gcs worker exit W1 --signal 9
	same gcs actor show a -o json <<<"$before"
	same gcs worker list -c id,pid --no-headers -q <<<'W2  2'
}

@test "keys of a process go with it, and ended workers beyond what is kept" {
	gcs config ended_keep 1
	gcs job add lead
	for i in 1 2 3; do
		gcs task submit --job lead
		gcs node register "n$i"
		gcs worker start "T$i"
		gcs kv put "k$i" v --owner "W$i"
		gcs worker exit "W$i" --exit 0
		fails 1 gcs kv get "k$i"
	done
	tick
	same gcs worker list -a -o id <<<W3
	same gcs task list -a -o id <<<T3
}
