import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Log } from "#utils";
import { readJson } from "./body.ts";
import { HttpError } from "./HttpError.ts";
import { isItemId, readName, type ItemStore } from "./items.ts";

/** What the service works with. */
export interface AppOptions {
  /** Absent: no database is configured. */
  readonly items?: ItemStore;
  readonly apiKey?: string;
  /** The commit that runs. */
  readonly revision: string;
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The service as what `node:http` calls for each request. Every answer is JSON; an error is `{ "error": "<sentence>" }`. */
export function createApp(options: AppOptions): RequestListener {
  return (request, response) => {
    answer(options, request)
      .catch((error: unknown) => failure(options.log, request, error))
      .then((result) => send(response, result))
      .catch((error: unknown) => options.log.error("could not answer", error));
  };
}

async function answer(options: AppOptions, request: IncomingMessage): Promise<Answer> {
  const [path = "/"] = (request.url ?? "/").split("?");
  if (path === "/live") return { status: 200, body: { status: "ok" } };
  if (path === "/health") return health(options);

  const [, resource, id, more] = path.split("/");
  if (resource !== "items" || more !== undefined)
    throw new HttpError(404, "There is nothing here.");
  authorize(options, request);
  const items = storeOf(options);
  const route = `${request.method ?? ""} ${id === undefined ? "items" : "item"}`;
  switch (route) {
    case "GET items":
      return { status: 200, body: { items: await items.newest(100) } };
    case "POST items":
      return { status: 201, body: await items.add(nameIn(await readJson(request))) };
    case "GET item":
      return { status: 200, body: await itemOf(items, id ?? "") };
    default:
      throw new HttpError(405, "This method is not offered here.");
  }
}

/** Whether the service works with all that it needs. Load balancers ask /live: a lost database must not stop every task. */
async function health({ items, revision, log }: AppOptions): Promise<Answer> {
  if (!items) return { status: 200, body: { status: "ok", database: "not configured", revision } };
  try {
    await items.check();
    return { status: 200, body: { status: "ok", database: "ok", revision } };
  } catch (error) {
    log.error("the database does not answer", error);
    return { status: 503, body: { status: "failing", database: "unreachable", revision } };
  }
}

function authorize({ apiKey }: AppOptions, request: IncomingMessage): void {
  const sent = request.headers["x-api-key"];
  if (apiKey === undefined || typeof sent !== "string" || !equal(sent, apiKey)) {
    throw new HttpError(401, "The header x-api-key does not hold a valid key.");
  }
}

/** Compares in a time that does not tell where the texts differ. */
function equal(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function storeOf({ items }: AppOptions): ItemStore {
  if (!items) throw new HttpError(503, "No database is configured.");
  return items;
}

function nameIn(body: unknown): string {
  const name = readName(body);
  if (name === undefined) throw new HttpError(400, "name must have 1 to 200 characters.");
  return name;
}

async function itemOf(items: ItemStore, id: string) {
  const item = isItemId(id) ? await items.find(id) : undefined;
  if (!item) throw new HttpError(404, "There is no such item.");
  return item;
}

function failure(log: Log, request: IncomingMessage, error: unknown): Answer {
  if (error instanceof HttpError) return { status: error.status, body: { error: error.message } };
  log.error("a request failed", error, { method: request.method ?? "" });
  return { status: 500, body: { error: "Something went wrong here." } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify(body));
}
