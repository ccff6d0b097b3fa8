/* commands: every command there is, in the order in which help shows them. A new one is a line here
 * and a file cmd/NAME.c. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#define COMMANDS(ENTRY) \
	ENTRY(init) \
	ENTRY(status) \
	ENTRY(clock) \
	ENTRY(node_register) \
	ENTRY(node_heartbeat) \
	ENTRY(node_list) \
	ENTRY(node_show) \
	ENTRY(node_alive) \
	ENTRY(node_fail) \
	ENTRY(node_unregister) \
	ENTRY(node_cordon) \
	ENTRY(node_uncordon) \
	ENTRY(node_drain) \
	ENTRY(node_undrain) \
	ENTRY(cordon) \
	ENTRY(uncordon) \
	ENTRY(drain) \
	ENTRY(undrain) \
	ENTRY(label) \
	ENTRY(resource_list) \
	ENTRY(resource_summary) \
	ENTRY(resource_fit) \
	ENTRY(resource_demand) \
	ENTRY(resource_set) \
	ENTRY(resource_hold) \
	ENTRY(resource_release) \
	ENTRY(lease_list) \
	ENTRY(lease_show) \
	ENTRY(actor_create) \
	ENTRY(actor_ready) \
	ENTRY(actor_fail) \
	ENTRY(actor_kill) \
	ENTRY(actor_list) \
	ENTRY(actor_show) \
	ENTRY(pg_create) \
	ENTRY(pg_remove) \
	ENTRY(pg_list) \
	ENTRY(pg_show) \
	ENTRY(kv_put) \
	ENTRY(kv_get) \
	ENTRY(kv_list) \
	ENTRY(kv_show) \
	ENTRY(kv_exists) \
	ENTRY(kv_add) \
	ENTRY(kv_delete) \
	ENTRY(config) \
	ENTRY(watch) \
	ENTRY(log) \
	ENTRY(show) \
	ENTRY(undo) \
	ENTRY(why) \
	ENTRY(is) \
	ENTRY(batch) \
	ENTRY(monitor) \
	ENTRY(doctor) \
	ENTRY(explain) \
	ENTRY(help) \
	ENTRY(completion) \
	ENTRY(complete) \
	ENTRY(pages) \
	ENTRY(version)

#endif
