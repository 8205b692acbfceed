import type { GateReading } from 'backstage-plugin-delivery-common/domain';
import type { IdentityResolver } from 'backstage-plugin-delivery-node';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ApprovalRow } from '../../database/ApprovalStore';
import type { AccountDirectory } from './AccountDirectory';

/** GitHub allows six. */
const MAX_REVIEWERS = 100;

type Candidate = ApprovalRow['candidates'][number];

/** Finds the users and groups of the catalog that stand for the reviewers of a gate. */
export class GateCandidates {
  readonly #identities: IdentityResolver;
  readonly #directory: Pick<AccountDirectory, 'groups'>;
  readonly #logger: LoggerService;

  constructor(options: {
    identities: IdentityResolver;
    directory: Pick<AccountDirectory, 'groups'>;
    logger: LoggerService;
  }) {
    this.#identities = options.identities;
    this.#directory = options.directory;
    this.#logger = options.logger;
  }

  /** In the vendor's order. `ref` is absent for those of whom nobody, or more than one, is known. Never throws. */
  async of(
    host: string,
    listed: GateReading['reviewers'],
  ): Promise<Candidate[]> {
    const reviewers = listed.slice(0, MAX_REVIEWERS);
    const groups = await this.#directory.groups(
      reviewers.map(({ kind, name }) => (kind === 'team' ? name : undefined)),
    );
    return Promise.all(
      reviewers.map(async reviewer => {
        const { kind, id, name } = reviewer;
        const ref =
          kind === 'team'
            ? groups.get(name.toLowerCase())
            : await this.#user(host, reviewer);
        return { kind, id, name, ...(ref && { ref }) };
      }),
    );
  }

  async #user(
    host: string,
    { kind, id, name, nodeId }: GateReading['reviewers'][number],
  ): Promise<string | undefined> {
    if (kind !== 'user' || !nodeId) return undefined;
    try {
      const account = { host, id, nodeId, login: name };
      const refs = await this.#identities.resolve(account);
      return refs.length === 1 ? refs[0] : undefined;
    } catch (error) {
      this.#logger.warn('A reviewer could not be looked up in the catalog', {
        ...{ login: name, reason: String(error) },
      });
      return undefined;
    }
  }
}
