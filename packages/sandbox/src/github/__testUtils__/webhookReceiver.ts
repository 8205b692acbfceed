import { createServer, IncomingHttpHeaders } from 'http';
import { AddressInfo } from 'net';

export interface Received {
  headers: IncomingHttpHeaders;
  /** As it came over the wire. */
  text: string;
  body: Record<string, unknown>;
}

/** A receiver of webhooks on a free port. */
export async function startReceiver(): Promise<{
  url: string;
  received: Received[];
  /** What it answers; 202 at first. */
  status: { code: number };
  close(): Promise<void>;
}> {
  const received: Received[] = [];
  const status = { code: 202 };
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', part => parts.push(part));
    req.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      received.push({ headers: req.headers, text, body: JSON.parse(text) });
      res.statusCode = status.code;
      res.end('{}');
    });
  });
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    status,
    close: () =>
      new Promise(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
