/* An earlier verdict of qgate: `qgate check --output json=FILE` of another stage.
 *
 * Specified by schemas/verdict.schema.json, version 1. Only the outcome of the run is read; whether
 * it is about the commit that is judged now, the runner checks (source_is_about()).
 */
#include <string.h>

#include "gates/base/day.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "gates/read/json.h"

enum { TOP = JSON_TOP, VERSION, WRITER, OUTCOME, STAGE, COMMIT, JUDGED };

static const struct json_step steps[] = {
    {TOP, "version", VERSION},
    {TOP, "qgate", WRITER},
    {TOP, "outcome", OUTCOME},
    {TOP, "stage", STAGE},
    {TOP, "commit", COMMIT},
    {TOP, "judged_at", JUDGED},
    {0},
};

struct qgate {
    struct input *in;
    struct source *into;
};

static bool close_verdict(void *state, struct json *json, int place, struct error *err)
{
    struct qgate *q = state;
    const char *outcome = json_word(json, OUTCOME), *stage = json_word(json, STAGE);
    (void)place;
    if (json_text(json, WRITER) == NULL || stage[0] == '\0')
        return json_wrong(json, err, "not a verdict of qgate");
    if (strcmp(json_word(json, VERSION), "1") != 0) {
        json_wrong(json, err, "version %s of the verdict is not known", json_word(json, VERSION));
        return error_hint(err, "judge all stages with the same qgate");
    }
    if (!text_lists("passed failed error no_data", outcome, strlen(outcome)))
        return json_wrong(json, err, "\"%s\" is not an outcome", outcome);
    struct fact *fact = source_fact(q->into, q->in->run, err);
    if (fact == NULL)
        return false;
    fact->id = "verdict";
    fact->word = text_keep(q->in->run, outcome, strlen(outcome), LIMIT_TEXT_BYTES);
    *array_add(q->in->run, &fact->labels) =
        (struct label){"stage", text_keep(q->in->run, stage, strlen(stage), LIMIT_NAME_BYTES)};
    const char *judged = json_word(json, JUDGED);
    int64_t written_s = 0;
    if (instant_parse(judged, strlen(judged), &written_s))
        source_written(q->into, written_s);
    q->into->commit = json_keep(json, COMMIT, LIMIT_NAME_BYTES);
    q->into->speaks |= FAMILY_BIT(FAMILY_VERDICT);
    return true;
}

static bool claims(const char *head, size_t len)
{
    return json_head_has(head, len, "qgate") && json_head_has(head, len, "exit_status");
}

static bool read(struct input *in, struct source *into, struct error *err)
{
    struct qgate state = {in, into};
    static const struct json_fold fold = {steps, NULL, close_verdict};
    return json_fold(in, &fold, &state, err);
}

const struct reader qgate_reader = {
    .name = "qgate",
    .title = "an earlier verdict of qgate (JSON)",
    .globs = {NULL},
    .claims = claims,
    .read = read,
};
