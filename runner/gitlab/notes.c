/* Notes and threads of a merge request. */
#include <string.h>

#include "gates/base/hash.h"
#include "runner/gitlab/request.h"

static void take_note(const json_t *json, struct arena *mem, struct gitlab_notes *notes)
{
    const char *body = gitlab_text(json, "body", mem);
    struct gitlab_note note = {
        .id = gitlab_number(json, "id"),
        .author = gitlab_number(json_object_get(json, "author"), "id"),
        .body = body == NULL ? "" : body,
        .system = json_is_true(json_object_get(json, "system")),
        .resolved = json_is_true(json_object_get(json, "resolved")),
    };
    if (note.id != 0)
        array_push(mem, notes, note);
}

/* Its id goes into addresses again: hexadecimal, as GitLab makes it. */
static bool take_discussion(const json_t *row, void *state, struct arena *mem)
{
    struct gitlab_discussions *all = state;
    const char *id = gitlab_text(row, "id", mem);
    const json_t *list = json_object_get(row, "notes");
    struct gitlab_discussion discussion = {
        .id = id, .single = json_is_true(json_object_get(row, "individual_note"))};
    for (size_t i = 0; i < json_array_size(list); i++)
        take_note(json_array_get(list, i), mem, &discussion.notes);
    if (id != NULL && strspn(id, "0123456789abcdef") == strlen(id) && discussion.notes.count > 0)
        array_push(mem, all, discussion);
    return true;
}

enum gitlab_result gitlab_discussions(struct gitlab *g, struct arena *mem,
                                      struct gitlab_discussions *all, struct error *err)
{
    *all = (struct gitlab_discussions){0};
    return gitlab_list(g, gitlab_of_request(g, "/discussions", mem), take_discussion, all, mem,
                       err);
}

static enum gitlab_result send_below(struct gitlab *g, enum http_method method, const char *rest,
                                     json_t *body, struct arena *mem, struct error *err)
{
    struct http_answer answer;
    return gitlab_send(g, method, gitlab_of_request(g, rest, mem), body, mem, &answer, err);
}

static json_t *text_body(const char *body)
{
    return json_pack("{s:s}", "body", body);
}

static const char *note_path(uint64_t note, struct arena *mem)
{
    return arena_printf(mem, "/notes/%llu", (unsigned long long)note);
}

enum gitlab_result gitlab_note_post(struct gitlab *g, const char *body, struct arena *mem,
                                    struct error *err)
{
    return send_below(g, HTTP_POST, "/notes", text_body(body), mem, err);
}

enum gitlab_result gitlab_note_put(struct gitlab *g, uint64_t note, const char *body,
                                   struct arena *mem, struct error *err)
{
    return send_below(g, HTTP_PUT, note_path(note, mem), text_body(body), mem, err);
}

enum gitlab_result gitlab_note_delete(struct gitlab *g, uint64_t note, struct arena *mem,
                                      struct error *err)
{
    struct error why = {0};
    enum gitlab_result result = send_below(g, HTTP_DELETE, note_path(note, mem), NULL, mem, &why);
    if (result == GITLAB_NOT_THERE) /* it is gone: that was wanted */
        return GITLAB_DONE;
    if (result != GITLAB_DONE)
        *err = why;
    return result;
}

/* "9f86d081_40_41": how GitLab names a line of a diff. */
static const char *line_code(const struct gitlab_position *position, uint32_t old_line,
                             uint32_t line, struct arena *mem)
{
    char path[SHA1_HEX];
    hash_sha1(position->new_path, strlen(position->new_path), path);
    return arena_printf(mem, "%s_%u_%u", path, (unsigned)old_line, (unsigned)line);
}

static json_t *range_end(const struct gitlab_position *position, uint32_t old_line, uint32_t line,
                         struct arena *mem)
{
    bool added = position->kind == GITLAB_LINE_ADDED;
    json_t *end = json_pack("{s:s, s:I}", "line_code", line_code(position, old_line, line, mem),
                            "new_line", (json_int_t)line);
    if (added)
        json_object_set_new(end, "type", json_string("new"));
    else
        json_object_set_new(end, "old_line", json_integer(old_line));
    return end;
}

static json_t *position_body(const struct gitlab_version *version,
                             const struct gitlab_position *position, struct arena *mem)
{
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "position_type",
                             position->kind == GITLAB_FILE ? "file" : "text", "base_sha",
                             version->base, "start_sha", version->start, "head_sha", version->head,
                             "old_path", position->old_path, "new_path", position->new_path);
    if (position->kind == GITLAB_FILE)
        return body;
    json_object_set_new(body, "new_line", json_integer(position->line));
    if (position->kind == GITLAB_LINE_CONTEXT)
        json_object_set_new(body, "old_line", json_integer(position->old_line));
    if (position->first != 0)
        json_object_set_new(
            body, "line_range",
            json_pack("{s:o, s:o}", "start",
                      range_end(position, position->old_first, position->first, mem), "end",
                      range_end(position, position->old_line, position->line, mem)));
    return body;
}

enum gitlab_result gitlab_thread_post(struct gitlab *g, const struct gitlab_version *version,
                                      const struct gitlab_position *position, const char *body,
                                      struct arena *mem, struct error *err)
{
    json_t *thread = text_body(body);
    json_object_set_new(thread, "position", position_body(version, position, mem));
    return send_below(g, HTTP_POST, "/discussions", thread, mem, err);
}

enum gitlab_result gitlab_thread_reply(struct gitlab *g, const char *discussion, const char *body,
                                       struct arena *mem, struct error *err)
{
    return send_below(g, HTTP_POST, arena_printf(mem, "/discussions/%s/notes", discussion),
                      text_body(body), mem, err);
}

enum gitlab_result gitlab_thread_resolve(struct gitlab *g, const char *discussion, bool resolved,
                                         struct arena *mem, struct error *err)
{
    return send_below(g, HTTP_PUT, arena_printf(mem, "/discussions/%s", discussion),
                      json_pack("{s:b}", "resolved", resolved), mem, err);
}
