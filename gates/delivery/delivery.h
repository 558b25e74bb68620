/* A delivery configuration: which services there are, where their deployments are written down, who
 * owns them and what is aimed at. Loaded from YAML (delivery.yml), checked, and never changed
 * afterwards.
 *
 * As with a policy, every mistake of the text is collected in one run; nothing unknown is ever
 * ignored. What later versions collect is checked as well and named in `notes`. Everything lives in
 * the arena given. Nothing here touches a file, a repository or the network.
 *
 * Days are counted from 1970-01-01 as the calendar of the time zone has them: they are instants
 * only together with a zone.
 */
#ifndef GATES_DELIVERY_DELIVERY_H
#define GATES_DELIVERY_DELIVERY_H

#include "gates/base/names.h"
#include "gates/policy/policy.h"

struct node;

#define DELIVERY_NO_END INT32_MAX
#define DELIVERY_NO_BEGIN INT32_MIN

/* `repositories:`: what is read of git, beside the repository that qgate stands in. */
struct delivery_repository {
    struct place at;
    const char *name;
    const char *url;       /* https://…, http:// on this machine, or a path from the folder of the
                              configuration; never with a password */
    const char *branch;    /* NULL: the one that HEAD names */
    const char *token_env; /* the variable that holds the token for `url`; NULL: none */
};

struct delivery_repositories ARRAY(struct delivery_repository);

/* In the order of DELIVERY_TIERS. */
enum tier { TIER_PRODUCTION, TIER_STAGING, TIER_TESTING, TIER_DEVELOPMENT, TIER_OTHER };
#define DELIVERY_TIERS "production staging testing development other"

const char *tier_name(enum tier tier);

struct delivery_environment {
    struct place at;
    const char *name;
    enum tier tier;
    struct words regions; /* one deployment reaches all of them; empty: it has none */
};

struct delivery_environments ARRAY(struct delivery_environment);

/* An entry of `deployments:`: where the versions of many services stand. Either a file of a GitOps
 * repository or the tags of each service's own repository.
 *
 * Templates hold {service}, {environment} and {region}. A service and an environment is always
 * known: captured by one of the templates, or fixed. Only of tags the service may be neither: they
 * are every service's then, each with the tags of its own repository. */
struct delivery_layout {
    struct place at;
    const char *repository;  /* the name of an entry of `repositories`; NULL with `tags` */
    const char *file;        /* template of the path; `*` and `**` as in globs; NULL with `tags` */
    const char *select;      /* template of the place in the YAML document; NULL with `tags` */
    const char *kind;        /* of one document among several; NULL: any */
    const char *name;        /* template of its metadata.name; NULL: any */
    const char *tags;        /* a glob over tag names that may hold {service}; NULL: a file */
    const char *service;     /* the name, where no template captures it; otherwise NULL */
    const char *environment; /* the name, where no template captures it; otherwise NULL. Of tags
                                never NULL: the first of tier production unless given */
    const char *region;      /* the name, where all that the layout finds lies in one; NULL: what a
                                template captures, or none */
};

struct delivery_layouts ARRAY(struct delivery_layout);

/* One way from a version to a commit; the first that finds one counts. */
enum version_how {
    VERSION_RECORDED, /* what `qgate record build` said */
    VERSION_TAG,      /* the tag of that name */
    VERSION_HEX,      /* the version holds the beginning of the commit's name */
    VERSION_MAP,      /* a file of the service's repository says it */
};

struct version_rule {
    struct place at;
    enum version_how how;
    const char *text; /* of TAG: the template, "v{version}", perhaps with {service}; of MAP: the
                         path of the file; otherwise NULL */
};

struct version_rules ARRAY(struct version_rule);

/* A team owns a service on these days, both included, cut in the team's zone. */
struct delivery_owner {
    struct place at;
    const char *team;            /* the id of an entry of `teams` */
    int32_t from_day, until_day; /* DELIVERY_NO_BEGIN, DELIVERY_NO_END: open */
};

struct delivery_owners ARRAY(struct delivery_owner);

struct delivery_service {
    struct place at;
    const char *name;
    const char *project; /* path of its project (group/name), or "." for the repository that qgate
                            stands in; delivery_project() says which repository that is */
    struct words paths;  /* globs over the project's files that are this service; empty: all */
    struct version_rules versions; /* never empty: its own, else `defaults`, else
                                      recorded, tag v{version}, hex */
    uint64_t tier;                 /* 1 and more: how much it matters; 0: not said */
    int32_t since_day;             /* nothing older counts; DELIVERY_NO_BEGIN: all */
    struct delivery_owners owners; /* by day, without overlap, perhaps with gaps: its own `team:`,
                                      else the teams that own its project; empty: nobody */
    uint64_t incident_hours;       /* an incident within so many hours is of the deployment */
};

struct delivery_services ARRAY(struct delivery_service);

/* Projects that a team owns. */
struct delivery_holding {
    struct place at;
    const char *projects;        /* a glob over paths of projects */
    int32_t from_day, until_day; /* as of an owner */
};

struct delivery_holdings ARRAY(struct delivery_holding);

struct delivery_team {
    struct place at;
    const char *id;
    const char *name; /* the id when none is given */
    const char *zone; /* of the IANA database; NULL: the delivery's */
    struct delivery_holdings owns;
    struct rules targets; /* of delivery measures, without the labels service and team: what is to
                             hold for this team's services; enforce_from included */
};

struct delivery_teams ARRAY(struct delivery_team);

/* How people are told apart in what is kept. */
enum people { PEOPLE_NONE, PEOPLE_HASHED, PEOPLE_NAMED };

struct delivery {
    const char *path;      /* of the configuration, as named in messages; NULL: there is none */
    const char *zone;      /* of the IANA database; "UTC" unless given */
    int32_t since_day;     /* nothing older is collected; DELIVERY_NO_BEGIN: all */
    enum people people;    /* PEOPLE_HASHED unless given */
    struct words bots;     /* globs over names and addresses of authors */
    const char *store_env; /* the variable that holds the store's URL; NULL: as without one */
    const char *gitlab_url, *gitlab_token_env; /* sources.gitlab; NULL: not given */
    struct delivery_repositories repositories;
    struct delivery_environments environments; /* never empty: production of that tier unless
                                                  given */
    struct delivery_layouts layouts;
    struct delivery_teams teams;
    struct delivery_services services;
    struct names repository_names, environment_names, team_names,
        service_names;                                 /* the index is that
                                                          of the items */
    struct words unplanned_labels, unplanned_branches; /* changes.unplanned */
    struct words ignore;   /* changes.ignore: globs over files whose lines do not count */
    struct words files;    /* what was read: `path`, then each included file */
    struct problems notes; /* what is right, and of no effect yet: "not collected yet: …" */
};

/* Is it a delivery configuration rather than a policy? Known by its keys: by more of its top keys
 * that only the one can have. NULL or no map: it is not. */
bool delivery_is(const struct node *document);

/* Load the configuration's text and what it includes, from `files` (which must be able to list).
 * True: read, and it may be used only when found->count is 0. False with err: an included file
 * could not be asked for. `files` NULL: it can include none. */
NODISCARD bool delivery_load(const char *path, const char *text, size_t len,
                             const struct policy_files *files, struct arena *mem,
                             struct delivery *delivery, struct problems *found, struct error *err);

/* What holds without a configuration: one service of this name in the repository that qgate stands
 * in, deployed to production by tags `v*`; nobody is named. */
void delivery_default(struct delivery *delivery, const char *service, struct arena *mem);

/* The entry of `repositories` of that name, NULL when there is none. */
const struct delivery_repository *delivery_repository(const struct delivery *delivery,
                                                      const char *name);

/* The environment, service or team of that name, NULL when there is none. */
const struct delivery_environment *delivery_environment(const struct delivery *delivery,
                                                        const char *name);
const struct delivery_service *delivery_service(const struct delivery *delivery, const char *name);
const struct delivery_team *delivery_team(const struct delivery *delivery, const char *id);

/* The repository of a service's project: the entry of `repositories` of that name, else the project
 * of `sources.gitlab` with its token. False: neither is there, or it is the repository that qgate
 * stands in (project "."). */
bool delivery_project(const struct delivery *delivery, const char *project, struct arena *mem,
                      struct delivery_repository *repository);

/* The zone in which a team's days are cut. `team` NULL: the delivery's. */
const char *delivery_zone(const struct delivery *delivery, const struct delivery_team *team);

#endif
