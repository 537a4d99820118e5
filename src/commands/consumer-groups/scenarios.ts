/** Every way to say where offsets go, in the order in which the scripts of consumer groups and streams groups check them. */
export const SCENARIOS = [
  'to-offset',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'to-current',
  'shift-by',
  'from-file',
] as const
