import type { Socket } from "node:net";

/** Cuts a connection whose reader took nothing of what waits for him for `stuckMs`. Ends with the socket. */
export function cutStuckReader(socket: Socket, stuckMs: number): void {
  let taken = -1;
  const timer = setInterval(() => {
    const takenNow = socket.bytesWritten - socket.writableLength;
    if (socket.writableLength > 0 && takenNow === taken) socket.destroy();
    taken = takenNow;
  }, stuckMs);
  timer.unref();
  socket.once("close", () => clearInterval(timer));
}
