#!/usr/bin/env bash
# after-apply.sh <name> <cluster> <task-definitions.json>: what Terraform leaves to be done for backend and frontend. The file
# maps both to the revisions that hold Terraform's settings. It never deploys anything.
# - A service that Terraform has just made waits at the pause of its first deployment: nobody is there yet, so it goes on.
# - Deployments keep the settings of the revision before (memory, variables, secrets) and change its image. When Terraform's
#   differ they are registered with the image that runs, and the summary says how to bring them to the service.
set -euo pipefail
name=$1 cluster=$2 settings=$3
say() { echo "$1" | tee -a "$GITHUB_STEP_SUMMARY"; }
definition() { aws ecs describe-task-definition --task-definition "$1" --query taskDefinition; }

# What RegisterTaskDefinition takes.
form='{family, taskRoleArn, executionRoleArn, networkMode, containerDefinitions, volumes, placementConstraints,
  requiresCompatibilities, cpu, memory, runtimePlatform, ephemeralStorage} | with_entries(select(.value != null))'

# Lets the first deployment of a service go on; 10 minutes are enough to reach the pause, which lasts 30.
continue_first() {
  local deployment hook
  for _ in $(seq 60); do
    deployment=$(aws ecs list-service-deployments --cluster "$cluster" --service "$1" --status PENDING IN_PROGRESS --query 'serviceDeployments[0].serviceDeploymentArn' --output text)
    if [ "$deployment" = None ]; then return; fi
    hook=$(aws ecs describe-service-deployments --service-deployment-arns "$deployment" |
      jq -r '[.serviceDeployments[0].lifecycleHookDetails[]? | select(.targetType == "PAUSE" and .status == "AWAITING_ACTION") | .hookId][0] // empty')
    if [ -n "$hook" ]; then
      aws ecs continue-service-deployment --service-deployment-arn "$deployment" --hook-id "$hook" --action CONTINUE > /dev/null
      say "$1 begins with the bootstrap image."
      return
    fi
    sleep 10
  done
  echo "::error::The first deployment of $1 did not reach its pause. Look at the service's events in ECS."
  exit 1
}

for part in backend frontend; do
  service="$name-$part"
  aws ecs describe-services --cluster "$cluster" --services "$service" --include TAGS > service.json
  if jq -e '.services[0].tags // [] | all(.key != "delivery.platform/verified")' service.json > /dev/null; then
    continue_first "$service"
    continue
  fi
  definition "$(jq -er '.services[0].taskDefinition' service.json)" | jq -S "$form" > running.json
  definition "$(jq -er --arg part "$part" '.[$part]' "$settings")" | jq -S --arg name "$service" --slurpfile running running.json "$form"'
    | ($running[0].containerDefinitions[] | select(.name == $name)) as $now
    | .containerDefinitions |= map(if .name == $name then . + ($now | {image, dockerLabels} | with_entries(select(.value != null))) else . end)' > wanted.json
  if cmp -s running.json wanted.json; then
    say "$service has the settings of Terraform."
    continue
  fi
  registered=$(aws ecs register-task-definition --cli-input-json file://wanted.json --query taskDefinition.taskDefinitionArn --output text)
  say "New settings of $service: run the workflow **Roll back** for it with task-definition \`$registered\`."
done
