import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ActOperation,
  DeliveryClient,
  MyActs,
  RunDetail,
} from 'backstage-plugin-delivery-common';
import { refusedOperation } from '../../../dev/actFixtures';
import {
  approvedOperation,
  myActs,
  operation,
} from '../../../dev/approvalFixtures';
import {
  ENTITY_REF,
  failedRun,
  HOSTILE,
  job,
  movingRun,
  NOW,
  run,
  runDetail,
  success,
  waitingRun,
} from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  fakeScmAuth,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { RunActs } from './RunActs';

const TOKEN = 'gho_canary0000000000000000000000000000';
const DAY = 24 * 60 * 60 * 1000;

const failedDetail = (overrides: Partial<RunDetail> = {}) =>
  runDetail({ run: failedRun, ...overrides });

function show(
  detail: RunDetail,
  answers: Partial<DeliveryClient> = {},
  scmAuth = fakeScmAuth(TOKEN),
) {
  const client = fakeClient(answers);
  const view = renderDelivery(
    <RunActs detail={detail} service={ENTITY_REF} />,
    { client, scmAuth },
  );
  return { ...view, client, scmAuth };
}

const acts = (overrides: Partial<MyActs>) => ({
  myActs: async () => myActs(overrides),
});
const button = (name: string) => screen.findByRole('button', { name });
const dialog = async () => within(await screen.findByRole('dialog'));
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
    show(detail, acts(may));
    const found = await button(name);
    expect(found).toHaveAttribute('aria-disabled', 'true');
    expect(found).toHaveAttribute('title', reason);
    await userEvent.click(found);
    expect(screen.queryByRole('dialog')).toBeNull();
    await expectAccessible();
  });

  it('are on for what failed lately', async () => {
    show(failedDetail());
    expect(await button('Re-run')).not.toHaveAttribute('aria-disabled');
    expect(await button('Re-run failed')).not.toHaveAttribute('aria-disabled');
  });

  it.each<[string, Partial<DeliveryClient>]>([
    ['nobody can act at the vendor', acts({ repositoryUrl: undefined })],
    [
      'the provider has no acts',
      acts({
        rerun: {
          allowed: false,
          reason: { code: 'acts_unsupported', message: 'Not built.' },
        },
      }),
    ],
    ['it is not known', { myActs: failing(500, 'Error', 'Away.') }],
  ])('are not there when %s', async (_, answers) => {
    const { client } = show(failedDetail(), answers);
    await waitFor(() => expect(client.myActs).toHaveBeenCalled());
    await client.myActs.mock.results[0].value.catch(() => undefined);
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('acting on a run', () => {
  it('says what will happen, asks for the token on the click, sends once and follows it to its end', async () => {
    const answers: ActOperation[] = [operation(2), approvedOperation];
    const { client, scmAuth } = show(failedDetail(), {
      operation: async () => answers.shift() ?? approvedOperation,
    });
    await userEvent.click(await button('Re-run'));
    const asked = await dialog();
    expect(
      asked.getByText(/run again, as attempt 2/, { exact: false }),
    ).toBeInTheDocument();
    expect(
      asked.getByText(/^It may deploy to .*production/),
    ).toBeInTheDocument();
    await expectAccessible('[role=dialog]');
    expect(scmAuth.getCredentials).not.toHaveBeenCalled();

    await userEvent.type(asked.getByLabelText('Your reason'), 'Flaky network');
    await userEvent.dblClick(
      asked.getByRole('button', { name: 'Re-run all jobs' }),
    );
    expect(await asked.findByText('Audit entry 4711')).toBeInTheDocument();
    expect(scmAuth.getCredentials).toHaveBeenCalledTimes(1);
    expect(client.rerun.mock.calls).toEqual([
      [
        {
          params: { id: failedRun.id },
          userToken: TOKEN,
          body: {
            failedOnly: false,
            attempt: 1,
            comment: 'Flaky network',
            breakGlass: undefined,
            idempotencyKey: expect.stringMatching(/^[A-Za-z0-9-]{16,64}$/),
          },
        },
      ],
    ]);
    expect(asked.queryByRole('button', { name: 'Re-run all jobs' })).toBeNull();
    await userEvent.click(asked.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it.each<[string, string, RunDetail, object]>([
    [
      'Re-run failed',
      'Re-run failed jobs',
      failedDetail(),
      { failedOnly: true, attempt: 1 },
    ],
    ['Cancel', 'Cancel the run', runDetail({ run: movingRun }), { attempt: 1 }],
  ])('sends %s', async (name, confirm, detail, body) => {
    const { client } = show(detail);
    await userEvent.click(await button(name));
    await userEvent.click(await button(confirm));
    const sent = name === 'Cancel' ? client.cancel : client.rerun;
    await waitFor(() => expect(sent).toHaveBeenCalledTimes(1));
    expect(sent.mock.calls[0][0]).toMatchObject({ userToken: TOKEN, body });
  });

  it('sends nothing without a token, or with half a word as the reason', async () => {
    const { client } = show(
      failedDetail(),
      {},
      fakeScmAuth(new Error('Login failed, popup was closed')),
    );
    await userEvent.click(await button('Re-run'));
    const asked = await dialog();
    const confirm = asked.getByRole('button', { name: 'Re-run all jobs' });
    await userEvent.type(asked.getByLabelText('Your reason'), 'no');
    expect(confirm).toHaveAttribute(
      'title',
      'Write at least three characters, or nothing.',
    );
    await userEvent.type(asked.getByLabelText('Your reason'), 'w');
    await userEvent.click(confirm);
    expect(
      await asked.findByText(/You were not signed in at GitHub/),
    ).toBeInTheDocument();
    expect(client.rerun).not.toHaveBeenCalled();
  });

  it('sends the same click again after a broken line, another one with a key of its own', async () => {
    const { client } = show(failedDetail(), {
      rerun: async () => {
        throw new TypeError('Failed to fetch');
      },
    });
    await userEvent.click(await button('Re-run'));
    const asked = await dialog();
    const confirm = asked.getByRole('button', { name: 'Re-run all jobs' });
    await userEvent.click(confirm);
    expect(await asked.findByText('No answer came')).toBeInTheDocument();
    await userEvent.click(confirm);
    await waitFor(() => expect(client.rerun).toHaveBeenCalledTimes(2));
    await asked.findByText('No answer came');
    await userEvent.type(asked.getByLabelText('Your reason'), 'Other');
    await userEvent.click(confirm);
    await waitFor(() => expect(client.rerun).toHaveBeenCalledTimes(3));
    const [first, second, third] = client.rerun.mock.calls.map(
      ([{ body }]) => body.idempotencyKey,
    );
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('asks to look again when the run is not as it was seen', async () => {
    const { client } = show(failedDetail(), {
      rerun: failing(
        409,
        'ConflictError',
        'Nothing was sent: the run is at attempt 2 now.',
        'stale_view',
      ),
    });
    await userEvent.click(await button('Re-run'));
    const asked = await dialog();
    const confirm = asked.getByRole('button', { name: 'Re-run all jobs' });
    await userEvent.click(confirm);
    expect(
      await asked.findByText('It has changed since you looked'),
    ).toBeInTheDocument();
    await userEvent.click(confirm);
    expect(client.rerun).toHaveBeenCalledTimes(1);
  });

  it('goes on when the dialog is closed, and can be looked at again', async () => {
    show(failedDetail(), { operation: async () => operation(1) });
    await userEvent.click(await button('Re-run'));
    await userEvent.click(await button('Re-run all jobs'));
    await screen.findByText('The present state is read');
    await userEvent.click(await button('Close'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(await button('Re-run')).toHaveAttribute(
      'title',
      'Something you began is still under way.',
    );
    await userEvent.click(await button('Show what you began'));
    expect(
      await screen.findByText('The present state is read'),
    ).toBeInTheDocument();
  });

  it('shows hostile names as text', async () => {
    show(
      failedDetail({
        jobs: [job({ ...success, environment: HOSTILE })],
      }),
    );
    await userEvent.click(await button('Re-run'));
    expect(
      (await dialog()).getByText(/<script>alert/, { exact: false }),
    ).toBeInTheDocument();
    expect(document.querySelector('script')).toBeNull();
  });
});

describe('breaking the glass', () => {
  const RULE = 'You cannot approve this: you started the run.';
  const refused = (code: string) => ({
    operation: async () => refusedOperation(code, RULE),
  });
  async function rerunRefused(
    code: string,
    may: Partial<MyActs> = {},
  ): Promise<ReturnType<typeof show>['client']> {
    const { client } = show(failedDetail(), { ...refused(code), ...acts(may) });
    await userEvent.click(await button('Re-run'));
    await userEvent.click(await button('Re-run all jobs'));
    await screen.findByText('Refused: nothing was sent');
    return client;
  }

  it('is offered when a rule for production said no; it warns, needs a reason and is one more click', async () => {
    const client = await rerunRefused('self_review');
    await userEvent.click(await button('Break the glass…'));
    const asked = await dialog();
    expect(asked.getByText(/somebody else reviews it later/)).toHaveTextContent(
      RULE,
    );
    const confirm = asked.getByRole('button', {
      name: 'Break the glass: Re-run all jobs',
    });
    expect(confirm).toHaveAttribute(
      'title',
      'Write why first, in at least three characters.',
    );
    await userEvent.click(confirm);
    expect(client.rerun).toHaveBeenCalledTimes(1);
    await expectAccessible('[role=dialog]');

    await userEvent.type(
      asked.getByRole('textbox', { name: /Your reason/ }),
      'Payments fail',
    );
    await userEvent.click(confirm);
    await waitFor(() => expect(client.rerun).toHaveBeenCalledTimes(2));
    const [first, second] = client.rerun.mock.calls.map(([{ body }]) => body);
    expect(first.breakGlass).toBeUndefined();
    expect(second).toMatchObject({
      breakGlass: true,
      comment: 'Payments fail',
    });
    expect(second.idempotencyKey).not.toBe(first.idempotencyKey);
  });

  it('is not offered to those who may not', async () => {
    await rerunRefused('self_review', { breakGlass: { allowed: false } });
    expect(
      screen.queryByRole('button', { name: 'Break the glass…' }),
    ).toBeNull();
  });

  it('does not help against what is no rule of production', async () => {
    await rerunRefused('identity_mismatch');
    expect(
      screen.queryByRole('button', { name: 'Break the glass…' }),
    ).toBeNull();
  });
});
