export interface Config {
  delivery?: {
    /**
     * Templates that create services with the standard pipeline. Absent: none are shown. A wrong value stops the start with one
     * sentence.
     */
    templates?: {
      /**
       * Which ones: `node-ecs-service`, `python-ecs-service`, `worker-cdk-service`, `terraform-bluegreen-service`,
       * `platform-workflows`. Default: all five.
       * @visibility backend
       */
      enabled?: string[];
      /**
       * Owner of the templates themselves, an entity ref. Default: `unknown`.
       * @visibility backend
       */
      templateOwner?: string;
      /**
       * Where repositories are created. Default: the first host of `integrations.github`, else `github.com`.
       * @visibility backend
       */
      host?: string;
      /**
       * Organisations in which services are created.
       * @visibility backend
       */
      owners: string[];
      /** The organisation's reusable workflows, which every pipeline calls. Needed by all but `platform-workflows`. */
      workflows?: {
        /**
         * `owner/name`.
         * @visibility backend
         */
        repository: string;
        /**
         * Tag or branch; what it points at when a service is created is pinned by its SHA.
         * @visibility backend
         */
        ref: string;
      };
      /** The workflow that makes the roles, the registry and the services of a new service in AWS. Needed like `workflows`. */
      onboarding?: {
        /**
         * `owner/name`.
         * @visibility backend
         */
        repository: string;
        /**
         * File name. Default: `onboard-service.yml`.
         * @visibility backend
         */
        workflow?: string;
        /**
         * Branch that it is started on. Default: `main`.
         * @visibility backend
         */
        ref?: string;
      };
      /** Account and region of the ECR that keeps every image once. Needed like `workflows`. */
      registry?: {
        /** @visibility backend */
        accountId: string;
        /** @visibility backend */
        region: string;
      };
      /**
       * Address of a service, with `{name}` and `{environment}`. Not needed for workers.
       * @visibility backend
       */
      serviceUrl?: string;
      /**
       * Which of `delivery.environmentSets` services are created in: by the id of a template, or `default`. Each environment
       * needs `aws`.
       * @visibility backend
       */
      environmentSets?: { [template: string]: string };
      /**
       * How the origin of an image is proven before it is deployed. GitHub's attestations of private repositories need
       * Enterprise Cloud. Default: `signature`.
       * @visibility backend
       */
      imageProof?: 'attestation' | 'signature';
      /**
       * ARN of the KMS key that images are signed with. Needed with `signature`.
       * @visibility backend
       */
      signingKey?: string;
      /**
       * Images that pipelines and Dockerfiles use (`node`, `python`, `postgres`, `gitleaks`, `cosign`), each pinned:
       * `<name>:<tag>@sha256:<digest>`.
       * @visibility backend
       */
      images?: { [name: string]: string };
      /**
       * Slack channel that pipelines tell of deployments. Absent: they tell nobody.
       * @visibility backend
       */
      slackChannel?: string;
      /**
       * Datadog site that gets deployment markers, for example `datadoghq.eu`. Absent: none are sent.
       * @visibility backend
       */
      datadogSite?: string;
    };
  };
}
