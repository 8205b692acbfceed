import type { z } from 'zod';
import { plain } from '../environments/vendorText';
import { compareText } from '../canonical';
import type { DoraFacts } from './facts';
import {
  changeFactSchema,
  commitFactSchema,
  commitSpanSchema,
  deploymentSourceSchema,
  incidentFactSchema,
  overrideFactSchema,
  serviceFactSchema,
} from './factsSchema';
import { instantOf } from './instantOf';
import type { Excluded } from './linked';

/** Deeper than any fact; what nests further is no fact. */
const MAX_DEPTH = 6;

/**
 * Reads facts from anything: plain JSON in the format of docs/dora-facts.md. A row that is not usable never loses the others; it is listed
 * with what is wrong with it. `null` counts as absent, keys that are not known are left alone.
 *
 * @throws Error with one sentence when there are no facts at all: no object, or no usable `asOf`
 */
export function readDoraFacts(input: unknown): {
  facts: DoraFacts;
  excluded: Excluded[];
} {
  if (!isObject(input)) {
    throw new Error('Facts must be a JSON object; see docs/dora-facts.md.');
  }
  const asOf = instantOf(input.asOf);
  if (asOf === undefined) {
    throw new Error(
      'asOf must be the moment of the facts, as epoch milliseconds or ISO 8601 text with an offset.',
    );
  }
  const excluded: Excluded[] = [];
  const rows = <T>(list: string, schema: z.ZodType<T>, what: What): T[] =>
    readRows(input[list], { list, schema, what, excluded });
  const deployments = rows('deployments', deploymentSourceSchema, 'deployment');
  const services = rows('services', serviceFactSchema, 'fact');
  const named = new Set(services.map(({ service }) => service));
  const others = new Set(deployments.map(({ service }) => service));
  return {
    facts: {
      asOf,
      services: [
        ...services,
        ...[...others]
          .filter(service => !named.has(service))
          .sort(compareText)
          .map(service => ({ service })),
      ],
      deployments,
      commits: rows('commits', commitFactSchema, 'fact'),
      spans: rows('spans', commitSpanSchema, 'fact'),
      changes: rows('changes', changeFactSchema, 'change'),
      incidents: rows('incidents', incidentFactSchema, 'incident'),
      overrides: rows('overrides', overrideFactSchema, 'override'),
    },
    excluded,
  };
}

type What = Excluded['what'];

function readRows<T>(
  given: unknown,
  options: {
    list: string;
    schema: z.ZodType<T>;
    what: What;
    excluded: Excluded[];
  },
): T[] {
  const { list, schema, what, excluded } = options;
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    excluded.push(malformed('fact', list, `${list} is no list`));
    return [];
  }
  return given.flatMap((row, index) => {
    const { data, error } = schema.safeParse(withoutNulls(row, 0));
    if (data !== undefined) return [data];
    const [issue] = error?.issues ?? [];
    const place = [`${list}[${index}]`, ...(issue?.path ?? []).map(String)];
    const detail = `${place.join('.')}: ${issue?.message ?? 'not usable'}`;
    excluded.push({
      ...malformed(what, nameOf(row) ?? place[0], plain(detail, 200)),
      ...whereAndWhen(row),
    });
    return [];
  });
}

function malformed(what: What, id: string, detail: string): Excluded {
  return { what, id, reason: 'malformed', detail };
}

function nameOf(row: unknown): string | undefined {
  if (!isObject(row)) return undefined;
  const names = [row.id, row.sha, row.deploymentId, row.service];
  const name = names.find(each => typeof each === 'string' && each !== '');
  return typeof name === 'string' ? plain(name, 200) : undefined;
}

/** What can be told of a row although it is not usable, so that it is listed in the right place. */
function whereAndWhen(row: unknown): Pick<Excluded, 'service' | 'at'> {
  if (!isObject(row)) return {};
  const times = [row.finishedAt, row.startedAt, row.mergedAt, row.createdAt];
  const at = times.map(instantOf).find(each => each !== undefined);
  return {
    ...(typeof row.service === 'string' && {
      service: plain(row.service, 200),
    }),
    ...(at !== undefined && { at }),
  };
}

function withoutNulls(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    return value.map(each => withoutNulls(each, depth + 1));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([key, part]) => [key, withoutNulls(part, depth + 1)]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
