# Completion in the shells themselves: lines are typed into an interactive bash and zsh on a terminal, with the tab
# key, and the words that the command then gets are compared. fish is asked through `complete -C`.

load lib

# contract completion: bash

setup() {
	store
	gcs node register gpu-7 >"$BATS_TEST_TMPDIR/id"
	gcs node register m.1 >"$BATS_TEST_TMPDIR/id"
	gcs kv put "it's a key" 1
	gcs kv put 'a"b$c' 2
	gcs kv put 'back\slash *?' 3
	gcs kv put $'nasty\n$(touch pwned)' 4
	gcs kv put -N other zeta 5
	cd "$BATS_TEST_TMPDIR"
}

# typed: lines with ^ for the tab key. Each must end as the words in wanted, on the same line.
typed() {
	cat <<-'EOF'
		gcs nod^reg^
		gcs node list --no-h^
		gcs node show gp^
		gcs node show gpu-7 m^
		gcs drain g^
		gcs kv get it^
		gcs kv get a^
		gcs kv get bac^
		gcs kv get "it^
		gcs kv get -N ot^ze^
		gcs kv show oth^
		gcs is gpu-7 DR^
		gcs node list --filter state=DR^
		gcs node list --sort=-creat^
		gcs node list --columns name,sta^
		gcs log --type=NODE_DE^
		gcs -o jsonl node lis^
		gcs explain UNEX^
		gcs config quo^
		gcs kv get nast^
	EOF
}

wanted() {
	cat <<-'EOF'
		<node><register>
		<node><list><--no-headers>
		<node><show><gpu-7>
		<node><show><gpu-7><m.1>
		<drain><gpu-7>
		<kv><get><it's a key>
		<kv><get><a"b$c>
		<kv><get><back\slash *?>
		<kv><get><it's a key>
		<kv><get><-N><other><zeta>
		<kv><show><other/zeta>
		<is><gpu-7><DRAINING>
		<node><list><--filter><state=DRAINING>
		<node><list><--sort=-created_ms>
		<node><list><--columns><name,sta>
		<log><--type=NODE_DEAD>
		<-o><jsonl><node><list>
		<explain><UNEXPECTED_TERMINATION>
		<config><quota>
		<kv><get><nast>
	EOF
}

# rc: what an interactive shell starts with. The command itself only writes down its words.
rc() {
	cat <<-'EOF'
		gcs() {
			if [ "$1" = __complete ]; then "$GCS_BIN" "$@"; else { printf '<%s>' "$@"; echo; } >>words; fi
		}
		PS1='> '
	EOF
}

# on_terminal COMMAND…: types the lines at it and shows the words that came of them.
on_terminal() {
	{
		typed
		echo exit
	} | tr '^\n' '\t\r' >keys
	: >words
	timeout 60 script -qec "$*" terminal <keys >shown
	cat words
	[ ! -e pwned ]
}

@test "bash completes what is typed" {
	command -v bash && command -v script || skip "no bash or script(1) here"
	{
		rc
		echo 'source <("$GCS_BIN" completion bash)'
		echo "bind 'set bell-style none'"
	} >bashrc
	on_terminal bash --noprofile --rcfile bashrc -i >got
	diff -u <(wanted) got
}

@test "zsh completes what is typed" {
	command -v zsh && command -v script || skip "no zsh or script(1) here"
	{
		rc
		echo 'autoload -Uz compinit; compinit -u -D'
		echo 'source <("$GCS_BIN" completion zsh)'
		echo 'unsetopt beep auto_menu'
	} >.zshrc
	ZDOTDIR=$BATS_TEST_TMPDIR on_terminal zsh -i >got
	diff -u <(wanted) got
}

@test "zsh completes from a directory of functions, as installed" {
	command -v zsh && command -v script || skip "no zsh or script(1) here"
	mkdir functions
	cp "$root/share/completions/_gcs" functions/
	{
		rc
		echo 'fpath=($PWD/functions $fpath)'
		echo 'autoload -Uz compinit; compinit -u -D'
		echo 'unsetopt beep auto_menu'
	} >.zshrc
	ZDOTDIR=$BATS_TEST_TMPDIR on_terminal zsh -i >got
	diff -u <(wanted) got
}

@test "fish completes what stands on the line" {
	command -v fish || skip "no fish here"
	mkdir bin
	ln -s "$GCS_BIN" bin/gcs
	PATH=$PWD/bin:$PATH
	cat >ask <<-'EOF'
		gcs completion fish | source
		for line in $argv
			complete --escape -C $line | string replace -r '\t.*' ''
			echo .
		end
	EOF
	HOME=$PWD fish --no-config ask 'gcs nod' 'gcs node reg' 'gcs node list --no-h' 'gcs node show ' 'gcs kv get ' 'gcs kv get it' \
		'gcs kv get "it' 'gcs kv get -N ot' 'gcs kv get -N other ' 'gcs is gpu-7 D' 'gcs node list --filter state=D' \
		'gcs node list --sort=-creat' 'gcs node list -c name,sta' 'gcs log --type=NODE_DE' >got
	diff -u - got <<-'EOF'
		node
		.
		register
		.
		--no-headers
		.
		gpu-7
		m.1
		.
		a\"b\$c
		back\\slash\ \*\?
		it\'s\ a\ key
		.
		it\'s\ a\ key
		.
		"it's a key"
		.
		other
		.
		zeta
		.
		DEAD
		DRAINING
		.
		state=DEAD
		state=DRAINING
		.
		--sort=-created_ms
		.
		name,stale
		name,state
		.
		--type=NODE_DEAD
		.
	EOF
}

@test "what the program answers: nouns, verbs, options, live names, states, fields" {
	same gcs __complete n <<<$'node\t'"$(gcs __pages | sed -n 's/^node \([a-z]*\)\t.*/\1/p' | paste -s -d , | sed 's/,/, /g')"
	same gcs __complete kv e <<-'EOF'
		exists	succeed if all of these keys exist
	EOF
	same gcs __complete node fail gpu <<-'EOF'
		gpu-7	node
	EOF
	same gcs __complete drain --for '' <<-'EOF'
		removal	the node leaves for good
		preemption	the machine is taken away at the deadline
		idle	the node leaves if nothing is on it; otherwise the drain is refused
	EOF
	same gcs __complete node list -c state,na <<-'EOF'
		state,name	name, unique among living nodes
	EOF
	# Files are the shell's business.
	gcs __complete node register --from '' | diff -u <(printf '\tfile\n') -
	# Who has ended is not offered, nor what is in another namespace.
	gcs node fail gpu-7 -m gone
	same gcs __complete node show '' <<-'EOF'
		m.1	node
	EOF
	gcs __complete kv get --namespace=other '' | cut -f 1 | diff -u <(echo zeta) -
	gcs __complete kv list -N '' | cut -f 1 | diff -u <(printf '%s\n' default other) -
}

@test "records are offered as the command finds them: by name, else by id" {
	gcs batch -q >id <<-'EOF'
		node register n -r cpu=9
		actor create a1 -r cpu=1
		actor create a2 -r cpu=1 --namespace other
		actor create -r cpu=1
		actor create gone
		actor kill gone
		pg create g1 --bundle cpu=1
		job submit j1 -r cpu=1 -- true
		job submit -r cpu=1 -- true
		worker start T1 --pid 1
		resource hold n cpu=1 -m mine
	EOF
	local words what=() want found
	while IFS=: read -r words want; do
		read -ra what <<<"$words"
		found=$(gcs __complete "${what[@]}" '' | cut -f 1 | tr '\n' ' ')
		[ "${found% }" = "$want" ] || {
			echo "$words: $found, expected $want"
			return 1
		}
	done <<-'EOF'
		actor show:a1 other/a2 A3
		actor kill:a1 other/a2 A3
		actor ready:a1 other/a2 A3
		pg remove:g1
		pg show:g1
		actor create --pg:g1
		job cancel:j1 J2
		job show:j1 J2
		job wait:j1 J2
		job submit --after:j1 J2
		task submit --job:j1 J2
		task show:T1 T2
		task cancel:T1 T2
		worker exit:W1
		worker show:W1
		lease show:L1 L2 L3 L5 L6 L7 L8
		resource release:L1 L2 L3 L5 L6 L7 L8
	EOF
	# Where any record will do, each as one that is found so.
	gcs __complete why '' | cut -f 1 | grep -v ^kv/ | paste -sd ' ' >offered
	same cat offered <<<'gpu-7 m.1 n L1 L2 L3 L5 L6 L7 L8 a1 actor/other/a2 A3 g1 j1 J2 T1 T2 W1'
	gcs __complete log kv/o >offered
	same cat offered <<<$'kv/other/zeta\t'
	for words in $(gcs __complete why '' | cut -f 1 | grep -v ^kv/) kv/other/zeta; do
		gcs is "$words" exists
	done
}

@test "of another cluster, with -D; and of none there is silence" {
	gcs -q -D "$PWD/other" init
	gcs -D "$PWD/other" node register there >id
	same gcs __complete -D "$PWD/other" node show '' <<-'EOF'
		there	node
	EOF
	same gcs __complete node show --dir "$PWD/other" '' <<-'EOF'
		there	node
	EOF
	gcs __complete -D "$PWD/none" node show x >got 2>said
	[ ! -s got ]
	[ ! -s said ]
}

@test "what is printed is the file that is installed, well-formed, and there is none for other shells" {
	gcs completion bash | cmp - "$root/share/completions/gcs.bash"
	gcs completion zsh | cmp - "$root/share/completions/_gcs"
	gcs completion fish | cmp - "$root/share/completions/gcs.fish"
	bash -n "$root/share/completions/gcs.bash"
	if command -v shellcheck; then shellcheck -s bash "$root/share/completions/gcs.bash"; fi
	if command -v zsh; then zsh -n "$root/share/completions/_gcs"; fi
	if command -v fish; then fish --no-execute "$root/share/completions/gcs.fish"; fi
	fails 2 gcs completion csh <<-'EOF'
		gcs: completion: no completion for shell 'csh' (bash, zsh, fish)
	EOF
}
