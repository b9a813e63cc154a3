/** `graphql-codegen`: the types and operations of the web client, from schema.graphql and the .graphql files beside its code. */
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: "client/**/*.graphql",
  generates: {
    "client/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        // As text: a tenth of the size of a syntax tree, and the client sends text anyway.
        documentMode: "string",
        pureMagicComment: true,
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars: { DateTime: "string", ByteSize: "number" },
        immutableTypes: true,
        importExtension: ".ts",
      },
    },
  },
};

export default config;
