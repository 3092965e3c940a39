#!/usr/bin/env bash
# What stories on the portal share beside lib.sh, which they source first: a gateway, and
# browsers that keep their cookies and send forms as a browser does.

port=$((20000 + $$ % 10000)) # below those that the system hands out
while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
site=http://127.0.0.1:$port
status='' body='' location='' also=''

start_gateway() { # writes its configuration too, with what `also` says in its option
	printf '[service]\npeers = peers.conf\nkey = keys/rcc-gateway.key\noption = 127.0.0.1:%s\n' \
		"$port${also:+ $also}" >config/gateway.conf
	start gateway
	local i
	for ((i = 0; i < 200; i++)); do
		curl -fsS --max-time 5 "$site/health" >log/health 2>/dev/null && return 0
		sleep 0.05
	done
	fail "the gateway to be well: $(cat log/health)"
}

visit() { # <browser> <path> [options of curl...]: sets status, body and location
	rm -f log/body log/headers
	status=$(curl -sS --max-time 20 -b "log/$1.jar" -c "log/$1.jar" -o log/body -D log/headers \
		-w '%{http_code}' "${@:3}" "$site$2" 2>log/curl) || status="none ($(<log/curl))"
	body=$(cat log/body 2>/dev/null || true)
	location=$(tr -d '\r' <log/headers 2>/dev/null | sed -nE 's/^[Ll]ocation: //p')
	[ -z "${ALOUD:-}" ] || printf '%s: %s %s %s\n' "$1" "$2" "$status" "$location" >&2
}

token() { # of the page's own form, which stands last
	grep -oE 'name="token" value="[^"]*"' <<<"$body" | tail -n 1 | cut -d'"' -f4
}

app() { # which one the page sets up, where it does
	grep -oE 'name="app" value="[^"]*"' <<<"$body" | cut -d'"' -f4 || true
}

post() { # <browser> <path> [name=value...]: as a form of this site, with the last page's token
	local pair data=()
	for pair in "token=$(token)" "app=$(app)" "${@:3}"; do
		[ "$pair" = app= ] || data+=(--data-urlencode "$pair")
	done
	visit "$1" "$2" -H "Origin: $site" -H 'Sec-Fetch-Site: same-origin' "${data[@]}"
}

fill() { # <browser> <path> [name=value...]: opens the page and sends its form
	visit "$1" "$2"
	is 200
	post "$@"
}

is() { # <status> [words in the body]
	[ "$status" = "$1" ] || fail "status $1, not $status: $(text)"
	[ -z "${2:-}" ] || [[ $body == *"$2"* ]] || fail "'$2' in: $(text)"
}

leads() { # <path>: the answer leads there
	is 303
	same 'it leads to' "$1" "$location"
}

text() { # of the page, in words
	sed -E 's/<[^>]*>/ /g; s/[ \t]+/ /g' <<<"$body" | grep -v '^ *$' || true
}

digest() { # <token>: as members has it
	printf %s "$1" | b2sum -l 256 | cut -c1-64
}

new_token() {
	od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'
}

link() { # <person id> <purpose>: made is the token of a new link
	made=$(new_token)
	act administrator call members.offer_link \
		"{\"person_id\": \"$1\", \"purpose\": \"$2\", \"digest\": \"$(digest "$made")\"}"
}

code_of() { # <secret in base 32> [steps from now]: what an app shows
	local key hash at
	key=$(tr -d ' ' <<<"$1" | base32 -d | od -An -v -tx1 | tr -d ' \n')
	printf -v hash '%016x' $(($(date +%s) / 30 + ${2:-0}))
	hash=$(basenc --base16 -d <<<"${hash^^}" |
		openssl dgst -sha1 -mac HMAC -macopt "hexkey:$key" -r | cut -d' ' -f1)
	at=$((16#${hash:39:1} * 2))
	printf '%06d\n' $(((16#${hash:at:8} & 0x7fffffff) % 1000000))
}

secret_on_page() {
	sed -nE 's/.*class="rcc-secret">([A-Z2-7 ]+)<.*/\1/p' <<<"$body"
}
