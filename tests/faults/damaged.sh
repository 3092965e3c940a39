#!/usr/bin/env bash
# Stores that something happened to while nobody looked: cut short, a byte flipped, a
# file left behind, replaced or not allowed. AT='foster flip 40960 3' tries one again.
#
# A service either does not open it, with one sentence that names the store; or it ends
# while it reads, with one; or it serves, and then every answer is the right one. LMDB has
# no checksums: where a flipped byte makes it crash, or lies in a row of a table, `journal
# verify --tables` must say so; and where the row was followed from another service, which
# no journal here can tell, following again from the first entry on must mend it.
# shellcheck source=tests/faults/lib.sh
. "$(dirname "$0")/lib.sh"

FLIPS=${FLIPS:-60}
PART=damaged
victim=foster
refused=0 served=0 crashed=0 told_by_verify=0 followed_again=0

spoil() { # <what> <where> <how>: does that to a fresh copy of the good store
	rm -rf "store/$victim"
	cp -r good "store/$victim"
	local data=store/$victim/data.mdb lock=store/$victim/lock.mdb
	case $1 in
	cut) truncate -s "$2" "$data" ;;
	flip) flip_bit "$data" "$2" "$3" ;;
	lock) case $2 in
		random) head -c 8192 /dev/urandom >"$lock" ;;
		short) head -c 100 /dev/urandom >"$lock" ;;
		empty) : >"$lock" ;;
		gone) rm "$lock" ;;
		folder) rm "$lock" && mkdir "$lock" ;;
		left) ;; # as the process left it that was killed
		esac ;;
	data) case $2 in
		folder) rm "$data" && mkdir "$data" ;;
		random) head -c 100000 /dev/urandom >"$data" ;;
		text) echo 'This was a store.' >"$data" ;;
		newer) # LMDB's number of its format, in both root pages
			printf '\002' | dd of="$data" bs=1 seek=20 conv=notrunc status=none
			printf '\002' | dd of="$data" bs=1 seek=4116 conv=notrunc status=none
			;;
		esac ;;
	store) case $2 in
		file) rm -rf "store/$victim" && : >"store/$victim" ;;
		gone) rm -rf store ;;
		esac ;;
	mode) chmod "$3" "store/$victim${2#.}" ;;
	esac
}

flip_bit() { # <file> <offset> <bit>
	local byte
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	# shellcheck disable=SC2059 # the format is the byte
	printf "\\x$(printf %02x $((byte ^ (1 << $3))))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

mend() {
	if [ -d "store/$victim" ]; then chmod -R u+rwX "store/$victim" 2>/dev/null || true; fi
	rm -rf "store/$victim"
	mkdir -p store
}

verify_names_it() {
	local status=0
	TMPDIR=$RUN timeout 60 "$BIN/rccctl" journal verify "store/$victim" --tables \
		>log/verified 2>&1 || status=$?
	[ $status = 4 ]
}

# Is the damage in nothing but the copies of what members wrote? No journal of this service
# makes these: they are thrown away, and followed again from the first entry on.
follows_again() {
	"$BIN/rcc-history" --empty "store/$victim" cursors access-councils access-providers \
		access-people access-keys >log/emptied 2>&1 || return 1
	serve_it
	[ "$status" = 0 ] && [ -z "$wrong" ]
}

serve_it() { # starts it and asks; sets status, wrong
	local pid i
	wrong='' status=0
	: >"log/$victim.log"
	"${as[@]}" "$BIN/rcc-$victim" --config "config/$victim.conf" >>"log/$victim.log" 2>&1 &
	pids[$victim]=$!
	pid=$!
	for ((i = 0; i < 300; i++)); do
		is_up "$victim" || break
		[[ $(<"log/$victim.log") != *ev=service.ready* ]] || break
		sleep 0.01
	done
	for i in "${!questions[@]}"; do
		is_up "$victim" || break
		# shellcheck disable=SC2086 # words
		ANSWER_S=2 ask_once ${questions[i]}
		[ "$code" = 1 ] || [ "$code $said" = "${answers[i]}" ] || wrong="${questions[i]}: $said"
	done
	kill -TERM "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || status=$?
	unset "pids[$victim]"
}

attack() { # <what> <where> <how> [refused: it must not open]
	case="$victim $1 $2 ${3:-0}"
	[ -z "${ALOUD:-}" ] || echo "  $case" >&2
	spoil "$1" "$2" "${3:-0}"
	[ ${#as[@]} = 0 ] || chown -R 65534:65534 "store/$victim"
	serve_it
	count injected
	case $status in
	0)
		if [ -n "$wrong" ]; then
			spoil "$1" "$2" "${3:-0}"
			if [ "$1" = flip ] && verify_names_it; then
				told_by_verify=$((told_by_verify + 1))
			elif told=$wrong && [ "$1" = flip ] && follows_again; then
				followed_again=$((followed_again + 1))
			else
				bad "a wrong answer to $told; verify says: $(<log/verified); then: $wrong"
			fi
		else
			served=$((served + 1))
		fi
		[ "${4:-}" != refused ] || bad 'it was served'
		;;
	1)
		[ "$(grep -cE "^rcc-$victim: .*store/$victim" "log/$victim.log")" = 1 ] ||
			bad 'it left without one sentence that names the store'
		refused=$((refused + 1))
		;;
	13[4-9])
		spoil "$1" "$2" "${3:-0}"
		verify_names_it || bad "it crashed ($status), and verify says: $(<log/verified)"
		crashed=$((crashed + 1))
		;;
	*) bad "it left with $status" ;;
	esac
	mend
}

open_region
victim=foster
submit manchester
act manchester request circulate "$request" "$adjoining" --minutes 60
offer alder "$request" "$adjoining"
act manchester request decide "$request" "$offer" --reason 'best meets needs'
is_state held manchester "$request"
as=()
confirm_id=$("$BIN/rccctl" id new)
ok alder vacancy confirm "$adjoining" --id "$confirm_id"
crash foster # so that its lock file is left behind
cp -r store/foster good
start foster
up foster
questions=(
	'administrator call foster.health {} --field head_number'
	"alder vacancy confirm $adjoining --id $confirm_id"
	"alder vacancy show $adjoining_household"
	"team vacancy show $near_household"
	"birch vacancy show $distant_household"
	"manchester vacancy list --type foster"
)
answers=()
for question in "${questions[@]}"; do
	# shellcheck disable=SC2086
	rcc $question
	answers+=("$code $said")
done
stop foster
used=$(LC_ALL=C grep -obUaP '[^\x00]' good/data.mdb | tail -n 1 | cut -d: -f1)
used=$(((used / 4096 + 1) * 4096))
[ "$used" -gt 40960 ] || fail 'a store of some pages'

if [ -n "$AT" ]; then
	read -r _ what where how <<<"$AT"
	attack "$what" "$where" "$how"
	tail -n 3 log/foster.log
	[ $bads = 0 ]
	exit
fi

attack lock left # the good store, with what a killed process leaves
[ $served = 1 ] || bad "the good store is not served: $wrong"
for what in random short empty gone; do attack lock $what; done
[ $served = 5 ] || bad 'a lock file is nothing that a store depends on'
attack lock folder 0 refused
for size in 0 1 100 4096 8192 12288 $((used / 2)) $((used / 2 / 4096 * 4096)) $((used - 4096)); do
	attack cut "$size" 0 refused
done
attack cut "$used" # the room kept ahead is nobody's
for what in folder random text newer; do attack data $what 0 refused; done
attack store file 0 refused
attack store gone 0 refused
if [ "$(id -u)" = 0 ] && as=(setpriv --reuid 65534 --regid 65534 --clear-groups) && "${as[@]}" true 2>/dev/null; then
	# An administrator may everything; so as somebody else, to whom all the rest is open.
	chown -R 65534:65534 "$RUN"
	for what in . /data.mdb /lock.mdb; do
		for mode in 000 400 500; do attack mode $what $mode; done
	done
	[ $refused -ge 15 ] || bad 'a store that may not be written was served'
	chown -R 0:0 "$RUN"
	as=()
fi
for ((offset = 0; offset < 2 * 4096; offset += offset % 4096 == 150 ? 3946 : 10)); do
	attack flip $offset $((RANDOM % 8)) # in the root pages
done
for ((i = 0; i < FLIPS; i++)); do
	attack flip $((8192 + (RANDOM * 32768 + RANDOM) % (used - 8192))) $((RANDOM % 8))
done
printf '  damaged stores: %s refused or ended by a sentence, %s served and right, %s crashed, %s named by verify --tables alone, %s in what was followed, and mended by following again\n' \
	"$refused" "$served" "$crashed" "$told_by_verify" "$followed_again"
[ $bads = 0 ]
