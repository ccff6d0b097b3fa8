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

