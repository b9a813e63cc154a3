/** MongoDB's wire protocol, as far as a proxy has to understand it. https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
import { BSON, type Document } from "mongodb";

const headerBytes = 16;
const opMsg = 2013;
/** OP_REPLY and OP_QUERY for the handshake, OP_COMPRESSED, and OP_MSG for all else. */
const known = new Set([1, 2004, 2012, opMsg]);
const moreToCome = 1 << 1;
/** Servers take 48,000,000. */
const mostBytes = 48_100_000;

/** What a client asks for. */
export interface Command {
  /** The first key of its document: `insert`, `getMore`. */
  readonly name: string;
  /** Without the documents that stand beside it in the message. */
  readonly body: Document;
  /** False: sent with write concern 0, and no answer may come. */
  readonly isAnswered: boolean;
}

/** Takes the bytes of one direction as TCP delivers them; gives whole messages. */
export function createFraming(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let have = 0;
  let needed = headerBytes;
  return (chunk) => {
    parts.push(chunk);
    have += chunk.length;
    if (have < needed) return;
    let rest = Buffer.concat(parts);
    for (needed = lengthOf(rest); rest.length >= needed; needed = lengthOf(rest)) {
      onMessage(rest.subarray(0, needed));
      rest = rest.subarray(needed);
    }
    parts = [rest];
    have = rest.length;
  };
}

/** Of a message's beginning; a header's where not even that is there. */
function lengthOf(beginning: Buffer): number {
  if (beginning.length < headerBytes) return headerBytes;
  const length = beginning.readInt32LE(0);
  if (length < headerBytes || length > mostBytes || !known.has(beginning.readInt32LE(12))) {
    throw new Error("Not MongoDB's wire protocol: TLS, perhaps, which a proxy can't read");
  }
  return length;
}

export const requestIdOf = (message: Buffer): number => message.readInt32LE(4);
export const responseToOf = (message: Buffer): number => message.readInt32LE(8);

/** Undefined: none in today's form. Drivers shake hands in the old one (OP_QUERY) as long as they don't know the server. */
export function commandIn(message: Buffer): Command | undefined {
  if (message.readInt32LE(12) !== opMsg) return undefined;
  const body = bodyIn(message, headerBytes + 4);
  if (body === undefined) return undefined;
  const isAnswered = (message.readUInt32LE(headerBytes) & moreToCome) === 0;
  return { name: Object.keys(body)[0] ?? "", body, isAnswered };
}

/** The section of kind 0; those of kind 1 are documents of its. */
function bodyIn(message: Buffer, start: number): Document | undefined {
  for (let at = start; at < message.length; ) {
    const length = message.readInt32LE(at + 1);
    if (message[at] === 0) return BSON.deserialize(message.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return undefined;
}

/** A message with this document, as the server would send it. */
export function answerTo(requestId: number, document: Document): Buffer {
  const body = BSON.serialize(document);
  const message = Buffer.alloc(headerBytes + 5 + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(requestId, 8);
  message.writeInt32LE(opMsg, 12);
  message.set(body, headerBytes + 5);
  return message;
}
