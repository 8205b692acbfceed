import { Link } from '@backstage/core-components';
import type { MatrixCell } from 'backstage-plugin-delivery-common';
import { memo } from 'react';
import { plainText, shortSha } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';
import { Ago } from '../Time';
import { deployLook, healthLook } from './cellLook';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'flex-start',
      justifyContent: 'center',
      gap: 2,
      height: '100%',
      minWidth: 0,
      padding: theme.spacing(0.5, 1),
      color: theme.palette.text.primary,
      '&:hover': { textDecoration: 'none' },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: -2,
      },
    },
    line: {
      display: 'flex',
      gap: 6,
      alignItems: 'baseline',
      maxWidth: '100%',
      whiteSpace: 'nowrap',
      overflow: 'hidden',
    },
    sha: { fontFamily: 'monospace', fontSize: '0.8125rem' },
    quiet: { fontSize: '0.75rem', color: secondaryText(theme) },
    chips: {
      display: 'flex',
      gap: 4,
      maxWidth: '100%',
      minWidth: 0,
      overflow: 'hidden',
    },
    badge: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: 3,
      flex: 'none',
      padding: '0 7px 0 3px',
      borderRadius: 10,
      border: '1px solid',
      fontSize: '0.6875rem',
      fontWeight: 700,
      lineHeight: '17px',
      whiteSpace: 'nowrap',
    },
    icon: { fontSize: '0.875rem' },
    note: {
      minWidth: 0,
      padding: '1px 6px',
      borderRadius: 3,
      fontSize: '0.6875rem',
      lineHeight: '17px',
      whiteSpace: 'nowrap',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
    ...Object.fromEntries(
      Object.entries(tonesOf(theme)).map(([tone, { text, fill, border }]) => [
        `tone-${tone}`,
        { color: text, backgroundColor: fill, borderColor: border },
      ]),
    ),
  }),
  { name: 'DeliveryMatrixCell' },
);

function behindWord(cell: MatrixCell, t: T): string | undefined {
  if (cell.behind) return t('matrix.behind', { count: cell.behind });
  return cell.flags.includes('behind')
    ? t('matrix.behindUncounted')
    : undefined;
}

function CellView(props: {
  cell: MatrixCell;
  service: string;
  environment: string;
  view: 'deploy' | 'live';
  to: string | undefined;
}) {
  const { cell, service, environment, view, to } = props;
  const classes: Record<string, string> = useStyles();
  const t = useT();
  const { tone, Icon, word } = (view === 'live' ? healthLook : deployLook)(
    cell,
    t,
  );
  const sha = cell.sha && shortSha(cell.sha);
  const behind = behindWord(cell, t);
  const note = cell.note && plainText(cell.note);
  const loud = cell.flags.includes('drift') || cell.flags.includes('alarm');
  const what = [sha ?? '', word, note ?? '', behind ?? '']
    .filter(Boolean)
    .join(', ');
  const inside = (
    <>
      <span className={classes.line}>
        <span className={cell.sha ? classes.sha : classes.quiet}>
          {sha ?? (cell.basis === 'none' ? '–' : t('matrix.unknownCommit'))}
        </span>
        {cell.since !== undefined && (
          <span className={classes.quiet}>
            <Ago at={cell.since} />
          </span>
        )}
      </span>
      <span className={classes.chips}>
        <span className={`${classes.badge} ${classes[`tone-${tone}`]}`}>
          <Icon className={classes.icon} aria-hidden />
          {word}
        </span>
        {behind && (
          <span className={`${classes.note} ${classes['tone-neutral']}`}>
            {behind}
          </span>
        )}
      </span>
      {note && (
        <span
          className={`${classes.note} ${
            classes[loud ? 'tone-error' : 'tone-neutral']
          }`}
          style={{ maxWidth: '100%' }}
          title={note}
          dir="auto"
        >
          {note}
        </span>
      )}
    </>
  );
  if (!to) return <span className={classes.root}>{inside}</span>;
  return (
    <Link
      to={to}
      underline="none"
      className={classes.root}
      aria-label={t('matrix.cell', { service, environment, what })}
    >
      {inside}
    </Link>
  );
}

/** One environment of one service: commit, age, one sign, and the loudest word about it. */
export const MatrixCellView = memo(CellView);
