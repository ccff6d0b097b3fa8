/*
 * crc32c: the Castagnoli checksum (RFC 3720, appendix B.4), with the processor's instruction if it
 * has one.
 */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Continues from `crc` (0 to start): crc32c(crc32c(0, a), b) is the checksum of ab. */
uint32_t crc32c(uint32_t crc, const void *p, size_t n);

#endif
