// The page as a customer meets it: asks for a Versa, taps, loses the network, comes back.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";

const { BASE_URL, BINARY, CHROMIUM, PROFILE, ROOT, SAVED, SHOTS } = process.env;
const NARROW = { width: 360, height: 720 };
const WIDE = { width: 1440, height: 900 };
// The complaints that tests of a lost network, and of a talk that is none yet, must cause.
const EXPECTED_ERRORS = /ERR_FAILED|ERR_INTERNET_DISCONNECTED|404 \(Not Found\)/;
const RECORDING_MS = 60000;

const context = await chromium.launchPersistentContext(PROFILE, {
  executablePath: CHROMIUM,
  viewport: NARROW,
  locale: "es-MX",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(15000);

const complaints = [];
const strangers = [];
page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
context.on("request", (request) => {
  const { origin, protocol } = new URL(request.url());
  if (protocol !== "data:" && origin !== new URL(BASE_URL).origin) strangers.push(request.url());
});

const bot = page.locator(".bubble.bot:not(.typing)");
const mine = page.locator(".bubble.me");
const chips = page.locator("#chips button");
const text = page.getByLabel("Tu mensaje");
const record = page.getByRole("button", { name: "Guardar como prueba" });

async function answers(count) {
  await page.waitForFunction(
    (count) => document.querySelectorAll(".bubble.bot:not(.typing)").length >= count
      && !document.querySelector(".typing"), count);
}

async function send(message) {
  await text.fill(message);
  await text.press("Enter");
}

async function shoot(name) {
  await page.waitForTimeout(300);
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

async function fits(where) {
  const { inner, whole } = await page.evaluate(() =>
    ({ inner: innerWidth, whole: document.documentElement.scrollWidth }));
  assert.ok(whole <= inner, `${where}: ${whole} px wide in a window of ${inner}`);
  for (const part of [text, page.getByRole("button", { name: "Enviar" })]) {
    const box = await part.boundingBox();
    const { width, height } = page.viewportSize();
    assert.ok(box.x >= 0 && box.x + box.width <= width, `${where}: cut off at the side`);
    assert.ok(box.y >= 0 && box.y + box.height <= height, `${where}: cut off at the foot`);
  }
}

const checks = {
  async "opening the page takes no turn"() {
    await page.goto(BASE_URL);
    assert.equal(await bot.count(), 0);
    assert.deepEqual(await context.cookies(), []);
    assert.equal(await chips.first().textContent(), "Hola");
    assert.ok(await page.getByText("Demostración independiente de Kavak").isVisible());
    await fits("narrow, empty");
    await shoot("1-narrow-empty");
  },

  async "where nothing was said there is nothing to record"() {
    await record.click();
    await page.getByText("Todavía no hay nada que guardar").waitFor();
    assert.deepEqual(await context.cookies(), []);
  },

  async "a message gets an answer with chips"() {
    await send("busco un Versa");
    await answers(1);
    assert.match(await mine.first().textContent(), /busco un Versa/);
    assert.match(await bot.first().textContent(), /\S/);
    assert.ok((await chips.count()) > 0, "the answer offers choices");
    await fits("narrow, answered");
    await shoot("2-narrow-results");
  },

  async "a tap shows the chip's title and gets the next answer"() {
    const before = await bot.count();
    const title = await chips.first().textContent();
    await chips.first().click();
    await answers(before + 1);
    assert.ok((await mine.last().textContent()).includes(title));
    await shoot("3-narrow-tapped");
  },

  async "markup is text"() {
    const before = await bot.count();
    await send("<img src=x onerror=alert(1)> <b>hola</b>");
    await answers(before + 1);
    assert.equal(await page.locator("#log img, #log b").count(), 0);
    assert.ok((await mine.last().textContent()).includes("<b>hola</b>"));
  },

  async "the talk becomes a transcript that passes"() {
    await record.click();
    const links = page.locator(".note a");
    await links.first().waitFor({ timeout: RECORDING_MS });
    await fits("narrow, recorded");
    await shoot("3b-narrow-recorded");
    await mkdir(SAVED);
    for (const link of await links.all()) {
      const [saved] = await Promise.all([page.waitForEvent("download"), link.click()]);
      await saved.saveAs(path.join(SAVED, saved.suggestedFilename()));
    }
    const names = (await readdir(SAVED)).sort();
    assert.deepEqual(names.map((name) => path.extname(name)), [".chat", ".csv"]);
    const transcript = path.join(SAVED, names[0]);
    assert.match(await readFile(transcript, "utf8"), /^> busco un Versa$/m);
    const run = spawnSync(BINARY, ["test", transcript], { cwd: ROOT, encoding: "utf8" });
    assert.equal(run.status, 0, run.stdout + run.stderr);
    assert.match(run.stdout, /1 passed/);
  },

  async "a lost network is told, and the same message goes again"() {
    const ids = [];
    page.on("request", (request) =>
      request.method() === "POST" && ids.push(request.postDataJSON().message_id));
    const before = await bot.count();
    await page.route("**/page/message", (route) => route.abort());
    await send("hola");
    const retry = page.getByRole("button", { name: "Reintentar" });
    await retry.waitFor();
    await shoot("4-narrow-offline");
    await page.unroute("**/page/message");
    await retry.click();
    await answers(before + 1);
    assert.equal(await retry.count(), 0);
    assert.equal(ids.length, 2);
    assert.equal(ids[0], ids[1]);
  },

  async "an answer that takes a while is told to be looked up"() {
    const before = await bot.count();
    await send("¿qué garantía tienen los autos?");
    const looking = page.getByText("Buscando la respuesta…");
    await page.locator(".typing").waitFor();
    assert.ok(!(await looking.isVisible()), "not at once: most answers come at once");
    await looking.waitFor();
    await fits("narrow, looking up");
    await shoot("5-narrow-looking-up");
    await answers(before + 1);
    assert.match(await bot.last().textContent(), /garantía de 3 meses/);
    assert.equal(await looking.count(), 0);
  },

  async "a reload shows the talk again"() {
    const [said, offered] = [await bot.allTextContents(), await chips.allTextContents()];
    await page.reload();
    assert.deepEqual(await bot.allTextContents(), said);
    assert.deepEqual(await chips.allTextContents(), offered);
  },

  async "it fills a wide window, in the light and in the dark"() {
    await page.setViewportSize(WIDE);
    await fits("wide");
    await shoot("6-wide");
    await page.emulateMedia({ colorScheme: "dark" });
    await shoot("7-wide-dark");
    await page.setViewportSize(NARROW);
    await fits("narrow, dark");
    await shoot("8-narrow-dark");
  },

  async "a keyboard that takes half of the screen leaves the end in sight"() {
    await page.setViewportSize({ width: NARROW.width, height: NARROW.height / 2 });
    await page.waitForFunction(() => {
      const scroll = document.getElementById("scroll");
      return scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop < 2;
    });
    await fits("narrow, with a keyboard");
    await page.setViewportSize(NARROW);
  },

  async "everything can be reached from the keyboard"() {
    await text.focus();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "Enviar");
    const nameless = await page.locator("button, textarea").evaluateAll((parts) =>
      parts.filter((part) => !(part.ariaLabel || part.textContent.trim() || part.labels?.length)));
    assert.equal(nameless.length, 0);
  },

  async "starting over clears the screen"() {
    await page.getByRole("button", { name: "Empezar de nuevo" }).first().click();
    await answers(1);
    assert.equal(await mine.count(), 1);
    assert.equal(await bot.count(), 1);
  },

  async "nothing was complained of and nobody else was asked"() {
    assert.deepEqual(complaints.filter((line) => !EXPECTED_ERRORS.test(line)), []);
    assert.deepEqual(strangers, []);
  },
};

try {
  for (const [name, check] of Object.entries(checks)) {
    await check();
    console.log(`ok   ${name}`);
  }
} catch (error) {
  await shoot("failed");
  console.error(error);
  process.exitCode = 1;
} finally {
  await context.close();
}
