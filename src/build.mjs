/**
 * The one build: the program, the node's process and the package's face, split so that a command loads only what it uses. `--types` adds the declarations
 * of the package's public face.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Packages with native code, or so seldom used and large that they are better left on disk until then. */
const EXTERNAL = ['@node-rs/crc32', 'kafkajs', 'inquirer', '@bokuweb/zstd-wasm']

const COMMON = {
  cwd: root,
  platform: 'node',
  external: EXTERNAL,
  preserveEntrySignatures: 'allow-extension',
  transform: { target: 'node20', define: { KT_VERSION: JSON.stringify(version) } },
  // Modules that are loaded late by one command and at once by another: meant so.
  checks: { ineffectiveDynamicImport: false },
}
// Names stay: they are what a stack trace in a node's log is read by.
const MINIFY = { compress: true, mangle: false, codegen: { removeWhitespace: true } }

/**
 * The program is CommonJS: node's loader of ES modules costs ten of sixty milliseconds at every start. What nearly every command needs stands in two files:
 * what starts it, and what asks a cluster.
 */
const PROGRAM = {
  input: { main: 'src/cli/main.ts' },
  output: {
    dir: join(dist, 'cli'),
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: {
      groups: [
        { name: 'start', test: /src[\\/]cli[\\/](main|program|script-command)\.ts$/, priority: 2 },
        { name: 'ask', test: /src[\\/]client[\\/](admin|cluster-client)\.ts$/, priority: 1 },
        // What a change of settings loads on top: one file instead of three.
        {
          name: 'journal',
          test: /src[\\/]commands[\\/]undo[\\/](journaled|recorder|journal|entry|command-line)\.ts$/,
          priority: 1,
        },
      ],
    },
  },
}

const NODE = {
  input: {
    'cluster/node-main': 'src/cluster/node-main.ts',
    // `kt server-start` runs a node in its own process and loads it from here.
    'cluster/run-node': 'src/cluster/run-node.ts',
    index: 'src/index.ts',
  },
  output: { dir: dist, format: 'esm', chunkFileNames: 'node/[name]-[hash].js' },
}

const built = (await Promise.all([PROGRAM, NODE].map(write))).flat()

// What an earlier build left goes only now: a command that runs meanwhile never misses its modules.
const written = new Set(built.map(({ file }) => file))
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name)
  if (entry.isFile() && /\.c?js$/.test(file) && !written.has(file)) rmSync(file, { force: true })
}
writeFileSync(join(dist, 'LICENCES-OF-BUNDLED-PACKAGES.txt'), licences(built.flatMap(({ modules }) => modules)))
cpSync(join(root, 'src/learn/orders.log'), join(dist, 'cli/orders.log'))
if (process.argv.includes('--types')) {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'src/tsconfig.types.json')],
    {
      stdio: 'inherit',
    },
  )
}

/** Builds one bundle; resolves to the files written, each with the modules in it. */
async function write({ input, output }) {
  const bundle = await rolldown({ ...COMMON, input })
  const result = await bundle.write({ minify: MINIFY, hashCharacters: 'base36', ...output })
  await bundle.close()
  return result.output.map(({ fileName, modules }) => ({
    file: join(output.dir, fileName),
    modules: Object.keys(modules ?? {}),
  }))
}

/** Bundled packages travel with their licences. */
function licences(modules) {
  const bundled = new Set(
    modules.flatMap((module) => /^.*node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0] ?? []),
  )
  const texts = [...bundled].sort().map((directory) => {
    const file = readdirSync(directory).find((name) => /^licen[cs]e/i.test(name))
    if (file === undefined) throw new Error(`${directory} is bundled and has no licence file`)
    return `== ${directory.replace(/^.*node_modules[\\/]/, '')}\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`
  })
  return texts.join('\n')
}
