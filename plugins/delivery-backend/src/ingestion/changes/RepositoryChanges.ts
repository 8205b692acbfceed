import type { PullRequestRow, SpanRow } from '../../database/ChangeStore';
import { filesKind, partsKind, spanKind, type Pair } from './itemKinds';
import { ItemReading } from './ItemReading';
import type { PullRequestList } from './PullRequestList';
import type { ChangeReadingOptions, Done, ReadStates, Target } from './reading';
import type { WantedRepository } from './WantedRepository';

interface Turn {
  target: Target;
  wanted: WantedRepository;
  states: ReadStates;
  signal: AbortSignal;
}

const NOTHING = { items: [], retryAt: Infinity };

/** Reads what is wanted of one repository, in the order in which one tells what the next one needs. */
export class RepositoryChanges {
  private readonly spans;
  private readonly parts;
  private readonly files;

  constructor(
    private readonly options: ChangeReadingOptions,
    private readonly pulls: PullRequestList,
  ) {
    this.spans = new ItemReading(options, spanKind(options));
    this.parts = new ItemReading(options, partsKind(options));
    this.files = new ItemReading(options, filesKind(options));
  }

  /** One turn; leaves in `wanted` what is still to be done, and when. True when something was stored that is not as before. */
  async read(
    target: Target,
    wanted: WantedRepository,
    states: ReadStates,
    signal: AbortSignal,
  ): Promise<boolean> {
    const turn = { target, wanted, states, signal };
    const { repoKey } = target.scope;
    const { pairs, fresh } = wanted;
    // What comes while this turn is under way belongs to the next.
    [wanted.look, wanted.fresh] = [false, false];
    const missing = await this.missingSpans(turn, pairs);
    if (fresh && missing.items.length > 0) wanted.listIsOld = true;
    // Before the commits: what is merged after this answer cannot be among those that were deployed before it.
    const listed =
      this.pulls.isDue(target, wanted, states) &&
      (await this.pulls.read(target, wanted, states, signal));
    const done = [await this.spans.read(target, missing.items, states, signal)];

    const spans = await this.options.changes.spans(repoKey, pairs);
    const parts = this.partsIn(turn, await this.pullsIn(repoKey, spans));
    done.push(await this.parts.read(target, parts.items, states, signal));
    const files = await this.filesIn(turn, spans, done);
    done.push(await this.files.read(target, files.items, states, signal));

    const retries = spans.map(({ retryAt = Infinity }) => retryAt);
    plan(wanted, done, [
      ...[missing.retryAt, parts.retryAt, files.retryAt],
      ...retries,
    ]);
    const waits = this.pulls.isAsked(target.provider, wanted);
    if (waits && !this.pulls.isKnown(target, wanted, states)) {
      wanted.pending += 1;
    }
    return listed || done.some(({ changed }) => changed);
  }

  private async missingSpans({ target }: Turn, pairs: Pair[]) {
    const { changes, clock } = this.options;
    if (!target.provider.listCommits) return NOTHING;
    const known = await changes.spans(target.scope.repoKey, pairs);
    const retryAt = new Map(
      known.map(span => [nameOf(span), span.retryAt ?? Infinity]),
    );
    return this.spans.askable(
      target,
      pairs.filter(pair => (retryAt.get(nameOf(pair)) ?? 0) <= clock()),
    );
  }

  private pullsIn(repoKey: string, spans: SpanRow[]) {
    const mergeShas = [...new Set(spans.flatMap(({ shas }) => shas))];
    return this.options.changes.pullRequests(repoKey, { mergeShas });
  }

  /** Those whose parts are not known, the newest first. */
  private partsIn({ target, wanted }: Turn, pulls: PullRequestRow[]) {
    const { files } = wanted;
    if (!target.provider.readPullRequest) return NOTHING;
    const unread = pulls
      .filter(
        ({ parts }) => !parts || (files && !parts.files && !parts.tooManyFiles),
      )
      .sort((a, b) => b.mergedAt - a.mergedAt || b.number - a.number)
      .map(pull => ({ pull, files }));
    return this.parts.askable(target, unread);
  }

  /** Commits that came without a pull request and whose files nobody knows, the newest of each pair first. */
  private async filesIn(
    { target, wanted, states }: Turn,
    spans: SpanRow[],
    done: Done[],
  ) {
    if (!wanted.files || !target.provider.readCommitFiles) return NOTHING;
    // As long as something is missing nobody knows which commits these are.
    const complete = done.every(({ left }) => left === 0);
    if (!complete || !this.pulls.isKnown(target, wanted, states))
      return NOTHING;
    const { repoKey } = target.scope;
    const ofPulls = new Set(
      (await this.pullsIn(repoKey, spans)).flatMap(({ mergeSha, parts }) => [
        mergeSha,
        ...(parts?.commits ?? []).map(({ sha }) => sha),
      ]),
    );
    const shas = spans
      .flatMap(span => [...span.shas].reverse())
      .filter(sha => !ofPulls.has(sha));
    const direct = [...new Set(shas)];
    const known = await this.options.changes.commits(repoKey, direct);
    return this.files.askable(
      target,
      direct.filter(sha => known.get(sha)?.files === undefined),
    );
  }
}

function nameOf({ base, head }: Pair): string {
  return `${base}...${head}`;
}

function plan(wanted: WantedRepository, done: Done[], retries: number[]): void {
  wanted.pending = done.reduce((sum, { left }) => sum + left, 0);
  const later = done.flatMap(({ heldUntil, retryAt }) => [
    heldUntil ?? Infinity,
    retryAt ?? Infinity,
  ]);
  wanted.lookAt = Math.min(...retries, ...later);
  const goesOn = ({ left, heldUntil }: Done) =>
    left > 0 && heldUntil === undefined;
  if (done.some(goesOn)) wanted.look = true;
}
