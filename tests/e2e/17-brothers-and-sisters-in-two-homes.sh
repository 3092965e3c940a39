#!/usr/bin/env bash
# Three siblings whom no one home can take live apart in the way that was permitted: the
# sisters in a household, their brother in a children's home of another owner. Both are
# held, nothing is confirmed until both have said yes, each start waits for its approval,
# and they move in together. What officers read of need and supply moves by exactly these
# children and places, at every step; and each bidder learns of its part alone.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
open_homes
home cedar $WIGAN 'WN1 1' SC100200 4 3
beds_for cedar "$home" 10-15
larch=$made
followed requests residential
followed matching residential

figure() { # <name>: of the whole co-operative
	awk -v name="$1" '$1 == name { n = $2 } END { print n + 0 }' log/figures
}

figures() { # sets said: open waiting placed, filled free held, own adjoining distant, together apart
	local name line=''
	ask officer 'lines[0].figures[].metric' sufficiency
	grep -v '^share_\|^median_' <<<"$said" >log/names # those have no count
	ask officer 'lines[0].figures[].count' sufficiency
	paste -d' ' log/names <(echo "$said") >log/figures
	for name in open waiting placed filled free held own_area adjoining at_a_distance \
		together apart; do
		line+="$(figure $name) "
	done
	said=${line% }
}

count() { # <what happened> <the figures expected, in that order>: waits until they are
	local i
	for ((i = 0; i < 400; i++)); do
		figures
		[ "$said" != "${*:2}" ] || return 0
		sleep 0.05
	done
	same "open waiting placed, filled free held, own adjoining distant, together apart: $1" \
		"${*:2}" "$said"
}

states() { # <of each part, in one line>
	ask manchester 'request.journeys[].state' request show "$request"
	same 'the state of each part' "$*" "$(paste -sd' ' <<<"$said")"
}

part() { # <letters> <vacancies expected>: on the shortlist for these children
	ask manchester 'candidates[].vacancy_id' request shortlist "$request" --children "$1"
	same "the shortlist for $1" "$2" "$(paste -sd' ' <<<"$said")"
}

tell 'the figures before: nobody is sought for; seven places in households, three beds'
count before 0 0 0  0 10 0  0 0 0  0 0
cp log/figures log/before

tell 'three siblings, and how they may live apart'
act manchester request submit --emergency "${NEED[@]}" --siblings --may-split 'A,B/C' \
	--child age=5,sex=female --child age=8,sex=female \
	--child age=14,sex=male,needs=physical-aggression:high --field request_id
request=$said
count submitted 3 0 0  0 10 0  0 0 0  0 0

tell 'no home for all, and why; then each part for itself'
followed matching requests
ask manchester suitable request shortlist "$request"
same 'homes for all three' 0 "$said"
ask manchester 'waterfall[].removed' request shortlist "$request"
same 'vacancies removed, each counted once' 4 "$(awk '{ n += $1 } END { print n }' <<<"$said")"
ok manchester request why "$request" "$near"
[[ $said == *'not enough places'* ]] || fail 'too few places for all in the near household'
ok manchester request why "$request" "$larch"
[[ $said == *'age outside approval'* ]] || fail 'the home is not for the ages of the sisters'
part A,B "$near $adjoining $distant"
part C "$larch"

tell 'circulation, and an offer for each part; what is for nobody is refused'
act manchester request circulate "$request" "$near" "$larch" --minutes 60
count circulated 0 3 0  0 10 0  0 0 0  0 0
refused team 198 child_refs 'one part of a split' \
	offer make "$request" "$near" --children B,C --fee 800 --start today
offer team "$request" "$near" A,B
sisters=$offer
refused manchester 201 further_offer_ids 'not for every child' \
	request decide "$request" "$sisters" --reason 'only offer'
offer cedar "$request" "$larch" C
brother=$offer
refused manchester 203 split_reason 'Say why' \
	request decide "$request" "$sisters" "$brother" --reason 'best meets needs'

tell 'the decision: both owners hold, and three places are nobody else'"'"'s'
act manchester request decide "$request" "$sisters" "$brother" --reason 'best meets needs' \
	--split-reason 'no home for all'
is_state held manchester "$request"
states held held
count held 0 3 0  0 7 3  0 0 0  0 0

tell 'the first yes is kept; the second confirms both'
act team offer confirm "$sisters"
states held held
ask cedar 'referral.journeys[].offer_id' request show "$request"
same 'what the other provider sees of it' "$brother" "$said"
refused manchester 136 - 'yes' request start "$request" --day today
act cedar offer confirm "$brother"
is_state confirmed manchester "$request"
states confirmed confirmed
beds cedar "$home" 4 3 0 1 0 0 2

tell 'the brother goes to a place at a distance: the director approves it, by its name'
refused manchester 168 - 'must be approved' request start "$request" --day today
ask manchester 'request.journeys[].placement_id' request show "$request"
placement=$(tail -n 1 <<<"$said")
act manchester-director request approve "$request" --placement "$placement" "${GROUNDS[@]}" \
	--area-authority-consulted

tell 'level 3: to each of the two, its own children alone'
act manchester request open "$request" "$team" --level L3
act manchester request open "$request" "$cedar" --level L3
ask cedar 'referral.identity.child_ids[]' request show "$request"
same 'references that the home is given' 1 "$(wc -l <<<"$said")"
ask team 'referral.identity.child_ids[]' request show "$request"
same 'references that the household is given' 2 "$(wc -l <<<"$said")"

tell 'they move in together, and the figures have moved by three children and three places'
act manchester request start "$request" --day today
is_state started manchester "$request"
states started started
count started 0 0 3  3 7 0  2 0 1  0 3
outcome "$team" chosen
outcome "$cedar" chosen
beds cedar "$home" 4 3 1 0 0 0 2

tell 'nothing else has moved'
same 'the figures that moved, by how much' \
	"apart +3, at_a_distance +1, filled +3, filled_in_house +2, filled_independent +1, free -3,$(
	) miles_to_20 +1, miles_to_5 +2, own_area +2, placed +3, placed_in_house +2,$(
	) placed_independent +1, started +3" \
	"$(paste -d' ' log/before <(cut -d' ' -f2 log/figures) |
		awk '$2 != $3 { printf "%s %+d\n", $1, $3 - $2 }' | sort | paste -sd, | sed 's/,/, /g')"
ok officer sufficiency --json
[[ $said == *'"is_suppressed": false'* ]] || fail 'exact figures for the co-operative'
ok salford sufficiency
[[ $said == *'small counts'* || $said == *'c: hidden'* ]] || fail 'small counts hidden from another council'

tell 'the sisters go home: their brother is still there, and their places are free'
ask manchester 'request.journeys[].placement_id' request show "$request"
placement=$(head -n 1 <<<"$said")
refused manchester 204 placement_id 'several placements' \
	request end "$request" --day today --reason 'returned home'
act manchester request end "$request" --placement "$placement" --day today --reason 'returned home'
states ended started
count ended 0 0 1  1 9 0  0 0 1  0 1
until_is 0 administrator owed_calls call requests.health '{}'
stop "${SERVICES[@]}"
