import type { AuditList } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { EXPORT_FORMATS, useAuditExport } from '../../hooks/useAudit';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, DownloadIcon, Message, WarningIcon } from '../../ui';
import { CopyAction } from '../states';
import { useAuditStyles } from './auditStyles';

/** The head of the log to write down elsewhere, and the whole log to take away. */
export function ProofSection(props: { head: AuditList['head'] }) {
  const classes = useAuditStyles();
  const t = useT();
  const { busy, problem, start } = useAuditExport();
  const { head } = props;
  const seq = `${head?.seq ?? ''}`;
  const hash = plainText(head?.hash ?? '');
  return (
    <div className={classes.proof}>
      {head && (
        <>
          <div className={classes.bar}>
            <b>{t('audit.head')}</b>
            <code className={classes.code} title={hash}>
              {t('audit.headEntry', { seq, hash: `${hash.slice(0, 16)}…` })}
            </code>
            <CopyAction
              // As the program that verifies takes it.
              text={`${seq}:${hash}`}
              label={t('audit.copyHead')}
              done={t('audit.copied')}
            />
          </div>
          <span className={classes.side}>{t('audit.verify')}</span>
        </>
      )}
      <div className={classes.bar}>
        {EXPORT_FORMATS.map(format => (
          <Action
            key={format}
            icon={<DownloadIcon fontSize="small" />}
            reason={busy ? t('audit.exporting') : undefined}
            onClick={() => start(format)}
          >
            {t(`audit.export.${format}`)}
          </Action>
        ))}
        <span className={classes.side} role="status">
          {busy ? t('audit.exporting') : ''}
        </span>
      </div>
      <span className={classes.side}>{t('audit.exportHelp')}</span>
      {problem !== undefined && (
        <Message role="alert" tone="error" icon={<WarningIcon />}>
          {t('audit.exportFailed', { message: problem })}
        </Message>
      )}
    </div>
  );
}
