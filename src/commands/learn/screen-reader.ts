/** Whether somebody listens to the terminal instead of looking at it. */

/**
 * `INK_SCREEN_READER=true` and `ACCESSIBLE=1` are what terminal programs agree on; a screen reader itself cannot be seen from
 * inside a terminal.
 */
export function hasScreenReader({
  INK_SCREEN_READER: ink,
  ACCESSIBLE: accessible,
}: Readonly<Record<string, string | undefined>>): boolean {
  return isSet(ink) || isSet(accessible)
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !/^(|0|false|no|off)$/i.test(value)
}
