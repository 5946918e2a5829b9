// SPDX-License-Identifier: GPL-2.0
/*
 * Prints the frequency of the processor's time stamp counter in kHz. An
 * emulated processor's counter is the host's, but a guest on a busy host
 * cannot measure it well.
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

int main(void)
{
	const struct timespec pause = { .tv_nsec = 200 * 1000 * 1000 };
	unsigned long long from, to;
	double start, end;

	start = seconds();
	from = __rdtsc();
	nanosleep(&pause, NULL);
	end = seconds();
	to = __rdtsc();

	printf("%.0f\n", (to - from) / (end - start) / 1000);
	return 0;
}
