import { Link } from '@backstage/core-components';
import type { Commit } from 'backstage-plugin-delivery-common';
import { plainText, shortSha } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import { Hint, makeStyles } from '../../ui';

const useStyles = makeStyles(
  {
    sha: { fontFamily: 'monospace', fontSize: '0.8125rem' },
    unknown: { fontStyle: 'italic' },
  },
  { name: 'DeliveryCommitMark' },
);

/** Short SHA of a commit, the full one on hover, with the way to it; or that it is not known, with the reason on hover. */
export function CommitMark(props: {
  commit: Pick<Commit, 'sha' | 'url' | 'reason'> | undefined;
  /** Text only, where something else is the link. */
  plain?: boolean;
}) {
  const classes = useStyles();
  const t = useT();
  const { commit } = props;
  if (!commit?.sha) {
    const word = <span className={classes.unknown}>{t('commit.unknown')}</span>;
    const why = plainText(commit?.reason?.message ?? '');
    return why ? <Hint text={why}>{word}</Hint> : word;
  }
  const full = plainText(commit.sha);
  const url = props.plain ? undefined : safeUrl(commit.url);
  return url ? (
    <Link to={url} className={classes.sha} title={full}>
      {shortSha(commit.sha)}
    </Link>
  ) : (
    <code className={classes.sha} title={full}>
      {shortSha(commit.sha)}
    </code>
  );
}
