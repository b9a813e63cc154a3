/** What one client, and all together, may ask of the server; the same on HTTP, SSE and WebSocket. */
export interface Limits {
  /** Of a request body or of one WebSocket message. */
  readonly requestBytes: number;
  /** Lexical tokens of a document. */
  readonly tokens: number;
  /** Brackets within brackets in a document's text. */
  readonly nesting: number;
  /** Fields within fields, fragments followed. */
  readonly depth: number;
  /** Fields at the root of one operation. */
  readonly rootFields: number;
  /** Aliased fields in a document. */
  readonly aliases: number;
  /** Values that an answer may hold, by the page sizes asked for. */
  readonly cost: number;
  /** WebSockets and SSE streams at once. */
  readonly streams: number;
  /** Operations under way at once on one WebSocket. */
  readonly operationsPerSocket: number;
  /** Bytes waiting for the reader of one WebSocket; whoever lets more gather is cut off. */
  readonly bufferedBytes: number;
  /** A new WebSocket must introduce itself within this time. */
  readonly connectionInitMs: number;
  /** A stream whose reader takes nothing of what waits for him for this long is cut off. */
  readonly stuckReaderMs: number;
  /** How often a WebSocket is pinged; one that stays silent for two of these is cut off. */
  readonly pingMs: number;
}

export const defaultLimits: Limits = {
  requestBytes: 256 * 1024,
  tokens: 2_000,
  nesting: 64,
  depth: 20,
  rootFields: 20,
  aliases: 100,
  cost: 100_000,
  streams: 1_000,
  operationsPerSocket: 100,
  bufferedBytes: 16 * 1024 * 1024,
  connectionInitMs: 3_000,
  stuckReaderMs: 60_000,
  pingMs: 12_000,
};
