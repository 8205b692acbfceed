import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Expr, data } from '@actions/expressions';

type Library = typeof import('@actions/expressions');
type ExpressionData = data.ExpressionData;

/** What an expression can see. Contexts are plain JSON values. */
export interface ExpressionScope {
  contexts: Record<string, unknown>;
  /** Functions beyond the well-known ones, in lower case: `success`, `failure`, `always`, `cancelled`, `hashfiles`. */
  functions?: Record<string, (args: unknown[]) => unknown>;
}

/** The text of an expression cannot be read or evaluated; the message is for people. */
export class ExpressionFailure extends Error {}

const CONTEXTS = [
  'github',
  'env',
  'vars',
  'job',
  'jobs',
  'steps',
  'runner',
  'secrets',
  'strategy',
  'matrix',
  'needs',
  'inputs',
];

const FUNCTIONS = [
  { name: 'success', minArgs: 0, maxArgs: 0 },
  { name: 'failure', minArgs: 0, maxArgs: 0 },
  { name: 'always', minArgs: 0, maxArgs: 0 },
  { name: 'cancelled', minArgs: 0, maxArgs: 0 },
  { name: 'hashfiles', minArgs: 1, maxArgs: 255 },
];

let library: Library | undefined;

const ENTRY = '@actions/expressions/dist/index.js';

/**
 * GitHub's own expression package is an ES module that its `exports` let nobody `require`, and Jest puts its own
 * `require` in place of Node's. Node's own, taken from the process, loads ES modules by their path in both worlds.
 */
function load(): Library {
  if (!library) {
    const { createRequire } = process.getBuiltinModule('node:module');
    const nodeRequire = createRequire(require.resolve('../../package.json'));
    const folder = (nodeRequire.resolve.paths(ENTRY) ?? []).find(path =>
      existsSync(join(path, ENTRY)),
    );
    if (!folder) throw new Error(`${ENTRY} is not installed`);
    library = nodeRequire(join(folder, ENTRY)) as Library;
  }
  return library;
}

const parsed = new Map<string, Expr>();

function parse(text: string): Expr {
  const known = parsed.get(text);
  if (known) return known;
  const { Lexer, Parser } = load();
  let expression: Expr | undefined;
  try {
    expression = new Parser(
      new Lexer(text).lex().tokens,
      CONTEXTS,
      FUNCTIONS,
    ).parse();
  } catch (error) {
    throw new ExpressionFailure(
      `Unrecognized expression '${text}': ${(error as Error).message}`,
    );
  }
  if (!expression) throw new ExpressionFailure('An expression was expected');
  if (parsed.size > 5_000) parsed.clear();
  parsed.set(text, expression);
  return expression;
}

const converted = new WeakMap<object, ExpressionData>();

function toData(value: unknown): ExpressionData {
  const { data: types } = load();
  // Frozen contexts (github, vars, needs of a finished job …) are read hundreds of times a run.
  const keep =
    typeof value === 'object' && value !== null && Object.isFrozen(value)
      ? value
      : undefined;
  const known = keep && converted.get(keep);
  if (known) return known;
  const result = JSON.parse(
    JSON.stringify(value ?? null),
    types.reviver,
  ) as ExpressionData;
  if (keep) converted.set(keep, result);
  return result;
}

function fromData(value: ExpressionData): unknown {
  const text = JSON.stringify(value, load().data.replacer);
  return text === undefined ? null : JSON.parse(text);
}

function run(text: string, scope: ExpressionScope): ExpressionData {
  const expression = parse(text);
  const { Evaluator, data: types } = load();
  const named = text.toLowerCase();
  const context = new types.Dictionary(
    // Only what the text can mean is converted: contexts are large, expressions are not.
    ...CONTEXTS.filter(key => named.includes(key)).map(key => ({
      key,
      value: toData(scope.contexts[key] ?? {}),
    })),
  );
  const functions = new Map(
    FUNCTIONS.map(info => [
      info.name,
      {
        ...info,
        call: (...args: ExpressionData[]) =>
          toData(scope.functions?.[info.name]?.(args.map(fromData)) ?? null),
      },
    ]),
  );
  try {
    return new Evaluator(expression, context, functions).evaluate();
  } catch (error) {
    throw new ExpressionFailure(
      `The template is not valid. '${text}': ${(error as Error).message}`,
    );
  }
}

/** Reads an expression without evaluating it; throws {@link ExpressionFailure} when it cannot be read. */
export function checkExpression(text: string): void {
  parse(text);
}

/** Value of one expression, written without `${{ }}`. */
export function evaluateExpression(
  text: string,
  scope: ExpressionScope,
): unknown {
  return fromData(run(text, scope));
}

const TEMPLATE = /\$\{\{((?:'(?:[^']|'')*'|[^}']|\}(?!\}))*)\}\}/g;

const WHOLE = new RegExp(`^${TEMPLATE.source}$`);

/** The expressions inside a text: what stands between `${{` and `}}`. */
export function expressionsIn(text: string): string[] {
  return [...text.matchAll(TEMPLATE)].map(match => match[1].trim());
}

/** A text with its `${{ }}` parts replaced by their values. */
export function interpolate(text: string, scope: ExpressionScope): string {
  if (!text.includes('${{')) return text;
  return text.replace(TEMPLATE, (_all, expression: string) =>
    run(expression.trim(), scope).coerceString(),
  );
}

/** A YAML value with every expression in it evaluated; a text that is one single expression keeps its type. */
export function evaluateValue(value: unknown, scope: ExpressionScope): unknown {
  if (typeof value === 'string') {
    if (!value.includes('${{')) return value;
    const whole = value.trim().match(WHOLE);
    return whole
      ? evaluateExpression(whole[1].trim(), scope)
      : interpolate(value, scope);
  }
  if (Array.isArray(value))
    return value.map(item => evaluateValue(item, scope));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        evaluateValue(item, scope),
      ]),
    );
  }
  return value;
}

const STATUS_CALL = /\b(success|failure|always|cancelled)\s*\(/i;

/**
 * Result of an `if:`. Without a status function GitHub adds `success() &&` in front.
 */
export function evaluateCondition(
  condition: string | undefined,
  scope: ExpressionScope,
): boolean {
  const bare = (condition ?? '').trim().replace(/^\$\{\{([\s\S]*)\}\}$/, '$1');
  let text = bare.trim();
  if (text === '') text = 'success()';
  else if (!STATUS_CALL.test(text)) text = `success() && (${text})`;
  const value = run(text, scope);
  const plain = fromData(value);
  return plain !== null && plain !== false && plain !== 0 && plain !== '';
}
