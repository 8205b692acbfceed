#!/usr/bin/env bash
# resolve-verified.sh: the digests that staging verified for exactly the files of HEAD, as outputs `backend` and
# `frontend`. The commit may differ (a squash on the way to main makes a new one), the git tree may not.
# Needs GH_TOKEN, REGISTRY, NAME and what GitHub sets; a checkout with all branches.
set -euo pipefail
repository="repos/$GITHUB_REPOSITORY"
tree=$(git rev-parse 'HEAD^{tree}')

# Records by runs for develop in this repository itself, the newest first: artifact, run, commit.
records() {
  gh api --paginate "$repository/actions/artifacts?per_page=100" --jq '
    .artifacts[]
    | select((.name | startswith("verified-staging-")) and (.expired | not))
    | select(.workflow_run.head_branch == "develop")
    | select(.workflow_run.head_repository_id == .workflow_run.repository_id)
    | [.id, .workflow_run.id, .workflow_run.head_sha] | @tsv'
}

# Whether a run is one that may vouch: CI for a push to develop that ended well.
vouches() {
  gh api "$repository/actions/runs/$1" --jq '
    [.event, .path, .head_branch, .conclusion] | join(" ")' |
    grep -qx 'push .github/workflows/ci.yml develop success'
}

# One image of the record; only digests in the service's own registry are taken.
image_of() {
  jq -er --arg part "$1" --arg tree "$tree" --arg start "$REGISTRY/$NAME-$1@sha256:" '
    select(.tree == $tree) | .[$part]
    | select(startswith($start) and (ltrimstr($start) | test("^[0-9a-f]{64}$")))' verified.json
}

records > records.tsv
while IFS=$'\t' read -r artifact run commit; do
  [ "$(git rev-parse --verify --quiet "$commit^{tree}" || true)" = "$tree" ] || continue
  vouches "$run" || continue
  gh api "$repository/actions/artifacts/$artifact/zip" > record.zip
  unzip -p record.zip verified.json > verified.json
  backend=$(image_of backend) && frontend=$(image_of frontend) || continue
  {
    echo "backend=$backend"
    echo "frontend=$frontend"
  } >> "$GITHUB_OUTPUT"
  {
    echo "Verified in staging by run $run as commit $commit:"
    echo "- $backend"
    echo "- $frontend"
  } | tee -a "$GITHUB_STEP_SUMMARY"
  exit 0
done < records.tsv

if [ "${CREATED:-}" = true ]; then
  echo "The first commit of main: nothing has been to staging yet. Push develop." | tee -a "$GITHUB_STEP_SUMMARY"
  exit 0
fi
echo "::error::Staging has verified nothing with the files of $GITHUB_SHA. Push them to develop, wait until CI is green there, then run this workflow again."
exit 1
