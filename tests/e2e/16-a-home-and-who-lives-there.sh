#!/usr/bin/env bash
# Children's homes and who lives there already. A home with a resident whom a child must not
# meet is not on the list, and where the resident came meanwhile the bed is refused: neither
# tells of the other child. A bed that is kept for a council is that council's. A bed sold
# outside the co-operative between the decision and the hold is lost, with a reason, and the
# request goes on with its other offers. A child under 16 never goes into supported
# accommodation, and nobody's bed is amended away.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
open_homes
BOY=(--child 'age=12,sex=male,needs=trauma:high,language=en')

supply() { # waits until all who ask for it know what the homes said last
	followed requests residential
	followed matching residential
}

listed() { # sets said: the vacancies on the shortlist of $request, in one line
	ask "$1" 'candidates[].vacancy_id' request shortlist "$request"
	said=$(paste -sd' ' <<<"$said")
}

lives_there() { # <age> [options...]: a boy placed from outside is recorded in $home
	act cedar home occupant "$home" --kind 'placed outside' --age "$1" --sex male \
		--from "$TODAY" "${@:2}" --field id
}

offered() { # <council>: $request circulated to Larch and to Alder's household, both offer
	act "$1" request circulate "$request" "$larch" "$adjoining" --minutes 60
	offer alder "$request" "$adjoining"
	second=$offer
	offer cedar "$request" "$larch"
}

lost() { # <council> <words of the reason>: what was decided on is refused by its owner
	is_state circulated "$1" "$request"
	ask "$1" 'request.journeys[0].refused_sentence' request show "$request"
	[[ $said == *"$2"* ]] || fail "'$2', said to the council"
}

home cedar $SALFORD 'M6 5' SC100200 4 3
beds_for cedar "$home" 10-15
larch=$made
supply
lives_there 15
supply

tell 'a home with a boy of 15: it is on the list, beside the households'
submit manchester "${BOY[@]}"
listed manchester
[[ " $said " == *" $larch "* && " $said " == *" $adjoining "* ]] || fail 'the home on the list'

tell 'a second boy who is not safe with younger ones: the home is off the list, with the reason'
lives_there 16 --not-safe-with 'younger children'
unsafe=$said
supply
listed manchester
[[ " $said " != *" $larch "* && " $said " == *" $adjoining "* ]] || fail 'the home off the list'
ask manchester 'waterfall[].rule' request shortlist "$request"
rules=$said
ask manchester 'waterfall[].removed' request shortlist "$request"
same 'what removed it' 'mix_for_home 1' \
	"$(paste -d' ' <(echo "$rules") <(echo "$said") | awk '$2 > 0')"
ok manchester request why "$request" "$larch"
[[ $said == *'not safe with younger'*'by bands'* ]] || fail 'why, in bands'
[[ $said != *"$unsafe"* && $said != *'of 16'* ]] || fail 'no word of which child'

tell 'he moves out: on the list again; it is circulated, and the home offers'
act cedar home occupant-ended "$unsafe" --day today
supply
listed manchester
[[ " $said " == *" $larch "* ]] || fail 'the home on the list again'
offered manchester

tell 'meanwhile he is back: the bed is refused, and nothing is said of him'
lives_there 16 --not-safe-with 'younger children'
unsafe=$said
act manchester request decide "$request" "$offer" --reason 'best meets needs'
lost manchester 'Those in this home and the children coming would not be safe together.'
ok manchester request show "$request" --json
[[ $said != *"$unsafe"* && $said != *'"age_years": 16'* ]] || fail 'no word of the other child'
beds cedar "$home" 4 3 2 0 0 0 1
outcome "$cedar" lapsed
refused manchester 161 offer_id 'no longer stands' request decide "$request" "$offer" \
	--reason 'best meets needs'
act manchester request decide "$request" "$second" --reason 'only offer'
is_state held manchester "$request"
act manchester request withdraw "$request" --reason 'entered in error'
act cedar home occupant-ended "$unsafe" --day today

tell 'two beds are left, and one of them is kept for Manchester'
act cedar bed reserve "$home" --bed 2 --council $MANCHESTER --from today
supply
beds cedar "$home" 4 3 1 0 1 0 1
submit salford "${BOY[@]}"
listed salford
[[ " $said " == *" $larch "* ]] || fail 'the other bed on the list of Salford'
offered salford
lives_there 14
guest=$said
supply
beds cedar "$home" 4 3 2 0 1 0 0

tell 'the last other one goes: Salford is told of the reserved one, and not given it'
listed salford
[[ " $said " != *" $larch "* ]] || fail 'not on the list of Salford'
ok salford request why "$request" "$larch"
[[ $said == *'reserved to other councils'* && $said != *Manchester* ]] || fail 'reserved, and not to whom'
act salford request decide "$request" "$offer" --reason 'best meets needs'
lost salford 'The home has no bed left for this request.'
[[ $said != *Manchester* ]] || fail 'no word of the other council'
act salford request withdraw "$request" --reason 'entered in error'

tell 'Manchester is given it; the bed is then taken by this reservation'
submit manchester "${BOY[@]}"
listed manchester
[[ " $said " == *" $larch "* ]] || fail 'on the list of Manchester'
offered manchester
act manchester request decide "$request" "$offer" --reason 'best meets needs'
is_state held manchester "$request"
beds cedar "$home" 4 3 2 1 0 0 0
act cedar offer confirm "$offer"
is_state confirmed manchester "$request"
act manchester-officer request approve "$request" "${GROUNDS[@]}"
act manchester request start "$request" --day today
is_state started manchester "$request"
beds cedar "$home" 4 3 3 0 0 0 0

tell 'nobody is amended away: neither places, nor staff, nor a bed'
amended() { # <number> <field> <words> <registered> <staffed>: is refused
	local row=${home_row/'"registered_places": 4, "staffed_beds": 3'/"\"registered_places\": $4, \"staffed_beds\": $5"}
	[ "$row" != "$home_row" ] || fail 'another row'
	refused cedar "$1" "$2" "$3" call residential.amend_home \
		"{\"home\": {\"home_id\": \"$home\", $row}}"
	beds cedar "$home" 4 3 3 0 0 0 0
}
amended 138 home.registered_places 'More children live there' 2 2
amended 139 home.staffed_beds 'these staffed beds' 4 2
refused cedar 153 beds 'No more beds' bed close "$home" --beds 1 --reason staffing --from today

tell 'sold outside between the decision and the hold: lost, and back to the offers'
act cedar home occupant-ended "$guest" --day today
supply
submit manchester "${BOY[@]}"
offered manchester
crash residential
act manchester request decide "$request" "$offer" --reason 'best meets needs'
crash requests # the hold is asked for again when it is up
start residential
up residential
lives_there 13
start requests
ready
lost manchester 'The home has no bed left for this request'
ask manchester 'request.journeys[].offer_id' request show "$request"
same 'the journey that is lost' "$offer" "$said"
until_is 0 administrator owed_calls call requests.health '{}'
act manchester request decide "$request" "$second" --reason 'only offer'
is_state held manchester "$request"
act alder offer confirm "$second"
is_state confirmed manchester "$request"
beds cedar "$home" 4 3 3 0 0 0 0

tell 'a child of 15 is not for supported accommodation'
larch_home=$home
home rowan $SALFORD 'M6 5' SC100300 3 3 supported_accommodation
beds_for rowan "$home" 16-17
flat=$made
supply
submit manchester --child 'age=15,sex=male,language=en'
listed manchester
[[ " $said " != *" $flat "* ]] || fail 'not on the list'
ok manchester request why "$request" "$flat"
[[ $said == *'16 and 17'* ]] || fail 'why'
refused manchester 196 vacancy_id '16 and 17 year olds' \
	request circulate "$request" "$flat" --minutes 60
submit manchester --child 'age=16,sex=male,language=en'
listed manchester
[[ " $said " == *" $flat "* ]] || fail 'on the list at 16'
beds rowan "$home" 3 3 0 0 0 0 3
beds cedar "$larch_home" 4 3 3 0 0 0 0
until_is 0 administrator owed_calls call requests.health '{}'
stop "${SERVICES[@]}"
