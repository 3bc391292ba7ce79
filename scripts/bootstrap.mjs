/**
 * Installs what a checkout needs before `npm start` and `npm test` run, with whatever Node (18 or newer) there is:
 * the packages of the lockfile, and Node 24 itself, which the dev dependency `node` puts on the path of npm scripts.
 * Plain JavaScript without dependencies. Everything goes to standard error: standard output belongs to the command.
 *
 * When all is there it is done in a moment: node_modules/.bowerbird.json holds the platform and the hash of the
 * lockfile that the folder was filled from.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MODULES = join(ROOT, 'node_modules')
const STAMP = join(MODULES, '.bowerbird.json')
const LOCKFILE = join(ROOT, 'package-lock.json')
/** npm's own note of what it has installed, written at the end of an installation. */
const NPM_RECORD = join(MODULES, '.package-lock.json')
const NODE_BINARY = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const PLATFORM = `${process.platform}-${process.arch}`
/** What the path of npm scripts leads to; npm makes it when the binary is there. */
const NODE_LINK = join(MODULES, '.bin', 'node')
/** Held while one process installs; its time is renewed every second, so that an old one is a dead one's. */
const LOCK = join(ROOT, '.bootstrap.lock')
const LOCK_IS_STALE_MS = 15_000
const OLDEST_NODE = 18
const NEEDED_NODE = 24
const NODE_MAJOR = Number(process.versions.node.split('.')[0])

/**
 * Dev dependencies are needed whatever NODE_ENV and --omit say, and npm must not object to a Node that is about to be
 * replaced, nor be silenced by `npm --silent start`, nor try for minutes where there is no network.
 */
const NPM_OPTIONS = [
  '--include=dev',
  '--include=optional',
  '--engine-strict=false',
  '--loglevel=error',
  '--no-progress',
  '--no-audit',
  '--no-fund',
  '--fetch-retries=3',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=9000',
]

/** What to do about what npm said; the first that fits. */
const ADVICE = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|ENOTCACHED|socket hang up/,
    'The package registry could not be reached. Connect to the network, or set your proxy or registry with\n' +
      '`npm config set`, and run the command again. The network is needed only this once.',
  ],
  [/ENOSPC/, 'The disk is full; about 600 MB are needed. Make room and run the command again.'],
  [/EACCES|EPERM|EROFS/, `Make ${ROOT} writable for this user and run the command again.`],
  [/spawn npm ENOENT|npm: not found|'npm' is not/, 'Install npm (it comes with Node) and run the command again.'],
  [/(?:)/, `Mend what npm names above, or run \`npm ci --include=dev\` in ${ROOT} yourself, and try again.`],
]

class SetupError extends Error {}

let running

function say(message) {
  process.stderr.write(`bootstrap: ${message}\n`)
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** What node_modules must have come from. Without a lockfile the ranges of package.json decide. */
function wanted() {
  const described = read(LOCKFILE) ?? read(join(ROOT, 'package.json')) ?? ''
  return JSON.stringify({ lock: createHash('sha256').update(described).digest('hex'), platform: PLATFORM })
}

function isInstalled() {
  return read(STAMP) === wanted() && (existsSync(NODE_LINK) || NODE_MAJOR >= NEEDED_NODE)
}

/** npm finished an installation here, and for this platform. */
function isWhole() {
  return existsSync(NPM_RECORD) && (read(STAMP) ?? PLATFORM).includes(PLATFORM)
}

/** By npm's record every package of the lockfile is there: somebody ran `npm ci` by hand. */
function isComplete() {
  const lock = read(LOCKFILE)
  const record = read(NPM_RECORD)
  if (!isWhole() || lock === undefined || record === undefined) return false
  const there = JSON.parse(record).packages
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  )
}

/** Under npm the same npm, otherwise the one on the path. */
function npmCommand() {
  const cli = process.env.npm_execpath ?? ''
  if (basename(cli) === 'npm-cli.js') return { program: process.execPath, prefix: [cli], shell: false }
  return { program: 'npm', prefix: [], shell: process.platform === 'win32' }
}

/** Runs npm silently, and gives its status and all that it said. */
function npm(...args) {
  const { program, prefix, shell } = npmCommand()
  const stdio = ['ignore', 'pipe', 'pipe']
  running = spawn(program, [...prefix, ...args, ...NPM_OPTIONS], { cwd: ROOT, shell, env: process.env, stdio })
  let said = ''
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk) => (said += chunk))
  return new Promise((settle) => {
    running.on('error', (error) => settle({ status: 127, said: `${said}${error.message}` }))
    running.on('close', (code) => settle({ status: code ?? 1, said }))
  })
}

function stamp() {
  try {
    writeFileSync(STAMP, wanted())
  } catch (error) {
    /** An image that another user filled: it is looked through at every start. */
    if (!/EACCES|EPERM|EROFS/.test(error.code)) throw error
  }
}

/** Takes a folder that was filled by hand for installed. */
function adopt() {
  const isReady = isComplete() && (nodeWorks() || (NODE_MAJOR >= NEEDED_NODE && !existsSync(NODE_LINK)))
  if (isReady) stamp()
  return isReady
}

function failure(what, said) {
  const story = said.trimEnd().split('\n').slice(-20).join('\n')
  return new SetupError(`${what}:\n${story}\n${ADVICE.find(([pattern]) => pattern.test(said))[1]}`)
}

/** `npm ci` begins with an empty folder: right for a first time, too rough while something runs from it. */
async function installPackages() {
  const locked = existsSync(LOCKFILE)
  const gentle = locked ? ['install', '--no-save', '--package-lock'] : ['install', '--no-package-lock']
  const clean = locked && !isWhole()
  say(`installing packages (npm ${clean ? 'ci' : 'install'}); this happens once and takes a minute`)
  let result = await npm(...(clean ? ['ci', '--package-lock'] : gentle))
  /** The lockfile lacks something, such as the packages of another platform: npm can do without, npm ci does not. */
  if (/EUSAGE/.test(result.said)) result = await npm(...gentle)
  if (result.status !== 0) throw failure(`the packages could not be installed (status ${result.status})`, result.said)
}

function nodeWorks() {
  return existsSync(NODE_LINK) && spawnSync(NODE_BINARY, ['--version'], { stdio: 'ignore' }).status === 0
}

/**
 * The package `node` fetches its binary in an install script, which --ignore-scripts leaves out. One that does not work
 * (musl, a foreign processor) must go: it would stand before the right one on the path.
 */
async function ensureNode() {
  if (nodeWorks()) return
  rmSync(NODE_LINK, { force: true })
  if (NODE_MAJOR >= NEEDED_NODE) return
  say(`fetching Node ${NEEDED_NODE}, as the install script of the package "node" did not`)
  const { said } = await npm('rebuild', 'node', '--ignore-scripts=false')
  if (nodeWorks()) return
  rmSync(NODE_LINK, { force: true })
  throw failure(
    `this is Node ${process.version}, and the package "node" brings no newer one that works here;\n` +
      `install Node ${NEEDED_NODE} or newer yourself (https://nodejs.org), or see what went wrong`,
    said,
  )
}

const pause = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds))

/** Takes away the lock of a process that died. By rename, so that of many who try one succeeds. */
function breakStaleLock() {
  const { mtimeMs } = statSync(LOCK, { throwIfNoEntry: false }) ?? {}
  if (mtimeMs === undefined || Date.now() - mtimeMs < LOCK_IS_STALE_MS) return
  const aside = `${LOCK}.${process.pid}`
  try {
    renameSync(LOCK, aside)
    rmSync(aside, { recursive: true, force: true })
    say('an earlier installation was interrupted; starting again')
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function tryLock() {
  try {
    mkdirSync(LOCK)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw failure('nothing can be installed here', error.message)
  }
}

async function takeLock() {
  for (let round = 0; !tryLock(); round += 1) {
    if (round === 0) say('another process is installing; waiting for it')
    await pause(250)
    breakStaleLock()
  }
}

function releaseLock() {
  rmSync(LOCK, { recursive: true, force: true })
}

async function installAlone() {
  await takeLock()
  process.on('exit', releaseLock)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      running?.kill()
      process.exit(130)
    })
  }
  const beat = setInterval(() => utimesSync(LOCK, new Date(), new Date()), 1000)
  try {
    if (isInstalled()) return
    if (!isComplete()) await installPackages()
    await ensureNode()
    stamp()
  } finally {
    clearInterval(beat)
  }
}

async function main() {
  if (NODE_MAJOR < OLDEST_NODE)
    throw new SetupError(`Node ${OLDEST_NODE} or newer is needed; this is ${process.version}`)
  if (!isInstalled() && !adopt()) await installAlone()
}

main().catch((error) => {
  say(error instanceof SetupError ? error.message : error.stack)
  process.exitCode = 1
})
