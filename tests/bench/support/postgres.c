#include "bench/support/postgres.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bench/support/bench.h"

#define USER "postgres"
#define FIRST_PORT 20432 /* below the ephemeral range */
#define PORTS 100
#define CONNECTIONS "max_connections=200"

static int next_port = FIRST_PORT;

/* One that nobody listens at: two benches may run at once, or PostgreSQL be in use. */
static int
free_port(void)
{
	while (next_port < FIRST_PORT + PORTS) {
		struct sockaddr_in address = {
		    .sin_family = AF_INET,
		    .sin_port = htons((uint16_t)next_port),
		    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		};
		int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool is_free = s >= 0 && bind(s, (const struct sockaddr *)&address,
					     sizeof address) == 0;

		if (s >= 0)
			close(s);
		next_port++;
		if (is_free)
			return next_port - 1;
	}
	bench_fail("no port from %d on is free for PostgreSQL", FIRST_PORT);
}

/* Debian keeps each major version's programs in a folder of its own. */
static void
find_program(const char *name, char *out, size_t size)
{
	static const char root[] = "/usr/lib/postgresql";
	DIR *d = opendir(root);
	struct dirent *entry;
	int best = 0;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		int version = (int)strtol(entry->d_name, NULL, 10);

		best = version > best ? version : best;
	}
	if (d != NULL)
		closedir(d);
	if (best == 0)
		bench_fail("no PostgreSQL here: tools/setup bench installs it");
	snprintf(out, size, "%s/%d/bin/%s", root, best, name);
}

/* PostgreSQL refuses to run as root; then it runs as its own user. */
static void
become_user(void)
{
	struct passwd *user;

	if (geteuid() != 0)
		return;
	user = getpwnam(USER);
	if (user == NULL || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)
		_exit(126);
}

static pid_t
spawn(const struct postgres *p, const char *preload, const char *const argv[])
{
	pid_t child = fork();

	if (child == 0) {
		char log[200];
		int fd;

		become_user();
		prctl(PR_SET_PDEATHSIG, SIGQUIT); /* a bench that fails leaves none */
		snprintf(log, sizeof log, "%s/log", p->folder);
		fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
		dup2(fd, 1);
		dup2(fd, 2);
		if (preload != NULL)
			setenv("LD_PRELOAD", preload, 1);
		execv(argv[0], (char *const *)(uintptr_t)argv); /* it writes to none */
		_exit(127);
	}
	return child;
}

void
postgres_open(struct postgres *p, const char *preload)
{
	char initdb[100], server[100], data[150], port[16];
	struct passwd *user = getpwnam(USER);
	int status;
	pid_t child;

	memset(p, 0, sizeof *p);
	p->port = free_port();
	/* Not in the tree: its user may not be allowed to enter that. */
	snprintf(p->folder, sizeof p->folder, "/var/tmp/rcc-bench-pg-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		bench_fail("%s: %s", p->folder, strerror(errno));
	if (geteuid() == 0 && user != NULL &&
	    chown(p->folder, user->pw_uid, user->pw_gid) != 0)
		bench_fail("%s: %s", p->folder, strerror(errno));
	find_program("initdb", initdb, sizeof initdb);
	find_program("postgres", server, sizeof server);
	snprintf(data, sizeof data, "%s/data", p->folder);
	snprintf(port, sizeof port, "%d", p->port);
	child = spawn(p, NULL,
	    (const char *[]){initdb, "-D", data, "-A", "trust", "-U", USER, "-E",
		"UTF8", "--locale=C", NULL});
	if (waitpid(child, &status, 0) != child || status != 0)
		bench_fail("initdb failed: see %s/log", p->folder);
	p->pid = spawn(p, preload,
	    (const char *[]){server, "-D", data, "-p", port, "-c",
		"listen_addresses=127.0.0.1", "-c", "ssl=off", "-c", CONNECTIONS, "-k",
		p->folder, NULL});
}

const char *
postgres_conninfo(const struct postgres *p, char *out, size_t size)
{
	snprintf(out, size,
	    "host=127.0.0.1 port=%d user=" USER " dbname=postgres sslmode=disable "
	    "gssencmode=disable",
	    p->port);
	return out;
}

void
postgres_close(struct postgres *p)
{
	pid_t child;

	if (p->pid <= 0)
		return;
	kill(p->pid, SIGQUIT);
	waitpid(p->pid, NULL, 0);
	p->pid = 0;
	child = fork();
	if (child == 0) {
		execlp("rm", "rm", "-rf", p->folder, (char *)NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
}
