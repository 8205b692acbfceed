import { GraphRefusal, type WorkflowJob } from './Workflow';

type Token =
  | { kind: 'text'; text: string }
  /** An expression: anything. */
  | { kind: 'any' }
  /** What GitHub appends to the name of a matrix leg: nothing or ` (a, b)`. */
  | { kind: 'legs' };

/** How GitHub names the jobs that a job of the file becomes. */
export interface NamePattern {
  tokens: Token[];
  /** Characters that are written in the file (separators and legs not counted); 0: only expressions. */
  literalLength: number;
  /** The whole name, when nothing of it is an expression (and it is no leg of a matrix). */
  literal?: string;
}

/** Counts the steps of matching, so that hostile names cost a bounded amount of work. */
export interface Effort {
  left: number;
}

/** Longest job name that is matched at all. */
const MAX_NAME = 500;

/** Pattern of everything a caller starts, when its file is not known: `caller / …`. */
export function calleesPattern(path: WorkflowJob[]): NamePattern {
  const caller = namePattern(path);
  return {
    tokens: [...caller.tokens, { kind: 'text', text: ' / ' }, { kind: 'any' }],
    literalLength: caller.literalLength,
  };
}

/** The pattern of a job under its callers (outermost first): `caller / callee`. */
export function namePattern(path: WorkflowJob[]): NamePattern {
  const tokens: Token[] = [];
  let literalLength = 0;
  path.forEach((job, level) => {
    if (level > 0) tokens.push({ kind: 'text', text: ' / ' });
    const parts = partsOf(job.name ?? job.key);
    const isEvaluated = parts.some(part => part.kind === 'any');
    for (const part of parts) {
      if (part.kind === 'text') literalLength += part.text.length;
    }
    tokens.push(...parts);
    // A name with an expression is taken as it evaluates; any other gets the values of the leg.
    if (job.matrix && !isEvaluated) tokens.push({ kind: 'legs' });
  });
  const plain = tokens.filter(token => token.kind !== 'legs');
  const literal = plain.every(token => token.kind === 'text')
    ? plain.map(token => (token.kind === 'text' ? token.text : '')).join('')
    : undefined;
  return { tokens, literalLength, literal };
}

/** True when a text of a workflow file holds an expression. */
export function hasExpression(text: string): boolean {
  return text.includes('${{');
}

function partsOf(name: string): Token[] {
  const parts: Token[] = [];
  let rest = name;
  for (let open = rest.indexOf('${{'); open >= 0; open = rest.indexOf('${{')) {
    if (open > 0) parts.push({ kind: 'text', text: rest.slice(0, open) });
    if (parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' });
    const close = rest.indexOf('}}', open);
    rest = close < 0 ? '' : rest.slice(close + 2);
  }
  if (rest) parts.push({ kind: 'text', text: rest });
  return parts;
}

/**
 * True when a job of this name can be what the pattern describes. Keeps the set of reachable positions instead of trying one after the
 * other: the work is (length of the name) × (tokens), whatever the text.
 */
export function matchesName(
  pattern: NamePattern,
  name: string,
  effort: Effort,
): boolean {
  if (name.length > MAX_NAME) return false;
  const [first] = pattern.tokens;
  if (first?.kind === 'text' && !name.startsWith(first.text)) {
    effort.left -= 1;
    return false;
  }
  let reachable = new Array<boolean>(name.length + 1).fill(false);
  reachable[0] = true;
  for (const token of pattern.tokens) {
    effort.left -= name.length + 1;
    if (effort.left < 0) {
      throw new GraphRefusal(
        'graph_too_large',
        'The run has too many jobs and name patterns to draw its graph.',
      );
    }
    reachable = advance(token, name, reachable);
  }
  return reachable[name.length];
}

function advance(token: Token, name: string, from: boolean[]): boolean[] {
  const to = new Array<boolean>(name.length + 1).fill(false);
  if (token.kind === 'text') {
    for (let i = 0; i <= name.length; i++) {
      if (from[i] && name.startsWith(token.text, i)) {
        to[i + token.text.length] = true;
      }
    }
    return to;
  }
  // `opened`: from some earlier position on, anything may follow.
  let opened = false;
  for (let i = 0; i <= name.length; i++) {
    if (token.kind === 'any') {
      opened = opened || from[i];
      to[i] = opened;
    } else {
      to[i] = from[i] || (opened && name[i - 1] === ')');
      opened =
        opened || (i >= 2 && from[i - 2] && name.startsWith(' (', i - 2));
    }
  }
  return to;
}
