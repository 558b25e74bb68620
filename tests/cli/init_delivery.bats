#!/usr/bin/env bats
# `qgate init --delivery`: a first delivery.yml from the files of a GitOps repository, which it never touches.

load ../support/common
load ../support/history

# file PATH: standard input, in ../ops.
file() {
    mkdir -p "../ops/$(dirname "$1")"
    cat > "../ops/$1"
}

# ops: all of ../ops is one commit of a repository.
ops() {
    (cd ../ops && { [ -e .git ] || git init -q -b main .; } && commit)
}

# drawn COUNT: it was written, holds and its layouts found so many versions; delivery.yml validates.
drawn() {
    says "versions    $1 of $1 are found by these layouts"
    expect 0 validate
    says "delivery.yml: a valid delivery configuration"
}

@test "Kustomize: overlays with environment and region, sidecars and a base" {
    for service in ledger fees; do
        for overlay in staging production-eu production-af; do
            file "apps/$service/overlays/$overlay/kustomization.yaml" << END
resources: [../../base]
images:
  - {name: registry.example/fin/payments/$service, newTag: v1.12.0}
  - {name: envoyproxy/envoy, newTag: v1.30.1}
END
        done
        echo "images: [{name: registry.example/fin/payments/$service, newTag: latest}]" |
            file "apps/$service/base/kustomization.yaml"
    done
    ops
    expect 0 init --delivery ../ops
    cat > expected << END
read        8 files of ops at main ($(cd ../ops && at HEAD | cut -c1-7))
layouts     apps/{service}/overlays/{environment}-{region}/kustomization.yaml
              images[name=*/{service}].newTag: fees, ledger
            apps/{service}/overlays/{environment}/kustomization.yaml
              images[name=*/{service}].newTag: fees, ledger
versions    6 of 6 are found by these layouts
left out    2 files with a version, and no environment in the path:
            apps/fees/base/kustomization.yaml, apps/ledger/base/kustomization.yaml
wrote       delivery.yml: 2 services, 2 environments, 2 regions; 8 lines marked \`# ?\`: a person has
            to look there
next        look through it, then \`qgate validate\`
END
    diff expected <(echo "$output")
    cat > expected << END
# Drawn by \`qgate init --delivery\` from ops at $(cd ../ops && at HEAD | cut -c1-7).
# What \`# ?\` stands behind needs a person.
version: 1
timezone: UTC                                   # ? where days and weeks are cut: Europe/London
sources:
  gitlab: {url: 'https://gitlab.example', token_env: QGATE_GITLAB_TOKEN}  # ? the projects of the services lie below it
repositories:
  ops: {url: ../ops, branch: main}
environments:
  production: {tier: production, regions: [af, eu]}  # ? the tier, by its name
  staging: {tier: staging}                      # ? the tier, by its name
deployments:
  - repository: ops                             # fees, ledger
    file: 'apps/{service}/overlays/{environment}-{region}/kustomization.yaml'
    select: 'images[name=*/{service}].newTag'
  - repository: ops                             # fees, ledger
    file: 'apps/{service}/overlays/{environment}/kustomization.yaml'
    select: 'images[name=*/{service}].newTag'
defaults:
  version: [{recorded: true}, {tag: 'v{version}'}, {hex: true}]  # ? from a version to its commit
# teams:                                        # ? who owns what
#   payments: {name: Payments, owns: ['fin/payments/**']}
services:
  fees: {project: fin/payments/fees, version: [{recorded: true}, {tag: '{version}'}, {hex: true}]}  # ? its project; it runs v1.12.0
  ledger: {project: fin/payments/ledger, version: [{recorded: true}, {tag: '{version}'}, {hex: true}]}  # ? its project; it runs v1.12.0
END
    diff expected delivery.yml
    drawn 6
    says "0 teams, 2 services, 2 environments, 1 repository"
    [ -z "$(cd ../ops && git status --porcelain)" ]
}

@test "Helm: a file of values for all, values of each service, a chart of charts" {
    for region in eu us; do
        file "cards/prod/$region/values.yaml" << 'END'
global: {image: {tag: unused}}
card-auth:
  image: {repository: registry.example:5000/fin/cards/auth, tag: 1.4.2-3f2a9bc}
card-ops: {image: {tag: "1.10"}}
END
        file "platform/prod/$region/Chart.yaml" << 'END'
apiVersion: v2
name: platform
version: 1.0.0
dependencies:
  - {name: login, version: 7.1.0, repository: "https://charts.example"}
  - {name: redis, version: ^17.0.0, repository: "https://charts.example"}
END
    done
    for service in web api; do
        for environment in dev prod; do
            printf 'replicas: 2\nimage:\n  tag: 007\n' | file "shop/$service/values-$environment.yaml"
        done
    done
    echo '{{- if .Values.x }}' | file charts/web/templates/deployment.yaml
    printf 'kind: Deployment\nimage: {tag: 1}\n' | file shop/web/prod.yaml
    ops
    expect 0 init --delivery ../ops
    says "layouts     cards/{environment}/{region}/values.yaml
              {service}.image.tag: card-auth, card-ops
            platform/{environment}/{region}/Chart.yaml
              dependencies[name={service}].version: login
            shop/{service}/values-{environment}.yaml
              image.tag: api, web"
    drawn 10
    grep -q "^  card-auth: {project: fin/cards/auth}  *# ? its project; it runs 1.4.2-3f2a9bc" delivery.yml
    grep -q "^  dev: {tier: development}  *# ? " delivery.yml
    grep -q "^  prod: {tier: production, regions: \[eu, us\]}" delivery.yml
}

@test "Argo CD: applications by their names, several in a file; branches are no versions" {
    for name in basket-test basket-prod search-prod; do
        printf -- '---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %s}\n' $name
        printf 'spec: {source: {repoURL: https://git.example/charts, targetRevision: 3.2.1}}\n'
    done | file argocd/shop.yaml
    sed 's/3.2.1/main/; s/basket/idle/' ../ops/argocd/shop.yaml | file argocd/idle.yaml
    ops
    expect 0 init --delivery ../ops
    says "layouts     argocd/shop.yaml, {service}-{environment}
              spec.source.targetRevision: basket, search"
    drawn 3
    grep -q "^    kind: Application" delivery.yml
    ! grep -q idle delivery.yml
}

@test "plain manifests; folders whose names nobody knows" {
    for folder in prod/lagos prod/abuja kunde1/lagos; do
        for service in ledger fees; do
            file "$folder/$service.yaml" << END
apiVersion: apps/v1
kind: Deployment
metadata: {name: $service}
spec:
  template:
    spec:
      containers:
        - {name: proxy, image: envoyproxy/envoy:v1.30.1}
        - {name: $service, image: "registry.example:5000/fin/$service:1.4.2@sha256:0a1b2c"}
END
        done
    done
    ops
    expect 0 init --delivery ../ops
    says "layouts     {environment}/{region}/{service}.yaml, {service}
              tag(spec.template.spec.containers[name={service}].image): fees, ledger"
    drawn 6
    grep -q "^  prod: {tier: production, regions: \[abuja, lagos\]}  *# ? the tier, by its name; regions: folders that hold the same" delivery.yml
    grep -q "^  kunde1: {tier: other, regions: \[lagos\]}  *# ? its folder lies beside those of environments; its tier" delivery.yml
    grep -q "^  ledger: {project: fin/ledger}  *# ? its project; it runs 1.4.2@sha256:0a1b2c" delivery.yml
}

@test "one environment, a bare repository, the address of the clone" {
    echo 'image: {tag: 1.0.0}' | file web/values.yaml
    echo 'image: {tag: 2.0.0}' | file api/values.yaml
    ops
    git clone -q --bare ../ops ../ops.git
    git -C ../ops.git remote set-url origin 'https://me:s3cret@git.example:8443/platform/clusters.git'
    expect 0 init --delivery ../ops.git
    says_not s3cret
    drawn 2
    grep -q "clusters: {url: 'https://git.example/platform/clusters.git', branch: main, token_env: GITOPS_READ_TOKEN}" delivery.yml
    grep -q "gitlab: {url: 'https://git.example', token_env: QGATE_GITLAB_TOKEN}" delivery.yml
    grep -q "^    environment: production" delivery.yml
    ! grep -q s3cret delivery.yml
}

@test "below the root: beside .qgate.yml, with a path that holds from there" {
    echo 'image: {tag: 1.0.0}' | file prod/web.yaml
    ops
    git init -q .
    mkdir -p sub/folder
    cd sub/folder
    expect 0 init --delivery ../../../ops
    [ ! -e delivery.yml ]
    grep -q "  ops: {url: $(realpath ../../../ops), " ../../delivery.yml
}

@test "no file is written over, and nothing is written where nothing is found" {
    echo 'image: {tag: 1.0.0}' | file prod/web.yaml
    ops
    echo mine > delivery.yml
    expect 4 init --delivery ../ops
    says "delivery.yml: is there already, and is left as it is"
    expect 4 init --delivery ../ops --force
    says "--delivery goes alone"
    expect 4 init --delivery ../ops report.xml
    [ "$(cat delivery.yml)" = mine ]
    rm delivery.yml
    ln -s nowhere delivery.yml
    expect 4 init --delivery ../ops
    rm delivery.yml

    (cd ../ops && git rm -qr prod && echo 'a: b' > values.yaml && commit)
    expect 2 init --delivery ../ops
    says "no file of HEAD says a version in a way that qgate knows"
    [ ! -e delivery.yml ]
    mkdir ../empty
    expect 3 init --delivery ../empty
    expect 3 init --delivery ../none
    git init -q ../bare
    expect 3 init --delivery ../bare
    expect 4 init --delivery https://git.example/a.git
    says "git clone https://git.example/a.git"
    [ ! -e delivery.yml ]
}

@test "names that no template can hold, links and files that are none of YAML" {
    esc=$(printf '\033')
    echo 'image: {tag: 1.0.0}' | file prod/web.yaml
    echo 'image: {tag: 1.0.0}' | file "prod/{service}.yaml"
    echo 'image: {tag: 1.0.0}' | file "prod/a${esc}[31m.yaml"
    echo "image: {tag: 1.0.0}" | file "prod/x${esc}[31m/web.yaml"
    printf 'web2: {image: {tag: "1\\n# ? x"}}\n"b: {}": {image: {tag: 1}}\n' | file prod/values.yaml
    head -c 300000 /dev/zero | file prod/zero.yaml
    printf 'a: &a [*a]\n' | file prod/alias.yaml
    ln -s /etc/passwd ../ops/prod/link.yaml
    ops
    expect 0 init --delivery ../ops
    [[ "$output$(cat delivery.yml)" != *"$esc"* ]]
    expect 0 validate
    says "2 services, 1 environment, 1 repository"
    grep -q '^  web: ' delivery.yml
    [ "$(grep -c '^  web2: .*  # ? its project; it runs 1 # ? x$' delivery.yml)" -eq 1 ]
}

@test "the repository that one stands in, and a folder like the letter of a drive" {
    echo 'image: {tag: 1.0.0}' | file prod/web.yaml
    echo 'image: {tag: 1.0.0}' | file "b:/prod/web.yaml"
    ops
    cd ../ops
    expect 0 init --delivery ./
    says "versions    2 of 2 are found by these layouts"
    grep -q 'url: \.,' delivery.yml
    grep -q "file: 'b:/{environment}/{service}.yaml'" delivery.yml
    expect 0 validate delivery.yml
}
