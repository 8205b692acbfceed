import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import type { ConformanceReport } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useConformance } from '../../hooks/useConformance';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  makeStyles,
  Message,
  Panel,
  secondaryText,
  Skeleton,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { EmptyState, ErrorState, MissingAnnotation } from '../states';
import { Ago } from '../Time';
import { CheckItem } from './CheckItem';
import { RESULT_ORDER } from './resultLook';

const useStyles = makeStyles<Theme>(
  theme => ({
    list: { listStyle: 'none', margin: 0, padding: 0 },
    side: { fontSize: '0.75rem', color: secondaryText(theme) },
    line: {
      ...theme.typography.body2,
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0, 2),
      margin: theme.spacing(0, 0, 1),
    },
    row: { padding: theme.spacing(1, 0) },
  }),
  { name: 'DeliveryConformancePanel' },
);

/** @public */
export interface ConformancePanelProps {
  /** Title of the panel; the plugin's own word when absent. */
  title?: string;
}

function Waiting() {
  const classes = useStyles();
  const t = useT();
  return (
    <div role="status" aria-label={t('conformance.loading')}>
      {[0, 1, 2, 3, 4, 5].map(row => (
        <div key={row} className={classes.row}>
          <Skeleton height={38} />
        </div>
      ))}
    </div>
  );
}

function Report(props: { report: ConformanceReport }) {
  const classes = useStyles();
  const t = useT();
  const { checks, counts, template, problem } = props.report;
  const sorted = [...checks].sort(
    (a, b) => RESULT_ORDER[a.result] - RESULT_ORDER[b.result],
  );
  const made = template && `${template.id} ${template.version}`;
  const behind =
    template?.newest !== undefined && template.newest !== template.version;
  return (
    <>
      {problem && (
        <Message tone="waiting" icon={<WarningIcon />}>
          {t('conformance.problem', { message: plainText(problem) })}
        </Message>
      )}
      <p className={classes.line}>
        <strong>
          {t('conformance.summary', {
            passed: String(counts.passed),
            known: String(counts.passed + counts.failed),
          })}
        </strong>
        {counts.unknown > 0 && (
          <span>
            {t('conformance.notTold', { number: String(counts.unknown) })}
          </span>
        )}
        {made && (
          <span>
            {behind
              ? t('conformance.templateNewest', {
                  template: plainText(made),
                  newest: plainText(template.newest ?? ''),
                })
              : t('conformance.template', { template: plainText(made) })}
          </span>
        )}
      </p>
      <ul className={classes.list}>
        {sorted.map(check => (
          <CheckItem key={check.rule} check={check} />
        ))}
      </ul>
    </>
  );
}

function Unread(props: { report: ConformanceReport }) {
  const t = useT();
  const { problem } = props.report;
  return (
    <EmptyState
      title={t('conformance.unread.title')}
      help={
        problem
          ? t('conformance.never', { message: plainText(problem) })
          : t('conformance.unread.help')
      }
    />
  );
}

/**
 * The pipeline of the service in context against the rules: what does not hold first, with evidence and what to do.
 * @public
 */
export function ConformancePanel(props: ConformancePanelProps) {
  const classes = useStyles();
  const t = useT();
  const { entity } = useEntity();
  const available = isDeliveryAvailable(entity);
  const { data, error, isFetching, refetch } = useConformance(
    stringifyEntityRef(entity),
    { enabled: available },
  );
  if (!available) return <MissingAnnotation />;
  let content = <Waiting />;
  if (data?.asOf === null) content = <Unread report={data} />;
  else if (data) content = <Report report={data} />;
  else if (error) {
    content = (
      <ErrorState error={error} onRetry={() => refetch()} entity={entity} />
    );
  }
  return (
    <div data-testid="delivery-conformance">
      <Panel
        title={props.title ?? t('conformance.heading')}
        busy={isFetching}
        side={
          typeof data?.asOf === 'number' && (
            <span className={classes.side}>
              <Ago at={data.asOf} />
            </span>
          )
        }
      >
        {content}
      </Panel>
    </div>
  );
}
