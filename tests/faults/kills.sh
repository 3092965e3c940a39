#!/usr/bin/env bash
# Every service is killed with -9, again and again, while many people work; each is started
# again by and by. Then: was anything acknowledged that is not there? rcc-history proves it
# from what the people heard and from the journals alone.
# KILLS= and LEAST= (acknowledged commands) say how much is enough.
# shellcheck source=tests/faults/lib.sh
. "$(dirname "$0")/lib.sh"

KILLS=${KILLS:-54}
LEAST=${LEAST:-50000}
PART=kills
case="of $KILLS"
kills=0
declare -A of=() # kills, by service

open_services
"$BIN/rcc-load" --run "$RUN" --history "$RUN/history" --seed "$SEED" \
	--commands $((LEAST + LEAST / 8)) --patience 180 >log/load 2>&1 &
load=$!
pids[load]=$load

while kill -0 "$load" 2>/dev/null; do
	sleep "0.$((RANDOM % 10))"
	[ $kills -lt $((KILLS * 3)) ] || break
	victim=${SERVICES[kills % ${#SERVICES[@]}]}
	[ $((RANDOM % 4)) != 0 ] || victim=${SERVICES[RANDOM % ${#SERVICES[@]}]}
	crash "$victim"
	count kills
	kills=$((kills + 1)) of[$victim]=$((${of[$victim]:-0} + 1))
	sleep "0.$((RANDOM % 5))"
	start "$victim"
done
status=0
wait "$load" || status=$?
unset 'pids[load]'
victim=''
[ $status = 0 ] || bad "rcc-load left with $status: $(tail -n 2 log/load)"
for name in "${SERVICES[@]}"; do
	is_up "$name" || bad "$name was not up at the end: $(tail -n 2 "log/$name.log")"
done
ready # asked to stop before it listens for that, the last one killed would just end
stop "${SERVICES[@]}"
"$BIN/rcc-history" --least "$LEAST" history store >log/history 2>&1 || bad "rcc-history: $(tail -n 12 log/history)"
for name in "${SERVICES[@]}"; do check_store "$name"; done
[ $kills -ge "$KILLS" ] || bad "only $kills kills"
acknowledged=$(tail -n 1 log/history | grep -oE '[0-9]+ acknowledged' | cut -d' ' -f1)
count acknowledged "${acknowledged:-0}"
printf '  kills:'
for name in "${SERVICES[@]}"; do printf ' %s %s' "$name" "${of[$name]:-0}"; done
printf '\n  %s\n' "$(tail -n 1 log/history)"
[ $bads = 0 ]
