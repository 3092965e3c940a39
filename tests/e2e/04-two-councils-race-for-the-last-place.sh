#!/usr/bin/env bash
# Two councils decide for the last place at the same moment: one gets it, the other is told
# when it was taken and nothing about whom for, and goes on with another offer. Ten times,
# so that either may win.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
household alder $SALFORD 'M6 5' 1 1
vacancy alder "$household"
last=$made last_household=$household
followed requests foster
followed matching foster

asking() { # <council>: a request with two offers, the last place first
	submit "$1"
	act "$1" request circulate "$request" "$last" "$adjoining" --minutes 60
	offer alder "$request" "$adjoining"
	local second=$offer
	offer alder "$request" "$last"
	eval "$1_request=$request $1_first=$offer $1_second=$second"
}

wins=''
for round in 1 2 3 4 5 6 7 8 9 10; do
	asking manchester
	asking salford
	# shellcheck disable=SC2154 # set by asking
	"$BIN/rccctl" --key keys/manchester.key request decide "$manchester_request" \
		"$manchester_first" --reason 'best meets needs' >log/manchester 2>&1 &
	one=$!
	# shellcheck disable=SC2154
	"$BIN/rccctl" --key keys/salford.key request decide "$salford_request" \
		"$salford_first" --reason 'best meets needs' >log/salford 2>&1 &
	two=$!
	wait $one || fail 'the decision of manchester recorded'
	wait $two || fail 'the decision of salford recorded'

	# Both have heard from the owner when neither is decided any more.
	for council in manchester salford; do
		name=${council}_request
		for ((i = 0; i < 400; i++)); do
			ask $council request.state request show "${!name}"
			[ "$said" = decided ] || break
			sleep 0.05
		done
		eval "${council}_state=$said"
	done
	# shellcheck disable=SC2154
	case $manchester_state,$salford_state in
	held,circulated) winner=manchester loser=salford ;;
	circulated,held) winner=salford loser=manchester ;;
	*) fail "one held and one back in circulation, not $manchester_state,$salford_state" ;;
	esac
	wins+="$winner "

	name=${loser}_request request=${!name}
	ask $loser request.journeys[0].refused_sentence request show "$request"
	[[ $said =~ (^|[^[:alnum:]])taken\ at\ ([01][0-9]|2[0-3]):[0-5][0-9] ]] ||
		fail 'a sentence with the time at which the place was taken'
	name=${winner}_request
	[[ $said != *"${winner^}"* && $said != *"${!name}"* ]] || fail 'no word of the other'
	ask alder places.held call foster.household "{\"household_id\": \"$last_household\"}"
	same 'places held' 1 "$said"
	[ "$round" = 10 ] || for council in manchester salford; do
		name=${council}_request
		act $council request withdraw "${!name}" --reason 'entered in error'
	done
	[ "$round" = 10 ] || until_is 1 alder places.free call foster.household \
		"{\"household_id\": \"$last_household\"}"
done
tell "won by $wins"

tell 'the other goes on with another offer; its lost one no longer stands'
name=${loser}_first
refused "$loser" 161 offer_id 'no longer stands' request decide "$request" "${!name}" \
	--reason 'best meets needs'
name=${loser}_second
act "$loser" request decide "$request" "${!name}" --reason 'only offer'
is_state held "$loser" "$request"
