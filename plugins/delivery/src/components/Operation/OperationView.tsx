import { Link } from '@backstage/core-components';
import type { ActOperation, ActStep } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, Message, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';
import { OUTCOME_LOOKS, STEP_LOOKS, stepWord } from './looks';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
    list: {
      display: 'grid',
      gap: theme.spacing(0.75),
      margin: 0,
      padding: 0,
      listStyle: 'none',
    },
    step: {
      display: 'grid',
      gridTemplateColumns: 'auto minmax(0, 1fr) auto',
      gap: theme.spacing(0, 1),
      alignItems: 'start',
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
    },
    icon: { fontSize: '1.125rem' },
    spin: {
      animation: '$spin 2s linear infinite',
      '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
    },
    '@keyframes spin': {
      from: { transform: 'rotate(0deg)' },
      to: { transform: 'rotate(360deg)' },
    },
    side: { fontSize: '0.75rem', color: secondaryText(theme) },
    links: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0, 2),
      fontSize: '0.8125rem',
      paddingTop: theme.spacing(0.5),
    },
    ...Object.fromEntries(
      Object.entries(tonesOf(theme)).map(([tone, { text }]) => [
        `tone-${tone}`,
        { color: text },
      ]),
    ),
  }),
  { name: 'DeliveryOperation' },
);

function Step(props: { step: ActStep }) {
  const classes: Record<string, string> = useStyles();
  const t = useT();
  const { step } = props;
  const { tone, Icon } = STEP_LOOKS[step.state];
  const message = plainText(step.message ?? '');
  return (
    <li className={classes.step} data-step={step.code} data-state={step.state}>
      <Icon
        aria-hidden
        className={[
          classes.icon,
          classes[`tone-${tone}`],
          step.state === 'running' ? classes.spin : '',
        ].join(' ')}
      />
      <span>
        <bdi>{stepWord(step.code, t)}</bdi>
        {message && (
          <>
            {' '}
            <bdi className={classes.side}>{message}</bdi>
          </>
        )}
      </span>
      <span className={classes.side}>
        {t(`operation.stepState.${step.state}`)}
      </span>
    </li>
  );
}

function Outcome(props: { operation: ActOperation }) {
  const classes = useStyles();
  const t = useT();
  const runPath = useRunPath();
  const { outcome, state } = props.operation;
  const { tone, Icon } = OUTCOME_LOOKS[state];
  const run = outcome?.runId && runPath?.(outcome.runId);
  const url = safeUrl(outcome?.url);
  return (
    <Message tone={tone} icon={<Icon />} title={t(`operation.state.${state}`)}>
      {outcome && <div dir="auto">{plainText(outcome.message)}</div>}
      {state === 'unknown' && <div>{t('operation.unknownHelp')}</div>}
      {(outcome?.auditSeq !== undefined || run || url) && (
        <div className={classes.links}>
          {outcome?.auditSeq !== undefined && (
            <span>{t('operation.audit', { n: `${outcome.auditSeq}` })}</span>
          )}
          {run && <Link to={run}>{t('operation.run')}</Link>}
          {url && (
            <Link to={url}>
              {t('operation.openAt', { host: hostLabel(url) })}
            </Link>
          )}
        </div>
      )}
    </Message>
  );
}

/** Steps of an act and how it ended. */
export function OperationView(props: { operation: ActOperation }) {
  const classes = useStyles();
  const t = useT();
  const { operation } = props;
  return (
    <div className={classes.root} data-operation={operation.state}>
      <ol className={classes.list} aria-label={t('operation.label')}>
        {operation.steps.map((step, index) => (
          <Step key={`${index}-${step.code}`} step={step} />
        ))}
      </ol>
      {operation.state !== 'running' && <Outcome operation={operation} />}
    </div>
  );
}
