#include "base/manager.h"

#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/clock.h"
#include "base/log.h"

enum err
manager_open(struct manager *m, char *problem, size_t problem_size)
{
	sigset_t stop;
	uint64_t watchdog_us = 0;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	*m = (struct manager){.stop_fd = -1};
	if (sigprocmask(SIG_BLOCK, &stop, NULL) == 0)
		m->stop_fd = signalfd(-1, &stop, SFD_NONBLOCK | SFD_CLOEXEC);
	if (m->stop_fd < 0) {
		snprintf(problem, problem_size, "cannot listen for signals");
		return ERR_INTERNAL;
	}
	if (sd_watchdog_enabled(0, &watchdog_us) > 0)
		m->watchdog_us = (int64_t)watchdog_us;
	return ERR_NONE;
}

void
manager_close(struct manager *m)
{
	if (m->stop_fd >= 0)
		close(m->stop_fd);
	m->stop_fd = -1;
}

bool
manager_says_stop(const struct manager *m)
{
	struct signalfd_siginfo info;

	return read(m->stop_fd, &info, sizeof info) == sizeof info;
}

void
manager_tell_ready(struct manager *m)
{
	if (m->is_told_ready)
		return;
	m->is_told_ready = true;
	sd_notify(0, "READY=1");
	log_line(LOG_LEVEL_INFO, "service.ready", NULL);
}

void
manager_tell_alive(struct manager *m)
{
	int64_t now_us = clock_ticks_us();

	if (m->watchdog_us == 0 || now_us - m->watchdog_told_us <= m->watchdog_us / 3)
		return;
	m->watchdog_told_us = now_us;
	sd_notify(0, "WATCHDOG=1");
}

void
manager_tell_stopping(struct manager *m)
{
	(void)m;
	sd_notify(0, "STOPPING=1");
}
