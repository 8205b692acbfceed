import { Link } from '@backstage/core-components';
import type {
  ConformanceCheck,
  ConformanceEvidence,
} from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import { Badge, Fold, lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import { RESULT_LOOKS } from './resultLook';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: '140px minmax(0, 1fr)',
      gap: theme.spacing(0.5, 2),
      padding: theme.spacing(1.25, 0),
      borderTop: `1px solid ${lineColor(theme)}`,
      [theme.breakpoints.down('xs')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
    },
    body: { ...theme.typography.body2, minWidth: 0, overflowWrap: 'anywhere' },
    title: { fontWeight: 600, margin: 0 },
    fix: { margin: theme.spacing(0.5, 0) },
    code: { fontFamily: 'monospace', fontSize: '0.8125rem' },
    list: { margin: 0, paddingLeft: theme.spacing(2) },
    place: {
      fontFamily: 'monospace',
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliveryConformanceCheck' },
);

function Evidence(props: { item: ConformanceEvidence }) {
  const classes = useStyles();
  const t = useT();
  const { path, line, text } = props.item;
  const url = safeUrl(props.item.url);
  const place = [path && plainText(path), line].filter(Boolean).join(':');
  return (
    <li dir="auto">
      {plainText(text)}{' '}
      {place && url && (
        <Link
          to={url}
          className={classes.place}
          aria-label={t('conformance.open', { place })}
        >
          {place}
        </Link>
      )}
      {place && !url && <span className={classes.place}>{place}</span>}
    </li>
  );
}

/** A sentence of ours: what stands between backticks is to be typed as it is. */
function Sentence(props: { text: string }) {
  const classes = useStyles();
  return (
    <>
      {props.text.split('`').map((part, index) =>
        index % 2 === 1 ? (
          <code key={`${index}-${part}`} className={classes.code}>
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  );
}

/** One rule with what it rests on; what to do stands open, for those that do not hold. */
export function CheckItem(props: { check: ConformanceCheck }) {
  const classes = useStyles();
  const t = useT();
  const { rule, result, evidence, more, fix } = props.check;
  const { tone, Icon } = RESULT_LOOKS[result];
  const list = (
    <ul className={classes.list}>
      {evidence.map(item => (
        <Evidence key={`${item.path}:${item.line}:${item.text}`} item={item} />
      ))}
      {more > 0 && <li>{t('conformance.more', { number: String(more) })}</li>}
    </ul>
  );
  return (
    <li className={classes.root}>
      <div>
        <Badge tone={tone} Icon={Icon}>
          {t(`conformance.result.${result}`)}
        </Badge>
      </div>
      <div className={classes.body}>
        <h3 className={classes.title}>{t(`conformance.rule.${rule}`)}</h3>
        {fix && (
          <p className={classes.fix}>
            <strong>{t('conformance.fix')}: </strong>
            <Sentence text={plainText(fix)} />
          </p>
        )}
        {result === 'pass' ? (
          <Fold label={t('conformance.evidence')}>{list}</Fold>
        ) : (
          list
        )}
      </div>
    </li>
  );
}
