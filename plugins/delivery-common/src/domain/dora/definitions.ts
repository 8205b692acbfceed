import type { DoraMetricId, DoraSettings } from '../../contract';
import type { TimeWindow } from './measured';
import { dateText } from './windows';
import { hoursText } from './words';

const LEAD_STARTS: Record<DoraSettings['leadTimeStart'], string> = {
  first_commit: 'the first commit of a change',
  commit: 'each commit',
  pr_opened: 'the opening of a pull request',
  pr_merged: 'the merge of a change',
};

const SENTENCES: Record<
  DoraMetricId,
  (settings: DoraSettings, when: string) => string[]
> = {
  lead_time: (settings, when) => [
    `${median(settings)} time from ${
      LEAD_STARTS[settings.leadTimeStart]
    } to the first successful deployment to production that contains it, of what was first deployed ${when}.`,
    'A change counts once: a rollback or another deployment does not move it.',
    settings.includeBots ? '' : 'Changes of bots are left out.',
  ],
  deployment_frequency: (settings, when) => [
    `Successful deployments to production for each day ${when}.`,
    kindsText(settings),
    environmentsText(settings),
  ],
  recovery_time: (settings, when) => [
    `${median(
      settings,
    )} time from a failed deployment reaching production to its recovery, of failures that were over ${when}.`,
    'Recovered by a rollback or the next good deployment; by the end of the incident where nothing but the incident speaks of the failure. Open failures are listed, not counted.',
  ],
  change_fail_rate: (settings, when) => [
    `Share of deployments to production ${when} that failed there.`,
    `A deployment counts as failed at most once, on the strongest evidence; ${
      settings.includeRollbacks
        ? 'rollbacks count as deployments.'
        : 'rollbacks are shown apart.'
    }`,
    settings.changeFailDenominator === 'succeeded'
      ? 'Deployments that never succeeded are left out on both sides.'
      : '',
    unusedText(settings),
    provisionalText(settings),
  ],
  rework_rate: (settings, when) => [
    `Share of deployments to production ${when} that were not planned: ${
      settings.reworkBatch === 'all' ? 'nothing but' : 'with'
    } a rollback, hotfix, revert or the fix of an incident.`,
    'Unlike in change fail rate, rollbacks are counted on both sides.',
    provisionalText(settings),
  ],
  deployment_duration: (settings, when) => [
    `${median(
      settings,
    )} time from the start of a deployment to its success, of the last attempt of successful deployments to production ${when}.`,
    'Time in the queue and at a gate is told apart.',
  ],
  deployment_success_rate: (_settings, when) => [
    `Share of deployments to production with an end ${when} that succeeded.`,
    'Rollbacks and redeployments count; cancelled and skipped ones do not. A deployment that succeeded may still be a failed change.',
  ],
  rollback_frequency: (_settings, when) => [
    `Rollbacks in production for each week ${when}.`,
    'Those of people and pipelines, and those that the runtime made by itself.',
  ],
  time_to_recovery: (settings, when) => [
    `${median(
      settings,
    )} time to recovery of the failed deployments that recovered ${when}: the same rows as failed deployment recovery time.`,
    'How long incidents were open stands beside it and is another number.',
  ],
};

/** What a metric says, in sentences made of the settings in use; dates are of the settings' time zone, the last one included. */
export function definitionOf(
  metric: DoraMetricId,
  settings: DoraSettings,
  window: TimeWindow,
): string {
  const when = periodText(window, settings.timeZone);
  return SENTENCES[metric](settings, when).filter(Boolean).join(' ');
}

function median({ percentileMethod }: DoraSettings): string {
  return percentileMethod === 'lower'
    ? 'Median (the lower of two middle values)'
    : 'Median';
}

function kindsText(settings: DoraSettings): string {
  const { includeRollbacks: back, includeRedeploys: again } = settings;
  if (back && again) {
    return 'Rollbacks and redeployments of the same commit count, too.';
  }
  if (back) {
    return 'Rollbacks count, too; redeployments of the same commit do not.';
  }
  if (again) {
    return 'Redeployments of the same commit count, too; rollbacks are shown apart.';
  }
  return 'Rollbacks are shown apart; redeployments of the same commit are not counted.';
}

function environmentsText({ perEnvironment }: DoraSettings): string {
  return perEnvironment ? 'Each production environment counts by itself.' : '';
}

const EVIDENCE_NAMES: Record<keyof DoraSettings['evidence'], string> = {
  runtimeRollback: 'rollbacks of the runtime',
  checkFailed: 'failed checks of the run',
  rolledBack: 'later rollbacks',
  incidentNamed: 'incidents that name the deployment',
  reverted: 'reverts',
  hotfixed: 'hotfixes',
  incidentByTime: 'incidents by time',
  deploymentFailed: 'deployments that failed in production',
};

function unusedText({ evidence }: DoraSettings): string {
  const unused = (
    Object.keys(EVIDENCE_NAMES) as (keyof DoraSettings['evidence'])[]
  ).filter(key => !evidence[key]);
  if (unused.length === 0) return '';
  const names = unused.map(key => EVIDENCE_NAMES[key]).join(', ');
  return `Not taken as evidence: ${names}.`;
}

/** Only evidence that is taken makes anything wait for it. */
function provisionalText({ windows, evidence }: DoraSettings): string {
  const periods = [
    evidence.rolledBack ? windows.rollbackMs : 0,
    evidence.reverted ? windows.revertMs : 0,
    evidence.hotfixed ? windows.hotfixMs : 0,
    evidence.incidentByTime ? windows.incidentMs : 0,
  ];
  if (periods.includes(null)) return 'Late evidence may still change it.';
  const longest = Math.max(...periods.map(ms => ms ?? 0));
  return longest === 0
    ? ''
    : `Deployments younger than ${hoursText(longest)} may still change.`;
}

function periodText({ from, to }: TimeWindow, timeZone: string): string {
  const last = Math.max(from, to - 1);
  const years = [from, last].map(at => dateText(at, timeZone, true).slice(-4));
  const withYear = years[0] !== years[1];
  const [first, end] = [from, last].map(at => dateText(at, timeZone, withYear));
  return first === end ? `on ${first}` : `between ${first} and ${end}`;
}
