#!/usr/bin/env bash
# synthetic-message.sh <stack>
# Sends one message that changes nothing through the queue of an environment and waits until it is gone. For people with
# credentials of that account (docs/runbook.md); no job has a role that may do it.
set -euo pipefail
stack="${1:?Name the stack, for example <service>-dev.}"
output() {
  aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue | [0]" --output text
}
queue=$(output QueueUrl)
dead=$(output DeadLetterQueueUrl)
waiting() {
  aws sqs get-queue-attributes --queue-url "$1" \
    --attribute-names ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible \
    --query 'sum(values(Attributes)[].to_number(@))' --output text
}
before=$(waiting "$dead")
id="synthetic-$(date +%s)-$$"
aws sqs send-message --queue-url "$queue" --message-body "{\"id\":\"$id\",\"kind\":\"synthetic.ping\"}" > /dev/null
echo "Sent $id."
for ((i = 0; i < 30; i++)); do
  sleep "${POLL_SECONDS:-5}"
  left=$(waiting "$queue")
  if [ "${left%.*}" = 0 ]; then
    after=$(waiting "$dead")
    [ "${after%.*}" -le "${before%.*}" ] || { echo 'A message went to the dead-letter queue meanwhile.' >&2; exit 1; }
    echo "The queue is empty: look for $id in the worker's log, or in the table processed_message."
    exit 0
  fi
done
echo "After ${i} looks messages are still waiting: see docs/runbook.md." >&2
exit 1
