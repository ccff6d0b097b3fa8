#include "store/pulse.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crc32c.h"
#include "base/text.h"
#include "store/internal.h"

#define CHUNK 1024 /* slots read at a time */
#define TORN_TRIES 5
#define NUMBER_MAX ((uint64_t)1 << 48)

/* Slot 0 holds the last look. For the times see pulse.h. */
#define NUMBERS 6

struct pulse {
	struct store *store;
	struct store_id boot;
	int fd;
};

/* A slot as it stands: crc32c, number, boot id, then numbers; all little endian, the rest 0. */
struct slot {
	uint64_t number;
	struct store_id boot;
	uint64_t numbers[NUMBERS];
};

enum { BEAT_MS, BEAT_LOAD, BEAT_FREE_MEM };
enum { LOOK_NOW, LOOK_FIRST, LOOK_GRACE, LOOK_LAST, LOOK_ASLEEP };

#define AT_NUMBER 4
#define AT_BOOT 12
#define AT_NUMBERS 28

static void
store_u64(unsigned char *to, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		to[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t
load_u64(const unsigned char *from)
{
	uint64_t value = 0;

	for (int i = 8; i > 0; i--)
		value = value << 8 | from[i - 1];
	return value;
}

static uint32_t
slot_crc(const unsigned char *bytes)
{
	return crc32c(0, bytes + AT_NUMBER, PULSE_SLOT - AT_NUMBER);
}

static void
slot_pack(unsigned char *bytes, const struct slot *slot)
{
	uint32_t crc;

	memset(bytes, 0, PULSE_SLOT);
	store_u64(bytes + AT_NUMBER, slot->number);
	memcpy(bytes + AT_BOOT, slot->boot.bytes, sizeof slot->boot.bytes);
	for (int i = 0; i < NUMBERS; i++)
		store_u64(bytes + AT_NUMBERS + 8 * i, slot->numbers[i]);
	crc = slot_crc(bytes);
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(crc >> (8 * i));
}

static bool
slot_is_whole(const unsigned char *bytes)
{
	return (uint32_t)load_u64(bytes) == slot_crc(bytes);
}

/* False for a slot of another boot, another number, or none. */
static bool
slot_unpack(
    const struct pulse *pulse, const unsigned char *bytes, uint64_t number, struct slot *slot)
{
	*slot = (struct slot){0};
	if (!slot_is_whole(bytes) || load_u64(bytes + AT_NUMBER) != number ||
	    memcmp(bytes + AT_BOOT, pulse->boot.bytes, sizeof pulse->boot.bytes) != 0)
		return false;
	slot->number = number;
	slot->boot = pulse->boot;
	for (int i = 0; i < NUMBERS; i++)
		slot->numbers[i] = load_u64(bytes + AT_NUMBERS + 8 * i);
	return true;
}

static int
boot_read(struct store_id *boot, struct err *e)
{
	const char *other = seam("boot-id");
	char text[64], hex[64];
	ssize_t n = -1;
	size_t kept = 0;
	int fd;

	if (other && text_from_hex(other, boot->bytes, sizeof boot->bytes))
		return 0;
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof text);
		close(fd);
	}
	for (ssize_t i = 0; i < n && text[i] != '\n'; i++)
		if (text[i] != '-')
			hex[kept++] = text[i];
	hex[kept < sizeof hex ? kept : sizeof hex - 1] = '\0';
	if (!text_from_hex(hex, boot->bytes, sizeof boot->bytes))
		return err_set(e, ERR_STORE, "cannot read the boot id of this machine");
	return 0;
}

int
pulse_open(struct pulse **pulse, struct store *store, struct arena *a, struct err *e)
{
	struct pulse *opened = arena_alloc(a, sizeof *opened);
	int flags = store->unlocked ? O_RDONLY : O_RDWR;

	*pulse = NULL;
	opened->store = store;
	if (boot_read(&opened->boot, e))
		return -1;
	opened->fd = store_file_open(store, "pulse", flags, e);
	if (opened->fd < 0)
		return -1;
	*pulse = opened;
	return 0;
}

void
pulse_close(struct pulse *pulse)
{
	if (pulse)
		close(pulse->fd);
}

uint64_t
pulse_now(const struct pulse *pulse)
{
	if (pulse->store->meta.given_clock)
		return store_now(pulse->store);
	return seam_number("boot-ms", clock_boot_ms());
}

struct store_id
pulse_boot(const struct pulse *pulse)
{
	return pulse->boot;
}

static int
slot_write(struct pulse *pulse, const struct slot *slot, struct err *e)
{
	unsigned char bytes[PULSE_SLOT];
	ssize_t n;

	if (pulse->store->unlocked) {
		errno = EROFS;
		return store_file_fail(pulse->store, "pulse", e);
	}
	slot_pack(bytes, slot);
	do
		n = pwrite(pulse->fd, bytes, sizeof bytes, (off_t)(slot->number * PULSE_SLOT));
	while (n < 0 && errno == EINTR);
	if (n == sizeof bytes)
		return 0;
	if (n >= 0)
		errno = ENOSPC;
	return store_file_fail(pulse->store, "pulse", e);
}

int
pulse_beat(struct pulse *pulse, uint64_t number, uint64_t load, uint64_t free_mem, struct err *e)
{
	struct slot slot = {.number = number, .boot = pulse->boot};

	if (!number || number > NUMBER_MAX)
		return err_set(e, ERR_STORE, "no node has the number %ju", (uintmax_t)number);
	slot.numbers[BEAT_MS] = pulse_now(pulse);
	slot.numbers[BEAT_LOAD] = load;
	slot.numbers[BEAT_FREE_MEM] = free_mem;
	return slot_write(pulse, &slot, e);
}

/* Slots beyond the end of the file are 0. */
static int
slots_read(struct pulse *pulse, uint64_t first, size_t n, unsigned char *bytes, struct err *e)
{
	size_t size = n * PULSE_SLOT, done = 0;
	ssize_t part = 1;

	while (done < size && part) {
		part =
		    pread(pulse->fd, bytes + done, size - done, (off_t)(first * PULSE_SLOT + done));
		if (part < 0 && errno != EINTR)
			return store_file_fail(pulse->store, "pulse", e);
		if (part > 0)
			done += (size_t)part;
	}
	memset(bytes + done, 0, size - done);
	return 0;
}

/* A slot may be read during a write, and a torn one must not count as a node that never beat: read
 * again. */
static int
slot_settle(struct pulse *pulse, uint64_t number, unsigned char *bytes, struct err *e)
{
	for (int tries = 0; tries < TORN_TRIES && !slot_is_whole(bytes); tries++) {
		if (load_u64(bytes) == 0 && load_u64(bytes + 8) == 0)
			return 0;
		if (slots_read(pulse, number, 1, bytes, e))
			return -1;
	}
	return 0;
}

static int
chunk_read(struct pulse *pulse, uint64_t first, size_t n, struct beat *beats, struct err *e)
{
	unsigned char bytes[CHUNK * PULSE_SLOT];
	struct slot slot;

	if (slots_read(pulse, first, n, bytes, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (slot_settle(pulse, first + i, bytes + i * PULSE_SLOT, e))
			return -1;
		slot_unpack(pulse, bytes + i * PULSE_SLOT, first + i, &slot);
		beats[i] = (struct beat){
		    .beat_ms = slot.numbers[BEAT_MS],
		    .load = slot.numbers[BEAT_LOAD],
		    .free_mem = slot.numbers[BEAT_FREE_MEM],
		};
	}
	return 0;
}

int
pulse_read(struct pulse *pulse, uint64_t first, uint64_t n, struct beat *beats, struct err *e)
{
	if (!first || first > NUMBER_MAX || n > NUMBER_MAX)
		return err_set(e, ERR_STORE, "no node has the number %ju", (uintmax_t)first);
	for (uint64_t at = 0; at < n; at += CHUNK) {
		size_t part = n - at < CHUNK ? (size_t)(n - at) : CHUNK;

		if (chunk_read(pulse, first + at, part, beats + at, e))
			return -1;
	}
	return 0;
}

static int
look_load(struct pulse *pulse, struct slot *slot, bool *there, struct err *e)
{
	unsigned char bytes[PULSE_SLOT];

	if (slots_read(pulse, 0, 1, bytes, e) || slot_settle(pulse, 0, bytes, e))
		return -1;
	*there = slot_unpack(pulse, bytes, 0, slot);
	return 0;
}

static uint64_t
asleep_ms(const struct pulse *pulse)
{
	uint64_t boot, monotonic;

	if (pulse->store->meta.given_clock)
		return 0;
	monotonic = seam_number("monotonic-ms", clock_monotonic_ms());
	boot = pulse_now(pulse);
	return boot > monotonic ? boot - monotonic : 0;
}

int
pulse_look(struct pulse *pulse, uint64_t period_ms, struct look *look, struct err *e)
{
	uint64_t now = pulse_now(pulse), asleep = asleep_ms(pulse);
	struct slot slot;
	bool there;

	if (look_load(pulse, &slot, &there, e))
		return -1;
	*look = (struct look){.now_ms = now, .first_ms = now};
	if (there) {
		look->first_ms = slot.numbers[LOOK_FIRST];
		look->grace_ms = slot.numbers[LOOK_GRACE];
		look->last_ms = slot.numbers[LOOK_NOW];
		if (asleep > slot.numbers[LOOK_ASLEEP] + period_ms)
			look->grace_ms = now;
	}
	slot = (struct slot){.boot = pulse->boot};
	slot.numbers[LOOK_NOW] = look->now_ms;
	slot.numbers[LOOK_FIRST] = look->first_ms;
	slot.numbers[LOOK_GRACE] = look->grace_ms;
	slot.numbers[LOOK_LAST] = look->last_ms;
	slot.numbers[LOOK_ASLEEP] = asleep;
	return slot_write(pulse, &slot, e);
}

int
pulse_last_look(struct pulse *pulse, struct look *look, struct err *e)
{
	struct slot slot;
	bool there;

	if (look_load(pulse, &slot, &there, e))
		return -1;
	*look = (struct look){
	    .now_ms = slot.numbers[LOOK_NOW],
	    .first_ms = slot.numbers[LOOK_FIRST],
	    .grace_ms = slot.numbers[LOOK_GRACE],
	    .last_ms = slot.numbers[LOOK_LAST],
	};
	return 0;
}
