# why: what keeps something waiting, and what led to the state it is in.
load lib
load placement

setup() { store; }
teardown() { at_rest; }

# because REC…: what why says, without who the tests run as.
because() { gcs why "$@" | sed "s/ by $ME: / by ME: /"; }

@test "waiting: each node says what is short, then what would help" {
	gcs node register n1 -r cpu=4,gpu=2 --label zone=a
	gcs node register n2 -r cpu=8 --label zone=b
	gcs actor create busy -r cpu=6
	gcs actor create a1 -r cpu=5
	same because a1 <<-'END'
		actor default/a1 is PENDING
		node n1: cpu: 5 wanted, 4 in all
		node n2: cpu: 5 wanted, 2 free
		it is placed as soon as cpu=5 are free on one node (gcs lease list; gcs resource fit -r cpu=5)
		event 6: ACTOR_PENDING default/a1, by ME: actor create
	END
	same gcs why a1 -o jsonl <<-END
		{"code":"state","about":"default/a1","seq":0,"text":"actor default/a1 is PENDING"}
		{"code":"infeasible","about":"n1","seq":0,"text":"node n1: cpu: 5 wanted, 4 in all"}
		{"code":"busy","about":"n2","seq":0,"text":"node n2: cpu: 5 wanted, 2 free"}
		{"code":"waiting","about":"","seq":0,"text":"it is placed as soon as cpu=5 are free on one node (gcs lease list; gcs resource fit -r cpu=5)"}
		{"code":"command","about":"default/a1","seq":6,"text":"event 6: ACTOR_PENDING default/a1, by $ME: actor create"}
	END
	fails 1 gcs why a9 <<<"gcs: why: no record matches 'a9'"
}

@test "infeasible: no node there is could ever take it" {
	gcs actor create a1 -r gpu=1 -l zone=a
	same because a1 <<-'END'
		actor default/a1 is PENDING
		there are no living nodes (gcs node register)
		event 1: ACTOR_PENDING default/a1, by ME: actor create
	END
	gcs node register n1 -r cpu=4 --label zone=a
	gcs node register n2 -r gpu=4 --label zone=b
	same because a1 <<-'END'
		actor default/a1 is PENDING
		node n1: gpu: 1 wanted, 0 in all
		node n2: its labels do not match
		no node there is could ever take it; what would: a node with gpu=1 and labels zone=a (gcs node register, gcs resource set)
		event 1: ACTOR_PENDING default/a1, by ME: actor create
	END
	# What would help does help.
	gcs resource set n1 gpu=1
	same because a1 <<-'END'
		actor default/a1 is PENDING
		it is placed on N1, and nobody has said yet that it runs (gcs actor ready)
		event 1: ACTOR_PENDING default/a1, by ME: actor create
	END
	same gcs why a1 -o jsonl --time iso <<-END
		{"code":"state","about":"default/a1","seq":0,"text":"actor default/a1 is PENDING"}
		{"code":"no_agent","about":"","seq":0,"text":"it is placed on N1, and nobody has said yet that it runs (gcs actor ready)"}
		{"code":"command","about":"default/a1","seq":1,"text":"event 1: ACTOR_PENDING default/a1, by $ME: actor create"}
	END
}

@test "fragmented is told from busy" {
	gcs node register n1 -r gpu=2
	gcs node register n2 -r gpu=2
	gcs resource hold n1 gpu=0.6 -m x
	gcs resource hold n1 gpu=0.7 -m x
	gcs resource hold n2 gpu=1 -m x
	gcs actor create a1 -r gpu=0.5 --avoid n2
	gcs actor create a2 -r gpu=2
	same because a1 <<-'END'
		actor default/a1 is PENDING
		node n1: gpu: 0.5 wanted, 0.7 free, but fragmented
		node n2: it is to be avoided
		it is placed as soon as gpu=0.5 are free on one node (gcs lease list; gcs resource fit -r gpu=0.5)
		event 6: ACTOR_PENDING default/a1, by ME: actor create
	END
	run -0 gcs why a1 -o jsonl
	[[ ${lines[1]} == '{"code":"fragmented","about":"n1",'* ]]
	run -0 gcs why a2 -o jsonl
	[[ ${lines[1]} == '{"code":"busy","about":"n1",'* ]]
	[[ ${lines[2]} == '{"code":"busy","about":"n2",'* ]]
}

@test "draining and cordoned name the command that would help, if it would" {
	gcs node register n1 -r cpu=4
	gcs node register n2 -r cpu=4
	gcs node register n3 -r cpu=4
	gcs node register n4 -r cpu=4
	gcs drain n1 -m repair --keep
	gcs cordon n1 n2 -m noisy
	gcs node fail n4 -m gone
	gcs resource hold n3 cpu=4 -m mine
	gcs actor create a1 -r cpu=1
	same because a1 <<-'END'
		actor default/a1 is PENDING
		node n1: it is draining (gcs undrain n1; gcs uncordon n1)
		node n2: it is cordoned (gcs uncordon n2)
		node n3: cpu: 1 wanted, 0 free
		it is placed as soon as cpu=1 are free on one node (gcs lease list; gcs resource fit -r cpu=1)
		event 10: ACTOR_PENDING default/a1, by ME: actor create
	END
	gcs actor create a2 -r cpu=4 --on n1
	same because a2 <<-'END'
		actor default/a2 is PENDING
		node n1: it is draining (gcs undrain n1; gcs uncordon n1)
		node n2: it is cordoned
		node n3: it is not the node asked for
		it is placed as soon as cpu=4 are free on one node (gcs lease list; gcs resource fit -r cpu=4)
		event 11: ACTOR_PENDING default/a2, by ME: actor create
	END
	# Not even then: that is infeasible, and no command is named.
	gcs actor create a3 -r cpu=9 -l zone=a --avoid n3
	same because a3 <<-'END'
		actor default/a3 is PENDING
		node n1: it is draining
		node n2: it is cordoned
		node n3: it is to be avoided
		no node there is could ever take it; what would: a node with cpu=9 and labels zone=a (gcs node register, gcs resource set)
		event 12: ACTOR_PENDING default/a3, by ME: actor create
	END
	for code in draining cordoned avoided infeasible; do
		gcs why a3 -o jsonl | grep -q "^{\"code\":\"$code\","
	done
	gcs undrain n1
	gcs uncordon n1
	same gcs actor list -c name,node --no-headers <<-'END'
		a1  N1
		a2  -
		a3  -
	END
}

@test "labels and affinity have codes of their own" {
	gcs node register n1 -r cpu=4
	gcs actor create a1 -r cpu=1 -l zone=a
	gcs node register n2 -r cpu=1
	gcs actor create a2 -r cpu=2 --on n2
	same gcs why a1 a2 -o jsonl < <(
		sed "s/ME/$ME/" <<-'END'
			{"code":"state","about":"default/a1","seq":0,"text":"actor default/a1 is PENDING"}
			{"code":"labels","about":"n1","seq":0,"text":"node n1: its labels do not match"}
			{"code":"labels","about":"n2","seq":0,"text":"node n2: its labels do not match"}
			{"code":"infeasible","about":"","seq":0,"text":"no node there is could ever take it; what would: a node with cpu=1 and labels zone=a (gcs node register, gcs resource set)"}
			{"code":"command","about":"default/a1","seq":2,"text":"event 2: ACTOR_PENDING default/a1, by ME: actor create"}
			{"code":"state","about":"default/a2","seq":0,"text":"actor default/a2 is PENDING"}
			{"code":"affinity","about":"n1","seq":0,"text":"node n1: it is not the node asked for"}
			{"code":"infeasible","about":"n2","seq":0,"text":"node n2: cpu: 2 wanted, 1 in all"}
			{"code":"infeasible","about":"","seq":0,"text":"no node there is could ever take it; what would: a node with cpu=2 (gcs node register, gcs resource set)"}
			{"code":"command","about":"default/a2","seq":4,"text":"event 4: ACTOR_PENDING default/a2, by ME: actor create"}
		END
	)
}

@test "backoff says how long, and not_ticked that nobody advances time" {
	gcs node register n1 -r cpu=1 --heartbeat-timeout never
	gcs actor create a1 -r cpu=1 --max-restarts 3
	gcs actor fail a1 -m crash
	same because a1 <<-'END'
		actor default/a1 is RESTARTING
		it failed before, and waits 1s more
		event 5: ACTOR_RESTARTING default/a1, by ME: actor fail: crash
	END
	gcs clock +1s
	same because a1 <<-'END'
		actor default/a1 is RESTARTING
		its backoff is over, but nobody advances time (gcs monitor)
		event 5: ACTOR_RESTARTING default/a1, by ME: actor fail: crash
	END
	gcs monitor --once
	same because a1 <<-'END'
		actor default/a1 is RESTARTING
		it is placed on N1, and nobody has said yet that it runs (gcs actor ready)
		event 5: ACTOR_RESTARTING default/a1, by ME: actor fail: crash
	END
	gcs actor ready a1
	same because a1 <<-'END'
		actor default/a1 is ALIVE
		event 11: ACTOR_ALIVE default/a1, by ME: actor ready
	END
}

@test "the chain of causes goes back to who began it, and why" {
	gcs node register n1 -r cpu=2
	gcs actor create a1 -r cpu=1 --max-restarts 1
	gcs actor create a2 -r cpu=1
	gcs node fail n1 -m 'smoke came out'
	same because a1 a2 n1 <<-'END'
		actor default/a1 is RESTARTING
		there are no living nodes (gcs node register)
		event 11: ACTOR_RESTARTING default/a1, by ME: node fail
		event 8: NODE_DEAD n1, by ME: node fail: smoke came out
		actor default/a2 is DEAD
		event 12: ACTOR_DEAD default/a2, by ME: node fail
		event 8: NODE_DEAD n1, by ME: node fail: smoke came out
		node n1 is DEAD
		event 8: NODE_DEAD n1, by ME: node fail: smoke came out
	END
	run -0 gcs why a2 -o jsonl
	[[ ${lines[1]} == '{"code":"cause","about":"default/a2","seq":12,'* ]]
	[[ ${lines[2]} == '{"code":"command","about":"n1","seq":8,'* ]]
}

@test "the last one to leave a drained node is the cause of its end" {
	gcs node register n1 -r cpu=2
	gcs actor create a1 -r cpu=1
	gcs actor ready a1
	gcs drain n1 -m 'too old'
	gcs actor kill a1 -m enough
	same because n1 <<-'END'
		node n1 is DEAD
		event 9: NODE_DEAD n1, by ME: actor kill
		event 8: LEASE_RELEASED L1, by ME: actor kill
		event 7: ACTOR_DEAD default/a1, by ME: actor kill: enough
	END
}
