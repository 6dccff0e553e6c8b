// better-sse as its documentation shows it: a channel for each topic, Node's own server around it.
import { createServer } from "node:http";
import { createChannel, createSession } from "better-sse";

const channels = new Map();
const channel = (topic) => {
  let found = channels.get(topic);
  if (!found) channels.set(topic, (found = createChannel()));
  return found;
};
const text = { serializer: (data) => data };
const ids = new Map();

const server = createServer(async (request, response) => {
  const [, action, topic] = request.url.split("/");
  if (action === "sub") {
    channel(topic).register(await createSession(request, response, text));
    return;
  }
  let body = "";
  request.setEncoding("utf8");
  for await (const part of request) body += part;
  const id = (ids.get(topic) ?? 0) + 1;
  ids.set(topic, id);
  channel(topic).broadcast(body, "message", { eventId: String(id) });
  response.writeHead(204).end();
});
server.maxRequestsPerSocket = 0;
server.listen(Number(process.argv[2]), "127.0.0.1", 8192);
