#!/usr/bin/env bash
set -euo pipefail
for service in backend frontend; do
  aws ecs update-service --cluster "eventflow-$1" --service "$service" --task-definition eventflow:previous
done
