export { DoraLine, lineParts } from './DoraLine';
export { DoraStrip } from './DoraStrip';
export { DoraTiles } from './DoraTiles';
