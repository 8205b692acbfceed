import { waitFor } from '@testing-library/react';
import { doraReport } from '../../../dev/doraFixtures';
import { metric } from '../../../dev/doraMetricFixtures';
import { fakeSignals } from '../../../dev/testUtils/renderDelivery';
import { cardOf, showDora } from './__testUtils__/showDora';

describe('news of DoraPanel', () => {
  it('reads numbers and rows again when something about the service is new', async () => {
    const signals = fakeSignals();
    let hits = 2;
    const { client } = showDora(
      {
        dora: async () =>
          doraReport({
            metrics: [
              metric({
                ...{ id: 'change_fail_rate', unit: 'ratio' },
                ...{ value: hits / 20, n: 20, hits },
              }),
            ],
          }),
      },
      { signals, at: '/?metric=change_fail_rate' },
    );
    expect(await cardOf('change_fail_rate')).toHaveTextContent(
      '2 of 20 deployments',
    );
    await waitFor(() => expect(client.doraRows).toHaveBeenCalled());
    const asked = client.doraRows.mock.calls.length;
    await waitFor(() =>
      expect(signals.channels()).toContain('delivery:dora-key'),
    );
    hits = 3;
    signals.send('delivery:dora-key');
    await waitFor(async () =>
      expect(await cardOf('change_fail_rate')).toHaveTextContent(
        '3 of 20 deployments',
      ),
    );
    // As many rows as before, and yet another one of them has failed.
    await waitFor(() =>
      expect(client.doraRows.mock.calls.length).toBeGreaterThan(asked),
    );
  });
});
