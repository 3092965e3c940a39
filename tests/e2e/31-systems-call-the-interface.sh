#!/usr/bin/env bash
# The systems of councils and providers call the programming interface: with a key of an
# organisation and nothing else, each command once however often it is sent, each no as
# problem details. Then interface.mjs reads the interface's own OpenAPI document and calls
# every operation in it, with what the schemas allow and with what they do not.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
command -v node >/dev/null || { echo 'there is no node, which reads the document' && exit 77; }

port=$((20000 + $$ % 10000))
while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
site=http://127.0.0.1:$port api=http://127.0.0.1:$port/api/v1
status='' body=''
declare -A token=() # by name

issue() { # <name> <role> <organisation>: a key; its id is made
	token[$1]=rcck_$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
	act administrator call members.issue_api_key "{\"label\": \"$1\", \"role\": \"$2\",
		\"organisation_id\": \"$3\",
		\"digest\": \"$(printf %s "${token[$1]}" | b2sum -l 256 | cut -d' ' -f1)\"}" --field id
	made=$said
}

post() { # <key's name, - for none> <operation> <JSON> [options of curl...]: status, body
	local key=()
	[ "$1" = - ] || key=(-H "Authorization: Bearer ${token[$1]:-$1}")
	status=$(curl -sS --max-time 20 -o log/body -D log/headers -w '%{http_code}' "${key[@]}" \
		-H 'Content-Type: application/json' --data "$3" "${@:4}" "$api/$2" 2>log/curl) ||
		status="none ($(<log/curl))"
	body=$(<log/body)
}

is() { # <status> <words in the body, each...>
	[ "$status" = "$1" ] || fail "status $1, not $status: $body"
	local word
	for word in "${@:2}"; do
		[[ $body == *"$word"* ]] || fail "$word in: $body"
	done
	[ "$1" = 200 ] || [[ $(<log/headers) == *'application/problem+json'* ]] ||
		fail 'problem details'
}

open_region
open_homes
home cedar $MANCHESTER 'M14 5' SC100001 4 4
printf '[service]\npeers = peers.conf\nkey = keys/rcc-gateway.key\noption = 127.0.0.1:%s\n' \
	"$port" >config/gateway.conf
start gateway
for ((i = 0; i < 200; i++)); do
	[ "$(curl -s -o log/body -w '%{http_code}' "$site/health")" != 200 ] || break
	sleep 0.1
done
issue manchester commissioner $MANCHESTER
issue team placement_officer "$team"
issue cedar placement_officer "$cedar"
issue officer cooperative_officer co-operative

tell 'a key, and nothing else, says who asks'
post - members/self '{}'
is 401 '"status":401'
grep -qi '^www-authenticate: bearer' log/headers || fail 'how to ask'
for key in rcck_ rcck_0000000000000000000000000000000000000000000000000000000000000000 \
	"${token[team]#rcck_}" "${token[team]}x"; do
	post "$key" members/self '{}'
	is 401
done
post - members/self '{}' -H "Cookie: session=${token[team]#rcck_}; __Host-session=${token[team]}"
is 401
post team members/self '{}'
is 200 '"placement_officer"' "$team"

tell 'what is not asked well'
post team members/nobody '{}'
is 404
post team members/register_council '{}'
is 404
post team members/self '{}' -X GET
is 405
post team members/self '{}' -H 'Content-Type: text/plain'
is 415
post team members/self '{'
is 400
post team foster/household '{"household_id": "no id"}'
is 400 '"field":"household_id"' '"reason":"is not an id'
post team foster/household '{"house_id": "x"}'
is 400 '"field":"house_id"'
post team foster/household "{\"household_id\": \"$(printf 'a%.0s' {1..70000})\"}"
[ "$status" = 413 ] || fail "413, not $status"
post team requests/submit '{}'
is 403 '"status":403'

tell 'a command is done once, and hears the same again'
id=$("$BIN/rccctl" id new)
need='{"urgency": "emergency", "needed_by_day": "'$TODAY'", "home_sector": "M14 5",
	"legal_status": "v2", "care_plan_aim": "return_home", "family_first": "not_yet",
	"children": [{"age_years": 8, "age_day": "'$TODAY'", "sex": "male"}]}'
post manchester requests/submit "$need" -H "Idempotency-Key: ${id^^}"
is 200 '"request_id":"'
first=$body
grep -qi "^idempotency-key: $id" log/headers || fail 'the key it was done under'
head=$(head_of requests)
post manchester requests/submit "$need" -H "Idempotency-Key: $id"
is 200
same 'the answer, sent again' "$first" "$body"
same 'the head of requests' "$head" "$(head_of requests)"
post manchester requests/submit "${need/male/female}" -H "Idempotency-Key: $id"
is 409 '"number":2'
post manchester requests/submit "$need" -H 'Idempotency-Key: 1'
is 400 Idempotency-Key

tell 'a rule says no, with its number and its clause'
post manchester requests/circulate '{"request_id": "'"$id"'", "vacancy_ids": ["'"$near"'"]}'
is 422 '"number":100' '"field":"request_id"' '"detail":"'

tell 'what is not answered may be sent again'
crash requests
id=$("$BIN/rccctl" id new)
post manchester requests/submit "$need" -H "Idempotency-Key: $id"
is 503
grep -qi '^retry-after:' log/headers || fail 'when to come again'
start requests
up requests
for ((i = 0; i < 100; i++)); do
	post manchester requests/submit "$need" -H "Idempotency-Key: $id"
	[ "$status" = 503 ] || break
	sleep 0.1
done
is 200 '"request_id":"'

tell 'every operation of the document'
"$ROOT/tools/npm/install" api >log/npm 2>&1 || { echo 'npm does not bring ajv' && exit 77; }
NODE_PATH=$ROOT/build/npm/api/node_modules node "$ROOT/tests/e2e/interface.cjs" "$api" \
	"${token[manchester]}" "${token[team]}" "${token[cedar]}" "${token[officer]}" ||
	fail 'what the document says'

tell 'a key that is revoked is nobody within a second'
issue leaver placement_officer "$team"
post leaver members/self '{}'
is 200
act administrator call members.revoke_api_key "{\"api_key_id\": \"$made\"}"
for ((i = 0; i < 20; i++)); do
	post leaver members/self '{}'
	[ "$status" = 200 ] || break
	sleep 0.05
done
is 401

tell 'who guesses keys is slowed down, and nobody else'
for ((i = 0; i < 60; i++)); do
	post "rcck_$(printf '%064x' "$i")" members/self '{}'
	[ "$status" = 401 ] || break
done
is 429
grep -qi '^retry-after: [0-9]' log/headers || fail 'when to come again'
post team members/self '{}'
is 200

tell 'for people: a page that names every operation, and the document beside it'
curl -sS -o log/page -w '%{http_code}\n' "$site/api" >log/status
same 'the status of /api' 200 "$(<log/status)"
for word in 'POST /api/v1/requests/keep-draft' 'id="requests.Submit"' 'href="/api/v1/openapi.json"'; do
	grep -qF "$word" log/page || fail "$word on the page"
done
stop gateway "${SERVICES[@]}"
