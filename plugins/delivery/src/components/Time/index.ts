export { Ago } from './Ago';
export { Elapsed } from './Elapsed';
export { TimeLeft } from './TimeLeft';
