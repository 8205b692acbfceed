import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  DeliveryClient,
  MyActs,
  RunDetail,
} from 'backstage-plugin-delivery-common';
import {
  failedRun,
  job,
  movingRun,
  NOW,
  run,
  runDetail,
  waitingRun,
} from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import { failing } from '../../../dev/testUtils/renderDelivery';
import {
  button,
  failedDetail,
  mayDo,
  showActs,
} from './__testUtils__/showActs';

const DAY = 24 * 60 * 60 * 1000;

const no = (message: string) => ({
  allowed: false,
  reason: { code: 'no', message },
});

describe('buttons of a run', () => {
  it.each<[string, string, RunDetail, Partial<MyActs>, string]>([
    [
      'a permission is missing',
      'Re-run',
      failedDetail(),
      { rerun: no('It takes the permission delivery.run.rerun.') },
      'It takes the permission delivery.run.rerun.',
    ],
    [
      'a guest looks',
      'Cancel',
      runDetail(),
      { cancel: no('A guest cannot act.') },
      'A guest cannot act.',
    ],
    [
      'the reason is missing, too',
      'Cancel',
      runDetail(),
      { cancel: { allowed: false } },
      'You may not do this.',
    ],
    [
      'the run runs',
      'Re-run',
      runDetail({ run: movingRun }),
      {},
      'The run is still running: cancel it, or wait.',
    ],
    [
      'the run waits',
      'Re-run failed',
      runDetail({ run: waitingRun }),
      {},
      'The run still waits: decide, cancel it, or wait.',
    ],
    [
      'it is too old',
      'Re-run',
      failedDetail({ run: { ...failedRun, createdAt: NOW - 31 * DAY } }),
      {},
      'The run is older than 30 days: the vendor does not run it again.',
    ],
    [
      'nothing failed',
      'Re-run failed',
      runDetail({ run: run(), jobs: [job()] }),
      {},
      'Nothing failed in this run.',
    ],
    ['it is over', 'Cancel', failedDetail(), {}, 'The run is over.'],
    [
      'an old attempt is shown',
      'Re-run',
      failedDetail({ run: { ...failedRun, attempt: 3 }, attempt: 1 }),
      {},
      'You look at attempt 1; only the newest one can be changed.',
    ],
    [
      'a state is not known',
      'Re-run',
      runDetail({ run: run({ status: 'unknown', conclusion: undefined }) }),
      {},
      'How the run stands is not known.',
    ],
  ])('say why they are off when %s', async (_, name, detail, may, reason) => {
    showActs(detail, mayDo(may));
    const found = await button(name);
    expect(found).toHaveAttribute('aria-disabled', 'true');
    expect(found).toHaveAttribute('title', reason);
    await userEvent.click(found);
    expect(screen.queryByRole('dialog')).toBeNull();
    await expectAccessible();
  });

  it('are on for what failed lately', async () => {
    showActs(failedDetail());
    expect(await button('Re-run')).not.toHaveAttribute('aria-disabled');
    expect(await button('Re-run failed')).not.toHaveAttribute('aria-disabled');
  });

  it.each<[string, Partial<DeliveryClient>]>([
    ['nobody can act at the vendor', mayDo({ repositoryUrl: undefined })],
    [
      'the provider has no acts',
      mayDo({
        rerun: {
          allowed: false,
          reason: { code: 'acts_unsupported', message: 'Not built.' },
        },
      }),
    ],
    ['it is not known', { myActs: failing(500, 'Error', 'Away.') }],
  ])('are not there when %s', async (_, answers) => {
    const { client } = showActs(failedDetail(), answers);
    await waitFor(() => expect(client.myActs).toHaveBeenCalled());
    await client.myActs.mock.results[0].value.catch(() => undefined);
    expect(screen.queryByRole('button')).toBeNull();
  });
});
