#!/usr/bin/env bash
# The disk fills. Twice: by preload (it is full when the store has grown so far) and, where
# this machine lets us mount one, on a real small tmpfs. A service whose disk is full
# tells whoever asks; what was acknowledged is there and can be read while it is full; once
# there is room again it goes on. AT='foster preload' or 'foster tmpfs' runs one.
# shellcheck source=tests/faults/lib.sh
. "$(dirname "$0")/lib.sh"

PART=disk
COMMANDS=1200
BATCH=12 # at once: so many callers find the disk full together
mounted=''

unmount() { # so that the folder can go
	local status=$?
	[ -z "$mounted" ] || umount -l "$mounted" 2>/dev/null || true
	leave $status
}
trap unmount EXIT

set_room() { # <bytes that all files may still grow>
	local i bytes=''
	for ((i = 0; i < 64; i += 8)); do bytes+=\\x$(printf %02x $(($1 >> i & 255))); done
	printf %b "$bytes" | dd of=room conv=notrunc status=none
}

one_command() { # sets words: a command that makes the store grow
	case $victim in
	members) words=(administrator call members.register_person "{\"name\": \"Someone\",
		\"public_key\": \"$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')\", \"grants\": [{\"role\":
		\"commissioner\", \"organisation_id\": \"$WIGAN\", \"from_day\": \"$TODAY\"}]}") ;;
	foster) words=(alder call foster.confirm_vacancy "{\"vacancy_id\": \"$adjoining\"}") ;;
	requests) words=(manchester request submit --emergency "${NEED[@]}" "${CHILD[@]}") ;;
	esac
}

# Commands, some at a time, until the disk is full for one of them.
fill() {
	local i n id
	full='' # what the first was told
	for ((n = 0; n < COMMANDS && ${#full} == 0; n += BATCH)); do
		local askers=() waiting=()
		for ((i = 0; i < BATCH; i++)); do
			one_command
			id=$("$BIN/rccctl" id new)
			waiting[i]="${words[0]} $id"
			printf -v "text$i" '%q ' "${words[@]:1}"
			"$BIN/rccctl" --key "keys/${words[0]}.key" --wait 3 "${words[@]:1}" --id "$id" >"log/said.$i" 2>&1 &
			askers[i]=$!
		done
		for ((i = 0; i < BATCH; i++)); do
			code=0 text=text$i
			wait "${askers[i]}" || code=$?
			said=$(<"log/said.$i")
			case $code in
			0) ledger+=("${waiting[i]} 0 $(printf '%q ' "$said")${!text}") ;;
			1)
				[[ $full == *'no room'* || $full == *'could not write'* ]] || full=$said
				[[ $said == 'rccctl: '* && $said != *$'\n'* ]] || bad "a caller was told: $said"
				;;
			*) bad "a caller left with $code: $said" ;;
			esac
		done
	done
}

# It may end with its sentence; a manager would start it again, and so do we.
keep_up() { # <environment...>
	local i status=0
	for ((i = 0; i < 50; i++)); do
		is_up "$victim" || break
		[ -n "${1:-}" ] || return 0
		sleep 0.02
		[ $i -lt 20 ] || return 0
	done
	wait "${pids[$victim]}" 2>/dev/null || status=$?
	ends=$((ends + 1))
	if [ $status != 1 ] || ! grep -qE "^rcc-$victim: .*store" "log/$victim.log"; then
		bad "it left with $status"
	fi
	start_again
}

try() { # <preload|tmpfs>
	local before head
	case="$victim $1" ledger=() ends=0
	how=$1
	stop "$victim"
	begin
	up "$victim"
	fill
	[ -n "$full" ] || bad "the disk never filled: ${#ledger[@]} commands"
	before=${#ledger[@]}
	count injected
	[[ $full == *'did not answer'* ]] || told=$((told + 1))
	# Nobody is told by it where the disk was full for what it does of itself.
	[[ $full == *'no room left in its store'* || $full == *'could not write to its store'* ||
		$full == *'did not answer'* ]] || bad "whoever found the disk full was told: $full"
	told_full=$full
	sleep 0.2
	is_up "$victim" || keep_up again
	# Full, it still says what it has.
	up "$victim"
	ask administrator head_number call "$victim.health" '{}'
	head=$said
	[ "$head" -ge "$before" ] || bad "of $before acknowledged there are $head"
	ask administrator store_used_percent call "$victim.health" '{}'
	used=$said
	free
	is_up "$victim" || start_again
	up "$victim"
	attempt_again
	check_ledger
	stop "$victim"
	done_with
	check_store "$victim"
	start "$victim"
	up "$victim"
	printf '  %-9s %-8s %4s acknowledged, %2s%% used, then: %s; %s ends by a sentence; went on\n' \
		"$victim" "$1" "$before" "$used" "${told_full#rccctl: }" "$ends"
}

attempt_again() { # there is room: the next command is done
	one_command
	rcc "${words[@]}" --wait 10
	[ "$code" = 0 ] || bad "with room again it says: $said"
}

trimmed() { # <file>: without the room kept ahead
	local last
	last=$(LC_ALL=C grep -obUaP '[^\x00]' "$1" | tail -n 1 | cut -d: -f1)
	truncate -s $((last / 4096 * 4096 + 4096)) "$1"
}

begin() {
	trimmed "store/$victim/data.mdb"
	if [ "$how" = preload ]; then
		printf '\0\0\0\0\0\0\0\0' >room
		set_room $((200 * 1024))
	else
		mkdir -p small
		mount -t tmpfs -o size=$(($(stat -c %s "store/$victim/data.mdb") + 212992)),mode=700 none small
		mounted=$RUN/small
		cp "store/$victim/data.mdb" small/
		mv "store/$victim" kept
		ln -s "$RUN/small" "store/$victim"
	fi
	: >"log/$victim.log"
	start_again
}

start_again() {
	if [ "$how" = preload ]; then
		start_victim FAULTS_ROOM="$RUN/room"
	else
		start "$victim"
	fi
}

free() { # room, as when somebody deleted something
	if [ "$how" = preload ]; then
		set_room $((1 << 30))
	else
		mount -o remount,size=64m "$mounted"
	fi
}

done_with() {
	[ "$how" = tmpfs ] || return 0
	rm "store/$victim" && cp -r small "store/$victim"
	umount "$mounted"
	mounted=''
	rm -rf kept
}

open_region
sed -i 's/^room_mib = .*/room_mib = 1/' config/*.conf
can_mount='' told=0
mkdir -p probe
if mount -t tmpfs -o size=1m none probe 2>log/mount; then
	umount probe
	can_mount=1
fi
for victim in foster members requests; do
	[[ -z $AT || $AT == "$victim preload" ]] && try preload
	[[ -n $can_mount && (-z $AT || $AT == "$victim tmpfs") ]] && try tmpfs
done
victim=''
[ -n "$AT" ] || [ $told -ge 2 ] || bad 'hardly anybody was told by the service itself'
[ -n "$can_mount" ] && echo '  the disk was full by preload, and on a real tmpfs with 200 KiB left' ||
	echo "  the disk was full by preload alone: $(cat log/mount)"
[ $bads = 0 ]
