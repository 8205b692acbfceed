#!/usr/bin/env bash
# Asks a running service whether it works: scripts/smoke-test.sh https://the-service. With SMOKE_TEST_API_KEY, one of the
# service's API keys, it also reads through to the data. It changes nothing.
set -euo pipefail
url="${1:?the address of the service}"
url="${url%/}"

fail() {
  echo "smoke test failed: $1" >&2
  exit 1
}

# Prints the status; a connection that cannot be made is tried again while the load balancer finds its targets.
status() {
  curl --silent --show-error --output /dev/null --write-out '%{http_code}' --max-time 10 \
    --retry 5 --retry-delay 2 --retry-connrefused "$@"
}

health=$(curl --silent --show-error --fail --max-time 10 --retry 5 --retry-delay 2 --retry-connrefused "$url/health") ||
  fail "$url/health does not answer"
grep --quiet '"status":"ok"' <<< "$health" || fail "$url/health answers $health"

answer=$(status "$url/ready") || fail "$url/ready does not answer"
[ "$answer" = 200 ] || fail "$url/ready answers $answer: the database cannot be read"

answer=$(status "$url/notes?limit=1") || fail "$url/notes does not answer"
[ "$answer" = 401 ] || fail "$url/notes answers $answer without a key"

if [ -n "${SMOKE_TEST_API_KEY:-}" ]; then
  # By standard input: what is on a command line can be read by every process.
  answer=$(printf 'header = "x-api-key: %s"\n' "$SMOKE_TEST_API_KEY" | status --config - "$url/notes?limit=1") ||
    fail "$url/notes does not answer"
  [ "$answer" = 200 ] || fail "$url/notes answers $answer with a key"
fi
echo "smoke test passed: $health"
