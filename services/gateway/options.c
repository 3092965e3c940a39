#include "gateway/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

#define SECRET_LEN_MIN 32
#define SECRET_LEN_MAX 128
#define WORD_MAX 256
#define SPACES " \t"
#define REGION "region="

static bool
is_secret(const char *text)
{
	size_t len = strlen(text);

	for (const char *c = text; *c != '\0'; c++) {
		if (*c <= ' ' || *c >= 0x7f)
			return false;
	}
	return len >= SECRET_LEN_MIN && len <= SECRET_LEN_MAX;
}

/* The first line, without its end. */
static enum err
read_secret(
    const char *path, char *out, size_t size, char *problem, size_t problem_size)
{
	struct stat about;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, &about) == 0)
		n = read(fd, out, size - 1);
	if (n < 0) {
		snprintf(
		    problem, problem_size, "cannot read %s: %s", path, strerror(errno));
	} else if ((about.st_mode & S_IRWXO) != 0) {
		snprintf(
		    problem, problem_size, "%s: others may read this secret", path);
	} else {
		out[n] = '\0';
		out[strcspn(out, "\r\n")] = '\0';
		if (!is_secret(out))
			snprintf(problem, problem_size,
			    "%s: a secret is one line of %d to %d letters, digits "
			    "and signs",
			    path, SECRET_LEN_MIN, SECRET_LEN_MAX);
	}
	if (fd >= 0)
		(void)close(fd);
	return problem[0] == '\0' ? ERR_NONE : ERR_MALFORMED;
}

static enum err
read_word(
    struct gateway_options *o, const char *word, char *problem, size_t problem_size)
{
	static const char front[] = "front=unix:", file[] = "secret-file=";

	if (str_starts(word, front) && o->front[0] == '\0' &&
	    strlen(word + strlen(front)) < sizeof o->front) {
		memcpy(
		    o->front, word + strlen(front), strlen(word + strlen(front)) + 1);
		return ERR_NONE;
	}
	if (str_starts(word, file) && o->secret[0] == '\0')
		return read_secret(word + strlen(file), o->secret, sizeof o->secret,
		    problem, problem_size);
	snprintf(problem, problem_size,
	    "option: \"%s\" is not understood, or is there twice", word);
	return ERR_MALFORMED;
}

static enum err
read_region(
    struct gateway_options *o, const char *name, char *problem, size_t problem_size)
{
	if (name[0] != '\0' && strlen(name) < sizeof o->region &&
	    str_is_utf8(name, strlen(name))) {
		memcpy(o->region, name, strlen(name) + 1);
		return ERR_NONE;
	}
	snprintf(problem, problem_size,
	    "option: region= is followed by a name of up to %zu letters",
	    sizeof o->region - 1);
	return ERR_MALFORMED;
}

enum err
gateway_options_read(
    struct gateway_options *out, const char *option, char *problem, size_t problem_size)
{
	struct gateway_options o = {.address = ""};
	enum err e = ERR_NONE;
	size_t len = strcspn(option, SPACES);

	problem[0] = '\0';
	/* Too long a one is cut, and then is no address. */
	snprintf(o.address, sizeof o.address, "%.*s", (int)len, option);
	for (option += len; e == ERR_NONE; option += len) {
		char word[WORD_MAX];

		option += strspn(option, SPACES);
		if (str_starts(option, REGION)) {
			e = read_region(
			    &o, option + strlen(REGION), problem, problem_size);
			break;
		}
		len = strcspn(option, SPACES);
		if (len == 0)
			break;
		snprintf(word, sizeof word, "%.*s", (int)len, option);
		e = read_word(&o, word, problem, problem_size);
	}
	if (e == ERR_NONE && (o.front[0] == '\0') != (o.secret[0] == '\0')) {
		snprintf(problem, problem_size,
		    "option: front= and secret-file= go together");
		e = ERR_MALFORMED;
	}
	if (e == ERR_NONE)
		*out = o;
	explicit_bzero(o.secret, sizeof o.secret);
	return e;
}
