/** True when an error comes from one of these error codes of the protocol: `refusedWith(error, 'UNSUPPORTED_VERSION')`. */
export function refusedWith(error: unknown, ...names: readonly string[]): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    // Asked of the error itself, so that the registry of codes is not loaded for it.
    if ('errorName' in each && names.includes(String(each.errorName))) return true
  }
  return false
}
