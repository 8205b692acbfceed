import type { SandboxAws } from '../../packages/sandbox/src/aws';

export const ACCOUNTS = [
  '111111111111',
  '222222222222',
  '333333333333',
  '444444444444',
];
const REGION = 'eu-west-1';
/** Shares of an account's services: no round numbers, so that a batch too many or too few shows. */
const SHARES = [0.122, 0.174, 0.2, 0.226, 0.278];

/** How many services, tasks and alarms there are, by place. */
export interface Estate {
  services: { accountId: string; cluster: string; service: string }[];
  tasksOf: Map<string, number>;
  alarmsOf: Map<string, number>;
}

/** As many services as asked for, in twenty clusters of four accounts; one to three tasks each, an alarm for every second one. */
export function fillEstate(cloud: SandboxAws, services: number): Estate {
  const estate: Estate = {
    services: [],
    tasksOf: new Map(),
    alarmsOf: new Map(),
  };
  const add = (map: Map<string, number>, key: string, n: number) =>
    map.set(key, (map.get(key) ?? 0) + n);
  for (const accountId of ACCOUNTS) {
    cloud.records.accounts.push({
      id: accountId,
      name: accountId,
      roles: ['delivery-read'],
    });
    const perAccount = services / ACCOUNTS.length;
    let index = 0;
    SHARES.forEach((share, place) => {
      const last = place === SHARES.length - 1;
      const until = last ? perAccount : index + Math.round(perAccount * share);
      for (; index < until; index += 1) {
        const cluster = `cluster-${place}`;
        const service = `service-${index}`;
        const desiredCount = (index % 3) + 1;
        const alarms = index % 2 === 0 ? [`${service}-errors`] : [];
        cloud.seedService({
          accountId,
          region: REGION,
          ...{ cluster, service, desiredCount },
          container: 'app',
          port: null,
          healthCheck: 'true',
          labels: {
            'org.opencontainers.image.revision': index
              .toString(16)
              .padStart(40, 'a'),
          },
          image: {
            repository: service,
            digest: `sha256:${index.toString(16).padStart(64, '0')}`,
            tags: [],
          },
          principal: `arn:aws:iam::${accountId}:role/deploy`,
          alarms: {
            items: alarms.map(name => ({
              name,
              metric: 'Errors',
              threshold: 1,
            })),
            rollback: false,
          },
        });
        estate.services.push({ accountId, cluster, service });
        add(estate.tasksOf, `${accountId} ${cluster}`, desiredCount);
        add(estate.alarmsOf, accountId, alarms.length);
      }
    });
  }
  return estate;
}

/** Calls of one tick: every service, and in every fifth one tasks and alarms. */
export function expectedCalls(estate: Estate, fifth: boolean): number {
  const clusters = new Map<string, number>();
  for (const { accountId, cluster } of estate.services) {
    const key = `${accountId} ${cluster}`;
    clusters.set(key, (clusters.get(key) ?? 0) + 1);
  }
  const sum = (values: Iterable<number>, size: number, times = 1) =>
    [...values].reduce((all, n) => all + times * Math.ceil(n / size), 0);
  const steady = sum(clusters.values(), 10);
  if (!fifth) return steady;
  return (
    steady +
    sum(estate.tasksOf.values(), 100, 2) +
    sum(estate.alarmsOf.values(), 100)
  );
}

export const keyOf = ({
  accountId,
  cluster,
  service,
}: Estate['services'][number]) =>
  ['ecs', accountId, REGION, cluster, service].join('/');
