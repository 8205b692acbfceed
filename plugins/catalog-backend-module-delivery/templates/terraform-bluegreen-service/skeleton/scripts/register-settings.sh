#!/usr/bin/env bash
# register-settings.sh <name> <cluster> <task-definitions.json>: deployments keep the form of the revision that runs (memory,
# variables, secrets) and only change its image. When Terraform's form differs, this registers it with the image that
# runs and says how to make it run; it deploys nothing. The file maps backend and frontend to Terraform's revisions.
set -euo pipefail
name=$1 cluster=$2 forms=$3

describe() { aws ecs describe-task-definition --task-definition "$1" --query taskDefinition; }

# What RegisterTaskDefinition takes, with one image and the labels of what runs.
form='{family, taskRoleArn, executionRoleArn, networkMode, containerDefinitions, volumes, placementConstraints,
  requiresCompatibilities, cpu, memory, runtimePlatform, ephemeralStorage} | with_entries(select(.value != null))'

for part in backend frontend; do
  service="$name-$part"
  running=$(aws ecs describe-services --cluster "$cluster" --services "$service" --query 'services[0].taskDefinition' --output text)
  describe "$running" | jq -S "$form" > running.json
  describe "$(jq -er --arg part "$part" '.[$part]' "$forms")" | jq -S --arg name "$service" --slurpfile running running.json "$form"'
    | ($running[0].containerDefinitions[] | select(.name == $name)) as $now
    | .containerDefinitions |= map(if .name == $name then .image = $now.image | if $now.dockerLabels then .dockerLabels = $now.dockerLabels else . end else . end)' > wanted.json
  if cmp -s running.json wanted.json; then
    echo "$service runs with the settings of Terraform." >> "$GITHUB_STEP_SUMMARY"
    continue
  fi
  registered=$(aws ecs register-task-definition --cli-input-json file://wanted.json --query taskDefinition.taskDefinitionArn --output text)
  echo "New settings of $service: run the workflow **Roll back** for it with task-definition \`$registered\`." >> "$GITHUB_STEP_SUMMARY"
done
