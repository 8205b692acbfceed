import type { HumanDuration } from '@backstage/types';

export interface Config {
  /** Delivery: runs of pipelines on the pages of services. */
  delivery?: {
    /** Vendors to read. A provider is loaded only when its key is present. */
    providers?: {
      /**
       * GitHub Actions, with the credentials of `integrations.github`. An empty object is enough: `github: {}`.
       */
      github?: {
        /**
         * Further secrets that may sign webhook deliveries, beside `integrations.github[].apps[].webhookSecret`: the old one while
         * a secret is being rotated, or the secret of webhooks that a repository or an organisation has without an App.
         * @deepVisibility secret
         */
        webhookSecrets?: string[];
        /**
         * Applications that people sign in to the portal with: only their user tokens are taken when somebody approves, re-runs, cancels
         * or rolls back. Default: the Apps of `integrations.github[].apps`.
         */
        signIn?: Array<{
          /**
           * A host of `integrations.github`.
           * @visibility backend
           */
          host: string;
          /** @visibility backend */
          clientId: string;
          /** @visibility secret */
          clientSecret: string;
        }>;
      };
      /**
       * Amazon ECS, with the credentials of `aws` (a role that may read, for each account). An empty object is enough: `ecs: {}`.
       */
      ecs?: {
        /**
         * Tag of an ECS service that says whose it is; its value is an entity ref. Only the platform may be able to write it.
         * Default: `delivery.platform/entity`.
         * @visibility backend
         */
        entityTag?: string;
        /**
         * Name of the role that people act with in every account (`delivery-act`), in a session of their own for one action on one
         * service. Absent: nobody acts on ECS from here.
         * @visibility backend
         */
        actRoleName?: string;
        schedule?: {
          /**
           * How often a service that stands still is read. Default: 1 minute.
           * @visibility backend
           */
          steady?: HumanDuration | string;
          /**
           * How often a service is read while a deployment moves. Default: 10 seconds.
           * @visibility backend
           */
          moving?: HumanDuration | string;
          /**
           * How often clusters are listed for services that carry the tag. Default: 10 minutes.
           * @visibility backend
           */
          discovery?: HumanDuration | string;
        };
      };
    };
    /**
     * Ordered lists of environments by a name of your own. The first one whose `appliesTo` fits serves a service; `default` (or the
     * usual names, as far as something was deployed there) serves everyone else.
     */
    environmentSets?: {
      [name: string]: {
        /**
         * Paths of an entity with the value it must have there, or a list of which one is enough: `{ spec.system: payments }`. Absent:
         * the set is had by naming it in the annotation `delivery.platform/environment-set`.
         * @visibility backend
         */
        appliesTo?: { [path: string]: string | string[] };
        /** In their order on the way to production. */
        environments: Array<{
          /** @visibility backend */
          name: string;
          /** @visibility backend */
          tier?: 'development' | 'testing' | 'staging' | 'production' | 'other';
          /**
           * What GitHub calls the environment, one or several, `*` for anything. Default: its name.
           * @visibility backend
           */
          match?: string | string[];
          /** Where it runs. Absent: what the pipeline says is shown, "declared, not observed". */
          aws?: {
            /** @visibility backend */
            accountId: string;
            /** @visibility backend */
            region: string;
            /**
             * Name of the cluster; `{name}` stands for the entity's.
             * @visibility backend
             */
            cluster: string;
            /**
             * Name of the ECS service; `{name}` stands for the entity's. Absent: the service that carries the entity's tag.
             * @visibility backend
             */
            service?: string;
          };
          /**
           * CloudFormation stacks whose drift is shown; `{name}` stands for the entity's.
           * @visibility backend
           */
          stacks?: string[];
          /**
           * Who holds the environment. Only the environment's reviewers at GitHub are built.
           * @visibility backend
           */
          gate?: 'github-reviewers';
          /** What the portal asks on top of the gate before somebody may approve; docs/approvals.md explains each. */
          policy?: {
            /**
             * When administrators can go past the gate at GitHub's page. Default: warn.
             * @visibility backend
             */
            adminBypass?: 'warn' | 'deny';
            /**
             * Whose change it is and so cannot be approved by them: of everybody between what runs and the candidate, of the newest
             * commit only, or nobody. Default: range.
             * @visibility backend
             */
            authors?: 'range' | 'head' | 'off';
            /**
             * What to do with commits whose author has no known account. Default: warn.
             * @visibility backend
             */
            unknownAuthors?: 'warn' | 'refuse';
            /** How long the candidate has to run healthy in another environment before. */
            soak?: {
              /** @visibility backend */
              environment: string;
              /** @visibility backend */
              duration: HumanDuration | string;
            };
            /**
             * Names of checks of the commit that must have succeeded.
             * @visibility backend
             */
            requiredChecks?: string[];
            /** When nothing is let in: from one moment until another, or on days of the week from a time until a time. */
            freezes?: Array<{
              /** @visibility backend */
              name: string;
              /**
               * A moment with its zone (`2026-12-20T00:00Z`), or with `days` a time of day (`18:00`).
               * @visibility backend
               */
              from: string;
              /** @visibility backend */
              until: string;
              days?: Array<
                'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat'
              >;
              /**
               * With `days`: `Europe/London`.
               * @visibility backend
               */
              timeZone?: string;
            }>;
            /**
             * Workflow file that rolls back. Default: rollback.yml.
             * @visibility backend
             */
            rollbackWorkflow?: string;
          };
        }>;
      };
    };
    /** How an account at the vendor is matched with a user of the catalog before somebody acts. */
    identity?: {
      /**
       * Also by the annotation `github.com/user-login`. Names can be changed and taken by others, so the default is false: only
       * `github.com/user-id` counts.
       * @visibility backend
       */
      matchLogin?: boolean;
      /**
       * Beginnings of `backstage.io/managed-by-origin-location` of users that are believed. Default: every origin but a file of a
       * repository.
       * @visibility backend
       */
      userOrigins?: string[];
    };
    audit?: {
      /**
       * Private Ed25519 key (PEM) that signs what people did. Without it nobody can act. Keep it out of the database.
       * @visibility secret
       */
      signingKey?: string;
    };
    /** How the DORA metrics are made; docs/metrics.md explains each choice. DORA itself defines none of them. */
    dora?: {
      /**
       * Days, weeks and months begin at midnight there: `Europe/London`. Default: UTC.
       * @visibility backend
       */
      timeZone?: string;
      /**
       * Where the lead time of a change begins. Default: first_commit.
       * @visibility backend
       */
      leadTimeStart?: 'first_commit' | 'commit' | 'pr_opened' | 'pr_merged';
      /**
       * Median between the two middle values, or the lower of them. Default: continuous.
       * @visibility backend
       */
      percentileMethod?: 'continuous' | 'lower';
      /**
       * Rollbacks count as deployments in frequency and change fail rate. Default: false.
       * @visibility backend
       */
      includeRollbacks?: boolean;
      /**
       * The same commit deployed again counts in frequency and change fail rate. Default: false.
       * @visibility backend
       */
      includeRedeploys?: boolean;
      /**
       * Changes written by bots count in lead time. Default: true.
       * @visibility backend
       */
      includeBots?: boolean;
      /**
       * What is below the line of the change fail rate. Default: succeeded_and_failed.
       * @visibility backend
       */
      changeFailDenominator?: 'succeeded_and_failed' | 'succeeded';
      /**
       * Several production environments of a service have deployments of their own. Default: false.
       * @visibility backend
       */
      perEnvironment?: boolean;
      /**
       * A deployment is rework when any, or all, of its changes are unplanned. Default: any.
       * @visibility backend
       */
      reworkBatch?: 'any' | 'all';
      /**
       * Below this number a percentile is shown with care. Default: 5.
       * @visibility backend
       */
      smallSample?: number;
      /** Which evidence makes a deployment a failed one. Default: all. */
      evidence?: {
        /** @visibility backend */
        runtimeRollback?: boolean;
        /** @visibility backend */
        checkFailed?: boolean;
        /** @visibility backend */
        rolledBack?: boolean;
        /** @visibility backend */
        incidentNamed?: boolean;
        /** @visibility backend */
        reverted?: boolean;
        /** @visibility backend */
        hotfixed?: boolean;
        /** @visibility backend */
        incidentByTime?: boolean;
        /** @visibility backend */
        deploymentFailed?: boolean;
      };
      /** How long after a deployment something may still be its failure; `never`: no limit. */
      windows?: {
        /**
         * Default: 24 hours.
         * @visibility backend
         */
        rollback?: HumanDuration | string;
        /**
         * Default: 72 hours.
         * @visibility backend
         */
        revert?: HumanDuration | string;
        /**
         * Default: 24 hours.
         * @visibility backend
         */
        hotfix?: HumanDuration | string;
        /**
         * Default: 24 hours.
         * @visibility backend
         */
        incident?: HumanDuration | string;
      };
      incidents?: {
        /**
         * Labels of issues that are incidents. Default: incident. An empty list: issues are not read.
         * @visibility backend
         */
        labels?: string[];
      };
      /** The portal's own aims, beside those of the surveys. */
      targets?: Array<{
        /** @visibility backend */
        metric:
          | 'lead_time'
          | 'deployment_frequency'
          | 'recovery_time'
          | 'change_fail_rate'
          | 'rework_rate'
          | 'deployment_duration'
          | 'deployment_success_rate'
          | 'rollback_frequency'
          | 'time_to_recovery';
        /**
         * A duration (`24h`), a share from 0 to 1, or a number a day or week, as of the metric.
         * @visibility backend
         */
        value: number | string;
        /**
         * Whose aim it is in time.
         * @visibility backend
         */
        year: number;
      }>;
    };
    /**
     * Repositories that services have by the portal's word. Without an entry a service gets only the repository that its own
     * catalog-info.yaml comes from.
     */
    repositories?: Array<{
      /**
       * Entity ref, for example `component:default/payments`.
       * @visibility backend
       */
      entity: string;
      /**
       * `owner/name`, the same as in the annotation `github.com/project-slug`.
       * @visibility backend
       */
      repository: string;
    }>;
    ingestion?: {
      /**
       * How news reaches the portal: `webhook` (own route, the default with a GitHub App or a webhook secret), `events` (topics
       * `github.*` of the portal's events service) or `poll` (only by asking on schedule).
       * @visibility backend
       */
      mode?: 'webhook' | 'events' | 'poll';
    };
    /** How long things are kept. Runs and deployments stay for ever. */
    retention?: {
      /**
       * Bodies of webhook deliveries. Default: 72 hours.
       * @visibility backend
       */
      inboxBodies?: HumanDuration | string;
      /**
       * Jobs and their steps. Default: 400 days.
       * @visibility backend
       */
      jobs?: HumanDuration | string;
    };
    log?: {
      /**
       * How much of a job's log is shown, in bytes. Default: 5242880 (5 MiB).
       * @visibility backend
       */
      maxBytes?: number;
    };
    schedule?: {
      /**
       * How often the catalog is read for services and their repositories. Default: 5 minutes.
       * @visibility backend
       */
      catalog?: HumanDuration | string;
      /**
       * How often the vendor is asked for what webhooks did not tell. Default: 1 minute.
       * @visibility backend
       */
      reconcile?: HumanDuration | string;
    };
  };
}
