/** What a provider reads of a repository so that its pipeline can be held against the rules. Everything is untrusted. @public */
export interface ConformanceReading {
  /** Commit of the default branch that the files are of. */
  sha: string;
  /** Files below `.github/workflows`, or the vendor's own place for them. */
  workflows: { path: string; text: string }[];
  /** Text of `catalog-info.yaml` at the root; undefined when there is none. */
  catalogInfo?: string;
  /** Reusable workflows of other repositories by what stands behind `uses:`; null: it could not be read. */
  called: Record<string, string | null>;
  /** Absent: the vendor did not let them be read. */
  environments?: {
    name: string;
    reviewers: number;
    preventSelfReview: boolean;
    adminsBypass: boolean;
    branches: string[] | 'protected' | 'all';
  }[];
  repository?: {
    shaPinningRequired?: boolean;
    defaultPermissions?: 'read' | 'write';
  };
}
