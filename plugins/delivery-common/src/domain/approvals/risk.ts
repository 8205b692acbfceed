import type { ApprovalDetail, LogicalDeployment } from '../../contract';
import { counted } from '../environments/vendorText';
import { sizeOf } from './evidence';
import type { ChangeRange } from './facts';

const DAY = 86_400_000;
/** Deployments that the rate of failures stands on. */
const RECENT = 10;
/** Days after which a gap is worth a warning. */
const LONG_GAP = 14;
/** Times the usual number of files, and at least so many, make a large change. */
const LARGE = { times: 3, files: 10 };

type Hint = ApprovalDetail['risk'][number];

export interface RiskInput {
  range?: ChangeRange;
  migrations: string[];
  now: number;
  lastDeploymentAt?: number;
  /** Of production, newest first. */
  recent: {
    status: LogicalDeployment['status'];
    runId?: string;
    startedAt: number;
    kind: LogicalDeployment['kind'];
  }[];
  /** Median of files of earlier deployments. */
  usualFiles?: number;
}

/** What to look at before deciding; only what is known, no number is made up. */
export function riskHints(input: RiskInput): ApprovalDetail['risk'] {
  return [
    ...sizeHint(input),
    ...migrationHint(input),
    ...gapHint(input),
    ...failureHint(input),
  ];
}

function sizeHint({ range, usualFiles }: RiskInput): Hint[] {
  if (!range || usualFiles === undefined || !(usualFiles > 0)) return [];
  const { files, atLeast } = sizeOf(range);
  const usual = Math.round(usualFiles);
  const large = files >= LARGE.files && files >= LARGE.times * usualFiles;
  // What is cut may be larger than it looks: it is never called usual.
  if (!large && atLeast) return [];
  return [
    {
      code: 'size',
      level: large ? 'warn' : 'info',
      message: `${atLeast ? 'At least ' : ''}${counted(
        files,
        'file',
      )} in this change; usually ${usual}.`,
    },
  ];
}

function migrationHint({ migrations }: RiskInput): Hint[] {
  if (migrations.length === 0) return [];
  return [
    {
      code: 'migrations',
      level: 'warn',
      message: `${counted(
        migrations.length,
        'database migration',
      )}: a rollback of the service takes none of it back.`,
    },
  ];
}

function gapHint({ now, lastDeploymentAt }: RiskInput): Hint[] {
  if (lastDeploymentAt === undefined || lastDeploymentAt > now) return [];
  const days = Math.floor((now - lastDeploymentAt) / DAY);
  return [
    {
      code: 'last_deployment',
      level: days >= LONG_GAP ? 'warn' : 'info',
      message:
        days === 0
          ? 'The last production deployment was less than a day ago.'
          : `The last production deployment was ${counted(days, 'day')} ago.`,
    },
  ];
}

/** Rollbacks answer a failure that is counted already; what no pipeline did says nothing of this one. */
function failureHint({ recent }: RiskInput): Hint[] {
  const ended = recent
    .filter(
      ({ kind, status }) =>
        kind !== 'rollback' &&
        kind !== 'out_of_band' &&
        (status === 'succeeded' || isFailure(status)),
    )
    .slice(0, RECENT);
  if (ended.length === 0) return [];
  const failed = ended.filter(({ status }) => isFailure(status));
  if (failed.length === 0) {
    return [
      {
        code: 'failures',
        level: 'info',
        message:
          ended.length === 1
            ? 'The last production deployment succeeded.'
            : `None of the last ${ended.length} production deployments failed.`,
      },
    ];
  }
  return [
    {
      code: 'failures',
      level: 'warn',
      message:
        ended.length === 1
          ? 'The last production deployment failed or was rolled back.'
          : `${failed.length} of the last ${
              ended.length
            } production deployments failed or ${
              failed.length === 1 ? 'was' : 'were'
            } rolled back.`,
      runId: failed[0].runId,
    },
  ];
}

function isFailure(status: LogicalDeployment['status']): boolean {
  return status === 'failed' || status === 'rolled_back';
}
