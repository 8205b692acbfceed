export { MetricTrend } from './MetricTrend';
export { Spark } from './Spark';
