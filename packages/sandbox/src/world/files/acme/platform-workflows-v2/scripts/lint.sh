#!/usr/bin/env bash
# lint.sh: the rules that every workflow here has to keep, and shellcheck over every script. Needs yq (mikefarah), shellcheck and
# git, all of which GitHub's runners have.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=0
report() {
  echo "::error::$1"
  bad=1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for file in .github/workflows/*.yml; do
  [ "$(yq '.permissions | length' "$file")" = 0 ] || report "$file: permissions at the top have to be {}, each job asks for its own."
  while read -r use; do
    [[ "$use" =~ @[0-9a-f]{40}$ ]] || report "$file: $use is not pinned by a full commit SHA."
  done < <(yq '.jobs[] | (.steps[]?.uses, .uses) | select(. != null)' "$file")
  while read -r job; do
    [ "$(job="$job" yq '.jobs[strenv(job)] | has("timeout-minutes")' "$file")" = true ] || report "$file: job $job has no timeout-minutes."
  done < <(yq '.jobs | keys | .[]' "$file")
  count=$(yq '[.jobs[].steps[]? | select(has("run"))] | length' "$file")
  for ((i = 0; i < count; i++)); do
    script="$work/$(basename "$file" .yml)-$i.sh"
    { echo '#!/usr/bin/env bash'; i="$i" yq '[.jobs[].steps[]? | select(has("run"))] | .[env(i)].run' "$file"; } > "$script"
    if grep -q '\${{' "$script"; then report "$file: a script holds an expression; give it the value by env."; fi
  done
  if grep -nE 'pull_request_target|secrets: *inherit' "$file"; then report "$file: pull_request_target and secrets: inherit are not used here."; fi
done
shellcheck --severity=warning scripts/*.sh "$work"/*.sh || bad=1
exit "$bad"
