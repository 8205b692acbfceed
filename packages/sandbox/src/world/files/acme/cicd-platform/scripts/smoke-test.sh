#!/usr/bin/env bash
set -euo pipefail
curl -fsS "$1/health" | grep -q ok
