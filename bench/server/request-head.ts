/** What the own server needs of a request. */
export interface Head {
  readonly method: string
  readonly folder?: string
  readonly number?: number
  /** The range that is asked for: first and last byte. */
  readonly from?: number
  readonly to?: number
  /** The connection ends with the answer. */
  readonly close: boolean
}

/** `/pictures/17.jpg` */
const REQUEST_LINE = /^(\w+) (?:\/(\w+)\/(\d+)\.\w+)?\S* HTTP\/1\.([01])/
const RANGE = /^range:[ \t]*bytes=(\d+)-(\d*)[ \t]*$/im
const CLOSE = /^connection:[ \t]*close/im
const KEEP = /^connection:[ \t]*keep-alive/im

export function readHead(text: string): Head {
  const [, method = '', folder, number, minor] = REQUEST_LINE.exec(text) ?? []
  const [, from, to] = RANGE.exec(text) ?? []
  return {
    method,
    ...(folder !== undefined && { folder, number: Number(number) }),
    ...(from !== undefined && { from: Number(from) }),
    ...(to !== undefined && to !== '' && { to: Number(to) }),
    close: minor === '0' ? !KEEP.test(text) : CLOSE.test(text),
  }
}
