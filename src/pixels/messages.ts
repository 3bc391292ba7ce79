/** What a decoding process is told and answers; plain data, through the channel of `fork`. */
export interface DecodeRequest {
  /** Absolute. */
  readonly file: string
  /** Pixels of all frames together. */
  readonly pixels: number
  /** Bytes that the process may hold while it decodes. */
  readonly memory: number
}

export interface Decoded {
  readonly state: 'sound'
  /** Of one frame, before any EXIF orientation. */
  readonly width: number
  readonly height: number
  /** Frames or pages. */
  readonly pages: number
  /** The decoder's name: `jpeg`, `png`, `heif` … */
  readonly format: string
}

/** No codec here reads such a file, or it is larger than the limits: what the structure says stands. */
export interface Unchecked {
  readonly state: 'unchecked'
  readonly why: string
}

export type DecodeReply =
  | Decoded
  | Unchecked
  | { readonly state: 'damaged'; readonly why: string }
  /** It needs more memory than it may have; the process ends. */
  | { readonly state: 'too-much'; readonly why: string }
  /** The image library cannot be loaded. */
  | { readonly state: 'unusable'; readonly why: string }
