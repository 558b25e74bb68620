#!/usr/bin/env bats
# What pipelines use beside the program: the templates, the component made of them, the image's file.

load ../support/common

# templates CHECK: python, where `spec`, `job` and `text` are those of the template in `name`
templates() {
    cd "$here"
    python3 - "$1" << 'END'
import pathlib, re, sys, yaml
for path in sorted(pathlib.Path("ci/templates/qgate").glob("*.yml")):
    name, text = path.stem, path.read_text(encoding="utf-8")
    spec, jobs = yaml.safe_load_all(text)
    spec, script = spec["spec"]["inputs"], text.split("\n---\n")[1]
    exec(sys.argv[1])
END
}

@test "templates: every input is declared, typed, described and used; what a script spells out has a pattern" {
    templates '
used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", script))
assert used == set(spec), (name, used ^ set(spec))
for key, one in spec.items():
    kinds = {"string": str, "number": int, "boolean": bool, "array": list}
    assert one["type"] in kinds and one["description"], (name, key)
    assert "default" not in one or isinstance(one["default"], kinds[one["type"]]), (name, key)
    bare = [line for job in jobs.values() for line in job.get("script", []) if f"inputs.{key} " in line]
    assert not bare or one["type"] == "number" or "regex" in one, (name, key)
    assert "regex" not in one or "default" not in one or re.search(one["regex"], one["default"]), (name, key)
'
}

@test "templates: the job runs whatever happened before, and keeps what it wrote" {
    templates '
if name == "template":
    job = jobs["qgate"]
    assert set(spec) == {"policy", "stage", "needs", "image", "publish", "strict"}, spec
    assert job["when"] == "always" and job["artifacts"]["when"] == "always"
    wired = [one if isinstance(one, str) else one["path"] for one in job["artifacts"]["reports"].values()]
    for path in wired:
        assert f"={path}" in script, path
    assert "allow_failure" in text and "exit_codes" in text
'
}

@test "templates: what stands in them is of this version" {
    version=$("$QGATE" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/')
    cd "$here/ci"
    [ "$(grep -rhoE 'qgate:[0-9]+\.[0-9.]+[0-9]|ref: v[0-9.]+[0-9]' templates | sed 's/.*[:v ]//' | sort -u)" = "$version" ]
}

@test "component: GitLab's layout, the same inputs, and never over what is there" {
    dir=$BATS_TEST_TMPDIR/component
    "$here/ci/component.sh" "$dir"
    [ -s "$dir/LICENSE" ]
    diff <(grep -v '^#' "$dir/templates/qgate/template.yml") <(grep -v '^#' "$here/ci/templates/qgate/template.yml")
    grep -q '^#     - component: \$CI_SERVER_FQDN/' "$dir/templates/qgate/template.yml"
    ! grep -q 'project: platform' "$dir/templates/qgate/template.yml"
    for input in needs policy stage image publish strict; do
        grep -q "^| \`$input\` | " "$dir/README.md"
    done
    # its own pipeline: the report that it leaves passes the policy beside it
    python3 - "$dir/.gitlab-ci.yml" > "$dir/leave.sh" << 'END'
import sys, yaml
jobs = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
component, = jobs["include"]
assert component["component"] == "$CI_SERVER_FQDN/$CI_PROJECT_PATH/qgate@$CI_COMMIT_SHA", component
assert component["inputs"] == {"stage": "test", "needs": ["report"]} and jobs["release"]["release"]["tag_name"]
print("\n".join(jobs["report"]["script"]))
END
    (cd "$dir" && sh leave.sh)
    cd "$dir"
    expect 0 check
    says '2 rules passed'
    run "$here/ci/component.sh" "$dir"
    [ "$status" -ne 0 ]
    [[ "$output" == *"is there already"* ]]
}

@test "image: nobody runs it, and it installs what the program is linked with" {
    file=$here/ci/Containerfile
    [ "$(grep '^USER' "$file" | tail -n 1)" = 'USER 65534:65534' ]
    ! grep -E '^FROM' "$file" | grep -vqE '^FROM [a-z]+:[0-9]'
    # shellcheck source=/dev/null
    [ "$(. /etc/os-release && echo "$ID $VERSION_ID")" = 'debian 12' ] || skip "the packages are those of Debian 12"
    [ -z "${QGATE_SANITIZED:-}" ] || skip "linked with sanitizers"
    objdump -p "$QGATE" | awk '$1 == "NEEDED" { print $2 }' > needed
    [ -s needed ]
    while read -r library; do
        path=$(ldd "$QGATE" | awk -v library="$library" '$1 == library { print $3 }')
        package=$(dpkg -S "$(realpath "$path")" 2> /dev/null || dpkg -S "*${path#/lib}")
        package=${package%%:*}
        case $package in
        libc6 | libgcc-s1) ;; # of every image
        *) sed -n '/^FROM debian:12-slim$/,$p' "$file" | grep -qw -- "$package" || {
            echo "$library is of $package"
            false
        } ;;
        esac
    done < needed
}
