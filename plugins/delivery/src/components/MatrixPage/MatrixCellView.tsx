import type { MatrixCell } from 'backstage-plugin-delivery-common';
import type { MouseEvent, PointerEvent } from 'react';
import { absoluteTime } from '../../format/absoluteTime';
import { formatAgo } from '../../format/duration';
import { plainText, shortSha } from '../../format/plainText';
import type { T } from '../../translation/deliveryTranslationRef';
import { deployLook, healthLook } from './cellLook';

function behindWord(cell: MatrixCell, t: T): string | undefined {
  if (cell.behind) return t('matrix.behind', { count: cell.behind });
  return cell.flags.includes('behind')
    ? t('matrix.behindUncounted')
    : undefined;
}

function tellExactTime(event: PointerEvent<HTMLTimeElement>) {
  const { currentTarget } = event;
  currentTarget.title = absoluteTime(Date.parse(currentTarget.dateTime));
}

/**
 * One environment of one service: commit, age, one sign, and the loudest word about it. A plain function without hooks of its own:
 * while somebody scrolls, dozens of them come and go in every frame.
 */
export function MatrixCellView(props: {
  cell: MatrixCell;
  service: string;
  environment: string;
  view: 'deploy' | 'live';
  href: string;
  follow: (event: MouseEvent<HTMLAnchorElement>) => void;
  classes: Record<string, string>;
  t: T;
  now: number;
}) {
  const { cell, service, environment, view, classes, t, now } = props;
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
  return (
    <a
      href={props.href}
      onClick={props.follow}
      className={classes.root}
      aria-label={t('matrix.cell', { service, environment, what })}
    >
      <span className={classes.line}>
        <span className={cell.sha ? classes.sha : classes.quiet}>
          {sha ?? (cell.basis === 'none' ? '–' : t('matrix.unknownCommit'))}
        </span>
        {cell.since !== undefined && (
          <time
            className={classes.quiet}
            dateTime={new Date(cell.since).toISOString()}
            // Made when somebody asks: for hundreds of cells it would cost more than all the rest.
            onPointerEnter={tellExactTime}
          >
            {formatAgo(cell.since, now, t)}
          </time>
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
    </a>
  );
}
