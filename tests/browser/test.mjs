// Opens pages of the report in a real browser and tries what a reader would do: node test.mjs FOLDER-OF-PAGES
//
// A page that is named `hostile.html` is of hostile.yaml; one that is named `folder.html` is of several plans; `brief-*.html` are
// briefs, which have no script and nothing to sort.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { withBrowser } from "./browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 360, height: 740 };
const TABLET = { width: 800, height: 1000 };
// What an A4 sheet leaves between its margins.
const SHEET = { width: 680, height: 960 };
const DESK = { width: 1440, height: 900 };

const folder = resolve(process.argv[2]);
const pages = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
let passed = 0;
let failed = 0;

async function check(name, run) {
  const complaints = [];
  try {
    await run((complaint) => complaints.push(complaint));
  } catch (error) {
    complaints.push(String(error?.stack ?? error));
  }
  if (complaints.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED ${name}`);
  for (const complaint of complaints.slice(0, 12)) console.log(`  ${complaint}`);
  if (complaints.length > 12) console.log(`  … and ${complaints.length - 12} more`);
}

/** Opens a page, runs something with it, and complains of whatever it does besides being read. */
async function open(browser, page, look, complain, run, fragment = "") {
  const context = await browser.newContext(look);
  try {
    const tab = await context.newPage();
    const address = pathToFileURL(join(folder, page)).href;
    tab.on("console", (message) => complain(`console ${message.type()}: ${message.text()}`));
    tab.on("pageerror", (error) => complain(`error in the page: ${error}`));
    tab.on("dialog", (dialog) => { complain(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
    tab.on("popup", () => complain("a window was opened"));
    tab.on("download", () => complain("something was downloaded"));
    context.on("request", (request) => {
      if (request.url().split("#")[0] !== address) complain(`request: ${request.url()}`);
    });
    await tab.goto(address + fragment);
    await run(tab);
    await tab.waitForTimeout(20);
  } finally {
    await context.close();
  }
}

/** Texts that are cut, or that stand outside of the page; regions that are made to scroll are left out. */
function cutTexts() {
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
  const found = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  const skipped = ".scroll, .sr, .skip, svg, style, script, title";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest(skipped) || !element.checkVisibility()) continue;
    if (element.closest(".cards:not(.sorts) thead")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.left < -0.5 || box.right > root.clientWidth + 0.5) found.push(`outside of the page: ${node.textContent.slice(0, 60)}`);
    }
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      const cutsX = style.overflowX !== "visible" && around.scrollWidth > around.clientWidth + 1;
      const cutsY = style.overflowY !== "visible" && around.scrollHeight > around.clientHeight + 1;
      if (cutsX || cutsY) { found.push(`cut in ${around.tagName}.${around.className}: ${node.textContent.slice(0, 60)}`); break; }
    }
  }
  // In the map each name stays in its box.
  for (const node of document.querySelectorAll(".map .node")) {
    const box = node.querySelector("rect").getBBox();
    for (const text of node.querySelectorAll("text")) {
      const own = text.getBBox();
      if (own.x < box.x || own.x + own.width > box.x + box.width) found.push(`outside of its box: ${text.textContent}`);
    }
  }
  // What scrolls can be reached and is named.
  for (const region of document.querySelectorAll(".scroll")) {
    if (region.tabIndex !== 0 || !region.getAttribute("aria-label")) found.push("a region that scrolls and cannot be reached");
  }
  return [...new Set(found)];
}

await withBrowser(async (browser) => {
  for (const page of pages) {
    for (const [size, viewport] of Object.entries({ 360: PHONE, 800: TABLET, 1440: DESK })) {
      await check(`${page}: no text is cut at ${size} pixels, nothing is fetched, the console is silent`, (complain) =>
        open(browser, page, { viewport }, complain, async (tab) => {
          (await tab.evaluate(cutTexts)).forEach(complain);
        }));
    }

    for (const [colorScheme, viewport] of [["light", PHONE], ["dark", DESK]]) {
        await check(`${page}: passes axe, ${colorScheme}, at ${viewport.width} pixels`, (complain) =>
          open(browser, page, { viewport, colorScheme }, complain, async (tab) => {
            const body = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
            if ((body === "rgb(255, 255, 255)") !== (colorScheme === "light")) complain(`${colorScheme}, and the page is ${body}`);
            await tab.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
            await tab.evaluate(AXE);
            const result = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
            for (const violation of result.violations) {
              complain(`${violation.impact} ${violation.id}: ${violation.help}: ${violation.nodes[0].html.slice(0, 160)} ${violation.nodes[0].failureSummary ?? ""}`);
            }
          }));
    }

    const sorts = !page.startsWith("brief-");
    if (sorts) await check(`${page}: sorts by keyboard`, (complain) =>
      open(browser, page, { viewport: DESK }, complain, async (tab) => {
        const tables = await tab.locator("table.sortable").count();
        if (tables === 0) return complain("no table can be sorted");
        const focused = () => tab.evaluate(() => document.activeElement?.textContent.trim());
        const wanted = page === "folder.html" ? "Plan" : "KPI";
        for (let presses = 0; (await focused()) !== wanted; presses += 1) {
          if (presses > 80) return complain(`the header ${wanted} is never reached by Tab`);
          await tab.keyboard.press("Tab");
        }
        const state = () => tab.evaluate(() => {
          const header = document.activeElement.closest("th");
          const table = header.closest("table");
          const sorted = table.querySelectorAll("[aria-sort]").length;
          const rows = [...table.tBodies[0].rows].map((row) => row.cells[header.cellIndex].textContent.trim());
          return { sort: header.getAttribute("aria-sort"), sorted, rows };
        });
        const inOrder = (rows, sign) => rows.every((row, at) => at === 0
          || sign * rows[at - 1].localeCompare(row, undefined, { numeric: true, sensitivity: "base" }) <= 0);
        const before = await state();
        await tab.keyboard.press("Enter");
        const up = await state();
        if (up.sort !== "ascending" || up.sorted !== 1) complain(`after Enter: aria-sort ${up.sort}, on ${up.sorted} headers`);
        if (!inOrder(up.rows, 1)) complain(`not in order: ${up.rows.join(" | ")}`);
        await tab.keyboard.press("Space");
        const down = await state();
        if (down.sort !== "descending" || !inOrder(down.rows, -1)) complain(`not reversed by Space: ${down.rows.join(" | ")}`);
        if ([...before.rows].sort().join() !== [...down.rows].sort().join()) complain("a row was lost");
        const said = await tab.locator("[role=status]").textContent();
        if (!said.includes(wanted)) complain(`a screen reader hears "${said}"`);
      }));

    if (sorts) await check(`${page}: sorts numbers as numbers, what is not known last`, (complain) =>
      open(browser, page, { viewport: DESK }, complain, async (tab) => {
        for (const sign of [-1, 1]) {
          await tab.locator("table.sortable th button", { hasText: /^Score$/ }).first().click();
          const values = await tab.evaluate(() => {
            const header = [...document.querySelectorAll("table.sortable th")].find((th) => th.textContent.trim() === "Score");
            const rows = [...header.closest("table").tBodies[0].rows];
            return rows.map((row) => row.cells[header.cellIndex].getAttribute("data-value"));
          });
          const known = values.filter((value) => value !== null).map(Number);
          if (values.indexOf(null) !== -1 && values.indexOf(null) < known.length) complain(`unknown before known: ${values}`);
          if (known.some((value, at) => at > 0 && sign * (value - known[at - 1]) < 0)) complain(`not in order: ${values}`);
        }
      }));

    await check(`${page}: reads without JavaScript`, (complain) =>
      open(browser, page, { viewport: PHONE, javaScriptEnabled: false }, complain, async (tab) => {
        if (await tab.locator("button").count()) complain("a button that would do nothing");
        if (!(await tab.locator("h1").innerText()).trim()) complain("no heading");
        const rows = await tab.locator("table.cards tbody tr").all();
        for (const row of rows.slice(0, 5)) if (!(await row.isVisible())) complain("a row cannot be seen");
      }));

    await check(`${page}: prints`, (complain) =>
      open(browser, page, { viewport: SHEET, colorScheme: "dark" }, complain, async (tab) => {
        await tab.emulateMedia({ media: "print", colorScheme: "dark" });
        const seen = await tab.evaluate(() => ({
          wide: document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth,
          paper: getComputedStyle(document.body).backgroundColor,
          links: [...document.querySelectorAll(".here, .parts, .skip")].filter((element) => element.checkVisibility()).length,
          folded: [...document.querySelectorAll("details:not([open]) > :not(summary)")]
            .filter((element) => element.getBoundingClientRect().height === 0).length,
        }));
        if (seen.paper !== "rgb(255, 255, 255)") complain(`the paper is ${seen.paper}`);
        if (seen.wide > 0) complain(`${seen.wide} pixels are wider than the sheet`);
        if (seen.links) complain(`${seen.links} links are of no use on paper`);
        if (seen.folded) complain(`${seen.folded} parts stay folded on paper`);
        const pdf = await tab.pdf({ format: "A4" });
        if (!pdf.subarray(0, 5).equals(Buffer.from("%PDF-")) || pdf.length < 10_000) complain("no PDF");
      }));

    await check(`${page}: every place has one name, and every link a place`, (complain) =>
      open(browser, page, { viewport: DESK }, complain, async (tab) => {
        const found = await tab.evaluate(() => {
          const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
          const known = new Set(ids);
          const links = [...document.querySelectorAll("a")].map((link) => link.getAttribute("href"));
          const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((heading) => Number(heading.tagName[1]));
          return {
            doubled: ids.filter((id, at) => ids.indexOf(id) !== at),
            lost: links.filter((link) => !link.startsWith("#") || !known.has(decodeURIComponent(link.slice(1)))),
            skipped: levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1).length,
            first: levels.filter((level) => level === 1).length,
          };
        });
        found.doubled.forEach((id) => complain(`doubled: ${id}`));
        found.lost.forEach((link) => complain(`leads nowhere: ${link}`));
        if (found.skipped || found.first !== 1) complain(`headings: ${found.first} of the first level, ${found.skipped} skip one`);
      }));

    await check(`${page}: a link to a finding shows that finding`, async (complain) => {
      const names = [];
      await open(browser, page, { viewport: DESK }, complain, async (tab) => {
        names.push(...await tab.evaluate(() => [...document.querySelectorAll(".finding, .finding li[id]")].map((finding) => finding.id)));
      });
      for (const name of [names[0], names[names.length >> 1], names.at(-1)].filter(Boolean)) {
        await open(browser, page, { viewport: DESK }, complain, async (tab) => {
          const state = await tab.evaluate((id) => {
            const target = document.getElementById(id);
            const box = target.getBoundingClientRect();
            return { is: target.matches(":target"), outline: getComputedStyle(target).outlineStyle, top: box.top, height: innerHeight };
          }, name);
          if (!state.is || state.outline !== "solid") complain(`${name} is not marked`);
          if (state.top < -1 || state.top > state.height) complain(`${name} is not in sight: ${state.top}`);
        }, `#${name}`);
      }
    });

    await check(`${page}: a link to a rule unfolds it`, (complain) =>
      open(browser, page, { viewport: DESK }, complain, async (tab) => {
        const link = tab.locator(".why a").first();
        if (!(await link.count())) return;
        const name = (await link.getAttribute("href")).slice(1);
        await link.click();
        await tab.waitForFunction((id) => document.getElementById(id).closest("details").open, name, { timeout: 2000 });
      }));
  }

  await check("hostile.html: names of a plan are texts, and do nothing", (complain) =>
    open(browser, "hostile.html", { viewport: DESK }, complain, async (tab) => {
      const seen = await tab.evaluate(() => ({
        hacked: window.hacked,
        text: document.body.textContent + document.title,
        scripts: document.scripts.length,
        foreign: document.querySelectorAll("img, iframe, object, embed, form, input, link, base, video, audio, [style]").length,
        handlers: [...document.querySelectorAll("*")].flatMap((element) => element.getAttributeNames()).filter((name) => name.startsWith("on")),
      }));
      if (seen.hacked !== undefined) complain("something of the plan ran");
      if (seen.scripts !== 1) complain(`${seen.scripts} scripts`);
      if (seen.foreign) complain(`${seen.foreign} elements that are not ours`);
      seen.handlers.forEach((name) => complain(`an attribute ${name}`));
      for (const name of ["<script>alert('xss')</script>", "=cmd()", "](javascript:alert(1))", "\"><img src=x onerror=alert(1)>",
        "<img src=x onerror=window.hacked=1>", "<svg onload=alert(1)>", "</style><style>", "🚀🔥", "مبيعات المنطقة الشمالية"]) {
        if (!seen.text.includes(name)) complain(`not in the page: ${name}`);
      }
      const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.exec(seen.text);
      if (acting) complain(`U+${acting[0].codePointAt(0).toString(16)} is in the page`);
    }));
});

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
