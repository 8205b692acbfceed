import type { Commit } from '../../contract';
import type { RuntimeRevisionFact, TaskDefinitionFact } from '../../runtime';
import { deregistered, NOT_READ, reasonOf, type Reason } from './commitReasons';
import type { DigestRecords, KnownCommit, RuntimeState } from './facts';
import { type MainContainer, mainContainer, parseImage } from './images';
import { compareText } from '../canonical';
import { plain, plainOrNone, webLink } from './vendorText';

const LABEL = 'org.opencontainers.image.revision';
const FULL_SHA = /^(?:sha-)?([0-9a-f]{40})$/i;
const SHORT_SHA = /^(?:sha-)?([0-9a-f]{7,12})$/i;

/** What a commit is looked for in. */
export interface CommitInput {
  revision?: RuntimeRevisionFact;
  taskDefinition?: TaskDefinitionFact;
  images: RuntimeState['images'];
  shortShas: RuntimeState['shortShas'];
  records: DigestRecords;
  commits: Map<string, KnownCommit>;
  /** Name of the container whose commit counts; absent: the first essential one that is no known sidecar. */
  container?: string;
}

type Found = Pick<Commit, 'sha' | 'source' | 'confidence'>;

/**
 * The commit of a revision: our record of the digest, the container's label, a tag with the full SHA, the tags of the digest in its
 * registry, a short SHA that one commit only begins with. Nothing is guessed: without a hit there is a reason.
 */
export function resolveCommit(input: CommitInput): Commit {
  const main = mainContainer(input);
  if (!main) return unknown(withoutContainer(input));
  const image = { uri: plain(main.uri, 300), digest: plainOrNone(main.digest) };
  const found = find(main, input);
  return 'sha' in found
    ? { ...found, ...describe(found.sha, input.commits), image }
    : { ...unknown(found), image };
}

/** The commit a pipeline names, where no runtime says more. */
export function declaredCommit(
  sha: string,
  commits: Map<string, KnownCommit>,
): Commit {
  return {
    sha,
    source: 'declared',
    confidence: 'low',
    ...describe(sha, commits),
  };
}

/** Short SHAs in tags that only the repository can tell the commit of; those that were looked up are left out. */
export function wantedShortShas(runtime: RuntimeState): string[] {
  const wanted = new Set<string>();
  const look = (
    revision: RuntimeRevisionFact | undefined,
    taskDefinition: TaskDefinitionFact | undefined,
  ) => {
    const main = mainContainer({ revision, taskDefinition });
    if (!main) return;
    const known = find(main, {
      ...{ images: runtime.images, shortShas: new Map() },
      ...{ records: new Map(), commits: new Map() },
    });
    if ('sha' in known) return;
    const short = shortOf(tagsOf(main, runtime.images).all);
    if (short && !runtime.shortShas.has(short)) wanted.add(short);
  };
  const ofRevisions = new Set<string>();
  for (const revision of runtime.revisions.values()) {
    const arn = revision.taskDefinition;
    if (arn) ofRevisions.add(arn);
    look(revision, arn ? runtime.taskDefinitions.get(arn) : undefined);
  }
  for (const [arn, definition] of runtime.taskDefinitions) {
    if (!ofRevisions.has(arn)) look(undefined, definition);
  }
  return [...wanted].sort(compareText);
}

function withoutContainer({ revision, taskDefinition }: CommitInput): Reason {
  const arn = revision?.taskDefinition;
  if (arn && !taskDefinition) return deregistered(arn);
  return taskDefinition?.status === 'inactive'
    ? deregistered(taskDefinition.taskDefinition)
    : NOT_READ;
}

function find(
  main: MainContainer,
  { images, shortShas, records, taskDefinition }: CommitInput,
): (Found & { sha: string }) | Reason {
  const image = parseImage(main.uri);
  for (const digest of [main.digest, image.digest]) {
    const sha = digest && records.get(digest);
    if (sha) return { sha, source: 'deployment', confidence: 'high' };
  }
  const label = fullSha(
    Object.hasOwn(main.labels, LABEL) ? main.labels[LABEL] : undefined,
  );
  if (label) return { sha: label, source: 'label', confidence: 'high' };
  const tagged = fullSha(image.tag);
  if (tagged) return { sha: tagged, source: 'tag', confidence: 'medium' };
  const { registry, all } = tagsOf(main, images);
  const rivals = [
    ...new Set((registry?.tags ?? []).flatMap(tag => fullSha(tag) ?? [])),
  ];
  if (rivals.length === 1) {
    return { sha: rivals[0], source: 'registry', confidence: 'medium' };
  }
  const short = rivals.length === 0 ? shortOf(all) : undefined;
  const resolved = short === undefined ? undefined : shortShas.get(short);
  if (short && resolved?.toLowerCase().startsWith(short)) {
    return {
      ...{ sha: resolved.toLowerCase(), source: 'short_tag' },
      confidence: 'low',
    };
  }
  return reasonOf({
    ...{ image, registry, rivals, taskDefinition },
    digest: main.digest,
    short: askedShort(short, resolved),
  });
}

/** A number is a short SHA only when the repository says so. */
function askedShort(
  short: string | undefined,
  found: string | null | undefined,
) {
  if (short === undefined) return undefined;
  const none = found === undefined ? undefined : null;
  return none === null && /^\d+$/.test(short)
    ? undefined
    : { text: short, found: none };
}

function tagsOf(main: MainContainer, images: RuntimeState['images']) {
  const { repository, tag } = parseImage(main.uri);
  const registry = images.get(`${repository}@${main.digest}`);
  return {
    registry,
    all: [...(tag === undefined ? [] : [tag]), ...(registry?.tags ?? [])],
  };
}

function fullSha(text: string | undefined): string | undefined {
  return FULL_SHA.exec(text ?? '')?.[1].toLowerCase();
}

/** The short SHA among tags; undefined when there is none, or when they name different ones. */
function shortOf(tags: string[]): string | undefined {
  const shorts = new Set(
    tags.flatMap(tag => SHORT_SHA.exec(tag)?.[1].toLowerCase() ?? []),
  );
  return shorts.size === 1 ? [...shorts][0] : undefined;
}

function describe(sha: string, commits: Map<string, KnownCommit>) {
  const known = commits.get(sha);
  return {
    title: plainOrNone(known?.title, 300),
    author: plainOrNone(known?.author, 100),
    at: known?.at,
    url: webLink(known?.url),
  };
}

function unknown(reason: Reason): Commit {
  return { source: 'none', confidence: 'none', reason };
}
