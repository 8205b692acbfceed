/** Version of the rules: stored with derived rows, so that rows made by other rules are made again. */
export const DORA_ALGORITHM = 2;
