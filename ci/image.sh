#!/bin/sh
# ci/image.sh IMAGE: builds the image of ci/Containerfile with podman, buildah or docker, whichever works here, and
# tries it: it is small, not root, has a shell, and runs the script of the template in a clone that belongs to root.
#
# Ends with `N passed, N failed`. Where there is no such tool it says so and skips.
set -eu
image=$1
cd "$(dirname "$0")/.."

tool=
for one in podman buildah docker; do
    [ -n "$tool" ] || ! $one info > /dev/null 2>&1 || tool=$one
done
[ -n "$tool" ] || {
    echo "image: neither podman, buildah nor docker works here: skipped"
    exit 0
}
$tool build --file ci/Containerfile --tag "$image" .

clone=$(mktemp -d)
container=
finish() {
    [ -z "$container" ] || buildah rm "$container" > /dev/null
    rm -rf "$clone"
}
trap finish EXIT
trap 'exit 130' INT TERM
[ $tool != buildah ] || container=$(buildah from --pull-never "$image")

in_image() {
    if [ $tool = buildah ]; then
        buildah run --volume "$clone:/clone" --workingdir /clone "$container" -- "$@"
    else
        $tool run --rm --volume "$clone:/clone" --workdir /clone "$image" "$@"
    fi
}
passed=0 failed=0
expect() { # WHAT COMMAND…
    what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "image: not so: $what"
    fi
}

# The clone that a runner makes: of root, and anybody may write.
chmod 777 "$clone"
(
    umask 0000
    cd "$clone"
    git init -q -b main .
    echo 'version: 1' > .qgate.yml
    echo 'reports: [{format: junit, path: unit.xml}]' >> .qgate.yml
    echo 'gates: [{name: unit test, require: [tests.failed == 0]}]' >> .qgate.yml
    git add .
    git -c user.email=test@example.org -c user.name=test commit -qm files
    echo '<testsuite name="u"><testcase name="a"/></testsuite>' > unit.xml
)
python3 -c 'import sys, yaml
print("\n".join(list(yaml.safe_load_all(sys.stdin))[1]["qgate"]["script"]))' \
    < ci/templates/qgate/template.yml > "$clone/script"

expect 'it runs as nobody' [ "$(in_image id -u)" = 65534 ]
expect 'it has what the templates call' in_image sh -c 'command -v qgate curl mkdir printf > /dev/null'
expect 'it knows authorities' in_image test -s /etc/ssl/certs/ca-certificates.crt
expect 'it is below 200 MiB' [ "$(in_image sh -c 'du -sxm / 2> /dev/null' | cut -f 1)" -lt 200 ]
expect 'the script of the template passes' \
    in_image env CI=true GITLAB_CI=true QGATE_INPUT_POLICY=.qgate.yml sh -e script
expect 'and leaves its files' [ "$(find "$clone/qgate-out" -size +0 | wc -l)" -ge 8 ]
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
