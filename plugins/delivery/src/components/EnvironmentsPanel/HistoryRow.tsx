import type { HistoryItem } from 'backstage-plugin-delivery-common';
import { formatDuration } from '../../format/duration';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Badge,
  Chip,
  InfoIcon,
  makeStyles,
  SuccessIcon,
  tonesOf,
  UnknownIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { CommitMark, DeploymentBadge } from '../EnvironmentState';
import { RollbackTo } from '../RollbackDrawer';
import { Ago } from '../Time';
import { Evidence, KindChip, RunLink } from './DeploymentFacts';
import { useSectionStyles } from './sectionStyles';

const useStyles = makeStyles<Theme>(
  theme => ({
    row: {
      '&[data-current=true]': {
        paddingLeft: theme.spacing(1),
        borderLeft: `3px solid ${tonesOf(theme).ok.solid}`,
      },
    },
    title: {
      minWidth: 0,
      maxWidth: '100%',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      fontWeight: 700,
    },
    small: { fontSize: 16 },
    when: { marginLeft: 'auto' },
  }),
  { name: 'DeliveryHistoryRow' },
);

const EVENTS = {
  approval: { tone: 'ok', Icon: SuccessIcon },
  runtime_event: { tone: 'quiet', Icon: InfoIcon },
  deployment: { tone: 'quiet', Icon: UnknownIcon },
  unknown: { tone: 'quiet', Icon: UnknownIcon },
} as const;

/** What the runtime says is many small words between the changes: it must not be louder than they are. */
function RuntimeWord(props: { item: HistoryItem }) {
  const classes = useStyles();
  const section = useSectionStyles();
  const t = useT();
  const { item } = props;
  return (
    <div className={`${section.line} ${section.side}`}>
      <InfoIcon
        className={classes.small}
        titleAccess={t('history.runtime_event')}
      />
      <bdi>{plainText(item.message ?? '')}</bdi>
      <span className={classes.when}>
        <Ago at={item.at} />
      </span>
    </div>
  );
}

function EventRow(props: { item: HistoryItem }) {
  const classes = useStyles();
  const section = useSectionStyles();
  const t = useT();
  const { item } = props;
  // A deployment of which nothing is told is an event like any other.
  const kind = item.kind === 'deployment' ? 'unknown' : item.kind;
  const { tone, Icon } = EVENTS[item.kind];
  const by = plainText(item.by ?? '');
  return (
    <div className={section.line}>
      <Badge tone={tone} Icon={Icon}>
        {t(`history.${kind}`)}
      </Badge>
      {item.message && <bdi>{plainText(item.message)}</bdi>}
      {by && <bdi className={section.side}>{by}</bdi>}
      <span className={`${section.side} ${classes.when}`}>
        <Ago at={item.at} />
      </span>
    </div>
  );
}

/** Whose history it is. */
interface Place {
  entityRef: string;
  environment: string;
}

function DeploymentRow(props: {
  item: HistoryItem;
  deployment: NonNullable<HistoryItem['deployment']>;
  place: Place;
}) {
  const classes = useStyles();
  const section = useSectionStyles();
  const t = useT();
  const { item, deployment } = props;
  const title = plainText(deployment.commit.title ?? '');
  const approvers = deployment.approvedBy.map(plainText).join(', ');
  const side = [
    plainText(deployment.by ?? ''),
    approvers && t('environments.approvedBy', { actors: approvers }),
    deployment.durationMs !== undefined &&
      t('history.took', { duration: formatDuration(deployment.durationMs, t) }),
    deployment.ranHealthy && t('history.ranHealthy'),
  ].filter(Boolean);
  const message = plainText(deployment.message ?? '');
  return (
    <>
      <div className={section.line}>
        <DeploymentBadge deployment={deployment} />
        <KindChip deployment={deployment} />
        {item.current && (
          <Chip tone="ok" Icon={SuccessIcon}>
            {t('history.current')}
          </Chip>
        )}
        <CommitMark commit={deployment.commit} />
        {title && (
          <bdi className={classes.title} title={title}>
            {title}
          </bdi>
        )}
        <RunLink deployment={deployment} />
        <span className={`${section.side} ${classes.when}`}>
          <Ago at={item.at} />
        </span>
        {deployment.ranHealthy && !item.current && (
          <RollbackTo {...props.place} deployment={deployment} />
        )}
      </div>
      {side.length > 0 && (
        <bdi className={section.side}>{side.join(' · ')}</bdi>
      )}
      {message && <bdi>{message}</bdi>}
      <Evidence deployment={deployment} />
    </>
  );
}

/** One thing that happened in an environment. */
export function HistoryRow(props: { item: HistoryItem; place: Place }) {
  const classes = useStyles();
  const section = useSectionStyles();
  const { item } = props;
  return (
    <li
      className={`${section.item} ${classes.row}`}
      data-current={item.current}
      data-history={item.id}
    >
      {item.deployment && (
        <DeploymentRow
          item={item}
          deployment={item.deployment}
          place={props.place}
        />
      )}
      {!item.deployment && item.kind === 'runtime_event' && (
        <RuntimeWord item={item} />
      )}
      {!item.deployment && item.kind !== 'runtime_event' && (
        <EventRow item={item} />
      )}
    </li>
  );
}
