import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { RepositoryScope, RunRef } from 'backstage-plugin-delivery-node';
import type { z } from 'zod';
import type { Answer, Call } from '../GithubClient';
import { hostKey, numberOf } from '../keys';
import { ownerAndName } from '../readRuns';
import { parseBody } from '../schema';

/** Who reads: a person, or the portal itself. */
export interface Reader {
  call(call: Call): Promise<Answer>;
}

/** Reads at one repository. */
export interface RepositoryReader {
  readonly reader: Reader;
  readonly scope: Pick<RepositoryScope, 'host' | 'slug'>;
  readonly signal: AbortSignal;
}

/** How many calls one read has under way at a time. */
export const PARALLEL = 4;

export const PAGE = 100;

/**
 * One read of a repository.
 *
 * @param path - below `/repos/{owner}/{repo}`
 * @throws as `DeliveryProvider`; `ServiceUnavailableError` for an answer that cannot be read, so that nobody takes it for "nothing"
 */
export async function ask<T extends z.ZodType>(
  { reader, scope, signal }: RepositoryReader,
  path: string,
  parameters: Record<string, string | number>,
  schema: T,
  what: string,
): Promise<z.output<T>> {
  const { owner, repo } = ownerAndName(scope.slug);
  const all = { owner, repo, ...parameters };
  refuseDots(path, all);
  const answer = await reader.call({
    route: `GET /repos/{owner}/{repo}${path}`,
    owner,
    parameters: all,
    what: `${what} of ${scope.slug}`,
    signal,
  });
  try {
    return parseBody(schema, answer.data, what);
  } catch {
    throw unreadable(scope.host, what);
  }
}

/** An answer that says something else than what was asked for. */
export function unreadable(host: string, what: string): Error {
  return Object.assign(
    new ServiceUnavailableError(
      `GitHub (${host}) gave an answer for ${what} that this portal cannot read. Look at GitHub itself.`,
    ),
    { code: 'github_unreadable', params: { host, what } },
  );
}

/** In an address both mean another place, encoded or not. */
export function isDots(value: unknown): boolean {
  return value === '.' || value === '..';
}

function refuseDots(path: string, parameters: Record<string, unknown>): void {
  const parts = ['owner', 'repo', ...names(path)];
  if (parts.some(part => isDots(parameters[part]))) {
    throw new InputError('A part of an address cannot be named "." or "..".');
  }
}

function names(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
}

/** Environments have one name, however somebody writes it. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function isGone(error: unknown): boolean {
  return isError(error) && error.name === 'NotFoundError';
}

/**
 * GitHub's number of a run.
 *
 * @throws `InputError` when the key is not of a run of this host
 */
export function runNumber({ host, runKey }: Pick<RunRef, 'host' | 'runKey'>) {
  const id = numberOf(runKey);
  if (
    Number.isSafeInteger(id) &&
    id > 0 &&
    runKey === `${hostKey(host)}.${id}`
  ) {
    return id;
  }
  throw new InputError(`There is no such run at ${host}.`);
}
