#!/usr/bin/env bash
set -euo pipefail
environment=$1
shift
docker run --rm -v "$PWD/infrastructure:/w" -w /w "$TERRAFORM_IMAGE" "$@" -var "environment=$environment"
