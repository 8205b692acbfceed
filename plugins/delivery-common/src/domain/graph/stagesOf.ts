import type { JobGraph, JobGraphNode, Stage } from '../../contract';
import type { State } from '../../model';
import { byStart, type GraphJob } from './flatGraph';
import { jointState, NEVER_STARTED, NOT_STARTED } from './jointState';

/** Most stages a plain list of jobs is shown as; the rest is one more stage. */
const MAX_FLAT_STAGES = 20;

interface Part {
  name: string;
  state: State;
  environment?: string;
}

/**
 * The stages of a run for its row: one a column of the graph, with the joint state of the column; jobs that are not placed are a stage
 * of their own at the end, so that none of their failures hides. Without a graph: the jobs, in the order they started.
 *
 * What has not started is `queued` with an empty `rawStatus`, or `skipped` once the run is over.
 *
 * @public
 */
export function stagesOf(
  graph: JobGraph | undefined,
  jobs: GraphJob[],
  options: { runCompleted?: boolean } = {},
): Stage[] {
  const partOf = ({ name, state, environment }: GraphJob): Part => ({
    name,
    state,
    environment,
  });
  if (graph?.kind !== 'placed') {
    const parts = byStart(jobs).map(partOf);
    const rest = parts.slice(MAX_FLAT_STAGES);
    return [
      ...parts.slice(0, MAX_FLAT_STAGES).map(part => stageOf([part])),
      ...(rest.length > 0 ? [stageOf(rest)] : []),
    ];
  }
  const missing = options.runCompleted ? NEVER_STARTED : NOT_STARTED;
  const columns = new Map<number, Part[]>();
  for (const node of graph.nodes) {
    const part = {
      name: node.name,
      environment: node.environment,
      state: stateOfNode(node, jobs) ?? missing,
    };
    columns.set(node.column, [...(columns.get(node.column) ?? []), part]);
  }
  const unplaced = new Set(graph.unplaced);
  const others = byStart(jobs.filter(job => unplaced.has(job.jobKey)));
  return [
    ...[...columns]
      .sort(([a], [b]) => a - b)
      .map(([, parts]) => stageOf(parts)),
    ...(others.length > 0 ? [stageOf(others.map(partOf))] : []),
  ];
}

/** From the jobs, which may be newer than the graph. */
function stateOfNode(node: JobGraphNode, jobs: GraphJob[]): State | undefined {
  const keys = new Set(node.jobs);
  return (
    jointState(
      jobs.filter(job => keys.has(job.jobKey)).map(({ state }) => state),
    ) ?? node.state
  );
}

function stageOf(parts: Part[]): Stage {
  const state = jointState(parts.map(part => part.state)) ?? NOT_STARTED;
  const withEnvironment = parts.filter(part => part.environment);
  // Of several environments the one that needs attention most.
  const worst = jointState(withEnvironment.map(part => part.state));
  const environment = withEnvironment.find(
    part => part.state === worst,
  )?.environment;
  return {
    name:
      parts.length > 1
        ? `${parts[0].name} +${parts.length - 1}`
        : parts[0].name,
    status: state.status,
    rawStatus: state.rawStatus,
    ...(state.conclusion && { conclusion: state.conclusion }),
    ...(state.rawConclusion && { rawConclusion: state.rawConclusion }),
    ...(environment && { environment }),
  };
}
