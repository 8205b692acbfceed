import { nodeId, type Engine } from '../engine';
import { workflowRecord } from '../engine/runRecords';
import type {
  IssueEventRecord,
  IssueRecord,
  JobRecord,
  RepoRecord,
  RunRecord,
  SandboxState,
} from '../state';
import type { PlannedIncident } from './plan';

const PRODUCTION = 'production';
const ROLLBACK = '.github/workflows/rollback.yml';

/** Does what the plan says about trouble in production: incidents, and going back to what ran before. */
export class TroublePlayer {
  readonly #issues = new Map<PlannedIncident, IssueRecord>();

  constructor(
    private readonly state: SandboxState,
    private readonly engine: Engine,
  ) {}

  open(repo: RepoRecord, planned: PlannedIncident): void {
    const { state } = this;
    const id = state.nextId();
    const at = planned.openedAt;
    const issue: IssueRecord = {
      id,
      nodeId: nodeId('I', id),
      repoId: repo.id,
      number: planned.number,
      title: planned.title,
      body: this.#body(repo, planned),
      author: planned.author,
      labels: planned.labels,
      state: 'open',
      stateReason: null,
      closedAt: null,
      closedBy: null,
      createdAt: at,
      updatedAt: at,
      events: planned.labels.map(label =>
        this.#event({ event: 'labeled', actor: planned.author, at, label }),
      ),
    };
    state.issues.set(id, issue);
    this.#issues.set(planned, issue);
  }

  close(planned: PlannedIncident, actor: string): void {
    const issue = this.#issues.get(planned);
    if (!issue || planned.closedAt === null) {
      throw new Error(`#${planned.number} was never opened`);
    }
    const at = planned.closedAt;
    issue.state = 'closed';
    issue.stateReason = 'completed';
    issue.closedAt = at;
    issue.closedBy = actor;
    issue.updatedAt = at;
    issue.events = [
      ...issue.events,
      this.#event({ event: 'closed', actor, at }),
    ];
  }

  /** Starts the workflow that goes back to what ran before; does nothing when there was nothing before. */
  async rollBack(
    repo: RepoRecord,
    what: { service: string; reason: string; actor: string },
  ): Promise<void> {
    const { service, reason, actor } = what;
    const target = this.#before(repo, service);
    if (!target) return;
    const workflow = workflowRecord(this.state, repo, ROLLBACK, 'Roll back');
    await this.engine.dispatch(repo, workflow, {
      ref: 'main',
      inputs: {
        environment: PRODUCTION,
        service,
        'task-definition': target.taskDefinition,
        commit: target.commit,
        reason,
      },
      actor,
    });
  }

  /** What the last deployment but one has registered. */
  #before(
    repo: RepoRecord,
    service: string,
  ): { taskDefinition: string; commit: string } | undefined {
    const found: { job: JobRecord; run: RunRecord; definition: string }[] = [];
    for (const run of this.state.runs.values()) {
      if (run.repoId !== repo.id || run.event !== 'push') continue;
      for (const job of this.state.jobsOfRun.get(run.id) ?? []) {
        const definition = job.steps.find(({ effect }) =>
          effect?.taskDefinition?.includes(`/${service}:`),
        )?.effect?.taskDefinition;
        if (
          definition &&
          job.environment === PRODUCTION &&
          job.conclusion === 'success'
        ) {
          found.push({ job, run, definition });
        }
      }
    }
    found.sort((a, b) => (b.job.completedAt ?? 0) - (a.job.completedAt ?? 0));
    if (found.length < 2) return undefined;
    const [, { run, definition }] = found;
    return { taskDefinition: definition, commit: run.headSha };
  }

  #body(repo: RepoRecord, { names }: PlannedIncident): string {
    if (!names) return 'People report errors. The cause is not known.';
    const { sha } = names.commit;
    if (names.kind === 'sha') {
      return `People report errors.\n\nroot cause: ${sha}`;
    }
    if (names.kind === 'run') {
      const run = [...this.state.runs.values()].find(
        item =>
          item.repoId === repo.id &&
          item.headSha === sha &&
          item.event === 'push',
      );
      return `Errors since sandbox:/${repo.owner}/${repo.name}/actions/runs/${run?.id}`;
    }
    const pull = [...this.state.pulls.values()].find(
      ({ repoId, mergeSha }) => repoId === repo.id && mergeSha === sha,
    );
    return `Errors since #${pull?.number} went to production.`;
  }

  #event(
    what: Pick<IssueEventRecord, 'event' | 'actor' | 'at' | 'label'>,
  ): IssueEventRecord {
    const id = this.state.nextId();
    return { id, nodeId: nodeId('IE', id), ...what };
  }
}
