/*
 * notify: reports service state to a service manager, by the protocol of sd_notify(3): datagrams
 * like "READY=1" to $NOTIFY_SOCKET.
 */
#ifndef WAKEUP_NOTIFY_H
#define WAKEUP_NOTIFY_H

struct err;

/*
 * socket_path: the value of NOTIFY_SOCKET ("/path" or "@abstract"); NULL or "" does nothing. Waits
 * at most one second for a manager that does not read. ERR_USAGE: unsupported kind of address;
 * ERR_NO: not sent.
 */
int notify_send(const char *socket_path, const char *state, struct err *e);

#endif
