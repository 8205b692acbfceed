import { actOperations } from './actOperations';
import { conformanceOperations } from './conformanceOperations';
import { doraOperations } from './doraOperations';
import { readOperations } from './readOperations';

export * from './acts';
export * from './approvals';
export * from './audit';
export * from './conformance';
export * from './dora';
export * from './doraRows';
export * from './doraSettings';
export * from './doraWords';
export * from './environmentPages';
export * from './environments';
export * from './health';
export {
  graphNodeSchema,
  graphSchema,
  ingestionSchema,
  jobSchema,
  overviewSchema,
  pipelineSchema,
  runDetailSchema,
  runListSchema,
  runsQuerySchema,
  runSummarySchema,
  RUNS_PAGE,
  stageSchema,
} from './runs';
export type * from './runs';

export { compareQuerySchema, historyQuerySchema } from './readOperations';

/**
 * Every HTTP operation of the plugin, under `/api/delivery`.
 * @public
 */
export const deliveryContract = {
  ...readOperations,
  ...actOperations,
  ...doraOperations,
  ...conformanceOperations,
};

/** @public */
export type DeliveryContract = typeof deliveryContract;
