#!/usr/bin/env bash
# Who may not: a key nobody registered gets nothing; a revoked key neither; a person without
# the role is denied; so is one whose role ended yesterday; and another organisation's
# request, offer, vacancy or household is refused in the very words used for one that does
# not exist. Nothing of all that changes anything.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
submit manchester
act manchester request circulate "$request" "$adjoining" --minutes 60
offer alder "$request" "$adjoining"
no_right='gives this key no such right'
nothing=01m8025c5v658qnhwvz2q7cgww # an id that nobody has

tell 'a key that nobody registered, and one that no longer counts'
stranger=$(new_key stranger)
person leaver commissioner $MANCHESTER
leaver=$made
leaver_key=$(sed -nE 's/^public *= *//p' keys/leaver.key)
followed requests members
ok leaver request list
act administrator call members.revoke_key "{\"public_key\": \"$leaver_key\"}"
followed requests members
before=$(heads)
for name in "${SERVICES[@]}"; do
	trouble 'did not answer' stranger call "$name.health" '{}' --wait 1
done
trouble 'is this key registered?' leaver request list --wait 1
trouble 'is this key registered?' leaver request submit --emergency "${NEED[@]}" \
	"${CHILD[@]}" --wait 1
same 'the journals' "$before" "$(heads)"

tell 'a stranger who is registered gets in without a restart'
act administrator call members.register_key \
	"{\"person_id\": \"$leaver\", \"public_key\": \"$stranger\"}"
followed requests members
ok stranger request list

tell 'a role that is missing'
before=$(heads)
trouble "$no_right" alder request submit --emergency "${NEED[@]}" "${CHILD[@]}"
trouble "$no_right" manchester-officer request decide "$request" "$offer" --reason 'only offer'
trouble "$no_right" manchester request approve "$request" "${GROUNDS[@]}"
trouble "$no_right" manchester offer interest "$request"
trouble "$no_right" officer request withdraw "$request" --reason 'entered in error'
trouble "$no_right" manchester call foster.register_household '{}'
trouble "$no_right" manchester call members.register_council '{}'
trouble "$no_right" administrator request list

tell 'what only services say to each other, and what no service may say'
trouble "$no_right" alder call foster.release "{\"hold_id\": \"$nothing\"}"
trouble "$no_right" officer call matching.shortlist "{\"request_id\": \"$request\"}"
trouble "$no_right" officer call requests.events '{"after_number": 0}'
trouble "$no_right" rcc-matching request submit --emergency "${NEED[@]}" "${CHILD[@]}"
trouble "$no_right" rcc-requests call members.register_council '{}'
trouble "$no_right" rcc-foster call requests.events '{"after_number": 0}'

tell 'an organisation that one does not work for'
trouble "$no_right" manchester request list --organisation $SALFORD
trouble "$no_right" alder vacancy open "$adjoining_household" --organisation "$birch"
same 'the journals' "$before" "$(heads)"

tell 'a role that ended yesterday'
person locum commissioner $MANCHESTER
act administrator call members.end_role "{\"person_id\": \"$made\", \"role\": \"commissioner\",
	\"organisation_id\": \"$MANCHESTER\", \"until_day\": \"$TODAY\"}"
followed requests members
before=$(heads)
trouble "$no_right" locum request show "$request"
trouble "$no_right" locum request submit --emergency "${NEED[@]}" "${CHILD[@]}"
same 'the journals' "$before" "$(heads)"

tell 'somebody with two organisations says for which'
act administrator call members.grant_role "{\"person_id\": \"$leaver\", \"grant\":
	{\"role\": \"commissioner\", \"organisation_id\": \"$SALFORD\", \"from_day\": \"$TODAY\"}}"
followed requests members
refused stranger 4 organisation_id 'more than one organisation' request list
ok stranger request list --organisation $SALFORD
refused stranger 100 request_id 'no such request' request show "$request" \
	--organisation $SALFORD
ok stranger request show "$request" --organisation $MANCHESTER

tell 'what is of others is refused as if it were not there'
alike() { # <key> <number> <field> <id of others> <words..., ID where the id stands>
	local key=$1 number=$2 field=$3 id=$4 first
	shift 4
	refused "$key" "$number" "$field" 'There is no such' "${@/ID/$id}"
	first=${said//$id/ID}
	refused "$key" "$number" "$field" 'There is no such' "${@/ID/$nothing}"
	same 'the refusal' "$first" "${said//$nothing/ID}"
}
alike salford 100 request_id "$request" request show ID
alike salford 100 request_id "$request" request shortlist ID
alike salford 100 request_id "$request" request withdraw ID --reason 'entered in error'
alike salford 100 request_id "$request" request circulate ID "$near" --minutes 60
alike salford 100 request_id "$request" request decide ID "$offer" --reason 'only offer'
alike birch 100 request_id "$request" request show ID
alike birch 100 request_id "$request" offer decline ID --reason distance
alike birch 100 request_id "$request" offer make ID "$distant" --fee 800 --start today
alike birch 160 offer_id "$offer" offer confirm ID
alike birch 103 household_id "$adjoining_household" call foster.household '{"household_id": "ID"}'
alike birch 103 household_id "$adjoining_household" vacancy open ID
alike birch 148 vacancy_id "$adjoining" vacancy close ID
is_state circulated manchester "$request"
ask alder vacancy.is_open call foster.household "{\"household_id\": \"$adjoining_household\"}"
same 'the vacancy is open' true "$said"
