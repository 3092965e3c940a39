/* The other end of worker.c: the process that makes keys of passwords. */
#include <assert.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>
#include <sodium.h>

#include "base/sanitized.h"
#include "gateway/worker_inside.h"

#define KIB ((size_t)1024)
/* Where each part of a question stands. */
enum {
	AT_TICKET = 0,
	AT_MEMORY = 8,
	AT_PASSES = 12,
	AT_SALT = 16,
	AT_LENGTH = AT_SALT + WORKER_SALT_BYTES,
	AT_PASSWORD = AT_LENGTH + 4,
};

static_assert(AT_PASSWORD + WORKER_PASSWORD_BYTES_MAX == WORKER_PACKED_BYTES,
    "what a question takes");
static_assert(WORKER_SALT_BYTES == crypto_pwhash_argon2id_SALTBYTES, "its salt");

/* ---- what is sent ---- */

bool
worker_may(const struct worker_question *q)
{
	return q->password.len <= WORKER_PASSWORD_BYTES_MAX &&
	       q->memory_kib >= WORKER_MEMORY_KIB_MIN &&
	       q->memory_kib <= WORKER_MEMORY_KIB_MAX && q->passes >= 1 &&
	       q->passes <= WORKER_PASSES_MAX;
}

void
worker_pack(
    const struct worker_question *q, uint64_t ticket, uint8_t out[WORKER_PACKED_BYTES])
{
	memset(out, 0, WORKER_PACKED_BYTES);
	bytes_put_u64(out + AT_TICKET, ticket);
	bytes_put_u32(out + AT_MEMORY, q->memory_kib);
	bytes_put_u32(out + AT_PASSES, q->passes);
	memcpy(out + AT_SALT, q->salt, WORKER_SALT_BYTES);
	bytes_put_u32(out + AT_LENGTH, (uint32_t)q->password.len);
	if (q->password.len > 0)
		memcpy(out + AT_PASSWORD, q->password.data, q->password.len);
}

static bool
unpack(struct bytes packed, struct worker_question *q)
{
	if (packed.len != WORKER_PACKED_BYTES)
		return false;
	*q = (struct worker_question){
	    .password = {packed.data + AT_PASSWORD,
		bytes_get_u32(packed.data + AT_LENGTH)},
	    .memory_kib = bytes_get_u32(packed.data + AT_MEMORY),
	    .passes = bytes_get_u32(packed.data + AT_PASSES),
	};
	memcpy(q->salt, packed.data + AT_SALT, WORKER_SALT_BYTES);
	return worker_may(q);
}

size_t
worker_work(struct bytes packed, uint8_t answer[WORKER_ANSWER_BYTES])
{
	struct worker_question q;

	if (!unpack(packed, &q))
		return 0;
	memcpy(answer, packed.data + AT_TICKET, 8);
	if (crypto_pwhash_argon2id(answer + 8, WORKER_KEY_BYTES,
		(const char *)q.password.data, q.password.len, q.salt, q.passes,
		q.memory_kib * KIB, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
		return 0;
	return WORKER_ANSWER_BYTES;
}

/* ---- the process ---- */

/* A crash leaves nothing that could be read, and it outlives nobody. */
static bool
leaves_nothing(void)
{
	const struct rlimit none = {0, 0};

	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

/* From here on it may read, write, take memory and end. A sanitizer asks the kernel for
 * more than the program does, so under one it may do all. */
static bool
is_shut_in(void)
{
	static const int allowed[] = {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(mmap),
	    SCMP_SYS(munmap), SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(brk),
	    SCMP_SYS(futex), SCMP_SYS(exit), SCMP_SYS(exit_group),
	    SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall)};
	scmp_filter_ctx filter;
	bool is_well;

	if (IS_SANITIZED)
		return true;
	filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	is_well = filter != NULL;
	for (size_t i = 0; is_well && i < sizeof allowed / sizeof allowed[0]; i++)
		is_well = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	is_well = is_well && seccomp_load(filter) == 0;
	if (filter != NULL)
		seccomp_release(filter);
	return is_well;
}

int
worker_main(void)
{
	uint8_t packed[WORKER_PACKED_BYTES], answer[WORKER_ANSWER_BYTES];
	ssize_t n;

	if (sodium_init() < 0 || !leaves_nothing() ||
	    close_range(STDERR_FILENO + 1, ~0U, 0) != 0 || !is_shut_in())
		return 1;
	while ((n = read(STDIN_FILENO, packed, sizeof packed)) > 0) {
		size_t len = worker_work((struct bytes){packed, (size_t)n}, answer);

		sodium_memzero(packed, sizeof packed);
		if (len == 0 || write(STDIN_FILENO, answer, len) != (ssize_t)len)
			_exit(1);
		sodium_memzero(answer, sizeof answer);
	}
	_exit(n == 0 ? 0 : 1);
}
