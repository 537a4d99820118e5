/** Lines that are kept in files must not have secrets in them. */

const SECRET =
  /passw|passphrase|secret|jaas|hmac|credential|\btoken\b|api.?key|keystore\.key|-----BEGIN|:\/\/[^/\s]*:[^/\s]*@/i

/** Whether a command line may have a secret in it; rather once too often. */
export function mayHaveSecret(line: string): boolean {
  return SECRET.test(line)
}
