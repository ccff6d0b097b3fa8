/*
 * flipbit: flips one bit of a file, as a bad disk does.
 *
 *   flipbit FILE N    the Nth bit of a pseudo-random sequence that is the same every time
 *                     (prints which)
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* splitmix64 */
static uint64_t
scatter(uint64_t n)
{
	n *= 0x9e3779b97f4a7c15;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
	n = (n ^ n >> 27) * 0x94d049bb133111eb;
	return n ^ n >> 31;
}

int
main(int argc, char **argv)
{
	unsigned char byte;
	struct stat st;
	uint64_t bit;
	off_t at;
	int fd;

	if (argc != 3 || (fd = open(argv[1], O_RDWR | O_CLOEXEC)) < 0 || fstat(fd, &st) ||
	    !st.st_size) {
		fprintf(stderr, "flipbit: see the head of t/tool/flipbit.c\n");
		return 2;
	}
	bit = scatter(strtoull(argv[2], NULL, 10)) % ((uint64_t)st.st_size * 8);
	at = (off_t)(bit / 8);
	if (pread(fd, &byte, 1, at) != 1)
		return 1;
	byte ^= (unsigned char)(1 << bit % 8);
	if (pwrite(fd, &byte, 1, at) != 1)
		return 1;
	printf("bit %d of byte %lld\n", (int)(bit % 8), (long long)at);
	return 0;
}
