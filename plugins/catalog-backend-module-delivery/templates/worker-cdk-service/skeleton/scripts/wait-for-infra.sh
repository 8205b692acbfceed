#!/usr/bin/env bash
# wait-for-infra.sh <minutes> <environment>…
# Waits until infra-deploy.yml has brought the stacks of these environments to the commit GITHUB_SHA. Nothing to wait for
# when the push (BEFORE to GITHUB_SHA) left the infrastructure alone. Ends with 1 when a stack failed or took longer.
set -euo pipefail
fail() { echo "::error::$1"; exit 1; }
work=$(mktemp -d)
deadline=$((SECONDS + $1 * 60))
shift
runs="repos/$GITHUB_REPOSITORY/actions"

touched() {
  # A dispatch does not say what was before: then only a run that is there counts. At the first push everything is new.
  if [ -z "${BEFORE:-}" ]; then return 1; fi
  if ! git cat-file -e "$BEFORE^{commit}" 2> /dev/null; then return 0; fi
  ! git diff --quiet "$BEFORE" "$GITHUB_SHA" -- infra .nvmrc .github/workflows/infra-deploy.yml
}
find_run() {
  gh api "$runs/workflows/infra-deploy.yml/runs?head_sha=$GITHUB_SHA&branch=main&per_page=1" --jq '.workflow_runs[0].id // empty'
}

run=$(find_run)
for ((i = 0; i < 6; i++)); do # both runs begin with the same push, in any order
  if [ -n "$run" ]; then break; fi
  sleep "${POLL_SECONDS:-10}"
  run=$(find_run)
done
if [ -z "$run" ]; then
  if touched; then fail "This commit changes the infrastructure, and no run of infra-deploy.yml is there for it. Start that one, then run this job again."; fi
  echo 'This commit leaves the infrastructure as it is.'
  exit 0
fi
for environment in "$@"; do
  while true; do
    gh api "$runs/runs/$run/jobs?filter=latest&per_page=100" > "$work/jobs.json"
    # Nothing to change: the change set is empty and the job that executes it is skipped.
    result=$(jq -r --arg name "Stack in $environment" '[.jobs[] | select(.name == $name) | .conclusion][0] // "none"' "$work/jobs.json")
    plan=$(jq -r --arg name "Change set for $environment" '[.jobs[] | select(.name == $name) | .conclusion][0] // "none"' "$work/jobs.json")
    if [[ "$result" == success || ("$result" == skipped && "$plan" == success) ]]; then break; fi
    if [ "$result" != none ]; then fail "The stack of this commit in $environment ended as $result (run $run): mend the infrastructure first."; fi
    if ((SECONDS >= deadline)); then fail "The stack of this commit in $environment is not there yet (run $run). Approve it if it waits for that, then run this job again."; fi
    sleep "${POLL_SECONDS:-20}"
  done
  echo "The stack in $environment is the one of this commit."
done
