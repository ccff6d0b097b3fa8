# What tests on a terminal share (`load terminal`, after lib): an interactive shell on a terminal of its own, in the
# current directory, and keys that are typed at it.
#
# shellcheck shell=bash disable=SC2154

# shell [COLUMNS ROWS]: reads what is typed by now. Its process is $terminal; its terminal's name is in tty, the modes the
# terminal has under it in modes, and all that is shown in typescript.
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
	# shellcheck disable=SC2059 # escapes in it are meant
	printf "$1" >&7
}

# shell_does COMMAND: types it and waits until the shell has done it: so it is the shell that has the terminal.
shell_does() {
	rm -f typed
	printf '%s; : >typed\n' "$1" >&7
	wait_for test -e typed
}

# shell_ends: it is told to, and does.
shell_ends() {
	type 'exit 0\n'
	ends 0 "$terminal"
	exec 7>&-
}

# in_front PID: its process group is in the foreground of its terminal.
in_front() {
	local stat
	read -r stat <"/proc/$1/stat"
	# shellcheck disable=SC2086 # the fields behind the name: state, parent, group, session, terminal, group in front
	set -- ${stat##*) }
	[ "$3" = "$6" ]
}
