#!/usr/bin/env bash
# prepare-change-set.sh <stack> <change set> <template> <execution role>
# Prepares a change set, executes nothing. Writes what it would do into the run's summary, for the approver; ends with 1 when
# data would be lost. Outputs change-set (its ARN, empty when there is nothing to change) and sum (SHA-256 of the changes shown).
set -euo pipefail
stack="$1"
name="$2"
work=$(mktemp -d)
# A stack under review has never been made; list-stacks has no error for "not there".
made=$(aws cloudformation list-stacks --stack-status-filter CREATE_COMPLETE UPDATE_COMPLETE UPDATE_ROLLBACK_COMPLETE IMPORT_COMPLETE \
  --query "StackSummaries[?StackName=='$stack'].StackId | [0]" --output text)
if [ "$made" = None ]; then type=CREATE; else type=UPDATE; fi
arn=$(aws cloudformation create-change-set --stack-name "$stack" --change-set-name "$name" --change-set-type "$type" \
  --template-body "file://$3" --role-arn "$4" --capabilities CAPABILITY_NAMED_IAM --query Id --output text)
aws cloudformation wait change-set-create-complete --change-set-name "$arn" || true
aws cloudformation describe-change-set --change-set-name "$arn" > "$work/change-set.json"
status=$(jq -r .Status "$work/change-set.json")
reason=$(jq -r '.StatusReason // ""' "$work/change-set.json")
if [[ "$status" == FAILED && ("$reason" == *"didn't contain changes"* || "$reason" == *'No updates are to be performed'*) ]]; then
  aws cloudformation delete-change-set --change-set-name "$arn"
  echo "$stack: nothing to change." | tee -a "$GITHUB_STEP_SUMMARY"
  echo 'change-set=' >> "$GITHUB_OUTPUT"
  exit 0
fi
if [ "$status" != CREATE_COMPLETE ]; then
  echo "::error::CloudFormation did not prepare the change set ($status): ${reason//[$'\r\n']/ }"
  exit 1
fi
{
  echo "### $stack"
  echo
  node "$(dirname "$0")/../infra/tools/review-change-set.ts" "$work/change-set.json"
} | tee -a "$GITHUB_STEP_SUMMARY"
{
  echo "change-set=$arn"
  echo "sum=$(jq -cS .Changes "$work/change-set.json" | sha256sum | cut -d' ' -f1)"
} >> "$GITHUB_OUTPUT"
