import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import { dispatchOptions, refusedOperation } from '../../../dev/actFixtures';
import { myActs } from '../../../dev/approvalFixtures';
import { ENTITY_REF, HOSTILE } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  fakeScmAuth,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { RunWorkflow } from './RunWorkflow';

const TOKEN = 'gho_canary0000000000000000000000000000';

function show(answers: Partial<DeliveryClient> = {}) {
  const client = fakeClient(answers);
  renderDelivery(<RunWorkflow entityRef={ENTITY_REF} />, {
    client,
    scmAuth: fakeScmAuth(TOKEN),
  });
  return client;
}

async function open(answers: Partial<DeliveryClient> = {}) {
  const client = show(answers);
  await userEvent.click(
    await screen.findByRole('button', { name: 'Run workflow' }),
  );
  return { client, dialog: within(await screen.findByRole('dialog')) };
}

const confirmOf = (dialog: ReturnType<typeof within>) =>
  dialog.getByRole('button', { name: 'Run workflow' });

describe('RunWorkflow', () => {
  it('asks nothing until somebody wants to', async () => {
    const client = show();
    await screen.findByRole('button', { name: 'Run workflow' });
    expect(client.dispatchOptions).not.toHaveBeenCalled();
  });

  it('says why it is off', async () => {
    show({
      myActs: async () =>
        myActs({
          dispatch: {
            allowed: false,
            reason: { code: 'x', message: 'It takes delivery.run.dispatch.' },
          },
        }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Run workflow' }),
    );
    expect(
      await screen.findByText('It takes delivery.run.dispatch.'),
    ).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Run workflow' }),
    ).toHaveAttribute('title', 'It takes delivery.run.dispatch.');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('sends a choice once it is made, with token and key, and follows it', async () => {
    const { client, dialog } = await open();
    const choice = await dialog.findByRole('combobox', {
      name: 'environment (required)',
    });
    expect(confirmOf(dialog)).toHaveAttribute(
      'title',
      'Fill in environment first.',
    );
    await userEvent.click(confirmOf(dialog));
    expect(client.dispatch).not.toHaveBeenCalled();
    expect(
      dialog.getByText('It may deploy to staging, production.'),
    ).toBeInTheDocument();
    await expectAccessible('[role=dialog]');

    await userEvent.selectOptions(choice, 'staging');
    await userEvent.selectOptions(
      dialog.getByRole('combobox', { name: 'Branch' }),
      'feat/limit',
    );
    await userEvent.dblClick(confirmOf(dialog));
    expect(await dialog.findByText('Audit entry 4711')).toBeInTheDocument();
    expect(client.dispatch.mock.calls).toEqual([
      [
        {
          params: {
            kind: 'component',
            namespace: 'default',
            name: 'vaultex-api',
          },
          userToken: TOKEN,
          body: {
            pipeline: 'gh/1/7',
            ref: 'feat/limit',
            inputs: { environment: 'staging' },
            idempotencyKey: expect.stringMatching(/^[A-Za-z0-9-]{16,64}$/),
          },
        },
      ],
    ]);
  });

  it('has a field for each type, with what the file gives', async () => {
    const { client, dialog } = await open();
    await userEvent.selectOptions(
      await dialog.findByRole('combobox', { name: 'Workflow' }),
      'Load test',
    );
    expect(dialog.getByText('Address that is called.')).toBeInTheDocument();
    const users = dialog.getByRole('textbox', { name: 'users' });
    expect(users).toHaveValue('50');
    expect(confirmOf(dialog)).toHaveAttribute('title', 'Fill in target first.');
    await userEvent.type(
      dialog.getByRole('textbox', { name: /^target/ }),
      'https://x.example',
    );
    await userEvent.clear(users);
    await userEvent.type(users, 'many');
    expect(confirmOf(dialog)).toHaveAttribute(
      'title',
      'users must be a number.',
    );
    await userEvent.clear(users);
    await userEvent.type(users, '80');
    await userEvent.click(dialog.getByRole('checkbox', { name: 'warm up' }));
    await userEvent.selectOptions(
      dialog.getByRole('combobox', { name: 'Branch' }),
      'Another branch or tag…',
    );
    expect(confirmOf(dialog)).toHaveAttribute(
      'title',
      'Name a branch or tag first.',
    );
    await userEvent.type(
      dialog.getByRole('textbox', { name: /Name of the branch or tag/ }),
      'v1.2.3',
    );
    expect(
      dialog.getByText('No job of it is known to deploy anywhere.'),
    ).toBeInTheDocument();
    await userEvent.click(confirmOf(dialog));
    await waitFor(() => expect(client.dispatch).toHaveBeenCalledTimes(1));
    expect(client.dispatch.mock.calls[0][0].body).toMatchObject({
      pipeline: 'gh/1/9',
      ref: 'v1.2.3',
      // The empty note is left to the file.
      inputs: { target: 'https://x.example', users: '80', 'warm up': 'true' },
    });
  });

  it('offers the broken glass when a rule of production says no', async () => {
    const { client, dialog } = await open({
      operation: async () => refusedOperation('self_review', 'You start it.'),
      dispatchOptions: async () => {
        const [, load] = dispatchOptions().pipelines;
        return dispatchOptions({ pipelines: [{ ...load, inputs: [] }] });
      },
    });
    await dialog.findByText('This workflow has no inputs.');
    await userEvent.click(confirmOf(dialog));
    await userEvent.click(
      await dialog.findByRole('button', { name: 'Break the glass…' }),
    );
    await userEvent.type(
      dialog.getByRole('textbox', { name: /Your reason/ }),
      'Payments fail',
    );
    await userEvent.click(
      dialog.getByRole('button', { name: 'Break the glass: Run workflow' }),
    );
    await waitFor(() => expect(client.dispatch).toHaveBeenCalledTimes(2));
    expect(client.dispatch.mock.calls[1][0].body).toMatchObject({
      breakGlass: true,
      comment: 'Payments fail',
      pipeline: 'gh/1/9',
    });
  });

  it('shows its shape, the error, and what to do when there is nothing to start', async () => {
    const loading = await open({ dispatchOptions: pending });
    expect(
      await loading.dialog.findByRole('status', {
        name: 'Loading the workflows',
      }),
    ).toBeInTheDocument();
    expect(
      loading.dialog.queryByRole('button', { name: 'Run workflow' }),
    ).toBeNull();
  });

  it('shows the error with the way out', async () => {
    const { dialog } = await open({
      dispatchOptions: failing(
        503,
        'ServiceUnavailableError',
        'GitHub is away.',
      ),
    });
    expect(await dialog.findByText('GitHub is away.')).toBeInTheDocument();
    expect(
      dialog.getByRole('button', { name: 'Try again' }),
    ).toBeInTheDocument();
  });

  it('says which line is missing when nothing can be started', async () => {
    const { dialog } = await open({
      dispatchOptions: async () => dispatchOptions({ pipelines: [] }),
    });
    expect(await dialog.findByText('workflow_dispatch:')).toBeInTheDocument();
    expect(dialog.queryByRole('button', { name: 'Run workflow' })).toBeNull();
  });

  it('shows hostile names as text', async () => {
    const { dialog } = await open({
      dispatchOptions: async () =>
        dispatchOptions({
          problem: { code: 'x', message: HOSTILE },
          pipelines: [
            {
              id: 'p',
              name: HOSTILE,
              path: HOSTILE,
              environments: [HOSTILE],
              inputs: [
                {
                  name: 'constructor',
                  description: HOSTILE,
                  required: true,
                  type: 'unknown',
                },
              ],
            },
          ],
        }),
    });
    expect(
      await dialog.findByRole('textbox', { name: /^constructor/ }),
    ).toHaveValue('');
    expect(dialog.getAllByText(/<script>/).length).toBeGreaterThanOrEqual(3);
    expect(document.querySelector('script')).toBeNull();
  });
});
