import { createAwsCloud, emptyRecords } from '../aws';
import { HandClock } from '../engine';
import {
  CreatingSandbox,
  creatingSandbox,
} from '../github/__testUtils__/creating';
import { seedAws } from '../world/aws/seedAws';
import { withCreated } from './createdPlaces';

const ORDERS = { owner: 'acme', repo: 'orders' };
const PIPELINE = `name: Pipeline
on: { push: { branches: [main] } }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - id: smoke
        run: ./scripts/smoke-test.sh
`;

describe('the verbs, for what was created over the API', () => {
  let world: CreatingSandbox;
  beforeAll(async () => {
    world = await creatingSandbox();
    await world.create('orders');
    const cleo = world.sandbox.state.accounts.get('cleo')?.id ?? 0;
    await world.as('dana').repos.createOrUpdateEnvironment({
      ...ORDERS,
      environment_name: 'production',
      reviewers: [{ type: 'User', id: cleo }],
      prevent_self_review: true,
    });
  });
  afterAll(() => world?.sandbox.stop());

  it('push, approve and status know it by its name', async () => {
    const pushed = await world.control('/push', {
      target: 'orders',
      files: { '.github/workflows/pipeline.yml': PIPELINE },
    });
    expect(pushed.body).toMatchObject({ repo: 'acme/orders', actor: 'dana' });
    const [{ id }] = pushed.body.runs;
    const approved = await world.control('/approve', { target: 'orders' });
    expect(approved.body).toMatchObject({
      user: 'cleo',
      answered: [{ run: id, environments: ['production'] }],
    });
  });

  it('break-smoke needs nothing but its environment', async () => {
    const { status, body } = await world.control('/break-smoke', {
      target: 'orders',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ repo: 'acme/orders', step: 'smoke' });
  });

  it('faults strike the new routes: what is answered with an error is done', async () => {
    await world.control('/fault', {
      kind: 'after-errors',
      route: 'POST /orgs/{org}/repos',
      count: 1,
    });
    expect(await world.problem(world.create('lost'))).toMatchObject({
      status: 502,
    });
    expect(world.repo('lost').createdBy).toBe('dana');
  });

  it('plan knows organisations and two plans only', async () => {
    const asked = (org: string, plan: string) =>
      world.control('/plan', { org, plan }).then(({ status }) => status);
    expect(await asked('dana', 'free')).toBe(404);
    expect(await asked('acme', 'gold')).toBe(400);
    expect(await asked('acme', 'enterprise')).toBe(200);
  });

  it('hands out a token of the provisioner', async () => {
    const { body } = await world.control('/provisioner-token', {
      user: 'ravi',
    });
    expect(body).toMatchObject({ user: 'ravi', clientId: 'Iv1.provisioner' });
    const { data } = await world.as(body.token).repos.createInOrg({
      org: 'acme',
      name: 'by-ravi',
    });
    expect(data.full_name).toBe('acme/by-ravi');
  });
});

describe('a repository that is deleted while something runs there', () => {
  it('leaves nothing behind that comes back', async () => {
    const clock = new HandClock(Date.UTC(2026, 10, 20, 9));
    const world = await creatingSandbox({ clock });
    const { state } = world.sandbox;
    await world.create('orders');
    const { id } = world.repo('orders');
    await world.control('/push', {
      target: 'orders',
      files: { '.github/workflows/pipeline.yml': PIPELINE },
    });
    clock.advance(1);
    const runs = () => [...state.runs.values()].filter(r => r.repoId === id);
    expect(runs()).toHaveLength(1);
    expect(runs()[0].attempts[0].status).not.toBe('completed');
    await world.as('dana').repos.delete(ORDERS);
    clock.advance(3_600_000);
    expect(runs()).toEqual([]);
    expect(
      [...state.deployments.values()].filter(d => d.repoId === id),
    ).toEqual([]);
    expect((await world.as('dana').users.getAuthenticated()).status).toBe(200);
    await world.sandbox.stop();
  }, 30_000);
});

describe('where components run', () => {
  it('is told by name or tag of a service, when the world does not know', () => {
    const now = Date.UTC(2026, 10, 21);
    const cloud = createAwsCloud({
      records: emptyRecords(),
      clock: new HandClock(now),
      seed: 'places',
      speed: 15,
      changed: () => {},
    });
    seedAws(cloud, {
      firstCommits: new Map(
        [
          'vaultex/vaultex',
          'acme/cicd-platform',
          'flexi/order-processing',
          'eventflow/eventflow',
          'acme/legacy-billing',
        ].map(slug => [slug, 'c'.repeat(40)]),
      ),
      createdAt: now,
      checkedAt: now,
    });
    const placesOf = withCreated(cloud, name =>
      name === 'known' ? [{ environment: 'qa', name: {} as never }] : [],
    );
    expect(placesOf('known')).toHaveLength(1);
    expect(placesOf('vaultex-api').map(place => place.environment)).toEqual([
      'staging',
      'production',
    ]);
    const tagged = cloud.records.services.find(
      service => service.name === 'vaultex-api',
    );
    if (tagged) {
      tagged.tags['delivery.platform/entity'] = 'component:default/shop';
    }
    expect(placesOf('shop')).toEqual([
      {
        environment: 'staging',
        name: expect.objectContaining({ service: 'vaultex-api' }),
      },
    ]);
    expect(placesOf('nobody')).toEqual([]);
  });
});
