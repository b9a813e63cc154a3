import type { Socket } from "node:net";

/**
 * Cuts a connection whose reader took nothing of what waits for him for `stuckMs`. Answers how to end the watch: a
 * connection may carry other answers afterwards.
 */
export function cutStuckReader(socket: Socket, stuckMs: number): () => void {
  let taken = -1;
  const timer = setInterval(() => {
    const takenNow = socket.bytesWritten - socket.writableLength;
    if (socket.writableLength > 0 && takenNow === taken) socket.destroy();
    taken = takenNow;
  }, stuckMs);
  return () => clearInterval(timer);
}
