#!/usr/bin/env bash
# Somebody is invited, opens an account, signs in by password and code, by a recovery code,
# by a link; changes what they sign in with; is signed out, and is told why. Whatever is
# wrong is answered by one sentence, and nobody is signed in by it.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web.sh
. "$ROOT/tests/e2e/web.sh"

open_services
echo 'option = sign-in-links' >>config/members.conf
stop members
start members
up members
council $MANCHESTER Manchester $SALFORD
council $SALFORD Salford $MANCHESTER
person ann commissioner $MANCHESTER
ann=$made
start_gateway

tell 'a page of mine without a session leads to signing in, and back'
visit ann /account
leads '/sign-in?next=/account'
visit ann "$location"
is 200 'name="next" value="/account"'

tell 'an invitation says whom it is for, and what is wrong with what is entered'
link "$ann" invitation
invitation=$made
visit ann "/link/$invitation"
is 200 'Someone called ann'
is 200 'autocomplete="new-password"'
is 200 'autocomplete="username"'
is 200 'autocomplete="one-time-code"'
secret=$(secret_on_page)
post ann "/link/$invitation" login=ann@council.example password=short \
	password_again=short code=000000
is 422 '12 characters'
is 422 'not the code'
same 'the app has the same key' "$secret" "$(secret_on_page)"
password='otter lamp gravel'
post ann "/link/$invitation" login=ann@council.example "password=$password" \
	'password_again=otter lamp' "code=$(code_of "$secret")"
is 422 'are not the same'
[[ $body != *"$password"* ]] || fail 'no password on a page'

tell 'who only looked at it does not know the app of whoever takes it'
kept=$body
visit other "/link/$invitation"
[ "$(secret_on_page)" != "$secret" ] || fail 'another key for each who looks'
body=$kept

tell 'it opens the account, once'
post ann "/link/$invitation" login=' Ann@Council.EXAMPLE ' "password=$password" \
	"password_again=$password" "code=$(code_of "$secret")"
is 200 'Your recovery codes'
mapfile -t codes < <(grep -oE '<code>[^<]+' log/body | cut -c7-)
same 'recovery codes' 10 "${#codes[@]}"
grep -qiE '^set-cookie: session=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict.?$' log/headers ||
	fail "a session in: $(<log/headers)"
grep -qiE '^set-cookie: device=.*HttpOnly; SameSite=Strict; Max-Age=15552000' log/headers ||
	fail "a known device in: $(<log/headers)"
visit ann /account
is 200 'ann@council.example'
is 200 '10 left'
visit other "/link/$invitation"
is 404 'no longer works'
ask administrator accounts[].state call members.accounts '{}'
[[ $said == *open* ]] || fail "an open account: $said"

tell 'who signed out is out, in every tab'
cp log/ann.jar log/tab.jar
visit tab /account/password
is 200
kept=$body
fill ann /sign-out
leads '/sign-in?done=signed-out'
body=$kept
post tab /account/password "current=$password" password=x password_again=x
is 401 'Sign in'
[[ $body != *"$password"* ]] || fail 'no password on a page'
visit ann /account
leads '/sign-in?next=/account'

tell 'all ways of being wrong are one sentence'
sentences=''
is_wrong() { # <login> <password> <code> <recovery code>
	visit stranger /sign-in
	post stranger /sign-in "login=$1" "password=$2" "code=$3" "recovery=$4"
	is 422 'do not go together'
	[[ $body != *"$2"* ]] || fail 'no password on a page'
	! grep -qi '^set-cookie: session=[0-9a-f]' log/headers || fail 'no session'
	sentences+=$(grep -o '[^> ][^>]*do not go together[^<]*' log/body | sort -u)$'\n'
}
is_wrong nobody@council.example "$password" "$(code_of "$secret")" ''
is_wrong ann@council.example "$password-" "$(code_of "$secret")" ''
is_wrong ann@council.example "$password" 000000 ''
is_wrong ann@council.example "$password" '' k7m2-9xqp-4ftd
is_wrong ann@council.example "$password" '' "${codes[0]%?}"
is_wrong "' or 1=1 --" "$password" "$(code_of "$secret")" ''
is_wrong "$(printf 'x%.0s' {1..500})" "$password" "$(code_of "$secret")" ''
same 'sentences' 1 "$(grep -v '^$' <<<"$sentences" | sort -u | wc -l)"
visit stranger /sign-in
post stranger /sign-in login= password= code=
is 422 'Enter your email address'
is 422 'Enter your password'
is 422 'Enter the code'

tell 'password and code sign in, on to the page that was wanted; a code works once'
code=$(code_of "$secret" 1)
fill ann /sign-in 'login= ANN@council.example' "password=$password" "code=$code" next=/account/password
leads /account/password
visit ann /account
is 200 'password and app'
fill ann /sign-out
fill ann /sign-in login=ann@council.example "password=$password" "code=$code"
is 422 'do not go together'

tell 'so does a recovery code, once, as people type'
fill ann /sign-in login=ann@council.example "password=$password" code= \
	"recovery= ${codes[3]^^}" next=/account
leads /account
visit ann /account
is 200 '9 left'
fill two /sign-in login=ann@council.example "password=$password" code= "recovery=${codes[3]}"
is 422 'do not go together'

tell 'no other site is led to'
left=(1 2 4 5 6 7 8 9) n=0
for next in //evil.example https://evil.example '/\evil.example' /sign-out '' 'javascript:alert(1)' \
	$'/x\r\nSet-Cookie: a=b'; do
	fill two /sign-in login=ann@council.example "password=$password" code= \
		"recovery=${codes[${left[n++]}]}" "next=$next"
	[[ $status = 303 && $location = /needs || $status = 400 ]] || fail "home, not '$location' ($status) for $next"
	[ "$status" = 303 ] || continue
	fill two /sign-out
done

tell 'what was entered when nobody was signed in any more is kept'
person ben commissioner $MANCHESTER
ben=$made
act administrator call members.grant_role "{\"person_id\": \"$ben\", \"grant\": {\"role\": \"commissioner\",
	\"organisation_id\": \"$SALFORD\", \"from_day\": \"$TODAY\"}}"
link "$ben" sign_in
fill ben "/link/$made"
leads /needs
visit other "/link/$made"
is 404 'no longer works'
visit ben /account/organisation
is 200 Salford
kept=$body
cp log/ben.jar log/ben-tab.jar
fill ben-tab /sign-out
body=$kept
post ben /account/organisation "organisation=$SALFORD" 'password=not kept'
is 401 'What you entered is kept'
is 401 "name=\"kept.organisation\" value=\"$SALFORD\""
[[ $body != *'not kept'* ]] || fail 'no password on a page'
link "$ben" invitation
invitation=$made kept=$body
visit ben "/link/$invitation"
secret2=$(secret_on_page)
post ben "/link/$invitation" login=ben@council.example "password=$password" \
	"password_again=$password" "code=$(code_of "$secret2")"
is 200 'Your recovery codes'
fill ben /sign-out
body=$kept
post ben /sign-in login=ben@council.example "password=$password" "code=$(code_of "$secret2" 1)" \
	next=/account/organisation "kept.organisation=$SALFORD" 'kept."><script>=<script>'
is 200 'You are signed in again'
is 200 "name=\"organisation\" value=\"$SALFORD\""
[[ $body != *'<script>'* ]] || fail 'nothing of it to be markup'
post ben /account/organisation "organisation=$SALFORD" button=again
is 200 "value=\"$SALFORD\" checked"
post ben /account/organisation "organisation=$SALFORD"
leads /needs
visit ben /account
is 200 Salford
visit ben /needs/new
kept=$body
fill ben /account/organisation "organisation=$MANCHESTER"
leads /needs
body=$kept
post ben /needs/new button=save urgency=planned
is 400 'for the organisation they act for'
visit ben /account/organisation
post ben /account/organisation organisation=E08000010
is 422 'one of your organisations'

tell 'a new password, a new app, new recovery codes; everywhere else is signed out'
person cem cooperative_officer co-operative
link "$made" invitation
invitation=$made
visit cem "/link/$invitation"
secret=$(secret_on_page)
post cem "/link/$invitation" login=cem@region.example "password=$password" \
	"password_again=$password" "code=$(code_of "$secret")"
is 200 'Your recovery codes'
fill phone /sign-in login=cem@region.example "password=$password" "code=$(code_of "$secret" 1)"
is 303
fill cem /account/password current=wrong 'password=gravel otter lamp' 'password_again=gravel otter lamp'
is 422 'not your password'
fill cem /account/password "current=$password" 'password=password1234' 'password_again=password1234'
is 422 'tried first'
fill cem /account/password "current=$password" 'password=gravel otter lamp' 'password_again=gravel otter lamp'
leads '/account?done=password-changed'
visit cem "$location"
is 200 'Your password is changed'
visit phone /account
leads '/sign-in?next=/account&over=ended'
visit phone "$location"
is 200 'not signed in any more'
visit cem /account/app
secret=$(secret_on_page)
post cem /account/app 'current=gravel otter lamp' "code=$(code_of "$secret")"
leads '/account?done=app-changed'
visit cem /account/app
[ "$(secret_on_page)" != "$secret" ] || fail 'the key of the app in use to be shown no more'
fill cem /account/recovery 'current=gravel otter lamp'
is 200 'Your new recovery codes'
mapfile -t codes < <(grep -oE '<code>[^<]+' log/body | cut -c7-)
fill phone /sign-in login=cem@region.example 'password=gravel otter lamp' "code=$(code_of "$secret" 1)"
is 303
fill third /sign-in login=cem@region.example 'password=gravel otter lamp' code= "recovery=${codes[9]}"
is 303
visit cem /account
post cem /account/sessions
leads '/account?done=signed-out-elsewhere'
visit phone /account
leads '/sign-in?next=/account&over=ended'
visit cem /account
is 200 '9 left'

tell 'a form that is forged, from elsewhere, of another page or of another session does nothing'
visit cem /sign-out
mine=$(token)
visit ben /sign-out
theirs=$(token)
refuses() { # <why> <curl options...>: 400, and cem is still signed in
	visit cem /sign-out "${@:2}"
	is 400 "$1"
	visit cem /account
	is 200
}
refuses 'from another site' -H 'Sec-Fetch-Site: cross-site' -d "token=$mine"
refuses 'from another site' -H 'Sec-Fetch-Site: same-site' -d "token=$mine"
refuses 'from another site' -H 'Origin: https://evil.example' -d "token=$mine"
refuses 'from another site' -H 'Origin: null' -d "token=$mine"
refuses 'not opened here' -H "Origin: $site" -d "token=$theirs"
refuses 'not opened here' -H "Origin: $site" -d "token=${mine:0:57}$(tr 0-9a-f 1-9a-f0 <<<"${mine:57}")"
refuses 'not opened here' -H "Origin: $site" -d ''
refuses urlencoded -H "Origin: $site" -H 'Content-Type: text/plain' -d "token=$mine"
refuses urlencoded -H "Origin: $site" -F "token=$mine"
visit cem /account/sessions -H "Origin: $site" -d "token=$mine"
is 400 'not opened here'

tell 'a form that was open while the gateway restarted is good'
stop gateway
start_gateway
visit cem /sign-out -H "Origin: $site" -d "token=$mine"
leads '/sign-in?done=signed-out'

tell 'a double click signs in once, and both answers are the same'
visit cem /sign-in
double=$(token)
for browser in cem twin; do
	visit $browser /sign-in -H "Origin: $site" --data-urlencode "token=$double" \
		--data-urlencode login=cem@region.example --data-urlencode 'password=gravel otter lamp' \
		--data-urlencode "recovery=${codes[8]}"
	is 303
done
same 'the session of both' "$(grep -w session log/cem.jar | cut -f7)" "$(grep -w session log/twin.jar | cut -f7)"

tell 'a session of a closed account is over, and it signs in no more'
ask administrator id call members.close_account "{\"person_id\": \"$ben\"}" --id "$("$BIN/rccctl" id new)"
visit ben /account
leads '/sign-in?next=/account&over=ended'
fill ben /sign-in login=ben@council.example "password=$password" "code=$(code_of "$secret2" 1)"
is 422 'do not go together'

tell 'the worker is killed, and who signs in hears nothing of it'
pkill -KILL -P "${pids[gateway]}"
fill third /sign-in login=cem@region.example 'password=gravel otter lamp' code= "recovery=${codes[7]}"
is 303

tell 'who tries too often waits, and the owner signs in meanwhile'
for ((i = 0; i < 30; i++)); do
	fill stranger /sign-in login=cem@region.example password=guess-$i code=123456
	[ "$status" = 422 ] || break
done
is 429 'tried too often'
fill ann-new /sign-in login=cem@region.example 'password=gravel otter lamp' code= "recovery=${codes[6]}"
is 429 'tried too often'
fill cem /sign-out
fill cem /sign-in login=cem@region.example 'password=gravel otter lamp' code= "recovery=${codes[6]}"
is 303

tell 'without members nobody signs in, and the page says so'
crash members
fill stranger /sign-in login=ann@council.example "password=$password" code=123456
is 503 'not answering'
