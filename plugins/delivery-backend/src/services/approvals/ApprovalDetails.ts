import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type {
  ApprovalDetail,
  ApprovalSummary,
  LogicalDeployment,
  MayAct,
} from 'backstage-plugin-delivery-common';
import {
  asChecks,
  changesOf,
  checkGate,
  checkPolicy,
  checkSelfReview,
  gateInWords,
  migrationsIn,
  riskHints,
  type RuleResult,
  sizeOf,
  type SoakFacts,
} from 'backstage-plugin-delivery-common/domain';
import type { CommitCheck } from 'backstage-plugin-delivery-node';
import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import type { ChangeFeed } from '../ChangeFeed';
import { patiently, type Problem, toProblem } from '../vendorRead';
import type { Caller } from './Callers';
import { checkInWords, commitsOf, soakInWords } from './detailParts';
import type { EvidenceReader } from './EvidenceReader';
import type { GateCandidates } from './GateCandidates';
import type { GateFacts, GateFactsReader } from './GateFacts';
import { accountOf, reviewersOf } from './Reviewers';
import { youMay } from './youMay';
import { orderOf } from './orderOf';

/** Longest that a page waits for all of it; reading the people of many commits takes its time. */
const WAIT_MS = 12_000;
/** Longest that the reads themselves take. */
const READ_MS = 30_000;
/** Deployments of the environment that risk is told from. */
const RECENT = 30;

/** What it works with. */
export interface ApprovalDetailsOptions {
  store: Pick<DeliveryStore, 'run' | 'repository'>;
  environments: Pick<
    EnvironmentStore,
    'environments' | 'deployments' | 'runtimeStates' | 'environmentsOf'
  >;
  approvals: Pick<ApprovalStore, 'operationOfApproval'>;
  facts: GateFactsReader;
  evidence: Pick<EvidenceReader, 'soak' | 'checks' | 'pushers'>;
  candidates: Pick<GateCandidates, 'of'>;
  feed: Pick<ChangeFeed, 'keyOf'>;
  now: () => number;
}

/** An approval that somebody looks at. */
export interface ShownApproval {
  row: ApprovalRow;
  approval: ApprovalSummary;
  caller: Caller | undefined;
  /** The service it would be decided as, and whether the caller may decide about that. */
  entity: Entity;
  may: MayAct;
}

interface Read {
  facts?: GateFacts;
  soak?: SoakFacts;
  checks: CommitCheck[];
  pushers: string[];
  problems: Problem[];
}

/** Puts together what somebody sees before deciding. What cannot be read is said, and the rest still shown. */
export class ApprovalDetails {
  readonly #options: ApprovalDetailsOptions;

  constructor(options: ApprovalDetailsOptions) {
    this.#options = options;
  }

  async of(shown: ShownApproval): Promise<ApprovalDetail> {
    const { approvals, feed, now, store } = this.#options;
    const { row, approval, caller, entity, may } = shown;
    const entityRef = stringifyEntityRef(entity);
    const [read, run, repository, operation] = await Promise.all([
      this.#read(row, entityRef),
      store.run(row.runKey),
      store.repository(row.repoKey),
      approvals.operationOfApproval(row.id),
    ]);
    const { facts, problems } = read;
    const gate = facts?.gate;
    const candidates =
      gate && repository
        ? await this.#options.candidates.of(repository.host, gate.reviewers)
        : row.candidates;
    const reviewers = reviewersOf(candidates, facts, caller);
    const rules = facts ? this.#rules(facts, read, caller) : [];
    const environment = facts?.environment ?? approval.environment;
    return {
      approval,
      gate: { kind: 'github-reviewers', ...gateInWords(gate) },
      reviewers,
      you: youMay({ row, may, caller, reviewers, rules }),
      policy: asChecks(rules),
      ...(await this.#change(entity, environment, row, facts)),
      commits: commitsOf(facts),
      checks: read.checks.map(checkInWords),
      soak: soakInWords(read.soak, facts?.policy.soak, now()),
      viewHash: facts?.viewHash ?? '',
      problems,
      url: run?.url ?? '',
      repositoryUrl: repository?.url ?? '',
      signalKey: feed.keyOf(entityRef),
      operationId: operation?.id,
      asOf: now(),
    };
  }

  /** Of one that is decided nothing is asked: what it let in is what runs by now. */
  async #read(row: ApprovalRow, entityRef: string): Promise<Read> {
    const problems: Problem[] = [];
    const nothing = { checks: [], pushers: [], problems };
    if (row.state !== 'waiting') return nothing;
    const { evidence, facts: reader } = this.#options;
    const signal = AbortSignal.timeout(READ_MS);
    const attempt = async <TValue>(
      read: Promise<TValue>,
      what: string,
    ): Promise<TValue | undefined> => {
      try {
        return await patiently(read, WAIT_MS);
      } catch (error) {
        problems.push(toProblem(error, what));
        return undefined;
      }
    };
    const facts = await attempt(
      reader.read(row, entityRef, undefined, signal),
      'What waits',
    );
    if (!facts) return nothing;
    problems.push(...(facts.notes ?? []));
    const [soak, checks, pushers] = await Promise.all([
      attempt(evidence.soak(facts), 'Where it ran before'),
      attempt(evidence.checks(facts, undefined, signal), 'The list of checks'),
      attempt(evidence.pushers(facts), 'Who pushed it'),
    ]);
    return {
      ...{ facts, soak, problems },
      ...{ checks: checks ?? [], pushers: pushers ?? [] },
    };
  }

  /** As the decision itself asks them; whether it is the caller's own change only as far as their account is known. */
  #rules(
    facts: GateFacts,
    { soak, checks, pushers }: Read,
    caller: Caller | undefined,
  ): RuleResult[] {
    const { gate, gateRun, policy, range, requests } = facts;
    const now = this.#options.now();
    const account = accountOf(caller, facts, gate);
    return [
      ...checkGate(gate, gateRun, policy, now),
      orderOf(facts),
      ...(account && caller
        ? checkSelfReview({
            person: { ...account, userRef: caller.ref },
            ...{ run: gateRun, requests, range, policy, pushers },
            reviewers: gate?.reviewers,
          })
        : []),
      ...checkPolicy({ policy, now, soak, checks }),
    ];
  }

  async #change(
    entity: Entity,
    environment: string,
    row: ApprovalRow,
    facts: GateFacts | undefined,
  ): Promise<Pick<ApprovalDetail, 'changes' | 'migrations' | 'size' | 'risk'>> {
    const { environments: store, now } = this.#options;
    const entityRef = stringifyEntityRef(entity);
    const [rows, recent] = await Promise.all([
      store.environments(entityRef),
      store.deployments(entityRef, environment, undefined, RECENT),
    ]);
    const here = rows.find(item => item.environment.name === environment);
    const range = facts?.range;
    const migrations = range ? migrationsIn(range.files) : [];
    const commit = here?.environment.commit;
    const running = commit?.sha || commit?.image?.digest ? commit : undefined;
    return {
      changes: isTold(facts)
        ? changesOf({
            component: entity.metadata.name,
            running: running && {
              sha: facts.runningSha,
              digest: running.image?.digest,
              taskDefinition: await this.#taskDefinition(
                entityRef,
                environment,
              ),
            },
            incoming: facts.rollback
              ? { sha: namedCommit(facts.run.title) }
              : { sha: facts.gateRun.headSha, digest: facts.view.digest },
            range,
          })
        : [],
      migrations,
      size: range && sizeOf(range),
      risk:
        row.state === 'waiting' && !facts?.rollback
          ? riskHints({
              ...{ range, migrations, now: now() },
              lastDeploymentAt: recent.find(isIn)?.startedAt,
              recent: recent.filter(({ status }) => status !== 'waiting'),
            })
          : rollbackHint(facts),
    };
  }

  async #taskDefinition(
    entityRef: string,
    environment: string,
  ): Promise<string | undefined> {
    const { environments: store } = this.#options;
    const bindings = await store.environmentsOf(entityRef);
    const key = bindings.find(
      item => item.environment === environment,
    )?.runtimeKey;
    if (key === undefined) return undefined;
    const states = await store.runtimeStates([key], 1);
    return states.get(key)?.service?.taskDefinition;
  }
}

function isIn({ status }: LogicalDeployment): boolean {
  return status === 'succeeded';
}

/** A rollback whose title names no commit tells nothing of what it puts back. */
function isTold(facts: GateFacts | undefined): facts is GateFacts {
  return Boolean(facts && !(facts.rollback && !namedCommit(facts.run.title)));
}

function namedCommit(title: string): string {
  return /\b[0-9a-f]{40}\b/.exec(title)?.[0] ?? '';
}

function rollbackHint(facts: GateFacts | undefined): ApprovalDetail['risk'] {
  if (!facts?.rollback) return [];
  return [
    {
      code: 'rollback',
      level: 'warn',
      message:
        'This run puts back what ran here before; its title says what. The database and the configuration are not rolled back.',
    },
  ];
}
