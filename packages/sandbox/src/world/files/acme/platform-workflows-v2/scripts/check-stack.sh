#!/usr/bin/env bash
# check-stack.sh <stack> <repository id>: refuses a stack that was made for another repository, so that nobody takes over the
# roles of a service by asking for its name again.
set -euo pipefail
stack="$1"
repository_id="$2"
# list-stacks has no error for "not there", so every error that is left is a real one.
aws cloudformation list-stacks --stack-status-filter CREATE_COMPLETE UPDATE_COMPLETE UPDATE_ROLLBACK_COMPLETE ROLLBACK_COMPLETE CREATE_IN_PROGRESS UPDATE_IN_PROGRESS \
  > "$RUNNER_TEMP/stacks.json"
if ! jq -e --arg name "$stack" 'any(.StackSummaries[]; .StackName == $name)' "$RUNNER_TEMP/stacks.json" > /dev/null; then
  exit 0
fi
aws cloudformation describe-stacks --stack-name "$stack" > "$RUNNER_TEMP/stack.json"
owner=$(jq -r '[.Stacks[0].Tags[]? | select(.Key == "delivery.platform/repository-id") | .Value][0] // "unknown"' "$RUNNER_TEMP/stack.json")
if [ "$owner" != "$repository_id" ]; then
  echo "::error::The stack $stack belongs to the repository with the id $owner, not to $repository_id. Choose another name, or let the platform team remove what is left of the former service."
  exit 1
fi
