#!/usr/bin/env bash
# The portal behind a web server, and those who mean it harm. Only the front says who somebody
# is and where they come from; what it did not say with its secret is nobody's word. No address
# leads elsewhere or to a file that is no page, and no text that anybody enters is markup or a
# header.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web.sh
. "$ROOT/tests/e2e/web.sh"

HOST=portal.example
front_secret=$(new_token)
evil='<script>alert(1)</script>"'\''&<b>'

open_services
echo 'option = sign-in-links' >>config/members.conf
stop members
start members
up members
council $MANCHESTER 'Manchester <i>&' $SALFORD
council $SALFORD Salford $MANCHESTER
act administrator call members.register_person "$(printf '{"name": "Ann %s", "public_key": "%s",
	"grants": [{"role": "commissioner", "organisation_id": "%s", "from_day": "%s"},
	{"role": "nominated_officer", "organisation_id": "%s", "from_day": "%s"}]}' \
	"${evil//\"/\\\"}" "$(new_key ann)" $MANCHESTER "$TODAY" $SALFORD "$TODAY")" --field id
ann=$said

tell 'who is to come from elsewhere comes through a front'
printf '[service]\npeers = peers.conf\nkey = keys/rcc-gateway.key\noption = 0.0.0.0:%s\n' "$port" \
	>config/gateway.conf
code=0
said=$("$BIN/rcc-gateway" --config config/gateway.conf 2>&1 >/dev/null | grep -v ^lvl=) || code=$?
[[ $said == *'without encryption'* ]] || fail 'an address of all the world to be refused'

install -m 600 /dev/null keys/front.secret
echo "$front_secret" >keys/front.secret
also="front=unix:$RUN/sockets/front secret-file=$RUN/keys/front.secret"
start_gateway

by_front() { # <browser> <path> [options of curl...]: as visit, but through the front
	local site=http://$HOST
	visit "$1" "$2" --unix-socket sockets/front -H "X-Rcc-Front: $front_secret" \
		-H "X-Forwarded-For: ${from:-192.0.2.1}" "${@:3}"
}

post_by_front() { # <browser> <path> [name=value...]
	local pair data=()
	for pair in "token=$(token)" "app=$(app)" "${@:3}"; do
		[ "$pair" = app= ] || data+=(--data-urlencode "$pair")
	done
	by_front "$1" "$2" -H "Origin: https://$HOST" "${data[@]}" "${extra[@]}"
}
extra=()

tell 'its cookies are for encrypted connections alone, and for this host'
link "$ann" sign_in
by_front ann "/link/$made"
is 200 'Ann &lt;script&gt;'
post_by_front ann "/link/$made"
leads /needs
grep -qE '^[Ss]et-[Cc]ookie: __Host-session=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Secure.?$' \
	log/headers || fail "a cookie for this host: $(<log/headers)"
session=$(sed -nE 's/^[Ss]et-[Cc]ookie: __Host-session=([0-9a-f]{64}).*/\1/p' log/headers)
by_front ann /account -b "__Host-session=$session"
is 200
by_front ann /account -b "session=$session" # as somebody on a subdomain could set it
leads '/sign-in?next=/account'
visit ann /account -b "__Host-session=$session"
leads '/sign-in?next=/account'

tell 'a form that says it was sent without encryption is not from here'
by_front ann /sign-out -b "__Host-session=$session"
here=$(token)
by_front ann /sign-out -b "__Host-session=$session" -H "Origin: http://$HOST" -d "token=$here"
is 400 'from another site'
by_front ann /sign-out -b "__Host-session=$session" -H "Origin: https://$HOST.evil.example" -d "token=$here"
is 400 'from another site'

tell 'single sign-on is by the word of the front alone'
link "$ann" invitation
by_front ann "/link/$made"
secret=$(secret_on_page)
post_by_front ann "/link/$made" login=ann@council.example 'password=otter lamp gravel' \
	'password_again=otter lamp gravel' "code=$(code_of "$secret")"
is 200 'Your recovery codes'
by_front sso /sign-in/identity
is 404
visit sso /sign-in/identity -H 'X-Rcc-Identity: ann@council.example' -H "X-Rcc-Front: $front_secret"
is 404
by_front sso /sign-in/identity -H 'X-Rcc-Identity: ann@council.example' -H 'X-Rcc-Identity: ben@council.example'
is 404
by_front sso /sign-in/identity -H 'X-Rcc-Identity: Ann@council.example'
is 200 'Ann@council.example'
extra=(-H 'X-Rcc-Identity: nobody@council.example')
post_by_front sso /sign-in/identity
is 422 'Nobody here signs in'
extra=(-H 'X-Rcc-Identity: Ann@council.example')
post_by_front sso /sign-in/identity next=/account
leads /account
extra=()
act administrator call members.register_person "{\"name\": \"Ben Bewley\", \"public_key\": \"$(new_key ben)\",
	\"grants\": [{\"role\": \"commissioner\", \"organisation_id\": \"$SALFORD\", \"from_day\": \"$TODAY\"}]}" --field id
link "$said" invitation
by_front ben "/link/$made"
[[ $body != *identity?link=* ]] || fail 'no word of what the front does not do'
by_front ben "/link/$made" -H 'X-Rcc-Single-Sign-On: yes'
is 200 "/sign-in/identity?link=$made"
extra=(-H 'X-Rcc-Identity: ben@council.example')
by_front ben "/sign-in/identity?link=$made" "${extra[@]}"
is 200 'Ben Bewley'
post_by_front ben /sign-in/identity "link=$made"
leads /needs
by_front ben /sign-in/identity "${extra[@]}"
post_by_front ben /sign-in/identity next=/about
leads /about
by_front ben "/sign-in/identity?link=$made" "${extra[@]}"
is 404 'no longer works'
extra=()
visit ben /sign-in
post ben /sign-in login=ben@council.example password= code=
is 422 'Enter your password'
curl -sS --unix-socket sockets/front -H "X-Rcc-Front: ${front_secret%?}" -o log/body -w '%{http_code}' \
	"http://$HOST/about" >log/status
same 'the front with another secret' 403 "$(<log/status)"

tell 'each address is counted for itself, as the front says'
for ((i = 0; i < 12; i++)); do
	from=192.0.2.66
	by_front mallory /sign-in
	post_by_front mallory /sign-in login=ann@council.example password=guess-$i code=123456
done
is 429 'tried too often'
from=192.0.2.67
by_front other /sign-in
post_by_front other /sign-in login=ann@council.example password=guess code=123456
is 422 'do not go together'
from=

tell 'no address leads to anything but a page'
for path in /assets/../templates/layout.mustache /assets/templates/layout.mustache /assets/ \
	/assets/..%2f..%2fetc/passwd /assets/%2e%2e/ /etc/passwd //evil.example/ '/..;/account' /%2faccount \
	'/account/../account' /account%00 /account/ '/link/../account' /link/ "/link/$made%0d%0aSet-Cookie:a=b" \
	'/sign-in;next=/x' '/live?page=//evil.example' '/live?page=/account%0a'; do
	visit nobody "$path" --path-as-is
	[[ $status = 404 || $status = 400 ]] || fail "404 for $path, not $status"
	! grep -qiE '^(set-cookie|location):.*evil|^set-cookie: ?a=b' log/headers || fail "no header from $path"
done

tell 'no text that anybody sends is markup, an address or a header'
is_harmless() {
	[[ $body != *'<script>alert'* && $body != *'" onmouseover'* && $body != *$'<p>\r'* ]] ||
		fail "no markup from $text"
	[ -z "$location" ] || fail "no address from $text: $location"
	! grep -qiE '^set-cookie: ?a=b|^x:y' log/headers || fail "no header from $text"
}
for text in "$evil" $'x\r\nSet-Cookie: a=b\r\n\r\n<p>' '{{who}}{{{body}}}' "\${7*7}" 'javascript:alert(1)' \
	'" onmouseover="alert(1)' '//evil.example' 'https://evil.example' '/\evil.example' \
	$'/\tevil.example' '/%0d%0aX:y'; do
	pairs=() told=()
	for name in code recovery next kept.a button over 'done' login password; do
		pairs+=(--data-urlencode "$name=$text")
		told+=("$name=$text")
	done
	visit nobody /sign-in -G "${pairs[@]}"
	[[ $status = 200 || $status = 400 ]] || fail "$status for $text in an address"
	is_harmless
	visit nobody /sign-in
	post nobody /sign-in "${told[@]}"
	[[ $status = 422 || $status = 400 || $status = 429 ]] || fail "$status for $text in a form"
	is_harmless
done

tell 'nor what a page asks a service with'
link "$ann" sign_in
by_front ann "/link/$made"
post_by_front ann "/link/$made"
session=$(sed -nE 's/^[Ss]et-[Cc]ookie: __Host-session=([0-9a-f]{64}).*/\1/p' log/headers)
for text in "$evil" $'x"\r\nSet-Cookie: a=b' '../../etc/passwd' "' or 1=1 --" '%00' E08000010; do
	pairs=()
	for name in council_id care_type age_band sort map edition page show stage after words name said; do
		pairs+=(--data-urlencode "$name=$text")
	done
	for path in /sufficiency /sufficiency.csv /needs /operations "/needs/$ann" "/needs/${ann%?}0/offers" \
		/account /live /api; do
		by_front ann "$path" -b "__Host-session=$session" -G "${pairs[@]}"
		[[ $status = 200 || $status = 4?? || $status = 303 ]] || fail "a page of $path with $text, not $status"
		location=
		is_harmless
	done
done

tell 'nor is a name under which something is sent'
visit nobody /sign-in
post nobody /sign-in login=a password=b code=c 'kept."><script>alert(1)</script>=x' 'kept.<b>=<b>'
[[ $body != *'<script>alert'* && $body != *'<b>'* ]] || fail 'a name to be no markup'

tell 'every page says what a browser may do with it'
visit nobody /sign-in
for line in "content-security-policy: default-src 'none'; script-src 'self'" 'x-content-type-options: nosniff' \
	'x-frame-options: deny' 'cache-control: no-store' 'referrer-policy: same-origin' \
	'cross-origin-opener-policy: same-origin' 'cross-origin-resource-policy: same-origin'; do
	grep -qi "^$line" log/headers || fail "$line in: $(<log/headers)"
done
! grep -qiE '^(server|x-powered-by|access-control)' log/headers || fail "no word of what it is: $(<log/headers)"
