import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  conformanceReport,
  failedCheck,
} from '../../../dev/conformanceFixtures';
import { entity, overview } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  fakeSignals,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { DeliveryContent } from '../DeliveryContent';
import { ConformancePanel } from '.';

const show = (
  report: ReturnType<typeof conformanceReport>,
  options: Parameters<typeof renderDelivery>[1] = {},
) =>
  renderDelivery(<ConformancePanel />, {
    client: fakeClient({ conformance: async () => report }),
    ...options,
  });

describe('ConformancePanel', () => {
  it('says which annotation is missing', async () => {
    const client = fakeClient();
    renderDelivery(<ConformancePanel />, {
      client,
      entity: { ...entity(), metadata: { name: 'bare' } },
    });
    await screen.findByText('github.com/project-slug: owner/repository');
    expect(client.conformance).not.toHaveBeenCalled();
  });

  it('waits in the shape of the list', async () => {
    renderDelivery(<ConformancePanel />, {
      client: fakeClient({ conformance: pending }),
    });
    expect(
      await screen.findByRole('status', { name: 'Reading the rules' }),
    ).toBeInTheDocument();
  });

  it('says what went wrong and tries again', async () => {
    const client = fakeClient({
      conformance: failing(503, 'ServiceUnavailableError', 'GitHub is down.'),
    });
    renderDelivery(<ConformancePanel />, { client });
    await screen.findByText('GitHub is down.');
    await userEvent.click(screen.getByRole('button', { name: /try again/i }));
    expect(client.conformance.mock.calls.length).toBeGreaterThan(1);
  });

  it('says when nothing was read yet, and why it could not be', async () => {
    const none = { passed: 0, failed: 0, unknown: 0 };
    const report = { checks: [], counts: none, asOf: null };
    show({ ...report, problem: 'acme/api cannot be read with this App.' });
    expect(
      await screen.findByText(
        /cannot be read with this App\. It is tried again/,
      ),
    ).toBeInTheDocument();
  });

  it('puts what does not hold first, with its places and what to do', async () => {
    show(conformanceReport([failedCheck]));
    await screen.findByText('11 of 12 rules hold');
    const [first] = screen
      .getAllByRole('listitem')
      .filter(item => within(item).queryByRole('heading'));
    expect(first.textContent).toContain('Does not hold');
    expect(first).toHaveTextContent(
      'What to do: Name each action by the full SHA of its commit (uses: a/b@<SHA>).',
    );
    const link = within(first).getByRole('link', { name: /deploy\.yml:10/ });
    expect(link.getAttribute('href')).toMatch(/deploy\.yml#L10$/);
    within(first).getByText('and 3 more');
    await expectAccessible();
  });

  it('shows no link that leads nowhere good', async () => {
    const [bad] = failedCheck.evidence;
    show(
      conformanceReport([
        {
          ...failedCheck,
          evidence: [{ ...bad, url: `${'javascript'}:alert(1)` }],
        },
      ]),
    );
    await screen.findByText('.github/workflows/deploy.yml:10');
    expect(screen.queryByRole('link', { name: /deploy/ })).toBeNull();
  });

  it('tells the template, and that a newer one is out', async () => {
    const template = {
      ...{ id: 'node-ecs-service', version: '1.0.0', newest: '1.1.0' },
    };
    show(conformanceReport([], { template }));
    expect(
      await screen.findByText(
        'Made from node-ecs-service 1.0.0; 1.1.0 is the newest',
      ),
    ).toBeInTheDocument();
  });
});

describe('ConformanceScore', () => {
  it('leads from the header to the rules', async () => {
    const conformance = { passed: 9, failed: 2, unknown: 1, asOf: 1 };
    renderDelivery(<DeliveryContent />, {
      client: fakeClient({ overview: async () => overview({ conformance }) }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: '9/11 rules' }),
    );
    expect(address()).toContain('panel=conformance');
    await screen.findByText('12 of 12 rules hold');
  });

  it('is absent until the rules were read', async () => {
    renderDelivery(<DeliveryContent />);
    await screen.findByText('Fix rounding in refunds');
    expect(screen.queryByText(/rules$/)).toBeNull();
  });

  it('brings what was read meanwhile to the open list', async () => {
    const none = { passed: 0, failed: 0, unknown: 0 };
    let asOf: number | null = null;
    const client = fakeClient({
      overview: async () =>
        overview(
          asOf === null
            ? {}
            : { conformance: { passed: 12, failed: 0, unknown: 0, asOf } },
        ),
      conformance: async () =>
        asOf === null
          ? { checks: [], counts: none, asOf: null }
          : conformanceReport([], { asOf }),
    });
    const signals = fakeSignals();
    renderDelivery(<DeliveryContent />, {
      ...{ client, signals, at: '/?panel=conformance' },
    });
    expect(await screen.findByText('Not read yet')).toBeInTheDocument();
    asOf = 1;
    act(() => signals.channels().forEach(signals.send));
    expect(await screen.findByText('12 of 12 rules hold')).toBeInTheDocument();
  });
});
