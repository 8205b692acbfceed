import { createPublicKey, verify } from 'node:crypto';
import { canonical, sha256 } from './canonical.mjs';

const ZERO = '0'.repeat(64);
const OUTCOMES = ['succeeded', 'refused', 'failed', 'unknown'];

function readKey(pem) {
  const key = createPublicKey(pem);
  const der = key.export({ format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not Ed25519');
  return { id: sha256(der).slice(0, 16), key };
}

function isSigned(hash, signature, key) {
  if (!/^[0-9a-f]{64}$/.test(hash) || typeof signature !== 'string') {
    return false;
  }
  const bytes = Buffer.from(signature, 'base64');
  return (
    bytes.toString('base64') === signature &&
    verify(null, Buffer.from(hash, 'hex'), key, bytes)
  );
}

/** Goes along the chain and remembers what is wrong with it. */
export class Chain {
  problems = [];
  warnings = [];
  entries = 0;
  stubs = 0;
  last = { seq: 0, hash: ZERO };
  header;
  footer;
  usedKeys = new Map();
  #keys = new Map();
  #expected;
  #anchors;
  #attempts = new Map();

  constructor({ anchors = [], keys = [] }) {
    this.#anchors = anchors.map(anchor => ({ ...anchor, seen: false }));
    const expected = keys.map(readKey);
    expected.forEach(({ id, key }) => this.#keys.set(id, key));
    this.#expected = expected.length > 0 && new Set(this.#keys.keys());
  }

  #wrong(seq, message) {
    this.problems.push({ seq, message });
  }

  take(item) {
    const next = this.last.seq + 1;
    if (this.footer)
      this.#wrong(next, 'something follows the end of the export');
    else if (item.kind === 'header') this.#takeHeader(item);
    else if (item.kind === 'row') this.#takeRow(item);
    else if (item.kind === 'footer') this.#takeFooter(item);
    else this.#wrong(next, 'the row that should stand here cannot be read');
  }

  #takeHeader({ header, exact }) {
    this.header = header;
    // A CSV file that was cut has none; that its end is missing is said at its end.
    if (!header) return;
    if (!exact || header.format !== 'delivery-audit' || header.version !== 1) {
      this.#wrong(
        0,
        'what the export says of itself was changed, or this is none',
      );
    }
    for (const [id, pem] of Object.entries(Object(header.publicKeys))) {
      try {
        const read = readKey(pem);
        if (read.id !== id) throw new Error('another key');
        this.#keys.set(id, read.key);
      } catch {
        this.#wrong(0, `the public key ${id} is not the one of that id`);
      }
    }
  }

  #takeRow({ row, content, exact }) {
    const { seq, previousHash, hash } = row;
    const next = this.last.seq + 1;
    if (!Number.isSafeInteger(seq) || seq < 1) {
      this.#wrong(next, 'the row that should stand here has no valid number');
      return;
    }
    const wrong = message => this.#wrong(seq, message);
    if (!exact) wrong('is not written as the portal writes it: it was edited');
    if (seq < next) {
      wrong(`comes after entry ${this.last.seq}: repeated, or out of order`);
    } else if (seq > next) {
      const gap = seq === next + 1 ? `${next} is` : `${next} to ${seq - 1} are`;
      this.#wrong(next, `${gap} missing: after ${next - 1} comes ${seq}`);
    } else if (previousHash !== this.last.hash) {
      wrong('does not follow from the entry before it');
    }
    if (content !== undefined) {
      const text = `${previousHash}\n${seq}\n${canonical(content)}`;
      if (sha256(text) !== hash) wrong('its content does not have its hash');
      this.#takeContent(seq, Object(content));
      this.entries += 1;
    } else {
      this.stubs += 1;
    }
    this.#checkSignature(seq, row);
    this.#checkAnchors(seq, String(hash));
    if (seq >= next) this.last = { seq, hash };
  }

  #checkSignature(seq, { hash, signature, keyId }) {
    const key = this.#keys.get(keyId);
    if (!this.usedKeys.has(keyId)) {
      this.usedKeys.set(keyId, seq);
      if (!key && this.header) {
        this.#wrong(seq, `is signed with a key that nobody names: ${keyId}`);
      } else if (this.#expected && !this.#expected.has(keyId)) {
        this.#wrong(seq, `is signed with ${keyId}, not with the key expected`);
      }
    }
    if (key && !isSigned(hash, signature, key)) {
      this.#wrong(seq, 'its signature is not one of that key over its hash');
    }
  }

  #checkAnchors(seq, hash) {
    for (const anchor of this.#anchors) {
      const same = hash.startsWith(anchor.hash);
      if (anchor.seq === seq && !same) {
        this.#wrong(seq, `has another hash than the anchor ${anchor.hash}`);
      }
      if (anchor.seq === seq || (anchor.seq === undefined && same)) {
        anchor.seen = true;
      }
    }
  }

  #takeContent(seq, content) {
    const { operationId, action, entityRef, phase } = content;
    const { environment, runId, attempt, actor } = content;
    const of = operationId
      ? [operationId]
      : [action, entityRef, environment, runId, attempt, actor];
    const name = JSON.stringify(of);
    if (phase === 'attempted')
      this.#attempts.set(name, { seq, action, entityRef });
    else if (OUTCOMES.includes(phase)) this.#attempts.delete(name);
  }

  #takeFooter({ footer, keyId, signature, exact }) {
    this.footer = footer ?? {};
    const next = this.last.seq + 1;
    const head = this.footer.head ?? { seq: 0, hash: ZERO };
    if (head.seq > this.last.seq) {
      this.#wrong(next, `the end is missing: the last entry is ${head.seq}`);
    } else if (head.seq !== this.last.seq || head.hash !== this.last.hash) {
      this.#wrong(
        head.seq,
        'the export names this entry as its last, with another hash or place',
      );
    }
    if (
      this.footer.entries !== this.entries ||
      this.footer.stubs !== this.stubs
    ) {
      this.#wrong(next, 'the export says that it holds another number of rows');
    }
    if (!exact) this.#wrong(next, 'the end of the export was edited');
    const key = this.#keys.get(keyId);
    const about = canonical({ header: this.header, footer: this.footer });
    if (signature === undefined) {
      this.warnings.push(
        'the export itself is not signed; compare its end with an anchor',
      );
    } else if (
      !key ||
      !isSigned(sha256(`delivery-audit export\n${about}`), signature, key)
    ) {
      this.#wrong(
        0,
        'what the export says of itself does not have its signature',
      );
    }
  }

  end() {
    const next = this.last.seq + 1;
    if (!this.footer) {
      this.#wrong(
        next,
        'the file ends here, without the end of an export: it was cut',
      );
    }
    for (const { seq, hash, seen } of this.#anchors) {
      if (seen) continue;
      const name = seq === undefined ? hash : `${seq}:${hash}`;
      this.#wrong(
        Math.min(next, seq ?? next),
        `no entry is that of the anchor ${name}: the end was cut, or the log was written anew`,
      );
    }
    for (const { seq, action, entityRef } of this.#attempts.values()) {
      const hidden =
        this.stubs > 0 ? ' (it may be among the rows without content)' : '';
      this.warnings.push(
        `entry ${seq}, ${action} of ${
          entityRef ?? 'no service'
        }: attempted, and no outcome${hidden}`,
      );
    }
    if (!this.#expected && this.usedKeys.size > 0) {
      this.warnings.push(
        'the keys are those that the export names itself; give the public key you know with --key',
      );
    }
    this.problems.sort((a, b) => a.seq - b.seq);
  }
}
