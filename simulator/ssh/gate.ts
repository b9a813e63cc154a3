/** A socket that can be held: TCP stays open, and nothing flows either way until it is released. Nothing is lost. */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

export interface Gate {
  readonly stream: Duplex;
  readonly hold: (on: boolean) => void;
  /** As a network fault would: at once, without a word. */
  readonly cut: () => void;
  /** The same, when what was written before is out. */
  readonly cutSoon: () => void;
}

export function createGate(socket: Socket): Gate {
  let held = false;
  const waiting: (() => void)[] = [];
  const pass = (step: () => void): void => {
    if (held) waiting.push(step);
    else step();
  };
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => pass(() => socket.write(chunk, done)),
    final: (done) => pass(() => socket.end(done)),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.setNoDelay(true);
  socket.on("data", (chunk) => pass(() => stream.push(chunk)));
  socket.on("end", () => pass(() => stream.push(null)));
  socket.on("error", (error) => stream.destroy(error));
  socket.on("close", () => stream.destroy());
  return {
    stream,
    hold: (on) => {
      held = on;
      if (!on) for (const step of waiting.splice(0)) step();
    },
    cut: () => {
      socket.destroy();
    },
    cutSoon: () => {
      stream.end(() => socket.destroySoon());
    },
  };
}
