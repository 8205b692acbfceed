import { HandClock } from '../../../engine/HandClock';
import type { ServiceName } from '../../cloud';
import type { AwsRecords, ServiceDeploymentRecord } from '../../records';
import { createAwsCloud } from '../createAwsCloud';
import type { SandboxAws } from '../Machine';
import type { ServiceSpec } from '../seedService';

export const START = Date.UTC(2026, 10, 2, 9);
export const PLACE = { accountId: '111122223333', region: 'eu-west-1' };
export const WEB: ServiceName = { ...PLACE, cluster: 'main', service: 'web' };
export const PERSON = `arn:aws:sts::${PLACE.accountId}:assumed-role/deploy/run-1`;
const REGISTRY = `${PLACE.accountId}.dkr.ecr.${PLACE.region}.amazonaws.com`;

export const digestOf = (number: number) =>
  `sha256:${String(number).padStart(64, '0')}`;

/** `…/web:v<number>` */
export const imageOf = (number: number) => `${REGISTRY}/web:v${number}`;

/** A service of three tasks behind a balancer, one clock moved by hand, one revision that runs. */
export function awsBench(
  spec: Partial<ServiceSpec> = {},
  options: { records?: AwsRecords; speed?: number } = {},
) {
  const clock = new HandClock(START);
  let changes = 0;
  const create = (records?: AwsRecords): SandboxAws =>
    createAwsCloud({
      records,
      clock,
      speed: options.speed ?? 1,
      seed: 'bench',
      changed: () => {
        changes += 1;
      },
    });
  let cloud = create(options.records);
  cloud.seedService({
    ...WEB,
    desiredCount: 3,
    container: 'app',
    port: 8080,
    image: { repository: 'web', digest: digestOf(1), tags: ['v1'] },
    principal: PERSON,
    healthCheck: 'curl -f http://localhost:8080/health',
    ...spec,
  });
  /** Puts image `number` and a definition that names it by tag. */
  const prepare = (number: number, put = true): string => {
    if (put) {
      const image = { repository: 'web', digest: digestOf(number) };
      cloud.putImage(PLACE, { ...image, tags: [`v${number}`] });
    }
    const { family, revision } = cloud.registerTaskDefinition(
      PLACE,
      {
        family: 'web',
        containers: [
          {
            name: 'app',
            image: imageOf(number),
            essential: true,
            port: 8080,
            labels: {},
            healthCheck: spec.healthCheck === null ? null : 'true',
            command: [],
          },
        ],
      },
      PERSON,
    );
    return `${family}:${revision}`;
  };
  const deploy = (number: number, put = true): ServiceDeploymentRecord => {
    const taskDefinition = prepare(number, put);
    const made = cloud.updateService(WEB, { taskDefinition }, PERSON);
    if (!made) throw new Error('no deployment was started');
    return made;
  };
  return {
    clock,
    get cloud() {
      return cloud;
    },
    get changes() {
      return changes;
    },
    prepare,
    deploy,
    /** Saved and started again. */
    restart() {
      cloud = create(JSON.parse(JSON.stringify(cloud.records)));
    },
    after(seconds: number) {
      clock.advance(seconds * 1000);
      cloud.settle();
    },
    /** Goes from change to change until it holds; gives the seconds that took. */
    until(holds: () => boolean, limit = 5000): number {
      const from = clock.now();
      for (let step = 0; !holds(); step += 1) {
        const next = cloud.nextAt();
        if (next === undefined || step > limit) {
          throw new Error('it never came to that');
        }
        clock.advanceTo(next);
        cloud.settle();
      }
      return (clock.now() - from) / 1000;
    },
    get service() {
      return cloud.service(WEB);
    },
    live() {
      return cloud.records.tasks.filter(
        ({ lastStatus }) => lastStatus !== 'STOPPED',
      );
    },
    running() {
      return cloud.records.tasks.filter(
        ({ lastStatus }) => lastStatus === 'RUNNING',
      );
    },
    /** Weights of the production and test listener by target group. */
    weights(listener: number) {
      const rules = cloud.records.balancers[0].listeners[listener]?.rules ?? [];
      return rules[0]?.forwards.map(({ weight }) => weight);
    },
    messages() {
      return cloud.service(WEB).events.map(({ message }) => message);
    },
  };
}
