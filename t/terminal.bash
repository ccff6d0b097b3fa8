# Shared by the tests on a terminal (`load terminal`, after lib): an interactive shell on its own terminal, in the current
# directory, and keys typed at it.
#
# shellcheck shell=bash disable=SC2154

# shell [COLUMNS ROWS]: starts the shell and waits until it reads keys. Its pid is $terminal; its terminal's name is in
# tty, the terminal's modes are in modes, and all output is in typescript.
shell() {
	cat >rc <<-END
		PS1='> '
		stty cols ${1:-80} rows ${2:-24}
		tty >tty
		stty -g >modes
	END
	mkfifo keys
	exec 7<>keys
	script -qefc "bash --noprofile --rcfile '$PWD/rc' -i" typescript <keys >screen 2>&1 3>&- 7>&- &
	terminal=$!
	wait_for test -s modes
}

type() {
	# shellcheck disable=SC2059 # escapes in it are intended
	printf "$1" >&7
}

# shell_does COMMAND: types it and waits until the shell has run it: then the shell has the terminal.
shell_does() {
	rm -f typed
	printf '%s; : >typed\n' "$1" >&7
	wait_for test -e typed
}

# shell_ends: tells the shell to exit, and waits for it.
shell_ends() {
	type 'exit 0\n'
	ends 0 "$terminal"
	exec 7>&-
}

# in_front PID: its process group is in the foreground of its terminal.
in_front() {
	local stat
	read -r stat <"/proc/$1/stat"
	# shellcheck disable=SC2086 # the fields after the name: state, parent, group, session, terminal, foreground group
	set -- ${stat##*) }
	[ "$3" = "$6" ]
}
