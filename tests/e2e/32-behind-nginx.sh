#!/usr/bin/env bash
# The portal behind Debian's nginx, configured by deploy/nginx as it stands there: TLS 1.2 and
# 1.3, HTTP/2, limits; the gateway believes nginx about addresses and who signed in with another
# organisation, and nobody else. oauth2-proxy is played by nginx itself.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
nginx=$(command -v nginx || command -v /usr/sbin/nginx) ||
	{ echo 'there is no nginx (Debian: nginx-light)' && exit 77; }
# shellcheck source=tests/e2e/web.sh
. "$ROOT/tests/e2e/web.sh"
plain=$((port + 1)) proxy=$((port + 2)) direct=$site
while (: <"/dev/tcp/127.0.0.1/$plain") 2>/dev/null; do plain=$((plain + 1)); done
while [ $proxy -le $plain ] || (: <"/dev/tcp/127.0.0.1/$proxy") 2>/dev/null; do proxy=$((proxy + 1)); done
tls=$((proxy + 1))
while (: <"/dev/tcp/127.0.0.1/$tls") 2>/dev/null; do tls=$((tls + 1)); done

own() { # <file of deploy/nginx> <name under nginx/>: with this story's places and ports
	sed -E "s|/etc/nginx/|$RUN/nginx/|; s|/var/log/nginx/|$RUN/log/|
		s|/run/rcc-front/|$RUN/sockets/|; s|127\.0\.0\.1:4180|127.0.0.1:$proxy|
		/listen \[::\]/d; s|listen 80|listen 127.0.0.1:$plain|; s|listen 443|listen 127.0.0.1:$tls|" \
		"$ROOT/deploy/nginx/$1" >"nginx/$2"
}

secret_of_nginx() { # <secret>
	printf 'proxy_set_header X-Rcc-Front "%s";\n' "$1" >nginx/rcc-secret.conf
}

write_nginx() {
	mkdir -p nginx/temp
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
		-subj /CN=portal.example -addext subjectAltName=DNS:portal.example \
		-keyout nginx/portal.example.key -out nginx/portal.example.pem 2>log/openssl
	own rcc.conf rcc.conf
	own rcc-proxy.conf rcc-proxy.conf
	own oidc.conf rcc-oidc.conf
	secret_of_nginx "$secret"
	{
		[ "$(id -u)" != 0 ] || echo 'user root;' # the socket lies in a folder of its own user
		printf 'worker_processes 1;\npid nginx/pid;\nerror_log log/nginx-error.log;\n'
		printf 'events { worker_connections 512; }\nhttp {\n'
		for word in client_body proxy fastcgi uwsgi scgi; do
			printf '%s_temp_path nginx/temp/%s;\n' $word $word
		done
		printf 'include %s/nginx/rcc.conf;\nserver { listen 127.0.0.1:%s;\n' "$RUN" "$proxy"
		# Whoever has its cookie is known to it.
		# shellcheck disable=SC2016 # nginx's variables
		printf 'access_log off;\nlocation = /oauth2/auth { if ($http_cookie !~ "known=ann") { return 401; }
			add_header X-Auth-Request-Email Ann@Council.example always; return 202; }
			location /oauth2/start { return 200 "who are you?"; } } }\n'
	} >nginx/nginx.conf
}

start_nginx() {
	"$nginx" -p "$RUN" -c nginx/nginx.conf -g 'daemon off;' >>log/nginx.log 2>&1 &
	pids[nginx]=$!
	local i
	for ((i = 0; i < 100; i++)); do
		(: <"/dev/tcp/127.0.0.1/$tls") 2>/dev/null && return 0
		sleep 0.05
	done
	fail "nginx to listen: $(cat log/nginx.log log/nginx-error.log)"
}

nginx_reads() { # the configuration again, and all of it
	kill -HUP "${pids[nginx]}"
	sleep 0.5
}

open_services
council $MANCHESTER Manchester $SALFORD
person ann commissioner $MANCHESTER
ann=$made
secret=$(new_token)
install -m 600 /dev/stdin keys/front.secret <<<"$secret"
printf '[service]\npeers = peers.conf\nkey = keys/rcc-gateway.key\noption = %s\n' \
	"127.0.0.1:$port front=unix:$RUN/sockets/gateway.sock secret-file=$RUN/keys/front.secret" \
	>config/gateway.conf
start gateway

tell 'the files are good for nginx, with and without single sign-on'
write_nginx
for with in '' 's|# include|include|'; do
	sed -i "$with" nginx/rcc.conf
	"$nginx" -p "$RUN" -c nginx/nginx.conf -t 2>log/nginx-test || fail "$(<log/nginx-test)"
done
start_nginx
site=https://portal.example:$tls
printf 'cacert = "%s"\nresolve = "portal.example:%s:127.0.0.1"\nhttp2\n' \
	"$RUN/nginx/portal.example.pem" "$tls" >.curlrc
export CURL_HOME=$RUN
for ((i = 0; i < 100; i++)); do
	visit nobody /about
	[ "$status" != 200 ] || break
	sleep 0.1
done

tell 'TLS 1.2 and 1.3, HTTP/2, and nothing older'
is 200 'About this service'
grep -q '^HTTP/2 200' log/headers || fail 'HTTP/2'
grep -qi '^strict-transport-security: max-age=' log/headers || fail 'TLS from now on'
grep -qi "^content-security-policy: default-src" log/headers || fail "the gateway's own headers"
visit nobody /about --tls-max 1.2
is 200
visit nobody /about --tlsv1.0 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0
[[ $status == none* ]] || fail "no TLS 1.1, not $status"
same 'plain HTTP leads to' "https://portal.example/about" \
	"$(curl -s -o log/body -w '%{redirect_url}' -H 'Host: portal.example' "http://127.0.0.1:$plain/about")"
code=0
curl -s -k -o log/body "https://127.0.0.1:$tls/about" || code=$?
[ "$code" != 0 ] || fail 'nothing said to whoever asks for another name'

tell 'what is for monitoring stays inside; what is too large stays outside'
for path in /health /metrics; do
	visit nobody $path
	is 404
done
too_large() { # <bytes>
	head -c "$1" /dev/zero | tr '\0' a >log/large
	visit nobody /about --data @log/large -H 'Accept: text/html'
}
too_large 300000
is 413 nginx
too_large 70000
is 413 'shorten what you entered, and send it again'

tell 'nobody passes for somebody by a header'
for path in /sign-in/identity /about; do
	visit nobody $path -H 'X-Rcc-Identity: ann@council.example' -H "X-Rcc-Front: $secret"
	[[ $body != *ann@council.example* ]] || fail "ann on $path"
done
same 'the direct door knows no identity' 404 "$(curl -s -o log/body -w '%{http_code}' \
	-H 'X-Rcc-Identity: ann@council.example' -H "X-Rcc-Front: $secret" "$direct/sign-in/identity")"
same "the front's door without its secret" 403 "$(curl -s -o log/body -w '%{http_code}' \
	--unix-socket sockets/gateway.sock -H 'X-Rcc-Identity: ann@council.example' http://portal.example/about)"

tell 'ann opens her account, and signs in with her council'\''s from then on'
link "$ann" invitation
visit ann "/link/$made"
is 200
key=$(secret_on_page)
post ann "/link/$made" login=ann@council.example 'password=otter lamp gravel' \
	'password_again=otter lamp gravel' "code=$(code_of "$key")"
is 200 'Your recovery codes'
grep -qiE '^set-cookie: __Host-session=[0-9a-f]{64};.*Secure' log/headers || fail 'a session for TLS alone'
visit other /sign-in
is 200 'href="/sign-in/identity"'
visit other /sign-in/identity
same 'who is not known yet is sent to' 302 "$status"
[[ $location == */oauth2/start?rd=/sign-in/identity ]] || fail "to the other side, not $location"
printf 'portal.example\tFALSE\t/\tTRUE\t0\tknown\tann\n' >>log/other.jar
visit other /sign-in/identity
is 200 'Ann@Council.example'
post other /sign-in/identity next=/account
leads /account
visit other /account
is 200 'ann@council.example'

tell 'what a board that changes sends comes through as it is sent'
visit other /needs
is 200 'data-live="/live?'
live=$(grep -oE 'data-live="[^"]*"' <<<"$body" | cut -d'"' -f2 | sed 's/&amp;/\&/g')
code=0
curl -sS -N --max-time 2 -b log/other.jar -D log/headers -o log/events "$site$live" 2>log/curl || code=$?
same 'it stays open, until curl leaves' 28 "$code"
grep -q '^HTTP/2 200' log/headers || fail 'a stream over HTTP/2'
grep -qi '^content-type: text/event-stream' log/headers || fail 'a stream of events'

tell 'the log of nginx holds no link and no query'
visit nobody "/about?what=secret-words"
grep -q '"GET /link/-"' log/rcc.log || fail 'links without their token'
! grep -qE "$made|secret-words" log/rcc.log || fail 'no token and no query'

tell 'who asks too often is slowed down'
for ((i = 0; i < 40; i++)); do
	visit nobody /sign-in
	[ "$status" = 200 ] || break
done
is 429

tell 'a secret that is wrong lets nobody in'
secret_of_nginx "${secret%?}x"
nginx_reads
visit nobody /about
is 403 'for the web server in front alone'
secret_of_nginx "$secret"
nginx_reads
visit nobody /about
is 200

tell 'the gateway stops, and comes back'
stop gateway
visit nobody /about
is 502
start gateway
for ((i = 0; i < 100; i++)); do
	visit nobody /about
	[ "$status" != 200 ] || break
	sleep 0.1
done
is 200
kill -QUIT "${pids[nginx]}"
wait "${pids[nginx]}" || fail 'nginx to stop well'
unset 'pids[nginx]'
stop gateway "${SERVICES[@]}"
