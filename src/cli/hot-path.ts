/**
 * What nearly every command needs, gathered for the build: it puts these modules into one file instead of many small ones.
 * Each file costs node about half a millisecond at every start. Nothing imports this module.
 */
import './program.ts'
import './script-command.ts'
import '../client/admin.ts'
import '../client/cluster-client.ts'
