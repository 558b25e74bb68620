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

The catalog lists a release of this project: tag it \`$version\` and let a job with \`release:\` make one.
END
echo "wrote $dir: README.md, LICENSE, templates/qgate/template.yml"
