import { AwsCloud } from '../aws/cloud';

/** What each service runs now, for `yarn sandbox status`. */
export function awsStatus(cloud: AwsCloud, now: number) {
  cloud.settle();
  const { services, tasks, revisions, deployments, accounts, faults, alarms } =
    cloud.records;
  return {
    services: services.map(service => {
      const { accountId, region, cluster, name } = service;
      const revision = revisions.find(
        ({ arn }) => arn === service.activeRevision,
      );
      const deployment = deployments.find(
        ({ arn }) => arn === service.currentDeployment,
      );
      const running = tasks.filter(
        task =>
          task.accountId === accountId &&
          task.region === region &&
          task.cluster === cluster &&
          task.service === name &&
          task.lastStatus === 'RUNNING',
      ).length;
      const account = accounts.find(({ id }) => id === accountId);
      return {
        service: `${account?.name ?? accountId}/${region}/${cluster}/${name}`,
        status: service.status,
        tasks: `${running} of ${service.desiredCount}`,
        taskDefinition: (revision?.taskDefinition ?? service.taskDefinition)
          .split('/')
          .at(-1),
        image: revision?.images[0]?.image ?? null,
        digest: revision?.images[0]?.digest ?? null,
        deployment: deployment?.status ?? null,
      };
    }),
    alarms: alarms
      .filter(({ state }) => state === 'ALARM')
      .map(({ name, accountId }) => ({ name, accountId })),
    faults: faults.filter(({ until }) => until === null || until > now),
  };
}
