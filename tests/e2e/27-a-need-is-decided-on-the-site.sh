#!/usr/bin/env bash
# What a commissioner and a nominated officer do with a need on the site: the list of homes,
# whom to ask, a level opened, offers compared, a choice with its reason, the approval with
# its grounds, the start and the end. Every no of a service stands in the form; another
# council's need is not there; what is sent twice is done once.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web.sh
. "$ROOT/tests/e2e/web.sh"

open_region
echo 'option = sign-in-links' >>config/members.conf
stop members
start members
up members
start_gateway

signed_in() { # <browser>: as the person of the key of that name
	ask "$1" person.person_id call members.self '{}'
	link "$said" sign_in
	visit "$1" "/link/$made"
	post "$1" "/link/$made"
	is 303
}
for one in manchester manchester-officer salford; do signed_in "$one"; done

tell 'a need that nobody was asked about says so, and what comes next'
submit manchester
visit manchester "/needs/$request"
is 200 'No provider has been asked yet.'
is 200 "/needs/$request/shortlist"
is 200 'Boy, 8'

tell "another council's need is not there, nor are pages of another role"
visit salford "/needs/$request"
is 404
[[ $body != *'oy, 8'* ]] || fail 'nothing of the child'
visit salford "/needs/$request/shortlist"
[[ $body != *'oy, 8'* ]] || fail 'nothing of the child on the list'
visit manchester "/needs/$request/approve"
is 403
visit manchester-officer "/needs/$request/decide"
is 403

tell 'the list says why each home is there; one must be chosen to be asked'
visit manchester "/needs/$request/shortlist"
is 200 '3 of 3 vacancies could take this child: 3 providers, all of them within'
is 200 'In your own area'
post manchester "/needs/$request/shortlist" answer_minutes=60
is 422 'Choose 1 to 200 vacancies'
post manchester "/needs/$request/shortlist" "vacancy_ids=$near" "vacancy_ids=$adjoining" \
	"vacancy_ids=$distant" answer_minutes=60
leads "/needs/$request?done=circulated"
visit manchester "$location"
is 200 'None of 3 providers answered'
visit manchester "/needs/$request/why?vacancy=$distant"
is 200 'It is on the list: place'

tell 'a level is opened to whoever is interested, on a page that says what it shows'
act alder offer interest "$request"
visit manchester "/needs/$request/open?provider_id=$alder&level=l2"
is 200 'the sector of the school'
post manchester "/needs/$request/open" "provider_id=$alder" level=l2
leads "/needs/$request?done=opened"
ask alder referral.detail.legal_status request show "$request"
same 'the legal status' v2 "${said,,}"

tell 'offers stand beside each other on the same facts'
offer team "$request" "$near"
offer alder "$request" "$adjoining"
chosen=$offer
visit manchester "/needs/$request/offers"
is 200 '2 offers stand'
is 200 'Adjoining area'
is 200 "/needs/$request/decide?offer_id=$chosen"

tell 'a choice needs its reason; sent twice it is one choice'
visit manchester "/needs/$request/decide?offer_id=$chosen"
is 200 'a nominated officer approves it before the start'
post manchester "/needs/$request/decide" "offer_id=$chosen"
is 422 'Say why this offer'
form=$(token)
post manchester "/needs/$request/decide" "offer_id=$chosen" reason=best_meets_needs
leads "/needs/$request?done=decided"
body="name=\"token\" value=\"$form\""
post manchester "/needs/$request/decide" "offer_id=$chosen" reason=best_meets_needs
leads "/needs/$request?done=decided"
body="name=\"token\" value=\"$form\""
post manchester "/needs/$request/decide" "offer_id=$chosen" reason=only_offer
is 422 'This form was sent before, with other answers'
visit manchester "/needs/$request/decide?offer_id=$chosen"
is 200 'An offer was chosen already'
[[ $body != *'name="reason"'* ]] || fail 'no form that cannot be sent'
is_state held manchester "$request"
visit manchester "/needs/$request?done=decided"
is 200 'Alder Fostering (invented) has still to say yes'
ask manchester 'request.journeys[].placement_id' request show "$request"
same 'placements' 1 "$(wc -l <<<"$said")"
placement=$said

tell 'the start waits for the approval, whose grounds stand with their clauses'
act alder offer confirm "$chosen"
is_state confirmed manchester "$request"
fill manchester "/needs/$request/start?placement_id=$placement" "placement_id=$placement" \
	"start_day=$TODAY"
is 422 'must be approved before it'
visit manchester-officer "/needs/$request/approve?placement_id=$placement"
is 200 'reg 11(2)(d)(i)'
post manchester-officer "/needs/$request/approve" "placement_id=$placement"
is 422 'wishes and feelings must have been considered'
post manchester-officer "/needs/$request/approve" "placement_id=$placement" \
	grounds.wishes_considered=yes grounds.most_appropriate=yes
leads "/needs/$request?done=approved"
visit manchester-officer "$location"
is 200 'The other grounds are owed by'

tell 'the start and the end, by their days'
fill manchester "/needs/$request/start?placement_id=$placement" "placement_id=$placement" \
	start_day-day=31 start_day-month=2 start_day-year=2026
is 422 'Enter a day that exists'
is 422 'value="31"'
post manchester "/needs/$request/start" "placement_id=$placement" "start_day=$TODAY"
leads "/needs/$request?done=started"
is_state started manchester "$request"
visit manchester "/needs/$request/start?placement_id=$placement"
is 200 'The start is recorded already'
visit manchester "/needs/$request/withdraw"
is 200 'cannot be withdrawn'
fill manchester "/needs/$request/end?placement_id=$placement" "placement_id=$placement" \
	"end_day=$TODAY"
is 422 'Say why the placement ended'
post manchester "/needs/$request/end" "placement_id=$placement" "end_day=$TODAY" \
	reason=returned_home
leads "/needs/$request?done=ended"
visit manchester "$location"
is 200 'went home'
visit manchester "/needs/$request/end?placement_id=$placement"
is 200 'its end is recorded'

tell 'a program reads the same page as JSON'
visit manchester "/needs/$request" -H 'Accept: application/json'
is 200 '"sentence": "Every placement of this need has ended."'
[[ $body == '{'* && $body != *'<h1'* ]] || fail "JSON alone: $body"

tell 'a need is withdrawn with its reason; what the form does not ask for is refused'
submit manchester
fill manchester "/needs/$request/withdraw"
is 422 'Say why the request is withdrawn'
post manchester "/needs/$request/withdraw" reason=returned_home child_name=x
is 422 'does not ask for'
post manchester "/needs/$request/withdraw" reason=returned_home
leads "/needs/$request?done=withdrawn"
is_state withdrawn manchester "$request"
for page in withdraw shortlist; do
	visit manchester "/needs/$request/$page"
	is 200 'This need was withdrawn'
	[[ $body != *'name="reason"'* ]] || fail 'no form that cannot be sent'
done

tell 'with matching down offers still stand beside each other'
submit manchester
act manchester request circulate "$request" "$near" --minutes 60
offer team "$request" "$near"
crash matching
visit manchester "/needs/$request/offers"
is 200 '1 offer stands'
is 200 'cannot be shown for all'
visit manchester "/needs/$request/shortlist"
is 200 'cannot be made at the moment'
