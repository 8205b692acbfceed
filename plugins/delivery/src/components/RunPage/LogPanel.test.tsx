import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DeliveryClient, Job } from 'backstage-plugin-delivery-common';
import { job, LOG, running } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { LogPanel } from './LogPanel';

const moving: Job = job({
  ...running,
  conclusion: undefined,
  completedAt: undefined,
});

function show(
  log: DeliveryClient['log'],
  options: { job?: Job; capable?: boolean } = {},
) {
  const client = fakeClient({ log });
  renderDelivery(
    <LogPanel
      run="gh.1287"
      job={options.job ?? job()}
      capable={options.capable ?? true}
      asked
      onAsk={() => undefined}
    />,
    { client },
  );
  return client;
}
const text = (content: string, headers?: Record<string, string>) => async () =>
  new Response(content, { headers });

describe('LogPanel', () => {
  it('shows a place for the log while it loads', async () => {
    show(pending);
    expect(
      await screen.findByRole('status', { name: 'Loading the log' }),
    ).toBeInTheDocument();
  });

  it('names the permission when reading logs is refused', async () => {
    show(failing(403, 'NotAllowedError', 'no'));
    expect(await screen.findByText(/delivery\.log\.read/)).toBeInTheDocument();
  });

  it('says that a running job has no log yet', async () => {
    show(failing(404, 'NotFoundError', 'no log'), { job: moving });
    expect(await screen.findByText('There is no log yet')).toBeInTheDocument();
  });

  it('says that the log of a completed job is gone', async () => {
    show(failing(404, 'NotFoundError', 'GitHub has deleted the log.'));
    expect(
      await screen.findByText('GitHub has deleted the log.'),
    ).toBeInTheDocument();
  });

  it('asks nothing when the provider has no logs', async () => {
    const client = show(text('x'), { capable: false });
    expect(
      await screen.findByText('Logs of this run cannot be read from here.'),
    ).toBeInTheDocument();
    expect(client.log).not.toHaveBeenCalled();
  });

  it('says that the log is empty', async () => {
    show(text(''));
    expect(await screen.findByText('The log is empty.')).toBeInTheDocument();
  });

  it('says that it shows only a part', async () => {
    show(text(LOG, { 'x-delivery-log-capped': 'true' }));
    expect(
      await screen.findByText(/longer than the portal shows/),
    ).toBeInTheDocument();
  });

  it('folds groups, and unfolds them', async () => {
    const user = userEvent.setup();
    show(text(LOG));
    const log = within(await screen.findByRole('log'));
    expect(log.queryByText('runner 2.330.0')).not.toBeInTheDocument();
    await user.click(
      log.getByRole('button', { name: /^Set up/, expanded: false }),
    );
    expect(log.getByText('runner 2.330.0')).toBeInTheDocument();
    await expectAccessible();
  });

  it('finds text also in folded groups', async () => {
    const user = userEvent.setup();
    show(text(LOG));
    await user.type(await screen.findByLabelText('Search log'), 'ubuntu');
    expect(screen.getByText('1 of 1')).toBeInTheDocument();
    expect(
      screen.getByText('image ubuntu-24.04').closest('[data-line]'),
    ).toHaveAttribute('data-here', 'true');
    await user.type(screen.getByLabelText('Search log'), 'zzz');
    expect(screen.getByText('no match')).toBeInTheDocument();
  });

  it('jumps to the first error of a long log, of which only a part is in the page', async () => {
    const user = userEvent.setup();
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i + 1}`);
    lines[14_999] = '##[error]here it broke';
    show(text(lines.join('\n')));
    await screen.findByText('line 1');
    expect(screen.queryByText('here it broke')).not.toBeInTheDocument();
    expect(document.querySelectorAll('[data-line]').length).toBeLessThan(100);
    await user.click(screen.getByRole('button', { name: 'First error' }));
    expect(
      screen.getByText('here it broke').closest('[data-line]'),
    ).toHaveAttribute('data-line', '15000');
  });

  it('offers to follow only while the job runs', async () => {
    show(text(LOG), { job: moving });
    expect(
      await screen.findByRole('button', { name: 'Follow' }),
    ).toHaveAttribute('aria-pressed', 'true');
  });

  it('copies the log as it came', async () => {
    const user = userEvent.setup();
    const write = jest.spyOn(navigator.clipboard, 'writeText');
    show(text(LOG));
    await user.click(await screen.findByRole('button', { name: 'Copy' }));
    expect(
      await screen.findByRole('button', { name: 'Copied' }),
    ).toBeInTheDocument();
    expect(write).toHaveBeenCalledWith(LOG);
  });
});
