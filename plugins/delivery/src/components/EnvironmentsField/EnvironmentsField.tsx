import { useEffect, useMemo } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  lineColor,
  makeStyles,
  Message,
  secondaryText,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import {
  plannedRows,
  sentencesOf,
  type PlannedEnvironment,
} from './plannedRows';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { overflowX: 'auto', margin: theme.spacing(1, 0, 2) },
    table: { borderCollapse: 'collapse', width: '100%' },
    caption: {
      captionSide: 'top',
      textAlign: 'left',
      paddingBottom: theme.spacing(1),
      color: secondaryText(theme),
    },
    cell: {
      ...theme.typography.body2,
      borderBottom: `1px solid ${lineColor(theme)}`,
      padding: theme.spacing(1, 2, 1, 0),
      textAlign: 'left',
      verticalAlign: 'top',
      overflowWrap: 'anywhere',
    },
    name: { fontWeight: 600, whiteSpace: 'nowrap' },
    second: { ...theme.typography.caption, color: secondaryText(theme) },
    refused: { color: theme.palette.error.main, fontWeight: 600 },
  }),
  { name: 'DeliveryEnvironmentsField' },
);

/** What the scaffolder gives a field, as far as this one looks at it. */
export interface EnvironmentsFieldProps {
  onChange(value: string[]): void;
  formData?: string[];
  /** `ui:options` hold `environments`, `infrastructure` (environments of their own for what changes it) and `reviewersFrom` (the parameter). */
  uiSchema: { 'ui:options'?: object };
  formContext?: { formData?: Record<string, unknown> };
}

/** Written by the template's author: anything may stand there. */
interface Options {
  environments?: unknown;
  infrastructure?: unknown;
  /** Name of the parameter that holds the reviewers; `reviewers` when absent. */
  reviewersFrom?: unknown;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const texts = (value: unknown) =>
  Array.isArray(value) ? value.filter(isText) : [];

/** Takes what the template's author wrote; anything without a name is left out. */
function environmentsOf(value: unknown): PlannedEnvironment[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: Record<string, unknown> | null) => {
    if (!item || !isText(item.name)) return [];
    const { name, accountId, region, cluster, approval, branches } = item;
    return {
      name,
      accountId: isText(accountId) ? accountId : undefined,
      region: isText(region) ? region : undefined,
      cluster: isText(cluster) ? cluster : undefined,
      approval: approval === true,
      ...(Array.isArray(branches) && { branches: texts(branches) }),
    };
  });
}

/**
 * Field of a template: the environments that will be created, with who approves in each. There is nothing to fill in; its value are the
 * rows as sentences, so that the portal's review step tells them.
 */
export function EnvironmentsField(props: EnvironmentsFieldProps) {
  const { onChange, formData, uiSchema, formContext } = props;
  const classes = useStyles();
  const t = useT();
  const options = uiSchema['ui:options'] as Options | undefined;
  const from = options?.reviewersFrom;
  const chosen = formContext?.formData?.[isText(from) ? from : 'reviewers'];
  const rows = useMemo(
    () =>
      plannedRows(
        environmentsOf(options?.environments),
        {
          reviewers: texts(chosen),
          infrastructure: options?.infrastructure === true,
        },
        t,
      ),
    [options, chosen, t],
  );
  const told = JSON.stringify(sentencesOf(rows, t));
  const before = JSON.stringify(formData ?? []);
  useEffect(() => {
    if (told !== before) onChange(JSON.parse(told));
  }, [told, before, onChange]);
  if (rows.length === 0) {
    return (
      <Message tone="waiting" icon={<WarningIcon />}>
        {t('create.empty')}
      </Message>
    );
  }
  return (
    <div className={classes.root}>
      <table className={classes.table}>
        <caption className={classes.caption}>{t('create.table.label')}</caption>
        <thead>
          <tr>
            {(['environment', 'place', 'approval', 'branches'] as const).map(
              key => (
                <th key={key} scope="col" className={classes.cell}>
                  {t(`create.table.${key}`)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.name}>
              <th scope="row" className={`${classes.cell} ${classes.name}`}>
                {row.name}
                {row.infrastructure && (
                  <div className={classes.second}>
                    {t('create.table.infrastructure')}
                  </div>
                )}
              </th>
              <td className={classes.cell}>{row.place}</td>
              <td
                className={`${classes.cell} ${
                  row.refused ? classes.refused : ''
                }`}
              >
                {row.approval}
              </td>
              <td className={classes.cell}>{row.branches}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
