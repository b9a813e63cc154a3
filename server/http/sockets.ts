/** GraphQL over WebSocket (graphql-transport-ws): the engine's verdicts, with limits of its own per socket. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type ExecutionArgs, GraphQLError } from "graphql";
import { type Context, handleProtocols, makeServer, type SubscribePayload } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Access } from "../auth/access.ts";
import type { Viewer } from "../auth/viewer.ts";
import { cutWhenSignedOut } from "./cut-when-signed-out.ts";
import type { Engine } from "./graphql-engine.ts";
import { formatted, formattedResult, limitExceeded } from "./graphql-error.ts";
import type { Limits } from "./limits.ts";
import { sessionTextIn } from "./session-cookie.ts";
import { cutStuckReader } from "./slow-reader.ts";

export interface SocketsOptions {
  readonly engine: Engine;
  readonly access: Access;
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
const sessionOver = "The session is over: sign in again.";

interface Peer {
  /** Who it is now, by the cookie of the upgrade and by what was given as `connectionParams.authorization`. */
  readonly whoIs: (authorization: unknown) => Viewer | undefined;
  /** When the viewer's session is over, so is the socket. */
  readonly endWith: (viewer: Viewer) => void;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { limits, access } = options;
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
      createPeer(socket, request),
    );
    socket.once("close", (code, reason) => void closed(code, String(reason)));
    // What broke the line is told by the close that follows.
    socket.on("error", () => undefined);
  }

  function createPeer(socket: WebSocket, request: IncomingMessage): Peer {
    const session = sessionTextIn(request);
    const address = request.socket.remoteAddress;
    const close = (): void => socket.close(unauthorized, sessionOver);
    const cut = (): void => socket.terminate();
    return {
      whoIs: (authorization) => access.authenticate({ authorization, session, address }),
      endWith: (viewer) => socket.once("close", cutWhenSignedOut(access.whenSignedOut, { viewer, close, cut })),
    };
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

function createProtocol({ engine, limits, publicError }: SocketsOptions) {
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

  function whoIs({ extra, connectionParams }: Context<Record<string, unknown>, Peer>): Viewer | undefined {
    return extra.whoIs(connectionParams?.["authorization"]);
  }

  return makeServer<Record<string, unknown>, Peer>({
    connectionInitWaitTimeout: limits.connectionInitMs,
    // Without a viewer the socket is closed with 4403.
    onConnect(context) {
      const viewer = whoIs(context);
      if (viewer === undefined) return false;
      context.extra.endWith(viewer);
      return true;
    },
    async onSubscribe(context, _id, params) {
      // Asked again, because a socket that was told to close may still send.
      const viewer = whoIs(context);
      if (viewer === undefined) return [new GraphQLError(sessionOver, { extensions: { code: "UNAUTHENTICATED" } })];
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
