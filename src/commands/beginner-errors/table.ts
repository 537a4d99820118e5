/** Every row, those with the more particular words first: the first that knows a message explains it. */
import { COMMAND_LINES } from './rows/command-lines.ts'
import { CONNECTING } from './rows/connecting.ts'
import { GROUPS } from './rows/groups.ts'
import { NODES } from './rows/nodes.ts'
import { PRODUCING } from './rows/producing.ts'
import { READING } from './rows/reading.ts'
import { TOPICS } from './rows/topics.ts'
import type { BeginnerError } from './types.ts'

export const BEGINNER_ERRORS: readonly BeginnerError[] = [
  ...COMMAND_LINES,
  ...CONNECTING,
  ...TOPICS,
  ...PRODUCING,
  ...READING,
  ...GROUPS,
  ...NODES,
]
