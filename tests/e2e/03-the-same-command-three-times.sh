#!/usr/bin/env bash
# The same command is sent three times, as after an answer that got lost: it has one effect
# and one answer, also across a crash; a refusal is repeated too. The same id with another
# body, or for another organisation, is refused.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region

id=''
thrice() { # <key> <words...>: one effect, one answer; requests dies between the sendings
	local before first
	id=$("$BIN/rccctl" id new)
	before=$(head_of requests)
	ok "$@" --id "$id" --json
	first=$said
	ok "$@" --id "$id" --json
	same 'the second answer' "$first" "$said"
	crash requests
	start requests
	ok "$@" --id "$id" --json
	same 'the answer after a crash' "$first" "$said"
	said=$first
}
events() { # <type>: how many requests has recorded
	"$BIN/rccctl" journal show --store store/requests --type "$1" --json | wc -l
}
value() { # <field>: of the JSON in said
	sed -nE "s/^ *\"$1\": \"?([^\",]*)\"?,?$/\1/p" <<<"$said"
}

tell 'a request'
before=$(head_of requests)
thrice manchester request submit --emergency "${NEED[@]}" "${CHILD[@]}"
request=$(value request_id)
same 'entries written' $((before + 1)) "$(head_of requests)"
submitted=$id

tell 'the same id with another body'
refused manchester 2 message_id 'used for another command' request submit --emergency "${NEED[@]}" \
	--child age=9,sex=male --id "$submitted"
refused manchester 2 message_id 'used for another command' request withdraw "$request" \
	--reason 'entered in error' --id "$submitted"
same 'entries written' $((before + 1)) "$(head_of requests)"
is_state submitted manchester "$request"

tell 'the same id of somebody else is another command'
ok salford request submit --emergency "${NEED[@]}" "${CHILD[@]}" --id "$submitted" \
	--field request_id
[ "$said" != "$request" ] || fail 'a request of its own'
same 'requests recorded' 2 "$(events request_submitted)"

tell 'each step of a journey'
thrice manchester request circulate "$request" "$near" --minutes 60
thrice team offer interest "$request"
thrice manchester request open "$request" "$team" --level L2
thrice team offer make "$request" "$near" --fee 800 --start today
offer=$(value id)
thrice manchester request decide "$request" "$offer" --reason 'only offer'
is_state held manchester "$request"
thrice team offer confirm "$offer"
is_state confirmed manchester "$request"
thrice manchester request start "$request" --day today
is_state started manchester "$request"
thrice manchester request end "$request" --day today --reason 'care plan'
is_state ended manchester "$request"
for type in request_circulated interest_shown level_opened offer_made placement_decided \
	offer_confirmed start_ordered placement_started placement_ended; do
	same "$type recorded" 1 "$(events $type)"
done

tell 'a refusal is repeated, word for word, also when it would not be one any more'
submit manchester
id=$("$BIN/rccctl" id new)
refused manchester 131 - 'Circulate the request' request decide "$request" "$offer" \
	--reason 'only offer' --id "$id"
first=$said
act manchester request circulate "$request" "$near" --minutes 60
refused manchester 131 - 'Circulate the request' request decide "$request" "$offer" \
	--reason 'only offer' --id "$id"
same 'the refusal' "$first" "$said"

tell 'an id from the future, or of last year, is refused and leaves nothing'
before=$(heads)
refused manchester 3 message_id '30 days' request withdraw "$request" --reason 'entered in error' \
	--id 01ex3zv1z8n4k7q2m9c5r6t0wd
refused manchester 3 message_id '30 days' request withdraw "$request" --reason 'entered in error' \
	--id 7zx3zv1z8n4k7q2m9c5r6t0wdh
same 'the journals' "$before" "$(heads)"
is_state circulated manchester "$request"
