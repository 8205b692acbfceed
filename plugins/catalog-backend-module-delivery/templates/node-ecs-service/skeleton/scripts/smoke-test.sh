#!/usr/bin/env bash
# Asks a deployed service whether it works: smoke-test.sh <address> [<commit that has to run>]
# In the pipeline the commit is the one that is checked out. The key of the API comes from SMOKE_TEST_API_KEY, never as an argument.
set -euo pipefail

url="${1:?usage: smoke-test.sh <address> [<commit>]}"
url="${url%/}"
commit="${2:-}"
if [ -z "$commit" ] && [ "${GITHUB_ACTIONS:-}" = true ]; then
  commit="$(git rev-parse HEAD)"
fi

fail() {
  echo "Smoke test of $url failed: $1" >&2
  exit 1
}

ask() {
  curl --fail --silent --show-error --max-time 10 \
    --retry 5 --retry-delay 3 --retry-connrefused --retry-all-errors "$@"
}

health="$(ask "$url/health")" || fail "/health does not answer."
status="$(jq -r '.status // "nothing"' <<< "$health")" || fail "/health does not answer with JSON."
[ "$status" = ok ] || fail "/health says $status."

revision="$(jq -r '.revision // "unknown"' <<< "$health")"
if [ "$revision" = unknown ]; then
  echo "The service does not know its commit: its container has no label org.opencontainers.image.revision." >&2
elif [ -n "$commit" ] && [ "$revision" != "$commit" ]; then
  fail "commit $revision runs, not $commit."
fi

if [ -n "${SMOKE_TEST_API_KEY:-}" ] && [ "$(jq -r '.database' <<< "$health")" = ok ]; then
  # The header comes by standard input: arguments are visible to every process of the machine.
  printf 'x-api-key: %s\n' "$SMOKE_TEST_API_KEY" |
    ask --header @- "$url/items" |
    jq -e '.items | type == "array"' > /dev/null || fail "/items does not answer with a list."
fi

echo "$url is well: commit $revision, database $(jq -r '.database // "unknown"' <<< "$health")."
