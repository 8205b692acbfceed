#!/usr/bin/env bash
set -euo pipefail
url=$1
curl -fsS "$url/health" | grep -q '"ok"'
curl -fsS -X POST "$url/payments?dry-run=1" -H "x-api-key: $SMOKE_TEST_API_KEY" -H 'content-type: application/json' -d '{"amount":"0.01"}' > /dev/null
echo 'smoke test passed'
