# The state is at rest after every command: nothing waits that would fit, and no more is used than there is. Each test
# is a sequence after which that was not so once; batch --check looks after every line.
load lib

# checked <<LINES: each line is done, and breaks no rule.
checked() {
	gcs batch --each --check >"$BATS_TEST_TMPDIR/ids"
}

placed() { gcs actor list --no-headers -o tsv -c name,node; }

setup() {
	store
}

@test "instances that a node comes to have are free, whoever has the others" {
	checked <<-'END'
		node register n1 -r cpu=8,gpu=2
		actor create a -r cpu=1,gpu=0.5
		actor create b -r cpu=1,gpu=1
		actor create c -r cpu=1,gpu=1
		actor create d -r cpu=1,gpu=1
		resource set n1 gpu=8
	END
	same gcs resource list --no-headers -o tsv -c free,instances <<-'END'
		cpu=4,gpu=4.5	gpu:0=0.5,gpu:1=0,gpu:2=0,gpu:3=0,gpu:4=1,gpu:5=1,gpu:6=1,gpu:7=1
	END
}

@test "an undo does not take away what is in use" {
	checked <<-'END'
		node register n1 -r cpu=8
		resource set n1 cpu=20
		actor create a -r cpu=16
	END
	fails 3 gcs undo 2 <<-'END'
		gcs: undo: cpu of node n1 are in use: 16
	END
	gcs actor kill a
	gcs undo 2
	gcs -q doctor --deep
}

@test "a lease owns no keys: nobody is told when it goes" {
	gcs node register n1 -r cpu=8 >"$BATS_TEST_TMPDIR/ids"
	gcs resource hold n1 cpu=1 -m mine >"$BATS_TEST_TMPDIR/ids"
	fails 3 gcs kv put k v --owner L1 <<-'END'
		gcs: kv put: a lease owns nothing: name who has it
	END
}

# starving: big waits for longer than it should, so that late is kept from n1, though it would fit.
starving() {
	checked <<-'END'
		config starvation_age 1m
		node register n1 -r cpu=8
		actor create small -r cpu=5
		actor create big -r cpu=6
		clock +2m
		actor create late -r cpu=2
	END
	same placed <<-'END'
		small	N1
		big	
		late	
	END
}

@test "when what starved ends, others get the nodes that were kept for it" {
	starving
	checked <<<'actor kill big'
	same placed <<-'END'
		small	N1
		late	N1
	END
}

@test "when what starved is placed, others get what is left" {
	starving
	checked <<<'actor kill small'
	same placed <<-'END'
		big	N1
		late	N1
	END
}

@test "a node that has too little for what starved is kept for it no longer" {
	checked <<-'END'
		config starvation_age 1m
		node register n1 -r cpu=8
		actor create small -r cpu=3
		actor create big -r cpu=8
		clock +2m
		actor create late -r cpu=2
		resource set n1 cpu=7
	END
	same placed <<-'END'
		small	N1
		big	
		late	N1
	END
}

@test "another starvation_age takes effect at once" {
	starving
	checked <<<'config starvation_age 1h'
	same placed <<-'END'
		small	N1
		big	
		late	N1
	END
}

@test "one that has just begun to wait in front of its like does not end their starving" {
	starving
	checked <<-'END'
		actor create urgent -r cpu=6 --priority 5
		actor kill urgent
	END
	same placed <<-'END'
		small	N1
		big	
		late	
	END
}

@test "an instance asked for by number is not had where the whole is used up" {
	checked <<-'END'
		node register n1 -r cpu=8,fpga=1
		actor create whole -r fpga=1
		node register n2 -r cpu=8,fpga=1:indexed
		actor create one -r fpga:0 --on n1
		actor create other -r fpga:0
	END
	same placed <<-'END'
		whole	N1
		one	
		other	N2
	END
}

@test "when a resource comes to have instances, what waited for one of them gets it" {
	checked <<-'END'
		node register n1 -r cpu=8,fpga=2
		node register n2 -r cpu=8,fpga=2
		actor create one -r fpga:1 --on n1
		actor create two -r fpga:1 --on n2
		node register n1 -r cpu=8,fpga=2:indexed
	END
	same placed <<-'END'
		one	N1
		two	N2
	END
}

@test "a batch that asks twice for the same in a cluster without nodes" {
	[ "$(gcs batch <<<$'job submit c --clean-env\njob cancel c\njob rerun c' | tr '\n' ' ')" = 'J1 J2 ' ]
	same gcs job list -aq -o fmt='%{id} %{state}\n' <<<$'J1 STOPPED\nJ2 PENDING'
}

@test "what a transaction left over is gone on with until nothing more follows" {
	{
		echo 'node register n1 -r cpu=1'
		echo 'pg create g --bundle cpu=4'
		echo 'actor create inside --priority 1 --pg g -r cpu=1'
		for i in {1..1000}; do
			echo "actor create a$i --priority 2 -r gpu=0.001"
		done
		echo 'resource set n1 cpu=8 gpu=8'
	} | gcs batch -q >"$BATS_TEST_TMPDIR/ids"
	# A thousand first; the group is next, and only then there is room in it.
	same gcs lease list -q --no-headers --filter owner=P1 </dev/null
	gcs monitor -q --once
	same gcs lease list -q --no-headers -o tsv -c owner,resources --sort -id --limit 2 <<-'END'
		A1	cpu=1
		P1	cpu=4
	END
	same gcs doctor -q </dev/null
}

@test "what is due cannot be read: nothing is done, and that is said" {
	gcs kv put k v --ttl 1s
	gcs kv put other v --ttl 2s
	"$GCS_TOOLS/damage" flip d 2
	gcs clock -q +5s
	run -7 gcs monitor --once
	[[ $output == 'gcs: monitor: '*checksum* ]] || { echo "$output"; false; }
	same gcs log --type KV_DELETED -o id </dev/null
}
