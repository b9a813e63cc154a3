import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { readExamples } from "./examples.ts";
import { startServer } from "./testing.ts";

test("GraphiQL comes whole, opens with the documented operations, and its policy lets it load nothing from elsewhere", async () => {
  await using server = await startServer();
  const response = await fetch(`${server.origin}/graphql`, { headers: { accept: "text/html,*/*" } });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-encoding")).toBe("gzip");
  const page = await response.text();

  const start = page.indexOf("<script>") + "<script>".length;
  const end = page.lastIndexOf("</script>");
  const script = page.slice(start, end);
  expect(script).not.toContain("</script>");
  // What the browser would fetch by itself must all be in the page.
  const markup = page.slice(0, start) + page.slice(end);
  expect(markup.match(/(?:src|href)="(?!data:)[^"]*"/g)).toBeNull();
  expect(markup.match(/url\((?!["']?data:)[^)]*\)|@import/g)).toBeNull();

  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toContain(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}' blob:`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/https?:|unsafe-eval/);
  for (const { query } of readExamples().slice(0, 10)) expect(page).toContain(JSON.stringify(query));
});

test("without gzip it comes as it is", async () => {
  await using server = await startServer();
  const headers = { accept: "text/html", "accept-encoding": "identity" };
  const response = await fetch(`${server.origin}/graphql`, { headers });
  expect(response.headers.get("content-encoding")).toBeNull();
  expect(await response.text()).toContain("<title>ECoMan</title>");
});
