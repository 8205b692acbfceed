import type { MyActs, RunDetail } from 'backstage-plugin-delivery-common';
import { cutText, plainText } from '../../format/plainText';
import type { RunAct } from '../../hooks/useRunActs';
import type { T } from '../../translation/deliveryTranslationRef';

/** After that the vendor runs nothing again. */
const RERUN_MS = 30 * 24 * 60 * 60 * 1000;

const FAILED = ['failure', 'cancelled', 'timed_out', 'startup_failure'];

function somethingFailed({ jobs, run }: RunDetail): boolean {
  return (
    FAILED.includes(run.conclusion ?? '') ||
    jobs.some(({ conclusion }) => FAILED.includes(conclusion ?? ''))
  );
}

/** Why the person may not do it, whatever the run; absent: they may. */
export function whyNotYou(
  acts: MyActs,
  name: 'rerun' | 'cancel' | 'dispatch' | 'rollback',
  t: T,
): string | undefined {
  const { allowed, reason } = acts[name];
  if (allowed) return undefined;
  return plainText(reason?.message ?? '') || t('acts.notYou');
}

/** Whether anything can be done from here at all: not at a vendor for which nothing was built. */
export function canActHere(acts: MyActs | undefined): acts is MyActs {
  return (
    acts !== undefined &&
    acts.repositoryUrl !== undefined &&
    acts.rerun.reason?.code !== 'acts_unsupported'
  );
}

/** Why a button of a run cannot be used now, as a sentence; absent: it can. */
export function whyNotRun(
  kind: RunAct,
  detail: RunDetail,
  acts: MyActs,
  t: T,
): string | undefined {
  const { run } = detail;
  const you = whyNotYou(acts, kind === 'cancel' ? 'cancel' : 'rerun', t);
  if (you !== undefined) return you;
  if (detail.attempt !== run.attempt) {
    return t('acts.oldAttempt', { n: `${detail.attempt}` });
  }
  if (kind === 'cancel') {
    return run.status === 'completed' ? t('acts.over') : undefined;
  }
  if (run.status === 'unknown') return t('acts.stateUnknown');
  if (run.status === 'waiting') return t('acts.stillWaiting');
  if (run.status !== 'completed') return t('acts.stillRunning');
  if (detail.asOf - run.createdAt > RERUN_MS) return t('acts.tooOld');
  return kind === 'rerun_failed' && !somethingFailed(detail)
    ? t('acts.nothingFailed')
    : undefined;
}

/** Environments that jobs of the run name: where running it again may deploy to. */
export function environmentsOf(detail: RunDetail): string[] {
  const named = [
    ...detail.run.stages.map(stage => stage.environment),
    ...detail.graph.nodes.map(node => node.environment),
    ...detail.jobs.map(job => job.environment),
  ].flatMap(name => (name ? [cutText(name, 80)] : []));
  return [...new Set(named)];
}
