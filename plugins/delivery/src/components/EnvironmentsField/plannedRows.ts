import type { T } from '../../translation/deliveryTranslationRef';

/** GitHub takes no more reviewers for one environment. */
export const MOST_REVIEWERS = 6;

/** An environment as the template's options name it; filled from the portal's configuration. */
export interface PlannedEnvironment {
  name: string;
  accountId?: string;
  region?: string;
  cluster?: string;
  /** Whether somebody has to approve each deployment. */
  approval: boolean;
  /** Branches that may deploy there; `main` when absent. */
  branches?: string[];
}

/** A line of the table. */
export interface PlannedRow {
  name: string;
  /** Holds what changes the infrastructure, beside the environment of the same name. */
  infrastructure: boolean;
  place: string;
  approval: string;
  branches: string;
  /** Nothing can be created like this; `approval` says why. */
  refused: boolean;
}

/** Names of entities as people say them: `group:default/payments` is `payments`. */
export function shortRef(ref: string): string {
  return ref.split('/').at(-1)?.split(':').at(-1) ?? ref;
}

function approvalOf(reviewers: readonly string[], t: T) {
  if (reviewers.length === 0) {
    return { approval: t('create.approval.missing'), refused: true };
  }
  if (reviewers.length > MOST_REVIEWERS) {
    const chosen = String(reviewers.length);
    return {
      approval: t('create.approval.tooMany', { chosen }),
      refused: true,
    };
  }
  const names = reviewers.map(shortRef).join(', ');
  return {
    approval: t('create.approval.by', { reviewers: names }),
    refused: false,
  };
}

/** What will be created, in its order. */
export function plannedRows(
  environments: readonly PlannedEnvironment[],
  choice: { reviewers: readonly string[]; infrastructure: boolean },
  t: T,
): PlannedRow[] {
  const rows = environments.map(item => {
    const { accountId: account, region, cluster } = item;
    return {
      name: item.name,
      infrastructure: false,
      place:
        account && region && cluster
          ? t('create.place.aws', { account, region, cluster })
          : t('create.place.unknown'),
      branches: (item.branches ?? ['main']).join(', '),
      ...(item.approval
        ? approvalOf(choice.reviewers, t)
        : { approval: t('create.approval.none'), refused: false }),
    };
  });
  if (!choice.infrastructure) return rows;
  return [
    ...rows,
    ...rows.map(row => ({
      ...row,
      name: `infra-${row.name}`,
      infrastructure: true,
      branches: 'main',
    })),
  ];
}

/** The rows as sentences, for the review step of the portal. */
export function sentencesOf(rows: readonly PlannedRow[], t: T): string[] {
  return rows.map(({ name, place, approval, branches }) =>
    t('create.row', { environment: name, place, approval, branches }),
  );
}
