/** GraphQL over WebSocket (graphql-transport-ws): the engine's verdicts, with limits of its own per socket. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type ExecutionArgs, GraphQLError } from "graphql";
import { type Context, handleProtocols, makeServer, type SubscribePayload } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Authenticate } from "../auth/authenticate.ts";
import type { Viewer } from "../auth/viewer.ts";
import { cutWhenSignedOut, type WhenSignedOut } from "../auth/when-signed-out.ts";
import type { Engine } from "./graphql-engine.ts";
import { formatted, formattedResult, limitExceeded } from "./graphql-error.ts";
import type { Limits } from "./limits.ts";
import { sessionTextIn } from "./session-cookie.ts";
import { cutStuckReader } from "./slow-reader.ts";

export interface SocketsOptions {
  readonly engine: Engine;
  readonly authenticate: Authenticate;
  readonly whenSignedOut: WhenSignedOut;
  readonly limits: Limits;
  readonly publicError: (thrown: unknown) => GraphQLError;
}

export interface Sockets {
  /** Takes an upgrade request whose sender was found to be in order. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client to come again elsewhere or later. */
  sayGoodbye(): void;
  terminate(): void;
}

const goingAway = 1001;
/** Clients of graphql-transport-ws don't try again after this. */
const unauthorized = 4401;

interface Peer {
  /** Of the cookie that the upgrade carried. */
  readonly session: string | undefined;
  /** Who it is by what was presented, as of now. */
  whoIs?: () => Viewer | undefined;
  /** The viewer's rights end: so does the socket. */
  readonly endWith: (viewer: Viewer) => void;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { limits, whenSignedOut } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.requestBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => handleProtocols(offered),
  });
  const protocol = createProtocol(options);

  function attach(socket: WebSocket, request: IncomingMessage): void {
    keepAlive(socket, limits.pingMs);
    socket.once("close", cutStuckReader(request.socket, limits.stuckReaderMs));
    const dropFlooded = (): void => {
      // A farewell would wait in the same line as all that is not read.
      if (socket.bufferedAmount > limits.bufferedBytes) socket.terminate();
    };
    // Pongs gather as well as answers when somebody asks and never reads.
    socket.on("ping", dropFlooded);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) =>
          new Promise((resolve) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            // Resolves when the text has left for the kernel: until then the subscription is not asked for more.
            socket.send(text, () => resolve());
            dropFlooded();
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => {
          socket.on("message", (data) => {
            take((data as Buffer).toString()).catch((error: unknown) => {
              options.publicError(error);
              socket.close(1011, "Unexpected error");
            });
          });
        },
      },
      {
        session: sessionTextIn(request),
        endWith(viewer) {
          const close = (): void => socket.close(unauthorized, "The session is over: sign in again");
          socket.once("close", cutWhenSignedOut(whenSignedOut, viewer, { close, cut: () => socket.terminate() }));
        },
      },
    );
    socket.once("close", (code, reason) => void closed(code, String(reason)));
    // What broke the line is told by the close that follows.
    socket.on("error", () => undefined);
  }

  return {
    accept: (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (accepted) => attach(accepted, request)),
    sayGoodbye() {
      for (const socket of sockets.clients) socket.close(goingAway, "The server is shutting down");
    },
    terminate() {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

function createProtocol({ engine, authenticate, limits, publicError }: SocketsOptions) {
  async function prepare(viewer: Viewer, params: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { schema, execute, subscribe, contextFactory, parse, validate } = engine.getEnveloped({ viewer, params });
    try {
      const document = parse(params.query);
      const errors = validate(schema, document);
      if (errors.length > 0) return errors;
      return {
        schema,
        document,
        operationName: params.operationName,
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
    } catch (error) {
      return [publicError(error)];
    }
  }

  return makeServer<Record<string, unknown>, Peer>({
    connectionInitWaitTimeout: limits.connectionInitMs,
    // Without a viewer the socket is closed with 4403.
    onConnect(context) {
      const { session, endWith } = context.extra;
      const whoIs = () => authenticate({ authorization: context.connectionParams?.["authorization"], session });
      const viewer = whoIs();
      if (viewer === undefined) return false;
      context.extra.whoIs = whoIs;
      endWith(viewer);
      return true;
    },
    async onSubscribe(context: Context<Record<string, unknown>, Peer>, _id, params) {
      const viewer = context.extra.whoIs?.();
      if (viewer === undefined) return [new GraphQLError("The session is over: sign in again.")];
      if (Object.keys(context.subscriptions).length > limits.operationsPerSocket) {
        return [limitExceeded(`At most ${limits.operationsPerSocket} operations at once on one socket.`)];
      }
      return prepare(viewer, params);
    },
    execute: (args) => (args.rootValue as ReturnType<Engine["getEnveloped"]>).execute(args),
    subscribe: (args) => (args.rootValue as ReturnType<Engine["getEnveloped"]>).subscribe(args),
    onNext: (...[, , , , result]) => formattedResult(result),
    onError: (...[, , , errors]) => errors.map((error) => formatted(publicError(error))),
  });
}

/** Pings, and ends a connection from which nothing was heard since the last but one. Ends with the socket. */
function keepAlive(socket: WebSocket, pingMs: number): void {
  let heard = true;
  const hear = (): void => {
    heard = true;
  };
  socket.on("pong", hear);
  socket.on("message", hear);
  const timer = setInterval(() => {
    // A slow reader's pong comes late: he is judged by what he takes.
    if (!heard && socket.bufferedAmount === 0) return socket.terminate();
    heard = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, pingMs);
  socket.once("close", () => clearInterval(timer));
}
