#include "gateway/worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "base/log.h"
#include "gateway/worker_inside.h"

/* ---- children ---- */

/* In the new process, before it is another program: calls nothing but the kernel. */
_Noreturn static void
become(const char *program, int pipe)
{
	static char name[] = "rcc-gateway", what[] = "--worker";
	char *const argv[] = {name, what, NULL}, *const none[] = {NULL};

	if (dup2(pipe, STDIN_FILENO) == STDIN_FILENO)
		(void)execve(program, argv, none);
	_exit(127);
}

static enum err
start(struct worker *w, struct worker_child *child, int64_t now_us)
{
	struct epoll_event readable = {.events = EPOLLIN, .data.ptr = child};
	int ends[2];
	pid_t pid;

	child->not_before_us = now_us + WORKER_REST_US;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return ERR_INTERNAL;
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0 ||
	    epoll_ctl(w->wait_fd, EPOLL_CTL_ADD, ends[0], &readable) != 0)
		pid = -1;
	else
		pid = fork();
	if (pid == 0)
		become(w->options.program, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return ERR_INTERNAL;
	}
	child->pid = pid;
	child->pipe = ends[0];
	child->ticket = 0;
	child->is_proven = false;
	return ERR_NONE;
}

static void
end(struct worker_child *child)
{
	int status;

	if (child->pid == 0)
		return;
	(void)kill(child->pid, SIGKILL);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(child->pipe);
	child->pid = 0;
	child->ticket = 0;
}

/* ---- questions ---- */

static struct worker_waiting *
waiting_of(struct worker *w, uint64_t ticket)
{
	for (unsigned i = 0; i < WORKER_WAITING_MAX; i++)
		if (w->waiting[i].ticket == ticket)
			return &w->waiting[i];
	return NULL;
}

static bool
is_asked(const struct worker *w, uint64_t ticket)
{
	for (unsigned i = 0; i < WORKER_CHILDREN; i++)
		if (w->children[i].ticket == ticket)
			return true;
	return false;
}

static bool
comes_before(const struct worker_waiting *a, const struct worker_waiting *b)
{
	return a->is_known != b->is_known ? a->is_known : a->ticket < b->ticket;
}

/* The first that no child works on; NULL: there is none. */
static struct worker_waiting *
next_waiting(struct worker *w)
{
	struct worker_waiting *first = NULL;

	for (unsigned i = 0; i < WORKER_WAITING_MAX; i++) {
		struct worker_waiting *q = &w->waiting[i];

		if (q->ticket != 0 && !is_asked(w, q->ticket) &&
		    (first == NULL || comes_before(q, first)))
			first = q;
	}
	return first;
}

/* Is there a place for one more? */
static bool
has_room(const struct worker *w, bool is_known)
{
	unsigned n = 0;

	for (unsigned i = 0; i < WORKER_WAITING_MAX; i++)
		n += w->waiting[i].ticket == 0 ? 1 : 0;
	return n > (is_known ? 0 : WORKER_KEPT_FREE);
}

static void
settle(struct worker *w, struct worker_waiting *q, const uint8_t *key)
{
	uint64_t ticket = q->ticket;

	sodium_memzero(q, sizeof *q);
	w->options.answered(w->options.context, ticket, key);
}

enum err
worker_ask(struct worker *w, const struct worker_question *q, uint64_t *ticket)
{
	struct worker_waiting *place = waiting_of(w, 0);

	if (!worker_may(q))
		return ERR_MALFORMED;
	if (place == NULL || !has_room(w, q->is_known))
		return ERR_BUSY;
	*ticket = ++w->last_ticket;
	*place = (struct worker_waiting){.ticket = *ticket, .is_known = q->is_known};
	worker_pack(q, *ticket, place->packed);
	return ERR_NONE;
}

void
worker_forget(struct worker *w, uint64_t ticket)
{
	struct worker_waiting *q = ticket == 0 ? NULL : waiting_of(w, ticket);

	if (q != NULL)
		sodium_memzero(q, sizeof *q);
}

/* ---- the turn ---- */

/* A child that is of no use any more: what it worked on is asked again, or given up. */
static void
replace(struct worker *w, struct worker_child *child, const char *why, int64_t now_us)
{
	struct worker_waiting *q =
	    child->ticket == 0 ? NULL : waiting_of(w, child->ticket);

	log_line(LOG_LEVEL_WARN, "worker.lost", "why", why, NULL);
	end(child);
	if (child->is_proven)
		child->not_before_us = now_us;
	if (q != NULL && ++q->tries >= WORKER_TRIES)
		settle(w, q, NULL);
}

static void
take(struct worker *w, struct worker_child *child, int64_t now_us)
{
	uint8_t answer[WORKER_ANSWER_BYTES];
	ssize_t n = recv(child->pipe, answer, sizeof answer, MSG_DONTWAIT | MSG_TRUNC);
	struct worker_waiting *q;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != sizeof answer || child->ticket == 0 ||
	    bytes_get_u64(answer) != child->ticket) {
		replace(w, child, n > 0 ? "nonsense" : "gone", now_us);
	} else {
		q = waiting_of(w, child->ticket);
		child->ticket = 0;
		child->is_proven = true;
		if (q != NULL)
			settle(w, q, answer + sizeof q->ticket);
	}
	sodium_memzero(answer, sizeof answer);
}

/* Gives it the next question, if there is one; starts it for that, if it may be. */
static void
give(struct worker *w, struct worker_child *child, int64_t now_us)
{
	struct worker_waiting *q = child->ticket == 0 ? next_waiting(w) : NULL;

	if (q == NULL)
		return;
	if (child->pid == 0) {
		if (now_us < child->not_before_us)
			return;
		if (start(w, child, now_us) != ERR_NONE) {
			log_line(LOG_LEVEL_ERROR, "worker.not_started", NULL);
			return;
		}
	}
	child->ticket = q->ticket;
	child->until_us = now_us + WORKER_SILENT_US;
	if (send(child->pipe, q->packed, sizeof q->packed, MSG_NOSIGNAL) !=
	    sizeof q->packed)
		replace(w, child, "gone", now_us);
}

/* How long nothing is due of it, in microseconds. */
static int64_t
rest_of(struct worker *w, const struct worker_child *child, int64_t now_us)
{
	int64_t due_us = INT64_MAX;

	if (child->ticket != 0)
		due_us = child->until_us;
	else if (next_waiting(w) != NULL)
		due_us = child->pid == 0 ? child->not_before_us : now_us;
	if (due_us == INT64_MAX)
		return WORKER_SILENT_US;
	return due_us > now_us ? due_us - now_us : 0;
}

int64_t
worker_rest(struct worker *w, int64_t now_us)
{
	int64_t rest_us = WORKER_SILENT_US;

	for (unsigned i = 0; i < WORKER_CHILDREN; i++) {
		int64_t us = rest_of(w, &w->children[i], now_us);

		rest_us = us < rest_us ? us : rest_us;
	}
	return rest_us;
}

int64_t
worker_serve(struct worker *w, int64_t now_us)
{
	for (unsigned i = 0; i < WORKER_CHILDREN; i++) {
		struct worker_child *child = &w->children[i];

		if (child->pid != 0)
			take(w, child, now_us);
		if (child->pid != 0 && child->ticket != 0 && child->until_us <= now_us)
			replace(w, child, "silent", now_us);
		give(w, child, now_us);
	}
	return worker_rest(w, now_us);
}

/* ---- open and close ---- */

enum err
worker_open(struct worker *w, const struct worker_options *o)
{
	memset(w, 0, sizeof *w);
	w->options = *o;
	w->wait_fd = epoll_create1(EPOLL_CLOEXEC);
	return w->wait_fd < 0 ? ERR_INTERNAL : ERR_NONE;
}

void
worker_close(struct worker *w)
{
	for (unsigned i = 0; i < WORKER_CHILDREN; i++)
		end(&w->children[i]);
	if (w->wait_fd > 0)
		close(w->wait_fd);
	sodium_memzero(w, sizeof *w);
	w->wait_fd = -1;
}

int
worker_fd(const struct worker *w)
{
	return w->wait_fd;
}
