#include "bench/support/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sched.h>
#include <sys/utsname.h>

#include "base/clock.h"

#define FLUSHES 101

static bool is_missed;
static bool is_quiet;

void
bench_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "bench: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	exit(1);
}

void
bench_figure(const char *name, double value, const char *unit)
{
	printf("figure %s %.4g %s\n", name, value, unit);
	fflush(stdout);
}

void
bench_limit(const char *name, double value, const char *unit, double least, double most)
{
	bool is_met = value >= least && value <= most;

	if (value >= 1000)
		printf("figure %s %.0f %s\n", name, value, unit);
	else
		printf("figure %s %.4g %s\n", name, value, unit);
	if (!is_met) {
		is_missed = true;
		printf("MISSED %s: %g to %g %s wanted\n", name, least, most, unit);
	}
	fflush(stdout);
}

int
bench_exit(void)
{
	return is_missed ? 1 : 0;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

void
bench_sort(double *values, size_t n)
{
	qsort(values, n, sizeof *values, compare);
}

double
bench_percentile(double *sorted, size_t n, double fraction)
{
	size_t i = (size_t)((double)n * fraction);

	return n == 0 ? 0 : sorted[i < n ? i : n - 1];
}

double
bench_median(double *values, size_t n)
{
	bench_sort(values, n);
	return bench_percentile(values, n, 0.5);
}

static double
flush_us(const char *folder)
{
	char path[300];
	char block[4096] = {1};
	double times[FLUSHES];
	int fd;

	snprintf(path, sizeof path, "%s/flush", folder);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		bench_fail("%s: %s", path, strerror(errno));
	for (size_t i = 0; i < FLUSHES; i++) {
		int64_t began = clock_ticks_us();

		if (pwrite(fd, block, sizeof block, 0) != (ssize_t)sizeof block ||
		    fdatasync(fd) != 0)
			bench_fail("%s: %s", path, strerror(errno));
		times[i] = (double)(clock_ticks_us() - began);
	}
	close(fd);
	unlink(path);
	return bench_median(times, FLUSHES);
}

void
bench_quiet(void)
{
	struct sched_param p = {.sched_priority = 10};

	is_quiet = sched_setscheduler(0, SCHED_RR, &p) == 0;
}

void
bench_machine(const char *folder)
{
	struct utsname u;

	uname(&u);
	printf("machine: %ld cores, %ld MiB, Linux %s, %s scheduling; a flush takes "
	       "%.0f us here (median)\n",
	    sysconf(_SC_NPROCESSORS_ONLN),
	    sysconf(_SC_PHYS_PAGES) / 256 * (sysconf(_SC_PAGESIZE) / 4096), u.release,
	    is_quiet ? "round-robin" : "ordinary", flush_us(folder));
	fflush(stdout);
}
