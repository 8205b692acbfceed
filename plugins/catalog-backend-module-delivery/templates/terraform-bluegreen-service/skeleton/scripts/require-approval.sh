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

# GitHub lists approvals of all attempts without saying of which; the portal writes the attempt into its comment.
gh api "$run/approvals" | jq -r --arg environment "$environment" --argjson attempt "$GITHUB_RUN_ATTEMPT" '
  .[]
  | select(.state == "approved" and .user.type == "User" and any(.environments[]; .name == $environment))
  | select($attempt == 1 or ((.comment // "") | contains("via portal, attempt \($attempt), ref ")))
  | "\(.user.id) \(.user.login)"' > approvals.txt

if [ ! -s approvals.txt ]; then
  echo "::error::Nobody has approved attempt $GITHUB_RUN_ATTEMPT for $environment. Check that the environment has required reviewers; approve a repeated attempt in the portal."
  exit 1
fi
while read -r id login; do
  if [[ " $starters " == *" $id "* ]]; then
    echo "::error::$login approved what $login started. Somebody else has to approve."
    exit 1
  fi
  echo "Approved by $login"
done < approvals.txt
