#!/usr/bin/env bash
# A journal says whether it is what was written. A good one holds, and is shown entry by
# entry, while its service runs and after; a copy with one byte flipped holds (the byte was
# nobody's), names its first bad entry or is unreadable, and reading it never crashes; a
# chain other than the one expected is named as that. SEED= chooses the bytes.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
SEED=${SEED:-$RANDOM}
RANDOM=$SEED
tell "SEED=$SEED"
submit manchester
act manchester request circulate "$request" "$near" "$adjoining" --minutes 60
offer alder "$request" "$adjoining"
act manchester request decide "$request" "$offer" --reason 'best meets needs'
is_state held manchester "$request"

verify() { # <store> [options]: sets said and code
	code=0
	said=$("$BIN/rccctl" journal verify --store "$@" 2>&1) || code=$?
}
head_in() { # what verify said of the head
	sed -nE 's/^Its head, for --head: //p' <<<"$said"
}

tell 'while the services run'
for name in members foster requests; do
	verify "store/$name"
	same "status of verify for $name" 0 "$code"
	[[ $said == 'The journal holds: '*' each as it was written.'* ]] || fail "$name holds"
done
old_head=$(head_in)
cp -r store/requests old_requests

tell 'after they have stopped: every entry is shown'
act alder offer confirm "$offer"
is_state confirmed manchester "$request"
numbers=$(heads)
stop "${SERVICES[@]}"
for name in "${SERVICES[@]}"; do
	"$BIN/rccctl" journal show --store "store/$name" --json >log/entries
	wc -l <log/entries
done | paste -sd' ' >log/counts
same 'entries shown' "$numbers" "$(<log/counts)"
"$BIN/rccctl" journal show --store store/requests --type place_held >log/entries
grep -q "\"request_id\": \"$request\"" log/entries || fail 'the hold among the entries'
grep -q '^1 entries' log/entries || fail 'one such entry'

tell 'the chain that is expected'
verify store/requests
head=$(head_in)
verify store/requests --head "$head"
same 'status with its own head' 0 "$code"
verify store/requests --head "$old_head"
same 'status with an earlier head' 0 "$code"
verify old_requests --head "$head"
same 'status of a journal that lost its end' 4 "$code"
[[ $said == *'not the chain expected'* ]] || fail 'the end that is missing, named'
verify store/requests --head "${old_head%%:*}:${head#*:}"
same 'status with another chain' 4 "$code"
[[ $said == *'not the chain expected'* ]] || fail 'the other chain, named'
verify store/requests --head 7:abc
same 'status of a head that is none' 2 "$code"

tell 'what the journals beside it saw of it'
verify store/requests
[[ $said == *'None of the journals beside it has witnessed requests.'* ]] ||
	fail 'nothing witnessed within the hour'
verify old_requests --witnesses store
same 'status where it is not said whose journal it is' 2 "$code"
verify old_requests --witnesses store --service requests
same 'status of one that nobody contradicts' 0 "$code"

flip() { # <file> <offset>: all the bits of that byte
	local byte
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	# shellcheck disable=SC2059 # the format is the byte
	printf "\\x$(printf %02x $((byte ^ 255)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
holds=0 named=0 unreadable=0
judge() { # <offset>: of foster's file, flipped in a copy
	cp store/foster/data.mdb copy/foster/data.mdb
	flip copy/foster/data.mdb "$1"
	verify copy/foster
	case $code,$said in
	0,'The journal holds: '*) holds=$((holds + 1)) ;;
	4,'Entry '*' is not as it was written: '*) named=$((named + 1)) ;;
	4,'The journal is unreadable: '*) unreadable=$((unreadable + 1)) ;;
	*) fail "a verdict on the copy with byte $1 flipped" ;;
	esac
}

tell 'one byte, anywhere'
mkdir copy
cp -r store/foster copy/foster
size=$(stat -c %s store/foster/data.mdb)
for ((i = 0; i < 20; i++)); do judge $(((RANDOM * 32768 + RANDOM) % size)); done
tell 'one byte of those that are not zero: most of the file is room'
cmp -l store/foster/data.mdb <(head -c "$size" /dev/zero) >log/used || true
mapfile -t used < <(awk '{ print $1 - 1 }' log/used)
[ ${#used[@]} -gt 5000 ] || fail 'a journal of thousands of bytes'
for ((i = 0; i < 60; i++)); do judge "${used[(RANDOM * 32768 + RANDOM) % ${#used[@]}]}"; done
tell "$holds held, $named named their entry, $unreadable were unreadable"

tell 'one byte of what was recorded'
named=0
mapfile -t used < <(grep -abo 'Wren Ottery' store/foster/data.mdb | cut -d: -f1)
for offset in "${used[@]}"; do judge "$offset"; done
[ $named -ge 3 ] || fail 'each of three households in the journal, named by its entry'
same 'what no byte was flipped in' "$(sha256sum <store/foster/data.mdb)" \
	"$(cp store/foster/data.mdb copy/foster/ && sha256sum <copy/foster/data.mdb)"

tell 'no journal at all'
mkdir empty
verify empty
[ "$code" = 4 ] || fail 'an empty folder is no journal'
verify nowhere
[ "$code" = 4 ] || fail 'a folder that is not there is no journal'
