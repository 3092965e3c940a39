#!/usr/bin/env bash
# rccctl on a machine of which the Nth call fails: it leaves with its answer, whole, or with
# one sentence and not 0. AT='list alloc ENOMEM 7' tries one again.
# shellcheck source=tests/faults/lib.sh
. "$(dirname "$0")/lib.sh"

PART=rccctl
POINTS=${POINTS:-25}
SERIES=('alloc ENOMEM 1' 'alloc ENOMEM 0' 'socket EINTR 1' 'socket EAGAIN 1' 'socket EMFILE 0'
	'socket ENOMEM 1' 'socket ECONNRESET 1' 'file EMFILE 0' 'file EIO 1' 'file ENOMEM 1'
	'file EACCES 1' 'write EIO 1' 'write ENOSPC 0' 'write SHORT 1' 'flush EIO 1')

words_of() { # <what>: sets words and key
	case $1 in
	list) key=manchester words=(vacancy list) ;;
	confirm) key=alder words=(vacancy confirm "$adjoining" --id "$id") ;;
	verify) key=alder words=(journal verify store/foster --tables) ;;
	key) key=alder words=(keys new "new.key") ;;
	esac
}

is_right() { # <what>: is log/out?
	case $1 in
	key) ;;
	verify) # beside it stands which of the others could not be asked for what they saw
		[[ $(<log/out) == "${right%%$'\n'*}"$'\n'*"${right##*$'\n'}" ]]
		;;
	list) # members gives the names alone: not reached, it is left out, and ids stand there
		[ "$(<log/out)" = "$right" ] ||
			{ [ "$struck" -gt 0 ] && [ "$(<log/out)" = "$nameless" ]; }
		;;
	*) [ "$(<log/out)" = "$right" ] ;;
	esac
}

run_one() { # <what> <kind> <error> <many> <nth>
	case="$1 $2 $3 $5"
	rm -f new.key
	words_of "$1"
	head -c 16 /dev/zero >tell
	code=0
	TMPDIR=$RUN LD_PRELOAD=$FAULTS FAULTS_KIND=$2 FAULTS_ERRNO=$3 FAULTS_NTH=$5 FAULTS_MANY=$4 \
		FAULTS_TELL=$RUN/tell timeout -k 1 20 "$BIN/rccctl" --key "keys/$key.key" --wait 8 "${words[@]}" \
		>log/out 2>log/err || code=$?
	told
	[ "$struck" = 0 ] || count injected
	case $code in
	0) is_right "$1" || bad "a wrong answer: $(<log/out)" ;;
	1 | 4) # a sentence for each service that could not be asked
		grep -q '^rccctl: .' log/err || [ "$1" = verify ] || bad "left with $code and said nothing"
		grep -qv '^rccctl: ' log/err && bad "left with $code and said: $(<log/err)"
		;;
	134 | 139) is_theirs "$2" $code log/err || bad "left with $code: $(<log/err)" ;;
	124 | 137) bad 'it hung' ;;
	*) bad "left with $code: $(<log/err)" ;;
	esac
	if [ "$1" = key ]; then
		if [ -e new.key ] && ! grep -qE '^secret *= *[0-9a-f]{64}$' new.key; then bad 'half a key was left'; fi
		if [ $code = 0 ] && [ ! -e new.key ]; then bad 'no key, and it said so to nobody'; fi
	fi
}

series() { # <what> <kind> <error> <many>
	local total nth i at last=0
	run_one "$@" 0
	total=$calls
	for ((i = 0; i < POINTS && last < total; i++)); do
		at=$((last + 1))
		[ "$total" -le "$POINTS" ] || at=$((1 + (i * total + RANDOM % total) / POINTS))
		[ $at -gt $last ] || continue
		run_one "$@" $at
		last=$at tried=$((tried + 1))
	done
}

open_region
id=$("$BIN/rccctl" id new)
tried=0
for what in list confirm key verify; do
	words_of $what
	[ $what = key ] || right=$("$BIN/rccctl" --key "keys/$key.key" "${words[@]}") || fail "$what untouched"
	case $what in
	verify) stop foster ;;
	list)
		stop members
		nameless=$("$BIN/rccctl" --key "keys/$key.key" "${words[@]}") || fail 'list without names'
		[ "$nameless" != "$right" ] || fail 'names of providers'
		start members
		up members
		;;
	esac
	if [ -n "$AT" ]; then
		read -r only kind error nth <<<"$AT"
		for one in "${SERIES[@]}"; do
			read -r k e many <<<"$one"
			[ "$what $k $e" != "$only $kind $error" ] || run_one "$what" "$k" "$e" "$many" "$nth"
		done
		continue
	fi
	for one in "${SERIES[@]}"; do
		# shellcheck disable=SC2086 # three words
		series $what $one
	done
done
start foster
up foster
# An answer that cannot be written out is none.
case='list to a full device'
code=0
"$BIN/rccctl" --key keys/manchester.key vacancy list >/dev/full 2>log/err || code=$?
[ $code = 1 ] || bad "left with $code"
[ "$(<log/err)" = 'rccctl: the answer could not be written out' ] || bad "it said: $(<log/err)"
[ -n "$AT" ] || printf '  rccctl: %s N tried over four verbs\n' $tried
[ $bads = 0 ]
