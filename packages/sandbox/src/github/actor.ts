import { Account } from '../state';
import { UserApplication } from './gitHubApp';

/** Who makes a call. */
export type Actor =
  | { kind: 'anonymous' }
  | {
      kind: 'user';
      account: Account;
      token: string;
      /** Personal tokens may do all the person may; App user tokens only what the App may as well. */
      viaApp: boolean;
      /** The App the token was issued to; absent for personal tokens. */
      application?: UserApplication;
      scopes: string[];
    }
  | {
      kind: 'installation';
      account: Account;
      installationId: number;
      token: string;
      permissions: Record<string, string>;
      repositoryIds?: number[];
    }
  | { kind: 'app' }
  /** An application with its id and secret. */
  | { kind: 'client'; clientId: string };

/** How calls are counted: `anonymous`, `user`, `installation`, `app`, `client`. */
export type ActorKind = Actor['kind'];
