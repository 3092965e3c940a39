/* A process that dies of what it reads says so first. */
#include "base/crash.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/sanitized.h"

#define FILE_BYTES 8192

/* Runs it in a child; what that said, and how it ended. */
static int
dies(void (*how)(void), char said[FILE_BYTES])
{
	const struct rlimit none = {0, 0};
	int ends[2], status;
	ssize_t n;
	pid_t child;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (setrlimit(RLIMIT_CORE, &none) != 0 ||
		    dup2(ends[1], STDERR_FILENO) < 0)
			_exit(9);
		signal(SIGSEGV, SIG_DFL); /* cmocka's */
		signal(SIGBUS, SIG_DFL);
		crash_explain("foster", "somewhere/foster");
		how();
		_exit(9);
	}
	close(ends[1]);
	n = read(ends[0], said, FILE_BYTES - 1);
	said[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
read_what_was_cut_off(void)
{
	FILE *file = tmpfile();
	const volatile uint8_t *map;

	if (file == NULL || ftruncate(fileno(file), FILE_BYTES) != 0)
		_exit(9);
	map = mmap(NULL, FILE_BYTES, PROT_READ, MAP_SHARED, fileno(file), 0);
	if (map == MAP_FAILED || ftruncate(fileno(file), 0) != 0)
		_exit(9);
	_exit(map[FILE_BYTES / 2] == 0 ? 9 : 8);
}

static void
read_what_is_nowhere(void)
{
	const volatile uint8_t *map =
	    mmap(NULL, FILE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	_exit(map[0] == 0 ? 9 : 8);
}

static void
a_file_cut_short_is_one_sentence(void **state)
{
	char said[FILE_BYTES];
	int status = dies(read_what_was_cut_off, said);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_non_null(
	    strstr(said, "rcc-foster: the store at somewhere/foster cannot be read"));
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
}

static void
a_bad_address_ends_it_as_ever_and_is_said(void **state)
{
	char said[FILE_BYTES];
	int status;

	(void)state;
	if (IS_SANITIZED)
		skip(); /* it says so itself */
	status = dies(read_what_is_nowhere, said);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
	assert_non_null(strstr(said, "journal verify --store somewhere/foster"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_cut_short_is_one_sentence),
	    cmocka_unit_test(a_bad_address_ends_it_as_ever_and_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
