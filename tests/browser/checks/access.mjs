// Signing in, and what every answer says about itself.

export async function access(site, report) {
  const page = await site.open({ stranger: true });
  await page.goto("/sign-in");
  report.check("the sign-in page puts the cursor into the name", await page.evaluate(() => document.activeElement?.id === "name"));
  await site.signIn(page, "wrong");
  report.check("a wrong password is refused with a cure", (await page.locator("[role=alert]").count()) === 1, page.url());
  await site.signIn(page);
  await page.waitForSelector("nav a[aria-current]");
  report.check("a right one leads to Today", new URL(page.url()).pathname === "/today", page.url());
  site.state = await page.context().storageState();

  const answer = await page.goto("/today");
  const headers = answer.headers();
  const policy = headers["content-security-policy"] ?? "";
  report.check("the policy allows nothing inline", policy.includes("default-src 'none'") && !policy.includes("unsafe"), policy);
  report.check("no cache keeps a page", (headers["cache-control"] ?? "").includes("no-store"), headers["cache-control"]);
  const missing = await page.goto("/no-such-page");
  report.check("an unknown address is a 404 with a way on", missing.status() === 404 && (await page.locator("main a.primary").count()) === 1, String(missing.status()));
  await page.context().close();
}
