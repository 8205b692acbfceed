import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { ApprovalSummary } from 'backstage-plugin-delivery-common';
import { cutText, plainText, shortSha } from '../../format/plainText';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  lineColor,
  makeStyles,
  secondaryText,
  tonesOf,
} from '../../ui';
import type { Theme } from '../../ui';
import { ApprovalBadge } from './ApprovalBadge';
import { DecidedLine } from './DecidedLine';
import { Expires, WaitingSince } from './Waiting';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 2),
      minWidth: 0,
      padding: theme.spacing(1.25, 1.5),
      borderRadius: 8,
      border: `1px solid ${lineColor(theme)}`,
      borderLeft: `4px solid ${tonesOf(theme).quiet.border}`,
      backgroundColor: theme.palette.background.paper,
      color: theme.palette.text.primary,
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      '&[data-state=waiting]': {
        borderColor: tonesOf(theme).waiting.border,
        borderLeftColor: tonesOf(theme).waiting.solid,
      },
    },
    body: {
      flex: '1 1 320px',
      minWidth: 0,
      display: 'grid',
      gap: 4,
    },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.25, 1),
      minWidth: 0,
      overflowWrap: 'anywhere',
      '& > *': { minWidth: 0 },
    },
    environment: { fontWeight: 700 },
    title: {
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      maxWidth: '100%',
    },
    sha: { fontFamily: 'monospace', fontSize: '0.8125rem' },
    side: {
      fontSize: '0.75rem',
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
    },
    comment: {
      display: '-webkit-box',
      '-webkit-line-clamp': 3,
      '-webkit-box-orient': 'vertical',
      overflow: 'hidden',
    },
  }),
  { name: 'DeliveryApprovalItem' },
);

/** One approval in a few lines: what is to go where, who asked, and for how long it waits or how it ended. */
export function ApprovalItem(props: {
  approval: ApprovalSummary;
  onReview: (id: string) => void;
  /** On pages of more than one service. */
  showServices?: boolean;
  /** The element in a list; else a div. */
  as?: 'li' | 'div';
}) {
  const classes = useStyles();
  const t = useT();
  const runPath = useRunPath();
  const { approval, as: Root = 'div' } = props;
  const waiting = approval.state === 'waiting';
  const environment = cutText(approval.environment, 80);
  const run = t('approval.run', { n: `${approval.runNumber}` });
  const to = runPath?.(approval.runId);
  const title = cutText(approval.title, 300) || t('approval.untitled');
  const who = cutText(approval.requestedBy?.login ?? '', 60);
  return (
    <Root
      className={classes.root}
      data-state={approval.state}
      data-approval={approval.id}
    >
      <div className={classes.body}>
        <div className={classes.line}>
          <ApprovalBadge state={approval.state} />
          <bdi className={classes.environment}>{environment}</bdi>
          {props.showServices &&
            approval.services.map(service => (
              <EntityRefLink key={service} entityRef={service} />
            ))}
          <code className={classes.sha} title={plainText(approval.sha)}>
            {shortSha(approval.sha)}
          </code>
          <bdi className={classes.title} title={title}>
            {title}
          </bdi>
        </div>
        <div className={`${classes.line} ${classes.side}`}>
          {to ? <Link to={to}>{run}</Link> : <span>{run}</span>}
          {approval.attempt > 1 && (
            <span>{t('approval.attempt', { n: `${approval.attempt}` })}</span>
          )}
          {who && (
            <span>{t('approval.askedBy', { who: <bdi>{who}</bdi> })}</span>
          )}
          {waiting && <WaitingSince since={approval.since} />}
          {waiting && <Expires at={approval.expiresAt} />}
        </div>
        {!waiting && (
          <div className={`${classes.side} ${classes.comment}`}>
            <DecidedLine approval={approval} />
          </div>
        )}
      </div>
      <Action
        kind={waiting ? 'primary' : 'normal'}
        label={t(waiting ? 'approval.reviewOf' : 'approval.detailsOf', {
          sha: shortSha(approval.sha),
          environment,
        })}
        onClick={() => props.onReview(approval.id)}
      >
        {t(waiting ? 'approval.review' : 'approval.details')}
      </Action>
    </Root>
  );
}
