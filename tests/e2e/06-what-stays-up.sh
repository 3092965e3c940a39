#!/usr/bin/env bash
# What stays up when something is down. With members dead every step of an emergency goes
# on, also after a restart. With foster dead a decision is recorded and its hold is owed
# until foster is back. With matching dead the vacancies are listed. With everything else
# dead, an emergency request is taken.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region

tell 'members dead: an emergency, from the need to the start'
crash members
submit manchester
ok manchester request shortlist "$request"
act manchester request circulate "$request" "$adjoining" --minutes 60
act alder offer interest "$request"
act manchester request open "$request" "$alder" --level L2
crash requests foster
start requests foster
offer alder "$request" "$adjoining"
act manchester request decide "$request" "$offer" --reason 'best meets needs'
is_state held manchester "$request"
act alder offer confirm "$offer"
is_state confirmed manchester "$request"
act manchester-officer request approve "$request" "${GROUNDS[@]}"
act manchester request open "$request" "$alder" --level L3
act manchester request start "$request" --day today
is_state started manchester "$request"

tell 'how old the copy of members was stands in what was written'
"$BIN/rccctl" journal show --store store/requests --type start_ordered --json >log/entries
grep -q '"members_copy_age_ms"' log/entries || fail 'the age of the copy in the event'

tell 'members dead: who is not known stays unknown, and status says who is missing'
trouble 'did not answer' manchester call members.councils '{}' --wait 1
rcc manchester status
same 'the status' 1 "$code"
[[ $said =~ members\ +no\ answer ]] || fail 'members without an answer'
start members
ready

tell 'foster dead: need, shortlist, circulation, offer and decision are recorded'
crash foster
submit manchester
ok manchester request shortlist "$request"
act manchester request circulate "$request" "$near" --minutes 60
offer team "$request" "$near"
act manchester request decide "$request" "$offer" --reason 'only offer'
is_state decided manchester "$request"
trouble 'foster did not answer' manchester vacancy list --wait 1
ask administrator owed_calls call requests.health '{}'
same 'calls owed' 1 "$said"

tell 'the hold is owed across a crash of who owes it, and comes when foster is back'
crash requests
start requests
is_state decided manchester "$request"
start foster
is_state held manchester "$request"
until_is 0 administrator owed_calls call requests.health '{}'

tell 'matching dead: vacancies are listed; the shortlist says what is missing'
crash matching
ask manchester 'vacancies[].vacancy_id' vacancy list
same 'vacancies' 3 "$(wc -l <<<"$said")"
trouble matching manchester request shortlist "$request" --wait 1
start matching
ok manchester request shortlist "$request"

tell 'everything else dead: an emergency request is taken'
crash members foster matching
began=$EPOCHREALTIME
submit manchester
took_ms=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
[ $took_ms -lt 5000 ] || fail "an answer at once, not after $took_ms ms"
start members foster matching
ready
act manchester request circulate "$request" "$near" "$adjoining" --minutes 60
ok manchester request shortlist "$request"
stop "${SERVICES[@]}"
