#!/usr/bin/env bash
# What the stories share: a small co-operative in a folder of its own, real daemons,
# and words to act in it and to say what must come of it.
#
# A story sources this file and then stands in $RUN, a temporary folder that goes when it
# ends, with every process it started. BIN= is the folder of the binaries. The people and
# places of `open_region` are invented; the councils' codes are real, for geography.
# ALOUD=1 shows every command and what it was answered.

set -eu -o pipefail

BIN=$(realpath "${BIN:?the folder of the binaries}")
ROOT=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
RUN=$(mktemp -d "${TMPDIR:-/tmp}/rcc-story.XXXXXX")
SERVICES=(members foster residential requests matching observatory)
TODAY=$(TZ=Europe/London date +%F)
MANCHESTER=E08000003 SALFORD=E08000006 WIGAN=E08000010 # Wigan adjoins Salford alone
export BIN RCC_PEERS=$RUN/peers.conf
unset RCC_KEY RCC_ORGANISATION
declare -A pids=() # of the services that run
said='' code=0     # what rccctl said last, and left with

cd "$RUN"

leave() { # [status]: with nothing left behind
	local status=${1:-$?} log
	trap - EXIT
	for log in "${SERVICES[@]/%/.log}"; do
		case $status in 0 | 77) break ;; esac
		[ ! -s "log/$log" ] || { echo "--- $log ends:" && tail -n 5 "log/$log"; }
	done >&2
	# shellcheck disable=SC2046 # one word a process
	kill -KILL "${pids[@]}" $(jobs -p) 2>/dev/null || true
	wait 2>/dev/null || true
	cd / && rm -rf "$RUN"
	exit "$status"
}
trap leave EXIT

tell() { # <what comes now>: where a story that fails had come to
	printf -- '- %s\n' "$*"
}

fail() { # <what was expected>
	printf 'FAILED: %s\nrccctl had left with %s and said:\n%s\n' "$*" "$code" "$said" >&2
	exit 1
}

same() { # <what> <expected> <found>
	[ "$2" = "$3" ] || fail "$1: '$2' was expected, '$3' found"
}

# --- asking and telling --------------------------------------------------------------

rcc() { # <key> <words of rccctl...>: sets said and code
	local key=$1
	shift
	code=0
	said=$("$BIN/rccctl" --key "keys/$key.key" "$@" 2>&1) || code=$?
	[ -z "${ALOUD:-}" ] || printf '%s: rccctl %s\n%s\n' "$key" "$*" "$said" >&2
}

ok() { # <key> <words...>: is answered with yes
	rcc "$@"
	[ "$code" = 0 ] || fail "yes to: ${*:2}"
}

ask() { # <key> <path> <words...>: said is what stands there in the answer
	ok "$1" "${@:3}" --field "$2"
}

act() { # <key> <words...>: a command with an id of its own; said is its answer
	ok "$@" --id "$("$BIN/rccctl" id new)"
}

refused() { # <key> <number> <field, - for none> <words of the sentence> <words...>
	local number=$2 field=$3 words=$4
	rcc "$1" "${@:5}" --json
	[ "$code" = 3 ] || fail "a refusal ($words) of: ${*:5}"
	[[ $said == *"\"number\": $number,"* || $said == *"\"number\":$number,"* ]] ||
		fail "refusal number $number of: ${*:5}"
	[[ $said == *"rccctl: "*"$words"* ]] || fail "'$words' in the refusal of: ${*:5}"
	if [ "$field" = - ]; then
		[[ $said != *'Field: '* ]] || fail "a refusal that names no field of: ${*:5}"
	else
		[[ $said == *$'\n'"Field: $field"$'\n'* ]] || fail "field $field refused in: ${*:5}"
	fi
}

trouble() { # <words of the sentence> <key> <words...>: leaves with 1 and one sentence
	rcc "${@:2}"
	[ "$code" = 1 ] || fail "trouble ($1) with: ${*:3}"
	[[ $said == 'rccctl: '*"$1"* && $said != *$'\n'* ]] ||
		fail "one sentence with '$1' about: ${*:3}"
}

wrong() { # <words of the sentence> <key> <words...>: leaves with 2 and one sentence
	rcc "${@:2}"
	[ "$code" = 2 ] || fail "a wrong command line ($1): ${*:3}"
	[[ $said == 'rccctl: '*"$1"* && $said != *$'\n'* ]] ||
		fail "one sentence with '$1' about: ${*:3}"
}

until_is() { # <value> <key> <path> <words...>: asks until it is, 20 s at the most
	local i
	for ((i = 0; i < 400; i++)); do
		ask "${@:2}"
		[ "$said" != "$1" ] || return 0
		sleep 0.05
	done
	fail "$3 to become $1"
}

head_of() { # <service>: the number of its journal's last entry
	ask administrator head_number call "$1.health" '{}'
	printf '%s\n' "$said"
}

heads() { # of all services, to be compared later
	local name
	for name in "${SERVICES[@]}"; do head_of "$name"; done | paste -sd' '
}

# --- the daemons ---------------------------------------------------------------------

start() { # <service...>: started, not waited for
	local name
	for name; do
		"$BIN/rcc-$name" --config "config/$name.conf" >>"log/$name.log" 2>&1 &
		pids[$name]=$!
	done
}

crash() { # <service...>: no time for a last word
	local name
	for name; do
		kill -KILL "${pids[$name]}"
		wait "${pids[$name]}" 2>/dev/null || true
		unset "pids[$name]"
	done
}

stop() { # <service...>: asked to, and it does so well
	local name status
	for name; do
		status=0
		kill -TERM "${pids[$name]}"
		wait "${pids[$name]}" || status=$?
		unset "pids[$name]"
		same "rcc-$name asked to stop leaves with" 0 "$status"
	done
}

up() { # <service>: waits until it answers
	local i
	for ((i = 0; i < 400; i++)); do
		rcc administrator call "$1.health" '{}' --wait 1
		[ "$code" != 0 ] || return 0
		sleep 0.05
	done
	fail "$1 to be up"
}

ready() { # waits for all
	"$BIN/rccctl" --key keys/administrator.key status --wait 20 >log/status.log 2>&1 ||
		fail "all services to be ready, but: $(cat log/status.log)"
}

followed() { # <service> <source>: waits until it knows all that the source has written
	local number i
	number=$(head_of "$2")
	for ((i = 0; i < 400; i++)); do
		ask administrator 'follows[].service' call "$1.health" '{}'
		local services=$said
		ask administrator 'follows[].number' call "$1.health" '{}'
		paste -d' ' <(echo "$services") <(echo "$said") |
			awk -v s="$2" -v n="$number" '$1 == s && $2 >= n { f = 1 } END { exit !f }' &&
			return 0
		sleep 0.05
	done
	fail "$1 to follow $2 as far as $number"
}

# --- the beginning -------------------------------------------------------------------

new_key() { # <name>: makes keys/<name>.key; prints the public half
	"$BIN/rccctl" keys new "keys/$1.key" >/dev/null
	sed -nE 's/^public *= *([0-9a-f]{64})$/\1/p' "keys/$1.key"
}

write_config() { # keys and files of the services
	local name
	mkdir -p keys config log store sockets
	for name in "${SERVICES[@]}"; do
		printf '[%s]\nkey = %s\n' "$name" "$(new_key "rcc-$name")"
		printf 'endpoint = ipc://%s\nhints = ipc://%s\n' \
			"$RUN/sockets/$name" "$RUN/sockets/$name-hints"
		{
			printf '[service]\nstore = store/%s\npeers = peers.conf\n' "$name"
			printf 'key = keys/rcc-%s.key\nroom_mib = 2\n' "$name"
			[ "$name" != matching ] || printf 'option = config/policy.conf\n'
		} >"config/$name.conf"
	done >peers.conf
	printf '[gateway]\nkey = %s\n' "$(new_key rcc-gateway)" >>peers.conf
	cp "$ROOT/services/matching/policy.conf" config/policy.conf
}

open_services() { # up, with the first administrator and nothing more
	write_config
	"$BIN/rcc-members" --first 'Ada Marsden' "$(new_key administrator)" \
		--config config/members.conf >log/first.log
	start "${SERVICES[@]}"
	# A service asked before it knows the key lets that key in only seconds later.
	local name i
	for name in "${SERVICES[@]}"; do
		for ((i = 0; i < 400; i++)); do
			! grep -q ev=service.ready "log/$name.log" || break
			sleep 0.05
		done
	done
	ready
}

council() { # <code> <name> <codes of those that adjoin, with commas>
	act administrator call members.register_council "{\"council\": {\"council_id\": \"$1\",
		\"name\": \"$2\", \"adjoining_council_ids\": [\"${3//,/\", \"}\"],
		\"memberships\": [{\"from_day\": \"2025-04-01\"}]}}"
}

provider() { # <name> <kind> <sector> <urn> <council or nothing>: made is its id
	act administrator call members.register_provider "{\"provider\": {\"name\": \"$1\",
		\"kind\": \"$2\", \"sector\": \"$3\", \"urn\": \"$4\",
		\"owner_name\": \"$1\"${5:+, \"council_id\": \"$5\"}}}" --field id
	made=$said
}

person() { # <name of the key> <role> <organisation> [last day, exclusive]: made is the id
	act administrator call members.register_person "{\"name\": \"Someone called $1\",
		\"public_key\": \"$(new_key "$1")\", \"grants\": [{\"role\": \"$2\",
		\"organisation_id\": \"$3\", \"from_day\": \"$TODAY\"${4:+, \"until_day\": \"$4\"}}]}" \
		--field id
	made=$said
}

household() { # <key> <council> <sector> <places> <bedrooms>: household is its id
	act "$1" call foster.register_household "{\"household\": {\"carer_name\": \"Wren Ottery\",
		\"council_id\": \"$2\", \"home_sector\": \"$3\", \"bedrooms\": $5,
		\"siblings_may_share\": true, \"takes_emergencies\": true, \"fee_pence_week\": 80000,
		\"languages\": [\"en\"], \"skills\": [{\"kind\": \"trauma\", \"level\": \"high\"}],
		\"approval\": {\"kind\": \"mainstream\", \"children_max\": $4, \"age_min_years\": 0,
		\"age_max_years\": 17, \"takes_girls\": true, \"takes_boys\": true,
		\"approved_day\": \"2024-02-01\"}}}" --field id
	household=$said
}

# shellcheck disable=SC2034 # what it sets is for the stories
home() { # <key> <council> <sector> <urn> <registered> <staffed> [kind]: home is its id
	home_row="\"home_name\": \"Larch House\", \"urn\": \"$4\",
		\"care_type\": \"${7:-childrens_home}\", \"statement_version\": 1,
		\"statement_day\": \"2026-01-05\", \"council_id\": \"$2\", \"home_sector\": \"$3\",
		\"registered_places\": $5, \"staffed_beds\": $6,
		\"age_min_years\": $([ "${7:-}" = supported_accommodation ] && echo 16 || echo 8),
		\"age_max_years\": 17, \"takes_girls\": true, \"takes_boys\": true,
		\"takes_emergencies\": true, \"grade\": \"good\", \"grade_day\": \"2026-02-10\",
		\"languages\": [\"en\"], \"fee_pence_week\": 560000, \"contract\": \"framework\",
		\"capabilities\": [{\"need\": {\"kind\": \"trauma\", \"level\": \"high\"},
		\"evidence\": \"inspection_report\", \"evidence_day\": \"2026-02-10\"},
		{\"need\": {\"kind\": \"physical_aggression\", \"level\": \"high\"},
		\"evidence\": \"inspection_report\", \"evidence_day\": \"2026-02-10\"}]"
	act "$1" call residential.register_home "{\"home\": {$home_row}}" --field id
	home=$said
}

beds_for() { # <key> <home> <band of ages>: opens them to referral; made is the vacancy
	act "$1" vacancy open --home "$2" --ages "$3" --from today --field vacancy_id
	made=$said
}

beds() { # <key> <home> <registered staffed occupied held reserved closed free>: how they stand
	local word found=''
	for word in registered staffed occupied held reserved closed free; do
		ask "$1" "beds.$word" home show "$2"
		found+="$said "
	done
	same 'registered staffed occupied held reserved closed free' "${*:3}" "${found% }"
}

vacancy() { # <key> <household>: opens it; made is its id
	act "$1" vacancy open "$2" --field vacancy_id
	made=$said
}

# Three councils, a council's own team and two agencies; each has one who acts for it:
# manchester salford wigan (commissioners), manchester-officer, manchester-director,
# team alder birch (placement officers), officer (of the co-operative).
# shellcheck disable=SC2034 # what it sets is for the stories
open_region() {
	open_services
	council $MANCHESTER Manchester $SALFORD
	council $SALFORD Salford $MANCHESTER,$WIGAN
	council $WIGAN Wigan $SALFORD
	provider 'Manchester fostering team' council_fostering local_authority SC000001 $MANCHESTER
	team=$made
	provider 'Alder Fostering (invented)' fostering_agency private SC000002 ''
	alder=$made
	provider 'Birch Fostering (invented)' fostering_agency voluntary SC000003 ''
	birch=$made
	person manchester commissioner $MANCHESTER
	person salford commissioner $SALFORD
	person wigan commissioner $WIGAN
	person manchester-officer nominated_officer $MANCHESTER
	person manchester-director director $MANCHESTER
	person team placement_officer "$team"
	person alder placement_officer "$alder"
	person birch placement_officer "$birch"
	person officer cooperative_officer co-operative
	followed foster members
	followed requests members
	household team $MANCHESTER 'M14 4' 2 2
	vacancy team "$household"
	near=$made near_household=$household # inside Manchester
	household alder $SALFORD 'M6 5' 3 3
	vacancy alder "$household"
	adjoining=$made adjoining_household=$household
	household birch $WIGAN 'WN1 1' 3 2
	vacancy birch "$household"
	distant=$made distant_household=$household
	followed requests foster
	followed matching foster
}

# Beside it two providers of homes: cedar of children's homes, rowan of supported
# accommodation, each with one who acts for it; and no home yet.
# shellcheck disable=SC2034
open_homes() {
	provider 'Cedar Homes (invented)' childrens_homes private SC000004 ''
	cedar=$made
	provider 'Rowan Living (invented)' supported_accommodation voluntary SC000005 ''
	rowan=$made
	person cedar placement_officer "$cedar"
	person rowan placement_officer "$rowan"
	followed residential members
	followed requests members
}

# --- the journey ---------------------------------------------------------------------

NEED=(--needed-by today --home 'M14 5' --legal V2 --aim 'return home'
	--family-first 'not yet')
CHILD=(--child 'age=8,sex=male,needs=trauma:medium,language=en')
# shellcheck disable=SC2034 # for the stories
GROUNDS=(--wishes-considered --most-appropriate --relatives-consulted
	--reviewing-officer-consulted --area-authority-notified)

submit() { # <key> [other children and options]: an emergency; request is its id
	local key=$1
	shift
	[ $# -gt 0 ] || set -- "${CHILD[@]}"
	act "$key" request submit --emergency "${NEED[@]}" "$@" --field request_id
	request=$said
}

# shellcheck disable=SC2034
offer() { # <key> <request> <vacancy> [letters of a part]: offer is its id
	act "$1" offer make "$2" "$3" --fee 800 --start today ${4:+--children "$4"} --field id
	offer=$said
}

is_state() { # <state> <key> <request>: waits until it is
	until_is "$1" "$2" request.state request show "$3"
}

outcome() { # <provider> <outcome>: what it was told of $request
	local providers
	ask manchester 'request.bids[].provider_id' request show "$request"
	providers=$said
	ask manchester 'request.bids[].outcome' request show "$request"
	same "the outcome for provider $1" "$2" \
		"$(paste -d' ' <(echo "$providers") <(echo "$said") | awk -v p="$1" '$1 == p { print $2 }')"
}
