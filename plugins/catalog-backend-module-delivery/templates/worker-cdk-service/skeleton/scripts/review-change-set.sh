#!/usr/bin/env bash
# review-change-set.sh <stack> <change set>
# Writes what the change set does into the run's summary, for the approver; ends with 1 when it would lose data. Outputs
# change-set (its ARN, empty when there is nothing to change) and sum (SHA-256 of the changes that were shown).
set -euo pipefail
work=$(mktemp -d)
stack="$1"
name="$2"
if ! aws cloudformation describe-change-set --stack-name "$stack" --change-set-name "$name" > "$work/change-set.json" 2> "$work/error.txt"; then
  # CDK makes none when nothing differs.
  grep -q ChangeSetNotFound "$work/error.txt" || { cat "$work/error.txt" >&2; exit 1; }
  echo "$stack: nothing to change." | tee -a "$GITHUB_STEP_SUMMARY"
  echo 'change-set=' >> "$GITHUB_OUTPUT"
  exit 0
fi
{
  echo "### $stack"
  echo
  node infra/tools/review-change-set.ts "$work/change-set.json"
} | tee -a "$GITHUB_STEP_SUMMARY"
if jq -e '.Changes == []' "$work/change-set.json" > /dev/null; then
  echo 'change-set=' >> "$GITHUB_OUTPUT"
  exit 0
fi
{
  echo "change-set=$(jq -r .ChangeSetId "$work/change-set.json")"
  echo "sum=$(jq -cS .Changes "$work/change-set.json" | sha256sum | cut -d' ' -f1)"
} >> "$GITHUB_OUTPUT"
