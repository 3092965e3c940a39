#!/usr/bin/env bash
# What monitoring is told over HTTP: every service up and ready, or which is not, within
# seconds, and never a page that hangs. What is no request, a header without end, and
# callers who send one byte a second change nothing for others.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

trap '' PIPE # whoever is sent away while still sending says so by its status
port=$((20000 + $$ % 10000)) # below those that the system hands out
while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
status='' body=''

get() { # <path> [options of curl...]: sets status and body
	rm -f log/body
	status=$(curl -sS --max-time 10 -o log/body -w '%{http_code}' "${@:2}" \
		"http://127.0.0.1:$port$1" 2>log/curl) || status="none ($(<log/curl))"
	body=$(cat log/body 2>/dev/null || true)
}

until_get() { # <status> <words in the body> <path>: asks until it is, 20 s at the most
	local i
	for ((i = 0; i < 200; i++)); do
		get "$3"
		[ "$status" != "$1" ] || [[ $body != *"$2"* ]] || return 0
		sleep 0.1
	done
	fail "$3 to answer $1 with '$2', not $status: $body"
}

raw() { # <bytes, as printf has them>: sent as they are; prints the first line of an answer
	local fd
	exec {fd}<>"/dev/tcp/127.0.0.1/$port"
	# shellcheck disable=SC2059 # the format is what is sent
	{ printf "$1" >&"$fd"; } 2>/dev/null || true
	timeout 10 head -n 1 <&"$fd" 2>/dev/null | tr -d '\r' || true
	exec {fd}>&-
}

is_status() { # <status> <bytes>
	local line
	line=$(raw "$2")
	[[ $line == "HTTP/1.1 $1 "* ]] || fail "$1 to: $2; not '$line'"
}

is_prometheus() { # checks log/body by text format 0.0.4
	awk '
		/^# HELP / { if (helped[$3]++) bad = 1; next }
		/^# TYPE / { if (typed[$3]++ || $4 != "gauge" || !helped[$3]) bad = 1; next }
		/^#/ { next }
		{
			name = $0
			sub(/[{ ].*/, "", name)
			series = $0
			sub(/ [^ ]*$/, "", series)
			if (!typed[name] || seen[series]++ || name != last && over[name]) bad = 1
			if (last != "" && name != last) over[last] = 1
			last = name
		}
		$0 !~ /^[a-z_]+\{[a-z_]+="([^"\\]|\\["\\n])*"(,[a-z_]+="([^"\\]|\\["\\n])*")*\} [0-9]+(\.[0-9]+)?$/ { bad = 1 }
		bad { print "not as the format says: " $0; exit }
		END { exit bad || !last }' log/body >log/format || fail "$(<log/format)"
	same 'the last byte' 0a "$(tail -c 1 log/body | od -An -tx1 | tr -d ' ')"
}

one_sentence() { # <words> <command...>: ends with 1 and says why in one line
	code=0
	said=$("${@:2}" 2>&1 >/dev/null | grep -v ^lvl=) || code=$?
	same "the status of ${*:2}" 1 "$code"
	[[ $said == 'rcc-gateway: '*"$1"* && $said != *$'\n'* ]] || fail "one sentence with '$1'"
}

open_services
printf '[service]\npeers = peers.conf\nkey = keys/rcc-gateway.key\noption = 127.0.0.1:%s\n' \
	"$port" >config/gateway.conf
start gateway

tell 'all is well, and invented children only'
until_get 200 '"well": true' /health
[[ $body == *'"notice": "invented children only'* ]] || fail "the notice in: $body"
for name in "${SERVICES[@]}"; do
	[[ $body == *"\"service\": \"$name\",
      \"up\": true,"* ]] || fail "$name up in: $body"
done
head=$(head_of members)
[[ $body == *"\"head_number\": $head,"* ]] || fail "the head of members, $head, in: $body"
for key in incarnation head_hash follows lag_events fresh_time owed_calls store_used_percent; do
	[[ $body == *"\"$key\": "* ]] || fail "$key in: $body"
done

tell 'the same as metrics'
get /metrics
same 'the status of /metrics' 200 "$status"
is_prometheus
for name in "${SERVICES[@]}"; do
	for line in "rcc_service_up{service=\"$name\"} 1" "rcc_service_ready{service=\"$name\"} 1"; do
		grep -qxF "$line" log/body || fail "$line in: $body"
	done
done
grep -qxF "rcc_journal_head_number{service=\"members\"} $head" log/body || fail 'the head'
grep -qxE 'rcc_follow_lag_events\{service="foster",source="members"\} 0' log/body ||
	fail 'foster level with members'
curl -sSI "http://127.0.0.1:$port/metrics" | tr -d '\r' >log/headers
grep -qxi 'content-type: text/plain; version=0.0.4; charset=utf-8' log/headers ||
	fail "the type of the format in: $(<log/headers)"

tell 'how old the last backup is'
! grep -q '^rcc_backup_age_seconds{' log/body || fail "no backup yet, in: $body"
"$BIN/rccctl" backup make store --to backup >log/backup || fail 'a backup'
until_get 200 '"copied_time": ' /health
until_get 200 'rcc_backup_age_seconds{service="foster"}' /metrics
is_prometheus
grep -qxE 'rcc_backup_age_seconds\{service="foster"\} [0-9]?[0-9]\.[0-9]{3}' log/body ||
	fail "a young backup of foster, in: $body"
crash foster
start foster
until_get 200 'rcc_backup_lag_events{service="foster"} 0' /metrics

tell 'no other address is theirs, and no other method'
for path in /healthz /health/ /HEALTH '/health%00' /%68ealth /metrics/../health //health; do
	get "$path" --path-as-is
	same "the status of $path" 404 "$status"
done
for method in POST PUT DELETE OPTIONS PATCH; do
	get /health -X $method
	same "the status of $method" 405 "$status"
done
get /health -d 'a body that nobody reads'
same 'the status of a body' 405 "$status"

tell 'a service is killed, and comes back'
crash matching
until_get 503 '"service": "matching",
      "up": false' /health
[[ $body == *'"well": false'* ]] || fail "not well, in: $body"
get /metrics
same 'the status of /metrics' 200 "$status"
is_prometheus
grep -qxF 'rcc_service_up{service="matching"} 0' log/body || fail "matching down in: $body"
grep -qxF 'rcc_service_up{service="foster"} 1' log/body || fail "foster up in: $body"
! grep -q 'rcc_service_ready{service="matching"}' log/body || fail "nothing old of matching"
start matching
until_get 200 '"well": true' /health

tell 'a service that hangs makes no page hang'
kill -STOP "${pids[foster]}"
until_get 503 '"service": "foster",
      "up": false' /health
began=$EPOCHREALTIME
get /health
took_ms=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
[ $took_ms -lt 1000 ] || fail "a page at once, not after $took_ms ms"
kill -CONT "${pids[foster]}"
until_get 200 '"well": true' /health

tell 'members dead: the gateway needs no copy of anything'
crash members
until_get 503 '"service": "members",
      "up": false' /health
grep -q '"ready": true' log/body || fail "others ready in: $body"
start members
until_get 200 '"well": true' /health

tell 'what can be read in two ways is not read'
host='Host: a\r\n'
is_status 400 "GET /health HTTP/1.1\r\n\r\n"
is_status 400 "GET /health HTTP/1.1\r\n${host}Host: b\r\n\r\n"
is_status 400 "GET /health HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"
is_status 400 "GET /health HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
is_status 400 "GET /health HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n"
is_status 400 "GET /health HTTP/1.1\r\n${host}X : y\r\n\r\n"
is_status 200 "GET /health HTTP/1.1\r\n${host}\r\n"

tell 'what is no request at all'
for bytes in '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n' '\r\n\r\n\r\n' '\0\0\0\0\n\n' \
	'GET\r\n\r\n' 'GET /health\r\n\r\n' 'GET /health HTTP/9.9\r\n\r\n' '%%%%%%n%%s\n\n'; do
	line=$(raw "$bytes")
	[[ $line != *' 200 '* ]] || fail "no page for: $bytes"
done
get /health -H "X-Long: $(head -c 60000 /dev/zero | tr '\0' a)"
[[ $status == 431 || $status == 400 ]] || fail "a header without end turned away, not $status"
get "/$(head -c 60000 /dev/zero | tr '\0' a)"
[[ $status == 414 || $status == 431 ]] || fail "a path without end turned away, not $status"
until_get 200 '"well": true' /health

slow() { # <how many> <seconds>: as many callers, each of whom sends one byte a second
	local i fd fds=()
	for ((i = 0; i < $1; i++)); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$port" || break
		fds+=("$fd")
	done
	: >log/slow
	for ((i = 0; i < $2; i++)); do
		for fd in "${fds[@]}"; do printf G >&"$fd" || true; done
		sleep 1
	done
}

slow_callers() { # <how many> <seconds>: in the background, once all are connected
	local i
	rm -f log/slow
	slow "$@" 2>/dev/null &
	slow_pid=$!
	for ((i = 0; i < 200; i++)); do
		[ ! -e log/slow ] || return 0
		sleep 0.05
	done
	fail "$1 slow callers to connect"
}

tell 'fifty who send one byte a second: others are answered at once'
slow_callers 50 8
began=$EPOCHREALTIME
for ((i = 0; i < 20; i++)); do
	get /health
	same 'the status beside slow callers' 200 "$status"
done
took_ms=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
[ $took_ms -lt 4000 ] || fail "twenty pages at once, not in $took_ms ms"
kill "$slow_pid" 2>/dev/null || true
wait "$slow_pid" 2>/dev/null || true

tell 'one sentence about a configuration that is wrong'
one_sentence 'Address already in use' timeout 20 "$BIN/rcc-gateway" --config config/gateway.conf
for address in 127.0.0.1 localhost:8080 :8080 127.0.0.1: '[::1:8080' 1.2.3.4.5:80 ''; do
	sed "s/^option = .*/option = $address/" config/gateway.conf >config/wrong.conf
	one_sentence 'is no address and port' timeout 20 "$BIN/rcc-gateway" --config config/wrong.conf
done
for option in front=unix:"$PWD/front.sock" secret-file=config/gateway.conf port=80 \
	"front=unix:$PWD/front.sock secret-file=log/none" 'front=unix:front.sock secret-file=keys/front'; do
	sed "s|^option = .*|& $option|" config/gateway.conf >config/wrong.conf
	one_sentence '' timeout 20 "$BIN/rcc-gateway" --config config/wrong.conf
done
{ cat config/gateway.conf && echo 'store = store/gateway'; } >config/wrong.conf
one_sentence 'unknown key store' "$BIN/rcc-gateway" --config config/wrong.conf
sed 's/rcc-gateway.key/rcc-foster.key/' config/gateway.conf >config/wrong.conf
one_sentence 'is not the one' "$BIN/rcc-gateway" --config config/wrong.conf
"$BIN/rcc-gateway" --config config/gateway.conf --check >log/check || fail 'a configuration that is right'

tell 'gateway dead: rccctl goes on; and it stops well'
crash gateway
ready
start gateway
until_get 200 '"well": true' /health
stop gateway "${SERVICES[@]}"
