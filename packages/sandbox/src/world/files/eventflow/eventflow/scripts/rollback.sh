#!/usr/bin/env bash
# rollback.sh <environment>: back to what deploy.sh found there.
set -euo pipefail
cluster="eventflow-$1"
for service in backend frontend; do
  aws ecs update-service --cluster "$cluster" --service "$service" --task-definition "$(cat "previous-$service")" > /dev/null
done
aws ecs wait services-stable --cluster "$cluster" --services backend frontend
