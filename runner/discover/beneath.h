/* Opening what lies beneath a directory, and nothing else.
 *
 * Links are followed as long as they stay beneath it. EXDEV: the path leads out, by `..`, by an
 * absolute link or by being absolute itself.
 */
#ifndef RUNNER_DISCOVER_BENEATH_H
#define RUNNER_DISCOVER_BENEATH_H

/* A descriptor (close-on-exec), or -1 with errno. `flags` as of open(), without O_CREAT. */
int open_beneath(int root, const char *path, int flags);

#endif
