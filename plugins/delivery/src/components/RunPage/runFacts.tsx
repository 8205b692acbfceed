import type { RunDetail } from 'backstage-plugin-delivery-common';
import type { ReactNode } from 'react';
import { formatDuration } from '../../format/duration';
import { plainText, shortSha } from '../../format/plainText';
import type { T } from '../../translation/deliveryTranslationRef';
import { Hint } from '../../ui';
import { wholeSpan } from '../RunsPanel/RunDuration';
import { isMoving } from '../StatusBadge';
import { Ago, Elapsed } from '../Time';

/** How long the shown attempt took, or has taken so far; undefined when nobody knows. */
function tookOf(detail: RunDetail, t: T): ReactNode {
  const { run, attempts, attempt } = detail;
  const shown = attempts.find(a => a.attempt === attempt);
  const from = shown?.startedAt ?? run.startedAt;
  if (from === undefined) return undefined;
  if (isMoving(shown ?? run)) {
    return t('runs.soFar', { duration: <Elapsed from={from} /> });
  }
  const newest = attempt === run.attempt;
  const known = newest ? run.workMs ?? run.durationMs : undefined;
  const took = known ?? (shown?.completedAt && shown.completedAt - from);
  if (took === undefined) return undefined;
  const words = t('run.took', { duration: formatDuration(took, t) });
  const whole = newest ? wholeSpan(run, t) : undefined;
  return whole ? (
    <Hint text={whole}>
      <span>{words}</span>
    </Hint>
  ) : (
    words
  );
}

/** What there is to say about a run in one line, each fact with a key. */
export function runFacts(
  detail: RunDetail,
  t: T,
  shaClass: string,
): [string, ReactNode][] {
  const { run, attempts, attempt } = detail;
  const newest = attempt === run.attempt;
  const facts: [string, ReactNode][] = [
    ['pipeline', <bdi>{plainText(run.pipeline.name)}</bdi>],
    [
      'sha',
      <>
        <span className={shaClass} title={run.sha}>
          {shortSha(run.sha)}
        </span>{' '}
        {run.branch && (
          <bdi>{t('run.on', { branch: plainText(run.branch) })}</bdi>
        )}
      </>,
    ],
  ];
  if (run.pullRequest !== undefined) {
    facts.push(['pr', t('runs.pullRequest', { n: `${run.pullRequest}` })]);
  }
  facts.push([
    'event',
    <bdi>
      {run.actor
        ? t('run.by', {
            event: plainText(run.event),
            actor: plainText(run.actor),
          })
        : t('run.event', { event: plainText(run.event) })}
    </bdi>,
  ]);
  const again = attempt > 1 ? attempts.find(a => a.attempt === attempt) : null;
  if (again?.triggeringActor) {
    facts.push([
      'again',
      <bdi>
        {t('run.rerunBy', { actor: plainText(again.triggeringActor) })}
      </bdi>,
    ]);
  }
  const started =
    attempts.find(a => a.attempt === attempt)?.startedAt ??
    run.startedAt ??
    run.createdAt;
  facts.push(['started', t('run.started', { when: <Ago at={started} /> })]);
  const took = tookOf(detail, t);
  if (took !== undefined) facts.push(['took', took]);
  // Time at a gate cannot be compared with a median that leaves it out.
  if (newest && run.median && run.status !== 'waiting') {
    facts.push([
      'median',
      <Hint text={t('runs.medianHint', { count: run.median.n })}>
        <span>
          {t('runs.median', {
            duration: formatDuration(run.median.durationMs, t),
          })}
        </span>
      </Hint>,
    ]);
  }
  return facts;
}
