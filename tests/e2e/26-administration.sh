#!/usr/bin/env bash
# An administrator's pages, posted to as a browser would: organisations, people, roles,
# accounts and keys; who may not open them; and that a second click does nothing more.
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
person bea commissioner $MANCHESTER
bea=$made
start_gateway
ask administrator person.person_id call members.self '{}'
ada=$said

enter() { # <browser> <person>: signed in as that person
	link "$2" sign_in
	fill "$1" "/link/$made"
	is 303
}
enter ada "$ada"
enter bea "$bea"
here=/administration

tell 'nobody else opens these pages'
for page in '' /health /councils /councils/new /providers /people /people/new "/people/$bea" \
	"/people/$ada/close" /keys /keys/new; do
	visit bea "$here$page"
	is 403
	visit nobody "$here$page"
	leads "/sign-in?next=$here$page"
	visit ada "$here$page"
	is 200
done
visit ada $here/people/01m8025c5v658qnhwvz2q7cgww
is 404
visit ada $here/councils/E09000001
is 404

tell 'a council, and the days of its membership'
fill ada $here/councils/new council.council_id=E08000006 council.name='<b>Salford</b>' \
	council.adjoining_council_ids=$MANCHESTER council.memberships.0.from_day=2026-04-01
leads '/administration/councils?done=council-kept'
visit ada "$location"
is 200 'The council is recorded.'
is 200 '&lt;b&gt;Salford&lt;/b&gt;'
is 200 'Member since 1 April 2026'
fill ada $here/councils/E08000006 council.council_id=E08000006 council.name=Salford \
	council.memberships.0.from_day=2026-04-01 council.memberships.0.until_day=2026-03-01
is 422 'any end must come after it'
post ada $here/councils/E08000006 council.council_id=E08000006 council.name=Salford \
	council.memberships.0.from_day=2026-04-01 council.memberships.0.until_day=2030-04-01
is 303
visit ada $here/councils
is 200 'Member until 1 April 2030'

tell 'a provider is registered and amended'
fill ada $here/providers/new provider.name='Otter Care' provider.kind=childrens_homes \
	provider.sector=private provider.urn=SC123456
is 303
visit ada $here/providers
otter=$(grep -oE '/providers/[0-9a-z]{26}' log/body | head -n 1)
fill ada "$here$otter" "provider.provider_id=${otter##*/}" provider.name='Otter Homes' \
	provider.kind=childrens_homes provider.sector=private provider.urn=SC123456
is 303
visit ada "$here/providers?words=sc1234"
is 200 'Otter Homes'
[[ $body != *'Otter Care'* ]] || fail 'one provider, amended'

tell 'a person is added and invited; a second click shows the same link'
fill ada $here/people/new name='Wren Ottery' grants.0.role=commissioner \
	grants.0.organisation_id=$MANCHESTER "grants.0.from_day=$TODAY"
is 303
wren=${location%%\?*}
visit ada "$wren"
is 200 'No account'
visit ada "$wren/invite"
form=$body
post ada "$wren/invite"
is 200 'It is shown once'
first=$(grep -oE '/link/[0-9a-f]{64}' log/body)
body=$form
post ada "$wren/invite"
same 'the link of the second click' "$first" "$(grep -oE '/link/[0-9a-f]{64}' log/body)"
visit ada "$wren"
is 200 'Invited until'
visit wren "$first"
is 200 'Wren Ottery'
fill ada "$wren/invite"
visit wren "$first"
is 404 'no longer works'

tell 'roles are given and ended'
fill ada "$wren/role" grant.role=director grant.organisation_id=$MANCHESTER "grant.from_day=$TODAY"
is 303
fill ada "$wren/role" grant.role=placement_officer grant.organisation_id=$MANCHESTER \
	"grant.from_day=$TODAY"
is 422 'placement officers of a provider'
visit ada "$wren"
is 200 "$wren/end-role?role=director&amp;organisation_id=$MANCHESTER"
fill ada "$wren/end-role" role=director organisation_id=$MANCHESTER "until_day=$TODAY"
is 303
visit ada "$wren"
is 200 Over

tell 'whose account is closed is out at the next page'
visit bea /account
is 200
visit ada "$here/people/$bea"
is 200 'Sign this person out everywhere'
fill ada "$here/people/$bea/close"
is 303
visit bea /account
is 303
visit bea "$location"
is 200 'not signed in any more'
fill ada "$here/people/$bea/close"
is 422 'closed already'
fill ada "$here/people/$bea/reopen"
is 303
visit bea /account
is 303
fill ada "$here/people/$ada/close"
is 422 'nobody to administer'

tell 'a key of a system works until it is revoked'
fill ada $here/keys/new label='Case system' role=commissioner organisation_id=$MANCHESTER
is 200 'It is shown once'
key=$(grep -oE 'rcck_[0-9a-f]{64}' log/body)
ask rcc-gateway person.name call members.api_key "{\"digest\": \"$(digest "$key")\"}"
same 'it acts as' 'Case system' "$said"
visit ada $here/keys
[[ $body != *rcck_* ]] || fail 'the key to be shown once'
revoke=$(grep -oE "$here/keys/[0-9a-z]{26}/revoke" log/body)
fill ada "$revoke"
is 303
ask rcc-gateway over call members.api_key "{\"digest\": \"$(digest "$key")\"}"
same 'it is' revoked "$said"
fill ada "$revoke"
is 422 'revoked already'

tell 'a form that is forged, or of another page, changes nothing'
visit ada "$here/people/$bea/close"
body=${body//value=\"0/value=\"1}
post ada "$here/people/$bea/close"
is 400
visit ada "$here/people/$bea/sign-out"
post ada "$here/people/$bea/close"
is 400

tell 'when each service was copied, and what to do where it never was'
visit ada $here/health
is 200 'Never copied'
is 200 'make a copy now'
"$BIN/rccctl" backup make store --to backup >log/backup || fail 'a backup'
visit ada $here/health
is 200 'no entries since'
[[ $body != *'make a copy now'* ]] || fail 'no warning any more'

tell 'what does not answer is said so'
crash observatory
visit ada $here/health
is 200 'Does not answer'
visit ada $here
is 200 '5 of 6 services answer'
