#!/usr/bin/env bash
# The first account of a real installation, by the link that rccctl prints; what the gateway
# then says about it; and what becomes of a session when its account is closed, when the
# service is killed, and when the store is brought back from a copy.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
SERVICES=(members)
write_config
"$BIN/rcc-members" --first 'Ada Marsden' "$(new_key administrator)" \
	--config config/members.conf >log/first.log
start members
up members

digest() { # <text>: what is kept of it
	printf %s "$1" | b2sum -l 256 | cut -c1-64
}

session() { # <token> <what of it>: how it is found when a page is asked for
	ok rcc-gateway call members.session "{\"digest\": \"$(digest "$1")\"}" --json
	case $2 in
	honoured) [[ $said == *'"person_id"'* && $said != *'"over"'* ]] ;;
	*) [[ $said == *"\"over\": \"$2\""* && $said != *'"person_id"'* ]] ;;
	esac || fail "the session $1 to be $2"
}

open_account() { # <token> <login> <session>: by the invitation
	act rcc-gateway call members.open_account "{\"digest\": \"$(digest "$1")\",
		\"login\": \"$2\", \"password_key\": \"$(digest password)\",
		\"derivation\": {\"salt\": \"$(digest salt | cut -c1-32)\", \"memory_kib\": 65536,
		\"passes\": 2}, \"totp_sealed\": \"$(digest secret)\",
		\"totp_step\": $(($(date +%s) / 30)), \"recovery_digests\": [\"$(digest code)\"],
		\"session_digest\": \"$(digest "$3")\"}"
}

tell 'the administrator of the first day invites herself'
wrong '--address' administrator account link
link=$("$BIN/rccctl" --key keys/administrator.key account link --address http://portal.example/ \
	2>link.words)
[[ $link =~ ^http://portal\.example/link/[0-9a-f]{64}$ ]] || fail "an address, not $link"
grep -q 'For Ada Marsden, once, until' link.words || fail "whose link it is, not $(<link.words)"
token=${link##*/}
! grep -rqF "$token" store log || fail 'the token to stand nowhere'
refused administrator 146 purpose 'invented region' \
	account link --sign-in --address http://portal.example
ok administrator account list
[[ $said == *'invited until'* ]] || fail 'her to be invited'

tell 'she takes the invitation, once'
open_account "$token" ' Ada@Coop.Example' first
session first honoured
refused rcc-gateway 148 - 'no longer works' call members.link "{\"digest\": \"$(digest "$token")\"}"
session nobody unknown
ok administrator account list
[[ $said == *'ada@coop'*' open '* ]] || fail 'her account to be open'

tell 'a session lives through a kill, and not through a copy that is brought back'
crash members
start members
up members
session first honoured
stop members
"$BIN/rccctl" backup make store --to copy >log/backup.log 2>&1 || fail "a copy: $(<log/backup.log)"
rm -rf store
"$BIN/rccctl" restore --from copy --to store >log/restore.log 2>&1 || fail "a restore: $(<log/restore.log)"
start members
up members
session first unknown

tell 'nobody closes the last account by which all is administered'
refused administrator 134 - 'nobody to administer' account close 'Ada Marsden'
person bea administrator co-operative
link=$("$BIN/rccctl" --key keys/administrator.key account link "$made" \
	--address http://portal.example 2>/dev/null)
open_account "${link##*/}" bea@coop.example second
session second honoured
act administrator account close BEA@coop.example
session second unknown
refused rcc-gateway 168 login 'do not go together' call members.sign_in "{
	\"login\": \"bea@coop.example\", \"password_key\": \"$(digest password)\",
	\"recovery_digest\": \"$(digest code)\", \"session_digest\": \"$(digest third)\"}"
act administrator account reopen 'Someone called bea'
session second unknown
act rcc-gateway call members.sign_in "{
	\"login\": \"bea@coop.example\", \"password_key\": \"$(digest password)\",
	\"recovery_digest\": \"$(digest code)\", \"session_digest\": \"$(digest third)\"}"
session third honoured
