import { waitFor, within } from '@testing-library/react';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import {
  fakeClient,
  renderDelivery,
} from '../../../../dev/testUtils/renderDelivery';
import { DoraPanel } from '../DoraPanel';

type Options = Parameters<typeof renderDelivery>[1];

/** The panel of a service, with the answers a test is about. */
export const showDora = (
  answers: Partial<DeliveryClient> = {},
  options: Options = {},
): ReturnType<typeof renderDelivery> =>
  renderDelivery(<DoraPanel />, { client: fakeClient(answers), ...options });

/** The card of a metric, once it is there. */
export async function cardOf(metric: string): Promise<HTMLElement> {
  return waitFor(() => {
    const card = document.querySelector<HTMLElement>(
      `[data-metric="${metric}"]`,
    );
    if (!card) throw new Error(`No card of ${metric}`);
    return card;
  });
}

/** A row behind the number, once it is there. */
export async function rowOf(id: string) {
  const row = await waitFor(() => {
    const found = document.querySelector<HTMLElement>(`[data-row="${id}"]`);
    if (!found) throw new Error(`No row ${id}`);
    return found;
  });
  return within(row);
}

/** Rows behind the number that are shown. */
export const shownRows = () =>
  [...document.querySelectorAll<HTMLElement>('[data-row]')].map(
    ({ dataset }) => dataset.row,
  );
