#!/usr/bin/env bash
# The invented region goes in through the front door: a small region, the load killed on
# the way and gone on with, every command answered with yes, homes and households as they
# were planned. All England's councils at a hundredth of their size load just so. What is
# not a region, or another one than was begun, is refused with a sentence.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

load() { # <options...>: rcc-region; sets said and code
	code=0
	said=$("$BIN/rcc-region" --load --run "$RUN" "$@" 2>&1) || code=$?
}

count() { # <key> <path> <words...>: how many stand there in the answer
	ask "$@"
	[ -z "$said" ] && said=0 || said=$(wc -l <<<"$said")
}

forget() { # a new co-operative in place of the old
	stop "${SERVICES[@]}"
	rm -rf store keys log config sockets peers.conf region.plan
}

tell 'what is not a region'
for words in '--scale wales' '--scale 2' '--households 5' '--homes many' '--load --print'; do
	code=0
	# shellcheck disable=SC2086 # words, not one
	said=$("$BIN/rcc-region" --print $words 2>&1) || code=$?
	[ "$code" = 2 ] || fail "rcc-region says no to $words"
done
mkdir tables
code=0
said=$("$BIN/rcc-region" --print --data tables 2>&1) || code=$?
[[ $code = 1 && $said == *'councils.csv cannot be read'* ]] || fail 'the missing table is named'

tell 'a small region, killed on the way'
open_services
"$BIN/rcc-region" --load --run "$RUN" --scale 0.1 --seed 3 >load.log 2>&1 &
loader=$!
for ((i = 0; i < 200; i++)); do
	[ "$(head_of foster)" -lt 200 ] || break
	sleep 0.02
done
kill -KILL "$loader" 2>/dev/null || true
wait "$loader" 2>/dev/null || true

tell 'another region is not gone on with, this one is'
load --seed 4
[[ $code = 1 && $said == *'begun with --seed 3'* ]] || fail 'another seed is refused'
load --scale 0.2
[[ $code = 1 && $said == *'--households 200 --homes 22'* ]] || fail 'another size is refused'
load --scale 0.1 --seed 3
[ "$code" = 0 ] || fail 'the load goes on'
[[ $said == *'is loaded'* ]] || fail 'the load says that it is done'
load
[[ $code = 0 && $said == *'loaded before; nothing was sent'* ]] || fail 'it is not loaded twice'

tell 'homes and households of the plan are there, and nothing was refused'
key=$(awk -F '\t' '$2 == "placement officer" && $4 ~ /Children.s Homes/ { print $1; exit }' \
	keys/README)
count "${key%.key}" 'homes[].home_id' call residential.homes '{}'
[ "$said" -gt 0 ] || fail 'an owner sees its homes'
count manchester-commissioner 'vacancies[].vacancy_id' call residential.vacancies '{"limit": 200}'
[ "$said" -gt 5 ] || fail 'homes have vacancies'
ask manchester-commissioner 'vacancies[].beds.free' call residential.vacancies '{"limit": 200}'
[[ $said != *-* ]] || fail 'no home has fewer beds than none'

tell 'all England, small'
forget
open_services
load --scale england --households 450
[ "$code" = 0 ] || fail 'England is loaded'
count cooperative-officer 'councils[].council_id' call members.councils '{}'
same 'councils of England' 153 "$said"
