#!/usr/bin/env bash
# deploy.sh <environment> <commit>: both services get the image of the commit; what ran before is written down.
set -euo pipefail
cluster="eventflow-$1"
for service in backend frontend; do
  before=$(aws ecs describe-services --cluster "$cluster" --services "$service" --query 'services[0].taskDefinition' --output text)
  echo "$before" > "previous-$service"
  aws ecs describe-task-definition --task-definition "$before" --query taskDefinition > before.json
  jq --arg name "$service" --arg image "$REGISTRY/eventflow-$service:sha-$2" \
    '{family, cpu, memory, networkMode, requiresCompatibilities, executionRoleArn, taskRoleArn}
      + {containerDefinitions: [.containerDefinitions[] | if .name == $name then .image = $image else . end]}' before.json > after.json
  after=$(aws ecs register-task-definition --cli-input-json file://after.json --query taskDefinition.taskDefinitionArn --output text)
  aws ecs update-service --cluster "$cluster" --service "$service" --task-definition "$after" > /dev/null
done
