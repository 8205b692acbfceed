export { Findings, OpenFindings } from './Findings';
