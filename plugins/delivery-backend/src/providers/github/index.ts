export {
  createGithubProvider,
  type GithubProviderOptions,
} from './createGithubProvider';
