import type { Overview, RunSummary } from 'backstage-plugin-delivery-common';
import { useEffect, useRef, useState } from 'react';
import { plainText } from '../../format/plainText';
import { FILTER_STATES } from '../../hooks/useRunFilters';
import type { useRunFilters } from '../../hooks/useRunFilters';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, makeStyles, SearchField, SelectField, Toggle } from '../../ui';

const TYPING_PAUSE_MS = 300;

/** Room the filters themselves have: a portal's sidebar takes some of the window. */
const NARROW = '@container (max-width: 860px)';
const TINY = '@container (max-width: 420px)';

const useStyles = makeStyles(
  theme => ({
    frame: { containerType: 'inline-size', padding: theme.spacing(1, 0) },
    root: {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1.5, 1),
      [NARROW]: { flexDirection: 'column', alignItems: 'stretch' },
    },
    selects: {
      flex: '1 1 500px',
      display: 'grid',
      gridTemplateColumns: 'repeat(4, minmax(0, 1fr))',
      gap: theme.spacing(1.5, 1),
      maxWidth: 560,
      [NARROW]: { flex: 'none', maxWidth: 'none' },
      [TINY]: { gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' },
    },
    rest: {
      flex: '1 1 320px',
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      [NARROW]: { flex: 'none' },
      [TINY]: { flexWrap: 'wrap' },
    },
    search: { flex: '1 1 120px', maxWidth: 260, minWidth: 0 },
    scope: { flex: 'none', marginLeft: 'auto' },
  }),
  { name: 'DeliveryRunFilterBar' },
);

/** Types at once, tells after a pause. */
function SearchText(props: {
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

/** Filters of the list of runs. */
export function RunFilterBar(props: {
  overview: Overview;
  shown: RunSummary[];
  state: ReturnType<typeof useRunFilters>;
}) {
  const classes = useStyles();
  const t = useT();
  const { overview, shown } = props;
  const { values, narrowed, change, clear } = props.state;
  const all = values.scope === 'all';

  const any = { value: '', label: t('filters.any') };
  const named = (value: string) => ({ value, label: plainText(value) });
  // A value from the address stays selectable even when the portal has not seen it lately.
  const withCurrent = (list: string[], current: string) =>
    [...new Set(current ? [...list, current] : list)].map(named);

  const pipelines = overview.pipelines
    .filter(p => p.mine || all || p.id === values.pipeline)
    .map(p => ({
      value: p.id,
      label: p.mine
        ? plainText(p.name)
        : t('filters.otherPipeline', { name: plainText(p.name) }),
    }));
  const actors = shown.flatMap(run => (run.actor ? [run.actor] : []));

  return (
    <div className={classes.frame} role="group" aria-label={t('filters.group')}>
      <div className={classes.root}>
        <div className={classes.selects}>
          <SelectField
            label={t('filters.pipeline')}
            value={values.pipeline}
            options={[any, ...pipelines]}
            onChange={value => change('pipeline', value)}
          />
          <SelectField
            label={t('filters.branch')}
            value={values.branch}
            options={[any, ...withCurrent(overview.branches, values.branch)]}
            onChange={value => change('branch', value)}
          />
          <SelectField
            label={t('filters.status')}
            value={values.status}
            options={[
              any,
              ...FILTER_STATES.map(state => ({
                value: state,
                label: t(`status.${state}`),
              })),
            ]}
            onChange={value => change('status', value)}
          />
          <SelectField
            label={t('filters.actor')}
            value={values.actor}
            options={[any, ...withCurrent(actors.sort(), values.actor)]}
            onChange={value => change('actor', value)}
          />
        </div>
        <div className={classes.rest}>
          <div className={classes.search}>
            <SearchText
              label={t('filters.text')}
              value={values.q}
              onChange={value => change('q', value)}
            />
          </div>
          {narrowed && <Action onClick={clear}>{t('filters.clear')}</Action>}
          <div className={classes.scope}>
            <Toggle
              label={t('filters.onlyThis')}
              checked={!all}
              onChange={only => change('scope', only ? 'service' : 'all')}
            />
          </div>
        </div>
      </div>
    </div>
  );
}
