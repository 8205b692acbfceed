import type {
  Environment,
  EnvironmentDetail,
} from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, Message, WarningIcon } from '../../ui';
import type { Theme } from '../../ui';
import { HealthBadge } from '../EnvironmentState';
import { Ago } from '../Time';
import { FactList, Section } from './FactList';
import type { Fact } from './FactList';
import { HealthChainView } from './HealthChainView';
import { useSectionStyles } from './sectionStyles';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
    lists: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))',
      gap: theme.spacing(1.5, 3),
      alignItems: 'start',
    },
    subtitle: {
      ...theme.typography.body2,
      margin: theme.spacing(0, 0, 0.5),
      fontSize: '0.8125rem',
      fontWeight: 700,
    },
  }),
  { name: 'DeliveryHealthSection' },
);

/** The vendor's own signals beside the chain: alarms, stopped tasks, what was measured. */
function Signals(props: { detail: EnvironmentDetail }) {
  const classes = useStyles();
  const t = useT();
  const { alarms, stoppedTasks, metrics } = props.detail;
  const lists: [string, Fact[]][] = [
    [
      t('chain.alarms'),
      alarms.map(
        (alarm): Fact => [
          plainText(alarm.name),
          <bdi>{plainText([alarm.state, alarm.reason].join(' · '))}</bdi>,
        ],
      ),
    ],
    [
      t('chain.stopped'),
      stoppedTasks.map(
        ({ reason, count, at }): Fact => [
          plainText(reason),
          <>
            {t('chain.stoppedTimes', { n: `${count}` })}
            {' · '}
            <Ago at={at} />
          </>,
        ],
      ),
    ],
    [
      t('chain.metrics'),
      metrics.map(
        ({ name, unit, value }): Fact => [
          plainText(name),
          value === undefined
            ? t('boundaryState.unknown')
            : `${Math.round(value * 10) / 10} ${plainText(unit)}`,
        ],
      ),
    ],
  ];
  const known = lists.filter(([, facts]) => facts.length > 0);
  if (known.length === 0) return null;
  return (
    <div className={classes.lists}>
      {known.map(([title, facts]) => (
        <div key={title}>
          <h4 className={classes.subtitle}>{title}</h4>
          <FactList facts={facts} />
        </div>
      ))}
    </div>
  );
}

/** How what runs is: the chain, during a rollout both of them, and what else was read. */
export function HealthSection(props: {
  environment: Environment;
  detail: EnvironmentDetail;
}) {
  const classes = useStyles();
  const section = useSectionStyles();
  const t = useT();
  const { detail, environment } = props;
  const chains = detail.chains.filter(({ boundaries }) => boundaries.length);
  const sentence = plainText(environment.health.message);
  return (
    <Section title={t('environment.healthTitle')}>
      <div className={classes.root}>
        <div className={section.line}>
          <HealthBadge environment={environment} />
          {sentence && <bdi className={section.side}>{sentence}</bdi>}
          {detail.healthAsOf !== undefined && (
            <span className={section.side}>
              {t('environment.healthAsOf', {
                when: <Ago at={detail.healthAsOf} />,
              })}
            </span>
          )}
        </div>
        {detail.problems.length > 0 && (
          <Message role="status" tone="warning" icon={<WarningIcon />}>
            {detail.problems.map((problem, index) => (
              <div key={`${index}-${problem.part}`} dir="auto">
                {t('chain.problem', {
                  part: plainText(problem.part),
                  message: plainText(problem.message),
                })}
              </div>
            ))}
          </Message>
        )}
        {chains.length === 0 && (
          <p className={section.none}>{t('chain.none')}</p>
        )}
        {chains.map((chain, index) => (
          <HealthChainView
            key={`${chain.role}-${index}`}
            chain={chain}
            named={chains.length > 1}
          />
        ))}
        <Signals detail={detail} />
      </div>
    </Section>
  );
}
