import type {
  Finding,
  RuntimeServiceFact,
} from 'backstage-plugin-delivery-common';
import type {
  ChangeRange,
  GatePolicy,
  GateReading,
  PortalRequest,
} from 'backstage-plugin-delivery-common/domain';
import type { EnvironmentBinding } from '../../../database/EnvironmentStore';
import type { JobRow, RunRow } from '../../../database/rows';
import type { ActRequest } from '../../acts/ActRunner';
import {
  deploymentFact,
  GATE,
  logical,
  NOW,
  RANGE,
  service,
  WORKFLOW,
} from './shop';

const EVERYTHING = [
  'delivery.deployment.rollback',
  'delivery.approval.decide',
  'delivery.breakglass',
];

/** Version 3 runs in production, 1 and 2 ran before; everything can be changed before something is done. */
export class ShopState {
  permissions = [...EVERYTHING];
  hasEntity = true;
  tier: EnvironmentBinding['tier'] = 'production';
  hasRuntime = true;
  canActOnRuntime = true;
  history = [logical(3), logical(2), logical(1)];
  service: RuntimeServiceFact | 'unreadable' = service(3);
  /** What the store knows of it. */
  stored: RuntimeServiceFact = service(3);
  deployments = [deploymentFact(3), deploymentFact(2), deploymentFact(1)];
  inactive: string[] = [];
  missingImages: string[] = [];
  workflow: string | undefined = WORKFLOW;
  gate: GateReading | undefined = GATE;
  range: ChangeRange = RANGE;
  openRuns: RunRow[] = [];
  jobs: JobRow[] = [];
  runs: RunRow[] = [];
  policy: GatePolicy | undefined;
  /** Done instead of the default. */
  onWrite: () => void = () => {};
  dispatched: { runKey?: string; url?: string } = {
    runKey: 'github/1/run/99',
    url: 'https://github.example/acme/shop/actions/runs/99',
  };
  now = NOW;

  readonly written: { act: string; args: unknown[] }[] = [];
  readonly requests: { runKey: string; request: PortalRequest }[] = [];
  readonly findings: Finding[] = [];
  readonly told: string[] = [];
  readonly audited: unknown[] = [];
  readonly started: ActRequest[] = [];
  readonly steps: string[] = [];
  readonly notes: Record<string, unknown>[] = [];
  readonly pauses: number[] = [];
  readonly ranges: { base: string; head: string; own: boolean }[] = [];
  /** Told of each pause, to let the world go on. */
  onPause: (count: number) => void = () => {};

  write(act: string, ...args: unknown[]) {
    this.written.push({ act, args });
    this.onWrite();
  }
}
