#!/usr/bin/env bash
# test.sh: runs check-request.sh with a good request and with ones that have to be refused. Needs jq and git.
set -euo pipefail
cd "$(dirname "$0")/.."
GITHUB_OUTPUT=$(mktemp)
trap 'rm -f "$GITHUB_OUTPUT"' EXIT
sha=$(git rev-parse HEAD)
good=(
  GITHUB_OUTPUT="$GITHUB_OUTPUT" GITHUB_REF=refs/heads/main GITHUB_REPOSITORY=org/workflows
  SERVICE=shipping KIND=node-ecs-service ENTITY=component:default/shipping
  REPOSITORY=org/shipping REPOSITORY_ID=22 OWNER_ID=11 SUBJECT=repo:org@11/shipping@22
  'ENVIRONMENTS=[{"name":"staging","accountId":"222222222222","region":"eu-west-1","cluster":"main"}]'
  WORKFLOWS_REPOSITORY=org/workflows WORKFLOWS_SHA="$sha" SUPPORTED_SHAS='' ALLOWED_OWNER_IDS=11 ALLOWED_ACCOUNTS=222222222222
  REGISTRY_ACCOUNT=111111111111 REGISTRY_REGION=eu-west-1
)
failed=0
accepts() {
  if ! env "${good[@]}" "$@" bash scripts/check-request.sh; then
    echo "refused, although good: $*"
    failed=1
  fi
}
refuses() {
  if env "${good[@]}" "$@" bash scripts/check-request.sh > /dev/null; then
    echo "accepted: $*"
    failed=1
  fi
}
accepts KIND=node-ecs-service
accepts SUBJECT=repo:org/shipping
accepts KIND=terraform-bluegreen-service
refuses REGISTRY_ACCOUNT=
refuses GITHUB_REF=refs/heads/other
refuses SERVICE=Shipping
refuses SERVICE='shipping;id'
refuses KIND=anything
refuses ENTITY=component:default/billing
refuses REPOSITORY=org/billing
refuses REPOSITORY_ID=x
refuses OWNER_ID=12
refuses SUBJECT=repo:org@11/billing@22
refuses SUBJECT='repo:org@11/shipping@22:*'
refuses WORKFLOWS_REPOSITORY=org/fork
refuses WORKFLOWS_SHA=0000000000000000000000000000000000000000
refuses ENVIRONMENTS='[]'
refuses ENVIRONMENTS='[{"name":"staging","accountId":"333333333333","region":"eu-west-1","cluster":"main"}]'
refuses ENVIRONMENTS='[{"name":"st aging","accountId":"222222222222","region":"eu-west-1","cluster":"main"}]'
exit "$failed"
