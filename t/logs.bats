# What tasks, actors, jobs and processes wrote. Who runs them is said by `worker start`, what they wrote is put where a
# supervisor puts it; and an agent runs some for real.
load lib
load placement

# contract logs: act

setup() {
	store
	cd "$BATS_TEST_TMPDIR" || return 1
	gcs node register n1 -r cpu=8 >ids
}

# wrote NAME END: what is on stdin was written by it.
wrote() { cat >>"$GCS_DIR/log/$1.$2"; }

# runs REC: a process of it was started.
runs() { gcs worker start "$1" --pid $$ >>ids; }

has() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

@test "a job is its driver: stdout, then stderr, or one of them, or their last lines" {
	gcs job submit train -r cpu=1 -- x >>ids
	runs T1
	printf '1\n2\n3\n' | wrote T1.1 out
	printf 'a\nb\n' | wrote T1.1 err
	for rec in train job/train J1 T1; do
		same gcs logs $rec <<<$'1\n2\n3\na\nb'
	done
	same gcs logs train --stdout <<<$'1\n2\n3'
	same gcs logs train --stderr <<<$'a\nb'
	same gcs logs train -n 1 <<<$'3\nb'
	same gcs logs train -n 2 --stdout <<<$'2\n3'
	same gcs logs train -n 0 </dev/null
	same gcs logs train --lines=99 <<<$'1\n2\n3\na\nb'
	# The bytes are what was written, also without an end of line.
	printf 'x\033\000y' | wrote T1.1 err
	same gcs logs T1 --stderr < <(printf 'a\nb\nx\033\000y')
	fails 2 gcs logs T1 --stdout --stderr <<<'gcs: logs: --stdout and --stderr: one of them, or none for both'
	fails 2 gcs logs T1 -o json <<-'EOF'
		{"code":2,"error":"usage","command":"logs","message":"-o json: output is shown as it was written","value":"json"}
	EOF
}

@test "what was rotated away is read first, the oldest first" {
	gcs job submit -r cpu=1 -- x >>ids
	runs T1
	printf '1\n2\n' | wrote T1.1 out.2
	printf '3\n' | wrote T1.1 out.1
	printf '4\n5\n' | wrote T1.1 out
	same gcs logs J1 <<<$'1\n2\n3\n4\n5'
	same gcs logs J1 -n 4 <<<$'2\n3\n4\n5'
}

@test "no output is 1, and says why" {
	gcs job submit big -r cpu=99 -- x >>ids
	gcs job submit ran -r cpu=1 -- x >>ids
	gcs job add outside >>ids
	runs T2
	fails 1 gcs logs big <<<"gcs: logs: no output of 'big' is kept: it has not run"
	fails 1 gcs logs ran <<<"gcs: logs: no output of 'ran' is kept"
	fails 1 gcs logs W1 <<<"gcs: logs: no output of 'W1' is kept: it runs elsewhere"
	fails 1 gcs logs outside <<<"gcs: logs: no output of 'outside' is kept: it runs elsewhere"
	fails 1 gcs logs nobody <<<"gcs: logs: no record matches 'nobody'"
	fails 2 gcs logs n1 <<<'gcs: logs: a node writes nothing: it takes a task, an actor, a job or a worker'
	# A link leads nowhere.
	echo secret >secret
	ln -s "$PWD/secret" "$GCS_DIR/log/T2.1.out"
	run gcs logs ran
	[ "$status" -ne 0 ]
	[[ $output != *secret* ]]
}

@test "an array shows all its tasks, each line with whose it is" {
	gcs job submit arr -r cpu=1 --array 1-3 -- x >>ids
	for t in 1 2 3; do
		runs T$t
		printf 'of %s\n' $t | wrote T$t.1 out
	done
	printf 'oh\nno' | wrote T2.1 err
	same gcs logs arr <<-'EOF'
		T1| of 1
		T2| of 2
		T2| oh
		T2| no
		T3| of 3
	EOF
	same gcs logs T2 --stdout <<<'of 2'
}

@test "attempts and lives come in their order; -n is of the last one" {
	gcs actor create act -r cpu=1 --max-restarts 5 -- x >>ids
	runs A1
	echo zero | wrote A1.0 out
	gcs actor fail act -m crash
	gcs clock +2s
	gcs -q monitor --once
	runs A1
	echo one | wrote A1.1 out
	same gcs logs act <<<$'zero\none'
	same gcs logs act -n 5 <<<one
	# Nor is it forgotten while it waits for its next life, or after the last one.
	gcs actor fail act -m crash
	same gcs actor list --no-headers -c state,restarts <<<'RESTARTING  2/5'
	same gcs logs act <<<$'zero\none'
	same gcs logs act -n 5 <<<one
	gcs actor kill act
	same gcs logs act <<<$'zero\none'
	gcs actor create never -r cpu=99 >>ids
	fails 1 gcs logs never <<<"gcs: logs: no output of 'never' is kept: it has not run"
	at_rest
}

@test "-f goes on until it has ended and all is shown, across rotation" {
	gcs job submit job -r cpu=1 -- x >>ids
	"$GCS_BIN" logs job -f >said 2>problems 3>&- &
	reader=$!
	runs T1
	echo one | wrote T1.1 out
	wait_for has said one
	printf 'tw' | wrote T1.1 out
	printf 'E1\n' | wrote T1.1 err
	wait_for has said $'one\nE1'
	echo o | wrote T1.1 out
	mv "$GCS_DIR/log/T1.1.out" "$GCS_DIR/log/T1.1.out.1"
	echo three | wrote T1.1 out
	wait_for has said $'one\nE1\ntwo\nthree'
	printf 'last' | wrote T1.1 out
	gcs worker exit W1 --exit 0
	ends 0 "$reader"
	same cat said < <(printf 'one\nE1\ntwo\nthree\nlast')
	[ ! -s problems ]
}

@test "-f ends when nobody reads any more, and with 1 where nothing came" {
	gcs job submit job -r cpu=1 -- x >>ids
	runs T1
	echo one | wrote T1.1 out
	timeout 60 "$GCS_BIN" logs job -f | head -n 1 >said
	[ "${PIPESTATUS[*]}" = '0 0' ]
	gcs job submit none -r cpu=99 -- x >>ids
	"$GCS_BIN" logs none -f 2>problems 3>&- &
	reader=$!
	gcs job cancel none
	ends 1 "$reader"
	same cat problems <<<"gcs: logs: no output of 'none' is kept: it has not run"
}

# --- retention ---

@test "what a forgotten task or actor wrote goes with it; what is not forgotten, or none of ours, stays" {
	for job in old new; do
		gcs job submit $job -r cpu=1 -- x >>ids
	done
	gcs job submit --array 1-2 -r cpu=1 -- x >>ids
	gcs actor create act -r cpu=1 -- x >>ids
	gcs actor create acts -r cpu=1 --max-restarts 1 -- x >>ids
	runs T1
	runs A1
	for name in T1.1 T2.1 T3.1 T99.1 A1.0 A2.0; do
		echo of $name | wrote $name out
		echo of $name | wrote $name err
	done
	echo older | wrote T1.1 out.1
	touch "$GCS_DIR/log/T1.1.out.x" "$GCS_DIR/log/T1.1.note" "$GCS_DIR/log/J1.out" "$GCS_DIR/log/T1.out"
	gcs worker exit W1 --exit 0
	gcs actor kill act
	gcs -q monitor --once
	has "$GCS_DIR/log/T1.1.out.1" older
	has "$GCS_DIR/log/A1.0.err" 'of A1.0'
	gcs config ended_keep 0
	gcs -q monitor --once
	run ! gcs show T1
	same ls "$GCS_DIR/log" <<-'EOF'
		A2.0.err
		A2.0.out
		J1.out
		T1.1.note
		T1.1.out.x
		T1.out
		T2.1.err
		T2.1.out
		T3.1.err
		T3.1.out
		T99.1.err
		T99.1.out
	EOF
	runs T2
	same gcs logs new --stdout <<<'of T2.1'
}

@test "a forgotten task whose process is still on record keeps its files until that is gone" {
	"$GCS_BIN" job run --grace 1h -- sh -c 'trap "" TERM; touch on; until [ -e go ]; do sleep 0.01; done' 3>&- &
	holder=$!
	wait_for [ -e on ]
	echo said | wrote T1.1 out
	gcs config ended_keep 0
	gcs job cancel J1
	gcs -q monitor --once
	run ! gcs show T1
	has "$GCS_DIR/log/T1.1.out" said
	[ -e "$GCS_DIR/run/T1.1.lock" ]
	touch go
	ends 0 "$holder" # as what it ran
	gcs -q monitor --once
	same ls "$GCS_DIR/log" "$GCS_DIR/run" <<<"$GCS_DIR/log:"$'\n\n'"$GCS_DIR/run:"
}

@test "lock files that nobody holds go: of what has ended or is forgotten, and of agents" {
	gcs job submit x -r cpu=1 -- x >>ids
	gcs job submit y -r cpu=1 -- x >>ids
	gcs actor create act -r cpu=1 --max-restarts 1 -- x >>ids
	runs T1
	gcs worker exit W1 --exit 0
	runs A1
	gcs actor fail act -m crash
	"$GCS_BIN" lock l -- sh -c 'touch held; until [ -e go ]; do sleep 0.01; done' 3>&- &
	holder=$!
	wait_for [ -e held ]
	touch "$GCS_DIR"/run/{T1.1,T2.1,T2.0,A1.0,A1.1,A9.0,W1,W9,agent-n1}.lock "$GCS_DIR"/run/{notes,turns,T1.1.lock.x,X1.lock}
	gcs -q monitor --once
	same ls "$GCS_DIR/run" <<-'EOF'
		A1.1.lock
		A9.0.lock
		T1.1.lock.x
		T2.1.lock
		W3.lock
		W9.lock
		X1.lock
		notes
		turns
	EOF
	touch go
	ends 0 "$holder"
}
