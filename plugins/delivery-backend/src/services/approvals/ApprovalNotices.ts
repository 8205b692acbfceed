import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { ApprovalRow } from '../../database/ApprovalStore';
import type { AccountDirectory } from './AccountDirectory';
import type { ApprovalSubject } from './ApprovalSubjects';

/** What people can switch off in their settings. */
const TOPIC = 'delivery-approval';
const MAX_TEXT = 300;

const WORDS: Partial<Record<ApprovalRow['state'], string>> = {
  approved: 'Approved',
  rejected: 'Rejected',
  cancelled: 'Cancelled',
  superseded: 'Started again',
  expired: 'Expired',
};

/** What it works with. */
export interface ApprovalNoticesOptions {
  /** Absent: the portal has no notifications, nobody is told. */
  notifications?: Pick<NotificationService, 'send'>;
  directory: Pick<AccountDirectory, 'user'>;
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  logger: LoggerService;
}

type Payload = Parameters<NotificationService['send']>[0]['payload'];

/**
 * Tells those who may decide that something waits, and what became of it. A notification cannot be taken back: a later one of the same
 * scope takes the place of the earlier one. Never throws; nothing depends on it.
 */
export class ApprovalNotices {
  readonly #options: ApprovalNoticesOptions;

  constructor(options: ApprovalNoticesOptions) {
    this.#options = options;
  }

  /** @returns true when it was handed over */
  async opened(row: ApprovalRow, subject: ApprovalSubject): Promise<boolean> {
    const requester = await this.#requester(row);
    return this.#send(row, await this.#deciders(row, subject), requester, {
      title: `Approve ${subject.environment} of ${subject.name}?`,
      description: row.requestedBy
        ? `Run of ${short(row.sha)}, asked for by ${row.requestedBy}.`
        : `Run of ${short(row.sha)}.`,
      severity: 'normal',
    });
  }

  /** Takes the place of what {@link ApprovalNotices.opened} sent; the person in whose name it was decided is told that. */
  async closed(row: ApprovalRow, subject: ApprovalSubject): Promise<void> {
    const { decided } = row;
    const requester = await this.#requester(row);
    const approver =
      decided?.userRef ?? (await this.#options.directory.user(decided?.login));
    const what = `${subject.environment} of ${subject.name}`;
    const word = WORDS[row.state] ?? 'Not waiting any more';
    const by = decided ? ` by ${decided.login}` : '';
    const description = decided?.comment;
    await this.#send(row, await this.#deciders(row, subject), approver, {
      ...{ title: `${word}${by}: ${what}`, description, severity: 'low' },
    });
    if (!decided) return;
    if (approver) {
      await this.#send(row, [approver], undefined, {
        title: `${word} in your name: ${what}`,
        description:
          decided.via === 'portal'
            ? description
            : `Decided at the vendor's own page. ${description ?? ''}`.trim(),
        severity: 'normal',
      });
    }
    if (requester && requester !== approver) {
      await this.#send(row, [requester], undefined, {
        ...{ title: `${word}${by}: ${what}`, description, severity: 'normal' },
      });
    }
  }

  #requester(row: ApprovalRow): Promise<string | undefined> {
    return this.#options.directory.user(row.requestedBy);
  }

  /** Those who may decide as far as the catalog knows them; else whoever owns the service. */
  async #deciders(
    row: ApprovalRow,
    { entityRef }: ApprovalSubject,
  ): Promise<string[]> {
    const refs = row.candidates.flatMap(({ ref }) => ref ?? []);
    if (refs.length > 0) return [...new Set(refs)];
    const { catalog, auth, logger } = this.#options;
    try {
      const entity = await catalog.getEntityByRef(entityRef, {
        credentials: await auth.getOwnServiceCredentials(),
      });
      return (entity?.relations ?? [])
        .filter(({ type }) => type === RELATION_OWNED_BY)
        .map(({ targetRef }) => targetRef);
    } catch (error) {
      logger.warn('The owner of a service could not be looked up', {
        ...{ entityRef, reason: String(error) },
      });
      return [];
    }
  }

  async #send(
    row: ApprovalRow,
    recipients: string[],
    except: string | undefined,
    payload: Payload,
  ): Promise<boolean> {
    const { notifications, logger } = this.#options;
    const entityRef = recipients.filter(ref => ref !== except);
    if (!notifications || entityRef.length === 0) return true;
    const { title, description } = payload;
    try {
      await notifications.send({
        recipients: {
          ...{ type: 'entity', entityRef },
          ...(except && { excludeEntityRef: except }),
        },
        payload: {
          ...payload,
          title: title.slice(0, MAX_TEXT),
          description: description?.slice(0, MAX_TEXT),
          link: `/delivery/approvals?approval=${row.id}`,
          topic: TOPIC,
          scope: `delivery-approval-${row.id}`,
        },
      });
      return true;
    } catch (error) {
      logger.warn('Those who may decide could not be told', {
        ...{ approval: row.id, reason: String(error) },
      });
      return false;
    }
  }
}

function short(sha: string): string {
  return sha.slice(0, 7);
}
