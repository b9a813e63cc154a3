/** The web client: built to client/dist, which the server serves; in development served from here, with the API of ECOMAN_URL. */
import type { ClientRequest } from "node:http";
import { defineConfig, type ProxyOptions } from "vite";
import solid from "vite-plugin-solid";

const target = process.env["ECOMAN_URL"] ?? "http://127.0.0.1:4000";

/** The API checks Host and Origin: to it we are a client of its own. */
const api: ProxyOptions = {
  target,
  changeOrigin: true,
  ws: true,
  configure(proxy) {
    const asOwn = (request: ClientRequest): void => {
      if (request.hasHeader("origin")) request.setHeader("origin", target);
    };
    proxy.on("proxyReq", asOwn);
    proxy.on("proxyReqWs", asOwn);
  },
};

export default defineConfig({
  root: "client",
  plugins: [solid()],
  server: { host: "127.0.0.1", proxy: { "/graphql": api, "/session": api, "/schema.graphql": api } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome123", "firefox124", "safari17.5"],
    // Nothing inline, so that the server's content security policy can forbid it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
