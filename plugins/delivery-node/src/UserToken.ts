import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A person's token at the vendor. Whatever prints, serialises or logs it shows `[redacted]`; only {@link UserToken.reveal} gives it,
 * and only to the one call that needs it. It is never stored, queued or cached.
 * @public
 */
export class UserToken {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
