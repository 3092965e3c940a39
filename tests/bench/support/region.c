#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "bench/support/bench.h"

#include "members.pb-c.h"

#define WAIT_MS 20000
#define TEXT(literal) ((char *)(uintptr_t)(literal))

static const char *const names[BENCH_SERVICES] = {
    "members", "foster", "residential", "requests", "matching", "observatory"};

const char *
bench_name(enum bench_service s)
{
	return names[s];
}

static const char *
bin(void)
{
	const char *folder = getenv("BIN");

	if (folder == NULL)
		bench_fail("BIN is not set: run this through make bench");
	return folder;
}

static void
write_key(struct bench_region *r, const char *name, struct bench_key *key)
{
	char path[300], problem[200] = "";

	snprintf(path, sizeof path, "%s/%s.key", r->folder, name);
	if (bus_new_key(key->public_key, key->secret_key) != ERR_NONE ||
	    conf_write_key(path, key->public_key, key->secret_key, problem,
		sizeof problem) != ERR_NONE)
		bench_fail("%s: %s", path, problem);
}

static FILE *
create(const char *folder, const char *name, const char *ending)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s.%s", folder, name, ending);
	f = fopen(path, "w");
	if (f == NULL)
		bench_fail("%s: %s", path, strerror(errno));
	return f;
}

static void
write_config(struct bench_region *r, enum bench_service s)
{
	FILE *f = create(r->folder, names[s], "conf");

	fprintf(f,
	    "[service]\nstore = %s/%s\npeers = %s/peers.conf\nkey = %s/%s.key\nlog = "
	    "warn\n",
	    r->folder, names[s], r->folder, r->folder, names[s]);
	if (s == BENCH_MATCHING)
		fprintf(f, "option = services/matching/policy.conf\n");
	fclose(f);
}

void
bench_region_open(struct bench_region *r)
{
	FILE *peers;
	char path[300], problem[200] = "", hex[65];

	memset(r, 0, sizeof *r);
	snprintf(r->folder, sizeof r->folder, "build/bench-XXXXXX");
	if (mkdtemp(r->folder) == NULL)
		bench_fail("%s: %s", r->folder, strerror(errno));
	if (arena_open(&r->arena, 64u << 20) != ERR_NONE)
		bench_fail("no memory");
	peers = create(r->folder, "peers", "conf");
	for (unsigned s = 0; s < BENCH_SERVICES; s++) {
		write_key(r, names[s], &r->keys[s]);
		write_config(r, s);
		bytes_to_hex((struct bytes){r->keys[s].public_key, 32}, hex);
		fprintf(peers,
		    "[%s]\nkey = %s\nendpoint = ipc://%s/%s.sock\nhints = "
		    "ipc://%s/%s.hints\n",
		    names[s], hex, r->folder, names[s], r->folder, names[s]);
	}
	write_key(r, "gateway", &r->gateway);
	bytes_to_hex((struct bytes){r->gateway.public_key, 32}, hex);
	fprintf(peers, "[gateway]\nkey = %s\n", hex);
	fclose(peers);
	write_key(r, "administrator", &r->administrator);
	write_key(r, "officer", &r->officer);
	snprintf(path, sizeof path, "%s/peers.conf", r->folder);
	if (conf_read_peers(path, &r->peers, problem, sizeof problem) != ERR_NONE)
		bench_fail("%s", problem);
}

void
bench_region_close(struct bench_region *r)
{
	char command_folder[300];
	pid_t child;

	if (r->gateway_pid > 0) {
		kill(r->gateway_pid, SIGTERM);
		waitpid(r->gateway_pid, NULL, 0);
	}
	for (unsigned s = 0; s < BENCH_SERVICES; s++)
		bench_stop(r, s, SIGTERM);
	snprintf(command_folder, sizeof command_folder, "%s", r->folder);
	child = fork();
	if (child == 0) {
		execlp("rm", "rm", "-rf", command_folder, (char *)NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
	arena_close(&r->arena);
}

const char *
bench_store(struct bench_region *r, enum bench_service s, char *out, size_t size)
{
	snprintf(out, size, "%s/%s", r->folder, names[s]);
	return out;
}

static pid_t
spawn(struct bench_region *r, const char *name, const char *preload)
{
	char program[300], config[300], log[300];
	pid_t pid;

	snprintf(program, sizeof program, "%s/rcc-%s", bin(), name);
	snprintf(config, sizeof config, "%s/%s.conf", r->folder, name);
	snprintf(log, sizeof log, "%s/%s.log", r->folder, name);
	pid = fork();
	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);

		if (preload != NULL)
			setenv("LD_PRELOAD", preload, 1);
		dup2(fd, 1);
		dup2(fd, 2);
		execl(program, program, "--config", config, (char *)NULL);
		_exit(127);
	}
	return pid;
}

void
bench_spawn(struct bench_region *r, enum bench_service s, const char *preload)
{
	r->pids[s] = spawn(r, names[s], preload);
}

/* One that is free now. */
static int
free_port(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		bench_fail("no port: %s", strerror(errno));
	close(fd);
	return ntohs(address.sin_port);
}

int
bench_connect(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		bench_fail("no socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

int
bench_connect_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		bench_fail("no socket: %s", strerror(errno));
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

/* A web server in front and the gateway share it; nobody else may read it. */
static void
write_secret(struct bench_region *r)
{
	FILE *f = create(r->folder, "front", "secret");

	fprintf(f, BENCH_SECRET "\n");
	if (fchmod(fileno(f), 0600) != 0)
		bench_fail("front.secret: %s", strerror(errno));
	fclose(f);
}

void
bench_start_gateway(struct bench_region *r)
{
	FILE *f = create(r->folder, "gateway", "conf");

	write_secret(r);
	r->gateway_port = free_port();
	/* Of a folder, the path might be too long for a socket. */
	snprintf(
	    r->front, sizeof r->front, P_tmpdir "/rcc-bench-%d.sock", (int)getpid());
	fprintf(f,
	    "[service]\npeers = %s/peers.conf\nkey = %s/gateway.key\nlog = warn\n"
	    "option = 127.0.0.1:%d front=unix:%s secret-file=%s/front.secret\n",
	    r->folder, r->folder, r->gateway_port, r->front, r->folder);
	fclose(f);
	r->gateway_pid = spawn(r, "gateway", NULL);
	for (unsigned i = 0; i < 200; i++) {
		int fd = bench_connect(r->gateway_port);

		if (fd >= 0) {
			close(fd);
			return;
		}
		usleep(50000);
	}
	bench_fail("the gateway does not listen (log in %s)", r->folder);
}

uint64_t
bench_head(struct bench_region *r, enum bench_service s)
{
	/* Any service's key may ask another for its health. */
	const struct bench_key *key =
	    &r->keys[s == BENCH_MEMBERS ? BENCH_FOSTER : BENCH_MEMBERS];
	struct bus_client *c = bench_client(r, s, key);
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	const Common__Health *health =
	    bench_call(r, c, 2, &asked.base, &common__health__descriptor);

	bus_client_close(c);
	return health->head_number;
}

void
bench_start(struct bench_region *r, enum bench_service s, const char *preload)
{
	bench_spawn(r, s, preload);
	(void)bench_head(r, s); /* it answers */
}

void
bench_stop(struct bench_region *r, enum bench_service s, int signal)
{
	if (r->pids[s] <= 0)
		return;
	kill(r->pids[s], signal);
	waitpid(r->pids[s], NULL, 0);
	r->pids[s] = 0;
}

struct bus_client *
bench_client(struct bench_region *r, enum bench_service s, const struct bench_key *key)
{
	struct bus_client *c;

	if (bus_client_open(&c, conf_peer(&r->peers, names[s]), key->public_key,
		key->secret_key) != ERR_NONE)
		bench_fail("no connection to %s", names[s]);
	return c;
}

const void *
bench_call(struct bench_region *r, struct bus_client *c, uint32_t method,
    const ProtobufCMessage *call, const ProtobufCMessageDescriptor *type)
{
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT, *answer;
	struct bytes body;
	ProtobufCMessage *m;
	enum err err;

	SET(&e, method, method);
	if (message_pack(&r->arena, call, &body) != ERR_NONE)
		bench_fail("no memory");
	SET_BYTES(&e, body, body);
	err = bus_client_call(c, &r->arena, &e, WAIT_MS, &answer);
	if (err != ERR_NONE)
		bench_fail(
		    "method %u: %s (logs in %s)", method, err_name(err), r->folder);
	if (answer->has_fault || answer->refusal != NULL)
		bench_fail("method %u: fault %d %s %s", method, (int)answer->fault,
		    answer->detail != NULL ? answer->detail : "",
		    answer->refusal != NULL ? answer->refusal->sentence : "");
	if (message_unpack(&r->arena, type, BYTES_OF(answer->body), &m) != ERR_NONE)
		bench_fail("method %u: its answer cannot be read", method);
	return m;
}

void
bench_await_followed(
    struct bench_region *r, struct bus_client *c, const char *source, uint64_t number)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;

	for (;;) {
		size_t mark = r->arena.used;
		const Common__Health *h =
		    bench_call(r, c, 2, &asked.base, &common__health__descriptor);

		for (size_t i = 0; i < h->n_follows; i++) {
			const Common__FollowHealth *f = h->follows[i];

			if (!str_equal(f->service, source))
				continue;
			if (f->stopped != NULL)
				bench_fail(
				    "following %s stopped: %s", source, f->stopped);
			if (f->number >= number)
				return;
		}
		arena_release(&r->arena, mark);
		usleep(2000);
	}
}

void
bench_first_administrator(struct bench_region *r)
{
	char program[300], config[300], hex[65];
	int status;
	pid_t child;

	snprintf(program, sizeof program, "%s/rcc-members", bin());
	snprintf(config, sizeof config, "%s/members.conf", r->folder);
	bytes_to_hex((struct bytes){r->administrator.public_key, 32}, hex);
	child = fork();
	if (child == 0) {
		execl(program, program, "--first", "Bench Administrator", hex,
		    "--config", config, (char *)NULL);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		bench_fail("no first administrator");
}

static void
register_council(struct bench_region *r, struct bus_client *c)
{
	Members__RegisterCouncil call = MEMBERS__REGISTER_COUNCIL__INIT;
	Members__Council council = MEMBERS__COUNCIL__INIT;
	Members__Membership since = MEMBERS__MEMBERSHIP__INIT, *list[] = {&since};

	council.council_id = TEXT("E08000003");
	council.name = TEXT("Invented Council");
	SET(&since, from_day, day_in_london(clock_now_ms()) - 10);
	council.memberships = list;
	council.n_memberships = 1;
	call.council = &council;
	bench_call(r, c, 10, &call.base, &common__done__descriptor);
}

static void
register_provider(struct bench_region *r, struct bus_client *c)
{
	Members__RegisterProvider call = MEMBERS__REGISTER_PROVIDER__INIT;
	Members__Provider p = MEMBERS__PROVIDER__INIT;
	const Common__Done *done;

	p.name = TEXT("Invented Fostering");
	p.urn = TEXT("SC900001");
	p.owner_name = TEXT("Invented Owner");
	SET(&p, kind, MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY);
	SET(&p, sector, MEMBERS__SECTOR__SECTOR_PRIVATE);
	SET(&p, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(&p, grade_day, day_in_london(clock_now_ms()) - 100);
	call.provider = &p;
	done = bench_call(r, c, 11, &call.base, &common__done__descriptor);
	snprintf(r->provider_id, sizeof r->provider_id, "%s", done->id);
}

void
bench_people(struct bench_region *r, const char *preload)
{
	Members__RegisterPerson call = MEMBERS__REGISTER_PERSON__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT, *grants[] = {&grant};
	struct bus_client *c, *f;

	bench_first_administrator(r);
	bench_start(r, BENCH_MEMBERS, preload);
	c = bench_client(r, BENCH_MEMBERS, &r->administrator);
	register_council(r, c);
	register_provider(r, c);
	call.name = TEXT("Invented Officer");
	SET(&grant, role, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER);
	grant.organisation_id = r->provider_id;
	SET(&grant, from_day, day_in_london(clock_now_ms()) - 1);
	call.grants = grants;
	call.n_grants = 1;
	SET_BYTES(&call, public_key, ((struct bytes){r->officer.public_key, 32}));
	bench_call(r, c, 12, &call.base, &common__done__descriptor);
	bus_client_close(c);
	bench_start(r, BENCH_FOSTER, preload);
	f = bench_client(r, BENCH_FOSTER, &r->keys[BENCH_MEMBERS]);
	bench_await_followed(r, f, "members", bench_head(r, BENCH_MEMBERS));
	bus_client_close(f);
}
