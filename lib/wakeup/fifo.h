/*
 * fifo: events for `while read -r event; do …; done < DIR/watch/mine`. The listener creates and
 * owns the FIFO; the publisher opens it without blocking, writes whole lines of at most 4096 bytes
 * or nothing, reports omitted events as {"gap":{"from":A,"to":B}} once the listener has caught up
 * (at most a quarter of the pipe is unread), and never waits.
 *
 * The unread bytes of a pipe and the gap after them belong together: both are dropped when the
 * listener is found gone (by a write, fifos_settle or fifos_scan), or its FIFO unlinked, renamed or
 * replaced (by fifos_scan). SIGPIPE must be ignored.
 */
#ifndef WAKEUP_FIFO_H
#define WAKEUP_FIFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define FIFO_LINE_MAX 4096 /* PIPE_BUF: written whole or not at all */
#define FIFO_LISTENERS 256 /* at a time; others are not served */
#define FIFO_ENTRIES 4096  /* directory entries read per scan; the next scan continues there */

struct fifos; /* the FIFOs of one directory; malloc'ed */

/* dir: descriptor of the directory of the FIFOs (it is reopened). ERR_STORE. */
int fifos_open(struct fifos **fifos, int dir, struct err *e);
void fifos_close(struct fifos *fifos); /* accepts NULL */

/*
 * Finds the FIFOs that have a listener. Only FIFOs, no links; ENXIO: no listener. Returns the
 * number of listeners.
 */
size_t fifos_scan(struct fifos *fifos);

/*
 * Offers the line of one event (with its newline, at most FIFO_LINE_MAX; a longer or empty one is a
 * gap) to every listener.
 */
void fifos_publish(struct fifos *fifos, uint64_t seq, const char *line, size_t n);

/* Writes pending gap markers to listeners that have caught up. True while any gap is pending. */
bool fifos_settle(struct fifos *fifos);

/*
 * The listening end: creates the FIFO (0600, or 0660 if shared) and opens it: the descriptor, or
 * -1. It does not block and, being open for writing too, has no end of file: the publisher may come
 * and go. A FIFO of that name without a reader is replaced, so that no old data is read. ERR_USAGE:
 * invalid file name; ERR_REFUSED: it has a reader, or is not a FIFO; ERR_BUSY; ERR_STORE. To end:
 * fifo_remove first, then close.
 */
int fifo_listen(int dir, const char *name, bool shared, struct err *e);
void fifo_remove(int dir, const char *name); /* removes only a FIFO */

#endif
