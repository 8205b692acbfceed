#!/usr/bin/env bash
# Checks the inputs of onboard-service.yml, all of them untrusted, before any job with credentials sees them.
# In: SERVICE KIND ENTITY REPOSITORY REPOSITORY_ID OWNER_ID SUBJECT ENVIRONMENTS WORKFLOWS_REPOSITORY WORKFLOWS_SHA, and from the
# platform team REGISTRY_ACCOUNT REGISTRY_REGION and SUPPORTED_SHAS ALLOWED_OWNER_IDS ALLOWED_ACCOUNTS (comma-separated). Out: environments, workflow-shas, branches.
set -euo pipefail
fail() {
  echo "::error::$1"
  exit 1
}
listed() { # listed <value> <comma-separated list>
  [[ ",${2// /}," == *",$1,"* ]]
}

[[ "$REGISTRY_ACCOUNT" =~ ^[0-9]{12}$ && "$REGISTRY_REGION" =~ ^[a-z]{2}(-[a-z]+)+-[0-9]$ ]] || fail 'The variables AWS_BUILD_ACCOUNT_ID and AWS_BUILD_REGION of this repository have to name the registry.'
[ "$GITHUB_REF" = refs/heads/main ] || fail 'Services are onboarded from main only.'
[[ "$SERVICE" =~ ^[a-z][a-z0-9-]{1,38}[a-z0-9]$ ]] || fail 'The name of the service has to be 3 to 40 lower-case letters, digits and dashes.'
case "$KIND" in
  node-ecs-service | python-ecs-service | worker-cdk-service | terraform-bluegreen-service) ;;
  *) fail 'No service template of that kind is supported here.' ;;
esac
[ "$ENTITY" = "component:default/$SERVICE" ] || fail "The entity of $SERVICE has to be component:default/$SERVICE."
[[ "$REPOSITORY" =~ ^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$ ]] || fail 'The repository has to be owner/name.'
[ "${REPOSITORY#*/}" = "$SERVICE" ] || fail "The repository has to be named like the service, $SERVICE: roles and images are named after it."
[[ "$REPOSITORY_ID" =~ ^[1-9][0-9]*$ && "$OWNER_ID" =~ ^[1-9][0-9]*$ ]] || fail 'The ids of the repository and of its owner have to be numbers.'
listed "$OWNER_ID" "$ALLOWED_OWNER_IDS" || fail "The organisation with the id $OWNER_ID is not one whose services are onboarded here (variable ALLOWED_OWNER_IDS)."
# The names alone are what repositories from before July 2026 have; both forms are written out here, so nothing else gets in.
owner="${REPOSITORY%%/*}"
[[ "$SUBJECT" == "repo:$owner@$OWNER_ID/$SERVICE@$REPOSITORY_ID" || "$SUBJECT" == "repo:$REPOSITORY" ]] || fail "The subject has to be repo:$owner@$OWNER_ID/$SERVICE@$REPOSITORY_ID."
[ "$WORKFLOWS_REPOSITORY" = "$GITHUB_REPOSITORY" ] || fail "The reusable workflows of services onboarded here are those of $GITHUB_REPOSITORY."
[[ "$WORKFLOWS_SHA" =~ ^[0-9a-f]{40}$ ]] || fail 'The pinned commit of the workflows has to be a full SHA.'
git merge-base --is-ancestor "$WORKFLOWS_SHA" HEAD 2> /dev/null || fail "The commit $WORKFLOWS_SHA is not one of main of $GITHUB_REPOSITORY: roles trust reviewed workflows only."
shas="$WORKFLOWS_SHA"
for sha in ${SUPPORTED_SHAS//,/ }; do
  [[ "$sha" =~ ^[0-9a-f]{40}$ ]] || fail 'The variable SUPPORTED_WORKFLOW_SHAS has to list full SHAs.'
  listed "$sha" "$shas" || shas="$shas,$sha"
done

jq -e 'type == "array" and length >= 1 and length <= 10 and all(.[]; type == "object"
  and (.name | type == "string" and test("^[a-z][a-z0-9-]{0,30}$"))
  and (.accountId | type == "string" and test("^[0-9]{12}$"))
  and (.region | type == "string" and test("^[a-z]{2}(-[a-z]+)+-[0-9]$"))
  and (.cluster | type == "string" and test("^[A-Za-z0-9_-]{1,255}$"))
  and (.strategy // "ROLLING" | . == "ROLLING" or . == "BLUE_GREEN"))
  and (map(.name) | length == (unique | length))' <<< "$ENVIRONMENTS" > /dev/null 2>&1 \
  || fail 'The environments have to be a JSON list of up to ten {name, accountId, region, cluster} with different names.'
longest=$(jq '[.[].name | length] | max' <<< "$ENVIRONMENTS")
# The longest role is <service>-execution-<environment>, and IAM allows 64 characters.
((${#SERVICE} + longest + 11 <= 64)) || fail 'The name of the service is too long for the names of its roles: shorten it.'
for account in $(jq -r '.[].accountId' <<< "$ENVIRONMENTS"); do
  [ -z "$ALLOWED_ACCOUNTS" ] || listed "$account" "$ALLOWED_ACCOUNTS" || fail "The account $account is not one that services are onboarded to (variable ALLOWED_ACCOUNTS)."
done
branches=main
if [ "$KIND" = terraform-bluegreen-service ]; then branches=main,develop; fi
{
  echo "environments=$(jq -c '[.[] | {name, accountId, region, cluster, strategy: (.strategy // "ROLLING")}]' <<< "$ENVIRONMENTS")"
  echo "workflow-shas=$shas"
  echo "branches=$branches"
} >> "$GITHUB_OUTPUT"
