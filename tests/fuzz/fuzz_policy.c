/* The policy loader on any text: memory safety, every mistake with its place and printable, and a
 * policy without mistakes is one that can be judged by.
 */
#include "gates/policy/policy.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct policy policy = {0};
    struct problems found;
    struct error err = {0};

    problems_init(&found, mem);
    if (!policy_load("policy", (const char *)data, size, NULL, mem, &policy, &found, &err)) {
        must(err.fault != FAULT_NONE && err.what[0] != '\0' && printable(err.what));
        return 0;
    }
    must(err.fault == FAULT_NONE);
    for (size_t i = 0; i < found.count; i++)
        must(found.items[i].at.line > 0 && printable(found.items[i].what));
    must(found.count > 0 || policy.gates.count > 0);
    return 0;
}
