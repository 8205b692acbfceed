import { ConflictError, NotAllowedError } from '@backstage/errors';
import type { RuleRefusal } from 'backstage-plugin-delivery-common/domain';
import { withCode } from '../errors';

/** A rule said no. Nothing was sent to any vendor. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly refusal: RuleRefusal;

  constructor(refusal: RuleRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }

  /** As the HTTP error of the same meaning. */
  toHttpError(): Error {
    const { code, status, message, params } = this.refusal;
    return withCode(
      status === 403
        ? new NotAllowedError(message)
        : new ConflictError(message),
      code,
      params,
    );
  }
}

/** Shorthand of {@link Refusal}. */
export function refuse(
  code: string,
  status: 403 | 409,
  message: string,
  params: Record<string, string> = {},
): never {
  throw new Refusal({ code, status, message, params });
}
