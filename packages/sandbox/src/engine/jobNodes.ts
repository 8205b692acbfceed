import type { Conclusion } from '../state';
import {
  evaluateValue,
  interpolate,
  type ExpressionScope,
} from './expressions';
import type { JobPlayer } from './JobPlayer';
import { environmentOf } from './environmentScope';
import { legSuffix, type MatrixLeg } from './matrix';
import type { LoadedWorkflow } from './WorkflowSource';
import type { JobSpec } from './workflowTypes';

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

/** One combination of a job's matrix (or the whole job without one). */
export interface Leg {
  name: string;
  scope: ExpressionScope;
  state: 'open' | 'running' | 'done';
  player: JobPlayer | null;
  /** Cancels what the called workflow has under way. */
  child: { cancel(): void } | null;
  cancel: () => void;
}

/** One job of a workflow file in an attempt. */
export interface Node {
  spec: JobSpec;
  state: 'idle' | 'active' | 'done';
  result: Result;
  outputs: Record<string, string>;
  legs: Leg[];
}

/** `needs.*.result` knows four words only. */
export function resultOf(conclusion: Conclusion | null): Result {
  if (conclusion === 'success' || conclusion === 'neutral') return 'success';
  if (conclusion === 'cancelled' || conclusion === 'skipped') return conclusion;
  return 'failure';
}

/** The result of jobs taken together. */
export function worst(results: Result[]): Result {
  if (results.includes('failure')) return 'failure';
  if (results.includes('cancelled')) return 'cancelled';
  if (results.length > 0 && results.every(result => result === 'skipped')) {
    return 'skipped';
  }
  return 'success';
}

function ancestors(
  nodes: Map<string, Node>,
  node: Node,
  found = new Set<Node>(),
): Set<Node> {
  for (const id of node.spec.needs) {
    const other = nodes.get(id);
    if (other && !found.has(other)) {
      found.add(other);
      ancestors(nodes, other, found);
    }
  }
  return found;
}

/** What the condition and the matrix of a job can see. */
export function nodeScope(
  nodes: Map<string, Node>,
  node: Node,
  contexts: Record<string, unknown>,
  isCancelled: () => boolean,
): ExpressionScope {
  const needs = Object.fromEntries(
    node.spec.needs.map(id => {
      const other = nodes.get(id);
      return [id, { result: other?.result, outputs: other?.outputs ?? {} }];
    }),
  );
  const results = [...ancestors(nodes, node)].map(({ result }) => result);
  return {
    contexts: { ...contexts, needs: Object.freeze(needs) },
    functions: {
      success: () =>
        !isCancelled() && results.every(result => result === 'success'),
      failure: () =>
        !isCancelled() && results.some(result => result === 'failure'),
      cancelled: isCancelled,
      always: () => true,
    },
  };
}

/** One combination of a job, not started yet. */
export function newLeg(
  node: Node,
  loaded: LoadedWorkflow,
  prefix: string,
  outer: ExpressionScope,
  combination: { matrix: MatrixLeg; index: number; total: number },
): Leg {
  const { matrix, index, total } = combination;
  const contexts: Record<string, unknown> = {
    ...outer.contexts,
    matrix: Object.freeze(matrix),
    strategy: {
      'fail-fast': node.spec.failFast,
      'job-index': index,
      'job-total': total,
    },
  };
  const scope = { contexts, functions: outer.functions };
  contexts.env = environmentOf(
    evaluateValue({ ...loaded.file.env, ...node.spec.env }, scope),
  );
  const base = node.spec.name ?? node.spec.id;
  const own = base.includes('${{')
    ? interpolate(base, scope)
    : `${base}${legSuffix(matrix)}`;
  const name = `${prefix}${own}`;
  const cancel = () => {};
  return { name, scope, state: 'open', player: null, child: null, cancel };
}

/** Outputs of a called workflow; one that cannot be evaluated is empty. */
export function callOutputs(
  nodes: Map<string, Node>,
  loaded: LoadedWorkflow,
  contexts: Record<string, unknown>,
): Record<string, string> {
  const jobs = Object.fromEntries(
    [...nodes].map(([id, { result, outputs }]) => [id, { result, outputs }]),
  );
  return Object.fromEntries(
    [...loaded.file.callOutputs].map(([name, value]) => {
      try {
        return [name, interpolate(value, { contexts: { ...contexts, jobs } })];
      } catch {
        return [name, ''];
      }
    }),
  );
}
