/* Events that another system tells: one JSON object a line, schemas/event.schema.json. */
#ifndef RUNNER_DELIVERY_EVENT_FILE_H
#define RUNNER_DELIVERY_EVENT_FILE_H

#include "runner/delivery/event.h"

struct event_list ARRAY(struct event);

/* All of them, checked; empty lines say nothing. False: one is none, or there are too many; err
 * names the line. */
NODISCARD bool event_file_read(const char *text, size_t len, int64_t now_s, struct arena *mem,
                               struct event_list *events, struct error *err);

#endif
