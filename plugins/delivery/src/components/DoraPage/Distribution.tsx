import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type {
  DoraMetric,
  DoraMetricId,
  DoraReport,
  DoraService,
} from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { formatDoraValue } from '../../format/doraValue';
import { plainText } from '../../format/plainText';
import { doraSearch } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { Action, makeStyles, Panel, SearchField } from '../../ui';
import type { Theme } from '../../ui';
import { isKnown, METRIC_GROUPS } from '../DoraPanel/metricWords';
import { useRowStyles } from '../DoraRows/rowStyles';
import { RowTable } from '../DoraRows/RowTable';
import { nameOfRef } from '../MatrixPage/nameOfRef';
import { Strip } from './Strip';

/** Rows that are drawn at once. */
const PAGE = 25;

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
    search: { maxWidth: 320 },
    chosen: { fontWeight: 700 },
  }),
  { name: 'DeliveryDoraDistribution' },
);

function valueOf(service: DoraService, metric: DoraMetricId) {
  return service.values.find(item => item.metric === metric);
}

function ServiceRow(props: {
  service: DoraService;
  metrics: readonly (DoraMetric & { id: DoraMetricId })[];
  chosen: DoraMetricId;
  t: T;
}) {
  const rows = useRowStyles();
  const own = useStyles();
  const entityRoute = useRouteRef(entityRouteRef);
  const { service, metrics, chosen, t } = props;
  const page = entityRoute(parseEntityRef(service.entityRef));
  return (
    <tr data-service={service.entityRef}>
      <th scope="row" className={rows.cell}>
        <Link to={`${page}/delivery${doraSearch(chosen)}`}>
          {plainText(service.title)}
        </Link>
        {service.owner && (
          <div className={rows.side}>{nameOfRef(service.owner)}</div>
        )}
      </th>
      {metrics.map(({ id, unit }) => {
        const found = valueOf(service, id);
        const has = found !== undefined && found.value !== null;
        return (
          <td
            key={id}
            className={`${rows.cell} ${rows.number} ${
              id === chosen ? own.chosen : ''
            }`}
          >
            {has
              ? formatDoraValue(found.value ?? 0, unit, t)
              : t('doraPage.noData')}
            {has && (
              <div className={rows.side}>
                {t('doraPage.rows', { n: `${found.n}` })}
              </div>
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** Services of a scope beside each other: where each lies, and its numbers. Never in the order of a number. */
export function Distribution(props: {
  report: DoraReport;
  chosen: DoraMetricId;
}) {
  const classes = useStyles();
  const rows = useRowStyles();
  const t = useT();
  const [text, setText] = useState('');
  const [shown, setShown] = useState(PAGE);
  const { chosen, report } = props;
  const services = report.distribution ?? [];
  const known = report.metrics.filter(isKnown);
  const group =
    METRIC_GROUPS.find(({ metrics }) => metrics.some(id => id === chosen)) ??
    METRIC_GROUPS[0];
  const metrics = known.filter(({ id }) =>
    group.metrics.some(name => name === id),
  );
  const unit = known.find(({ id }) => id === chosen)?.unit ?? 'unknown';
  const values = services.flatMap(
    service => valueOf(service, chosen)?.value ?? [],
  );
  const format = (value: number) => formatDoraValue(value, unit, t);
  const title = t('doraPage.spread', {
    metric: t(`doraWords.metric.${chosen}`),
  });
  const wanted = text.trim().toLowerCase();
  const found = services.filter(({ title: name, entityRef }) =>
    `${name}\n${entityRef}`.toLowerCase().includes(wanted),
  );
  if (services.length === 0) return null;
  return (
    <Panel title={title}>
      <div className={classes.root}>
        {values.length > 0 ? (
          <Strip
            values={values}
            format={format}
            label={t('doraPage.strip', {
              count: values.length,
              from: format(Math.min(...values)),
              to: format(Math.max(...values)),
            })}
          />
        ) : (
          <div className={rows.side}>{t('doraPage.nothing')}</div>
        )}
        <div className={rows.side}>{t('doraPage.spreadHelp')}</div>
        {services.length > PAGE && (
          <div className={classes.search}>
            <SearchField
              label={t('doraPage.search')}
              value={text}
              onChange={setText}
            />
          </div>
        )}
        <RowTable
          label={t('doraPage.table', {
            metric: t(`doraWords.metric.${chosen}`),
          })}
          columns={[
            { id: 'service', title: t('doraPage.service') },
            ...metrics.map(({ id }) => ({
              id,
              title: t(`doraWords.metric.${id}`),
            })),
          ]}
        >
          <tbody>
            {found.slice(0, shown).map(service => (
              <ServiceRow
                key={service.entityRef}
                {...{ service, metrics, chosen, t }}
              />
            ))}
          </tbody>
        </RowTable>
        {found.length === 0 && (
          <div className={rows.side} role="status">
            {t('doraPage.notFound')}
          </div>
        )}
        {found.length > shown && (
          <div>
            <Action onClick={() => setShown(shown + 4 * PAGE)}>
              {t('doraPage.more', {
                n: `${Math.min(4 * PAGE, found.length - shown)}`,
              })}
            </Action>
          </div>
        )}
      </div>
    </Panel>
  );
}
