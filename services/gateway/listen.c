#include "gateway/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ADDRESS_MAX 80
#define KIND (SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)

/* What to bind to; NULL where it is no address and port. */
static struct addrinfo *
read_address(const char *address)
{
	const struct addrinfo hints = {
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	    .ai_socktype = SOCK_STREAM,
	};
	const char *colon = strrchr(address, ':');
	struct addrinfo *found = NULL;
	char host[ADDRESS_MAX];
	size_t len = colon == NULL ? 0 : (size_t)(colon - address);

	if (len == 0 || len >= sizeof host || colon[1] == '\0')
		return NULL;
	memcpy(host, address, len);
	host[len] = '\0';
	if (host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		memmove(host, host + 1, len - 1);
	} else if (strchr(host, ':') != NULL) {
		return NULL;
	}
	return getaddrinfo(host, colon + 1, &hints, &found) == 0 ? found : NULL;
}

/* What is sent there does not leave this machine. */
static bool
is_loopback(const struct sockaddr *address)
{
	union {
		const struct sockaddr *any;
		const struct sockaddr_in *four;
		const struct sockaddr_in6 *six;
	} at = {address};

	if (address->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&at.six->sin6_addr);
	return address->sa_family == AF_INET &&
	       ntohl(at.four->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* The descriptor, or -1 with errno set. */
static int
listen_at(const struct sockaddr *address, socklen_t len)
{
	int on = 1, why;
	int fd = socket(address->sa_family, KIND, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    bind(fd, address, len) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

static enum err
opened(int fd, const char *place, int *out, char *problem, size_t problem_size)
{
	if (fd < 0) {
		snprintf(problem, problem_size, "cannot serve %s: %s", place,
		    strerror(errno));
		return ERR_UNREACHABLE;
	}
	*out = fd;
	return ERR_NONE;
}

enum err
gateway_listen(const char *address, int *fd, char *problem, size_t problem_size)
{
	struct addrinfo *found = read_address(address);
	int listening;

	if (found == NULL) {
		snprintf(problem, problem_size,
		    "\"%s\" is no address and port to listen on, as 127.0.0.1:8080 is",
		    address);
		return ERR_MALFORMED;
	}
	if (!is_loopback(found->ai_addr)) {
		freeaddrinfo(found);
		snprintf(problem, problem_size,
		    "%s would be served without encryption; serve 127.0.0.1 or [::1], "
		    "and let a web server stand in front (front= in the option)",
		    address);
		return ERR_MALFORMED;
	}
	listening = listen_at(found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return opened(listening, address, fd, problem, problem_size);
}

/* A socket that nobody listens at any more. */
static bool
is_left_behind(const struct sockaddr_un *address)
{
	struct stat there;
	int fd;
	bool is_refused;

	if (lstat(address->sun_path, &there) != 0 || !S_ISSOCK(there.st_mode))
		return false;
	fd = socket(AF_UNIX, KIND, 0);
	is_refused = fd >= 0 &&
	             connect(fd, (const struct sockaddr *)(const void *)address,
			 sizeof *address) != 0 &&
	             errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return is_refused;
}

enum err
gateway_listen_unix(const char *path, int *fd, char *problem, size_t problem_size)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listening;

	if (path[0] != '/' || strlen(path) >= sizeof address.sun_path) {
		snprintf(problem, problem_size,
		    "\"%s\" is no path of a unix socket: it begins with / and is under "
		    "%zu characters long",
		    path, sizeof address.sun_path);
		return ERR_MALFORMED;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (is_left_behind(&address))
		(void)unlink(path);
	listening =
	    listen_at((const struct sockaddr *)(const void *)&address, sizeof address);
	if (listening >= 0 && chmod(path, 0660) != 0) {
		int why = errno;

		close(listening);
		errno = why;
		listening = -1;
	}
	return opened(listening, path, fd, problem, problem_size);
}
