import type { AwsRecords } from '../records';

/** An AWS without anything in it. */
export function emptyRecords(): AwsRecords {
  return {
    accounts: [],
    sessions: [],
    clusters: [],
    services: [],
    taskDefinitions: [],
    revisions: [],
    deployments: [],
    tasks: [],
    targetGroups: [],
    balancers: [],
    images: [],
    alarms: [],
    stacks: [],
    faults: [],
    counter: 0,
  };
}
