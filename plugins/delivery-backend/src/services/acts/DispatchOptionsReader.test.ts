import { component, makeActWorld, REF } from './__testUtils__/makeActWorld';
import { DispatchOptionsReader } from './DispatchOptionsReader';

async function make() {
  const world = await makeActWorld();
  const reader = new DispatchOptionsReader({
    ...{ store: world.store, index: world.index, now: world.now },
    providerOf: () => world.vendor.provider,
  });
  return { ...world, reader };
}

describe('DispatchOptionsReader', () => {
  it('shows workflows that can be started by hand, by their files at the default branch', async () => {
    const { reader, vendor } = await make();
    vendor.file = `
on: { workflow_dispatch: { inputs: { dry: { type: boolean } } } }
jobs:
  a: { environment: staging }
  b: { environment: "\${{ inputs.where }}" }`;
    await expect(reader.of(component())).resolves.toMatchObject({
      entityRef: REF,
      defaultBranch: 'main',
      branches: ['main', 'feature'],
      pipelines: [
        {
          id: 'github_com/1/7',
          name: 'Deploy',
          inputs: [{ name: 'dry', type: 'boolean', required: false }],
          environments: ['staging'],
        },
      ],
      problem: undefined,
    });
    expect(vendor.calls).toEqual([
      'readWorkflowFile .github/workflows/deploy.yml main',
    ]);
  });

  it('asks the vendor once for many callers, and again after a minute', async () => {
    const { reader, vendor, later } = await make();
    await Promise.all([reader.of(component()), reader.of(component())]);
    expect(vendor.calls).toHaveLength(1);
    later(60_001);
    await reader.of(component());
    expect(vendor.calls).toHaveLength(2);
  });

  it('leaves out what cannot be started by hand', async () => {
    const { reader, vendor } = await make();
    vendor.file = 'on: push\njobs: { a: {} }';
    await expect(reader.of(component())).resolves.toMatchObject({
      pipelines: [],
      problem: undefined,
    });
  });

  it('says why a file is missing, and shows the page all the same', async () => {
    const { reader, vendor } = await make();
    vendor.onRead = async () => {
      throw Object.assign(new Error('GitHub is asked too often.'), {
        code: 'rate_limit',
      });
    };
    await expect(reader.of(component())).resolves.toMatchObject({
      pipelines: [],
      problem: { code: 'rate_limit' },
    });
    vendor.onRead = async () => {};
    await expect(reader.of(component())).resolves.toMatchObject({
      pipelines: [{ name: 'Deploy' }],
    });
  });

  it('YAML bombs are a problem of that file only', async () => {
    const { reader, vendor } = await make();
    vendor.file = `a: &a [${'x,'.repeat(10)}]\n${'b: *a\n'.repeat(200)}`;
    await expect(reader.of(component())).resolves.toMatchObject({
      pipelines: [],
      problem: { code: expect.stringMatching(/^workflow_/) },
    });
  });
});
