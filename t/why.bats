# why: what keeps something waiting, and what led to the state it is in.
load lib
load placement

# contract why: act

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
		node n2: cpu: 5 wanted, 2 free; held by actor default/busy (6 for 0s)
		it is placed as soon as cpu=5 are free on one node (gcs lease list; gcs resource fit -r cpu=5)
		event 6: ACTOR_PENDING default/a1, by ME: actor create
	END
	same gcs why a1 -o jsonl <<-END
		{"code":"state","about":"default/a1","seq":0,"text":"actor default/a1 is PENDING"}
		{"code":"infeasible","about":"n1","seq":0,"text":"node n1: cpu: 5 wanted, 4 in all"}
		{"code":"busy","about":"n2","seq":0,"text":"node n2: cpu: 5 wanted, 2 free; held by actor default/busy (6 for 0s)"}
		{"code":"waiting","about":"","seq":0,"text":"it is placed as soon as cpu=5 are free on one node (gcs lease list; gcs resource fit -r cpu=5)"}
		{"code":"command","about":"default/a1","seq":6,"text":"event 6: ACTOR_PENDING default/a1, by $ME: actor create"}
	END
	fails 1 gcs why a9 <<<"gcs: why: no record matches 'a9'"
}

@test "infeasible: no existing node could ever run it" {
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
		no existing node could ever run it; what would: a node with gpu=1 and labels zone=a (gcs node register, gcs resource set)
		event 1: ACTOR_PENDING default/a1, by ME: actor create
	END
	# What would help does help.
	gcs resource set n1 gpu=1
	same because a1 <<-'END'
		actor default/a1 is PENDING
		it is placed on N1, but is not reported as running yet (gcs actor ready)
		event 1: ACTOR_PENDING default/a1, by ME: actor create
	END
	same gcs why a1 -o jsonl --time iso <<-END
		{"code":"state","about":"default/a1","seq":0,"text":"actor default/a1 is PENDING"}
		{"code":"no_agent","about":"","seq":0,"text":"it is placed on N1, but is not reported as running yet (gcs actor ready)"}
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
		node n1: gpu: 0.5 wanted, 0.7 free, but fragmented; held by L2 (0.7 for 0s: x), L1 (0.6 for 0s: x)
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

@test "two nodes with one GPU each have two, and never two for one: fragmented" {
	gcs node register a -r cpu=8,gpu=1
	gcs node register b -r cpu=8,gpu=1
	gcs actor create x -r gpu=2
	gcs actor create y -r gpu=3
	same because x y <<-'END'
		actor default/x is PENDING
		node a: gpu: 2 wanted, 1 in all
		node b: gpu: 2 wanted, 1 in all
		gpu: 2 in all, but fragmented: no node has more than 1
		no existing node could ever run it; what would: a node with gpu=2 (gcs node register, gcs resource set)
		event 3: ACTOR_PENDING default/x, by ME: actor create
		actor default/y is PENDING
		node a: gpu: 3 wanted, 1 in all
		node b: gpu: 3 wanted, 1 in all
		no existing node could ever run it; what would: a node with gpu=3 (gcs node register, gcs resource set)
		event 4: ACTOR_PENDING default/y, by ME: actor create
	END
	run -0 gcs why x -o jsonl
	[[ ${lines[3]} == '{"code":"fragmented",'* ]]
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
		node n3: cpu: 1 wanted, 0 free; held by L1 (4 for 0s: mine)
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
		no existing node could ever run it; what would: another node with cpu=9 and labels zone=a (gcs node register, gcs resource set)
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
			{"code":"infeasible","about":"","seq":0,"text":"no existing node could ever run it; what would: a node with cpu=1 and labels zone=a (gcs node register, gcs resource set)"}
			{"code":"command","about":"default/a1","seq":2,"text":"event 2: ACTOR_PENDING default/a1, by ME: actor create"}
			{"code":"state","about":"default/a2","seq":0,"text":"actor default/a2 is PENDING"}
			{"code":"affinity","about":"n1","seq":0,"text":"node n1: it is not the node asked for"}
			{"code":"infeasible","about":"n2","seq":0,"text":"node n2: cpu: 2 wanted, 1 in all"}
			{"code":"infeasible","about":"","seq":0,"text":"no existing node could ever run it; what would: a node with cpu=2 (gcs node register, gcs resource set)"}
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
		its backoff is over, but no monitor advances time (gcs monitor)
		event 5: ACTOR_RESTARTING default/a1, by ME: actor fail: crash
	END
	gcs monitor --once
	same because a1 <<-'END'
		actor default/a1 is RESTARTING
		it is placed on N1, but is not reported as running yet (gcs actor ready)
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

@test "a group: how many bundles each node has room for, by which rule of its strategy, and who has the rest" {
	for node in n1:cpu=4 n2:cpu=4 n3:cpu=2; do
		gcs node register "${node%%:*}" -r "${node#*:}" --heartbeat-timeout never
	done
	gcs actor create w -r cpu=3 --on n1
	gcs resource hold n2 cpu=1 -m 'for ada'
	gcs clock +5m
	gcs cordon n3 -m x
	gcs pg create spread3 --strategy STRICT_SPREAD --bundle 3:cpu=2
	same because spread3 <<-'END'
		pg default/spread3 is PENDING
		node n1: bundle 1: cpu: 2 wanted, 1 free; held by actor default/w (3 for 5m)
		node n2: room for 1 of 3 bundles (STRICT_SPREAD: each on a node of its own)
		node n3: it is cordoned (gcs uncordon n3)
		it is placed as soon as all its bundles fit at once (gcs lease list; gcs resource list)
		event 10: PG_PENDING default/spread3, by ME: pg create
	END
	gcs pg create pack2 --strategy STRICT_PACK --bundle 2:cpu=2
	same because pack2 <<-'END'
		pg default/pack2 is PENDING
		node n1: bundle 1: cpu: 2 wanted, 1 free; held by actor default/w (3 for 5m)
		node n2: room for 1 of 2 bundles; bundle 2: cpu: 2 wanted, 1 free; held by L2 (1 for 5m: for ada) (STRICT_PACK: one node for all)
		node n3: it is cordoned
		it is placed as soon as all its bundles fit at once (gcs lease list; gcs resource list)
		event 11: PG_PENDING default/pack2, by ME: pg create
	END
	gcs pg create pack --bundle 2:cpu=3 --bundle cpu=1
	same because pack <<-'END'
		pg default/pack is PENDING
		node n1: room for 1 of 3 bundles; bundle 1: cpu: 3 wanted, 1 free; held by actor default/w (3 for 5m)
		node n2: room for 1 of 3 bundles; bundle 2: cpu: 3 wanted, 0 free; held by L2 (1 for 5m: for ada)
		node n3: it is cordoned (gcs uncordon n3)
		it is placed as soon as all its bundles fit at once (gcs lease list; gcs resource list)
		event 12: PG_PENDING default/pack, by ME: pg create
	END
	run -0 gcs why pack2 -o jsonl
	[[ ${lines[1]} == '{"code":"busy","about":"n1",'* ]]
	[[ ${lines[2]} == '{"code":"strategy","about":"n2",'* ]]
	[[ ${lines[3]} == '{"code":"cordoned","about":"n3",'* ]]
	# What it says would help, does.
	gcs actor kill w
	same gcs pg list -c name,state --no-headers <<-'END'
		spread3  PENDING
		pack2    CREATED
		pack     PENDING
	END
	gcs pg remove pack2 pack
	gcs uncordon n3
	same gcs pg list -c name,state --no-headers <<<'spread3  CREATED'
}

@test "infeasible groups: more bundles than nodes, a sum too big for one, no labels" {
	gcs node register n1 -r cpu=4
	gcs node register n2 -r cpu=4 --label zone=a
	gcs drain n2 -m repair --keep
	gcs pg create many --strategy STRICT_SPREAD --bundle 3:cpu=1
	gcs pg create sum --strategy STRICT_PACK --bundle 2:cpu=3 -l zone
	gcs pg create big --bundle cpu=1 --bundle cpu=9
	gcs pg create most --strategy SPREAD --bundle 3:cpu=3
	gcs pg create labels --bundle cpu=1 -l zone=z
	same because many sum big most labels <<-'END'
		pg default/many is PENDING
		node n1: room for 1 of 3 bundles (STRICT_SPREAD: each on a node of its own)
		node n2: it is draining (gcs undrain n2)
		no nodes there are could ever take it: STRICT_SPREAD needs a node for each of 3 bundles, and 2 could have one (gcs node register)
		event 4: PG_PENDING default/many, by ME: pg create
		pg default/sum is PENDING
		node n1: its labels do not match
		node n2: it is draining
		no existing node could ever run it; what would: a node with cpu=6 and labels zone (gcs node register, gcs resource set)
		event 5: PG_PENDING default/sum, by ME: pg create
		pg default/big is PENDING
		node n1: room for 1 of 2 bundles; bundle 2: cpu: 9 wanted, 4 in all
		node n2: it is draining (gcs undrain n2)
		no nodes there are could ever have all its bundles at once: cpu=10 in all (gcs node register, gcs resource set)
		event 6: PG_PENDING default/big, by ME: pg create
		pg default/most is PENDING
		node n1: room for 1 of 3 bundles; bundle 2: cpu: 3 wanted, 1 free
		node n2: it is draining (gcs undrain n2)
		no nodes there are could ever have all its bundles at once: cpu=9 in all (gcs node register, gcs resource set)
		event 7: PG_PENDING default/most, by ME: pg create
		pg default/labels is PENDING
		node n1: its labels do not match
		node n2: it is draining
		no nodes there are could ever have all its bundles at once: cpu=1 in all and labels zone=z (gcs node register, gcs resource set)
		event 8: PG_PENDING default/labels, by ME: pg create
	END
	gcs undrain n2
	same gcs why sum -o jsonl < <(
		sed "s/ME/$ME/" <<-'END'
			{"code":"state","about":"default/sum","seq":0,"text":"pg default/sum is PENDING"}
			{"code":"labels","about":"n1","seq":0,"text":"node n1: its labels do not match"}
			{"code":"infeasible","about":"n2","seq":0,"text":"node n2: room for 1 of 2 bundles even if it were empty (STRICT_PACK: one node for all)"}
			{"code":"infeasible","about":"","seq":0,"text":"no existing node could ever run it; what would: a node with cpu=6 and labels zone (gcs node register, gcs resource set)"}
			{"code":"command","about":"default/sum","seq":5,"text":"event 5: PG_PENDING default/sum, by ME: pg create"}
		END
	)
	gcs resource set n2 cpu=6
	same gcs pg list -c name,state --no-headers --filter name=sum <<<'sum  CREATED'
}

@test "bound to a node that is dead, or to none but the avoided: what would help is said" {
	gcs node register n1 -r cpu=4
	gcs actor create bound --on n1 -r cpu=1 --max-restarts 5
	gcs node fail n1 -m x
	gcs node register n1 -r cpu=4
	gcs actor create shy --avoid n1
	gcs actor create third -r gpu:2
	run -0 gcs why bound
	[[ $output == *'it is to run on N1 alone, which is DEAD and does not come back: end it, and create it anew'* ]]
	run -0 gcs why shy
	[[ $output == *'what would: another node (gcs node register'* ]]
	run -0 gcs why third
	[[ $output == *'what would: a node with gpu:2 (gcs node register'* ]]
	same gcs actor list --filter name=third -c resources --no-headers <<<'gpu:2'
}

@test "a resource may have any name, also that of a reason" {
	gcs node register n1 -r labels=1,draining=2:indexed
	gcs resource hold n1 labels=1 -m h
	gcs actor create a -r labels=1
	run -0 gcs why a -o jsonl
	[[ ${lines[1]} == '{"code":"busy",'*'held by L1'* ]]
	gcs actor create b -r draining=1.5
	run -0 gcs why b -o jsonl
	[[ ${lines[1]} == '{"code":"infeasible",'*'draining comes in whole instances, or a part of one"}' ]]
}

@test "inside a group: each bundle says what is short in it" {
	gcs node register n1 -r cpu=4,gpu=4 --label zone=a
	gcs node register n2 -r cpu=4,gpu=4
	gcs pg create g --strategy STRICT_SPREAD --bundle cpu=2,gpu=2 --bundle cpu=2,gpu=2
	gcs batch -q <<-'END'
		actor create half -r gpu=0.5 --pg g --bundle 0
		actor create more -r gpu=0.75 --pg g --bundle 0
		actor create part -r gpu=0.75 --pg g --bundle 0
		actor create named -r gpu:3 --pg g
		actor create beyond -r cpu=3 --pg g
		actor create full -r cpu=2 --pg g --bundle 1
		actor create next -r cpu=1 --pg g --bundle 1
		actor create zone -r cpu=1 -l zone=a --pg g --bundle 1
		actor create on -r cpu=1 --on n2 --pg g --bundle 0
	END
	what() { gcs why "$1" -o jsonl | sed -n 's/{"code":"\([a-z]*\)",.*"text":"\(.*\)"}/\1 \2/p' | grep -v ' event\|^state'; }
	same what part <<-'END'
		fragmented bundle 1 of default/g: gpu: 0.75 wanted, 0.75 free, but fragmented
		waiting it is placed as soon as enough is free in one bundle (gcs lease list)
	END
	same what named <<-'END'
		busy bundle 1 of default/g: gpu:3: in use
		busy bundle 2 of default/g: gpu:3: in use
		waiting it is placed as soon as enough is free in one bundle (gcs lease list)
	END
	same what beyond <<-'END'
		infeasible bundle 1 of default/g: cpu: 3 wanted, 2 in all
		infeasible bundle 2 of default/g: cpu: 3 wanted, 2 in all
		infeasible no bundle of its group could ever take it
	END
	same what next <<-'END'
		busy bundle 2 of default/g: cpu: 1 wanted, 0 free
		waiting it is placed as soon as enough is free in one bundle (gcs lease list)
	END
	same what zone <<-'END'
		labels bundle 2 of default/g: its labels do not match
		infeasible no bundle of its group could ever take it
	END
	same what on <<-'END'
		affinity bundle 1 of default/g: it is not the node asked for
		infeasible no bundle of its group could ever take it
	END
	gcs drain n2 -m x --no-evict
	same what next <<-'END'
		draining bundle 2 of default/g: its node is draining
		waiting it is placed as soon as enough is free in one bundle (gcs lease list)
	END
}

@test "a queue timeout that is over, and nobody advances time" {
	gcs node register n1 -r cpu=1
	gcs job submit j -r cpu=9 --queue-timeout 1m -- x
	run -0 gcs why T1
	[[ $output != *'queue timeout'* ]]
	gcs clock +1m
	run -0 gcs why T1 -o jsonl
	[[ ${lines[1]} == '{"code":"not_ticked",'*'its queue timeout has passed, but no monitor advances time (gcs monitor)'* ]]
	gcs -q monitor --once
	same gcs job list -a --no-headers -c state,reason <<<'FAILED  QUEUE_TIMEOUT'
}

@test "a group that lost bundles: the nodes that have others of it are no choice" {
	for node in n1 n2 n3; do gcs node register $node -r cpu=2; done
	gcs pg create g --strategy STRICT_SPREAD --bundle 3:cpu=1
	gcs node fail n2 -m gone
	same because g <<-'END'
		pg default/g is RESCHEDULING
		node n1: it has one of the bundles already (STRICT_SPREAD: each on a node of its own)
		node n3: it has one of the bundles already (STRICT_SPREAD: each on a node of its own)
		no nodes there are could ever take it: STRICT_SPREAD needs a node for each of 1 bundles, and 0 could have one (gcs node register)
		event 11: PG_RESCHEDULING default/g, by ME: node fail
		event 9: NODE_DEAD n2, by ME: node fail: gone
	END
	gcs node register n4 -r cpu=1
	same gcs pg list -c state --no-headers <<<CREATED
}

@test "queue_behind names the one that starves, and its end lets the other in" {
	gcs node register n1 -r cpu=4 --heartbeat-timeout never
	gcs resource hold n1 cpu=1 -m x
	gcs pg create g --strategy STRICT_PACK --bundle 2:cpu=2
	gcs clock +11m
	gcs actor create late -r cpu=1
	gcs pg create later --bundle cpu=1
	same because late later <<-'END'
		actor default/late is PENDING
		node n1: it fits, but is reserved for pg default/g, which has waited for longer than starvation_age (gcs why P1)
		it is placed as soon as cpu=1 are free on one node (gcs lease list; gcs resource fit -r cpu=1)
		event 5: ACTOR_PENDING default/late, by ME: actor create
		pg default/later is PENDING
		node n1: it fits, but is reserved for pg default/g, which has waited for longer than starvation_age (gcs why P1)
		it is placed as soon as all its bundles fit at once (gcs lease list; gcs resource list)
		event 6: PG_PENDING default/later, by ME: pg create
	END
	run -0 gcs why late -o jsonl
	[[ ${lines[1]} == '{"code":"queue_behind","about":"n1",'* ]]
	gcs pg remove g
	same gcs actor list -c name,node --no-headers <<<'late  N1'
}

@test "an actor in a group: what each bundle lacks, or that the group has none yet" {
	gcs node register n1 -r cpu=4
	gcs pg create g --bundle cpu=1 --bundle cpu=2
	gcs actor create full -r cpu=2 --pg g --bundle 1
	gcs actor create waits -r cpu=2 --pg g
	gcs actor create never -r cpu=3 --pg g
	same because waits never <<-'END'
		actor default/waits is PENDING
		bundle 1 of default/g: cpu: 2 wanted, 1 in all
		bundle 2 of default/g: cpu: 2 wanted, 0 free
		it is placed as soon as enough is free in one bundle (gcs lease list)
		event 9: ACTOR_PENDING default/waits, by ME: actor create
		actor default/never is PENDING
		bundle 1 of default/g: cpu: 3 wanted, 1 in all
		bundle 2 of default/g: cpu: 3 wanted, 2 in all
		no bundle of its group could ever take it
		event 10: ACTOR_PENDING default/never, by ME: actor create
	END
	gcs pg create h --bundle cpu=9
	gcs actor create early -r cpu=1 --pg h
	same because early <<-'END'
		actor default/early is PENDING
		its group default/h is PENDING (gcs why P2)
		event 12: ACTOR_PENDING default/early, by ME: actor create
	END
}

@test "of many holders the three with most are named" {
	gcs node register n1 -r cpu=8
	for n in 1 2 1 3 1; do gcs resource hold n1 cpu=$n -m x; done
	gcs actor create a1 -r cpu=1
	same because a1 <<-'END'
		actor default/a1 is PENDING
		node n1: cpu: 1 wanted, 0 free; held by L4 (3 for 0s: x), L2 (2 for 0s: x), L1 (1 for 0s: x), and 2 more
		it is placed as soon as cpu=1 are free on one node (gcs lease list; gcs resource fit -r cpu=1)
		event 7: ACTOR_PENDING default/a1, by ME: actor create
	END
	gcs node register n2 -r gpu=2
	gcs resource hold n2 gpu:0 -m x
	gcs resource hold n2 gpu=0.5 -m half
	gcs actor create a2 -r gpu:1 --on n2
	run -0 gcs why a2
	[ "${lines[2]}" = 'node n2: gpu:1: in use; held by L7 (0.5 for 0s: half)' ]
}

@test "every code that why says is explained" {
	gcs explain why -o tsv >"$BATS_TEST_TMPDIR/codes"
	cut -f 1 "$BATS_TEST_TMPDIR/codes" | while read -r code; do
		gcs explain "$code" | grep -q "^$code (answer of why): "
	done
	same gcs explain queue_behind <<-'END'
		queue_behind (answer of why): the node is reserved for a record that has waited too long
	END
	gcs node register n1 -r cpu=1
	gcs actor create a1 -r cpu=2
	gcs pg create g --bundle cpu=2
	gcs why a1 g n1 -o jsonl | sed 's/^{"code":"\([a-z_]*\)".*/\1/' | sort -u >"$BATS_TEST_TMPDIR/said"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/said")" -ge 3 ]
	while read -r code; do
		grep -q "^$code	" "$BATS_TEST_TMPDIR/codes"
	done <"$BATS_TEST_TMPDIR/said"
}

@test "a task and a job say what they wait for: another job, an agent, their time, their script" {
	gcs node register w -r cpu=4
	gcs job submit first -r cpu=1 --max-retries 1 -- work
	gcs job submit second --after first
	same gcs why second <<-END
		job second is PENDING
		job first must finish well first: it is PENDING
		event 6: JOB_PENDING second, by $ME: job submit
	END
	gcs why first | grep -qxF 'its task 0 (T1) does not run yet:'
	gcs why T1 | grep -qxF 'it is placed on node w, which has no agent to start it (gcs agent w)'
	gcs job submit script -r cpu=1
	gcs why script | grep -qxF 'it has no command: a script reports for it (gcs worker start)'
	gcs worker start first
	gcs worker exit W1 --type NODE_OUT_OF_MEMORY
	gcs why first | grep -qxF 'it failed before, and waits 1s more'
	gcs clock +2s
	gcs why T1 | grep -qxF 'its backoff is over, but no monitor advances time (gcs monitor)'
	[ "$(gcs why second -o jsonl | sed -n 's/.*"code":"\(dependency\)".*/\1/p')" = dependency ]
}
