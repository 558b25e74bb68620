#!/bin/sh
# ci/component.sh DIR: writes the project of a CI/CD component, in the layout that GitLab's catalog wants:
# `templates/` at its root. The template is the one of this repository; what differs is how it is included.
set -eu
dir=$1
cd "$(dirname "$0")/.."
version=$(sed -n 's/^VERSION := //p' Makefile)
[ ! -e "$dir/templates" ] || {
    echo "component: $dir/templates is there already" >&2
    exit 1
}
mkdir -p "$dir/templates/qgate"
cp LICENSE "$dir/"
# shellcheck disable=SC2016 # GitLab expands it
sed '/^#     - project: /,/^#       file: /c\
#     - component: $CI_SERVER_FQDN/platform/qgate-component/qgate@'"$version" \
    ci/templates/qgate/template.yml > "$dir/templates/qgate/template.yml"
cat > "$dir/README.md" << END
# qgate

Judges the reports of a build by the policy in the repository, and shows the verdict in the merge request.

\`\`\`yaml
include:
  - component: \$CI_SERVER_FQDN/platform/qgate-component/qgate@$version
    inputs: {stage: verify, needs: [unit test, scan]}
\`\`\`

| input | default | |
|---|---|---|
$(awk '/^---/ { exit } /^    [a-z]+:$/ { name = $1; default_ = "(required)" } /^      default:/ { default_ = $2 }
    /^      description:/ { sub(/^ *description: */, ""); sub(/:$/, "", name); print "| `" name "` | `" default_ "` | " $0 " |" }' \
    ci/templates/qgate/template.yml)

The catalog lists the releases of this project: turn on *CI/CD Catalog project* in its settings and push the tag
\`$version\`; its pipeline tries the component on a report of its own and makes the release.
END
image=$(sed -n 's/^      default: \(qgate:.*\)/\1/p' ci/templates/qgate/template.yml)
cat > "$dir/.gitlab-ci.yml" << END
# Tries the component as it stands at this commit, and makes a release of each tag.
stages: [build, test, release]

include:
  - component: \$CI_SERVER_FQDN/\$CI_PROJECT_PATH/qgate@\$CI_COMMIT_SHA
    inputs: {stage: test, needs: [report]}

report:
  stage: build
  image: $image
  script:
    - echo '<testsuite name="component"><testcase name="is included"/></testsuite>' > junit.xml
  artifacts: {when: always, paths: [junit.xml]}

release:
  stage: release
  image: registry.gitlab.com/gitlab-org/cli:latest
  rules: [{if: \$CI_COMMIT_TAG}]
  script: echo "release \$CI_COMMIT_TAG"
  release: {tag_name: \$CI_COMMIT_TAG, description: "qgate \$CI_COMMIT_TAG"}
END
cat > "$dir/.qgate.yml" << END
version: 1
reports: [{format: junit, path: junit.xml}]
gates: [{name: component, require: [tests.passed >= 1, tests.failed == 0]}]
END
echo "wrote $dir: README.md, LICENSE, .gitlab-ci.yml, .qgate.yml, templates/qgate/template.yml"
