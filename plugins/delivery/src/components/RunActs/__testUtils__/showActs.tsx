import { screen, within } from '@testing-library/react';
import type {
  DeliveryClient,
  MyActs,
  RunDetail,
} from 'backstage-plugin-delivery-common';
import { myActs } from '../../../../dev/approvalFixtures';
import { ENTITY_REF, failedRun, runDetail } from '../../../../dev/fixtures';
import {
  fakeClient,
  fakeScmAuth,
  renderDelivery,
} from '../../../../dev/testUtils/renderDelivery';
import { RunActs } from '../RunActs';

export const TOKEN = 'gho_canary0000000000000000000000000000';

export const failedDetail = (overrides: Partial<RunDetail> = {}) =>
  runDetail({ run: failedRun, ...overrides });

/** The buttons of a run, with a sign-in at the vendor. */
export function showActs(
  detail: RunDetail,
  answers: Partial<DeliveryClient> = {},
  scmAuth = fakeScmAuth(TOKEN),
): ReturnType<typeof renderDelivery> & {
  client: ReturnType<typeof fakeClient>;
  scmAuth: ReturnType<typeof fakeScmAuth>;
} {
  const client = fakeClient(answers);
  const view = renderDelivery(
    <RunActs detail={detail} service={ENTITY_REF} />,
    { client, scmAuth },
  );
  return { ...view, client, scmAuth };
}

export const mayDo = (overrides: Partial<MyActs>) => ({
  myActs: async () => myActs(overrides),
});
export const button = (name: string) => screen.findByRole('button', { name });
export const dialog = async () => within(await screen.findByRole('dialog'));
