#!/usr/bin/env bash
# The portal looks like a public service and not like GOV.UK: no crown, crest, logotype or font of
# theirs, nothing fetched from elsewhere, and no script or style that its policy would stop.
set -eu
cd "$(dirname "$0")/../.."
bad=0

deny() { # <what is wrong> <grep options, the files last>
	local what=$1
	shift
	if grep -nH "$@"; then
		printf '  ^ %s\n' "$what"
		bad=1
	fi
}

mapfile -t templates < <(tools/lint/files 'services/gateway/templates/*.mustache')
mapfile -t assets < <(tools/lint/files 'services/gateway/assets/*')
css=build/gen/portal.css
"${MAKE:-make}" -s "$css" >/dev/null
size=$(stat -c %s "$css")
[ "$size" -gt 50000 ] || { printf '%s has %s bytes: it is not what this looks at\n' "$css" "$size" && bad=1; }

deny 'is GOV.UK, not ours' -oiE '.{0,40}(GDS.?Transport|@font-face|crest|crown|govuk-(header|footer|logo)[^a-z].{0,20})' "$css"
deny 'is GOV.UK, not ours' -iE 'class="govuk-(header|footer)[ "_-]|GDS Transport|royal arms' "${templates[@]}" "${assets[@]}"
deny 'is fetched from elsewhere' -oE 'url\([^)]{0,60}|@import.{0,60}' "$css"
deny 'is fetched from elsewhere' -iE '<(link|script|img|iframe|form|source)[^>]*(src|href|action)="(https?:)?//' "${templates[@]}"
deny 'is stopped by the policy of the pages' -iE '<style|style="|<script[^>]*[^>/]>[^<]|[" ]on[a-z]+="|javascript:' "${templates[@]}"
for file in "${assets[@]}"; do
	case $file in
	*.woff* | *.ttf | *.otf | */fonts/*) printf '%s\n  ^ no font is carried\n' "$file" && bad=1 ;;
	*.mjs)
		size=$(stat -c %s "$file")
		[ "$size" -lt 5120 ] || { printf '%s has %s bytes\n  ^ the script stays under 5 KB\n' "$file" "$size" && bad=1; }
		;;
	esac
done
exit $bad
