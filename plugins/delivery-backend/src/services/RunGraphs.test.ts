import {
  MAIN,
  jobs,
  makeVendor,
  repository,
  run,
  SCAN,
  SHA,
} from '../__testUtils__/makeVendor';

describe('RunGraphs', () => {
  it('unfolds reusable workflows at the commits of the run, each read once', async () => {
    const { graphs, readWorkflowFile } = makeVendor();
    const graph = await graphs.forPage(run, repository, jobs);
    expect(graph.kind).toBe('placed');
    expect(graph.nodes.map(node => [node.id, node.jobs])).toEqual(
      expect.arrayContaining([
        ['test', ['gh.11', 'gh.12']],
        ['deploy/publish', ['gh.13']],
        ['scan/codeql', ['gh.14']],
      ]),
    );
    await Promise.all([
      graphs.forPage(run, repository, jobs),
      graphs.forPage(run, repository, jobs),
    ]);
    expect(
      readWorkflowFile.mock.calls.map(([scope, file]) => [
        scope.slug,
        file.path,
        file.sha[0],
      ]),
    ).toEqual([
      ['acme/api', '.github/workflows/ci.yml', 'a'],
      ['acme/api', '.github/workflows/deploy.yml', 'a'],
      ['acme/shared', '.github/workflows/scan.yml', 'c'],
    ]);
  });

  it('never reads a file of another repository that the vendor did not name', async () => {
    const { graphs, readWorkflowFile } = makeVendor();
    await graphs.forPage({ ...run, referenced: [] }, repository, jobs);
    expect(readWorkflowFile.mock.calls.map(([scope]) => scope.slug)).toEqual([
      'acme/api',
      'acme/api',
    ]);
  });

  it('answers without the graph when the vendor hangs, and has it later', async () => {
    let finish = () => {};
    const hanging = new Promise<void>(resolve => {
      finish = resolve;
    });
    const { graphs, files } = makeVendor({
      readWorkflowFile: async (_scope, file) => {
        await hanging;
        return { ...file, blobSha: 'b', text: SCAN };
      },
    });
    jest.useFakeTimers();
    try {
      const page = graphs.forPage(run, repository, jobs);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(await page).toMatchObject({
        kind: 'flat',
        reason: { code: 'vendor_slow' },
        unplaced: ['gh.13', 'gh.14', 'gh.11', 'gh.12'],
      });
    } finally {
      jest.useRealTimers();
    }
    finish();
    const file = { path: run.pipelinePath, sha: run.sha };
    expect((await files.read(repository, file)).workflow).toBeDefined();
  });

  it('leaves a vendor in trouble alone for a while, then tries again', async () => {
    const failing = jest.fn(async () => {
      throw Object.assign(new Error('GitHub is down'), { code: 'down' });
    });
    const { graphs, clock } = makeVendor({ readWorkflowFile: failing });
    const flat = {
      kind: 'flat',
      reason: { code: 'down', message: 'GitHub is down' },
    };
    expect(await graphs.forPage(run, repository, jobs)).toMatchObject(flat);
    expect(await graphs.forPage(run, repository, jobs)).toMatchObject(flat);
    expect(failing).toHaveBeenCalledTimes(1);
    clock.now += 15_000;
    await graphs.forPage(run, repository, jobs);
    expect(failing).toHaveBeenCalledTimes(2);
  });

  it('remembers that there is no such file', async () => {
    const { graphs, clock, readWorkflowFile } = makeVendor();
    const dynamic = { ...run, pipelinePath: 'dynamic/pages/pages' };
    for (let i = 0; i < 2; i++) {
      expect(await graphs.forPage(dynamic, repository, [])).toMatchObject({
        kind: 'flat',
        reason: { code: 'vendor_failed' },
      });
      clock.now += 60 * 60_000;
    }
    expect(readWorkflowFile).toHaveBeenCalledTimes(1);
  });

  it('does not keep a file that is too large, only that it is', async () => {
    const { graphs, store } = makeVendor({
      readWorkflowFile: async (_scope, file) => ({
        ...file,
        blobSha: 'b',
        text: '#'.repeat(10 * 1024 * 1024),
      }),
    });
    expect(await graphs.forPage(run, repository, jobs)).toMatchObject({
      kind: 'flat',
      reason: { code: 'workflow_too_large' },
    });
    expect([...store.files.values()].map(row => row.text)).toEqual([undefined]);
  });

  it('takes the file of the commit before when the push did not touch it', async () => {
    const { files, store, readWorkflowFile } = makeVendor();
    const path = '.github/workflows/ci.yml';
    const push = { repoKey: 'gh/7', branch: 'main', before: 'old', after: SHA };
    await store.saveWorkflowFile({
      repoKey: 'gh/7',
      path,
      sha: 'old',
      blobSha: 'b',
      text: MAIN,
    });
    store.pushes = [{ ...push, files: ['src/a.ts'] }];
    expect(
      (await files.read(repository, { path, sha: SHA })).workflow,
    ).toBeDefined();
    expect(readWorkflowFile).not.toHaveBeenCalled();

    const touched = { ...push, after: 'new', files: [path] };
    const forced = { ...push, after: 'forced', files: undefined };
    store.pushes = [touched, forced];
    await files.read(repository, { path, sha: 'new' });
    await files.read(repository, { path, sha: 'forced' });
    expect(readWorkflowFile).toHaveBeenCalledTimes(2);
  });
});
