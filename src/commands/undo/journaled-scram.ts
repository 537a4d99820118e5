/** Changes of SCRAM credentials: the journal keeps that they happened, never what they were. */
import type { Admin, Outcome } from '../../client/admin-types.ts'
import type { Edit } from './entry.ts'
import { changeAndKeep, lookBefore, type Recorder } from './recorder.ts'

/** `alterScramCredentials`, with a line in the journal that says why it cannot be taken back. */
export async function alterScramAndKeep(
  admin: Admin,
  recorder: Recorder,
  list: Parameters<Admin['alterScramCredentials']>[0],
): Promise<Map<string, Outcome<void>>> {
  recorder.hide(list.map(({ mechanism }) => mechanism))
  const before = await lookBefore(admin, [], async () => null)
  const change = () => admin.alterScramCredentials(list)
  return changeAndKeep(recorder, before, change, (_, outcomes) =>
    list
      .filter(({ user }) => outcomes?.get(user)?.ok === true)
      .map(({ user, mechanism }): Edit => {
        return { kind: 'lost', what: `${mechanism} of user ${user}`, why: 'passwords are not kept' }
      }),
  )
}
