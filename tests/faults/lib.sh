#!/usr/bin/env bash
# What the parts of `make faults` share: the small region of the stories, a service that
# runs on a failing machine, a ledger of what was acknowledged, and what counts as bad.
#
# A part stands in a folder of its own like a story ($RUN). What it counts it adds to the
# file $TOTALS: lines of 'injected 1', 'kills 1', 'acknowledged 3', 'lost 1', 'bad 1'.
# AT= names the one case to run again; SEED= chooses what chance chooses.

here=$(dirname "${BASH_SOURCE[0]}")
TOTALS=$(realpath -m "${TOTALS:-/dev/null}")
# shellcheck source=tests/e2e/lib.sh
. "$here/../e2e/lib.sh"

SEED=${SEED:-$RANDOM}
RANDOM=$SEED
FAULTS=$BIN/faults.so
ANSWER_S=3 # what a caller waits
# shellcheck disable=SC2034
MUTE_S=15 # a connection that failed to send is noticed by the heartbeat after 6 s
HANG_S=12 # what nobody waits
PART=${PART:-$(basename "$0" .sh)}
AT=${AT:-}
victim='' # the service that faults happen to
case='' # what is being tried, for `bad`
bads=0

count() { # <word> [number]
	printf '%s %s\n' "$1" "${2:-1}" >>"$TOTALS"
}

bad() { # <what broke>
	bads=$((bads + 1))
	count bad
	{
		printf 'BAD  %s %s: %s\n' "$PART" "$case" "$*"
		if [ -n "$victim" ] && [ -s "log/$victim.log" ]; then
			echo "     $victim's last words:"
			tail -n 4 "log/$victim.log" | sed 's/^/       /'
		fi
		printf "     again: make faults ONLY=%s AT='%s' SEED=%s\n" "$PART" "$case" "$SEED"
	} >&2
}

# A part that cannot go on is bad itself.
fail() { # <what was expected>
	bad "expected: $*; rccctl had left with $code and said: $said"
	exit 1
}

# --- a service on a failing machine ----------------------------------------------------

# shellcheck disable=SC2034
fault() { # <kind> <error> <nth> <many>: what $victim's next life is to meet
	fault_environment=(FAULTS_KIND="$1" FAULTS_ERRNO="$2" FAULTS_NTH="$3" FAULTS_MANY="$4"
		FAULTS_TELL="$RUN/tell")
	head -c 16 /dev/zero >tell
}

start_victim() { # [environment...]: in its own log, with faults.so beneath it
	: >"log/$victim.log"
	env "$@" LD_PRELOAD="$FAULTS" "$BIN/rcc-$victim" --config "config/$victim.conf" \
		>>"log/$victim.log" 2>&1 &
	pids[$victim]=$!
}

is_up() { # <service>: as a process
	[ -n "${pids[$1]:-}" ] && kill -0 "${pids[$1]}" 2>/dev/null
}

# shellcheck disable=SC2034
told() { # sets calls and struck: what faults.so counted
	local numbers
	numbers=$(od -An -td8 tell)
	read -r calls struck <<<"${numbers//$'\n'/ }"
}

# Ends the victim (asks it, where it lives) and judges how it went. It may leave with 0;
# with 1 and one sentence; or by libzmq's abort where memory or descriptors ran out.
bury() { # <kind>
	local pid=${pids[$victim]} status=0 i
	if is_up "$victim"; then
		kill -TERM "$pid" 2>/dev/null || true
		for ((i = 0; i < HANG_S * 50; i++)); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.02
		done
		if kill -0 "$pid" 2>/dev/null; then
			kill -KILL "$pid"
			bad 'it did not stop when asked to'
		fi
	fi
	wait "$pid" 2>/dev/null || status=$?
	unset "pids[$victim]"
	judge_end "$1" "$status"
}

# Where a resource is exhausted libzmq aborts, and so does C++ beneath it, with words of
# their own. Without memory OpenPGM beneath libzmq aborts, or glibc which it asks for a
# protocol, and these have no memory for words; nor does glibc look at what it was refused.
# fall.c says where the process stood: there it must have been, and beneath nothing of ours.
is_theirs() { # <kind> <status> <what it said>
	local runtime='((faults|libc|libstdc\+\+|libgcc_s|libm)\.so[.0-9]* < )*'
	local words='\(src/[a-z_]+\.[ch]pp:[0-9]+\)|terminate called'
	case $1,$2 in
	alloc,134) grep -qE "^faults: signal 6 in ${runtime}libpgm-" "$3" && return ;;&
	alloc,134 | socket,134 | file,134)
		grep -qE "^faults: signal 6 in ${runtime}libzmq\\.so" "$3" && grep -qE "$words" "$3"
		;;
	alloc,139) grep -qE '^faults: signal 11 in (faults\.so < )?libc\.so\.6 < libpgm-' "$3" ;;
	*) return 1 ;;
	esac
}

judge_end() { # <kind> <status>
	local log=log/$victim.log sentences
	sentences=$(grep -cE "^rcc-$victim: .*[a-z]" "$log" || true)
	case $2 in
	0) return 0 ;;
	1)
		[ "$sentences" = 1 ] || bad "it left with 1 and $sentences sentences"
		ended=$((ended + 1))
		return 0
		;;
	134 | 139)
		if is_theirs "$1" "$2" "$log"; then
			aborted=$((aborted + 1))
			return 0
		fi
		;;
	137) return 0 ;; # killed for not stopping: said already
	esac
	bad "it left with status $2"
}

# --- a ledger ---------------------------------------------------------------------------

ledger=() # of acknowledged commands: key, id, answer, words; newest last

ask_once() { # <key> <words...>: sets said and code; given up at once when the victim is gone
	local key=$1 asker first='' i
	shift
	code=0
	if ! is_up "$victim"; then
		code=1 said='rccctl: the victim is down'
		return 0
	fi
	"$BIN/rccctl" --key "keys/$key.key" --wait "$ANSWER_S" "$@" \
		>log/said 2>&1 &
	asker=$!
	wait -n -p first "$asker" "${pids[$victim]}" || code=$?
	if [ "$first" != "$asker" ]; then # an answer sent before it died is heard all the same
		for ((i = 0; i < 5; i++)); do
			kill -0 "$asker" 2>/dev/null || break
			sleep 0.02
		done
		kill -KILL "$asker" 2>/dev/null || true
		code=0
		wait "$asker" 2>/dev/null || code=$?
		[ "$code" != 137 ] || code=1
	fi
	said=$(<log/said)
	case $code in
	0 | 3) ;;
	1)
		[ "$first" != "$asker" ] || [[ $said == 'rccctl: '* ]] ||
			bad "a caller was told: $said"
		;;
	*) bad "a caller (${*:1:3}) left with $code: $said" ;;
	esac
}

attempt() { # <key> <words...>: a command; acknowledged, it stands in the ledger
	local id
	id=$("$BIN/rccctl" id new)
	ask_once "$@" --id "$id"
	case $code in
	0 | 3) ledger+=("$1 $id $code $(printf '%q ' "$said" "${@:2}")") ;;
	esac
}

# Everything acknowledged since the last time hears the same answer again.
check_ledger() {
	local entry key id was words again first
	for entry in "${ledger[@]}"; do
		read -r key id was words <<<"$entry"
		eval "again=($words)"
		first=${again[0]}
		rcc "$key" "${again[@]:1}" --id "$id"
		count acknowledged
		if [ "$code" != "$was" ] || [ "$said" != "$first" ]; then
			count lost
			bad "acknowledged and lost: ${again[*]:1} with id $id: then $was: $first; now $code: $said"
		fi
	done
	ledger=()
}

check_store() { # <service>: its journal holds, its tables are what it makes
	local said status=0
	said=$(TMPDIR=$RUN "$BIN/rccctl" journal verify "store/$1" --tables 2>&1) || status=$?
	[ $status = 0 ] || bad "journal verify --tables of $1 left with $status: $said"
}
