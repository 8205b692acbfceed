import { AUDIT_PHASES } from 'backstage-plugin-delivery-common';
import { useEffect, useRef, useState } from 'react';
import { AUDIT_ACTIONS } from '../../hooks/useAudit';
import type { useAuditFilters } from '../../hooks/useAudit';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, SearchField, SelectField } from '../../ui';
import { useAuditStyles } from './auditStyles';
import { actionWord } from './auditWords';

const TYPING_PAUSE_MS = 300;

/** Types at once, tells after a pause. */
function TypedFilter(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  const { value } = props;
  const [text, setText] = useState(value);
  const tell = useRef(props.onChange);
  useEffect(() => {
    tell.current = props.onChange;
  });
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => tell.current(text.trim()), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
    // Only typing starts the pause; a new value from outside replaces the text above.
  }, [text, value]);
  return <SearchField label={props.label} value={text} onChange={setText} />;
}

/** What narrows the audit; kept in the address. */
export function AuditFilterBar(props: {
  state: ReturnType<typeof useAuditFilters>;
}) {
  const classes = useAuditStyles();
  const t = useT();
  const { change, clear, filters, narrowed } = props.state;
  const any = { value: '', label: t('audit.filter.any') };
  const actions = new Set<string>(AUDIT_ACTIONS);
  // A value from the address stays selectable even when this page does not know it.
  if (filters.action) actions.add(filters.action);
  return (
    <div
      className={classes.filters}
      role="group"
      aria-label={t('audit.filters')}
    >
      <SelectField
        label={t('audit.filter.action')}
        value={filters.action ?? ''}
        options={[
          any,
          ...[...actions].map(action => ({
            value: action,
            label: actionWord(action, t),
          })),
        ]}
        onChange={value => change('action', value)}
      />
      <SelectField
        label={t('audit.filter.phase')}
        value={filters.phase ?? ''}
        options={[
          any,
          ...AUDIT_PHASES.map(phase => ({
            value: phase,
            label: t(`audit.phase.${phase}`),
          })),
        ]}
        onChange={value => change('phase', value)}
      />
      <TypedFilter
        label={t('audit.filter.environment')}
        value={filters.environment ?? ''}
        onChange={value => change('environment', value)}
      />
      <TypedFilter
        label={t('audit.filter.actor')}
        value={filters.actor ?? ''}
        onChange={value => change('actor', value)}
      />
      {narrowed && <Action onClick={clear}>{t('audit.filter.clear')}</Action>}
    </div>
  );
}
