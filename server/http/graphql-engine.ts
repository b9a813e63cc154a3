/** Yoga with our limits and our errors: one engine for HTTP, SSE and WebSocket. */
import { useCSRFPrevention } from "@graphql-yoga/plugin-csrf-prevention";
import {
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  subscribe,
  validate,
} from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import type { WhenSignedOut } from "../auth/access.ts";
import type { Viewer } from "../auth/viewer.ts";
import type { Context } from "../schema/index.ts";
import { createDocumentCache } from "./document-cache.ts";
import { costOf } from "./document-cost.ts";
import { parseWithin, shapeFault } from "./document-limits.ts";
import { limitExceeded, statusOf } from "./graphql-error.ts";
import type { Limits } from "./limits.ts";
import type { Streams } from "./streams.ts";

export const graphqlPath = "/graphql";

export interface EngineOptions {
  readonly schema: GraphQLSchema;
  readonly context: (viewer: Viewer) => Context;
  readonly whenSignedOut: WhenSignedOut;
  readonly limits: Limits;
  readonly streams: Streams;
  readonly publicError: (thrown: unknown) => GraphQLError;
}

/** What whoever hands a request to the engine found out about it. */
export interface Arrival extends Record<string, unknown> {
  readonly viewer: Viewer;
}

export type Engine = ReturnType<typeof createEngine>;

export function createEngine(options: EngineOptions) {
  return createYoga<Arrival, Context>({
    schema: options.schema,
    context: ({ viewer }) => options.context(viewer),
    graphqlEndpoint: graphqlPath,
    logging: false,
    landingPage: false,
    graphiql: false,
    cors: false,
    multipart: false,
    batching: false,
    maxRequestBodySize: options.limits.requestBytes,
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    maskedErrors: { maskError: (error) => options.publicError(error) },
    plugins: [
      useCSRFPrevention(),
      useDocumentLimits(options.limits),
      useExecutor(options.limits),
      useTrackedStreams(options),
      useHonestStatus(),
    ],
  });
}

/** The limits come before the rules of GraphQL, so that no rule ever sees a hostile document. */
function useDocumentLimits(limits: Limits): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source) => parseWithin(limits, String(source)));
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document, rules) => {
        const fault = shapeFault(limits, document);
        return fault === undefined ? validate(schema, document, rules) : [fault];
      });
    },
  };
}

/** GraphQL's own executor, faster than Yoga's; it sees no operation that asks for too much. */
function useExecutor(limits: Limits): Plugin {
  const fault = (args: ExecutionArgs): GraphQLError | undefined => costFault(limits, args);
  return {
    onExecute({ args, setExecuteFn, setResultAndStopExecution }) {
      const tooMuch = fault(args);
      if (tooMuch !== undefined) return setResultAndStopExecution({ errors: [tooMuch] });
      setExecuteFn((given) => execute({ ...given, abortSignal: args.contextValue.request?.signal }));
    },
    onSubscribe({ args, setSubscribeFn, setResultAndStopExecution }) {
      const refused = streamFault(args.contextValue.request) ?? fault(args);
      if (refused !== undefined) return setResultAndStopExecution({ errors: [refused] });
      setSubscribeFn(subscribe);
    },
  };
}

/** On HTTP a subscription needs a reader of events, or it would run for nobody. A WebSocket has no request here. */
function streamFault(request: Request | undefined): GraphQLError | undefined {
  if (request === undefined || request.headers.get("accept")?.includes("text/event-stream")) return undefined;
  return new GraphQLError("Ask for a subscription with `accept: text/event-stream`, or by WebSocket.", {
    extensions: { code: "INVALID_INPUT", http: { status: 406 } },
  });
}

function costFault(limits: Limits, args: ExecutionArgs): GraphQLError | undefined {
  const { schema, document, variableValues } = args;
  const operation = getOperationAST(document, args.operationName);
  // None of that name: execution says so.
  if (!operation) return undefined;
  const cost = costOf({ schema, document, operation, variables: variableValues ?? {} });
  if (cost <= limits.cost) return undefined;
  return limitExceeded(
    `The operation may ask for ${cost} values; at most ${limits.cost} are allowed. Ask for smaller pages or fewer fields.`,
  );
}

function useTrackedStreams({ streams, whenSignedOut }: EngineOptions): Plugin<Arrival> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!(Symbol.asyncIterator in result)) return;
        setResult(streams.track(result, (end) => whenSignedOut(args.contextValue.viewer, end)));
      },
    }),
  };
}

/** An answer of nothing but errors gets their status (`application/json` keeps 200, as GraphQL over HTTP has it). */
function useHonestStatus(): Plugin {
  return {
    onExecutionResult({ result }) {
      if (result === undefined || Symbol.asyncIterator in result) return;
      if ((result.data !== undefined && result.data !== null) || result.errors === undefined) return;
      for (const error of result.errors) {
        error.extensions["http"] ??= { spec: true, status: statusOf([error]) };
      }
    },
  };
}
