#!/usr/bin/env bash
# execute-change-set.sh <stack> <change set ARN> <SHA-256 of its changes>
# Executes exactly the change set that was approved and waits for the stack. CloudFormation undoes a failed change itself.
set -euo pipefail
work=$(mktemp -d)
fail() { echo "::error::$1"; exit 1; }
stack="$1"
arn="$2"
aws cloudformation describe-change-set --change-set-name "$arn" > "$work/change-set.json"
[ "$(jq -r .StackName "$work/change-set.json")" = "$stack" ] || fail "The change set is not one of $stack."
[ "$(jq -cS .Changes "$work/change-set.json" | sha256sum | cut -d' ' -f1)" = "$3" ] || fail 'The change set is not what was approved.'
state=$(jq -r .ExecutionStatus "$work/change-set.json")
[ "$state" = AVAILABLE ] || fail "The change set cannot be executed ($state): the stack has changed since. Run the whole workflow again for a new one."
before=$(aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackStatus' --output text)
aws cloudformation execute-change-set --change-set-name "$arn"
if [ "$before" = REVIEW_IN_PROGRESS ]; then
  aws cloudformation wait stack-create-complete --stack-name "$stack"
else
  aws cloudformation wait stack-update-complete --stack-name "$stack"
fi
