/** Channels of one connection: exec and shell, at most so many at a time. */
import type { Connection, ServerChannel, Session } from "ssh2";
import { freshContext, runScript } from "../shell/run-script.ts";
import type { ConnectionHost } from "./channel-sink.ts";
import { channelSink } from "./channel-sink.ts";
import { serveInteractiveShell } from "./interactive.ts";

export function serveChannels(client: Connection, host: ConnectionHost): void {
  let open = 0;
  client.on("session", (accept, reject) => {
    if (open >= host.maxSessions) return reject();
    open += 1;
    host.onChannel();
    const session = accept();
    session.on("close", () => {
      open -= 1;
    });
    return serveSession(session, host);
  });
}

function serveSession(session: Session, host: ConnectionHost): void {
  let hasTerminal = false;
  session.on("pty", (accept) => {
    hasTerminal = true;
    accept?.();
  });
  session.on("env", (accept) => accept?.());
  session.on("window-change", (accept) => accept?.());
  session.on("exec", (accept, _reject, { command }) => void serveExec(accept(), command, host));
  session.on("shell", (accept) => {
    const channel = accept();
    if (hasTerminal) serveInteractiveShell(channel, host);
    else void serveExec(channel, "sh -s", host);
  });
}

async function serveExec(channel: ServerChannel, command: string, host: ConnectionHost): Promise<void> {
  const sink = channelSink(channel, host);
  if (sink === "hangs") return;
  const fromStdin = /^(\/bin\/)?(a?sh)( -s)?\s*$/.test(command.trim());
  const stdin = readsStdin(command) ? await readAll(channel) : "";
  const text = fromStdin ? stdin : command;
  const run = {
    world: host.world,
    commands: host.commands,
    sink,
    stdin: fromStdin ? "" : stdin,
    context: freshContext,
  };
  const { exitCode } = await runScript(text, run);
  sink.end(exitCode);
}

/** A person's terminal never ends its stdin, so only commands that read it wait for its end. */
function readsStdin(command: string): boolean {
  return /(^|[;&|({]\s*)(\/bin\/)?(a?sh(\s+-s\b|\s*$)|cat\s*(>|$|-\s*$)|read\b|tee\b|dd\b)/.test(command.trim());
}

async function readAll(channel: ServerChannel): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of channel) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}
