import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

/** Name of the file below the root that a path asks for; undefined when it leads out of it. */
function fileOf(root: string, path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const file = normalize(join(root, decoded === '/' ? 'index.html' : decoded));
  return file.startsWith(root + sep) ? file : undefined;
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
): void {
  response.writeHead(status, {
    ...HEADERS,
    'content-type': type,
    'cache-control': 'no-cache',
  });
  response.end(body);
}

/** The file, or undefined when there is none to be read. */
async function read(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch(() => undefined);
}

/**
 * Serves the page of one folder, not yet listening. Paths without an extension get `index.html`: the page has its
 * own routes. `root` is an absolute path.
 */
export function createSite(root: string): Server {
  const respond = async (
    method: string | undefined,
    path: string,
    response: ServerResponse,
  ) => {
    if (method !== 'GET' && method !== 'HEAD')
      return send(response, 405, 'text/plain', 'method not allowed');
    if (path === '/health')
      return send(
        response,
        200,
        'application/json; charset=utf-8',
        '{"status":"ok"}',
      );
    const file = fileOf(root, path);
    const body = file && (await read(file));
    if (file && body)
      return send(
        response,
        200,
        TYPES[extname(file)] ?? 'application/octet-stream',
        body,
      );
    const page =
      file && extname(file) === ''
        ? await read(join(root, 'index.html'))
        : undefined;
    if (page) return send(response, 200, 'text/html; charset=utf-8', page);
    return send(response, 404, 'text/plain', 'not found');
  };
  return createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    respond(request.method, path, response).catch(() => response.destroy());
  });
}
