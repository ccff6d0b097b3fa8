# Pages and README: every command has a page, what the tables know is what the pages say, and what an example shows is
# what happens.

load lib

setup_file() {
	export PAGES=$BATS_FILE_TMPDIR/man
	sh "$root/docs/weave" "$GCS_BIN" "$PAGES"
}

commands() {
	"$GCS_BIN" __pages | cut -f 1
}

# page COMMAND: the file that shows it, past the pages that only lead there.
page() {
	local file=$PAGES/gcs-${1// /-}.1 line
	read -r line <"$file"
	case $line in
	'.so man1/'*) file=$PAGES/${line#.so man1/} ;;
	esac
	echo "$file"
}

# section FILE NAME: its lines.
section() {
	awk -v name=".Sh $2" '/^\.Sh / { inside = $0 == name; next } inside' "$1"
}

@test "every command has a page" {
	while read -r command; do
		[ -s "$(page "$command")" ]
	done < <(commands)
}

@test "no page is without a command" {
	for file in "$PAGES"/gcs-*.1; do
		name=$(basename "$file" .1)
		if ! commands | tr ' ' - | grep -qx -- "${name#gcs-}"; then
			echo "$file: no such command" >&2
			return 1
		fi
	done
	ls "$PAGES"/*.5 "$PAGES"/*.7 | xargs -n 1 basename | sort >"$BATS_TEST_TMPDIR/others"
	diff -u - "$BATS_TEST_TMPDIR/others" <<-'EOF'
		gcs-model.7
		gcs-records.7
		gcs-state.5
	EOF
}

@test "a page is named after its command, and says what help says" {
	while IFS=$'\t' read -r command help; do
		file=$(page "$command")
		section "$file" NAME | grep -qE "^\.Nm gcs-${command// /-}( ,)?$"
		case $help in
		*'(the same as '*) ;;
		*) section "$file" NAME | grep -qxF -- ".Nd $help" ;;
		esac
	done < <("$GCS_BIN" __pages)
}

@test "SYNOPSIS and OPTIONS are those of the tables" {
	while read -r command; do
		file=$(page "$command")
		name=${file##*/gcs-} name=${name%.1}
		# Of a page for several names, the one it is called after.
		[ "$name" = "${command// /-}" ] || continue
		# shellcheck disable=SC2086 # one word or two
		"$GCS_BIN" __pages synopsis $command | diff -u - <(section "$file" SYNOPSIS)
		# shellcheck disable=SC2086
		"$GCS_BIN" __pages options $command >"$BATS_TEST_TMPDIR/options"
		section "$file" OPTIONS | head -n "$(wc -l <"$BATS_TEST_TMPDIR/options")" |
			diff -u "$BATS_TEST_TMPDIR/options" -
		section "$file" OPTIONS | tail -n 2 | diff -u <(printf 'Options that all commands have are in\n.Xr gcs 1 .\n') -
	done < <(commands)
	section "$PAGES/gcs.1" OPTIONS | sed '/^\.Ss Options of changes$/,$d' | diff -u <("$GCS_BIN" __pages options) -
}

@test "commands on one page take the same options and operands" {
	for file in "$PAGES"/gcs-*.1; do
		grep -q '^\.so ' "$file" || continue
		other=$(basename "$file" .1) other=${other#gcs-}
		page=$(page "$other") main=${page##*/gcs-} main=${main%.1}
		command=$(commands | while read -r c; do [ "${c// /-}" != "$other" ] || echo "$c"; done)
		# shellcheck disable=SC2086
		diff -u <("$GCS_BIN" __pages options $main) <("$GCS_BIN" __pages options $command)
		# shellcheck disable=SC2086
		diff -u <("$GCS_BIN" __pages synopsis $main | tail -n +3) <("$GCS_BIN" __pages synopsis $command | tail -n +3)
	done
}

@test "gcs(1) lists the commands of the table, in its order, and every page named anywhere is there" {
	"$GCS_BIN" __pages | grep -v '(the same as ' | cut -f 1 | tr ' ' - | sed 's/.*/.It Xr gcs-& 1/' |
		diff -u - <(grep '^\.It Xr gcs-' "$PAGES/gcs.1")
	grep -h '^\.Xr gcs' "$PAGES"/* | while read -r _ name number _; do
		[ -e "$PAGES/$name.$number" ] || { echo "no page $name($number)" >&2; exit 1; }
	done
}

@test "what was asked of the program is there: records, words, exit codes, settings" {
	for rec in node drain death lock kv config event by transaction job task worker after array ending actor pg lease; do
		"$GCS_BIN" explain -o tsv "$rec" | cut -f 1 | while read -r field; do
			grep -qxF ".It Cm $field" "$PAGES/gcs-records.7"
		done
	done
	for words in lock.mode event.type event.kind node.state death.reason drain.purpose setting actor.state ending.reason pg.state job.state task.state worker.state exit.type after.how; do
		"$GCS_BIN" explain -o tsv "$words" | cut -f 1 | while read -r word; do
			grep -qxF ".It Cm $word" "$PAGES/gcs-model.7"
		done
	done
	"$GCS_BIN" explain -o tsv exit | cut -f 1 | while read -r code; do
		grep -qxF ".It $code" "$PAGES/gcs.1"
	done
	! grep -n '^@' "$PAGES"/*
}

@test "the pages are well-formed" {
	command -v mandoc || skip "no mandoc here"
	for file in "$PAGES"/*; do
		read -r line <"$file"
		case $line in
		.so*) [ -s "$PAGES/${line#.so man1/}" ] ;;
		*) mandoc -Tlint -W warning "$file" >&2 ;;
		esac
	done
}

@test "every page has a description, examples where something can be shown, and leads on" {
	for file in "$PAGES"/*; do
		! grep -q '^\.so ' "$file" || continue
		[ -n "$(section "$file" DESCRIPTION)" ]
		section "$file" 'SEE ALSO' | grep -q '^\.Xr '
		case $file in
		*.1) section "$file" EXAMPLES | grep -q '^\$ ' ;;
		esac
	done
}

@test "examples of the pages: what they show is what happens" {
	for file in "$root"/docs/man/*.in; do
		# Its picture leaves out another word where the user's name is longer.
		[ ${#ME} -le 4 ] || [ "${file##*/}" != gcs-top.1.in ] || continue
		"$root/t/examples" "$file" | diff -u --label "$file" --label "what happens" "$file" - >&2
	done
}

@test "the tour of README.md: what it shows is what happens" {
	"$root/t/examples" "$root/README.md" | diff -u --label README.md --label "what happens" "$root/README.md" - >&2
}

two_users() { # what README.md shows of them
	sed -n '/^## Share the GPUs/,/^## A /p' "$root/README.md" | sed -n '/^```console$/,/^```$/p' | sed '1d; $d'
}

@test "two users and two GPUs: what README.md shows is what happens" {
	[ "$(id -u)" -eq 0 ] || skip "must be root, to be two users"
	unshare --mount --uts true 2>"$BATS_TEST_TMPDIR/refused" || skip "no namespaces"
	TMPDIR=$(mktemp -d) PACE=0 # both users must reach it
	chmod 711 "$TMPDIR"
	export TMPDIR PACE
	timeout 60 "$root/share/two-users" 3>&- >"$BATS_TEST_TMPDIR/shown"
	two_users | diff -u --label README.md --label "what happens" - "$BATS_TEST_TMPDIR/shown" >&2
	rmdir "$TMPDIR" # nothing is left
}

@test "the recording shows what README.md says in words" {
	sed -n 's/<\/text>$//; s/^<text y=[^>]*>//p' "$root/docs/two-users.svg" |
		sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | diff -u - <(two_users) >&2
}

@test "files, targets and options that documents name are there" {
	cd "$root"
	# Relative links.
	for file in README.md docs/*.md; do
		grep -o '](\([^):]*\))' "$file" | tr -d '()]' | while read -r link; do
			[ -e "$(dirname "$file")/$link" ] || { echo "$file: $link" >&2; exit 1; }
		done
	done
	# Targets of make.
	for file in README.md docs/CONTRIBUTING.md; do
		sed -n '/^```sh/,/^```$/{/^make/p;}' "$file" | sed 's/#.*//; s/&& make//g' | tr ' ' '\n' |
			grep '^[a-z][a-z-]*$' | sort -u | while read -r target; do
			[ "$target" = make ] || grep -q "^\([a-z -]* \)\?$target\( [a-z -]*\)\?:" Makefile ||
				{ echo "$file: make $target" >&2; exit 1; }
		done
	done
	[ "$(sed -n '/^## Try it/,/^## /p' README.md | grep -c '^make ')" -eq 2 ]
}

@test "gcs-state(5) has every table and what the pulse holds" {
	sed -n "s/^\tTABLE_[A-Z_]* = '\(.\)'.*/\1/p" "$root/lib/state/key.h" >"$BATS_TEST_TMPDIR/tables"
	[ -s "$BATS_TEST_TMPDIR/tables" ]
	while read -r table; do
		grep -q "^$table  " "$root/docs/man/gcs-state.5.in"
	done <"$BATS_TEST_TMPDIR/tables"

	store
	gcs clock +5s
	gcs node register n1 >"$BATS_TEST_TMPDIR/id"
	gcs node heartbeat n1 --load 1.5 --free-mem 3000
	# Slot 1: its number; the time of the beat, load and free memory.
	od -A n -t u8 -j $((128 + 4)) -N 8 "$GCS_DIR/pulse" | grep -qx ' *1'
	od -A n -t u8 -j $((128 + 28)) -N 24 -w24 "$GCS_DIR/pulse" | tr -s ' ' | diff -u <(echo " 1767225605000 15000 3000") -
}

@test "the shell scripts are sound" {
	command -v shellcheck || skip "no shellcheck here"
	shellcheck -x "$root/docs/weave" "$root/docs/record" "$root/share/demo" "$root/share/two-users" "$root/t/examples" >&2
}
