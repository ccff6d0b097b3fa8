# The key-value store: bytes under keys, in namespaces.
load lib

# contract kv put: k v
# contract kv get: a
# contract kv list:
# contract kv show: a
# contract kv exists: a
# contract kv add: count 1
# contract kv delete: a

setup() { store; }

keys() { gcs kv list -c namespace,key,size --no-headers "$@"; }

@test "put and get give back the same bytes, from an operand and from stdin" {
	same gcs kv put greeting 'hello, world' </dev/null
	same gcs kv get greeting < <(printf 'hello, world')
	printf 'a\0b\377\n' | gcs kv put raw
	same gcs kv get raw < <(printf 'a\0b\377\n')
	printf 'from stdin' | gcs kv put raw -
	same gcs kv get raw < <(printf 'from stdin')
	gcs kv put empty ''
	same gcs kv get empty </dev/null
	gcs kv put nothing </dev/null
	same keys <<-'END'
		default  empty      0
		default  greeting  12
		default  nothing    0
		default  raw       10
	END
}

@test "1 MiB fits, a byte more does not; no byte of it is lost" {
	head -c 1048576 /dev/zero | tr '\0' '\377' >"$BATS_TEST_TMPDIR/big"
	gcs kv put big <"$BATS_TEST_TMPDIR/big"
	gcs kv get big | cmp - "$BATS_TEST_TMPDIR/big"
	printf x >>"$BATS_TEST_TMPDIR/big"
	put_big() { gcs kv put big <"$BATS_TEST_TMPDIR/big"; }
	fails 2 put_big <<<'gcs: kv put: the value is larger than 1048576 bytes'
	same gcs kv list -c size --no-headers <<<1Mi
}

@test "keys: 1 to 255 bytes of UTF-8" {
	long=$(printf 'k%.0s' {1..255})
	gcs kv put "$long" v
	gcs kv put 'a b/c:ü' v
	gcs kv put -- -n v
	same gcs kv list -o fmt='%{key}\n' <<-END
		-n
		a b/c:ü
		$long
	END
	fails 2 gcs kv put "${long}k" v <<<'gcs: kv put: a key has 1 to 255 bytes, this one has 256'
	fails 2 gcs kv put '' v <<<'gcs: kv put: a key has 1 to 255 bytes, this one has 0'
	fails 2 gcs kv put $'\xff' v <<<'gcs: kv put: the key is not valid UTF-8'
	fails 2 gcs kv get "${long}k"
	fails 2 gcs kv put -N 'a b' k v \
		<<<"gcs: kv put: 'a b' is not a valid namespace (letters, digits, . _ -; at most 127)"
}

@test "namespaces keep equal keys apart" {
	gcs kv put k 1
	gcs kv put -N a k 2
	gcs kv put --namespace b k 3
	same gcs kv get k < <(printf 1)
	same gcs kv get -N a k < <(printf 2)
	same gcs kv get k -N b < <(printf 3)
	same keys <<-'END'
		a        k  1
		b        k  1
		default  k  1
	END
	same keys -N b <<<'b  k  1'
	gcs kv delete -N a k
	same keys <<-'END'
		b        k  1
		default  k  1
	END
	fails 1 gcs kv get -N a k <<<"gcs: kv get: no key 'k' in namespace 'a'"
}

@test "put of the same value changes nothing; --new refuses what is there" {
	gcs kv put k v
	same gcs kv put k v -o json <<<'{"v":1,"seq":1,"changed":false,"ids":[]}'
	same gcs kv put k w -o json <<<'{"v":1,"seq":2,"changed":true,"ids":[]}'
	fails 3 gcs kv put k v --new <<<"gcs: kv put: key 'k' already exists (rev 2)"
	gcs kv put new v --new
	same keys <<-'END'
		default  k    1
		default  new  1
	END
}

@test "add counts, prints the sum, and refuses what it cannot add" {
	same gcs kv add n 5 <<<5
	same gcs kv add n -7 <<<-2
	same gcs kv add -N other n 1 <<<1
	same gcs kv add n 0 -o json <<<'{"v":1,"seq":3,"changed":false,"ids":[],"value":-2}'
	same gcs kv get n < <(printf %s -2)
	gcs kv put most 9223372036854775807
	fails 3 gcs kv add most 1 <<<"gcs: kv add: the sum for 'most' does not fit into 64 bits"
	gcs kv put word five
	fails 3 gcs kv add word 1 <<<"gcs: kv add: the value of 'word' is not an integer"
	fails 2 gcs kv add n x <<<"gcs: kv add: invalid number 'x'"
	fails 2 gcs kv add n 9223372036854775808
	same gcs kv add least -9223372036854775808 <<<-9223372036854775808
}

@test "exists answers with its exit code" {
	gcs kv put a 1
	gcs kv put b 1
	same gcs kv exists a b </dev/null
	run -1 gcs kv exists a c
	[ "$output" = '' ]
	run -1 gcs kv exists -N other a
	[ "$output" = '' ]
}

@test "delete removes all that it names, or nothing; with --prefix all that begin so" {
	gcs batch <<-'END'
		kv put a 1
		kv put b 1
		kv put log/1 1
		kv put log/2 1
		kv put logs 1
		kv put -N other log/1 1
	END
	fails 1 gcs kv delete a nope <<<"gcs: kv delete: no key 'nope' in namespace 'default'"
	gcs kv delete a b
	same gcs kv delete --prefix log/ <<<2
	same gcs kv delete --prefix log/ -o json <<<'{"v":1,"seq":10,"changed":false,"ids":[],"deleted":0}'
	same keys <<-'END'
		default  logs   1
		other    log/1  1
	END
	same gcs log --limit 4 -q -c seq,txn,type,name,command --no-headers <<-'END'
		10  9  KV_DELETED  default/log/2  kv delete
		 9  9  KV_DELETED  default/log/1  kv delete
		 8  7  KV_DELETED  default/b      kv delete
		 7  7  KV_DELETED  default/a      kv delete
	END
	same gcs kv delete --prefix -N other '' <<<1
}

@test "--ttl: an entry is gone when its time is over, whether anybody ticked or not" {
	gcs kv put k v --ttl 1m
	gcs kv put stays v
	same gcs kv list -c key,expires_ms --no-headers <<-'END'
		k      2026-01-01T00:01:00.000Z
		stays  -
	END
	gcs clock +59s
	same gcs kv get k < <(printf v)
	GCS_NOW=2026-01-01T00:01:00Z fails 1 gcs kv get k
	gcs clock +1s
	same gcs kv list -o tsv -c key --no-headers <<<stays
	fails 1 gcs kv get k
	run -1 gcs kv exists k
	fails 1 gcs kv show k <<<"gcs: kv show: no kv matches 'k'"
	gcs is kv/default/k gone
	# It can be put anew, and counts as new.
	gcs kv put k w --new
	same gcs kv get k < <(printf w)
	# A put without --ttl takes the end away; kv add keeps it.
	gcs kv put n 1 --ttl 1m
	gcs kv add n 1
	same gcs kv list -c key,expires_ms --no-headers --filter key=n <<<'n  2026-01-01T00:02:00.000Z'
	gcs kv put n 7
	same gcs kv list -c key,expires_ms --no-headers --filter key=n <<<'n  -'
	fails 2 gcs kv put k v --ttl 0s <<<'gcs: kv put: --ttl: must be greater than 0'
	fails 2 gcs kv put k v --ttl soon <<<"gcs: kv put: --ttl: invalid duration 'soon'"
}

@test "--owner: an entry goes with its owner, because of its end" {
	gcs node register n1
	gcs kv put mine v --owner n1
	gcs kv put -N x mine v --owner node/n1
	gcs kv put other v
	same gcs kv list -c namespace,key,owner --no-headers <<-'END'
		default  mine   N1
		default  other  -
		x        mine   N1
	END
	gcs node fail n1 -m gone
	same keys <<<'default  other  1'
	same gcs log --limit 3 -q -c seq,type,name,cause,message --no-headers <<-'END'
		7  KV_DELETED  x/mine        5  gone
		6  KV_DELETED  default/mine  5  gone
		5  NODE_DEAD   n1            0  gone
	END
	fails 3 gcs kv put k v --owner N1 <<<'gcs: kv put: the owner N1 has ended'
	fails 1 gcs kv put k v --owner n9 <<<"gcs: kv put: --owner: no record matches 'n9'"
	fails 2 gcs kv put k v --owner kv/default/other <<<'gcs: kv put: --owner: a kv owns nothing'
}

@test "list: a prefix, a namespace, and the values where they are asked for" {
	gcs batch <<-'END'
		kv put a/1 one
		kv put a/2 two
		kv put b 3
		kv put -N other a/1 x
	END
	printf '\377' | gcs kv put c
	same keys --prefix a/ <<-'END'
		default  a/1  3
		default  a/2  3
	END
	same keys -N other --prefix a <<<'other  a/1  1'
	same gcs kv list --values -o json -c key,value <<-'END'
		{"v":1,"seq":5,"items":[{"key":"a/1","value":"one"},{"key":"a/2","value":"two"},{"key":"b","value":"3"},{"key":"c","value_base64":"/w=="},{"key":"a/1","value":"x"}]}
	END
	same gcs kv list --values -o tsv -c key,value --no-headers -N default --prefix a <<-'END'
		a/1	one
		a/2	two
	END
}

@test "show: all about a key, and under json the value too" {
	gcs node register n1
	printf 'line\n' | gcs kv put k --owner n1 --ttl 1h
	same gcs kv show k <<-'END'
		namespace  default
		key        k
		size       5
		crc32c     1656543573
		born       2
		rev        2
		created    2026-01-01T00:00:00.000Z
		updated    2026-01-01T00:00:00.000Z
		value_rev  2
		expires    2026-01-01T01:00:00.000Z
		owner      N1
		value      line\n
	END
	json='{"v":1,"seq":2,"items":[{"namespace":"default","key":"k","size":5,"crc32c":1656543573,"born":2,"rev":2,'
	json+='"created_ms":1767225600000,"updated_ms":1767225600000,"value_rev":2,"expires_ms":1767229200000,"owner":"N1",'
	json+='"value":"line\n"}]}'
	same gcs kv show k -o json <<<"$json"
	same gcs kv get k -o json <<<"$json"
	gcs kv put -N other k v
	same gcs kv show other/k -o 'fmt=%{namespace} %{key} %{value}\n' <<<'other k v'
	same gcs kv show other/k default/k -o 'fmt=%{value}|' < <(printf 'v|line\n|')
	fails 1 gcs kv show nope
}
