import {
  Account,
  Clock,
  DeploymentRecord,
  IssueRecord,
  JobRecord,
  PullRequestRecord,
  RepoRecord,
  RunRecord,
  SandboxEvent,
  SandboxState,
  Team,
  WorkflowRecord,
} from '../state';
import {
  ArchivedRuns,
  deploymentFingerprint,
  isSettled,
  runFingerprint,
} from './archivedRuns';
import { forgetDeleted } from './forgetDeleted';
import { DeliveryRecord, TokenRecord } from './records';
import { readJsonFile, removeFile, writeJsonFile } from './snapshot';

const SNAPSHOT = 'state.json.gz';
/** Settled runs in the snapshot before they move to a file of their own. */
const ARCHIVE_AFTER = 400;
const SAVE_EVERY_MS = 4000;

interface Snapshot extends ArchivedRuns {
  version: 1;
  lastId: number;
  archives: string[];
  accounts: Account[];
  teams: Team[];
  repos: RepoRecord[];
  workflows: WorkflowRecord[];
  pulls: PullRequestRecord[];
  /** Absent in snapshots from before there were issues. */
  issues?: IssueRecord[];
  tokens: TokenRecord[];
  deliveries: DeliveryRecord[];
  saved: [string, unknown][];
}

/** Everything in memory, with a snapshot in a folder. */
export class SandboxStore implements SandboxState {
  accounts = new Map<string, Account>();
  teams: Team[] = [];
  repos = new Map<number, RepoRecord>();
  workflows = new Map<number, WorkflowRecord>();
  runs = new Map<number, RunRecord>();
  jobsOfRun = new Map<number, JobRecord[]>();
  deployments = new Map<number, DeploymentRecord>();
  pulls = new Map<number, PullRequestRecord>();
  issues = new Map<number, IssueRecord>();
  readonly saved = new Map<string, unknown>();
  /** By token. */
  readonly tokens = new Map<string, TokenRecord>();
  /** Oldest first. */
  readonly deliveries: DeliveryRecord[] = [];

  private lastId = 1_000_000;
  private listeners: ((event: SandboxEvent) => void)[] = [];
  private archives: string[] = [];
  private readonly archivedRuns = new Map<number, string>();
  private readonly archivedDeployments = new Map<number, string>();
  private reposByName = new Map<string, RepoRecord>();
  private dirty = false;
  private cancelSave: (() => void) | undefined;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    readonly clock: Clock,
    /** `undefined`: memory only. */
    private readonly folder: string | undefined,
  ) {}

  /** Reads the folder's snapshot, if there is one. `existed` tells whether there was. */
  static async open(options: {
    clock: Clock;
    folder?: string;
  }): Promise<{ store: SandboxStore; existed: boolean }> {
    const store = new SandboxStore(options.clock, options.folder);
    const existed = await store.load();
    return { store, existed };
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  repo(owner: string, name: string): RepoRecord | undefined {
    const key = `${owner}/${name}`.toLowerCase();
    const known = this.reposByName.get(key);
    if (known && this.repos.get(known.id) === known) return known;
    for (const repo of this.repos.values()) {
      if (`${repo.owner}/${repo.name}`.toLowerCase() === key) {
        this.reposByName.set(key, repo);
        return repo;
      }
    }
    return undefined;
  }

  /** Accounts are keyed by login as written; GitHub compares logins without case. */
  account(login: string): Account | undefined {
    const exact = this.accounts.get(login);
    if (exact) return exact;
    const wanted = login.toLowerCase();
    return [...this.accounts.values()].find(
      account => account.login.toLowerCase() === wanted,
    );
  }

  changed(event?: SandboxEvent): void {
    this.dirty = true;
    if (this.folder && !this.cancelSave) {
      this.cancelSave = this.clock.after(SAVE_EVERY_MS, () => {
        this.cancelSave = undefined;
        // a full disk must not end the sandbox: the next change tries again
        this.save().catch(error => {
          this.dirty = true;
          process.stderr.write(`sandbox: cannot save: ${error}\n`);
        });
      });
    }
    if (event) this.listeners.forEach(listener => listener(event));
  }

  onEvent(listener: (event: SandboxEvent) => void): void {
    this.listeners.push(listener);
  }

  /** Forgets everything; the listeners stay. */
  async clear(): Promise<void> {
    this.accounts.clear();
    this.teams.splice(0);
    this.repos.clear();
    this.workflows.clear();
    this.runs.clear();
    this.jobsOfRun.clear();
    this.deployments.clear();
    this.pulls.clear();
    this.issues.clear();
    this.saved.clear();
    this.tokens.clear();
    this.deliveries.splice(0);
    this.archivedRuns.clear();
    this.archivedDeployments.clear();
    this.reposByName.clear();
    const old = this.archives;
    this.archives = [];
    this.lastId = 1_000_000;
    this.changed();
    await this.save();
    if (this.folder) {
      for (const name of old) await removeFile(this.folder, name);
    }
  }

  /** Writes what changed since the last time. Also called at shutdown. */
  save(): Promise<void> {
    const write = () => this.write();
    this.saving = this.saving.then(write, write);
    return this.saving;
  }

  async close(): Promise<void> {
    this.cancelSave?.();
    this.cancelSave = undefined;
    await this.save();
  }

  private async write(): Promise<void> {
    if (!this.folder || !this.dirty) return;
    this.dirty = false;
    let hot = this.hotRecords();
    if (hot.runs.filter(isSettled).length > ARCHIVE_AFTER) {
      await this.archive(hot);
      hot = this.hotRecords();
    }
    const snapshot: Snapshot = {
      version: 1,
      lastId: this.lastId,
      archives: this.archives,
      accounts: [...this.accounts.values()],
      teams: this.teams,
      repos: [...this.repos.values()],
      workflows: [...this.workflows.values()],
      pulls: [...this.pulls.values()],
      issues: [...this.issues.values()],
      tokens: [...this.tokens.values()],
      deliveries: this.deliveries,
      saved: [...this.saved],
      ...hot,
    };
    await writeJsonFile(this.folder, SNAPSHOT, snapshot);
  }

  private hotRecords(): ArchivedRuns {
    const runs = [...this.runs.values()].filter(
      run =>
        this.archivedRuns.get(run.id) !==
        runFingerprint(run, this.jobsOfRun.get(run.id) ?? []),
    );
    return {
      runs,
      jobs: runs.flatMap(run => this.jobsOfRun.get(run.id) ?? []),
      deployments: [...this.deployments.values()].filter(
        deployment =>
          this.archivedDeployments.get(deployment.id) !==
          deploymentFingerprint(deployment),
      ),
    };
  }

  private async archive(hot: ArchivedRuns): Promise<void> {
    const runs = hot.runs.filter(isSettled);
    const name = `runs-${this.archives.length + 1}.json.gz`;
    const jobs = runs.flatMap(run => this.jobsOfRun.get(run.id) ?? []);
    const { deployments } = hot;
    // the fingerprints are of the moment the file is made, not of the moment it is on disk
    const marks = runs.map(
      run =>
        [
          run.id,
          runFingerprint(run, this.jobsOfRun.get(run.id) ?? []),
        ] as const,
    );
    const deploymentMarks = deployments.map(
      deployment => [deployment.id, deploymentFingerprint(deployment)] as const,
    );
    await writeJsonFile(this.folder as string, name, {
      runs,
      jobs,
      deployments,
    });
    this.archives = [...this.archives, name];
    marks.forEach(([id, mark]) => this.archivedRuns.set(id, mark));
    deploymentMarks.forEach(([id, mark]) =>
      this.archivedDeployments.set(id, mark),
    );
  }

  private take(records: ArchivedRuns): void {
    for (const run of records.runs) {
      this.runs.set(run.id, run);
      this.jobsOfRun.set(run.id, []);
    }
    for (const job of records.jobs) this.jobsOfRun.get(job.runId)?.push(job);
    for (const deployment of records.deployments) {
      this.deployments.set(deployment.id, deployment);
    }
  }

  private async load(): Promise<boolean> {
    if (!this.folder) return false;
    const snapshot = await readJsonFile<Snapshot>(this.folder, SNAPSHOT);
    if (!snapshot) return false;
    for (const name of snapshot.archives) {
      const records = await readJsonFile<ArchivedRuns>(this.folder, name);
      if (!records) continue;
      this.take(records);
      for (const run of records.runs) {
        const jobs = this.jobsOfRun.get(run.id) ?? [];
        this.archivedRuns.set(run.id, runFingerprint(run, jobs));
      }
      for (const deployment of records.deployments) {
        this.archivedDeployments.set(
          deployment.id,
          deploymentFingerprint(deployment),
        );
      }
    }
    this.take(snapshot);
    this.archives = snapshot.archives;
    // ids given out after the last snapshot before a crash must not be given out again
    this.lastId = snapshot.lastId + 1000;
    snapshot.accounts.forEach(a => this.accounts.set(a.login, a));
    this.teams.push(...snapshot.teams);
    snapshot.repos.forEach(r => this.repos.set(r.id, r));
    snapshot.workflows.forEach(w => this.workflows.set(w.id, w));
    snapshot.pulls.forEach(p => this.pulls.set(p.id, p));
    snapshot.issues?.forEach(i => this.issues.set(i.id, i));
    snapshot.tokens.forEach(t => this.tokens.set(t.token, t));
    this.deliveries.push(...snapshot.deliveries);
    snapshot.saved.forEach(([key, value]) => this.saved.set(key, value));
    forgetDeleted(this);
    return true;
  }
}
