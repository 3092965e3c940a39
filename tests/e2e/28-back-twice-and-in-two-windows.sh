#!/usr/bin/env bash
# What becomes of a form that is sent twice, sent again after going back and changing it, or left
# open while somebody else acts: done once, or refused with what to do next; nothing that was
# typed is lost, and no page says what is not so.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web.sh
. "$ROOT/tests/e2e/web.sh"

open_region
echo 'option = sign-in-links' >>config/members.conf
stop members
start members
up members
person deputy commissioner $MANCHESTER
followed requests members
start_gateway

for one in manchester deputy; do
	ask "$one" person.person_id call members.self '{}'
	link "$said" sign_in
	visit "$one" "/link/$made"
	post "$one" "/link/$made"
	is 303
done

need=(urgency=emergency "needed_by_day=$TODAY" 'home_sector=M14 5' family_first=not_yet
	children.0.sex=male)
aged=children.0.age_years=8

opened() { # puts the last page's form aside, as a window that stays open
	forms=$body
}
go_back() { # to it
	body=$forms
}
seen() { # of a draft's form
	grep -oE 'name="seen" value="[^"]*"' <<<"$body" | cut -d'"' -f4
}

tell 'a form that was refused is sent again from the page before: it says what was not sent'
visit manchester /needs/new
opened
post manchester /needs/new "${need[@]}" children.0.age_years=18 button=save-when
is 422
go_back
post manchester /needs/new "${need[@]}" children.0.age_years=17 button=save-when
is 422 'This form was sent before, with other answers'
is 422 'value="M14 5"'
post manchester /needs/new "${need[@]}" "$aged" button=save-when
is 303
draft=${location%#*}

tell 'two people have a draft open: who saves second is told before the first is overwritten'
visit deputy "$draft"
is 200
theirs=$body
visit manchester "$draft"
mine=$body
body=$theirs
post deputy "$draft" "seen=$(seen)" "${need[@]}" "$aged" miles_max=20 button=save-suits
is 303
body=$mine
post manchester "$draft" "seen=$(seen)" "${need[@]}" "$aged" miles_max=30 button=save-suits
is 422 'saved this draft today'
is 422 'value="30"'
again=$body
visit manchester "$draft"
is 200 'value="20"'
body=$again
post manchester "$draft" "seen=$(seen)" "${need[@]}" "$aged" miles_max=30 button=save-suits
is 303
visit manchester "$draft"
is 200 'value="30"'
post manchester "$draft" "seen=$(seen)" "${need[@]}" "$aged" miles_max=40 button=save-suits
is 303

tell 'a draft is sent twice, once with other ticks: one need, and no word that nobody was asked'
visit manchester "$draft/check"
is 200
opened
post manchester "$draft/check" "${need[@]}" "$aged" "vacancy_ids=$near"
is 303
sent=$location
go_back
post manchester "$draft/check" "${need[@]}" "$aged" "vacancy_ids=$near"
leads "$sent"
go_back
post manchester "$draft/check" "${need[@]}" "$aged" "vacancy_ids=$near" "vacancy_ids=$adjoining"
leads "${sent%\?*}?done=sent-before"
visit manchester "$location"
is 200 'What was ticked this time was not sent'
[[ $body != *'No provider has been asked'* ]] || fail 'nothing that is not so'

tell 'a draft that was dropped meanwhile is kept anew with what was to be sent'
visit manchester /needs/new
post manchester /needs/new "${need[@]}" "$aged" button=check
is 303
draft=${location%/check}
visit manchester "$draft/check"
opened
fill deputy "$draft/drop"
leads '/needs?done=draft-dropped'
go_back
post manchester "$draft/check" "${need[@]}" "$aged" "vacancy_ids=$near"
is 303
[[ $location == /needs/draft/*'?done=kept-anew' ]] || fail "a new draft, not $location"
anew=$location
go_back
post manchester "$draft/check" "${need[@]}" "$aged" "vacancy_ids=$near"
leads "$anew"
visit manchester "$anew"
is 200 'kept as this new draft'
is 200 'value="M14 5"'

tell 'a vacancy that was ticked closes before it is sent: the need is recorded, and others can be asked'
visit manchester "${anew%\?*}/check"
act alder call foster.close_vacancy "{\"vacancy_id\": \"$adjoining\"}"
post manchester "${anew%\?*}/check" "${need[@]}" "$aged" "vacancy_ids=$adjoining"
is 303
[[ $location == /needs/*/shortlist'?done=not-asked' ]] || fail "the list of homes, not $location"
visit manchester "$location"
is 200 'nobody was asked'
is 200 "value=\"$near\""
