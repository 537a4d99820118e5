/** `kt profile`: connections that are saved under a name, each a Java properties file that its owner alone can read. */
import type { Command as CommanderCommand } from 'commander'
import { type Act, addConnectionOptions, addFormatOption, defineCommand } from '../cli/own-command.ts'
import { addProfile } from './profile/add.ts'
import { removeProfile, useProfile } from './profile/choose.ts'
import { listProfiles, showProfile } from './profile/show.ts'

export const profile = defineCommand({
  name: 'profile',
  summary: 'Connections saved under a name: servers, TLS and login, used with --profile, KT_PROFILE or kt profile use.',
  examples: [
    { command: 'kt profile add here --bootstrap-server localhost:9092', does: 'save a connection' },
    { command: 'kt topics --list --profile here', does: 'use it for one command' },
    { command: 'kt profile use here', does: 'use it wherever a command is not told where to connect' },
    { command: 'kt profile show', does: 'every setting that holds now, and where it comes from' },
    { command: 'kt profile list', does: 'what is saved, and which one is in use' },
    {
      command:
        'kt profile add prod --bootstrap-server kafka:9093 --security-protocol SASL_SSL --mechanism SCRAM-SHA-512 --user alice',
      does: 'asks for the password; --password-stdin reads it instead',
    },
    { command: 'kt profile remove here --yes', does: 'forget it' },
  ],
  configure(command, act) {
    configureAdd(command, act)
    addFormatOption(command.command('list'))
      .description('the names that are saved, their servers, and which one is in use')
      .action(act(listProfiles))
    addFormatOption(command.command('use'))
      .description('use a profile wherever a command is not told where to connect')
      .argument('[name]', 'the profile')
      .option('--none', 'use none from now on')
      .action(act(useProfile))
    addFormatOption(command.command('remove'))
      .description('forget a profile')
      .argument('<name>', 'the profile')
      .option('-y, --yes', 'do not ask')
      .action(act(removeProfile))
    const show = command
      .command('show')
      .description('the settings that a command would connect with, and where each comes from; secrets stay hidden')
      .argument('[name]', 'a profile, as --profile would name it')
    addFormatOption(addConnectionOptions(show)).action(act(showProfile))
  },
})

function configureAdd(command: CommanderCommand, act: Act): void {
  addFormatOption(command.command('add'))
    .description('save a connection; settings are those of Kafka’s Java clients')
    .argument('<name>', 'letters, digits, dot, dash and underscore')
    .option('--bootstrap-server <host:port>', 'brokers to connect to, separated by commas')
    .option('--command-config <file>', 'take the settings of a Java properties file')
    .option('--property <key=value...>', "a property of Kafka's, repeatable; wins over the file")
    .option('--security-protocol <protocol>', 'PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL')
    .option('--truststore <file>', 'certificates to trust: PEM, PKCS12 or JKS')
    .option('--mechanism <mechanism>', 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or AWS_MSK_IAM')
    .option('--user <name>', 'who logs in; the password is asked for')
    .option('--password-stdin', 'read the password from standard input')
    .option('--replace', 'replace a profile of this name')
    .action(act(addProfile))
}
