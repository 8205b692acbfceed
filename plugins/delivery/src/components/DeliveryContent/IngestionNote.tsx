import type { Ingestion } from 'backstage-plugin-delivery-common';
import { absoluteDay, absoluteTime } from '../../format/absoluteTime';
import { formatAgo } from '../../format/duration';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      fontSize: '0.75rem',
      color: secondaryText(theme),
      fontVariantNumeric: 'tabular-nums',
      textAlign: 'right',
    },
    late: { color: tonesOf(theme).warning.text, fontWeight: 700 },
  }),
  { name: 'DeliveryIngestionNote' },
);

function sentence(
  props: { ingestion: Ingestion; asOf: number; live: boolean },
  now: number,
  t: T,
): string {
  const { ingestion, asOf, live } = props;
  const ago = (at: number) => formatAgo(Math.min(at, now), now, t);
  if (ingestion.health === 'delayed' || ingestion.health === 'error') {
    return ingestion.confirmedAt === undefined
      ? t('ingestion.neverConfirmed')
      : t('ingestion.unconfirmed', { when: ago(ingestion.confirmedAt) });
  }
  if (ingestion.mode === 'poll') {
    return ingestion.confirmedAt === undefined
      ? t('ingestion.pollNever', { when: ago(asOf) })
      : t('ingestion.poll', {
          when: ago(asOf),
          lag: ago(ingestion.confirmedAt),
        });
  }
  return live
    ? t('ingestion.live', { when: ago(asOf) })
    : t('ingestion.asOf', { when: ago(asOf) });
}

/** How fresh the page is, and how news reaches it. */
export function IngestionNote(props: {
  ingestion: Ingestion;
  asOf: number;
  live: boolean;
}) {
  const classes = useStyles();
  const t = useT();
  const now = useNow();
  const { ingestion } = props;
  const late = ingestion.health === 'delayed' || ingestion.health === 'error';
  const hint = [absoluteTime(ingestion.confirmedAt ?? props.asOf)];
  if (
    ingestion.backfill.state === 'done' &&
    ingestion.dataSince !== undefined
  ) {
    hint.push(t('ingestion.since', { date: absoluteDay(ingestion.dataSince) }));
  }
  return (
    <div className={classes.root} title={hint.join('\n')}>
      <span className={late ? classes.late : undefined}>
        {sentence(props, now, t)}
      </span>
      {ingestion.backfill.state === 'running' && (
        <div>
          {t('ingestion.backfillRunning', { count: ingestion.backfill.runs })}
        </div>
      )}
      {ingestion.backfill.state === 'pending' && (
        <div>{t('ingestion.backfillPending')}</div>
      )}
    </div>
  );
}
