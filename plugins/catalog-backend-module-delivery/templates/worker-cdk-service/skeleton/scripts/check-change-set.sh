#!/usr/bin/env bash
# check-change-set.sh <stack> <change set ARN> <SHA-256 of its changes>
# Ends with 1 unless the change set is the one that was approved and can still be executed. Outputs waiter, what to wait for.
set -euo pipefail
fail() { echo "::error::$1"; exit 1; }
stack="$1"
work=$(mktemp -d)
aws cloudformation describe-change-set --change-set-name "$2" > "$work/change-set.json"
[ "$(jq -r .StackName "$work/change-set.json")" = "$stack" ] || fail "The change set is not one of $stack."
[ "$(jq -cS .Changes "$work/change-set.json" | sha256sum | cut -d' ' -f1)" = "$3" ] || fail 'The change set is not what was approved.'
state=$(jq -r .ExecutionStatus "$work/change-set.json")
[ "$state" = AVAILABLE ] || fail "The change set cannot be executed ($state): the stack has changed since. Start the workflow again for a new one."
status=$(aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackStatus' --output text)
if [ "$status" = REVIEW_IN_PROGRESS ]; then waiter=stack-create-complete; else waiter=stack-update-complete; fi
echo "waiter=$waiter" >> "$GITHUB_OUTPUT"
