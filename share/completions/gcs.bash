# bash completion for gcs: the program itself says what may follow.
_gcs()
{
	local gcs=gcs rest=$COMP_LINE line word value at i n=-1 kind='' quote='' head='' cur tail
	local words=() plain=()
	[[ $1 == */* ]] && gcs=${1/#~\//$HOME/}
	COMPREPLY=()

	# Bash splits at = and : too; what no blank separates on the line is one word.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		line=${rest#"${rest%%[![:space:]]*}"}
		[[ $i == 0 || $line != "$rest" ]] && words[++n]=
		rest=${line#"$word"}
		at=$((${#COMP_LINE} - ${#line}))
		((i == COMP_CWORD && at + ${#word} > COMP_POINT)) &&
			word=${COMP_LINE:at:COMP_POINT > at ? COMP_POINT - at : 0}
		words[n]+=$word
	done
	for word in "${words[@]:1}"; do
		plain+=("${word//[\"\'\\]/}")
	done

	# Readline replaces only what follows the last = or :.
	[[ ${words[n]} == [\'\"]* ]] && quote=${words[n]:0:1}
	cur=${plain[n - 1]}
	tail=${2//[\"\'\\]/}
	[[ $cur == *"$tail" ]] && head=${cur:0:${#cur} - ${#tail}}

	while IFS= read -r line; do
		value=${line%%$'\t'*}
		if [[ -z $value ]]; then
			kind=${line#$'\t'}
			continue
		fi
		value=${value#"$head"}
		if [[ $quote == "'" ]]; then
			value=${value//\'/\'\\\'\'}
		elif [[ $quote ]]; then
			value=${value//\\/\\\\} value=${value//\"/\\\"}
			value=${value//\$/\\\$} value=${value//\`/\\\`}
		elif [[ $value == *[!A-Za-z0-9_./:=,@%+-]* ]]; then
			printf -v value %q "$value"
		fi
		COMPREPLY+=("$value")
	done < <("$gcs" __complete "${plain[@]}" 2>/dev/null)

	case $kind in
	file) compopt -o default ;;
	dir) compopt -o dirnames ;;
	esac
	[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=/:,.] ]] && compopt -o nospace
	return 0
}
complete -F _gcs gcs
