import type { DeploymentSource, Instant } from './facts';

/** Sources that tell of one deployment, in order. */
export interface Cluster {
  sources: DeploymentSource[];
  /** Of all: first beginning, last end; undefined: nobody told a time. */
  span?: { from: Instant; to: Instant };
}

/** What never told an end is not taken to go on for longer. */
const MAX_OPEN_MS = 86_400_000;
/** Neighbours in time that one source is compared with; more of the same commit are a flood. */
const MAX_NEIGHBOURS = 64;

/** Which numbers belong together; the lowest stands for all. */
class Links {
  readonly #up: number[];

  constructor(count: number) {
    this.#up = Array.from({ length: count }, (_, at) => at);
  }

  root(at: number): number {
    let root = at;
    while (this.#up[root] !== root) root = this.#up[root];
    for (let each = at; each !== root; ) {
      const next = this.#up[each];
      this.#up[each] = root;
      each = next;
    }
    return root;
  }

  join(a: number, b: number): void {
    const [one, other] = [this.root(a), this.root(b)];
    this.#up[Math.max(one, other)] = Math.min(one, other);
  }

  sets(): number[][] {
    const sets = new Map<number, number[]>();
    this.#up.forEach((_, at) => {
      const root = this.root(at);
      const set = sets.get(root);
      if (set) set.push(at);
      else sets.set(root, [at]);
    });
    return [...sets.values()];
  }
}

/**
 * Puts together what tells of the same deployment: what has the same group; then what has the same run, environment and commit; then what
 * has the same commit or artifact in the same environment and happened at the same time. Nearest in time goes first.
 *
 * @param sources - of production, each once, in an order that does not depend on how they were told
 */
export function joinSources(
  sources: DeploymentSource[],
  options: { overlapMs: number; asOf: Instant },
): Cluster[] {
  const links = new Links(sources.length);
  joinBy(links, sources, source =>
    source.group === undefined ? undefined : key(source.service, source.group),
  );
  const runs = runKeys(sources);
  joinRuns(links, sources, runs);
  let clusters = links.sets().map(set =>
    toCluster(
      set.map(at => ({ source: sources[at], run: runs[at] })),
      options.asOf,
    ),
  );
  clusters = joinTimes(clusters, options.overlapMs);
  return clusters.map(({ sources: list, span }) => ({ sources: list, span }));
}

interface Candidate extends Cluster {
  runs: Set<string>;
  groups: Set<string>;
  shas: Set<string>;
  artifacts: Set<string>;
  kinds: Set<string>;
  environment: string;
}

function toCluster(
  members: { source: DeploymentSource; run?: string }[],
  asOf: Instant,
): Candidate {
  const sources = members.map(({ source }) => source);
  const spans = sources.flatMap(source => spanOf(source, asOf) ?? []);
  const all = (of: (source: DeploymentSource) => string | undefined) =>
    new Set(sources.flatMap(source => of(source) ?? []));
  return {
    sources,
    ...(spans.length > 0 && { span: hull(spans) }),
    runs: new Set(members.flatMap(({ run }) => run ?? [])),
    groups: all(source => source.group),
    shas: all(source => source.sha),
    artifacts: all(source => source.artifact),
    kinds: all(source => source.source),
    environment: [...all(source => source.environment)].sort().join('\n'),
  };
}

function spanOf(source: DeploymentSource, asOf: Instant) {
  const { createdAt, startedAt, finishedAt, status } = source;
  const from = startedAt ?? createdAt ?? finishedAt;
  if (from === undefined) return undefined;
  const goesOn = status === 'in_progress' || status === 'waiting';
  const open = goesOn ? Math.min(asOf, from + MAX_OPEN_MS) : from;
  return { from, to: Math.max(from, finishedAt ?? open) };
}

function hull(spans: { from: Instant; to: Instant }[]) {
  return spans.reduce((all, { from, to }) => ({
    from: Math.min(all.from, from),
    to: Math.max(all.to, to),
  }));
}

/** Which run each is of: as told, or as an address names it. */
function runKeys(sources: DeploymentSource[]): (string | undefined)[] {
  const byNumber = new Map<string, string>();
  for (const { run } of sources) {
    const number = runNumberIn(run?.url);
    if (run && number !== undefined && !byNumber.has(number)) {
      byNumber.set(number, run.id);
    }
  }
  return sources.map(({ run, url }) => {
    if (run) return run.id;
    const number = runNumberIn(url);
    return number === undefined ? undefined : byNumber.get(number) ?? number;
  });
}

function runNumberIn(url: string | undefined): string | undefined {
  return url && /\/runs\/(\d{1,20})(?![\w-])/.exec(url.slice(0, 1_000))?.[1];
}

function joinBy(
  links: Links,
  sources: DeploymentSource[],
  keyOf: (source: DeploymentSource, at: number) => string | undefined,
): void {
  const first = new Map<string, number>();
  sources.forEach((source, at) => {
    const name = keyOf(source, at);
    if (name === undefined) return;
    const known = first.get(name);
    if (known === undefined) first.set(name, at);
    else links.join(known, at);
  });
}

/** One run may deploy one commit and put back another: these stay two. */
function joinRuns(
  links: Links,
  sources: DeploymentSource[],
  runs: (string | undefined)[],
): void {
  const place = ({ service, environment }: DeploymentSource, at: number) =>
    key(service, environment ?? '', runs[at] ?? '');
  const shas = new Map<string, Set<string>>();
  sources.forEach((source, at) => {
    if (runs[at] === undefined || source.sha === undefined) return;
    const name = place(source, at);
    shas.set(name, (shas.get(name) ?? new Set()).add(source.sha));
  });
  joinBy(links, sources, (source, at) => {
    if (runs[at] === undefined) return undefined;
    const name = place(source, at);
    const [first] = shas.get(name) ?? [];
    return key(name, source.sha ?? first ?? '');
  });
}

function joinTimes(clusters: Candidate[], overlapMs: number): Candidate[] {
  const pairs = pairsOf(clusters, overlapMs).sort(
    (a, b) => a.gap - b.gap || a.left - b.left || a.right - b.right,
  );
  const links = new Links(clusters.length);
  const at = new Map(clusters.map((cluster, index) => [index, cluster]));
  for (const { left, right } of pairs) {
    const [a, b] = [links.root(left), links.root(right)];
    const [one, other] = [at.get(a), at.get(b)];
    if (a === b || !one || !other || !fits(one, other, overlapMs)) continue;
    links.join(a, b);
    at.set(links.root(a), together(one, other));
  }
  return links.sets().flatMap(([first]) => at.get(links.root(first)) ?? []);
}

function pairsOf(clusters: Candidate[], overlapMs: number) {
  const buckets = new Map<string, number[]>();
  const put = (name: string, index: number) => {
    const list = buckets.get(name);
    if (list) list.push(index);
    else buckets.set(name, [index]);
  };
  clusters.forEach(({ sources, environment, shas, artifacts, span }, index) => {
    if (!span) return;
    const place = key(sources[0].service, environment);
    for (const sha of shas) put(key(place, 'sha', sha), index);
    for (const name of artifacts) put(key(place, 'artifact', name), index);
  });
  const pairs: { gap: number; left: number; right: number }[] = [];
  for (const bucket of buckets.values()) {
    const sorted = bucket.sort(
      (a, b) => fromOf(clusters[a]) - fromOf(clusters[b]) || a - b,
    );
    sorted.forEach((left, position) => {
      for (const right of sorted.slice(
        position + 1,
        position + 1 + MAX_NEIGHBOURS,
      )) {
        const gap = gapOf(clusters[left], clusters[right]);
        if (fits(clusters[left], clusters[right], overlapMs)) {
          pairs.push({ gap, left, right });
        }
      }
    });
  }
  return pairs;
}

/**
 * Whether two can be one deployment. Two runs never are, nor two things that one teller told apart, unless a vendor or runtime has several
 * deployments at the very same time (one a step, one a part of the service).
 */
function fits(a: Candidate, b: Candidate, overlapMs: number): boolean {
  if (a.runs.size > 0 && b.runs.size > 0) return false;
  if (a.groups.size > 0 && b.groups.size > 0) return false;
  const sameSha = shares(a.shas, b.shas);
  if (!sameSha && a.shas.size > 0 && b.shas.size > 0) return false;
  if (!sameSha && !shares(a.artifacts, b.artifacts)) return false;
  const gap = gapOf(a, b);
  if (gap > overlapMs) return false;
  const kinds = [...a.kinds].filter(kind => b.kinds.has(kind));
  if (kinds.includes('run') || kinds.includes('other')) return false;
  return kinds.length === 0 || gap < 0;
}

/** Milliseconds between two spans; negative: as long as they overlap. */
function gapOf(a: Candidate, b: Candidate): number {
  if (!a.span || !b.span) return Infinity;
  return Math.max(a.span.from - b.span.to, b.span.from - a.span.to);
}

function together(a: Candidate, b: Candidate): Candidate {
  const both = <T>(one: Set<T>, other: Set<T>) => new Set([...one, ...other]);
  return {
    sources: [...a.sources, ...b.sources],
    span: a.span && b.span && hull([a.span, b.span]),
    runs: both(a.runs, b.runs),
    groups: both(a.groups, b.groups),
    shas: both(a.shas, b.shas),
    artifacts: both(a.artifacts, b.artifacts),
    kinds: both(a.kinds, b.kinds),
    environment: a.environment,
  };
}

function fromOf({ span }: Candidate): number {
  return span?.from ?? 0;
}

function shares(a: Set<string>, b: Set<string>): boolean {
  return [...a].some(each => b.has(each));
}

function key(...parts: string[]): string {
  return JSON.stringify(parts);
}
