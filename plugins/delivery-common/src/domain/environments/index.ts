export * from './facts';
export * from './configured';
