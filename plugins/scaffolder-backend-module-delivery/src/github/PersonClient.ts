import { setTimeout as pause } from 'node:timers/promises';
import { Octokit } from '@octokit/rest';
import {
  GithubCallError,
  isMissing,
  toGithubCallError,
} from './GithubCallError';

/** The only version all supported servers have. */
const API_VERSION = '2022-11-28';
const TIMEOUT_MS = 30_000;
/** How often a read is sent before its error counts. */
const READS = 3;
const PAGE = 100;
const MAX_PAGES = 20;

const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** Waits so many milliseconds, or until the signal says to end. */
export type Sleep = (
  milliseconds: number,
  signal?: AbortSignal,
) => Promise<void>;

export const sleep: Sleep = async (milliseconds, signal) => {
  await pause(milliseconds, undefined, { signal });
};

/** Where calls go, and in whose name. */
export interface PersonClientOptions {
  /** With port. */
  host: string;
  apiBaseUrl: string;
  /** The person's own. */
  token: string;
  signal?: AbortSignal;
  sleep?: Sleep;
}

type Parameters = Record<string, unknown>;

/**
 * Calls of one GitHub host in one person's name. Never logs, never follows GitHub elsewhere, and never lets GitHub's own errors out: they
 * hold what was sent.
 */
export class PersonClient {
  readonly host: string;
  readonly #token: string;
  readonly #signal: AbortSignal | undefined;
  readonly #sleep: Sleep;
  readonly #octokit: Octokit;

  constructor(options: PersonClientOptions) {
    this.host = options.host;
    this.#token = options.token;
    this.#signal = options.signal;
    this.#sleep = options.sleep ?? sleep;
    this.#octokit = new Octokit({
      baseUrl: options.apiBaseUrl,
      auth: options.token,
      log: silent,
      userAgent: 'delivery-for-backstage',
      // A write that was answered by 502 may have been done: nothing below may send it again.
      request: { retries: 0, redirect: 'manual' },
    });
  }

  /**
   * Reads; passing errors are tried again.
   *
   * @param doing - for the sentence of an error, in the infinitive
   * @throws {@link GithubCallError}
   */
  async get(
    route: string,
    parameters: Parameters,
    doing: string,
  ): Promise<unknown> {
    for (let left = READS - 1; ; left--) {
      try {
        return await this.#send(`GET ${route}`, parameters, doing);
      } catch (error) {
        const again =
          error instanceof GithubCallError &&
          error.isPassing &&
          (error.status === undefined || error.status >= 500);
        if (!again || left === 0) throw error;
        await this.#sleep(1_000 * (READS - left), this.#signal);
      }
    }
  }

  /** As {@link PersonClient.get}; undefined when GitHub says that it is not there. */
  async find(
    route: string,
    parameters: Parameters,
    doing: string,
  ): Promise<unknown | undefined> {
    try {
      return await this.get(route, parameters, doing);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** All pages of a list, at most 2,000 items; `itemsOf` takes the items from a page's body. */
  async list(
    route: string,
    parameters: Parameters,
    doing: string,
    itemsOf: (body: unknown) => unknown[],
  ): Promise<unknown[]> {
    const size = Number(parameters.per_page ?? PAGE);
    const all: unknown[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const body = await this.get(
        route,
        { ...parameters, per_page: size, page },
        doing,
      );
      const items = itemsOf(body);
      all.push(...items);
      if (items.length < size) break;
    }
    return all;
  }

  /**
   * Changes something, by exactly one request.
   *
   * @param route - `PUT /repos/{owner}/{repo}/…`
   * @throws {@link GithubCallError}
   */
  async write(
    route: string,
    parameters: Parameters,
    doing: string,
    needs?: string,
  ): Promise<unknown> {
    return this.#send(route, parameters, doing, needs);
  }

  async #send(
    route: string,
    parameters: Parameters,
    doing: string,
    needs?: string,
  ): Promise<unknown> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    this.#signal?.throwIfAborted();
    try {
      const response = await this.#octokit.request(route, {
        ...parameters,
        headers: { 'x-github-api-version': API_VERSION },
        request: {
          retries: 0,
          redirect: 'manual',
          signal: this.#signal
            ? AbortSignal.any([this.#signal, timeout])
            : timeout,
        },
      });
      const status: number = response.status;
      if (status >= 300) throw Object.assign(new Error('moved'), { status });
      return response.data;
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw toGithubCallError(error, {
        host: this.host,
        token: this.#token,
        ...{ doing, needs },
      });
    }
  }
}
