// Pictures of a page as a reader sees it first: node pictures.mjs PAGE.html LOOK PICTURE.png, LOOK one of those below.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { withBrowser } from "./browser.mjs";

const LOOKS = {
  light: { viewport: { width: 1200, height: 1500 }, colorScheme: "light" },
  dark: { viewport: { width: 1200, height: 1500 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 1100 }, colorScheme: "light", deviceScaleFactor: 1.5 },
};

const [page, look, picture] = process.argv.slice(2);

await withBrowser(async (browser) => {
  const context = await browser.newContext(LOOKS[look]);
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(resolve(page)).href);
  await tab.screenshot({ path: picture });
});
