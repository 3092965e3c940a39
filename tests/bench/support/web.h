#ifndef RCC_BENCH_WEB_H
#define RCC_BENCH_WEB_H

#include <stdbool.h>
#include <stddef.h>

/* A connection over HTTP that is kept: one request at a time. What is wrong ends the
 * bench. */
#define BENCH_WEB_BYTES ((size_t)2 * 1024 * 1024)
struct bench_web {
	int fd;
	char *text; /* BENCH_WEB_BYTES; an answer's head and body, NUL-terminated */
	size_t len;
	int status;
	const char *body;
	size_t body_len;
};

void bench_web_open(struct bench_web *w, int port);
/* The same at the door for a web server in front. */
void bench_web_open_front(struct bench_web *w, const char *path);
void bench_web_close(struct bench_web *w);
/* All of the request's bytes. */
void bench_web_say(struct bench_web *w, const char *request);
/* Reads what came, without waiting. True: the answer is whole. */
bool bench_web_hear(struct bench_web *w);
/* Says, and waits for the answer. */
void bench_web_ask(struct bench_web *w, const char *request);
/* The value of the first header of this name ("location"), as much as fits; "" without
 * one. */
void bench_web_header(
    const struct bench_web *w, const char *name, char *out, size_t size);

/*
 * Signs in with a one-time link, "/link/...": its form is sent. `cookie` gets the
 * session as "session=...".
 */
void bench_web_sign_in(
    struct bench_web *w, const char *path, char *cookie, size_t size);

#endif
