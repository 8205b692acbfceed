import type { Account } from 'backstage-plugin-delivery-common/domain';
import { z } from 'zod';
import { optional, text } from '../schema';

/** Numbers that are none are no ids: then nobody knows whose account it is. */
const accountId = z
  .unknown()
  .optional()
  .transform(value =>
    Number.isSafeInteger(value) && Number(value) > 0
      ? String(value)
      : undefined,
  );

export const person = optional(
  z.object({
    id: accountId,
    login: optional(text(100)),
    node_id: optional(text(200)),
    type: optional(text(40)),
  }),
);

/** GitHub's own signature under what is merged at its pages. */
const WEB_FLOW = 'web-flow';

export function accountOf(raw: z.output<typeof person>): Account | undefined {
  if (!raw || (raw.id === undefined && raw.login === undefined)) {
    return undefined;
  }
  return account(
    raw.id,
    raw.login,
    raw.type !== undefined && raw.type !== 'User',
  );
}

function account(
  id: string | undefined,
  login: string | undefined,
  bot: boolean,
) {
  const machine = bot || login === WEB_FLOW || login?.endsWith('[bot]');
  return {
    ...(id !== undefined && { id }),
    ...(login !== undefined && { login }),
    ...(machine && { bot: true }),
  };
}

/** A commit with more of them is nobody's honest work; the rest counts as one unknown person. */
const MAX_CO_AUTHORS = 50;
const TRAILER = /^co-authored-by:(.*)$/i;
const ADDRESS = /<([^<>\s]{1,320})>/;
const NOREPLY =
  /^(?:(\d{1,16})\+)?([A-Za-z0-9][\w-]{0,90}(?:\[bot\])?)@users\.noreply\.([a-z0-9.-]{1,253})$/i;

/**
 * People a message names as authors. Only addresses that GitHub itself hands out tell an account; everybody else is `{}`: somebody,
 * nobody knows who.
 *
 * @param hostname - whose accounts the addresses tell
 */
export function coAuthorsOf(message: string, hostname: string): Account[] {
  const found: Account[] = [];
  for (const line of message.split(/[\r\n]+/)) {
    const trailer = TRAILER.exec(line.slice(0, 1000).trim());
    if (!trailer) continue;
    if (found.length === MAX_CO_AUTHORS) return [...found, {}];
    found.push(accountOfAddress(ADDRESS.exec(trailer[1])?.[1], hostname));
  }
  return found;
}

function accountOfAddress(
  address: string | undefined,
  hostname: string,
): Account {
  const [, id, login, host] = NOREPLY.exec(address ?? '') ?? [];
  if (login === undefined || host.toLowerCase() !== hostname.toLowerCase()) {
    return {};
  }
  return account(id, login, false);
}
