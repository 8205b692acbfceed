import type { IncomingMessage } from "node:http";
import { HttpError } from "./HttpError.ts";

const MOST_BYTES = 64 * 1024;

/**
 * Reads the body of a request.
 *
 * @throws `HttpError` 415 when it is not called JSON, 413 above 64 KiB, 400 when it is not JSON
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json(;|$)/.test(request.headers["content-type"] ?? "")) {
    throw new HttpError(415, "The body must be JSON.");
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new HttpError(413, "The body is larger than 64 KiB.");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    throw new HttpError(400, "The body is not JSON.");
  }
}
