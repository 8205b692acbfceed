#!/usr/bin/env bash
# image-parameter.sh <parameter> <image>
# The stack reads the image it runs from an SSM parameter, which the app's deployment writes. Before the first deployment
# there is none: it gets a plain image that waits. An existing value is never touched.
set -euo pipefail
parameter="$1"
image="$2"
[[ "$image" =~ @sha256:[0-9a-f]{64}$ ]] || { echo "::error::The image to begin with has to be named by its digest."; exit 1; }
found=$(aws ssm get-parameters --names "$parameter" --query 'Parameters[0].Value' --output text)
if [ "$found" != None ]; then
  echo "The stack runs $found."
  exit 0
fi
aws ssm put-parameter --name "$parameter" --type String --value "$image" --no-overwrite > /dev/null
echo "The stack begins with $image."
