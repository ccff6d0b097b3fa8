/*
 * notify: tells a service manager how a service is, by the protocol of sd_notify(3): datagrams
 * "READY=1" to $NOTIFY_SOCKET.
 */
#ifndef WAKEUP_NOTIFY_H
#define WAKEUP_NOTIFY_H

struct err;

/*
 * socket_path: the value of NOTIFY_SOCKET ("/path" or "@abstract"); NULL or "" does nothing. Waits
 * at most a second for a manager that does not read. ERR_USAGE: no such kind of address; ERR_NO: it
 * could not be sent.
 */
int notify_send(const char *socket_path, const char *state, struct err *e);

#endif
