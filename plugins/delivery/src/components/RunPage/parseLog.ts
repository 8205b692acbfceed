/** One line of a log, ready to show. */
export interface LogLine {
  /** Counted from 1, as the vendor counts them. */
  number: number;
  text: string;
  time?: string;
  kind:
    | 'plain'
    | 'error'
    | 'warning'
    | 'command'
    | 'group'
    | 'debug'
    | 'notice';
  /** Number of the `group` line that this line can be folded into. */
  group?: number;
}

// The vendor's moment, with more digits than anybody reads.
const STAMP = /^\ufeff?(\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)(?:\.\d+)?Z) ?/;
const MARK =
  /^(?:##\[([a-z]+)\]|::(error|warning|notice|debug|group)(?: [^:]*)?::)/;
// Colours and cursor moves of terminals.
const ANSI = new RegExp(
  `${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`,
  'g',
);
// Controls and direction overrides; tabs stay.
const HIDDEN = /(?!\t)[\p{Cc}\p{Bidi_Control}]/gu;

const KINDS = new Set(['error', 'warning', 'command', 'debug', 'notice']);

/** Reads a log as the vendor gives it: moments, marks and groups. Never fails; a mark it does not know stays as text. */
export function parseLog(text: string): LogLine[] {
  const raw = text.split('\n');
  if (raw[raw.length - 1] === '') raw.pop();
  const lines: LogLine[] = [];
  let group: number | undefined;
  raw.forEach((source, index) => {
    const number = index + 1;
    const stamp = STAMP.exec(source);
    const rest = source
      .slice(stamp ? stamp[0].length : 0)
      .replace(ANSI, '')
      .replace(HIDDEN, '');
    const time = stamp?.[2];
    const mark = MARK.exec(rest);
    const word = mark?.[1] ?? mark?.[2];
    if (word === 'endgroup' || rest === '::endgroup::') {
      group = undefined;
      return;
    }
    if (mark && word === 'group') {
      group = number;
      lines.push({
        number,
        time,
        kind: 'group',
        text: rest.slice(mark[0].length),
      });
      return;
    }
    const known = mark && word !== undefined && KINDS.has(word);
    lines.push({
      number,
      time,
      group,
      kind: known ? (word as LogLine['kind']) : 'plain',
      text: known ? rest.slice(mark[0].length) : rest,
    });
  });
  return lines;
}

/** Lines to show: those of folded groups are left out. */
export function unfolded(lines: LogLine[], folded: Set<number>): LogLine[] {
  return lines.filter(
    line => line.group === undefined || !folded.has(line.group),
  );
}

/** Lines that hold a text, whatever the case. */
export function findLines(lines: LogLine[], search: string): LogLine[] {
  const wanted = search.toLowerCase();
  if (wanted === '') return [];
  return lines.filter(line => line.text.toLowerCase().includes(wanted));
}
