#pragma once
#include <stddef.h>
#include <stdint.h>

/// SHA-256's compression function (FIPS 180-4, 6.2.2) over `blocks` blocks of 64 bytes, with the processor's own instructions
/// where it has them.
///
/// `state` holds the eight words of the hash so far, `constants` the standard's 64 words; `bytes` needs no alignment.
void hk_sha256(uint32_t *state, const uint32_t *constants, const uint8_t *bytes, size_t blocks);

/// The same in plain C, for other processors, and for tests to hold the other against.
void hk_sha256_plain(uint32_t *state, const uint32_t *constants, const uint8_t *bytes, size_t blocks);
