export { readPort, readText } from "./env.ts";
export { createLog, type Fields, type Log } from "./log.ts";
