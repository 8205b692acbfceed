import type {
  DoraBand,
  DoraMetric,
  DoraMetricId,
} from 'backstage-plugin-delivery-common';
import { DORA_METRICS } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import type { T } from '../../translation/deliveryTranslationRef';
import { doraWords } from '../../translation/doraWords';
import {
  FailureIcon,
  InfoIcon,
  NeutralIcon,
  SuccessIcon,
  WarningIcon,
} from '../../ui';
import type { Tone } from '../../ui';

/** DORA's own, and those of deployments. */
export const METRIC_GROUPS = [
  { id: 'dora', metrics: DORA_METRICS.slice(0, 5) },
  { id: 'deployments', metrics: DORA_METRICS.slice(5) },
] as const;

/** A metric this page knows. */
export type KnownMetric = DoraMetric & { id: DoraMetricId };

export const isKnown = (metric: DoraMetric): metric is KnownMetric =>
  metric.id !== 'unknown';

/** Which part of its rows a rate counts. */
export const RATES = {
  change_fail_rate: 'failed_hits',
  rework_rate: 'rework_hits',
  deployment_success_rate: 'success_hits',
} as const;
export type RateId = keyof typeof RATES;
export const isRate = (id: string): id is RateId => Object.hasOwn(RATES, id);

type Reason = keyof typeof doraWords.reason;

/** Why something is not counted, as a sentence. */
export function reasonSentence(word: string, t: T): string {
  return Object.hasOwn(doraWords.reason, word) && word !== 'unknown'
    ? t(`doraWords.reason.${word as Exclude<Reason, 'unknown'>}`)
    : t('doraWords.reason.unknown', { word: cutText(word, 60) });
}

/** How many were seen and left out. */
export function excludedCount(metric: Pick<DoraMetric, 'excluded'>): number {
  return metric.excluded.reduce((sum, { count }) => sum + count, 0);
}

/** What a band says, always with its year. */
export function bandText(band: DoraBand, t: T): string {
  const text = cutText(band.text || band.label, 120);
  return text.includes(`${band.year}`)
    ? text
    : t('dora.card.band', { text, year: `${band.year}` });
}

export const BAND_LOOKS = {
  better: { tone: 'ok', Icon: SuccessIcon },
  met: { tone: 'ok', Icon: SuccessIcon },
  about: { tone: 'neutral', Icon: NeutralIcon },
  worse: { tone: 'warning', Icon: WarningIcon },
  missed: { tone: 'warning', Icon: FailureIcon },
  none: { tone: 'quiet', Icon: InfoIcon },
} satisfies Record<DoraBand['verdict'], { tone: Tone; Icon: typeof InfoIcon }>;

/** What the number is made of, in words: `9 of 189 deployments`, `231 changes`. */
export function madeOf(
  metric: Pick<DoraMetric, 'id' | 'n' | 'hits'>,
  days: number,
  t: T,
): string {
  const { id, n, hits } = metric;
  if (hits !== undefined) {
    return t('dora.card.of', { hits: `${hits}`, n: `${n}` });
  }
  switch (id) {
    case 'lead_time':
      return t('dora.card.changes', { count: n });
    case 'deployment_frequency':
    case 'rollback_frequency':
      return t('dora.card.inDays', { n: `${n}`, days: `${days}` });
    case 'recovery_time':
    case 'time_to_recovery':
      return t('dora.card.failures', { count: n });
    case 'deployment_duration':
      return t('dora.card.deployments', { count: n });
    default:
      return t('dora.card.n', { n: `${n}` });
  }
}

/** Why there is no number. */
export function noDataWhy(metric: Pick<DoraMetric, 'excluded'>, t: T): string {
  const seen = excludedCount(metric);
  if (seen === 0) return t('dora.card.noDataIn');
  const most = metric.excluded.reduce((a, b) => (b.count > a.count ? b : a));
  const key =
    metric.excluded.length > 1 ? 'dora.card.noDataMore' : 'dora.card.noDataWhy';
  return t(key, { n: `${seen}`, reason: reasonSentence(most.reason, t) });
}
