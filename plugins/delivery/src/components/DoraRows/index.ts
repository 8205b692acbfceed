export { BehindNumber } from './BehindNumber';
