#!/usr/bin/env bash
# A provider's day at a children's home, with the command line alone: register it, say who
# lives there, close beds with a reason, keep one for a council, open a vacancy for each band
# of ages; beds are derived at every step. What may not be is refused, naming what and why,
# and changes nothing.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
open_homes

home_file() { # <file> [words for sed that change it]
	cat >"$1" <<-END
		{"home": {"home_name": "Larch House", "urn": "SC100200",
		"care_type": "childrens_home", "statement_version": 3, "statement_day": "2026-01-05",
		"council_id": "$SALFORD", "home_sector": "M6 5",
		"registered_places": 6, "staffed_beds": 5, "age_min_years": 8, "age_max_years": 17,
		"takes_girls": true, "takes_boys": true, "grade": "good", "grade_day": "2026-02-10",
		"languages": ["en"], "fee_pence_week": 560000, "contract": "framework",
		"capabilities": [{"need": {"kind": "trauma", "level": "high"},
		"evidence": "inspection_report", "evidence_day": "2026-02-10"}]}}
	END
	[ $# = 1 ] || sed -i "${@:2}" "$1"
}

tell 'a home is registered, and shown'
home_file home.json
act cedar home register --file home.json --field id
home=$said
beds cedar "$home" 6 5 0 0 0 0 5
ok cedar home list
[[ $said == *"$home"*'Larch House'*home*SC100200*'M6 5'*'5 of 6'*good* ]] || fail 'the home, in a list'
ok cedar home show "${home: -8}"
[[ $said == *"6 registered, 5 staffed, 0 occupied, 0 held, 0 reserved, 0 closed: 5 free"* ]] ||
	fail 'the beds, in words'

tell 'who lives there already, from a council outside'
act cedar home occupant "${home: -8}" --kind 'placed outside' --age 14 --sex male \
	--from 2026-09-01 --not-safe-with 'younger children' --risk 'fire setting' --field id
person=$said
beds cedar "$home" 6 5 1 0 0 0 4

tell 'two beds without staff: closed with the reason, one day opened again'
act cedar bed close "$home" --beds 2 --reason staffing --from today --field id
closed=$said
beds cedar "$home" 6 5 1 0 0 2 2
act cedar bed reopen "$closed"
beds cedar "$home" 6 5 1 0 0 0 4
act cedar bed close "$home" --beds 1 --reason repairs --from today

tell 'one bed kept for Manchester'
act cedar bed reserve "$home" --bed 3 --council $MANCHESTER --from today --field id
reservation=$said
beds cedar "$home" 6 5 1 0 1 1 2

tell 'a vacancy for each band of ages'
act cedar vacancy open --home "$home" --ages 10-15 --from today --field vacancy_id
vacancy=$said
act cedar vacancy open --home "${home: -8}" --ages 16-17
[[ $said == *"Home       $home"*'16 to 17'* ]] || fail 'the vacancy in words'
ok manchester vacancy list
for words in foster home "$vacancy" 'Cedar Home' 'Alder Fost' '10-15 both' '16-17 both' '5 vacancies'; do
	[[ $said == *"$words"* ]] || fail "'$words' in the list of both"
done
ask manchester 'vacancies[].vacancy_id' vacancy list
same 'both owners, a line each' 5 "$(wc -l <<<"$said")"
ask manchester 'vacancies[].vacancy_id' vacancy list --type home
same 'homes alone' 2 "$(wc -l <<<"$said")"
ok manchester vacancy list --type supported
[[ $said == '0 vacancies.'* ]] || fail 'no supported accommodation'
ok manchester vacancy list --json
[[ $said == '{"foster": {'*'"residential": {'* ]] || fail 'an object of both'

tell 'confirmed, closed, shown: whichever owner it is'
act cedar vacancy confirm "${vacancy: -8}"
[[ $said == *"Vacancy    $vacancy (open)"* ]] || fail 'the vacancy of the home confirmed'
act cedar vacancy close "$vacancy"
[[ $said == *"Vacancy    $vacancy (closed)"* ]] || fail 'the vacancy of the home closed'
ok cedar vacancy show "$home"
[[ $said == *'Closed beds'*repairs*'Reserved beds'*"$MANCHESTER"* ]] || fail 'the home'
act alder vacancy confirm "$adjoining"
[[ $said == *"Household  $adjoining_household"* ]] || fail 'the vacancy of the household'
act alder vacancy places "$adjoining" 1
[[ $said == *'Open       at most 1 at a time'* ]] || fail 'one of the free places open'
act alder vacancy places "$adjoining" all
[[ $said == *"$adjoining"* && $said != *'at a time'* ]] || fail 'all of the free places open'
refused alder 185 open_places 'close the vacancy' vacancy places "$adjoining" 0
ok alder vacancy show "$adjoining_household"

tell 'fostering down: the home goes on, and what is not there is said'
crash foster
act cedar vacancy open --home "$home" --ages 10-15
rcc manchester vacancy list --wait 1
same 'the status of a list of one owner' 1 "$code"
[[ $said == *'foster did not answer'*"$vacancy"* ]] || fail "the homes' list, and who is missing"
act cedar vacancy confirm "$vacancy"
trouble 'could not be asked' cedar vacancy confirm "$adjoining" --wait 1
act cedar vacancy confirm "$vacancy" --type home --wait 1
start foster
ready

tell 'he has moved out, and the bed is for everybody again'
act cedar home occupant-ended "$person" --day today
act cedar bed free "$reservation"
beds cedar "$home" 6 5 0 0 0 1 4

tell 'what may not be is refused, and changes nothing'
before=$(head_of residential)
no() { # <number> <field, - for none> <words> <words of rccctl...>
	refused cedar "$@"
	beds cedar "$home" 6 5 0 0 0 1 4
}
home_file wrong.json 's/SC100200/SC100201/; s/"staffed_beds": 5/"staffed_beds": 7/'
no 121 home.staffed_beds 'More beds are staffed' home register --file wrong.json
home_file wrong.json
no 111 home.urn 'has this Ofsted number' home register --file wrong.json
home_file wrong.json 's/SC100200/SC100201/; s/"grade_day": "2026/"grade_day": "2099/'
no 132 home.grade_day 'a day ahead' home register --file wrong.json
home_file wrong.json "s/SC100200/SC100201/; s/$SALFORD/E08000001/"
no 116 council_id 'not registered here' home register --file wrong.json
home_file wrong.json "s/{\"home\": {/&\"home_id\": \"$home\", /; s/\"age_max_years\": 17/\"age_max_years\": 7/"
no 123 home.age_min_years 'above the oldest' home amend --file wrong.json
no 154 reason 'Say why' bed close "$home" --beds 1 --from today
no 153 beds 'No more beds' bed close "$home" --beds 6 --reason staffing --from today
no 157 bed_number 'numbered' bed reserve "$home" --bed 7 --council $WIGAN --from today
no 166 age_band 'not registered for these ages' vacancy open --home "$home" --ages under-1
home_file wrong.json 's/SC100200/SC100209/; s/childrens_home/supported_accommodation/'
refused rowan 125 home.age_min_years '16 and 17' home register --file wrong.json

tell 'a secure bed is no vacancy, and the national unit is named'
home_file secure.json 's/SC100200/SC100202/; s/childrens_home/secure/; s/Larch House/Elm House/'
act cedar home register --file secure.json --field id
refused cedar 163 - 'Secure Welfare Coordination Unit' \
	vacancy open --home "$said" --ages 10-15

tell 'a wrong command line is one sentence'
wrong 'either a household, or --home' cedar vacancy open "$home" --home "$home" --ages 10-15
wrong 'either a household, or --home' cedar vacancy open
wrong 'belong together' cedar vacancy open --home "$home"
wrong '--ages' cedar vacancy open --home "$home" --ages 10-14
wrong '--type is foster' cedar vacancy close "$vacancy" --type bed
wrong '--type is foster' manchester vacancy list --type secure
wrong 'goes with --type' manchester vacancy list --after "$vacancy"
wrong 'needs --file' cedar home register
wrong '--reason' cedar bed close "$home" --beds 1 --reason holiday --from today
wrong 'is not a whole number' cedar bed close "$home" --beds two --reason staffing --from today
trouble 'no such right' manchester home list --wait 1
[ "$(head_of residential)" -gt "$before" ] || fail 'refusals are recorded'
stop "${SERVICES[@]}"
