#!/usr/bin/env bash
# Bad input, of every kind that a person or a program may type: one sentence that names the
# field and the reason, a status that says so, and nothing changed.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
submit manchester
before=$(heads)

# A good request as JSON, for the bad ones to be made of.
good='{"urgency": "emergency", "needed_by_day": "DAY", "home_sector": "M14 5",
"legal_status": "v2", "family_first": "not_yet",
"children": [{"age_years": 8, "age_day": "DAY", "sex": "male"}]}'
good=${good//DAY/$TODAY}
file() { # <text in the good one> <what stands there instead> <words of the sentence>
	printf '%s' "${good/"$1"/$2}" >bad.json
	[ "$(<bad.json)" != "$good" ] || fail "'$1' in the good request"
	wrong "$3" manchester request submit --file bad.json
}
tell 'a file: fields and their values'
file '"urgency"' '"colour": "blue", "urgency"' 'colour: '
file '"age_years": 8' '"age_years": "eight"' 'children[0].age_years: '
file '"age_years": 8' '"age_years": 130' 'children[0].age_years: is over 120'
file '"age_years": 8' '"age_years": -1' 'children[0].age_years: '
file '"age_years": 8' '"age_years": 8.5' 'children[0].age_years: '
file '"M14 5"' '"M14 5AB"' 'home_sector: '
file '"M14 5"' '"ZZ99 9"' 'home_sector: '
file "$TODAY" '2026-02-30' 'needed_by_day: '
file '"emergency"' '"at once"' 'urgency: '
file '"emergency"' 'true' 'urgency: '
file '"male"' '"boy"' 'children[0].sex: '
file '"v2"' '"v2", "legal_status": "c1"' 'legal_status'
file '"children"' '"child_ids": ["me"], "children"' 'child_ids'
file '[{' '{' 'is not JSON at line'
file '}]}' '}]} {}' 'is not JSON at line'

tell 'a file that is none'
: >bad.json
wrong 'bad.json is empty' manchester request submit --file bad.json
head -c 10485760 /dev/zero | tr '\0' '{' >bad.json
wrong 'bad.json is larger than 64 KiB' manchester request submit --file bad.json
printf '%s' "$good" | head -c 60 >bad.json
wrong 'is not JSON at line 1, column 60' manchester request submit --file bad.json
printf '%s\0' "$good" >bad.json
wrong 'bad.json is not text' manchester request submit --file bad.json
wrong 'cannot be read: No such file' manchester request submit --file nowhere.json
wrong 'cannot be read: Is a directory' manchester request submit --file .
head -c 3000 /dev/zero | tr '\0' '[' >bad.json
wrong 'is not JSON at line 1' manchester request submit --file bad.json
head -c 10485760 /dev/zero | tr '\0' ' ' >bad.json
wrong 'larger than 64 KiB' manchester call requests.submit - <bad.json

tell 'options and words'
line() { # <words of the sentence> <words of rccctl...>
	wrong "$1" manchester "${@:2}"
}
line '--needed-by: ' request submit --emergency --needed-by 30/02/2026 "${CHILD[@]}"
line 'home_sector: ' request submit --emergency "${NEED[@]/M14 5/M14}" "${CHILD[@]}"
line '--child age_years: ' request submit --emergency "${NEED[@]}" --child 'age=many'
line "'name' is not one of" request submit --emergency "${NEED[@]}" --child 'name=Tom'
line '--legal: ' request submit --emergency --legal V9 "${CHILD[@]}"
line '--reason: ' request decide "$request" "$request" --reason 'cheapest'
line '--frequently' request list --frequently
line '--home' request submit --home
line 'request dance' request dance
line 'request_id: ' request show 'the first one'
line 'ffffff' request show ffffff
line 'requests.dance' call requests.dance '{}'
line 'offer_id: ' call requests.confirm_offer '{"offer_id": "1"}'
line 'name' call members.register_council "{\"council\": {\"council_id\": \"$WIGAN\",
	\"name\": \"$(head -c 300 /dev/zero | tr '\0' x)\"}}"
line 'council.council_id: ' call members.register_council '{"council": {"council_id": "Leeds"}}'
same 'the journals' "$before" "$(heads)"

tell 'a key that is none'
chmod 644 keys/manchester.key
trouble 'others may read' manchester request list
chmod 600 keys/manchester.key
echo 'public = 00' >keys/short.key
chmod 600 keys/short.key
trouble 'short.key' short request list
trouble 'nobody.key' nobody request list
same 'the journals' "$before" "$(heads)"

tell 'what only the rules can see is refused by them: a refusal is all that is written'
no() { # <key> <number> <field> <words of the sentence> <words of rccctl...>
	refused "$@"
	"$BIN/rccctl" journal show --store "store/$store" --json | tail -n 1 >log/last
	grep -q '"type": "refused"' log/last || fail "only a refusal in the journal of $store"
}
store=requests
no manchester 116 children.age_years 'A child is 0 to 17 years old: child A.' \
	request submit --emergency "${NEED[@]}" --child age=18,sex=female
no manchester 100 request_id 'no such request' request show 01m8025c5v658qnhwvz2q7cgww
no manchester 145 vacancy_ids 'no such vacancy' request circulate "$request" \
	01m8025c5v658qnhwvz2q7cgww
no manchester 127 family_first 'family and friends' request submit --planned --needed-by \
	"$TODAY" --home 'M14 5' "${CHILD[@]}"
no manchester 103 needed_by_day 'which day' request submit --emergency --home 'M14 5' \
	"${CHILD[@]}"
store=foster
no alder 106 council_id 'not registered' call foster.register_household "{\"household\":
	{\"carer_name\": \"Wren Ottery\", \"council_id\": \"E06000099\", \"home_sector\": \"M6 5\",
	\"bedrooms\": 1, \"approval\": {\"kind\": \"mainstream\", \"children_max\": 1,
	\"age_min_years\": 0, \"age_max_years\": 17, \"takes_girls\": true,
	\"approved_day\": \"2024-02-01\"}}}"
ask manchester 'requests[].request_id' request list
same 'the requests' "$request" "$said"

tell 'a program is told the same, as JSON and by the status'
rcc manchester call requests.withdraw "{\"request_id\": \"$request\"}" --json
same 'the status' 3 "$code"
[[ $said == *'{"refusal": {"number":173,'*'"field":"reason"}}' ]] || fail 'the refusal as JSON'

tell 'an answer that cannot be written out is none'
unwritten() { # <words of rccctl...>
	code=0
	said=$("$BIN/rccctl" --key keys/manchester.key "$@" 2>&1 >/dev/full) || code=$?
	same "the status of $*" 1 "$code"
	same "the sentence of $*" 'rccctl: the answer could not be written out' "$said"
}
unwritten vacancy list
unwritten vacancy list --json
unwritten watch --for 9 # it writes out as it goes, and stops
stop "${SERVICES[@]}"
