/** A shell for people: banner, prompt, and a line editor that knows backspace, Ctrl-C, Ctrl-D. One line at a time is run. */
import type { ServerChannel } from "ssh2";
import type { ShellContext } from "../shell/process-commands.ts";
import { freshContext, runScript } from "../shell/run-script.ts";
import type { Sink } from "../shell/sink.ts";
import type { ConnectionHost } from "./channel-sink.ts";
import { channelSink } from "./channel-sink.ts";

const banner = `The time and date of this login have been sent to the system logs.

WARNING: this is not an ESXi host but ECoMan's simulator of one.
   Nothing you do here touches a real machine.

`;

export function serveInteractiveShell(channel: ServerChannel, host: ConnectionHost): void {
  const plain = channelSink(channel, host);
  if (plain === "hangs") return;
  const sink = toTerminal(plain);
  const say = (text: string): void => void sink.write("stdout", Buffer.from(text));
  const prompt = (): void => say(`[root@${host.name}:~] `);
  let context: ShellContext = freshContext;
  let functions = "";
  let work: Promise<void> = Promise.resolve();

  const runLine = async (line: string): Promise<void> => {
    if (/^\s*(exit|logout)\b/.test(line)) return leave();
    const run = { world: host.world, commands: host.commands, sink, stdin: "", context };
    const { env } = await runScript(functions + line, run);
    context = { env, cwd: env.PWD ?? "/" };
    if (/^\s*\w+\s*\(\)/.test(line)) functions += `${line}\n`;
    prompt();
  };
  const leave = (): void => sink.end(0);
  const edit = createLineEditor({
    echo: (text) => void plain.write("stdout", Buffer.from(text)),
    line: (line) => {
      work = work.then(() => runLine(line));
    },
    interrupt: prompt,
    end: leave,
  });
  say(banner);
  prompt();
  channel.on("data", (data: Buffer) => edit(data.toString("utf8")));
}

/** A terminal wants CR LF, and has one stream only. */
function toTerminal(sink: Sink): Sink {
  const crlf = (bytes: Buffer): Buffer => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
  return { ...sink, write: (_stream, bytes) => sink.write("stdout", crlf(bytes)) };
}

interface LineEvents {
  readonly echo: (text: string) => void;
  readonly line: (line: string) => void;
  readonly interrupt: () => void;
  readonly end: () => void;
}

function createLineEditor(events: LineEvents): (typed: string) => void {
  let buffer = "";
  const press = (key: string): void => {
    if (key === "\r" || key === "\n") {
      events.echo("\r\n");
      const line = buffer;
      buffer = "";
      events.line(line);
    } else if (key === "\u007f" || key === "\b") {
      if (buffer !== "") events.echo("\b \b");
      buffer = buffer.slice(0, -1);
    } else if (key === "\u0003") {
      buffer = "";
      events.echo("^C\r\n");
      events.interrupt();
    } else if (key === "\u0004" && buffer === "") {
      events.end();
    } else if (key >= " ") {
      buffer += key;
      events.echo(key);
    }
  };
  return (typed) => {
    for (const key of typed) press(key);
  };
}
