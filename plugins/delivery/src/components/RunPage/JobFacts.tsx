import { formatEstimate } from '../../format/duration';
import { plainText } from '../../format/plainText';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';
import { EnvironmentIcon, makeStyles } from '../../ui';
import { stateKey, stateWord } from '../StatusBadge';
import type { ShownState } from '../StatusBadge';
import { Elapsed } from '../Time';

const useStyles = makeStyles(
  {
    line: {
      display: 'flex',
      alignItems: 'center',
      gap: 6,
      minWidth: 0,
      '& > :not(:first-child)::before': { content: '"·"', paddingRight: 6 },
    },
    // One sign, one name: the name gives way when there is no room.
    environment: { display: 'flex', alignItems: 'center', gap: 4, minWidth: 0 },
    name: { overflow: 'hidden', textOverflow: 'ellipsis' },
    icon: { flex: 'none', fontSize: 14 },
  },
  { name: 'DeliveryJobFacts' },
);

function Left(props: { expectedAt: number }) {
  const t = useT();
  const left = props.expectedAt - useNow();
  if (left < 0) return null;
  return <span>{t('runs.left', { duration: formatEstimate(left, t) })}</span>;
}

/** Below the name of a job: its state where a sign is not enough, how long, how long still; and into which environment. */
export function JobFacts(props: {
  state: ShownState | undefined;
  startedAt?: number;
  completedAt?: number;
  expectedAt?: number;
  gate?: boolean;
  environment?: string;
}) {
  const classes = useStyles();
  const t = useT();
  const key = stateKey(props.state);
  const running = props.state?.status === 'in_progress';
  const word = key !== 'success' && key !== 'in_progress' && !props.gate;
  const timed =
    props.startedAt !== undefined &&
    // Nothing of it ran: the vendor gives both times the same moment.
    key !== 'skipped' &&
    !props.gate &&
    (props.completedAt !== undefined || running);
  const environment = plainText(props.environment ?? '');
  return (
    <>
      <span className={classes.line}>
        {props.gate && <span>{t('graph.gate')}</span>}
        {word && <span>{stateWord(props.state, t)}</span>}
        {timed && (
          <span>
            <Elapsed from={props.startedAt!} to={props.completedAt} />
          </span>
        )}
        {running && props.expectedAt !== undefined && (
          <Left expectedAt={props.expectedAt} />
        )}
      </span>
      {environment && (
        <span
          className={classes.environment}
          title={t('run.environment', { name: environment })}
        >
          <EnvironmentIcon
            className={classes.icon}
            titleAccess={t('run.environmentSign')}
          />
          <bdi className={classes.name}>{environment}</bdi>
        </span>
      )}
    </>
  );
}
