#!/usr/bin/env bash
# Three siblings are chosen for two homes, and one of the homes is lost before they have
# moved in. What was held for the others is given back, its offer stands, and the council is
# shown what it may choose from; the machine chooses nothing. Then the council chooses anew
# and they move in. At each step a service is killed with -9 and started again: nothing is
# held for nobody, nothing is confirmed by half. SEED= chooses the moments.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
open_homes
SEED=${SEED:-$RANDOM}
RANDOM=$SEED
tell "SEED=$SEED"
home cedar $SALFORD 'M6 5' SC100200 4 3
first_home=$home
beds_for cedar "$home" 10-15
larch=$made
home cedar $SALFORD 'M6 5' SC100201 4 3
second_home=$home
beds_for cedar "$home" 10-15
elm=$made
followed requests residential
followed matching residential
KILLED=(requests foster residential matching members observatory)
kills=0

restless() { # <command...>: while it runs one service, and the next time another, dies
	local victim=${KILLED[kills % ${#KILLED[@]}]} status=0
	"$@" &
	local asker=$!
	sleep "0.00$((RANDOM % 6))$((RANDOM % 10))"
	crash "$victim"
	kills=$((kills + 1))
	start "$victim"
	wait $asker || status=$?
	return $status
}

act() { # in its place
	local id
	id=$("$BIN/rccctl" id new)
	restless "$BIN/rccctl" --key "keys/$1.key" "${@:2}" --id "$id" >log/said 2>&1 ||
		fail "yes to: ${*:2}; said: $(<log/said)"
	said=$(<log/said)
}

held_by_nobody() { # all that was held is given back
	until_is 0 team places.held call foster.household "{\"household_id\": \"$near_household\"}"
	until_is 0 cedar beds.held home show "$first_home"
	until_is 0 administrator owed_calls call requests.health '{}'
}

decide() {
	act manchester request decide "$request" "$sisters" "$brother" \
		--reason 'best meets needs' --split-reason 'no home for all'
	is_state held manchester "$request"
}

broken() { # <words of the reason> <offers that stand> <how that is shown>
	is_state circulated manchester "$request"
	held_by_nobody
	ask manchester request.broken.sentence request show "$request"
	[[ $said == *"$1"* ]] || fail "'$1', said of the home that was lost"
	ask manchester 'request.splits[].parts[].offer_ids[]' request show "$request"
	same 'what stands' "$2" "$(paste -sd' ' <<<"$said")"
	ok manchester request show "$request"
	[[ $said == *'One of the homes was lost'*"$3"* ]] || fail 'the permitted split, with what stands'
}

tell 'three siblings, two offers, both held; the first says yes'
act manchester request submit --emergency "${NEED[@]}" --siblings --may-split 'A,B/C' \
	--child age=5,sex=female --child age=8,sex=female \
	--child age=14,sex=male,needs=physical-aggression:high --field request_id
request=$said
act manchester request circulate "$request" "$near" "$larch" "$elm" --minutes 60
offer team "$request" "$near" A,B
sisters=$offer
offer cedar "$request" "$larch" C
brother=$offer
decide
act team offer confirm "$sisters"

tell 'the home declines after all: what was held for the sisters is given back'
act cedar offer decline "$request" --reason 'staffing gap'
broken 'declined after the decision' "$sisters" "Not yet       A and B: offer $sisters; C: nothing offered yet"

tell 'chosen anew, with its other home: that one says yes, and now the household declines'
offer cedar "$request" "$elm" C
brother=$offer
decide
act cedar offer confirm "$brother"
act team offer decline "$request" --reason 'carer declined'
broken 'declined after the decision' "$brother" "Not yet       A and B: nothing offered yet; C: offer $brother"
elms=$brother

tell 'chosen anew, and the beds were sold outside meanwhile: one is held, the other is not'
offer team "$request" "$near" A,B
sisters=$offer
offer cedar "$request" "$larch" C
brother=$offer
for age in 13 14 15; do
	act cedar home occupant "$first_home" --kind 'placed outside' --age $age --sex male \
		--from "$TODAY"
done
act manchester request decide "$request" "$sisters" "$brother" \
	--reason 'best meets needs' --split-reason 'no home for all'
broken 'no bed left' "$sisters $elms" "Can be chosen A and B: offer $sisters; C: offer $elms"

tell 'chosen anew, of what stands: they are held, confirmed and move in together'
brother=$elms
decide
act team offer confirm "$sisters"
act cedar offer confirm "$brother"
is_state confirmed manchester "$request"
ask manchester 'request.journeys[].approver' request show "$request"
same 'who approves' 'none nominated_officer' "$(paste -sd' ' <<<"$said")"
ask manchester 'request.journeys[].placement_id' request show "$request"
act manchester-officer request approve "$request" --placement "$(tail -n 1 <<<"$said")" "${GROUNDS[@]}"
act manchester request start "$request" --day today
is_state started manchester "$request"
ask manchester 'request.journeys[].state' request show "$request"
same 'the state of each part' 'started started' "$(paste -sd' ' <<<"$said")"
ask team places.filled call foster.household "{\"household_id\": \"$near_household\"}"
same 'places filled by the sisters' 2 "$said"
beds cedar "$first_home" 4 3 3 0 0 0 0
beds cedar "$second_home" 4 3 1 0 0 0 2
held_by_nobody
outcome "$team" chosen
outcome "$cedar" chosen
tell "$kills kills"

tell 'each break was told once, and each hold ended once'
stop "${SERVICES[@]}"
entries() { # <service> <type>: how many
	"$BIN/rccctl" journal show --store "store/$1" --type "$2" --json | wc -l
}
same 'decisions on a part' 8 "$(entries requests placement_decided)"
same 'groups that broke' 3 "$(entries requests group_broken)"
same 'holds of the household' 4 "$(entries foster hold_granted)"
same 'of them given back' 3 "$(entries foster hold_released)"
same 'holds of the homes' 3 "$(entries residential hold_granted)"
same 'of them given back' 2 "$(entries residential hold_released)"
for name in "${SERVICES[@]}"; do
	"$BIN/rccctl" journal verify --store "store/$name" >log/said || fail "journal of $name"
done
