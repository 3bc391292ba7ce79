import { createHash, hash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { close, constants, fdatasync, fstatSync, ftruncateSync, mkdirSync, open } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../../core/errors.ts'
import type { Inspect, Inspection } from '../../../core/files.ts'
import type { PartNote } from '../../../ports/store.ts'
import { FileBytes, SlabBytes, blocks, inspectSafely, magicOf, writeFully } from './bytes.ts'
import type { Descriptors, Holder } from './descriptors.ts'
import type { Begin, PlainReceived } from './messages.ts'
import { partName, removeIfThere, removePart, writeNote } from './notes.ts'
import { checkRoom } from './room.ts'
import { diskFault, errorCode } from './trouble.ts'

/**
 * From here on a part has its note while its bytes come in, so that it can be continued after the process was killed. A
 * shorter one gets it when its try ends early: a small file that comes at once costs no note.
 */
const LONG_BYTES = 1 << 20

/** A long file is sent to the disk in pieces of about this while it comes in, so that little is left to wait for. */
const SEND_EVERY_BYTES = 8 << 20

const { O_CREAT, O_EXCL, O_RDWR } = constants

/** A file that is being received. */
interface Open extends Holder {
  readonly key: string
  readonly path: string
  /** Where the bytes of earlier tries end; 0 once they have been hashed again. */
  resumeAt: number
  created: boolean
  bytes: number
  sum: Hash | undefined
  note: PartNote | undefined
  /** Its note stands beside it. */
  noted: boolean
  magic: string
  /** How much of it has been sent to the disk; `sending` while more of it is on its way there. */
  sent: number
  sending: boolean
  /** What ended it; all further bytes are thrown away. */
  fault: Fault | undefined
}

/** A file that was received and waits for its name. */
export interface Received {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Tells whether the part is still the one that was received. */
  readonly inode: number
  /** Resolves when the bytes are on the disk, or with the reason why they cannot be trusted. */
  readonly synced: Promise<Fault | undefined> | undefined
  readonly noted: boolean
  published: boolean
}

/** The files of one writer thread between their first byte and their name. */
export class Parts {
  readonly folder: string
  readonly #fsync: boolean
  readonly #descriptors: Descriptors
  readonly #inspect: Inspect
  readonly #open = new Map<number, Open>()
  readonly #received = new Map<string, Received>()
  readonly #fileBytes = new FileBytes()
  readonly #slabBytes = new SlabBytes()

  constructor(folder: string, fsync: boolean, descriptors: Descriptors, inspect: Inspect) {
    this.folder = folder
    this.#fsync = fsync
    this.#descriptors = descriptors
    this.#inspect = inspect
  }

  path(key: string): string {
    return join(this.folder, partName(key))
  }

  begin({ file, key, resumeAt, note }: Begin): void {
    const path = this.path(key)
    const part: Open = {
      key,
      path,
      resumeAt,
      note,
      noted: false,
      fd: -1,
      created: false,
      bytes: 0,
      sum: undefined,
      magic: '',
      sent: 0,
      sending: false,
      fault: undefined,
    }
    this.#open.set(file, part)
    this.#received.delete(key)
    if (note?.total !== undefined && isLong(note.total)) checkRoom(this.folder, note.total - resumeAt)
  }

  append(file: number, bytes: Uint8Array): void {
    const part = this.#open.get(file)
    if (part === undefined || part.fault !== undefined) return
    this.#ready(part)
    this.#add(part, bytes)
    part.sum ??= createHash('sha256')
    part.sum.update(bytes)
    this.#descriptors.keep(part)
  }

  /** The last bytes are here. A whole file that comes in one slab is hashed and inspected where it lies. */
  async finish(file: number, last: Uint8Array): Promise<PlainReceived> {
    const part = this.#open.get(file)
    if (part === undefined) throw new Fault('Internal', 'a file was finished that was never begun')
    if (part.fault !== undefined) throw part.fault
    this.#ready(part)
    this.#add(part, last)
    const whole = part.sum === undefined
    const sha256 = part.sum === undefined ? hash('sha256', last) : part.sum.update(last).digest('hex')
    this.#descriptors.take(part)
    const access = whole ? this.#slabBytes.of(last) : this.#fileBytes.of(part.fd, part.bytes)
    const inspection = await inspectSafely(this.#inspect, access)
    return this.#receive(file, part, sha256, inspection)
  }

  /** What a received file is, for publishing. */
  received(key: string): Received | undefined {
    return this.#received.get(key)
  }

  /** Ends a try; whether the part stays for a later one. */
  abort(file: number, keep: boolean): boolean {
    const part = this.#open.get(file)
    if (part === undefined) return false
    this.#open.delete(file)
    const sound = keep && part.fault === undefined && part.bytes > 0
    if (sound && this.#tryClose(part) === undefined && ensureNote(part)) return true
    this.#drop(part)
    return false
  }

  /** A write went wrong: the part goes at once, the rest of its bytes is ignored. */
  fail(file: number, error: unknown): Fault {
    const part = this.#open.get(file)
    if (part === undefined) return diskFault(error, 'write', this.folder)
    part.fault ??= diskFault(error, 'write', part.path)
    this.#drop(part)
    return part.fault
  }

  /** The same, and nobody will ask for the file again. */
  end(file: number, error: unknown): Fault {
    const fault = this.fail(file, error)
    this.#open.delete(file)
    return fault
  }

  /** The part of this asset and what belongs to it goes, as far as it is there. */
  remove(key: string): void {
    this.#received.delete(key)
    removePart(this.path(key))
  }

  /** Nothing is left to do for a received file; its part goes. */
  forget(key: string): void {
    const received = this.#received.get(key)
    if (received === undefined) return
    this.#received.delete(key)
    removeIfThere(received.path)
    if (received.noted) removeIfThere(`${received.path}.json`)
  }

  /** The part has a final name now, and stays beside it until that is recorded. */
  published(key: string): void {
    const received = this.#received.get(key)
    if (received !== undefined) received.published = true
  }

  /** What was received and never got a name is of no use to a later run. */
  closeAll(): void {
    for (const file of this.#open.keys()) this.abort(file, true)
    for (const [key, { published }] of this.#received) if (!published) this.#tryRemove(key)
  }

  /** Nothing is being forced to the disk any more. */
  async synced(): Promise<void> {
    await Promise.all(Array.from(this.#received.values(), async (received) => received.synced))
  }

  #receive(file: number, part: Open, sha256: string, inspection: Inspection): PlainReceived {
    const { path, bytes, magic, key, noted } = part
    const inode = fstatSync(part.fd).ino
    if (!this.#fsync) this.#descriptors.close(part)
    this.#open.delete(file)
    const synced = this.#fsync ? this.#sync(part) : undefined
    this.#received.set(key, { path, bytes, sha256, inode, synced, noted, published: false })
    return { file: path, bytes, sha256, inspection, magic }
  }

  /** Through the pool, so that many files are forced to the disk together. */
  #sync(part: Open): Promise<Fault | undefined> {
    return new Promise((resolve) => {
      fdatasync(part.fd, (error) => {
        const trouble = this.#tryClose(part)
        resolve(error === null && trouble === undefined ? undefined : lost(error ?? trouble, part))
      })
    })
  }

  #tryClose(part: Open): unknown {
    try {
      this.#descriptors.close(part)
    } catch (error) {
      return error
    }
    return undefined
  }

  #drop(part: Open): void {
    this.#tryClose(part)
    if (part.created) this.#tryRemove(part.key)
  }

  /** A disk that failed may fail again. A part that stays is begun anew by the next try. */
  #tryRemove(key: string): void {
    try {
      this.remove(key)
    } catch {
      this.#received.delete(key)
    }
  }

  #add(part: Open, bytes: Uint8Array): void {
    writeFully(part.fd, bytes, part.bytes)
    if (part.bytes === 0) part.magic = magicOf(bytes)
    part.bytes += bytes.length
    if (isLong(part.bytes)) ensureNote(part)
    if (this.#fsync && !part.sending && part.bytes - part.sent >= SEND_EVERY_BYTES) send(part)
  }

  /** Opens what is not open. Changes nothing when there is no descriptor for it. */
  #ready(part: Open): void {
    if (part.trouble !== undefined) throw lost(part.trouble, part)
    if (part.fd >= 0) return
    if (part.resumeAt > 0) return this.#resume(part)
    part.fd = part.created ? this.#openAgain(part) : this.#create(part)
    part.created = true
  }

  /** A new file in any case: the old one may have been linked to a final name, or be in another process's hands. */
  #create(part: Open): number {
    const flags = O_RDWR | O_CREAT | O_EXCL
    try {
      return this.#descriptors.open(part.path, flags)
    } catch (error) {
      if (errorCode(error) === 'EEXIST') this.remove(part.key)
      else if (errorCode(error) === 'ENOENT') mkdirSync(this.folder, { recursive: true })
      else throw error
      return this.#descriptors.open(part.path, flags)
    }
  }

  #resume(part: Open): void {
    part.fd = this.#openAgain(part)
    part.created = true
    const { size, nlink } = fstatSync(part.fd)
    if (size < part.resumeAt || nlink > 1) throw cannotContinue(part)
    ftruncateSync(part.fd, part.resumeAt)
    part.sum = createHash('sha256')
    for (const block of blocks(part.fd, part.resumeAt)) {
      if (part.magic === '') part.magic = magicOf(block)
      part.sum.update(block)
    }
    part.bytes = part.resumeAt
    part.resumeAt = 0
    part.noted = part.note === undefined || writeNote(part.path, part.note)
  }

  #openAgain(part: Open): number {
    try {
      return this.#descriptors.open(part.path, O_RDWR)
    } catch (error) {
      throw errorCode(error) === 'ENOENT' ? cannotContinue(part) : error
    }
  }
}

/** Somebody took the part away or cut it: the next try begins at its first byte. */
function cannotContinue(part: Open): Fault {
  return new Fault('Damaged', `the part ${part.path} cannot be continued at byte ${part.resumeAt || part.bytes}`)
}

function lost(error: unknown, part: Open): Fault {
  return diskFault(error, 'force to the disk', part.path)
}

/** Whether a part can be continued: what makes it resumable is known and stands beside it. */
function ensureNote(part: Open): boolean {
  if (part.note === undefined) return part.noted
  part.noted ||= writeNote(part.path, part.note)
  return part.noted
}

function isLong(bytes: number): boolean {
  return bytes >= LONG_BYTES
}

/**
 * Begins to force to the disk what is there of a part. Whether that goes well is not asked: it has a descriptor of its
 * own, so that whatever goes wrong is told once more to the last sync of the file.
 */
function send(part: Open): void {
  part.sent = part.bytes
  part.sending = true
  const sent = (): void => {
    part.sending = false
  }
  open(part.path, constants.O_RDONLY | constants.O_NOFOLLOW, (refused, fd) => {
    if (refused === null) fdatasync(fd, () => close(fd, sent))
    else sent()
  })
}
