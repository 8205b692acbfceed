/** Sizes of the job graph in CSS pixels. */
export const NODE = {
  width: 184,
  /** Room for name, times and environment: the last becomes known only when a job starts, and nothing must move then. */
  height: 62,
  gapX: 40,
  gapY: 14,
};
