#!/usr/bin/env bash
# A region's stores are copied while a journey runs, are destroyed, and come back into an
# empty folder with equal figures: from a backup, and from the open form. What stood
# acknowledged when a copy was begun is in it; what came later is said to be lost. Nothing
# is restored onto a living store, from a backup that is not whole, or over anything.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
open_region
export TMPDIR=$RUN # for the scratch of --tables

tool() { # <words of rccctl...>, without a key: sets said and code
	code=0
	said=$("$BIN/rccctl" "$@" 2>&1) || code=$?
}
does() { # <words...>: and leaves with 0
	tool "$@"
	[ "$code" = 0 ] || fail "rccctl $*"
}
all_files() { # that could be changed; a living store changes of itself
	local places=(backup* elsewhere*)
	[ ${#pids[@]} -gt 0 ] || places+=(store)
	find "${places[@]}" -type f ! -name lock.mdb -exec sha256sum {} + 2>/dev/null | sort || true
}
will_not() { # <status> <words of the sentence> <words...>: and leaves all as it was
	local before after
	before=$(all_files)
	tool "${@:3}"
	[ "$code" = "$1" ] || fail "status $1 of: ${*:3}"
	[[ $said == *"$2"* ]] || fail "'$2' said of: ${*:3}"
	after=$(all_files)
	same "what stood there before: ${*:3}" "$before" "$after"
}
tables_hold() { # <folder of stores>: each service's tables are what its journal makes
	local name
	for name in "${SERVICES[@]}"; do
		does journal verify --tables --store "$1/$name"
		[[ $said == *'Its tables are what it makes: '* ]] || fail "the tables of $name"
	done
}
figures() { # what people are shown: nobody is shown a part of what is still being followed
	local path
	for path in 'requests[].request_id' 'requests[].state'; do
		ask manchester "$path" request list
		echo "$said"
	done
	for path in 'vacancies[].vacancy_id' 'vacancies[].places.free' 'vacancies[].places.filled' \
		'vacancies[].places.held'; do
		ask manchester "$path" vacancy list
		echo "$said"
	done
	ask manchester 'candidates[].vacancy_id' request shortlist "$waiting"
	echo "$said"
	ask officer 'lines[].figures[].count' sufficiency
	echo "$said"
}
entries() { # <folder of stores>: of all journals
	local name
	for name in "${SERVICES[@]}"; do
		"$BIN/rccctl" journal show --store "$1/$name" --json
	done
}
incarnation() { # <service>
	ask administrator incarnation call "$1.health" '{}'
	echo "$said"
}

until_status() { # has|lacks <words>: waits, 20 s at the most, until people are told so
	local i
	for ((i = 0; i < 200; i++)); do
		rcc administrator status
		case $1,$said in
		has,*"$2"*) return 0 ;;
		has,* | lacks,*"$2"*) sleep 0.1 ;;
		*) return 0 ;;
		esac
	done
	fail "rccctl status $1 '$2'"
}

tell 'one child has moved in, a place is held for another, a third waits'
submit manchester
act manchester request circulate "$request" "$near" --minutes 60
offer team "$request" "$near"
act manchester request decide "$request" "$offer" --reason 'best meets needs'
is_state held manchester "$request"
act team offer confirm "$offer"
is_state confirmed manchester "$request"
act manchester request start "$request" --day today
is_state started manchester "$request"
submit manchester
act manchester request circulate "$request" "$adjoining" --minutes 60
offer alder "$request" "$adjoining"
act manchester request decide "$request" "$offer" --reason 'best meets needs'
is_state held manchester "$request"
held=$request held_offer=$offer
submit manchester
waiting=$request

last_copied() { # <service>: as rccctl status says it, in the last column
	rcc administrator status
	sed -nE "s/^$1 .*  +([^ ].*)$/\1/p" <<<"$said"
}
same 'when requests was copied' never "$(last_copied requests)"

tell 'a backup while requests go on being submitted'
: >acknowledged
(while :; do
	submit salford
	echo "$request" >>acknowledged
done) >log/load 2>&1 &
load=$!
until [ "$(wc -l <acknowledged)" -ge 5 ]; do sleep 0.02; done
began=$(date +%s%N)
cp acknowledged before
does backup make --store store --to backup-of-load
took_ms=$((($(date +%s%N) - began) / 1000000))
tell "it took $took_ms ms, with $(wc -l <before) acknowledged before and $(wc -l <acknowledged) after"
[ "$took_ms" -lt 2000 ] || fail 'a backup within two seconds'
sleep 0.2
kill -KILL "$load"
wait "$load" 2>/dev/null || true
[ "$(wc -l <acknowledged)" -gt "$(wc -l <before)" ] || fail 'requests submitted meanwhile'
will_not 3 'something in backup-of-load already' backup make store --to backup-of-load
tables_hold backup-of-load

tell 'nothing is restored onto living stores'
will_not 3 'serves the store store/observatory now: nothing is restored' \
	restore --from backup-of-load --to store
will_not 3 'serves the store store/foster now' \
	restore --from backup-of-load --to store --service foster

tell 'when all is quiet: a backup, the open form, and what people are shown'
followed matching requests
figures >log/figures
does backup make store --to backup
does export --from store --to backup-in-open-form
for name in "${SERVICES[@]}"; do
	[[ $(last_copied "$name") == today\ ??:?? ]] || fail "that $name was copied today"
	ask administrator copied.number call "$name.health" '{}'
	same "the last entry of $name that was copied" "$(head_of "$name")" "$said"
done
tables_hold store # of services that run
declare -A lives
for name in "${SERVICES[@]}"; do lives[$name]=$(incarnation "$name"); done
stop "${SERVICES[@]}"
tables_hold store
entries store >log/entries

tell 'nor over stores that nobody serves'
will_not 3 'something in store/observatory already' restore --from backup --to store

tell 'nor from a backup that is not whole'
damaged() { # <what is done to it>: makes backup-damaged
	rm -rf backup-damaged
	cp -r backup backup-damaged
	(cd backup-damaged && eval "$1")
}
flip() { # <file> <byte>
	printf '\xff' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
refuses() { # <words of the sentence> <what is done to it>
	damaged "$2"
	will_not 4 "$1" restore --from backup-damaged --to elsewhere
	[ ! -e elsewhere ] || fail 'nothing made'
}
refuses 'foster/data.mdb is missing' 'rm foster/data.mdb'
refuses 'foster/data.mdb has' 'truncate -s -4096 foster/data.mdb'
refuses 'backup of requests cannot be used' 'flip requests/data.mdb 40000'
refuses 'has no manifest.json' 'rm manifest.json'
refuses 'it is not whole' 'truncate -s 900 manifest.json'
refuses 'it is not what was written' 'sed -i "s/\"head_number\": 2/\"head_number\": 3/" manifest.json'
refuses 'of a later release' 'sed -i "s/\"layout\": 1/\"layout\": 2/" manifest.json'
refuses 'it is not what was written' 'sed -i "s|foster/data.mdb|members/data.mdb|" manifest.json'
will_not 2 'is not in this backup' restore --from backup --to elsewhere --service gateway
printf 'foster 3:%064d\n' 7 >heads
will_not 4 'has seen another entry 3 of foster' restore --from backup --to elsewhere --heads heads
[ ! -e elsewhere ] || fail 'nothing made'

tell 'all is destroyed, and comes back into an empty folder'
rm -rf store
does restore --from backup --to store
[[ $said == *'requests: '*' entries, the last of today '*'Lost is what it acknowledged after today '* ]] ||
	fail 'the window, said'
entries store | cmp - log/entries || fail 'the entries, as they were'
tables_hold store
start "${SERVICES[@]}"
ready
for name in foster requests; do followed "$name" members; done
figures | diff log/figures - || fail 'equal figures'
for name in "${SERVICES[@]}"; do
	[ "$(incarnation "$name")" != "${lives[$name]}" ] || fail "another life of $name"
	same "when $name was copied, in this life" never "$(last_copied "$name")"
done

tell 'and life goes on'
act alder offer confirm "$held_offer"
is_state confirmed manchester "$held"

tell 'in the time that will be lost: the last place at one home is taken, another home is new'
submit salford
act salford request circulate "$request" "$near" --minutes 60
offer team "$request" "$near"
rival=$request rival_offer=$offer
submit manchester
act manchester request circulate "$request" "$near" --minutes 60
offer team "$request" "$near"
act manchester request decide "$request" "$offer" --reason 'best meets needs'
is_state held manchester "$request"
act team offer confirm "$offer"
is_state confirmed manchester "$request"
household birch $WIGAN 'WN1 1' 3 2
vacancy birch "$household"
new=$made
followed requests foster

tell 'one service alone: what the others have seen of it is said to be lost'
stop requests foster
mv store/foster lost-foster
does restore --from backup --to store --service foster
[[ $said == *'requests has seen entry '*': at least the last '*' are lost.'* ]] || fail 'how many are lost'
start foster
until_status has 'foster was restored, and promises nothing until requests has shown it'

tell 'and no place that was promised then is promised again'
start requests
ready
until_status lacks 'was restored'
grep -q 'ev=store.restored.*waits_for=requests' log/foster.log || fail 'the restore, in the log'
is_state confirmed manchester "$request"
is_state confirmed manchester "$held" # held in the copy, and said yes to since
act salford request decide "$rival" "$rival_offer" --reason 'best meets needs'
is_state circulated salford "$rival"
ask salford request.journeys[0].refused_sentence request show "$rival"
[[ $said == *'taken at '* ]] || fail 'that the place was taken'
act manchester request start "$request" --day today
is_state started manchester "$request"
followed requests foster
followed matching foster
ask manchester 'vacancies[].vacancy_id' vacancy list
[[ $said != *"$new"* && $said == *"$near"* ]] || fail 'the homes of the backup and no more'
stop "${SERVICES[@]}"
tables_hold store

tell 'what was acknowledged before the backup under load is in it'
does restore --from backup-of-load --to elsewhere
entries elsewhere >log/elsewhere
while read -r id; do
	grep -q "\"$id\"" log/elsewhere || fail "request $id in the backup under load"
done <before
tables_hold elsewhere

tell 'the same region elsewhere, from its open form'
refuses_open() { # <words of the sentence> <what is done to it>
	rm -rf backup-damaged
	cp -r backup-in-open-form backup-damaged
	(cd backup-damaged && eval "$2")
	will_not 4 "$1" restore --from backup-damaged --to elsewhere-open
	[ ! -e elsewhere-open ] || fail 'nothing made'
}
refuses_open 'foster.jsonl is missing' 'rm foster.jsonl'
refuses_open 'backup of foster cannot be used: its file is not what was written' \
	'sed -i "3s/\"bedrooms\":./\"bedrooms\":7/" foster.jsonl; sed -i "1s/\"bedrooms\":./\"bedrooms\":7/" foster.jsonl'
rm -rf store
does restore --from backup-in-open-form --to store
entries store | cmp - log/entries || fail 'the entries, as they were'
start "${SERVICES[@]}"
ready
figures | diff log/figures - || fail 'equal figures from the open form'
stop "${SERVICES[@]}"
tables_hold store
