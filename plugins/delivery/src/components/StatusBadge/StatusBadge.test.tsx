import { screen } from '@testing-library/react';
import { CONCLUSIONS, STATUSES } from 'backstage-plugin-delivery-common';
import { renderDelivery } from '../../../dev/testUtils/renderDelivery';
import { STATE_LOOKS, stateKey } from './stateOf';
import type { ShownState } from './stateOf';
import { StatusBadge } from './StatusBadge';

const open = STATUSES.filter(status => status !== 'completed').map(
  (status): ShownState => ({ status, rawStatus: status }),
);
const heldBack: ShownState[] = [
  { status: 'queued', rawStatus: 'pending' },
  { status: 'queued', rawStatus: 'requested' },
];
const completed = CONCLUSIONS.map(
  (conclusion): ShownState => ({
    status: 'completed',
    conclusion,
    rawStatus: 'completed',
    rawConclusion: conclusion,
  }),
);
const all = [...open, ...heldBack, ...completed];

describe('StatusBadge', () => {
  it('gives every state of a vendor its own word and its own sign', () => {
    const keys = new Set(all.map(stateKey));
    // `unknown` stands for both an unknown status and an unknown conclusion.
    expect(keys.size).toBe(all.length - 1);
    const signs = new Set([...keys].map(key => STATE_LOOKS[key].Icon));
    expect(signs.size).toBe(keys.size);
  });

  it('looks like success only for success', () => {
    const green = all.filter(s => STATE_LOOKS[stateKey(s)].tone === 'ok');
    expect(green.map(stateKey)).toEqual(['success']);
  });

  it('does not take a completed state without conclusion for success', () => {
    expect(stateKey({ status: 'completed', rawStatus: 'completed' })).toBe(
      'unknown',
    );
  });

  it("shows the vendor's own word when it does not know it", async () => {
    renderDelivery(
      <StatusBadge
        state={{
          status: 'completed',
          conclusion: 'unknown',
          rawStatus: 'completed',
          rawConclusion: 'quarantined',
        }}
      />,
    );
    expect(await screen.findByText('unknown: quarantined')).toBeInTheDocument();
  });
});
