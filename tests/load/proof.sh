#!/usr/bin/env bash
# The proof of a run of rcc-load, for a script that has sourced tests/e2e/lib.sh: what was
# heard is what the journals say, the tables are what the journals make, and what was
# followed is what comes out when it is followed again from the first entry.

# What each service has of others': emptied, it is made again by following.
ACCESS=(access-councils access-providers access-people access-keys)

follow_again() { # all services stopped; they are stopped again when it is done
	local name pair
	rm -rf kept && cp -r --sparse=always store kept
	for name in foster residential; do
		"$BIN/rcc-history" --empty "store/$name" cursors "${ACCESS[@]}" || return 1
	done
	"$BIN/rcc-history" --empty store/requests cursors "${ACCESS[@]}" vacancies beds || return 1
	rm -r store/matching store/observatory # their journals hold nothing but witnesses
	start "${SERVICES[@]}"
	ready
	for name in "${SERVICES[@]:1}"; do followed "$name" members; done
	for pair in 'requests foster' 'requests residential' 'matching foster' \
		'matching residential' 'matching requests' 'observatory foster' \
		'observatory residential' 'observatory requests'; do
		# shellcheck disable=SC2086 # two words
		followed $pair
	done
	stop "${SERVICES[@]}"
}

# shellcheck disable=SC2154 # what lib.sh sets
prove() { # <history> <fewest acknowledged commands>: all services stopped; 1 where not so
	local name bad=0
	"$BIN/rcc-history" --least "$2" "$1" store || bad=1
	for name in "${SERVICES[@]}"; do
		"$BIN/rccctl" journal verify --tables "store/$name" --bin "$BIN" >"log/verify-$name" 2>&1 || {
			bad=1
			sed "s|^|$name: |" "log/verify-$name"
		}
	done
	follow_again || return 1
	for name in "${SERVICES[@]}"; do
		"$BIN/rcc-history" --same "kept/$name" "store/$name" || bad=1
	done
	rm -rf kept
	return $bad
}
