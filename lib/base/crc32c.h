/*
 * crc32c: the Castagnoli checksum (RFC 3720, appendix B.4), by the processor's instruction where
 * there is one.
 */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `crc` (0 to start), so that crc32c(crc32c(0, a), b) is that of ab. */
uint32_t crc32c(uint32_t crc, const void *p, size_t n);

#endif
