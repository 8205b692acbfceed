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
      };
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
