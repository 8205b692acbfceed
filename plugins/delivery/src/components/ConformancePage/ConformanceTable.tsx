import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { CONFORMANCE_RULES } from 'backstage-plugin-delivery-common';
import type {
  ConformanceRow,
  ConformanceRuleId,
} from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { Hint, lineColor, makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';
import { RESULT_LOOKS } from '../ConformancePanel';

const useStyles = makeStyles<Theme>(
  theme => ({
    scroller: {
      overflow: 'auto',
      maxHeight: 'calc(100vh - 260px)',
      minHeight: 200,
      border: `1px solid ${lineColor(theme)}`,
      borderRadius: 8,
      backgroundColor: theme.palette.background.paper,
    },
    table: { borderCollapse: 'separate', borderSpacing: 0, width: '100%' },
    cell: {
      ...theme.typography.body2,
      borderBottom: `1px solid ${lineColor(theme)}`,
      padding: theme.spacing(0.75, 0.75),
      textAlign: 'center',
      whiteSpace: 'nowrap',
    },
    head: {
      position: 'sticky',
      top: 0,
      zIndex: 1,
      backgroundColor: theme.palette.background.paper,
      fontSize: '0.75rem',
      fontWeight: 600,
    },
    first: {
      position: 'sticky',
      left: 0,
      textAlign: 'left',
      minWidth: 180,
      maxWidth: 260,
      whiteSpace: 'normal',
      overflowWrap: 'anywhere',
      backgroundColor: theme.palette.background.paper,
      fontWeight: 400,
    },
    corner: { zIndex: 2 },
    sort: {
      all: 'unset',
      cursor: 'pointer',
      fontWeight: 600,
      '&:hover': { textDecoration: 'underline' },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 2,
      },
      '&[aria-pressed="true"]': { textDecoration: 'underline' },
    },
    second: { fontSize: '0.75rem', color: secondaryText(theme) },
    icon: { fontSize: '1.125rem', verticalAlign: 'middle' },
    ...Object.fromEntries(
      Object.entries(tonesOf(theme)).map(([tone, { text }]) => [
        `tone-${tone}`,
        { color: text },
      ]),
    ),
  }),
  { name: 'DeliveryConformanceTable' },
);

/** Services × rules. */
export function ConformanceTable(props: {
  rows: readonly ConformanceRow[];
  rule: ConformanceRuleId | undefined;
  onRule: (rule: ConformanceRuleId | undefined) => void;
}) {
  const classes: Record<string, string> = useStyles();
  const t = useT();
  const { rows, rule: chosen, onRule } = props;
  const head = `${classes.cell} ${classes.head}`;
  return (
    <div
      className={classes.scroller}
      // What scrolls has to be reached with the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="region"
      aria-label={t('conformance.page.heading')}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            <th
              scope="col"
              className={`${head} ${classes.first} ${classes.corner}`}
            >
              {t('conformance.page.service')}
            </th>
            <th scope="col" className={head}>
              {t('conformance.page.held')}
            </th>
            {CONFORMANCE_RULES.map(rule => (
              <th key={rule} scope="col" className={head}>
                <Hint
                  text={t('conformance.page.sortBy', {
                    rule: t(`conformance.rule.${rule}`),
                  })}
                >
                  <button
                    type="button"
                    className={classes.sort}
                    aria-pressed={rule === chosen}
                    onClick={() => onRule(rule === chosen ? undefined : rule)}
                  >
                    {t(`conformance.short.${rule}`)}
                  </button>
                </Hint>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ entityRef, title, owner, results, counts }) => (
            <tr key={entityRef}>
              <th scope="row" className={`${classes.cell} ${classes.first}`}>
                <EntityRefLink
                  entityRef={entityRef}
                  title={title && plainText(title)}
                  hideIcon
                />
                {owner && (
                  <div className={classes.second}>
                    {plainText(owner.split('/').at(-1) ?? owner)}
                  </div>
                )}
              </th>
              <td className={classes.cell}>
                {counts
                  ? `${counts.passed}/${counts.passed + counts.failed}`
                  : '–'}
              </td>
              {CONFORMANCE_RULES.map(rule => {
                if (!results) {
                  return (
                    <td key={rule} className={classes.cell}>
                      <span
                        className={classes.second}
                        title={t('conformance.page.unread')}
                      >
                        –
                      </span>
                    </td>
                  );
                }
                const result = results[rule] ?? 'unknown';
                const { tone, Icon } = RESULT_LOOKS[result];
                const word = t(`conformance.result.${result}`);
                return (
                  <td key={rule} className={classes.cell}>
                    <Icon
                      className={`${classes.icon} ${classes[`tone-${tone}`]}`}
                      titleAccess={word}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
