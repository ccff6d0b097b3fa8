# explain: every word that the program says means something, and can be asked for.
load lib

# contract explain:

@test "a kind has its fields, a field its kind and number" {
	same gcs explain death <<-'END'
		death: how a node ended
		  reason             word                     why it ended
		  message            text                     message given with it
		  end_ms             time, ms since 1970 UTC  when it ended
		  silent             duration, ms             how long it had been silent, if that was the reason
	END
	same gcs explain node.state <<-'END'
		node.state: state
		  word, stored as field 3
		  ALIVE                  sends heartbeats, and takes work unless cordoned
		  DRAINING               takes nothing new and is being emptied
		  DEAD                   ended; its name may be registered again under a new id
	END
	same gcs explain kv.value <<-'END'
		kv.value: the value, where it is asked for
		  bytes
	END
	same gcs explain node.drain <<-'END'
		node.drain: how it is drained
		  group, stored as field 12
		drain: how a node is drained
		  purpose            word                     purpose of the drain
		  message            text                     why, in the operator's words
		  deadline_ms        time, ms since 1970 UTC  when whatever is still there is ended; unset: never
		  keep               true or false            stay DRAINING when empty, until undrained
	END
}

@test "states, reasons, events, purposes, settings and exit codes, in any case" {
	same gcs explain alive <<-'END'
		ALIVE (state of a node): sends heartbeats, and takes work unless cordoned
		ALIVE (state of an actor): running and ready
	END
	same gcs explain MARKED <<<"MARKED (reason of a node's end): an operator declared it dead (node fail)"
	same gcs explain node_dead <<<'NODE_DEAD (event): a node ended'
	same gcs explain idle \
		<<<'idle (purpose of a drain): the node leaves if nothing is on it; otherwise the drain is refused'
	same gcs explain heartbeat_timeout \
		<<<'heartbeat_timeout (setting, 30s): how long a node may be silent before it is DEAD'
	for word in 3 exit3 refused Refused; do
		same gcs explain "$word" <<<'exit 3    refused        a state, a precondition or a name already in use forbids it'
	done
	same gcs explain 124 2 <<-'END'
		exit 124  timeout        a wait took longer than allowed
		exit 2    usage          the command line is wrong
	END
}

@test "what is no word of ours is named, with 1" {
	for word in nothing node.nope nope.name 42 3x -1 exit99; do
		fails 1 gcs explain -- "$word" \
			<<<"gcs: explain: unknown word '$word' (see: gcs explain)"
	done
	fails 1 gcs explain nope -o json <<-'END'
		{"code":1,"error":"no","command":"explain","message":"unknown word 'nope' (see: gcs explain)","value":"nope"}
	END
}

@test "every word of the whole explanation can be explained" {
	local seen=0
	while read -r word; do
		gcs explain "$word" >"$BATS_TEST_TMPDIR/out"
		grep -q -i -F -e "$word" "$BATS_TEST_TMPDIR/out"
		seen=$((seen + 1))
	done < <(gcs explain | sed -n 's/^  \([^ ]*\) .*/\1/p')
	[ $seen -ge 43 ]
}

@test "every field that a list shows is explained" {
	store
	gcs node register n1
	gcs kv put k v
	for kind in node kv event; do
		case $kind in
		node) gcs node show n1 -o env ;;
		kv) gcs kv show k -o env ;;
		event) gcs show 1 -o env ;;
		esac | sed 's/^GCS_[A-Z]*_//; s/=.*//' | tr '[:upper:]' '[:lower:]' >"$BATS_TEST_TMPDIR/fields"
		[ -s "$BATS_TEST_TMPDIR/fields" ]
		while read -r field; do
			gcs explain "$kind.$field" >"$BATS_TEST_TMPDIR/out"
		done <"$BATS_TEST_TMPDIR/fields"
	done
}
