import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { EXCLUSION_REASONS } from 'backstage-plugin-delivery-common';
import type { DoraRows } from 'backstage-plugin-delivery-common';
import { doraReport } from '../../../dev/doraFixtures';
import { metric } from '../../../dev/doraMetricFixtures';
import {
  changeRow,
  deploymentRow,
  doraRows,
  evidence,
  excludedRow,
} from '../../../dev/doraRowFixtures';
import { HOSTILE, SCRIPT_URL } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import { address, failing } from '../../../dev/testUtils/renderDelivery';
import { doraWords } from '../../translation/doraWords';
import {
  rowOf,
  showDora,
  shownRows,
} from '../DoraPanel/__testUtils__/showDora';

const at = (id: string, behind = '') => ({
  at: `/?metric=${id}${behind && `&behind=${behind}`}`,
});
const rows = (overrides: Partial<DoraRows>) => ({
  doraRows: async () =>
    doraRows('change_fail_rate', {}, { nextCursor: undefined, ...overrides }),
});

describe('deployments behind a number', () => {
  it('have the failed ones first, each with evidence and how it was restored', async () => {
    showDora({}, at('change_fail_rate'));
    const first = await rowOf('d0');
    expect(first.getByRole('link', { name: '0b7ee31 #1285' })).toHaveAttribute(
      'href',
      '/delivery/runs/gh.1285',
    );
    expect(first.getByText('check failed')).toBeInTheDocument();
    expect(
      first.getByRole('link', { name: /smoke test failed/ }),
    ).toHaveAttribute(
      'href',
      'https://github.com/vaultex/vaultex/actions/runs/1285',
    );
    expect(first.getByText('6m')).toBeInTheDocument();
    expect(
      first.getByText('the run put the version before back'),
    ).toBeInTheDocument();
    const inferred = await rowOf('d3');
    expect(
      inferred.getByText(/incident by time/).parentElement,
    ).toHaveTextContent('(inferred)');
    expect((await rowOf('d8')).getByText('not over')).toBeInTheDocument();
    expect(screen.getByText('9 failed')).toBeInTheDocument();
    expect(screen.getByText('180 did not')).toBeInTheDocument();
    await expectAccessible();
  });

  it('come page by page until all are there, each once', async () => {
    const { client } = showDora(
      {
        dora: async () => doraReport({ metrics: [metric({ n: 60, hits: 9 })] }),
        doraRows: async ({ params, query }) => {
          const from = Number(query?.cursor ?? 0);
          return doraRows(
            params.metric,
            {},
            {
              total: 60,
              // The last row of the first page has moved to the second.
              deployments: Array.from({ length: from ? 11 : 50 }, (_, i) =>
                deploymentRow(from ? from - 1 + i : i),
              ),
              nextCursor: from ? undefined : '50',
            },
          );
        },
      },
      at('change_fail_rate'),
    );
    await rowOf('d0');
    expect(screen.getByText('50 of 60 shown')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    await rowOf('d59');
    expect(shownRows()).toHaveLength(60);
    expect(client.doraRows.mock.lastCall?.[0].query).toMatchObject({
      cursor: '50',
      set: 'rows',
      days: 90,
    });
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('make the numbers be read again when there are more of them than the card says', async () => {
    let n = 60;
    const { client } = showDora(
      {
        dora: async () => doraReport({ metrics: [metric({ n, hits: 9 })] }),
        doraRows: async ({ params }) => {
          n = 61;
          return doraRows(params.metric, {}, { total: n });
        },
      },
      at('change_fail_rate'),
    );
    expect(
      await screen.findByRole('tab', { name: '61 deployments' }),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect(
        document.querySelector('[data-metric=change_fail_rate]'),
      ).toHaveTextContent('9 of 61 deployments'),
    );
    expect(client.dora).toHaveBeenCalledTimes(2);
  });

  it('say why unplanned ones are unplanned', async () => {
    showDora(
      {
        ...rows({
          deployments: [
            deploymentRow(2, { rework: true, reworkBecause: 'hotfix #389' }),
            deploymentRow(20),
          ],
        }),
      },
      at('rework_rate'),
    );
    const row = await rowOf('d2');
    expect(row.getByText('unplanned')).toBeInTheDocument();
    expect(row.getByText('hotfix #389')).toBeInTheDocument();
  });

  it('have failures that are not over in a list of their own', async () => {
    const { client } = showDora({}, at('recovery_time'));
    expect(
      await screen.findByRole('tab', { name: '8 restored' }),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('tab', { name: 'Not over 1' }));
    expect(address()).toContain('behind=open');
    await waitFor(() => expect(shownRows()).toEqual(['d8']));
    expect((await rowOf('d8')).getByText('not over')).toBeInTheDocument();
    expect(
      (await rowOf('d8')).getByText('noticed after 3m'),
    ).toBeInTheDocument();
    expect(client.doraRows.mock.lastCall?.[0].query?.set).toBe('open');
  });

  it('show hostile texts as text, and link nowhere dangerous', async () => {
    showDora(
      rows({
        deployments: [
          deploymentRow(0, {
            title: HOSTILE,
            actor: HOSTILE,
            recoveredBy: HOSTILE,
            runId: undefined,
            url: SCRIPT_URL,
            sha: HOSTILE,
            evidence: [
              evidence({ text: HOSTILE, url: SCRIPT_URL, by: HOSTILE }),
            ],
          }),
        ],
      }),
      at('change_fail_rate'),
    );
    const row = await rowOf('d0');
    expect(row.getAllByText(/<script>/).length).toBeGreaterThanOrEqual(3);
    expect(row.queryByRole('link')).toBeNull();
    expect(document.querySelector('script')).toBeNull();
  });
});

describe('changes behind the lead time', () => {
  it('say where their time went, also in words, and which make the median', async () => {
    showDora({}, at('lead_time'));
    const row = await rowOf('c3');
    expect(row.getByText('9d 21h')).toBeInTheDocument();
    expect(row.getByText('median')).toBeInTheDocument();
    expect(
      row.getByText(
        'coding 4d 22h · pickup 1d 5h · review 2d 11h · to production 1d 5h',
      ),
    ).toBeInTheDocument();
    expect(row.getByRole('link', { name: /^#397/ })).toHaveAttribute(
      'href',
      'https://github.com/vaultex/vaultex/pull/397',
    );
    const old = await rowOf('c0');
    expect(old.getByText('its first commit is very old')).toBeInTheDocument();
    expect(old.queryByText('median')).toBeNull();
    await expectAccessible();
  });

  it('give each stage its share of the bar', async () => {
    const stages = { coding: 3000, review: 1000, deploy: 0 };
    showDora(
      rows({ changes: [changeRow(0, { leadMs: 4000, stages })] }),
      at('lead_time'),
    );
    await rowOf('c0');
    const shares = [
      ...document.querySelectorAll<HTMLElement>('[data-stage]'),
    ].map(({ dataset, style }) => [dataset.stage, style.flexGrow]);
    expect(shares).toEqual([
      ['coding', '3000'],
      ['review', '1000'],
      ['deploy', '0'],
    ]);
  });

  it('shows hostile texts as text', async () => {
    showDora(
      rows({
        changes: [
          changeRow(0, {
            title: HOSTILE,
            author: HOSTILE,
            url: SCRIPT_URL,
            warnings: [HOSTILE],
          }),
        ],
      }),
      at('lead_time'),
    );
    const row = await rowOf('c0');
    expect(row.getAllByText(/<script>/)).toHaveLength(3);
    expect(row.queryByRole('link')).toBeNull();
  });
});

describe('why not counted', () => {
  it('lists what was seen, with the reason as a sentence', async () => {
    const { client } = showDora({}, at('change_fail_rate'));
    await userEvent.click(
      await screen.findByRole('tab', { name: 'Why not counted? 14' }),
    );
    expect(address()).toContain('behind=excluded');
    const row = await rowOf('no_environment-0');
    expect(row.getByText(/Nothing says which environment/)).toBeInTheDocument();
    expect(row.getByText('job "ship it"')).toBeInTheDocument();
    expect(row.getByRole('link', { name: 'no_environment 0' })).toHaveAttribute(
      'href',
      '/delivery/runs/gh.1230',
    );
    expect(shownRows()).toHaveLength(14);
    expect(client.doraRows.mock.lastCall?.[0].query?.set).toBe('excluded');
    await expectAccessible();
  });

  it.each(EXCLUSION_REASONS)('has a sentence for %s', async reason => {
    const words: Record<string, string> = doraWords.reason;
    expect(words[reason]).toMatch(/^[A-Z].*\.$/);
  });

  it('says that it does not know the reason of a newer server', async () => {
    showDora(
      rows({
        excluded: [excludedRow({ reason: 'constructor', title: HOSTILE })],
      }),
      at('change_fail_rate', 'excluded'),
    );
    const row = await rowOf('x1');
    expect(
      row.getByText('This page does not know the reason: constructor.'),
    ).toBeInTheDocument();
    expect(row.getByText(/<script>/)).toBeInTheDocument();
  });

  it('says that all is counted', async () => {
    showDora(
      rows({ total: 0, deployments: [] }),
      at('change_fail_rate', 'excluded'),
    );
    expect(
      await screen.findByText('Everything that was seen is counted.'),
    ).toBeInTheDocument();
  });
});

describe('rows that cannot be read', () => {
  it('say so in their own place, with the way to try again', async () => {
    let broken = true;
    showDora(
      {
        doraRows: async ({ params, query }) =>
          broken
            ? failing(500, 'Error', 'database is away')()
            : doraRows(params.metric, query),
      },
      at('change_fail_rate'),
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('database is away');
    expect(
      document.querySelector('[data-metric=change_fail_rate]'),
    ).toHaveTextContent('4.8 %');
    broken = false;
    await userEvent.click(
      within(alert).getByRole('button', { name: 'Try again' }),
    );
    await rowOf('d0');
  });
});
