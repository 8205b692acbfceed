import type { DoraReport } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { zonedDay } from '../../format/zonedTime';
import { useT } from '../../translation/deliveryTranslationRef';
import { InfoIcon, Message, PendingIcon } from '../../ui';
import { useDoraStyles } from './doraStyles';

/** What keeps the numbers from being whole, and whether they still move. Nothing when all is well. */
export function DoraNotes(props: { report: DoraReport }) {
  const classes = useDoraStyles();
  const t = useT();
  const { dataSince, notes, pending, settings, window } = props.report;
  const lines = notes.map(note => cutText(note.message, 400));
  if (dataSince !== undefined && dataSince > window.from) {
    lines.push(
      t('dora.since', { date: zonedDay(dataSince, settings.timeZone) }),
    );
  }
  return (
    <>
      {pending && (
        <Message role="status" tone="running" icon={<PendingIcon />}>
          {t('dora.pending')}
        </Message>
      )}
      {lines.length > 0 && (
        <Message tone="neutral" icon={<InfoIcon />} title={t('dora.notes')}>
          <ul className={classes.notes}>
            {lines.map(line => (
              <li key={line} dir="auto">
                {line}
              </li>
            ))}
          </ul>
        </Message>
      )}
    </>
  );
}
