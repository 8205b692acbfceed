#!/usr/bin/env bash
# record-revision.sh <stack> <cluster> <service>
# The app's deployments make their revisions from the last one that was recorded on the service. When the stack has made a
# newer one (same image, say more memory) and it runs well, that is the one to go on from. Before the app's first
# deployment nothing is recorded, so that this one is known to be the first.
set -euo pipefail
work=$(mktemp -d)
stack="$1"
cluster="$2"
service="$3"
aws ecs describe-services --cluster "$cluster" --services "$service" --include TAGS > "$work/service.json"
recorded=$(jq -r '[.services[0].tags[]? | select(.key == "delivery.platform/verified") | .value][0] // empty' "$work/service.json")
running=$(jq -r '[.services[0].deployments[] | select(.status == "PRIMARY" and (.rolloutState // "COMPLETED") == "COMPLETED") | .taskDefinition][0] // empty' "$work/service.json")
made=$(aws cloudformation list-stack-resources --stack-name "$stack" \
  --query "StackResourceSummaries[?ResourceType=='AWS::ECS::TaskDefinition'].PhysicalResourceId | [0]" --output text)
if [[ -z "$recorded" || "$running" != "$made" || "$recorded" == "$made" ]]; then
  echo 'The recorded revision stays.'
  exit 0
fi
arn=$(jq -r '.services[0].serviceArn' "$work/service.json")
aws ecs tag-resource --resource-arn "$arn" --tags "key=delivery.platform/verified,value=$made"
echo "Recorded $made."
