import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expectAccessible } from '../../dev/testUtils/expectAccessible';
import { renderDelivery } from '../../dev/testUtils/renderDelivery';
import { clickKey } from '../hooks/clickKey';
import { Action } from './Action';
import { ConfirmDialog } from './ConfirmDialog';
import { TextArea } from './TextArea';

describe('Action', () => {
  it('does nothing with a reason, but can be reached and says it', async () => {
    const onClick = jest.fn();
    renderDelivery(
      <Action kind="primary" reason="You may not." onClick={onClick}>
        Go
      </Action>,
    );
    const button = await screen.findByRole('button', { name: 'Go' });
    expect(button).toHaveAccessibleDescription('You may not.');
    await userEvent.tab();
    expect(button).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await userEvent.click(button);
    expect(onClick).not.toHaveBeenCalled();
    await expectAccessible();
  });
});

function Asking(props: { onConfirm: (text: string) => void }) {
  const [open, setOpen] = useState(true);
  const [text, setText] = useState('');
  return (
    <ConfirmDialog
      open={open}
      title="Cancel the run?"
      confirm="Cancel the run"
      cancel="Leave it"
      kind="danger"
      reason={text ? undefined : 'Say why.'}
      onConfirm={() => props.onConfirm(text)}
      onClose={() => setOpen(false)}
    >
      <TextArea label="Why" value={text} onChange={setText} required />
    </ConfirmDialog>
  );
}

describe('ConfirmDialog', () => {
  it('confirms only what can be, and closes with Escape', async () => {
    const onConfirm = jest.fn();
    renderDelivery(<Asking onConfirm={onConfirm} />);
    const dialog = await screen.findByRole('dialog', {
      name: 'Cancel the run?',
    });
    const confirm = screen.getByRole('button', { name: 'Cancel the run' });
    await userEvent.click(confirm);
    expect(onConfirm).not.toHaveBeenCalled();
    await userEvent.type(screen.getByLabelText(/^Why/), 'stuck');
    await userEvent.click(confirm);
    expect(onConfirm).toHaveBeenCalledWith('stuck');
    await expectAccessible('[role=dialog]');
    await userEvent.keyboard('{Escape}');
    expect(dialog).not.toBeVisible();
  });
});

describe('clickKey', () => {
  it('is another one each time, on pages without TLS, too', () => {
    const real = crypto.randomUUID;
    const keys = [clickKey(), clickKey()];
    Object.defineProperty(crypto, 'randomUUID', {
      value: undefined,
      configurable: true,
    });
    keys.push(clickKey(), clickKey());
    Object.defineProperty(crypto, 'randomUUID', {
      value: real,
      configurable: true,
    });
    expect(new Set(keys).size).toBe(4);
    keys.forEach(key => expect(key).toMatch(/^[A-Za-z0-9-]{16,64}$/));
  });
});
