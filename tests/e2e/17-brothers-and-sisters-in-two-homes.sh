#!/usr/bin/env bash
# Three siblings whom no one home can take live apart in the way that was permitted: the
# sisters in a household, their brother in a children's home of another owner. Both are
# held, nothing is confirmed until both have said yes, each start waits for its approval,
# and they move in together. What officers read of need and supply moves by exactly these
# children and places, at every step; and each bidder learns of its part alone.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
open_homes
home cedar $WIGAN 'WN1 1' SC100200 4 3
beds_for cedar "$home" 10-15
larch=$made
followed requests residential
followed matching residential

figure() { # <name>: of the whole co-operative
	awk -v name="$1" '$1 == name { n = $2 } END { print n + 0 }' log/figures
}

figures() { # sets said: open waiting placed, filled free held, own adjoining distant, together apart
	local name line=''
	ask officer 'lines[0].figures[].metric' sufficiency
	cp /dev/stdin log/names <<<"$said"
	ask officer 'lines[0].figures[].count' sufficiency # percentages come last
	paste -d' ' log/names <(echo "$said") >log/figures
	for name in open waiting placed filled free held own_area adjoining at_a_distance \
		together apart; do
		line+="$(figure $name) "
	done
	said=${line% }
}

count() { # <what happened> <the figures expected, in that order>: waits until they are
	local i
	for ((i = 0; i < 400; i++)); do
		figures
		[ "$said" != "${*:2}" ] || return 0
		sleep 0.05
	done
	same "open waiting placed, filled free held, own adjoining distant, together apart: $1" \
		"${*:2}" "$said"
}

states() { # <of each part, in one line>
	ask manchester 'request.journeys[].state' request show "$request"
	same 'the state of each part' "$*" "$(paste -sd' ' <<<"$said")"
}

tell 'the figures before: 8 places in three households, 3 beds with staff'
count before 0 0 0  0 11 0  0 0 0  0 0
ok officer sufficiency --json
printf '%s\n' "$said" >before.json
cp log/figures log/before

tell 'three siblings; how they may live apart is stated'
submit manchester --siblings --may-split 'A,B/C' --child age=5,sex=female --child age=8,sex=female \
	--child age=14,sex=male,needs=trauma:high
count submitted 3 0 0  0 11 0  0 0 0  0 0

tell 'no home for all, with the reason for each; then each part, homes beside households'
ask manchester suitable request shortlist "$request"
printf '%s\n' "$said"
