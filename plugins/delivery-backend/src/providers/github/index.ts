export {
  createGithubProvider,
  type GithubProviderOptions,
} from './createGithubProvider';
export type { SignInApplication } from './acts/identify';
