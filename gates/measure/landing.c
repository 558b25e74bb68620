#include "gates/measure/landing.h"

#include <string.h>
#include <strings.h>

#include "gates/base/arena.h"
#include "gates/base/day.h"
#include "gates/base/glob.h"
#include "gates/base/number.h"
#include "gates/base/text.h"

enum { SUBJECT_BYTES = 100, CLAIMS_BYTES = 4096, KEYS_BYTES = 200 };

/* --- what a hotfix or a revert names ---------------------------------------------------------- */

static bool is_of_a_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("_-/+.!@", c) != NULL);
}

static bool is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_commit(const char *text, size_t len)
{
    enum { FEWEST_DIGITS = 7, MOST_DIGITS = 40 };
    size_t digits = 0;
    while (digits < len && is_hex_digit(text[digits]))
        digits++;
    return digits == len && len >= FEWEST_DIGITS && len <= MOST_DIGITS;
}

/* "!45", "group/project!45" */
static bool is_request(const char *text, size_t len, uint64_t *number)
{
    const char *mark = memrchr(text, '!', len);
    return mark != NULL && number_parse_count(mark + 1, len - (size_t)(mark + 1 - text), number);
}

/* "reverts commit 3f2a9bc", "reverts merge request !45", "Reverts !45": how many words of such a
 * phrase stand before what it names. */
static unsigned phrase_after(unsigned words, const char *text, size_t len)
{
    if (text_is_nocase(text, len, "reverts"))
        return 1;
    if (words == 1 && (text_is_nocase(text, len, "commit") || text_is_nocase(text, len, "merge")))
        return 2;
    return words == 2 && text_is_nocase(text, len, "request") ? 3 : 0;
}

bool landing_next(const char **at, struct landing_word *word)
{
    unsigned words = word->text == NULL ? 0 : phrase_after(word->phrase, word->text, word->len);
    while (**at != '\0' && !is_of_a_word(**at))
        (*at)++;
    const char *text = *at;
    while (is_of_a_word(**at))
        (*at)++;
    size_t len = (size_t)(*at - text);
    while (len > 0 && strchr(".!", text[len - 1]) != NULL) /* of the sentence */
        len--;
    *word = (struct landing_word){.text = text, .len = len, .phrase = words};
    if (words == 2 && is_commit(text, len))
        word->means = LANDING_COMMIT;
    else if (words > 0 && is_request(text, len, &word->request))
        word->means = LANDING_REQUEST;
    return *at != text;
}

/* --- the list that `git merge --squash` leaves ------------------------------------------------ */

static int month_named(const char *text)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++)
        if (strncmp(text, names + (size_t)i * 3, 3) == 0)
            return i + 1;
    return 0;
}

/* A word of the line, parted by spaces; its length, 0 at the end. */
static size_t next_word(const char **at, const char *end)
{
    while (*at < end && **at == ' ')
        (*at)++;
    const char *stop = memchr(*at, ' ', (size_t)(end - *at));
    return (size_t)((stop == NULL ? end : stop) - *at);
}

/* "Mon Nov 3 10:00:00 2025 +0100", git's default. INT64_MAX: something else. */
static int64_t squashed_date(const char *at, const char *end)
{
    enum { WEEKDAY, MONTH, DAY, CLOCK, YEAR, ZONE, WORDS };
    const char *words[WORDS];
    size_t sizes[WORDS];
    for (int i = 0; i < WORDS; at += sizes[i], i++) {
        sizes[i] = next_word(&at, end);
        words[i] = at;
    }
    int month = sizes[MONTH] == 3 ? month_named(words[MONTH]) : 0;
    char text[40]; /* the same as ISO 8601 has it */
    int64_t seconds;
    if (month == 0 || sizes[DAY] < 1 || sizes[DAY] > 2 || sizes[CLOCK] != 8 || sizes[YEAR] != 4 ||
        sizes[ZONE] != 5)
        return INT64_MAX;
    char *to = mempcpy(text, words[YEAR], 4);
    *to++ = '-';
    *to++ = (char)('0' + month / 10);
    *to++ = (char)('0' + month % 10);
    *to++ = '-';
    *to++ = sizes[DAY] == 2 ? words[DAY][0] : '0';
    *to++ = words[DAY][sizes[DAY] - 1];
    *to++ = 'T';
    to = mempcpy(to, words[CLOCK], 8);
    to = mempcpy(to, words[ZONE], 5);
    return instant_parse(text, (size_t)(to - text), &seconds) ? seconds : INT64_MAX;
}

static int64_t first_squashed(const char *message, const char *end)
{
    static const char date[] = "\nDate:";
    int64_t first = INT64_MAX;
    size_t len = (size_t)(end - message);
    if (memmem(message, len, "Squashed commit of the following:", 33) == NULL)
        return first;
    for (const char *at = message;
         (at = memmem(at, (size_t)(end - at), date, sizeof date - 1)) != NULL;) {
        at += sizeof date - 1;
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        int64_t seconds = squashed_date(at, newline == NULL ? end : newline);
        first = seconds < first ? seconds : first;
    }
    return first;
}

/* --- what a forge adds ------------------------------------------------------------------------ */

/* Of the last line that says so: a squashed or reverted change brings lines of others along. */
static uint64_t request_of(const char *message, const char *end)
{
    static const char see[] = "\nSee merge request ";
    uint64_t request = 0;
    for (const char *at = message;
         (at = memmem(at, (size_t)(end - at), see, sizeof see - 1)) != NULL;) {
        at += sizeof see - 1;
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline == NULL ? end : newline;
        const char *mark = memrchr(at, '!', (size_t)(stop - at));
        if (mark != NULL && !number_parse_count(mark + 1, (size_t)(stop - mark - 1), &request))
            request = 0;
    }
    return request;
}

/* Behind the first quote of "Merge branch 'x' into 'main'"; NULL: it is no such subject. */
static const char *merged_branch(const char *subject)
{
    static const char merge[] = "Merge branch '";
    return strncmp(subject, merge, sizeof merge - 1) == 0 ? subject + sizeof merge - 1 : NULL;
}

/* "hotfix: …", "hotfix/… " as a branch that was merged, "Merge branch 'hotfix/…'". */
static bool is_hotfix(const char *subject)
{
    const char *branch = merged_branch(subject);
    const char *word = branch != NULL ? branch : subject;
    return strncasecmp(word, "hotfix", 6) == 0 && word[6] != '\0' &&
           strchr(":/-_( !", word[6]) != NULL;
}

/* What was reverted comes back: that repairs nothing. */
static bool is_reapplied(const char *subject)
{
    static const char *const beginnings[] = {"Reapply \"", "Revert \"Revert \""};
    return strncmp(subject, beginnings[0], strlen(beginnings[0])) == 0 ||
           strncmp(subject, beginnings[1], strlen(beginnings[1])) == 0;
}

/* --- numbers of incidents --------------------------------------------------------------------- */

static bool is_of_a_key(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_';
}

/* "INC-7", "PD4411": begins with a letter, and is no commit. That it holds a digit is known. */
static bool is_key(const char *text, size_t len)
{
    return len >= 3 && ((*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z')) &&
           !is_commit(text, len);
}

/* A number alone is no key: it could mean anything. */
static const char *keys_of(struct arena *mem, const char *text, const char *end)
{
    char keys[KEYS_BYTES];
    size_t used = 0;
    for (const char *at = text; at < end;) {
        const char *from = at;
        bool digit = false;
        for (; at < end && is_of_a_key(*at); at++)
            digit |= *at >= '0' && *at <= '9';
        size_t len = (size_t)(at - from);
        if (digit && is_key(from, len) && used + len + 1 < sizeof keys) {
            memcpy(keys + used, from, len);
            keys[used + len] = ' ';
            used += len + 1;
        }
        at += len == 0;
    }
    return used == 0 ? NULL : arena_copy(mem, keys, used - 1);
}

const char *landing_key(const char **at, size_t *len)
{
    const char *key = *at;
    if (key == NULL || *key == '\0')
        return NULL;
    *len = strcspn(key, " ");
    *at = key + *len + (key[*len] == ' ');
    return key;
}

void landing_read(struct arena *mem, const char *message, size_t len, struct landing *landing)
{
    const char *end = message + len;
    const char *newline = memchr(message, '\n', len);
    size_t first = newline == NULL ? len : (size_t)(newline - message);
    *landing = (struct landing){
        .subject = text_keep(mem, message, first, SUBJECT_BYTES),
        .request = request_of(message, end),
        .first_s = first_squashed(message, end),
    };
    landing->hotfix = is_hotfix(landing->subject);
    bool reverts = strncasecmp(landing->subject, "revert ", 7) == 0;
    landing->repairs = landing->hotfix || reverts;
    landing->keys =
        keys_of(mem, reverts || is_reapplied(landing->subject) ? message + first : message,
                end); /* the subject of a revert is that of another */
    if (is_reapplied(landing->subject))
        landing->repairs = false;
    else if (landing->repairs || memmem(message, len, "everts ", 7) != NULL)
        landing->claims = text_keep(mem, message, len, CLAIMS_BYTES);
}

void landing_add_hotfix(struct landing *landing, const struct words *branches)
{
    char name[SUBJECT_BYTES + 4]; /* and the sign of a cut */
    const char *branch = merged_branch(landing->subject);
    size_t len = branch == NULL ? 0 : strcspn(branch, "'");
    if (len == 0 || len >= sizeof name)
        return;
    memcpy(name, branch, len);
    name[len] = '\0';
    if (!globs_match(branches, name))
        return;
    landing->hotfix = landing->repairs = true;
    if (landing->claims == NULL)
        landing->claims = landing->subject;
}
