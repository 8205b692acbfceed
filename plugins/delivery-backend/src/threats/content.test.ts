import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readWorkflow } from 'backstage-plugin-delivery-common/domain';
import { startActing } from '../__testUtils__/startActing';

type Acting = Awaited<ReturnType<typeof startActing>>;

const VERIFIER = resolve(__dirname, '../../bin/verify-audit.mjs');

function verify(text: string, ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-audit-'));
  const file = join(folder, 'export.jsonl');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [VERIFIER, file, ...args],
    { encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  return { status, said: stdout + stderr };
}

describe('threats around content', () => {
  let acting: Acting;
  beforeEach(async () => {
    acting = await startActing();
  });
  afterEach(() => acting.stopAll());

  async function approve(run: number, body: Record<string, string> = {}) {
    const approval = await acting.gated({ id: run });
    const { viewHash } = await acting.look(approval.id);
    const response = await acting
      .decide(approval.id, 'cleo', { viewHash, ...body })
      .expect(202);
    return acting.ended(response.body.operationId);
  }

  const exported = async (format: 'csv' | 'jsonl') =>
    (
      await acting
        .get(`/v1/audit/export?format=${format}`, acting.as('cleo'))
        .expect(200)
    ).text;

  it.each(['=', '+', '-', '@'])('formula in CSV export: %s', async sign => {
    const comment = `${sign}HYPERLINK("http://evil.example")`;
    await approve(800, { comment });
    const csv = await exported('csv');
    expect(csv).toContain('HYPERLINK');
    const cells = csv.match(/(^|,)("?)[=+\-@][^,]*HYPERLINK/gm);
    expect(cells).toBeNull();
  });

  it('environment names with `/`', async () => {
    const approval = await acting.gated({
      ...{ id: 801, environment: 'prod/eu west' },
    });
    expect(approval.vendorEnvironment).toBe('prod/eu west');
    const { viewHash } = await acting.look(approval.id);
    const { body } = await acting
      .decide(approval.id, 'cleo', { viewHash })
      .expect(202);
    expect((await acting.ended(body.operationId)).state).toBe('succeeded');
  });

  it('script in commit message, branch, environment and job names stays text', async () => {
    const script = '<script>alert(1)</script>';
    acting.github.range = {
      status: 'ahead',
      commits: [{ sha: 'd'.repeat(40), message: script, author: 'dana' }],
    };
    const approval = await acting.gated({
      id: 802,
      environment: `prod-${script}`,
    });
    const response = await acting.get(
      `/v1/approvals/${approval.id}`,
      acting.as('cleo'),
    );
    expect(response.headers['content-type']).toBe(
      'application/json; charset=utf-8',
    );
    expect(response.body.approval.vendorEnvironment).toBe(`prod-${script}`);
  });

  it('YAML bombs', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => {
        const before = 'abcdefgh'[index];
        return `${name}: &${name} [${`*${before},`.repeat(9)}]`;
      })
      .join('\n')}\njobs: *i`;
    expect(() => JSON.stringify(readWorkflow(bomb))).not.toThrow(RangeError);
  });

  it('a comment cannot be without end, and must say something', async () => {
    const approval = await acting.gated({ id: 803 });
    const { viewHash } = await acting.look(approval.id);
    for (const comment of ['', '  ', 'x'.repeat(801)]) {
      const response = await acting.decide(approval.id, 'cleo', {
        ...{ viewHash, comment },
      });
      expect(response.status).toBe(400);
    }
    expect(acting.github.decisions()).toEqual([]);
  });

  describe('the audit', () => {
    it('verifies as it was exported, in both formats', async () => {
      await approve(804);
      expect(verify(await exported('jsonl'))).toMatchObject({ status: 0 });
    });

    it('names the row whose one byte was changed', async () => {
      await approve(805);
      const text = await exported('jsonl');
      const lines = text.split('\n');
      const at = lines.findIndex(line =>
        line.includes('Looked at it together'),
      );
      lines[at] = lines[at].replace('Looked', 'looked');
      const { seq } = JSON.parse(lines[at]);
      const { status, said } = verify(lines.join('\n'));
      expect(status).toBe(1);
      expect(said).toMatch(new RegExp(`\\b${seq}\\b`));
    });

    it('tail cut: an anchor names what is missing', async () => {
      await approve(806);
      const { body } = await acting.get(
        '/v1/entities/component/default/api/audit',
        acting.as('cleo'),
      );
      const { seq, hash } = body.head;
      const lines = (await exported('jsonl')).trimEnd().split('\n');
      const cut = lines.filter(line => {
        const entry = JSON.parse(line);
        return entry.seq === undefined || entry.seq < seq;
      });
      cut.pop();
      const { status } = verify(cut.join('\n'), '--anchor', `${seq}:${hash}`);
      expect(status).toBe(1);
    });
  });
});
