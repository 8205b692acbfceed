import type { DoraReport } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { zonedDay } from '../../format/zonedTime';
import { DORA_EXPORT_FORMATS, useDoraExport } from '../../hooks/useDora';
import type { DoraScope } from '../../hooks/useDora';
import { DORA_WINDOWS } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, DownloadIcon, Message, WarningIcon } from '../../ui';
import { Ago } from '../Time';
import { useDoraStyles } from './doraStyles';

/** Buttons for the length of the window. */
export function WindowChoice(props: {
  days: number;
  onDays: (days: number) => void;
}) {
  const classes = useDoraStyles();
  const t = useT();
  return (
    <div role="group" aria-label={t('dora.window')} className={classes.buttons}>
      {DORA_WINDOWS.map(days => (
        <Action
          key={days}
          pressed={days === props.days}
          onClick={() => props.onDays(days)}
        >
          {t('dora.days', { n: `${days}` })}
        </Action>
      ))}
    </div>
  );
}

/** Which window, where, with which settings, how fresh, and the way to take the numbers away. */
export function DoraToolbar(props: {
  report: DoraReport;
  scope: DoraScope;
  days: number;
  onDays: (days: number) => void;
}) {
  const classes = useDoraStyles();
  const t = useT();
  const { days, report, scope } = props;
  const { busy, problem, start } = useDoraExport(scope, days);
  const { settings, window } = report;
  const zone = cutText(settings.timeZone, 60);
  return (
    <>
      <div className={classes.bar}>
        <WindowChoice days={days} onDays={props.onDays} />
        <div className={classes.place}>
          <span className={classes.side}>
            {t('dora.place', { zone })}
            {' · '}
            {t('dora.range', {
              from: zonedDay(window.from, settings.timeZone),
              to: zonedDay(window.to - 1, settings.timeZone),
            })}
          </span>
          <span className={classes.side} title={t('dora.settingsHint')}>
            {t('dora.settings', {
              hash: (
                <span className={classes.code}>
                  {cutText(report.settingsHash, 16)}
                </span>
              ),
            })}
            {' · '}
            {t('dora.asOf', { when: <Ago at={report.asOf} /> })}
          </span>
        </div>
        <div
          role="group"
          aria-label={t('dora.export.group')}
          className={`${classes.buttons} ${classes.end}`}
        >
          {DORA_EXPORT_FORMATS.map(format => (
            <Action
              key={format}
              icon={<DownloadIcon fontSize="small" />}
              label={t(`dora.export.${format}Label`)}
              reason={busy ? t('dora.export.busy') : undefined}
              onClick={() => start(format)}
            >
              {t(`dora.export.${format}`)}
            </Action>
          ))}
        </div>
      </div>
      {problem !== undefined && (
        <Message role="alert" tone="error" icon={<WarningIcon />}>
          {t('dora.export.failed', { message: problem })}
        </Message>
      )}
    </>
  );
}
