/** What a cell of a table holds; nothing for a missing one. */
export type Cell = string | number | boolean | null | undefined;

/** One row as RFC 4180 has it. */
export function csvLine(cells: Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** Nothing that a spreadsheet would calculate. */
function cellOf(value: Cell): string {
  const text = value === undefined || value === null ? '' : String(value);
  const safe =
    typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
