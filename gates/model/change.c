#include "gates/model/change.h"

/* Counted among the lines that both have: the n-th of them here is the n-th there. */
uint32_t changed_file_line_before(const struct changed_file *file, uint32_t line)
{
    uint64_t before = line;
    for (size_t i = 0; i < file->added.count && file->added.items[i].first <= line; i++) {
        const struct line_range *added = &file->added.items[i];
        if (line <= added->last)
            return 0;
        before -= added->last - added->first + UINT64_C(1);
    }
    for (size_t i = 0; i < file->removed.count && file->removed.items[i].first <= before; i++)
        before += file->removed.items[i].last - file->removed.items[i].first + UINT64_C(1);
    return before <= UINT32_MAX ? (uint32_t)before : 0;
}
