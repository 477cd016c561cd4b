// Pictures of pages: node pictures.mjs PAGE.html FOLDER, or what `pictures` does for the README.

import { pathToFileURL } from "node:url";
import { basename, join, resolve } from "node:path";
import { withBrowser } from "./browser.mjs";

const [page, folder, whole] = process.argv.slice(2);
const looks = {
  light: { viewport: { width: 1200, height: 1000 }, colorScheme: "light" },
  dark: { viewport: { width: 1200, height: 1000 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", deviceScaleFactor: 2 },
};

await withBrowser(async (browser) => {
  for (const [name, look] of Object.entries(looks)) {
    const context = await browser.newContext(look);
    const tab = await context.newPage();
    await tab.goto(pathToFileURL(resolve(page)).href);
    const file = `${basename(page, ".html")}-${name}.png`;
    await tab.screenshot({ path: join(folder, file), fullPage: whole === "whole" });
    await context.close();
  }
});
