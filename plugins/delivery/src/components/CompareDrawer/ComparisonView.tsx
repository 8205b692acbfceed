import type { Comparison } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  Action,
  ExternalIcon,
  lineColor,
  makeStyles,
  Message,
  secondaryText,
  SwapIcon,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { CommitMark } from '../EnvironmentState';
import { errorSentence } from '../states';
import { Ago } from '../Time';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      gap: theme.spacing(1.5),
      minWidth: 0,
      ...theme.typography.body2,
      color: theme.palette.text.primary,
    },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.5, 1.5),
      minWidth: 0,
      overflowWrap: 'anywhere',
    },
    sentence: { margin: 0, fontWeight: 700, overflowWrap: 'anywhere' },
    side: { fontSize: '0.75rem', color: secondaryText(theme) },
    list: { margin: 0, padding: 0, listStyle: 'none' },
    item: {
      display: 'grid',
      gap: 2,
      padding: theme.spacing(1, 0),
      borderTop: `1px solid ${lineColor(theme)}`,
      overflowWrap: 'anywhere',
      fontSize: '0.8125rem',
    },
    title: {
      fontWeight: 700,
      display: '-webkit-box',
      '-webkit-line-clamp': 3,
      '-webkit-box-orient': 'vertical',
      overflow: 'hidden',
    },
  }),
  { name: 'DeliveryComparison' },
);

/** How `to` stands against `from`, as a sentence. */
function sentenceOf(comparison: Comparison, t: T): string {
  const from = plainText(comparison.from.environment);
  const to = plainText(comparison.to.environment);
  const { status, total, missing } = comparison;
  switch (status) {
    case 'ahead':
      return t('compare.ahead', { count: total, from, to });
    case 'behind':
      return t('compare.behind', { count: missing, from, to });
    case 'diverged':
      return t('compare.diverged', {
        count: total,
        missing: `${missing}`,
        from,
        to,
      });
    case 'identical':
      return t('compare.identical', { from, to });
    default:
      return t('compare.unknown');
  }
}

function Commits(props: { comparison: Comparison }) {
  const classes = useStyles();
  const t = useT();
  const { comparison } = props;
  const { commits, total } = comparison;
  const url = safeUrl(comparison.url);
  const counts = { shown: `${commits.length}`, total: `${total}` };
  return (
    <>
      {total > commits.length && (
        <span className={classes.side}>
          {url
            ? t('compare.capped', { ...counts, host: hostLabel(url) })
            : t('compare.cappedPlain', counts)}
        </span>
      )}
      <ol className={classes.list} aria-label={t('compare.list')}>
        {commits.map(commit => {
          const title = plainText(commit.title) || t('commit.untitled');
          const author = plainText(commit.author ?? '');
          return (
            <li key={commit.sha} className={classes.item}>
              <bdi className={classes.title}>{title}</bdi>
              <span className={`${classes.line} ${classes.side}`}>
                <CommitMark commit={commit} />
                {author && <bdi>{author}</bdi>}
                {commit.pullRequest !== undefined && (
                  <span>
                    {t('compare.pullRequest', { n: `${commit.pullRequest}` })}
                  </span>
                )}
                {commit.at !== undefined && <Ago at={commit.at} />}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** What one environment has and another has not. */
export function ComparisonView(props: {
  comparison: Comparison;
  /** The last try to read it anew failed. */
  staleBecause?: Error;
  onSwap: () => void;
}) {
  const classes = useStyles();
  const t = useT();
  const { comparison, staleBecause } = props;
  const url = safeUrl(comparison.url);
  return (
    <div className={classes.root}>
      <div className={classes.line}>
        {[comparison.to, comparison.from].map(({ environment, commit }) => (
          <span key={environment}>
            {t('compare.side', {
              environment: <bdi>{plainText(environment)}</bdi>,
              sha: <CommitMark commit={commit} />,
            })}
          </span>
        ))}
      </div>
      <p className={classes.sentence} dir="auto">
        {sentenceOf(comparison, t)}
      </p>
      {(comparison.problem || staleBecause) && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {comparison.problem && (
            <div dir="auto">{plainText(comparison.problem.message)}</div>
          )}
          {staleBecause &&
            t('runs.notFresh', { message: errorSentence(staleBecause) })}
        </Message>
      )}
      <div className={classes.line}>
        <Action icon={<SwapIcon fontSize="small" />} onClick={props.onSwap}>
          {t('compare.swap')}
        </Action>
        {url && (
          <Action to={url} icon={<ExternalIcon fontSize="small" />}>
            {t('compare.openAt', { host: hostLabel(url) })}
          </Action>
        )}
        <span className={classes.side}>
          {t('ingestion.asOf', { when: <Ago at={comparison.asOf} /> })}
        </span>
      </div>
      {comparison.commits.length > 0 && <Commits comparison={comparison} />}
    </div>
  );
}
