#!/usr/bin/env bash
# require-approval.sh <environment>: ends with an error unless this attempt of the run was approved for the environment
# by a person who neither started the run nor any attempt of it. Needs GH_TOKEN with actions: read.
set -euo pipefail
environment=${1:?Give the environment that needs an approval}
run="repos/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"

starters=$(gh api "$run" --jq '.actor.id')
for attempt in $(seq 1 "$GITHUB_RUN_ATTEMPT"); do
  starters+=" $(gh api "$run/attempts/$attempt" --jq '.triggering_actor.id')"
done

if ! [[ "$starters" =~ ^[0-9]+(\ [0-9]+)+$ ]]; then
  echo "::error::GitHub does not tell who started every attempt of this run."
  exit 1
fi

gh api "$run/approvals" > approvals.json
approved='.[] | select(.state == "approved" and any(.environments[]; .name == $environment))'

while read -r id login; do
  if [[ " $starters " == *" $id "* ]]; then
    echo "::error::$login approved what $login started. Start a new run and let somebody else approve it."
    exit 1
  fi
done < <(jq -r --arg environment "$environment" "$approved"' | "\(.user.id) \(.user.login)"' approvals.json)

# GitHub lists approvals of all attempts without saying of which; the portal writes the attempt into its comment.
approvers=$(jq -r --arg environment "$environment" --argjson attempt "$GITHUB_RUN_ATTEMPT" "[$approved"'
  | select(.user.type == "User")
  | select($attempt == 1 or ((.comment // "") | contains("via portal, attempt \($attempt), ref ")))
  | .user.login] | unique | join(", ")' approvals.json)
if [ -z "$approvers" ]; then
  echo "::error::Nobody has approved attempt $GITHUB_RUN_ATTEMPT for $environment. Check that the environment has required reviewers; approve a repeated attempt in the portal."
  exit 1
fi
echo "Approved by $approvers"
