import { CONFORMANCE_RULES } from 'backstage-plugin-delivery-common';
import type {
  ConformanceResult,
  ConformanceRow,
  ConformanceRuleId,
} from 'backstage-plugin-delivery-common';

const ORDER: Record<ConformanceResult, number> = {
  ...{ fail: 0, unknown: 1, pass: 2 },
};
const UNREAD = 3;

const orderOf = (row: ConformanceRow, rule: ConformanceRuleId) =>
  row.results ? ORDER[row.results[rule] ?? 'unknown'] : UNREAD;

/** Rows to show: those whose name has the text, the ones that miss the chosen rule first; else the ones that miss most. */
export function conformanceRows(
  items: readonly ConformanceRow[],
  wish: { text: string; rule: ConformanceRuleId | undefined },
): ConformanceRow[] {
  const text = wish.text.trim().toLowerCase();
  const { rule } = wish;
  const shown = items.filter(
    ({ title, entityRef, owner, system }) =>
      text === '' ||
      [title, entityRef, owner, system].some(word =>
        word?.toLowerCase().includes(text),
      ),
  );
  const failed = ({ counts }: ConformanceRow) => counts?.failed ?? -1;
  return shown.sort((a, b) =>
    rule ? orderOf(a, rule) - orderOf(b, rule) : failed(b) - failed(a),
  );
}

/** The rule of an address; undefined for anything it does not know. */
export function ruleOf(
  value: string | undefined,
): ConformanceRuleId | undefined {
  return CONFORMANCE_RULES.find(rule => rule === value);
}
