/** The door to the public API: queries and mutations over HTTP, subscriptions over one WebSocket. */
import { Client, type CombinedError, fetchExchange, type OperationResult, subscriptionExchange } from "@urql/core";
import type { TypedDocumentString } from "../gql/graphql.ts";
import { ApiFailure, toFailure } from "./failure.ts";
import { createSessionDoor, type SessionDoor } from "./session.ts";
import { createSocket, type SocketEvent } from "./socket.ts";

/** What happens on the line besides answers. An answer over HTTP may tell of `signedOut` too. */
export type LineEvent = SocketEvent;

export interface Sink<Data> {
  readonly next: (data: Data) => void;
  /** The stream is over, whatever the cause; `reason` is for people. */
  readonly ended: (reason: string) => void;
}

export interface Api {
  /** @throws ApiFailure */
  query<Data, Variables extends object>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<Data>;
  /** @throws ApiFailure. What is expected to go wrong is in `userErrors` of the payload. */
  mutate<Data, Variables extends object>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<Data>;
  /** Returns what ends it, after which nothing is told any more. */
  subscribe<Data, Variables extends object>(operation: Operation<Data, Variables>, sink: Sink<Data>): () => void;
  /** Returns what ends the listening. */
  listen(listener: (event: LineEvent) => void): () => void;
  /** Ends the WebSocket and all streams on it, at once. */
  hangUp(): void;
  /** Who is asking. */
  readonly session: SessionDoor;
}

export interface Operation<Data, Variables> {
  readonly document: TypedDocumentString<Data, Variables>;
  readonly variables: Variables;
}

/** `url`: where the API is, such as `http://127.0.0.1:4000/graphql`. */
export function createApi(url: string): Api {
  const listeners = new Set<(event: LineEvent) => void>();
  const tell = (event: LineEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const socket = createSocket(url.replace(/^http/, "ws"), tell);
  const client = new Client({
    url,
    preferGetMethod: false,
    requestPolicy: "network-only",
    fetchOptions: { credentials: "same-origin" },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as never) }),
        }),
      }),
    ],
  });

  function failureOf(error: CombinedError): ApiFailure {
    const failure = toFailure(error);
    if (failure.code === "UNAUTHENTICATED") tell("signedOut");
    return failure;
  }

  function dataOf<Data>({ data, error }: OperationResult<Data>): Data {
    if (error) throw failureOf(error);
    if (data === undefined) throw new ApiFailure("The server answered without data.");
    return data;
  }

  return {
    async query<Data, Variables extends object>(document: TypedDocumentString<Data, Variables>, variables: Variables) {
      return dataOf(await client.query<Data>(document.toString(), variables).toPromise());
    },
    async mutate<Data, Variables extends object>(document: TypedDocumentString<Data, Variables>, variables: Variables) {
      return dataOf(await client.mutation<Data>(document.toString(), variables).toPromise());
    },
    subscribe<Data, Variables extends object>({ document, variables }: Operation<Data, Variables>, sink: Sink<Data>) {
      let isOver = false;
      function end(reason: string): void {
        if (isOver) return;
        isOver = true;
        sink.ended(reason);
      }
      const stream = client.subscription<Data>(document.toString(), variables).subscribe(({ data, error, hasNext }) => {
        if (isOver) return;
        if (error) end(failureOf(error).message);
        else if (data) sink.next(data);
        if (!hasNext) end("The server has ended the stream.");
      });
      return () => {
        isOver = true;
        stream.unsubscribe();
      };
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hangUp: () => socket.terminate(),
    session: createSessionDoor(new URL("/session", url).href, () => tell("signedOut")),
  };
}
