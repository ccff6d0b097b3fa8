/*
 * fifo: events for `while read -r event; do …; done < DIR/watch/mine`. The listener makes and owns
 * the FIFO; the publisher opens it without blocking, writes whole lines of at most 4096 bytes or
 * nothing, says what it had to leave out as {"gap":{"from":A,"to":B}} when the listener has caught
 * up (at most a quarter of the pipe is unread), and never waits for anybody.
 *
 * What lies unread in a pipe and the gap behind it belong together: both are forgotten when a
 * listener is seen to be gone (by a write, fifos_settle or fifos_scan), or its FIFO is unlinked,
 * renamed or replaced (by fifos_scan). SIGPIPE must be ignored.
 */
#ifndef WAKEUP_FIFO_H
#define WAKEUP_FIFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define FIFO_LINE_MAX 4096 /* PIPE_BUF: written whole or not at all */
#define FIFO_LISTENERS 256 /* at a time; further ones are not served */
#define FIFO_ENTRIES 4096  /* of the directory looked at in one scan; the next one goes on there */

struct fifos; /* the FIFOs of one directory; malloc'ed */

/* dir: descriptor of the directory that holds FIFOs (it is opened anew). ERR_STORE. */
int fifos_open(struct fifos **fifos, int dir, struct err *e);
void fifos_close(struct fifos *fifos); /* accepts NULL */

/*
 * Looks which FIFOs there are and who listens. Only FIFOs, no links; ENXIO: nobody listens. Returns
 * how many listen.
 */
size_t fifos_scan(struct fifos *fifos);

/*
 * Offers one event's line (with its newline, at most FIFO_LINE_MAX; what is longer or empty is a
 * gap) to every listener.
 */
void fifos_publish(struct fifos *fifos, uint64_t seq, const char *line, size_t n);

/*
 * Writes pending gap markers where the listener has caught up. True while some listener has a gap
 * pending.
 */
bool fifos_settle(struct fifos *fifos);

/*
 * The listening end: makes the FIFO (0600, or 0660 if shared) and opens it: the descriptor, or -1.
 * It does not block and, being open for writing too, has no end of file: the publisher may come and
 * go. A FIFO of that name that nobody reads is replaced, so that nothing old is read. ERR_USAGE: no
 * file name; ERR_REFUSED: somebody reads it, or it is something else; ERR_BUSY; ERR_STORE. To end:
 * fifo_remove first, then close.
 */
int fifo_listen(int dir, const char *name, bool shared, struct err *e);
void fifo_remove(int dir, const char *name); /* only a FIFO is removed */

#endif
