import type { Job } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  GateIcon,
  lineColor,
  makeStyles,
  Message,
  Panel,
  secondaryText,
} from '../../ui';
import type { Theme } from '../../ui';
import { isMoving, StateIcon, stateKey, stateWord } from '../StatusBadge';
import { Elapsed } from '../Time';

const useStyles = makeStyles<Theme>(
  theme => ({
    list: { margin: 0, padding: 0, listStyle: 'none' },
    step: {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      minHeight: 34,
      borderBottom: `1px solid ${lineColor(theme)}`,
      '&:last-child': { borderBottom: 'none' },
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
    },
    name: {
      flex: 1,
      minWidth: 0,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    side: {
      flex: 'none',
      fontSize: '0.75rem',
      color: secondaryText(theme),
      fontVariantNumeric: 'tabular-nums',
    },
    note: { fontSize: '0.75rem', color: secondaryText(theme) },
  }),
  { name: 'DeliverySteps' },
);

type Step = Job['steps'][number];

function StepTime(props: { step: Step }) {
  const classes = useStyles();
  const t = useT();
  const { step } = props;
  const key = stateKey(step);
  const timed =
    step.startedAt !== undefined &&
    key !== 'skipped' &&
    (step.completedAt !== undefined || step.status === 'in_progress');
  return (
    <span className={classes.side}>
      {key !== 'success' && <span>{stateWord(step, t)} </span>}
      {timed && <Elapsed from={step.startedAt!} to={step.completedAt} />}
    </span>
  );
}

/** Steps of the chosen job; for one that waits at a gate, what it waits for. */
export function StepsPanel(props: { job: Job }) {
  const classes = useStyles();
  const t = useT();
  const { job } = props;
  const gate = job.status === 'waiting';
  return (
    <Panel title={t('job.steps', { name: plainText(job.name) })}>
      {job.runner && (
        <div className={classes.note}>
          <bdi>{t('job.runner', { runner: plainText(job.runner) })}</bdi>
        </div>
      )}
      {gate && (
        <Message
          role="status"
          tone="waiting"
          icon={<GateIcon />}
          title={t('job.gate')}
        >
          {job.environment
            ? t('job.gateHelp', { environment: plainText(job.environment) })
            : t('job.gateHelpPlain')}
        </Message>
      )}
      {!gate && job.steps.length === 0 && (
        <div className={classes.note} role="status">
          {isMoving(job) || job.conclusion !== undefined
            ? t('job.noSteps')
            : stateWord(job, t)}
        </div>
      )}
      <ol className={classes.list}>
        {job.steps.map(step => {
          const name =
            plainText(step.name) || t('job.step', { n: `${step.number}` });
          return (
            <li key={step.number} className={classes.step} title={name}>
              <StateIcon state={step} />
              <span className={classes.name}>
                <bdi>{name}</bdi>
              </span>
              <StepTime step={step} />
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
