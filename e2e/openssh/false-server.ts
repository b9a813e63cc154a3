/** A small SSH server for what OpenSSH can't be made to do here: passwords, keyboard-interactive, odd behaviour. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import ssh2, { type AuthContext, type Connection } from "ssh2";

export interface FalseServer {
  readonly port: number;
  /** Every authentication method that a client used, in order. */
  readonly tried: readonly string[];
  close(): Promise<void>;
}

export interface FalseServerOptions {
  readonly hostKeyPath: string;
  /** Decides each try; `none` is asked too. */
  readonly authenticate: (context: AuthContext, connection: Connection) => void;
}

/** Every command that is let in prints `in` and ends. */
export async function startFalseServer({ hostKeyPath, authenticate }: FalseServerOptions): Promise<FalseServer> {
  const tried: string[] = [];
  const open = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [await readFile(hostKeyPath)] }, (connection) => {
    open.add(connection);
    connection.on("error", () => undefined);
    connection.on("close", () => open.delete(connection));
    connection.on("authentication", (context) => {
      tried.push(context.method);
      authenticate(context, connection);
    });
    connection.on("session", (accept) =>
      accept().on("exec", (acceptExec) => {
        const channel = acceptExec();
        channel.resume();
        channel.write("in\n");
        channel.exit(0);
        channel.end();
      }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    tried,
    async close() {
      for (const connection of open) connection.end();
      server.close();
      await once(server, "close");
    },
  };
}
