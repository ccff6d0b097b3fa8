# fish completion for gcs: the program itself says what may follow.
function __gcs_complete
	set -l gcs gcs
	set -l words (commandline -opc)
	set -l cur (commandline -ct | string replace -ra '[\'"\\\\]' '')
	string match -q '*/*' -- $words[1]
	and set gcs (string replace -r '^~' $HOME -- $words[1])
	set -e words[1]
	set -l lines ($gcs __complete $words "$cur" 2>/dev/null)
	set -l head (string match -r -- '^--[^=]*=' "$cur")
	set -l path (string replace -- "$head" '' "$cur")
	switch "$lines"
	case \tfile
		printf '%s\n' "$head"(__fish_complete_path "$path")
	case \tdir
		printf '%s\n' "$head"(__fish_complete_directories "$path")
	case ''
	case '*'
		printf '%s\n' $lines
	end
end
complete -c gcs -f -a '(__gcs_complete)'
