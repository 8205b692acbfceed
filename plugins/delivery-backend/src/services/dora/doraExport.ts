import type { DoraReport, DoraRows } from 'backstage-plugin-delivery-common';
import { type Cell, csvLine } from '../csv';

/** What every export says of itself: a number without its settings says little. */
interface About {
  report: Pick<
    DoraReport,
    'scope' | 'window' | 'settings' | 'settingsHash' | 'asOf'
  >;
}

const iso = (at: number | undefined): Cell =>
  at === undefined || Math.abs(at) > 8.64e15
    ? undefined
    : new Date(at).toISOString();

const COLUMNS = [
  ...['what', 'id', 'entityRef', 'environment', 'sha', 'number', 'title'],
  ...['author', 'kind', 'outcome', 'startedAt', 'finishedAt', 'durationMs'],
  ...['failed', 'evidence', 'recoveredAt', 'recoveryMs', 'rework'],
  ...['mergedAt', 'deployedAt', 'leadMs', 'url'],
];

/** All numbers of a report. */
export function* exportReport(
  report: DoraReport,
  format: 'csv' | 'json',
): Generator<string> {
  if (format === 'json') {
    yield `${JSON.stringify({
      format: 'delivery-dora',
      version: 1,
      ...report,
    })}\n`;
    return;
  }
  yield csvLine([
    ...['metric', 'from', 'to', 'value', 'n', 'hits', 'unit', 'previous'],
    ...['provisional', 'definition', 'settingsHash', 'scope', 'ref', 'asOf'],
  ]);
  for (const metric of report.metrics) {
    yield csvLine([
      ...[metric.id, iso(report.window.from), iso(report.window.to)],
      ...[metric.value, metric.n, metric.hits, metric.unit],
      ...[metric.previous.value, metric.provisional, metric.definition],
      ...[report.settingsHash, report.scope.kind, report.scope.ref],
      iso(report.asOf),
    ]);
  }
}

/** The rows of one metric, page by page: one JSON document, or RFC 4180. */
export async function* exportRows(
  about: About,
  pages: AsyncIterable<DoraRows>,
  format: 'csv' | 'json',
): AsyncGenerator<string> {
  const { scope, window, settings, settingsHash, asOf } = about.report;
  const head = { scope, window, settings, settingsHash, asOf };
  let rows = 0;
  let begun = false;
  for await (const page of pages) {
    if (!begun) {
      yield format === 'csv'
        ? csvLine([...COLUMNS, 'settingsHash'])
        : openJson({ metric: page.metric, total: page.total, ...head });
    }
    begun = true;
    if (format === 'csv') {
      yield [
        ...page.deployments.map(deploymentCells),
        ...page.changes.map(changeCells),
      ]
        .map(cells => csvLine([...cells, settingsHash]))
        .join('');
      continue;
    }
    for (const row of [...page.deployments, ...page.changes]) {
      yield `${rows === 0 ? '' : ',\n'}${JSON.stringify(row)}`;
      rows += 1;
    }
  }
  if (format === 'json' && begun) yield '\n]}\n';
}

/** Up to where the rows begin. */
function openJson(head: object): string {
  const text = JSON.stringify({
    ...{ format: 'delivery-dora-rows', version: 1 },
    ...head,
  });
  return `${text.slice(0, -1)},"rows":[\n`;
}

function deploymentCells(row: DoraRows['deployments'][number]): Cell[] {
  return [
    ...['deployment', row.id, row.entityRef, row.environment, row.sha],
    ...[row.runNumber, row.title, row.actor, row.kind, row.outcome],
    ...[iso(row.startedAt), iso(row.finishedAt), row.durationMs, row.failed],
    row.evidence.map(item => item.text).join('; '),
    ...[iso(row.recoveredAt), row.recoveryMs, row.rework],
    ...[undefined, undefined, undefined, row.url],
  ];
}

function changeCells(row: DoraRows['changes'][number]): Cell[] {
  return [
    ...['change', row.id, row.entityRef, undefined, row.sha, row.number],
    ...[row.title, row.author, row.kind, undefined, iso(row.startedAt)],
    ...[undefined, undefined, undefined, undefined, undefined, undefined],
    ...[undefined, iso(row.mergedAt), iso(row.deployedAt), row.leadMs],
    row.url,
  ];
}
