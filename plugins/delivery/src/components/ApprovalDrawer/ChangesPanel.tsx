import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { cutText, plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  AddedIcon,
  Badge,
  ChangedIcon,
  Fold,
  lineColor,
  makeStyles,
  NeutralIcon,
  NotStartedIcon,
  Panel,
  secondaryText,
  tonesOf,
  UnknownIcon,
} from '../../ui';
import type { Theme, Tone } from '../../ui';
import { useDrawerStyles } from './drawerStyles';

type Change = ApprovalDetail['changes'][number];

const TAG_LOOKS = {
  changed: { tone: 'running', Icon: ChangedIcon },
  new: { tone: 'warning', Icon: AddedIcon },
  removed: { tone: 'error', Icon: NeutralIcon },
  unchanged: { tone: 'quiet', Icon: NotStartedIcon },
  unknown: { tone: 'warning', Icon: UnknownIcon },
} satisfies Record<Change['tag'], { tone: Tone; Icon: typeof AddedIcon }>;

const useStyles = makeStyles<Theme>(
  theme => ({
    scroller: { overflowX: 'auto', minWidth: 0 },
    table: {
      width: '100%',
      borderCollapse: 'collapse',
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      '& th, & td': {
        textAlign: 'left',
        verticalAlign: 'top',
        padding: theme.spacing(0.75, 1),
        borderBottom: `1px solid ${lineColor(theme)}`,
        overflowWrap: 'anywhere',
      },
      '& thead th': {
        fontSize: '0.6875rem',
        letterSpacing: '0.06em',
        textTransform: 'uppercase',
        color: secondaryText(theme),
        whiteSpace: 'nowrap',
      },
      '& tbody th': { fontWeight: 400 },
      // Secondary text cannot be read on a tinted row.
      '& summary': { color: theme.palette.text.primary },
      '& tbody tr:last-child > *': { borderBottom: 'none' },
      '& tr[data-tag=changed], & tr[data-tag=new], & tr[data-tag=removed]': {
        backgroundColor: tonesOf(theme).running.fill,
      },
    },
    value: { fontFamily: 'monospace', fontSize: '0.75rem' },
    files: { maxHeight: 180, overflowY: 'auto' },
  }),
  { name: 'DeliveryApprovalChanges' },
);

/** So many file names are listed; the rest is counted. */
const MOST_FILES = 50;
const LONGEST = 200;

/** Commits and digests as short as one says them; everything else as it is. */
function short(value: string): string {
  return plainText(value)
    .replace(/\bsha256:([0-9a-f]{7})[0-9a-f]{57}\b/g, 'sha256:$1…')
    .replace(/\b([0-9a-f]{7})[0-9a-f]{33}\b/g, '$1')
    .slice(0, LONGEST);
}

function Value(props: { value: string | undefined }) {
  const classes = useStyles();
  if (!props.value) return <span aria-hidden>–</span>;
  return (
    <bdi className={classes.value} title={cutText(props.value, LONGEST)}>
      {short(props.value)}
    </bdi>
  );
}

function Row(props: { change: Change }) {
  const classes = useDrawerStyles();
  const t = useT();
  const { change } = props;
  const name = cutText(change.name, 80);
  const detail = change.detail ?? [];
  return (
    <tr data-tag={change.tag}>
      <th scope="row">
        <bdi>{name}</bdi>
        {detail.length > 0 && (
          <Fold label={t('approval.changes.more', { name })}>
            <ul className={classes.bullets}>
              {detail.slice(0, MOST_FILES).map((line, index) => (
                <li key={`${index}-${line}`}>
                  <bdi>{cutText(line, LONGEST)}</bdi>
                </li>
              ))}
            </ul>
          </Fold>
        )}
      </th>
      <td>
        <Value value={change.running} />
      </td>
      <td>
        <Value value={change.incoming} />
      </td>
      <td>
        <Badge {...TAG_LOOKS[change.tag]}>
          {t(`approval.changes.word.${change.tag}`)}
        </Badge>
      </td>
    </tr>
  );
}

function Migrations(props: { files: string[] }) {
  const classes = useDrawerStyles();
  const own = useStyles();
  const t = useT();
  const { files } = props;
  const more = files.length - MOST_FILES;
  return (
    <div className={classes.gapAbove}>
      <Badge tone="warning" Icon={AddedIcon}>
        {t('approval.changes.migrations', { count: files.length })}
      </Badge>
      <div className={own.files}>
        <ul className={classes.bullets}>
          {files.slice(0, MOST_FILES).map((file, index) => (
            <li key={`${index}-${file}`}>
              <bdi className={classes.code}>{cutText(file, LONGEST)}</bdi>
            </li>
          ))}
        </ul>
        {more > 0 && (
          <span className={classes.side}>
            {t('approval.changes.moreFiles', { count: more })}
          </span>
        )}
      </div>
    </div>
  );
}

/** What runs now against what comes in, thing by thing. */
export function ChangesPanel(props: { detail: ApprovalDetail }) {
  const classes = useDrawerStyles();
  const own = useStyles();
  const t = useT();
  const { changes, migrations } = props.detail;
  return (
    <Panel title={t('approval.changes.title')}>
      {changes.length === 0 ? (
        <p className={classes.text}>{t('approval.changes.none')}</p>
      ) : (
        <div className={own.scroller}>
          <table className={own.table} aria-label={t('approval.changes.table')}>
            <thead>
              <tr>
                <th scope="col">{t('approval.changes.artifact')}</th>
                <th scope="col">{t('approval.changes.running')}</th>
                <th scope="col">{t('approval.changes.incoming')}</th>
                <th scope="col">{t('approval.changes.tag')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change, index) => (
                <Row key={`${index}-${change.name}`} change={change} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {migrations.length > 0 && <Migrations files={migrations} />}
    </Panel>
  );
}
