#!/usr/bin/env bash
# The Nth call fails: a service lives through a short journey on a machine of which one
# call fails, then another, until it meets none. `nth.sh SERVICE` tries them all;
# AT='foster write EIO 7' one. FULL=1 leaves out no N.
#
# Each time the service carries on, answers a fault, or ends with one sentence; a caller
# hears no wrong answer. Afterwards everything acknowledged is still there.
# shellcheck source=tests/faults/lib.sh
. "$(dirname "$0")/lib.sh"

victim=${AT:+${AT%% *}}
victim=${victim:-${1:?the service}}
PART=nth
POINTS=${POINTS:-14} # of N, where there are more
# Kind, error, how many calls from the Nth on (0: all; a disk that is full stays so).
SERIES=(
	'write EIO 1' 'write ENOSPC 0' 'write SHORT 1' 'write EINTR 1' 'flush EIO 1'
	'alloc ENOMEM 1' 'alloc ENOMEM 0'
	'socket EINTR 1' 'socket EAGAIN 1' 'socket EMFILE 0' 'socket ENOMEM 1'
	'socket ENOBUFS 1' 'socket ECONNRESET 1' 'socket EADDRINUSE 1'
	'file EMFILE 0' 'file EIO 1' 'file ENOMEM 1' 'file EACCES 1' 'file EINTR 1' 'file ENOLCK 1'
)

closures=() withdrawals=() # what a journey that broke has left behind

# --- journeys: what touches each service -------------------------------------------------

journey_members() {
	attempt administrator call members.register_person "{\"name\": \"Someone called $RANDOM\",
		\"public_key\": \"$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')\", \"grants\":
		[{\"role\": \"commissioner\", \"organisation_id\": \"$WIGAN\", \"from_day\": \"$TODAY\"}]}"
	attempt administrator call members.register_person '{"name": ""}'
	expect alder 'Alder Fostering (invented)' call members.providers '{}'
}

journey_foster() {
	attempt alder vacancy confirm "$adjoining"
	attempt birch vacancy confirm "$adjoining"
	place
	expect alder "$adjoining_household" vacancy show "$adjoining_household"
}

journey_requests() {
	place
	ask_once manchester request list --field 'requests[].request_id'
}

journey_residential() {
	attempt cedar bed close "$home" --beds 1 --reason repairs --from today --field id
	[ "$code" != 0 ] || closures+=("$said")
	if [ ${#closures[@]} -gt 0 ]; then
		attempt cedar bed reopen "${closures[-1]}"
		[ "$code" = 1 ] || unset 'closures[-1]'
	fi
	attempt cedar vacancy confirm "$home_vacancy"
	expect cedar 6 home show "$home" --field beds.registered
}

journey_matching() {
	attempt alder vacancy confirm "$adjoining"
	expect manchester "$shortlist" request shortlist "$standing" --field 'candidates[].vacancy_id'
}

journey_observatory() {
	attempt alder vacancy confirm "$adjoining"
	ask_once officer sufficiency --field 'lines[].figures[].count'
	[ $code != 0 ] || [ "$said" = "$sufficiency" ] || bad "a wrong answer: $said"
}

ask_page() { # <path> [seconds]: sets said and code; a page is whole, or there is none
	code=0
	said=$(curl -sS --max-time "${2:-$ANSWER_S}" -w '%{http_code}' "http://127.0.0.1:$port$1" 2>&1) || code=1
	[ $code = 0 ] || return 0
	case $1,$said in
	/health,'{'*'}'*200 | /health,'{'*'}'*503) [ "$(grep -c '"up": ' <<<"$said")" = 6 ] || bad "a wrong page: $said" ;;
	/metrics,*rcc_*200) ;;
	*500) ;; # it says that it could not be written
	*) bad "a wrong page: $said" ;;
	esac
}

journey_gateway() {
	ask_page /metrics
	ask_page /health
}

# A need, an offer, a decision, a hold; then the council takes it back.
place() {
	attempt manchester request submit --emergency "${NEED[@]}" "${CHILD[@]}" --field request_id
	[ $code = 0 ] || return 0
	local request=$said
	attempt manchester request circulate "$request" "$adjoining" --minutes 60
	attempt alder offer make "$request" "$adjoining" --fee 800 --start today --field id
	[ $code != 0 ] || attempt manchester request decide "$request" "$said" --reason 'best meets needs'
	withdrawals+=("$request")
	attempt manchester request withdraw "$request" --reason 'no longer needed'
	[ "$code" = 1 ] || unset 'withdrawals[-1]'
	expect manchester "$request" request show "$request" --field request.request_id
}

expect() { # <key> <answer> <words...>: a question with one right answer, or none
	local key=$1 right=$2
	ask_once "$key" "${@:3}"
	[ $code != 0 ] || [[ $said == *"$right"* ]] || bad "a wrong answer to ${*:3}: $said"
}

ask_health() { # <seconds>
	if [ "$victim" = gateway ]; then
		ask_page /health "$1"
	else
		ANSWER_S=$1 ask_once administrator call "$victim.health" '{}'
	fi
}

# Whoever asks earlier makes it look at its sockets more often.
await() {
	local i
	for ((i = 0; i < 200; i++)); do
		is_up "$victim" || return 0
		[[ $(<"log/$victim.log") != *ev=service.ready* ]] || return 0
		sleep 0.01
	done
}

# --- one N, and all of them ----------------------------------------------------------------

try_one() { # <kind> <error> <many> <nth>: sets calls and struck
	case="$victim $1 $2 $4"
	[ -z "${ALOUD:-}" ] || echo "  $case" >&2
	fault "$1" "$2" "$4" "$3"
	start_victim "${fault_environment[@]}"
	await
	ask_health $ANSWER_S
	[ "$code" = 1 ] || "journey_$victim"
	# Of one failed call nobody is left deaf.
	if [ "$3" = 1 ] && is_up "$victim"; then
		ask_health $MUTE_S
		# The one failure may have met this very question: whoever asks again is answered.
		[ "$code" = 0 ] || ! is_up "$victim" || ask_health $MUTE_S
		[ "$code" = 0 ] || ! is_up "$victim" || bad "alive, and does not answer: $said"
	fi
	bury "$1"
	told
	[ "$struck" = 0 ] || count injected # a case, however often it tried again
}

points() { # <calls>: which N, rising
	local calls=$1 i last=0 at
	if [ -n "${FULL:-}" ] || [ "$calls" -le "$POINTS" ]; then
		seq 1 "$calls"
		return
	fi
	for ((i = 0; i < POINTS; i++)); do
		at=$((1 + (i * calls + RANDOM % calls) / POINTS))
		[ $at -le $last ] || echo $at
		last=$at
	done
}

recover() { # the same store on a sound machine: nothing acknowledged is lost
	local victim_log=log/$victim.recovered
	[ "$victim" != gateway ] || return 0
	"$BIN/rcc-$victim" --config "config/$victim.conf" >>"$victim_log" 2>&1 &
	pids[$victim]=$!
	up "$victim"
	check_ledger
	check_store "$victim"
	stop "$victim"
}

series() { # <kind> <error> <many>
	local nth total tried=0 met=0
	ended=0 aborted=0
	try_one "$@" 0
	total=$calls
	[ "$total" -gt 0 ] || return 0
	for nth in $(points "$total"); do
		try_one "$@" "$nth"
		tried=$((tried + 1)) met=$((met + (struck > 0)))
	done
	# Until a run passes untouched: the last may have been one call shorter.
	for ((nth = total + 1; struck > 0 && nth < total + 200; nth += 1 + total / 20)); do
		try_one "$@" "$nth"
		tried=$((tried + 1)) met=$((met + (struck > 0)))
	done
	recover
	printf '  %-12s %-6s %-10s %5s calls, %3s N tried, %3s met, %3s ended by a sentence, %3s by libzmq\n' \
		"$victim" "$1" "$2" "$total" "$tried" "$met" "$ended" "$aborted"
}

sound() { # sets up what the journey needs
	open_region
	case $victim in
	residential)
		open_homes
		home cedar $SALFORD 'M6 5' SC100200 6 5
		beds_for cedar "$home" 10-15
		home_vacancy=$made
		;;
	matching)
		submit manchester
		standing=$request
		ask manchester 'candidates[].vacancy_id' request shortlist "$standing"
		shortlist=$said
		;;
	observatory)
		followed observatory foster
		followed observatory requests
		ask officer 'lines[].figures[].count' sufficiency
		sufficiency=$said
		;;
	gateway)
		port=$((20000 + $$ % 10000))
		while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
		printf '[service]\npeers = peers.conf\nkey = keys/rcc-gateway.key\noption = 127.0.0.1:%s\n' \
			"$port" >config/gateway.conf
		return
		;;
	esac
	stop "$victim"
}

sound
ended=0 aborted=0
if [ -n "$AT" ]; then
	read -r _ kind error nth <<<"$AT"
	for one in "${SERIES[@]}"; do
		read -r k e many <<<"$one"
		[ "$k $e" != "$kind $error" ] || try_one "$kind" "$error" "$many" "$nth"
	done
	echo "calls $calls, failed $struck; its log:"
	tail -n 5 "log/$victim.log"
	recover
else
	for one in "${SERIES[@]}"; do
		# shellcheck disable=SC2086 # three words
		series $one
	done
fi
# What was promised meanwhile is not promised for ever.
if [[ $victim == foster || $victim == requests ]]; then
	case="$victim afterwards"
	start "$victim"
	up "$victim"
	for request in "${withdrawals[@]}"; do
		attempt manchester request withdraw "$request" --reason 'no longer needed'
	done
	check_ledger
	until_is 0 administrator owed_calls call requests.health '{}'
	until_is 3 alder places.free call foster.household \
		"{\"household_id\": \"$adjoining_household\"}"
fi
[ $bads = 0 ]
