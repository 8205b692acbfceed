/** A text file of a repository. Everything in it is untrusted. */
export interface ConformanceFile {
  /** `.github/workflows/ci.yml` */
  path: string;
  text: string;
}

/** An environment as the vendor keeps it. */
export interface ConformanceEnvironment {
  name: string;
  /** How many people and teams; a team counts once. */
  reviewers: number;
  preventSelfReview: boolean;
  adminsBypass: boolean;
  /** Name patterns; `protected`: every protected branch; `all`: no policy. */
  branches: string[] | 'protected' | 'all';
}

/** Settings of the repository; each is absent when it could not be read. */
export interface ConformanceRepository {
  shaPinningRequired?: boolean;
  /** What the token of a run may do when a workflow does not say. */
  defaultPermissions?: 'read' | 'write';
}

/**
 * All that the rules look at. Plain JSON: `yarn conformance <dir>` makes it from a checkout (without settings), the backend from
 * what it has read.
 */
export interface ConformanceFacts {
  /** Files below `.github/workflows` of the default branch. */
  workflows: readonly ConformanceFile[];
  /** Reusable workflows of other repositories by what stands behind `uses:`; null: it could not be read. */
  called: Readonly<Record<string, string | null>>;
  /** Absent: not read. An empty list: there are none. */
  environments?: readonly ConformanceEnvironment[];
  repository?: ConformanceRepository;
  /** What catalog-info.yaml says in `delivery.platform/template`: `node-ecs-service@1.0.0`. */
  template?: string;
  newest?: {
    /** Version of each template by its id. */
    templates?: Readonly<Record<string, string>>;
    /** The organisation's reusable workflows. */
    workflows?: { repository: string; version: string };
  };
  /** File names of the workflows that belong to the service; absent: all. */
  ownWorkflows?: readonly string[];
  /** Names of environments of production; absent: by their usual names. */
  production?: readonly string[];
}

/** One rule's answer, before it gets the vendor's addresses. */
export interface RuleAnswer {
  result: 'pass' | 'fail' | 'unknown';
  evidence: { text: string; path?: string; line?: number }[];
  /** What to change; absent for a pass. */
  fix?: string;
}
