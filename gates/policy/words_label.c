/* Labels in words: " of severity high or critical and with a fix". */
#include <string.h>

#include "gates/base/glob.h"
#include "gates/policy/rule.h"

static const struct {
    const char *label;
    const char *one;  /* before a value: "of severity" critical */
    const char *some; /* before what is not that value: "of a severity" other than critical */
} places[] = {
    {"severity", "of severity", "of a severity"},
    {"type", "of type", "of a type"},
    {"rule", "of rule", "of a rule"},
    {"class", "of class", "of a class"},
    {"probability", "of probability", "of a probability"},
    {"package", "in package", "in a package"},
    {"target", "in target", "in a target"},
    {"id", "with id", "with an id"},
    {"suite", "of suite", "of a suite"},
    {"name", "named", "with a name"},
    {"label", "with the label", "with a label"},
    {"path", "in", "in a file"},
    {"report", "of report", "of a report"},
    {"format", "of format", "of a format"},
    {"component", "of component", "of a component"},
    {"stage", "of stage", "of a stage"},
    {"service", "of service", "of a service"},
    {"team", "of team", "of a team"},
    {"environment", "in environment", "in an environment"},
    {"window", "within", "within"},
    {"urgency", "of urgency", "of an urgency"},
    {"priority", "of priority", "of a priority"},
    {"origin", "from", "from an origin"},
};

const char *word_quoted(const char *value, struct arena *mem)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:*@+";
    if (*value != '\0' && value[strspn(value, plain)] == '\0')
        return value;
    return arena_printf(mem, "\"%s\"", value);
}

/* A pattern that is only a list of words, as "high or critical"; NULL when it is more. */
static const char *alternatives(const char *pattern, struct arena *mem)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-|";
    size_t len = strlen(pattern);
    if (len > 2 && pattern[0] == '(' && pattern[len - 1] == ')')
        pattern = arena_copy(mem, pattern + 1, len - 2);
    if (*pattern == '\0' || pattern[strspn(pattern, plain)] != '\0')
        return NULL;
    const char *text = "";
    for (const char *at = pattern; *at != '\0'; at += *at == '|') {
        size_t size = strcspn(at, "|");
        const char *between = at == pattern ? "" : strchr(at, '|') != NULL ? ", " : " or ";
        text = arena_printf(mem, "%s%s%.*s", text, between, (int)size, at);
        at += size;
    }
    return text;
}

/* What stands behind `some`, or, when *exactly is set, behind `one`. */
static const char *match_text(const struct label_match *match, bool *exactly, struct arena *mem)
{
    const char *value = word_quoted(match->value, mem), *list = NULL;
    bool glob = (strcmp(match->label, "path") == 0 || strcmp(match->label, "component") == 0) &&
                glob_is_pattern(match->value);
    if (match->op == LABEL_LIKE || match->op == LABEL_UNLIKE)
        list = alternatives(match->value, mem);
    *exactly = match->op == LABEL_AT_MOST || match->op == LABEL_AT_LEAST || list != NULL ||
               (match->op == LABEL_IS && !glob);
    switch (match->op) {
    case LABEL_IS:
        return glob ? arena_printf(mem, "that matches %s", value) : value;
    case LABEL_IS_NOT:
        return arena_printf(mem, glob ? "that does not match %s" : "other than %s", value);
    case LABEL_LIKE:
        return list != NULL ? list : arena_printf(mem, "that matches the pattern %s", value);
    case LABEL_UNLIKE:
        *exactly = false;
        return list != NULL ? arena_printf(mem, "other than %s", list)
                            : arena_printf(mem, "that does not match the pattern %s", value);
    case LABEL_BELOW:
        return arena_printf(mem, "below %s", value);
    case LABEL_AT_MOST:
        return arena_printf(mem, "%s or lower", value);
    case LABEL_ABOVE:
        return arena_printf(mem, "above %s", value);
    default:
        return arena_printf(mem, "%s or higher", value);
    }
}

static const char *label_text(const struct label_match *match, struct arena *mem)
{
    if (strcmp(match->label, "fixable") == 0 && match->op == LABEL_IS)
        return strcmp(match->value, "yes") == 0 ? "with a fix" : "without a fix";
    bool exactly;
    const char *text = match_text(match, &exactly, mem);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strcmp(places[i].label, match->label) == 0)
            return arena_printf(mem, "%s %s", exactly ? places[i].one : places[i].some, text);
    return arena_printf(mem, "with %s%s %s", exactly ? "" : "a value of ", match->label, text);
}

const char *labels_words(const struct label_matches *labels, struct arena *mem)
{
    const char *text = "";
    for (size_t i = 0; i < labels->count; i++)
        text = arena_printf(mem, "%s %s%s", text, i == 0 ? "" : "and ",
                            label_text(&labels->items[i], mem));
    return text;
}
