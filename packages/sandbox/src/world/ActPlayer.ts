import { nodeId, type Engine } from '../engine';
import { createRun, workflowRecord } from '../engine/runRecords';
import type { PullRequestRecord, RepoRecord, SandboxState } from '../state';
import { authorOf } from './people';
import type { PlannedSource } from './plannedSource';
import { TroublePlayer } from './TroublePlayer';
import type { PlannedAct, PlannedCommit, PlannedPull } from './plan';

const NOTHING = '0'.repeat(40);

/** Does what the plan says people do. */
export class ActPlayer {
  readonly #pulls = new Map<PlannedPull, PullRequestRecord>();
  readonly #troubles: TroublePlayer;

  constructor(
    private readonly state: SandboxState,
    private readonly engine: Engine,
    private readonly source: PlannedSource,
  ) {
    this.#troubles = new TroublePlayer(state, engine);
  }

  async play(repo: RepoRecord, act: PlannedAct): Promise<void> {
    const { engine, source, state } = this;
    switch (act.kind) {
      case 'push':
        await this.#push(repo, act.commit.branch, act.commit.sha, act.actor);
        return;
      case 'open': {
        const pull = await this.#open(repo, act.pull, act.commit);
        await engine.pullRequest(repo, pull, 'opened', act.pull.author);
        return;
      }
      case 'sync': {
        const pull = this.#pull(act.pull);
        pull.headSha = act.commit.sha;
        pull.updatedAt = act.at;
        source.move(repo, pull.headBranch, pull.headSha);
        await engine.pullRequest(repo, pull, 'synchronize', act.pull.author);
        return;
      }
      case 'merge': {
        const pull = this.#pull(act.pull);
        const sha = act.pull.merge?.sha ?? '';
        Object.assign(pull, {
          state: 'closed',
          mergedAt: act.at,
          mergeSha: sha,
          mergedBy: act.pull.mergedBy,
          closedAt: act.at,
          updatedAt: act.at,
        });
        await this.#push(repo, act.pull.base, sha, act.pull.mergedBy);
        return;
      }
      case 'close':
        Object.assign(this.#pull(act.pull), {
          state: 'closed',
          closedAt: act.at,
          updatedAt: act.at,
        });
        return;
      case 'review': {
        const pull = this.#pull(act.pull);
        const id = state.nextId();
        const review = { ...act.review, id, nodeId: nodeId('PRR', id) };
        pull.reviews = [
          ...(pull.reviews ?? []),
          { ...review, commitSha: pull.headSha },
        ];
        pull.updatedAt = act.at;
        return;
      }
      case 'incident':
        this.#troubles.open(repo, act.incident);
        return;
      case 'resolve':
        this.#troubles.close(act.incident, act.actor);
        return;
      case 'roll-back':
        await this.#troubles.rollBack(repo, act);
        return;
      case 'again': {
        const { id } = workflowRecord(state, repo, act.path, null);
        const run = [...state.runs.values()].find(
          ({ workflowId, headSha }) =>
            workflowId === id && headSha === act.commit.sha,
        );
        const request = { failedOnly: true, actor: act.actor };
        if (run) await engine.rerun(run, request);
        return;
      }
      case 'schedule': {
        const workflow = workflowRecord(state, repo, act.path, null);
        await engine.schedule(repo, workflow);
        return;
      }
      case 'dispatch': {
        const workflow = workflowRecord(state, repo, act.path, null);
        const { inputs, actor } = act;
        await engine.dispatch(repo, workflow, { ref: 'main', inputs, actor });
        return;
      }
      case 'fail':
        engine.failNext(repo, {
          workflows: [act.workflow],
          job: act.job,
          step: act.step,
          kind: act.hang ? 'hang' : 'failure',
        });
        return;
      case 'fail-step':
        engine.failStep(repo, {
          workflows: [act.workflow],
          environment: act.environment,
          step: act.step,
        });
        return;
      default:
        await this.#odd(repo, act.path, act.conclusion);
    }
  }

  async #push(
    repo: RepoRecord,
    branch: string,
    sha: string,
    actor: string,
  ): Promise<void> {
    const before = (await this.source.resolve(repo, branch)) ?? NOTHING;
    this.source.move(repo, branch, sha);
    await this.engine.push(repo, { branch, before, after: sha, actor });
  }

  #pull(planned: PlannedPull): PullRequestRecord {
    const pull = this.#pulls.get(planned);
    if (!pull) throw new Error(`#${planned.number} was never opened`);
    return pull;
  }

  async #open(
    repo: RepoRecord,
    planned: PlannedPull,
    head: PlannedCommit,
  ): Promise<PullRequestRecord> {
    const id = this.state.nextId();
    const first = await this.source.commitInfo(repo, planned.commits[0].sha);
    const pull: PullRequestRecord = {
      id,
      nodeId: nodeId('PR', id),
      repoId: repo.id,
      number: planned.number,
      title: planned.title,
      body: planned.body(),
      labels: planned.labels,
      baseSha: first?.parents[0],
      author: planned.author,
      headBranch: planned.branch,
      headSha: head.sha,
      baseBranch: planned.base,
      state: 'open',
      mergedAt: null,
      mergeSha: null,
      mergedBy: null,
      createdAt: planned.openedAt,
      updatedAt: planned.openedAt,
    };
    this.state.pulls.set(id, pull);
    this.#pulls.set(planned, pull);
    this.source.move(repo, planned.branch, pull.headSha);
    return pull;
  }

  /** Runs GitHub itself ends without playing them: a first-time contributor's, or one nobody picked up. */
  async #odd(
    repo: RepoRecord,
    path: string,
    conclusion: 'action_required' | 'stale',
  ): Promise<void> {
    const { state, source } = this;
    const sha = (await source.resolve(repo, 'main')) ?? NOTHING;
    const commit = await source.commitInfo(repo, sha);
    if (!commit) return;
    const workflow = workflowRecord(state, repo, path, null);
    const runNumber = this.engine.nextRunNumber(workflow.id);
    const actor = conclusion === 'stale' ? 'dana' : 'dependabot[bot]';
    const run = createRun(state, workflow, runNumber, {
      event: 'pull_request',
      branch: 'patch-1',
      commit: { ...commit, author: authorOf(actor) },
      actor,
      title: 'Correct a word in the README',
      pullRequest: null,
      inputs: {},
    });
    const attempt = run.attempts[0];
    attempt.status = 'completed';
    attempt.conclusion = conclusion;
    attempt.completedAt = attempt.updatedAt;
  }
}
