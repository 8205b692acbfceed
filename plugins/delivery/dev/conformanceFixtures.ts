import {
  CONFORMANCE_RULES,
  type ConformanceCheck,
  type ConformanceReport,
  type ConformanceRow,
  type ConformanceTable,
} from 'backstage-plugin-delivery-common';

const NOW = Date.UTC(2026, 10, 20, 12);
const URL =
  'https://github.com/acme/legacy-billing/blob/main/.github/workflows/deploy.yml';

/** A rule that does not hold, with two places and the way out. */
export const failedCheck: ConformanceCheck = {
  ...{ rule: 'pinned_actions', result: 'fail', more: 3 },
  evidence: [
    {
      text: 'actions/checkout@v4 can be moved.',
      ...{ path: '.github/workflows/deploy.yml', line: 10, url: `${URL}#L10` },
    },
    { text: 'production has no reviewer.' },
  ],
  fix: 'Name each action by the full SHA of its commit (`uses: a/b@<SHA>`).',
};

/** Every rule holds, but for those that are given. */
export function conformanceReport(
  checks: ConformanceCheck[] = [],
  over: Partial<ConformanceReport> = {},
): ConformanceReport {
  const all = CONFORMANCE_RULES.map(
    (rule): ConformanceCheck =>
      checks.find(check => check.rule === rule) ?? {
        ...{ rule, result: 'pass', more: 0 },
        evidence: [{ text: `What ${rule} rests on` }],
      },
  );
  const count = (wanted: string) =>
    all.filter(({ result }) => result === wanted).length;
  return {
    checks: all,
    counts: {
      ...{ passed: count('pass'), failed: count('fail') },
      unknown: count('unknown'),
    },
    asOf: NOW - 60_000,
    ...over,
  };
}

export function conformanceRow(
  name: string,
  over: Partial<ConformanceRow> = {},
): ConformanceRow {
  return {
    ...{ entityRef: `component:default/${name}`, title: name },
    ...{ owner: 'group:default/payments', system: 'system:default/vaultex' },
    results: Object.fromEntries(CONFORMANCE_RULES.map(rule => [rule, 'pass'])),
    counts: { passed: CONFORMANCE_RULES.length, failed: 0, unknown: 0 },
    asOf: NOW,
    ...over,
  };
}

export const conformanceTable = (
  items: ConformanceRow[] = [conformanceRow('vaultex-api')],
): ConformanceTable => ({ items, asOf: NOW });
