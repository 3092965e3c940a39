#!/usr/bin/env bash
# A need becomes a placement, from the first word to the last: shortlist and why,
# circulation, a no, offers, level 2, the decision, the hold, the approval the law names,
# the provider's yes, level 3, the start, the end; and every bidder is told its outcome.
# Then three siblings go to one home at a distance, and a request is taken back.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region

tell 'the need'
submit manchester
is_state submitted manchester "$request"
ask manchester 'request.circulation.children[].age_years' request show "$request"
same 'the age of the child' 8 "$said"

tell 'the shortlist, best first: near, adjoining, at a distance'
ask manchester 'candidates[].vacancy_id' request shortlist "$request"
same 'the shortlist' "$near $adjoining $distant" "$(paste -sd' ' <<<"$said")"
ask manchester rank request why "$request" "$adjoining"
same 'its rank' 2 "$said"

tell 'circulation to all three, at level 1'
refused alder 100 request_id 'no such request' request show "$request"
act manchester request circulate "$request" "$near" "$adjoining" "$distant" --minutes 60
ask alder referral.circulation.home_sector request show "$request"
same 'the sector of home' 'M14 5' "$said"
ok alder request show "$request" --json
[[ $said != *'"detail"'* && $said != *'"identity"'* ]] || fail 'level 1 and no more'

tell 'a no, a silence, an interest; level 2 for that one alone'
act team offer decline "$request" --reason 'carer declined'
refused manchester 158 provider_id 'shown interest' request open "$request" "$alder" --level L2
act alder offer interest "$request"
act manchester request open "$request" "$alder" --level L2
ask alder referral.detail.legal_status request show "$request"
same 'the legal status' v2 "${said,,}"
refused manchester 159 provider_id 'chosen provider' request open "$request" "$alder" --level L3

tell 'the offer and the decision; the owner holds the place'
offer alder "$request" "$adjoining"
act manchester request decide "$request" "$offer" --reason 'best meets needs'
is_state held manchester "$request"
ask alder places.held call foster.household "{\"household_id\": \"$adjoining_household\"}"
same 'places held' 1 "$said"

tell 'the provider says yes; the start waits for the nominated officer'
act alder offer confirm "$offer"
is_state confirmed manchester "$request"
refused manchester 168 - 'must be approved' request start "$request" --day today
act manchester-officer request approve "$request" "${GROUNDS[@]}"

tell 'level 3, and the start'
act manchester request open "$request" "$alder" --level L3
ask alder 'referral.identity.child_ids[]' request show "$request"
[ ${#said} = 26 ] || fail 'one reference of the child'
act manchester request start "$request" --day today
is_state started manchester "$request"
ask alder 'occupants[].request_id' call foster.household \
	"{\"household_id\": \"$adjoining_household\"}"
same 'who lives there' "$request" "$said"

tell 'every bidder is told its outcome'
outcome "$alder" chosen
outcome "$team" declined
outcome "$birch" no_response
ask birch referral.bid.outcome request show "$request"
same 'what the silent one is told' no_response "$said"

tell 'the end frees the place'
act manchester request end "$request" --day today --reason 'returned home'
is_state ended manchester "$request"
until_is 3 alder places.free call foster.household \
	"{\"household_id\": \"$adjoining_household\"}"

tell 'three siblings, who are to live together at a distance: the director approves'
submit manchester --siblings --child age=4,sex=female --child age=6,sex=male \
	--child age=9,sex=female
siblings=$request
ask manchester 'candidates[].vacancy_id' request shortlist "$siblings"
[[ $said != *"$near"* && $said == *"$adjoining"* ]] || fail 'only homes with three places'
act manchester request circulate "$siblings" "$near" "$distant" --minutes 60
offer birch "$siblings" "$distant"
act manchester request decide "$siblings" "$offer" --reason 'siblings together'
is_state held manchester "$siblings"
act birch offer confirm "$offer"
is_state confirmed manchester "$siblings"
refused manchester-officer 175 - 'director' request approve "$siblings" "${GROUNDS[@]}"
act manchester-director request approve "$siblings" "${GROUNDS[@]}" \
	--area-authority-consulted
act manchester request start "$siblings" --day today
is_state started manchester "$siblings"
ask birch places.filled call foster.household "{\"household_id\": \"$distant_household\"}"
same 'places filled' 3 "$said"
request=$siblings
outcome "$birch" chosen
outcome "$team" no_response

tell 'a request is taken back: what was held is free again, who had offered is told'
submit salford --child age=12,sex=female
act salford request circulate "$request" "$near" --minutes 60
offer team "$request" "$near"
act salford request decide "$request" "$offer" --reason 'only offer'
is_state held salford "$request"
act salford request withdraw "$request" --reason 'family or friends'
is_state withdrawn salford "$request"
until_is 2 team places.free call foster.household "{\"household_id\": \"$near_household\"}"
ask team referral.bid.outcome request show "$request"
same 'what the bidder is told' request_withdrawn "$said"

tell 'nothing is owed any more, and all stop cleanly'
until_is 0 administrator owed_calls call requests.health '{}'
stop "${SERVICES[@]}"
