import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  Action,
  ExternalIcon,
  makeStyles,
  Message,
  Panel,
  WarningIcon,
} from '../../ui';
import { CommitMark } from '../EnvironmentState';
import { Ago } from '../Time';
import { useDrawerStyles } from './drawerStyles';

const useStyles = makeStyles(
  { list: { maxHeight: 340, overflowY: 'auto' } },
  { name: 'DeliveryApprovalCommits' },
);

type Commits = ApprovalDetail['commits'];

function titleOf(commits: Commits, t: T): string {
  if (commits.total === 0) return t('approval.commits.title');
  const count = t('approval.commits.count', { count: commits.total });
  return commits.people > 0
    ? t('approval.commits.byPeople', { commits: count, count: commits.people })
    : count;
}

/** What is special about the way from running to incoming; nothing when it just goes ahead. */
function Special(props: { status: Commits['status'] }) {
  const classes = useDrawerStyles();
  const t = useT();
  const { status } = props;
  if (status === 'ahead') return null;
  const text = t(`approval.commits.${status}`);
  if (status === 'first' || status === 'identical') {
    return <p className={classes.text}>{text}</p>;
  }
  return (
    <Message tone="warning" icon={<WarningIcon />}>
      {text}
    </Message>
  );
}

/** Commits that come in, with who wrote them. */
export function CommitsPanel(props: { commits: Commits }) {
  const classes = useDrawerStyles();
  const own = useStyles();
  const t = useT();
  const { commits } = props;
  const url = safeUrl(commits.url);
  return (
    <Panel
      title={titleOf(commits, t)}
      side={
        url && (
          <Action to={url} icon={<ExternalIcon fontSize="small" />}>
            {t('approval.commits.compare', { host: hostLabel(url) })}
          </Action>
        )
      }
    >
      <Special status={commits.status} />
      {commits.total > commits.items.length && commits.items.length > 0 && (
        <p className={classes.side}>
          {t('approval.commits.shown', {
            shown: `${commits.items.length}`,
            total: `${commits.total}`,
          })}
        </p>
      )}
      {commits.items.length > 0 && (
        <ol
          className={`${classes.list} ${own.list}`}
          aria-label={t('approval.commits.list')}
          // A list that scrolls must be reachable without a mouse.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
        >
          {commits.items.map((commit, index) => (
            <li key={`${index}-${commit.sha}`} className={classes.item}>
              <CommitMark commit={commit} />
              <bdi className={classes.grow}>
                {cutText(commit.title, 300) || t('approval.untitled')}
              </bdi>
              <span className={classes.end}>
                <bdi>
                  {cutText(commit.author ?? '', 60) ||
                    t('approval.commits.noAuthor')}
                </bdi>
                {commit.pullRequest !== undefined && ' · '}
                {commit.pullRequest !== undefined &&
                  t('approval.commits.pullRequest', {
                    n: `${commit.pullRequest}`,
                  })}
                {commit.at !== undefined && ' · '}
                {commit.at !== undefined && <Ago at={commit.at} />}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
