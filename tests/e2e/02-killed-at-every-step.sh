#!/usr/bin/env bash
# Each of the four services is killed with -9 during each step of a journey, at another
# moment every time: before the command came, while it was written, before its answer was
# heard. Started again at once, it goes on, and the journey ends with each step done once.
# SEED= chooses the moments.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
SEED=${SEED:-$RANDOM}
RANDOM=$SEED
tell "SEED=$SEED"

victim='' kills=0 unwritten=0 unheard=0

act() { # in place of the library's: the victim dies while the command is on its way
	local id asker
	id=$("$BIN/rccctl" id new)
	"$BIN/rccctl" --key "keys/$1.key" "${@:2}" --id "$id" >log/said 2>&1 &
	asker=$!
	sleep "0.00$((RANDOM % 6))$((RANDOM % 10))"
	crash "$victim"
	kills=$((kills + 1))
	if [ "$victim" = requests ] && kill -0 "$asker" 2>/dev/null; then
		"$BIN/rccctl" journal show --store store/requests --json >log/entries
		if grep -q "$id" log/entries; then
			unheard=$((unheard + 1))
		else
			unwritten=$((unwritten + 1))
		fi
	fi
	start "$victim"
	code=0
	wait "$asker" || code=$?
	said=$(<log/said)
	[ "$code" = 0 ] || fail "yes to: ${*:2}, while $victim is killed"
}

requests=()
for victim in "${SERVICES[@]}"; do
	tell "$victim is killed at every step"
	submit manchester
	requests+=("$request")
	act manchester request shortlist "$request" --wait 60
	act manchester request circulate "$request" "$near" "$adjoining" --minutes 60
	act team offer decline "$request" --reason 'carer declined'
	act alder offer interest "$request"
	act manchester request open "$request" "$alder" --level L2
	offer alder "$request" "$adjoining"
	act manchester request decide "$request" "$offer" --reason 'best meets needs'
	is_state held manchester "$request"
	act alder offer confirm "$offer"
	is_state confirmed manchester "$request"
	act manchester-officer request approve "$request" "${GROUNDS[@]}"
	act manchester request open "$request" "$alder" --level L3
	act manchester request start "$request" --day today
	is_state started manchester "$request"
	outcome "$alder" chosen
	outcome "$team" declined
	act manchester request end "$request" --day today --reason 'returned home'
	is_state ended manchester "$request"
done
tell "$kills kills; of those of requests $unwritten before it had written the command,
  $unheard when it had and the answer was not yet heard"

tell 'each step was done once, and nothing is owed'
until_is 0 administrator owed_calls call requests.health '{}'
until_is 3 alder places.free call foster.household \
	"{\"household_id\": \"$adjoining_household\"}"
stop "${SERVICES[@]}"
once() { # <service> <type of event> <path of the id within it>: one entry a journey
	"$BIN/rccctl" journal show --store "store/$1" --type "$2" --json >log/entries
	same "entries $2 of $1" "$(printf '%s\n' "${requests[@]}" | sort)" \
		"$(grep -oE "\"$3\": ?\"[^\"]*\"" log/entries | cut -d'"' -f4 | sort)"
}
once requests request_circulated request_id
for type in decided approved started ended; do once requests "placement_$type" request_id; done
once requests place_held request_id
once requests offer_confirmed request_id
once requests hold_confirmed request_id
once requests place_freed request_id
once foster hold_granted request_id
once foster hold_confirmed request_id
once foster placement_ended request_id

tell 'and the journals hold'
for name in "${SERVICES[@]}"; do
	"$BIN/rccctl" journal verify --store "store/$name" >log/said || fail "journal of $name"
done
