// A language model's server that takes its time: answers every question about the warranty rightly,
// two and a half seconds later. Prints its port once it listens.

import { createServer } from "node:http";

const THINKING_MS = 2500;
const content = JSON.stringify({
  answer: "¡Claro! Según Kavak, cada auto incluye garantía de 3 meses.",
  passages: ["garantia/basica"],
  answerable: true,
});
const body = JSON.stringify({
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
  usage: { prompt_tokens: 900, completion_tokens: 40 },
});

const server = createServer((request, response) => {
  request.resume();
  setTimeout(() => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(body);
  }, THINKING_MS);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
