#!/usr/bin/env bash
# smoke-test.sh <image>
# A worker has no address to call, so nothing is sent to an environment (CICD.md says what stands in for that). This looks at
# an image before anything is deployed: it migrates twice, starts, answers its health check, and ends in order when told to.
# Wants docker and a PostgreSQL named by PGHOST, PGUSER, PGDATABASE on this machine's network.
set -euo pipefail
fail() { echo "::error::$1"; exit 1; }
image="${1:?Name the image.}"
options=(--network host --read-only --env PGHOST --env PGPORT --env PGUSER --env PGPASSWORD --env PGDATABASE)
for time in first second; do
  docker run --rm "${options[@]}" "$image" node src/migrate.js || fail "The $time migration failed."
done
# Nobody listens there: a worker whose queue is out of reach is still alive.
container=$(docker run --detach "${options[@]}" --env QUEUE_URL=http://127.0.0.1:9/queue --env AWS_REGION=eu-west-1 \
  --env AWS_ACCESS_KEY_ID=none --env AWS_SECRET_ACCESS_KEY=none "$image")
trap 'docker rm --force "$container" > /dev/null' EXIT
healthy=false
for ((i = 0; i < 30; i++)); do
  if docker exec "$container" node healthcheck.js; then
    healthy=true
    break
  fi
  sleep 1
done
docker logs "$container"
[ "$healthy" = true ] || fail 'The worker did not become healthy within half a minute.'
docker stop --time 30 "$container" > /dev/null
code=$(docker inspect --format '{{.State.ExitCode}}' "$container")
[ "$code" = 0 ] || fail "Told to stop, the worker ended with $code."
echo 'The image migrates, starts, answers and stops.'
