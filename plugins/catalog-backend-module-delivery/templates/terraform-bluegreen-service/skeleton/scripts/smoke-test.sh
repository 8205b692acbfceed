#!/usr/bin/env bash
# smoke-test.sh <address>: page and API answer, the API reaches its database. Runs before and after traffic moves.
set -euo pipefail
url=${1:?Give the address to test, such as https://service.staging.example}
url=${url%/}

# The key is read from standard input: the list of processes shows arguments to everybody.
get() {
  { [ -z "${SMOKE_TEST_API_KEY:-}" ] || printf 'header = "x-api-key: %s"\n' "$SMOKE_TEST_API_KEY"; } |
    curl --config - --silent --show-error --fail --max-time 10 --retry 5 --retry-delay 3 --retry-all-errors "$url$1"
}

expect() {
  local answer
  answer=$(get "$1")
  if [[ $answer != *"$2"* ]]; then
    echo "::error::$url$1 answered without $2"
    exit 1
  fi
  echo "$1 is fine"
}

expect /health '"status":"ok"'
expect /api/health '"database":"ok"'
expect / 'app.js'
