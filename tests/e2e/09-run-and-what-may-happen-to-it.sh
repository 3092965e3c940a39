#!/usr/bin/env bash
# What `make run` does on a machine where things go wrong: a second one in the same folder,
# a socket in use, no room on disk, a folder of something else: one clear sentence each.
# Services killed with -9 while the journeys are told are started again, the journeys end, and
# nothing is left running. A later start finds everything where it was.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
here=$RUN/co runner=''

# shellcheck disable=SC2317 # called by a trap
finish() { # the runner stops what it started before its folder goes
	local status=$?
	if [ -n "$runner" ]; then
		kill -TERM "$runner" 2>/dev/null || true
		wait "$runner" 2>/dev/null || true
	fi
	leave $status
}
trap finish EXIT

parent_of() { # <pid>: prints the pid of its parent; nothing once it is gone
	local line
	{ line=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
	awk '{ print $2 }' <<<"${line##*) }"
}

services_of() { # <pid of deploy/run>: name and pid of each service below it
	local proc pid exe keeper
	for proc in /proc/[0-9]*; do
		pid=${proc#/proc/}
		exe=$(readlink "$proc/exe" 2>/dev/null) || continue
		case $exe in "$BIN"/rcc-*) ;; *) continue ;; esac
		keeper=$(parent_of "$pid")
		[ -z "$keeper" ] || [ "$(parent_of "$keeper")" != "$1" ] || echo "${exe##*/rcc-} $pid"
	done
}

nobody_left() { # no process has its folder there
	local proc
	for proc in /proc/[0-9]*; do
		[ "$(readlink "$proc/cwd" 2>/dev/null)" != "$here" ] ||
			fail "no process left in $here, but: $(tr '\0' ' ' <"$proc/cmdline")"
	done
}

runner() { # [variables...]: deploy/run in the background; runner is its pid
	env RUN="$here" "$@" "$ROOT/deploy/run" >run.log 2>&1 &
	runner=$!
}

said_by_runner() { # <words>: waits until it has said them
	local i
	for ((i = 0; i < 1200; i++)); do
		! grep -qF -- "$1" run.log || return 0
		kill -0 "$runner" 2>/dev/null || break
		sleep 0.05
	done
	said=$(<run.log)
	fail "'$1' from deploy/run"
}

ended() { # <status>: of deploy/run
	code=0
	wait "$runner" || code=$?
	said=$(tail -n 15 run.log)
	same 'the status of deploy/run' "$1" "$code"
}

one_sentence() { # <words> <command...>: ends with 1; one line, below its log, says why
	code=0
	said=$("${@:2}" 2>&1 >/dev/null | grep -v ^lvl=) || code=$?
	same "the status of ${*:2}" 1 "$code"
	[[ $said == *": "*"$1"* && $said != *$'\n'* ]] || fail "one sentence with '$1'"
}

tell 'a first start; the first journey begins'
runner ONCE=1 PACE=0.8
said_by_runner '--- 1. The need'

tell 'a second one in the same folder'
one_sentence 'is running in' env RUN="$here" ONCE=1 "$ROOT/deploy/run"

tell 'one service after the other is killed with -9 while the journeys are told'
kills=0 kept=("${SERVICES[@]}" gateway)
while kill -0 "$runner" 2>/dev/null && [ $kills -lt $((2 * ${#kept[@]})) ]; do
	running=$(services_of "$runner")
	victim=${kept[kills % ${#kept[@]}]}
	if [ "$(wc -l <<<"$running")" = ${#kept[@]} ]; then
		# It may be gone: the last journey has just ended.
		kill -KILL "$(awk -v n="$victim" '$1 == n { print $2 }' <<<"$running")" 2>/dev/null || continue
		kills=$((kills + 1))
	fi
	sleep 0.25
done
ended 0
[[ $said == *'has become two placements.'*'All services have stopped.' ]] ||
	fail 'the end of the journeys and of the services'
for name in "${kept[@]}"; do
	grep -q "^rcc-$name was killed by signal 9" run.log || fail "a word of the end of rcc-$name"
done
tell "$kills kills"
nobody_left

tell 'a later start is ready within 5 s, tells both journeys anew and stays up until told'
began=$EPOCHREALTIME
runner ONCE=
said_by_runner '--- 1. The need'
took_ms=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
[ $took_ms -lt 5000 ] || fail "ready within 5 s, not after $took_ms ms"
said_by_runner 'Stop it with Ctrl-C.'
RCC_PEERS=$here/peers.conf "$BIN/rccctl" --key "$here/keys/manchester-commissioner.key" \
	request list --json >log.json
url=$(sed -nE 's|.*(http://[0-9.:]+/health).*|\1|p' run.log | tail -n 1)
curl -fsS --max-time 5 "$url" >log.health || fail "all to be well at $url"
[ "$(grep -c '"started"' log.json)" -ge 1 ] || fail 'the placements of the journeys'
kill -TERM "$runner"
ended 0
nobody_left

tell 'a folder of something else'
mkdir other
echo 'letters' >other/letters.txt
one_sentence 'holds something else (letters.txt)' env RUN="$RUN/other" ONCE=1 "$ROOT/deploy/run"
same 'what was there' letters "$(<other/letters.txt)"

tell 'a socket, and a store, in use'
open_services
one_sentence 'another process serves' "$BIN/rcc-foster" --config config/foster.conf
sed "s|$RUN/sockets/foster|$RUN/sockets/other|" peers.conf >other_peers.conf
sed 's|peers.conf|other_peers.conf|' config/foster.conf >config/other.conf
one_sentence 'another process serves the store' \
	timeout 10 "$BIN/rcc-foster" --config config/other.conf
ready
stop "${SERVICES[@]}"

tell 'no room on disk'
mkdir full
unshare --mount true 2>/dev/null || {
	echo 'a small disk cannot be mounted here'
	exit 77
}
small() { # <size> <command...>: with a disk of that size at full/
	# shellcheck disable=SC2016 # for the inner bash
	timeout 30 unshare --mount bash -euc 'mount -t tmpfs -o size="$1" none full; "${@:2}"' - "$@"
}
one_sentence 'no room on disk' small 100m env RUN="$RUN/full/co" ONCE=1 "$ROOT/deploy/run"
sed 's|store/members|full/members|' config/members.conf >config/full.conf
one_sentence 'No space left on device' small 16k "$BIN/rcc-members" --config config/full.conf
